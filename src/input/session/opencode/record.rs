//! The records of OpenCode: a session's facts, a message, a part. Fields are borrowed from the bytes; a field of the
//! wrong type is lost, the record is not.
//!
//! Shapes are those of `packages/opencode/src/session/message-v2.ts` and `session.sql.ts` of anomalyco/opencode, versions
//! 0.3 to 1.18; the same JSON stands in an export, in the `data` columns of the store, and in the files of the older
//! folder store.

use crate::input::skim::fields::text_field;
use crate::input::skim::{Cursor, Kind, Raw, Step};
use crate::model::moment::Moment;

/// The last millisecond of the year 9999: what lies behind it is no time.
const LATEST: f64 = 253_402_300_799_999.0;

/// Facts about a session: `info` of an export, a row of `session`, a file of `storage/session`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Info {
    pub(super) id: Option<String>,
    /// The session whose `task` call made this one.
    pub(super) parent: Option<String>,
    pub(super) directory: Option<String>,
    pub(super) created: Option<Moment>,
    /// From this message on the user has taken everything back.
    pub(super) reverted_message: Option<String>,
    /// And inside that message from this part on.
    pub(super) reverted_part: Option<String>,
    /// It has what every session has beside its identifier.
    pub(super) is_session: bool,
}

impl Info {
    /// Reads the facts, as far as the bytes go: the beginning of a file may end inside of them.
    pub(super) fn read(bytes: &[u8]) -> Info {
        let mut info = Info::default();
        let mut cursor = Cursor::new(bytes);
        if cursor.kind() != Ok(Kind::Object) {
            return info;
        }
        let (mut known, mut placed) = (false, false);
        let _ = cursor.object(|cursor, key| {
            match key.plain().as_ref() {
                b"id" => info.id = owned(cursor)?,
                b"parentID" => info.parent = owned(cursor)?,
                b"directory" => info.directory = owned(cursor)?,
                b"projectID" => placed |= cursor.string_or_skip()?.is_some(),
                b"title" | b"version" | b"slug" => known |= cursor.string_or_skip()?.is_some(),
                b"time" => info.created = Times::read(cursor)?.created,
                b"revert" => info.read_revert(cursor.skip()?),
                _ => {}
            }
            Ok(())
        });
        info.is_session = info.id.is_some() && known && (placed || info.directory.is_some() || info.created.is_some());
        info
    }

    /// Takes in `revert`: `{messageID, partID?, snapshot?, diff?}`.
    pub(super) fn read_revert(&mut self, bytes: &[u8]) {
        self.reverted_message = text_field(bytes, "messageID").map(|raw| raw.text().into_owned());
        self.reverted_part = text_field(bytes, "partID").map(|raw| raw.text().into_owned());
    }
}

/// The members of any `time`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Times {
    pub(super) created: Option<Moment>,
    pub(super) completed: Option<Moment>,
    pub(super) start: Option<Moment>,
    pub(super) end: Option<Moment>,
}

impl Times {
    fn read(cursor: &mut Cursor<'_>) -> Step<Times> {
        let mut times = Times::default();
        if cursor.kind()? != Kind::Object {
            cursor.skip()?;
            return Ok(times);
        }
        cursor.object(|cursor, key| {
            let slot = match key.plain().as_ref() {
                b"created" => &mut times.created,
                b"completed" => &mut times.completed,
                b"start" => &mut times.start,
                b"end" => &mut times.end,
                _ => return Ok(()),
            };
            *slot = cursor.number_or_skip()?.and_then(moment);
            Ok(())
        })?;
        Ok(times)
    }
}

/// Milliseconds since 1970 as a moment, where they are one.
pub(super) fn moment(milliseconds: f64) -> Option<Moment> {
    (milliseconds > 0.0 && milliseconds <= LATEST).then_some(Moment(milliseconds as i64))
}

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Role {
    User,
    Assistant,
    #[default]
    Other,
}

/// The facts of a message, without its parts.
#[derive(Debug, Clone, Default)]
pub(super) struct Message<'a> {
    pub(super) id: Option<Raw<'a>>,
    pub(super) role: Role,
    pub(super) time: Times,
    /// An assistant message that sums up what was said before. A user message has an object here, which is none.
    pub(super) summary: bool,
    pub(super) finish: Option<Raw<'a>>,
    /// `error.name`.
    pub(super) error: Option<Raw<'a>>,
    /// `path.cwd`.
    pub(super) cwd: Option<Raw<'a>>,
}

impl<'a> Message<'a> {
    /// Reads `info` of an export's message, or `data` of the store's.
    pub(super) fn read(bytes: &'a [u8]) -> Step<Message<'a>> {
        let mut message = Message::default();
        let mut cursor = Cursor::new(bytes);
        if cursor.kind()? != Kind::Object {
            return Err(crate::input::skim::Broken(0));
        }
        cursor.object(|cursor, key| {
            match key.plain().as_ref() {
                b"id" => message.id = cursor.string_or_skip()?,
                b"role" => message.role = cursor.string_or_skip()?.map(role).unwrap_or_default(),
                b"time" => message.time = Times::read(cursor)?,
                b"summary" => message.summary = cursor.bool_or_skip()? == Some(true),
                // Until 0.15 a compaction was told by the mode alone.
                b"mode" | b"agent" => message.summary |= cursor.string_or_skip()?.is_some_and(|word| word.is("compaction")),
                b"finish" => message.finish = cursor.string_or_skip()?,
                b"error" => message.error = text_field(cursor.skip()?, "name"),
                b"path" => message.cwd = text_field(cursor.skip()?, "cwd"),
                _ => {}
            }
            Ok(())
        })?;
        Ok(message)
    }
}

fn role(word: Raw<'_>) -> Role {
    match word.plain().as_ref() {
        b"user" => Role::User,
        b"assistant" => Role::Assistant,
        _ => Role::Other,
    }
}

/// The kinds of part that matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum PartKind {
    Text,
    Tool,
    StepStart,
    StepFinish,
    /// Something that only a human puts into a message: a file, a mention of an agent, a command that runs one.
    Attached,
    #[default]
    Other,
}

/// One part of a message.
#[derive(Debug, Clone, Default)]
pub(super) struct Part<'a> {
    pub(super) id: Option<Raw<'a>>,
    pub(super) kind: PartKind,
    pub(super) text: Option<Raw<'a>>,
    /// The program put this text there, not who the role says.
    pub(super) synthetic: bool,
    pub(super) time: Times,
    pub(super) tool: Option<Raw<'a>>,
    /// Why a step ended.
    pub(super) reason: Option<Raw<'a>>,
    pub(super) state: State<'a>,
}

/// The state of a tool's call: `pending`, `running`, `completed` or `error`.
#[derive(Debug, Clone, Default)]
pub(super) struct State<'a> {
    pub(super) status: Option<Raw<'a>>,
    /// The raw JSON of `input`.
    pub(super) input: &'a [u8],
    /// The raw JSON of `metadata`.
    pub(super) metadata: &'a [u8],
    pub(super) output: Option<Raw<'a>>,
    pub(super) error: Option<Raw<'a>>,
    pub(super) time: Times,
}

impl<'a> Part<'a> {
    /// Reads a part.
    pub(super) fn read(bytes: &'a [u8]) -> Step<Part<'a>> {
        let mut part = Part::default();
        let mut cursor = Cursor::new(bytes);
        if cursor.kind()? != Kind::Object {
            return Err(crate::input::skim::Broken(0));
        }
        cursor.object(|cursor, key| {
            match key.plain().as_ref() {
                b"id" => part.id = cursor.string_or_skip()?,
                b"type" => part.kind = cursor.string_or_skip()?.map(kind).unwrap_or_default(),
                b"text" => part.text = cursor.string_or_skip()?,
                b"synthetic" | b"ignored" => part.synthetic |= cursor.bool_or_skip()? == Some(true),
                b"time" => part.time = Times::read(cursor)?,
                b"tool" => part.tool = cursor.string_or_skip()?,
                b"reason" => part.reason = cursor.string_or_skip()?,
                b"state" => part.state = State::read(cursor)?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(part)
    }
}

fn kind(word: Raw<'_>) -> PartKind {
    match word.plain().as_ref() {
        b"text" => PartKind::Text,
        b"tool" => PartKind::Tool,
        b"step-start" => PartKind::StepStart,
        b"step-finish" => PartKind::StepFinish,
        b"file" | b"agent" | b"subtask" => PartKind::Attached,
        _ => PartKind::Other,
    }
}

impl<'a> State<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Step<State<'a>> {
        let mut state = State::default();
        if cursor.kind()? != Kind::Object {
            cursor.skip()?;
            return Ok(state);
        }
        cursor.object(|cursor, key| {
            match key.plain().as_ref() {
                b"status" => state.status = cursor.string_or_skip()?,
                b"input" => state.input = cursor.skip()?,
                b"metadata" => state.metadata = cursor.skip()?,
                b"output" => state.output = cursor.string_or_skip()?,
                b"error" => state.error = cursor.string_or_skip()?,
                b"time" => state.time = Times::read(cursor)?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(state)
    }

    /// Whether the status is this word.
    pub(super) fn is(&self, word: &str) -> bool {
        self.status.is_some_and(|status| status.is(word))
    }
}

fn owned(cursor: &mut Cursor<'_>) -> Step<Option<String>> {
    Ok(cursor.string_or_skip()?.map(|raw| raw.text().into_owned()))
}
