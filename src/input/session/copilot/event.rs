//! One event of a log: the fields that paralint looks at, borrowed from the line.
//!
//! The names are those of the events' schema in GitHub's own SDK (github/copilot-sdk, nodejs/src/generated/session-events.ts).

use crate::input::skim::fields::{as_text, field, text_field};
use crate::input::skim::{Cursor, Kind, Raw, Step};
use std::borrow::Cow;

/// The kinds of event that matter; every other type is read over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum EventKind {
    /// `session.start`: a process opens the session.
    Start,
    /// `session.resume`: another process opens it again.
    Resume,
    /// `session.shutdown`: the process that held it ends.
    Shutdown,
    /// `session.context_changed`: the working folder is another one.
    Context,
    UserMessage,
    TurnStart,
    TurnEnd,
    AssistantMessage,
    ToolStart,
    ToolComplete,
    /// `tool.user_requested`: the human runs a tool, not the assistant.
    UserTool,
    SubagentStarted,
    SubagentCompleted,
    SubagentFailed,
    Abort,
    #[default]
    Other,
}

/// The first words of every type of event that is known.
const FAMILIES: [&str; 19] = [
    "session.",
    "user.",
    "assistant.",
    "tool.",
    "subagent.",
    "hook.",
    "skill.",
    "system.",
    "model.",
    "permission.",
    "external_tool.",
    "user_input.",
    "elicitation.",
    "command.",
    "mcp.",
    "pending_messages.",
    "tool_search.",
    "capabilities.",
    "sampling.",
];

/// The fields of one event. Keys come in any order, so all are collected before any is judged.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Event<'a> {
    pub(super) kind: EventKind,
    /// It has a `type`.
    pub(super) has_type: bool,
    /// The type is one of those that Copilot writes.
    pub(super) known: bool,
    pub(super) id: Option<Raw<'a>>,
    pub(super) timestamp: Option<Raw<'a>>,
    /// The agent that it comes from; absent for the main thread.
    pub(super) agent_id: Option<Raw<'a>>,
    /// The raw JSON of `data`, where that is an object.
    pub(super) data: Option<&'a [u8]>,
    /// A key stood there twice; the last one wins.
    pub(super) repeated_key: bool,
}

impl<'a> Event<'a> {
    /// Reads one object. A field of the wrong type is lost, the event is not.
    pub(super) fn read(cursor: &mut Cursor<'a>) -> Step<Event<'a>> {
        let mut event = Event::default();
        let mut seen = 0u8;
        cursor.object(|cursor, key| {
            let bit = match key.plain().as_ref() {
                b"type" => {
                    let word = cursor.string_or_skip()?;
                    event.has_type = word.is_some();
                    (event.kind, event.known) = word.map(kind_of).unwrap_or_default();
                    0
                }
                b"id" => text(&mut event.id, cursor, 1)?,
                b"timestamp" => text(&mut event.timestamp, cursor, 2)?,
                b"agentId" => text(&mut event.agent_id, cursor, 3)?,
                b"data" => {
                    let is_object = cursor.kind()? == Kind::Object;
                    event.data = Some(cursor.skip()?).filter(|_| is_object);
                    4
                }
                _ => return Ok(()),
            };
            event.repeated_key |= seen >> bit & 1 == 1;
            seen |= 1 << bit;
            Ok(())
        })?;
        Ok(event)
    }

    /// Whether this is an event of Copilot for sure: of a known type, with a payload, and with an identity or a time.
    pub(super) fn is_certain(&self) -> bool {
        self.known && self.data.is_some() && (self.id.is_some() || self.timestamp.is_some())
    }
}

impl Event<'_> {
    /// Whether a file with this event is a log of Copilot: other programs have events of their own that are named alike.
    pub(super) fn is_telling(&self) -> bool {
        self.is_certain() && !matches!(self.kind, EventKind::Other | EventKind::Abort)
    }
}

fn text<'a>(field: &mut Option<Raw<'a>>, cursor: &mut Cursor<'a>, bit: u8) -> Step<u8> {
    *field = cursor.string_or_skip()?;
    Ok(bit)
}

fn kind_of(word: Raw<'_>) -> (EventKind, bool) {
    let word = word.text();
    let kind = match word.as_ref() {
        "session.start" => EventKind::Start,
        "session.resume" => EventKind::Resume,
        "session.shutdown" => EventKind::Shutdown,
        "session.context_changed" => EventKind::Context,
        "user.message" => EventKind::UserMessage,
        "assistant.turn_start" => EventKind::TurnStart,
        "assistant.turn_end" => EventKind::TurnEnd,
        "assistant.message" => EventKind::AssistantMessage,
        "tool.execution_start" => EventKind::ToolStart,
        "tool.execution_complete" => EventKind::ToolComplete,
        "tool.user_requested" => EventKind::UserTool,
        "subagent.started" => EventKind::SubagentStarted,
        "subagent.completed" => EventKind::SubagentCompleted,
        "subagent.failed" => EventKind::SubagentFailed,
        "abort" => EventKind::Abort,
        _ => EventKind::Other,
    };
    (kind, kind != EventKind::Other || FAMILIES.iter().any(|family| word.starts_with(family)))
}

/// The payload of an event: the fields of all kinds that matter, each where its event has it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Data<'a> {
    pub(super) session_id: Option<Raw<'a>>,
    pub(super) cwd: Option<Raw<'a>>,
    pub(super) content: Option<Raw<'a>>,
    /// Where a user message comes from, when not from a human.
    pub(super) source: Option<Raw<'a>>,
    /// The autopilot told the model to go on.
    pub(super) autopilot: bool,
    pub(super) message_id: Option<Raw<'a>>,
    /// The model's response, shared by all messages that it was cut into.
    pub(super) api_call_id: Option<Raw<'a>>,
    /// The raw JSON of `toolRequests`.
    pub(super) requests: Option<&'a [u8]>,
    /// The call whose agent this event comes from (in versions without `agentId`).
    pub(super) parent_call: Option<Raw<'a>>,
    pub(super) call: Option<Raw<'a>>,
    pub(super) tool: Option<Raw<'a>>,
    /// The raw JSON of `arguments`.
    pub(super) arguments: Option<&'a [u8]>,
    pub(super) success: Option<bool>,
    /// The raw JSON of `result`.
    pub(super) result: Option<&'a [u8]>,
    /// The raw JSON of `error`.
    pub(super) error: Option<&'a [u8]>,
    pub(super) user_requested: bool,
    pub(super) agent_name: Option<Raw<'a>>,
    pub(super) agent_description: Option<Raw<'a>>,
    pub(super) execution_mode: Option<Raw<'a>>,
    /// The agent that started this one.
    pub(super) parent_agent: Option<Raw<'a>>,
    pub(super) duration: Option<f64>,
    pub(super) tool_calls: Option<f64>,
    pub(super) cancelled: bool,
}

impl<'a> Data<'a> {
    /// Reads a payload. What is broken inside loses the fields behind it.
    pub(super) fn read(bytes: &'a [u8]) -> Data<'a> {
        let mut data = Data::default();
        let _ = Cursor::new(bytes).object(|cursor, key| {
            match key.plain().as_ref() {
                b"sessionId" => data.session_id = cursor.string_or_skip()?,
                b"cwd" => data.cwd = cursor.string_or_skip()?,
                b"context" => data.cwd = text_field(cursor.skip()?, "cwd").or(data.cwd),
                b"content" => data.content = cursor.string_or_skip()?,
                b"source" => data.source = cursor.string_or_skip()?,
                b"isAutopilotContinuation" => data.autopilot = cursor.bool_or_skip()? == Some(true),
                b"messageId" => data.message_id = cursor.string_or_skip()?,
                b"apiCallId" => data.api_call_id = cursor.string_or_skip()?,
                b"toolRequests" => data.requests = Some(cursor.skip()?),
                b"parentToolCallId" => data.parent_call = cursor.string_or_skip()?,
                b"toolCallId" => data.call = cursor.string_or_skip()?,
                b"toolName" => data.tool = cursor.string_or_skip()?,
                b"arguments" => data.arguments = Some(cursor.skip()?),
                b"success" => data.success = cursor.bool_or_skip()?,
                b"result" => data.result = Some(cursor.skip()?),
                b"error" => data.error = Some(cursor.skip()?),
                b"isUserRequested" => data.user_requested = cursor.bool_or_skip()? == Some(true),
                b"agentName" => data.agent_name = cursor.string_or_skip()?,
                b"agentDescription" => data.agent_description = cursor.string_or_skip()?,
                b"executionMode" => data.execution_mode = cursor.string_or_skip()?,
                b"parentId" => data.parent_agent = cursor.string_or_skip()?,
                b"durationMs" => data.duration = cursor.number_or_skip()?,
                b"totalToolCalls" => data.tool_calls = cursor.number_or_skip()?,
                b"cancelled" => data.cancelled = cursor.bool_or_skip()? == Some(true),
                _ => {}
            }
            Ok(())
        });
        data
    }
}

/// A tool that a message of the assistant asks for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Request<'a> {
    pub(super) call: Option<Raw<'a>>,
    pub(super) tool: Option<Raw<'a>>,
    /// The raw JSON of `arguments`.
    pub(super) arguments: Option<&'a [u8]>,
}

/// Shows `each` the requests of a message.
pub(super) fn each_request<'a>(requests: &'a [u8], mut each: impl FnMut(Request<'a>)) {
    let mut cursor = Cursor::new(requests);
    if cursor.kind() != Ok(Kind::Array) {
        return;
    }
    let _ = cursor.array(|cursor| {
        if cursor.kind()? != Kind::Object {
            return Ok(());
        }
        let mut request = Request::default();
        cursor.object(|cursor, key| {
            match key.plain().as_ref() {
                b"toolCallId" => request.call = cursor.string_or_skip()?,
                b"name" => request.tool = cursor.string_or_skip()?,
                b"arguments" => request.arguments = Some(cursor.skip()?),
                _ => {}
            }
            Ok(())
        })?;
        each(request);
        Ok(())
    });
}

/// The arguments of a call. Older versions write them as a string that holds the JSON; a patch is a string that is no JSON.
#[derive(Debug, Clone)]
pub(super) enum Arguments<'a> {
    /// The raw JSON of an object.
    Object(Cow<'a, [u8]>),
    /// A text, such as a patch.
    Text(Cow<'a, str>),
}

impl<'a> Arguments<'a> {
    pub(super) fn read(raw: Option<&'a [u8]>) -> Arguments<'a> {
        let raw = raw.unwrap_or(b"{}");
        match as_text(raw).map(Raw::text) {
            Some(text) if text.trim_start().starts_with('{') => Arguments::Object(Cow::Owned(text.into_owned().into_bytes())),
            Some(text) => Arguments::Text(text),
            None => Arguments::Object(Cow::Borrowed(raw)),
        }
    }

    /// The text of one key.
    pub(super) fn text(&self, key: &str) -> Option<Cow<'_, str>> {
        match self {
            Arguments::Object(object) => text_field(object, key).map(Raw::text),
            Arguments::Text(_) => None,
        }
    }

    /// Whether one key is `true`.
    pub(super) fn is_true(&self, key: &str) -> bool {
        matches!(self, Arguments::Object(object) if field(object, key) == Some(b"true"))
    }
}
