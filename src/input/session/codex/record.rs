//! One line of a rollout: the fields that paralint looks at, borrowed from the line.
//!
//! Since September 2025 (0.3x) a line is `{timestamp, type, payload}`, lately with an `ordinal`; before, a header without a
//! type was followed by bare response items. Both come out as one `Line`: the fields of a bare item are its payload's.
//! Source: openai/codex, codex-rs/protocol/src/protocol.rs (`RolloutLine`, `RolloutItem`), models.rs (`ResponseItem`).

use crate::input::skim::fields::as_text;
use crate::input::skim::{Cursor, Kind, Raw, Step};

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum LineKind {
    /// `session_meta`: whose rollout this is. Copied history brings the parent's along.
    SessionMeta,
    /// `turn_context`: the settings with which a turn begins.
    TurnContext,
    /// `response_item`: what went to the model or came from it.
    ResponseItem,
    /// `event_msg`: what the program showed.
    Event,
    /// `inter_agent_communication`, `inter_agent_communication_metadata`: mail between agents; never copied.
    Mail,
    /// The header of a rollout of before September 2025.
    BareHeader,
    /// Compaction, world state, usage, and whatever comes next.
    #[default]
    Other,
}

/// The keys that are looked at, in a line, its payload, or an item in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Action,
    AgentNickname,
    AgentPath,
    AgentRole,
    AgentStatuses,
    AgentThreadId,
    AgentsStates,
    AggregatedOutput,
    Arguments,
    Author,
    CallId,
    Changes,
    Command,
    Content,
    Cwd,
    EventId,
    ExitCode,
    ForkedFrom,
    HistoryStart,
    Id,
    Input,
    Instructions,
    Item,
    Kind,
    LastAgentMessage,
    Message,
    Name,
    Namespace,
    NewThreadId,
    OccurredAt,
    Ordinal,
    Output,
    ParentThreadId,
    Payload,
    Phase,
    Reason,
    ReceiverThreadId,
    ReceiverThreadIds,
    Recipient,
    RecordType,
    Role,
    Source,
    StartedAt,
    Status,
    Statuses,
    Stdout,
    Success,
    Timestamp,
    Tool,
    TurnId,
    Type,
}

const KEYS: usize = Key::Type as usize + 1;

fn key_of(name: &[u8]) -> Option<Key> {
    Some(match name {
        b"action" => Key::Action,
        b"agent_nickname" => Key::AgentNickname,
        b"agent_path" => Key::AgentPath,
        b"agent_role" => Key::AgentRole,
        b"agent_statuses" => Key::AgentStatuses,
        b"agent_thread_id" => Key::AgentThreadId,
        b"agents_states" => Key::AgentsStates,
        b"aggregated_output" => Key::AggregatedOutput,
        b"arguments" => Key::Arguments,
        b"author" => Key::Author,
        b"call_id" => Key::CallId,
        b"changes" => Key::Changes,
        b"command" => Key::Command,
        b"content" => Key::Content,
        b"cwd" => Key::Cwd,
        b"event_id" => Key::EventId,
        b"exit_code" => Key::ExitCode,
        b"forked_from_id" => Key::ForkedFrom,
        b"subagent_history_start_ordinal" => Key::HistoryStart,
        b"id" => Key::Id,
        b"input" => Key::Input,
        b"instructions" => Key::Instructions,
        b"item" => Key::Item,
        b"kind" => Key::Kind,
        b"last_agent_message" => Key::LastAgentMessage,
        b"message" => Key::Message,
        b"name" => Key::Name,
        b"namespace" => Key::Namespace,
        b"new_thread_id" => Key::NewThreadId,
        b"occurred_at_ms" => Key::OccurredAt,
        b"ordinal" => Key::Ordinal,
        b"output" => Key::Output,
        b"parent_thread_id" => Key::ParentThreadId,
        b"payload" => Key::Payload,
        b"phase" => Key::Phase,
        b"reason" => Key::Reason,
        b"receiver_thread_id" => Key::ReceiverThreadId,
        b"receiver_thread_ids" => Key::ReceiverThreadIds,
        b"recipient" => Key::Recipient,
        b"record_type" => Key::RecordType,
        b"role" => Key::Role,
        b"source" => Key::Source,
        b"started_at" => Key::StartedAt,
        b"status" => Key::Status,
        b"statuses" => Key::Statuses,
        b"stdout" => Key::Stdout,
        b"success" => Key::Success,
        b"timestamp" => Key::Timestamp,
        b"tool" => Key::Tool,
        b"turn_id" => Key::TurnId,
        b"type" => Key::Type,
        _ => return None,
    })
}

/// The known fields of one object, each as the JSON that stands there. Of a repeated key the last value counts.
#[derive(Debug, Clone)]
pub(super) struct Fields<'a> {
    values: [Option<&'a [u8]>; KEYS],
    repeated: bool,
}

impl Default for Fields<'_> {
    fn default() -> Self {
        Fields { values: [None; KEYS], repeated: false }
    }
}

impl<'a> Fields<'a> {
    /// Reads the object that comes next.
    fn read(cursor: &mut Cursor<'a>) -> Step<Fields<'a>> {
        let mut fields = Fields::default();
        cursor.object(|cursor, key| {
            let Some(key) = key_of(&key.plain()) else { return Ok(()) };
            let value = cursor.skip()?;
            fields.put(key, value);
            Ok(())
        })?;
        Ok(fields)
    }

    fn put(&mut self, key: Key, json: &'a [u8]) {
        let slot = &mut self.values[key as usize];
        self.repeated |= slot.is_some();
        *slot = Some(json);
    }

    /// The fields of an object; none where `json` is none, or broken.
    pub(super) fn of(json: &'a [u8]) -> Fields<'a> {
        let mut cursor = Cursor::new(json);
        match cursor.kind() {
            Ok(Kind::Object) => Fields::read(&mut cursor).unwrap_or_default(),
            _ => Fields::default(),
        }
    }

    /// The JSON of a value that is not `null`.
    pub(super) fn json(&self, key: Key) -> Option<&'a [u8]> {
        self.values[key as usize].filter(|json| *json != b"null")
    }

    /// A string; a value of another type is lost.
    pub(super) fn text(&self, key: Key) -> Option<Raw<'a>> {
        self.json(key).and_then(as_text)
    }

    /// A string that is kept.
    pub(super) fn word(&self, key: Key) -> Option<String> {
        self.text(key).map(|raw| raw.text().into_owned())
    }

    /// Whether a string has this value.
    pub(super) fn is(&self, key: Key, value: &str) -> bool {
        self.text(key).is_some_and(|raw| raw.is(value))
    }

    /// A number.
    pub(super) fn number(&self, key: Key) -> Option<f64> {
        Cursor::new(self.json(key)?).number_or_skip().ok().flatten()
    }

    /// A truth value.
    pub(super) fn flag(&self, key: Key) -> Option<bool> {
        match self.json(key)? {
            b"true" => Some(true),
            b"false" => Some(false),
            _ => None,
        }
    }
}

/// One line.
#[derive(Debug, Clone, Default)]
pub(super) struct Line<'a> {
    pub(super) kind: LineKind,
    pub(super) timestamp: Option<Raw<'a>>,
    /// The place in the thread's history, where the line gives one (mid-2026).
    pub(super) ordinal: Option<f64>,
    pub(super) payload: Fields<'a>,
    /// The line looks like one of a rollout.
    pub(super) believable: bool,
    /// A key stood there twice.
    pub(super) repeated_key: bool,
}

impl<'a> Line<'a> {
    /// Reads one object. A field of the wrong type is lost, the line is not.
    pub(super) fn read(cursor: &mut Cursor<'a>) -> Step<Line<'a>> {
        let mut outer = Fields::default();
        let mut inner = None;
        cursor.object(|cursor, key| {
            let Some(key) = key_of(&key.plain()) else { return Ok(()) };
            // The program writes the type first, so the payload is entered at once and read but one time.
            if key == Key::Payload && inner.is_none() && is_of_interest(&outer) && cursor.kind()? == Kind::Object {
                inner = Some(Fields::read(cursor)?);
                return Ok(());
            }
            let value = cursor.skip()?;
            outer.put(key, value);
            Ok(())
        })?;
        Ok(Line::assembled(outer, inner))
    }

    /// Whether this is surely a line of a rollout, and of no other program's log.
    pub(super) fn is_a_rollout_s(&self) -> bool {
        let payload = &self.payload;
        self.believable
            && match self.kind {
                LineKind::SessionMeta => payload.text(Key::Id).is_some(),
                LineKind::ResponseItem | LineKind::Event => payload.text(Key::Type).is_some(),
                LineKind::TurnContext => payload.text(Key::Cwd).is_some(),
                LineKind::BareHeader | LineKind::Mail => true,
                LineKind::Other => false,
            }
    }

    fn assembled(outer: Fields<'a>, inner: Option<Fields<'a>>) -> Line<'a> {
        let late = || outer.json(Key::Payload).filter(|json| json.starts_with(b"{"));
        let enveloped = inner.is_some() || late().is_some();
        let kind = if enveloped { kind_of(&outer) } else { bare_kind(&outer) };
        let inner = inner.or_else(|| late().filter(|_| kind != LineKind::Other).map(Fields::of));
        let (timestamp, ordinal) = (outer.text(Key::Timestamp), outer.number(Key::Ordinal));
        let believable = match (enveloped, kind) {
            (true, LineKind::Other) => timestamp.is_some() && outer.text(Key::Type).is_some(),
            (false, LineKind::Other) => outer.is(Key::RecordType, "state"),
            _ => true,
        };
        let repeated_key = outer.repeated || inner.as_ref().is_some_and(|inner| inner.repeated);
        let payload = if enveloped { inner.unwrap_or_default() } else { outer };
        Line { kind, timestamp, ordinal, payload, believable, repeated_key }
    }
}

fn is_of_interest(outer: &Fields<'_>) -> bool {
    kind_of(outer) != LineKind::Other
}

fn kind_of(outer: &Fields<'_>) -> LineKind {
    match outer.text(Key::Type).map(Raw::plain).as_deref() {
        Some(b"session_meta") => LineKind::SessionMeta,
        Some(b"turn_context") => LineKind::TurnContext,
        Some(b"response_item") => LineKind::ResponseItem,
        Some(b"event_msg") => LineKind::Event,
        Some(b"inter_agent_communication" | b"inter_agent_communication_metadata") => LineKind::Mail,
        _ => LineKind::Other,
    }
}

/// What a line without an envelope is: the header or a response item, as they were written until September 2025.
fn bare_kind(outer: &Fields<'_>) -> LineKind {
    let Some(word) = outer.text(Key::Type) else {
        let named = outer.text(Key::Id).is_some() && outer.text(Key::Timestamp).is_some();
        return if named && outer.values[Key::Instructions as usize].is_some() { LineKind::BareHeader } else { LineKind::Other };
    };
    let item = match word.plain().as_ref() {
        b"message" => outer.text(Key::Role).is_some() && outer.json(Key::Content).is_some_and(holds_response_text),
        b"function_call" | b"custom_tool_call" => outer.text(Key::CallId).is_some() && outer.text(Key::Name).is_some(),
        b"function_call_output" | b"custom_tool_call_output" => outer.text(Key::CallId).is_some() && outer.json(Key::Output).is_some(),
        b"local_shell_call" => outer.json(Key::Action).is_some(),
        _ => false,
    };
    if item { LineKind::ResponseItem } else { LineKind::Other }
}

/// The names that the Responses API gives its texts, which no other log uses.
fn holds_response_text(content: &[u8]) -> bool {
    content.starts_with(b"[")
        && [&b"\"input_text\""[..], b"\"output_text\""].iter().any(|name| memchr::memmem::find(content, name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Line<'_> {
        Line::read(&mut Cursor::new(text.as_bytes())).unwrap()
    }

    #[test]
    fn both_ages_of_a_line_come_out_alike() {
        let new = line(
            r#"{"timestamp":"2026-03-01T10:00:00.000Z","type":"response_item","payload":{"type":"message","role":"user","content":[]}}"#,
        );
        let old = line(r#"{"type":"message","role":"user","content":[{"type":"input_text","text":"x"}]}"#);
        for line in [&new, &old] {
            assert!(line.believable);
            assert_eq!(line.kind, LineKind::ResponseItem);
            assert!(line.payload.is(Key::Type, "message") && line.payload.is(Key::Role, "user"));
        }
        assert!(new.timestamp.is_some() && old.timestamp.is_none());
        assert_eq!(line(r#"{"id":"a","timestamp":"t","instructions":null}"#).kind, LineKind::BareHeader);
    }

    #[test]
    fn other_peoples_lines_are_not_believed() {
        for text in [
            r#"{"type":"user","uuid":"1","sessionId":"2","message":{"role":"user","content":"x"}}"#,
            r#"{"type":"session.start","id":"1","timestamp":"t","data":{}}"#,
            r#"{"type":"message","role":"user","content":"x"}"#,
            r#"{"id":"a","timestamp":"t"}"#,
            "{}",
        ] {
            assert!(!line(text).believable, "{text}");
        }
    }

    #[test]
    fn a_value_of_another_type_is_lost_alone() {
        let line =
            line(r#"{"timestamp":7,"type":"event_msg","payload":{"type":"task_started","turn_id":[1],"started_at":"x","success":"true"}}"#);
        assert!(line.timestamp.is_none() && line.believable);
        assert_eq!(
            (line.payload.word(Key::TurnId), line.payload.number(Key::StartedAt), line.payload.flag(Key::Success)),
            (None, None, None)
        );
    }

    #[test]
    fn the_last_of_two_keys_counts() {
        let line = line(r#"{"type":"event_msg","payload":{"type":"a","type":"task_complete"}}"#);
        assert!(line.repeated_key && line.payload.is(Key::Type, "task_complete"));
    }
}
