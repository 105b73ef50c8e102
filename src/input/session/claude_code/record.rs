//! One record of a Claude Code log: the fields that paralint looks at, borrowed from the line.

use crate::input::skim::{Cursor, Kind, Raw, Step};

/// The kinds of record that matter; every other type is read over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum RecordKind {
    User,
    Assistant,
    System,
    Progress,
    QueueOperation,
    Attachment,
    #[default]
    Other,
}

/// The fields of one record. Keys come in any order, so all are collected before any is judged.
#[derive(Debug, Clone, Default)]
pub(super) struct Record<'a> {
    pub(super) kind: RecordKind,
    pub(super) has_type: bool,
    pub(super) uuid: Option<Raw<'a>>,
    pub(super) parent_uuid: Option<Raw<'a>>,
    pub(super) timestamp: Option<Raw<'a>>,
    pub(super) session_id: Option<Raw<'a>>,
    pub(super) request_id: Option<Raw<'a>>,
    pub(super) agent_id: Option<Raw<'a>>,
    pub(super) cwd: Option<Raw<'a>>,
    pub(super) subtype: Option<Raw<'a>>,
    pub(super) parent_tool_use: Option<Raw<'a>>,
    pub(super) sidechain: bool,
    pub(super) meta: bool,
    pub(super) compact_summary: bool,
    pub(super) transcript_only: bool,
    pub(super) copied: bool,
    pub(super) message: Message<'a>,
    /// The raw JSON of `toolUseResult`.
    pub(super) result: Option<&'a [u8]>,
    /// `content` of a queue-operation or a system record.
    pub(super) content: Option<Raw<'a>>,
    /// The raw JSON of `attachment`.
    pub(super) attachment: Option<&'a [u8]>,
    /// The raw JSON of `data`, of a progress record.
    pub(super) data: Option<&'a [u8]>,
    /// A key stood there twice; the last one wins.
    pub(super) repeated_key: bool,
}

/// The `message` of a user or assistant record.
#[derive(Debug, Clone, Default)]
pub(super) struct Message<'a> {
    pub(super) id: Option<Raw<'a>>,
    pub(super) stop_reason: Option<Raw<'a>>,
    /// `content` where it is one string.
    pub(super) text: Option<Raw<'a>>,
    pub(super) first: Option<Block<'a>>,
    pub(super) more: Vec<Block<'a>>,
}

impl<'a> Message<'a> {
    /// The content blocks in order.
    pub(super) fn blocks(&self) -> impl Iterator<Item = &Block<'a>> {
        self.first.iter().chain(&self.more)
    }
}

/// The kinds of content block that matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum BlockKind {
    Text,
    ToolUse,
    ToolResult,
    /// Something that a human attached.
    Attached,
    #[default]
    Other,
}

fn block_kind(word: Raw<'_>) -> BlockKind {
    match word.plain().as_ref() {
        b"text" => BlockKind::Text,
        b"tool_use" => BlockKind::ToolUse,
        b"tool_result" => BlockKind::ToolResult,
        b"image" | b"document" => BlockKind::Attached,
        _ => BlockKind::Other,
    }
}

/// One content block.
#[derive(Debug, Clone, Default)]
pub(super) struct Block<'a> {
    pub(super) kind: BlockKind,
    pub(super) text: Option<Raw<'a>>,
    pub(super) id: Option<Raw<'a>>,
    pub(super) name: Option<Raw<'a>>,
    /// The raw JSON of `input`.
    pub(super) input: Option<&'a [u8]>,
    pub(super) tool_use_id: Option<Raw<'a>>,
    /// The raw JSON of `content`, of a tool result.
    pub(super) content: Option<&'a [u8]>,
    pub(super) is_error: bool,
}

impl<'a> Record<'a> {
    /// Reads one object. A field of the wrong type is lost, the record is not.
    pub(super) fn read(cursor: &mut Cursor<'a>) -> Step<Record<'a>> {
        let mut record = Record::default();
        let mut seen = 0u64;
        cursor.object(|cursor, key| {
            let key = key.plain();
            let bit = match key.as_ref() {
                b"type" => {
                    record.kind = cursor.string_or_skip()?.map(kind_of).unwrap_or_default();
                    record.has_type = true;
                    0
                }
                b"uuid" => text(&mut record.uuid, cursor, 1)?,
                b"parentUuid" => text(&mut record.parent_uuid, cursor, 2)?,
                b"timestamp" => text(&mut record.timestamp, cursor, 3)?,
                b"sessionId" => text(&mut record.session_id, cursor, 4)?,
                b"requestId" => text(&mut record.request_id, cursor, 5)?,
                b"agentId" => text(&mut record.agent_id, cursor, 6)?,
                b"cwd" => text(&mut record.cwd, cursor, 7)?,
                b"subtype" => text(&mut record.subtype, cursor, 8)?,
                b"parentToolUseID" => text(&mut record.parent_tool_use, cursor, 9)?,
                b"content" => text(&mut record.content, cursor, 10)?,
                b"isSidechain" => flag(&mut record.sidechain, cursor, 11)?,
                b"isMeta" => flag(&mut record.meta, cursor, 12)?,
                b"isCompactSummary" => flag(&mut record.compact_summary, cursor, 13)?,
                b"isVisibleInTranscriptOnly" => flag(&mut record.transcript_only, cursor, 14)?,
                b"forkedFrom" => {
                    record.copied = cursor.skip()? != b"null";
                    15
                }
                b"message" => {
                    record.message = Message::read(cursor)?;
                    16
                }
                b"toolUseResult" => span(&mut record.result, cursor, 17)?,
                b"attachment" => span(&mut record.attachment, cursor, 18)?,
                b"data" => span(&mut record.data, cursor, 19)?,
                _ => return Ok(()),
            };
            record.repeated_key |= seen >> bit & 1 == 1;
            seen |= 1 << bit;
            Ok(())
        })?;
        Ok(record)
    }

    /// The record's identity in the log, for leaving out copies.
    pub(super) fn identity(&self) -> &'a [u8] {
        self.uuid.unwrap_or_default().bytes
    }

    /// The response that the record belongs to: `message.id`, else `requestId`.
    pub(super) fn response(&self) -> Option<Raw<'a>> {
        self.message.id.or(self.request_id)
    }
}

fn kind_of(word: Raw<'_>) -> RecordKind {
    match word.plain().as_ref() {
        b"user" => RecordKind::User,
        b"assistant" => RecordKind::Assistant,
        b"system" => RecordKind::System,
        b"progress" => RecordKind::Progress,
        b"queue-operation" => RecordKind::QueueOperation,
        b"attachment" => RecordKind::Attachment,
        _ => RecordKind::Other,
    }
}

fn text<'a>(field: &mut Option<Raw<'a>>, cursor: &mut Cursor<'a>, bit: u8) -> Step<u8> {
    *field = cursor.string_or_skip()?;
    Ok(bit)
}

fn flag(field: &mut bool, cursor: &mut Cursor<'_>, bit: u8) -> Step<u8> {
    *field = cursor.bool_or_skip()? == Some(true);
    Ok(bit)
}

fn span<'a>(field: &mut Option<&'a [u8]>, cursor: &mut Cursor<'a>, bit: u8) -> Step<u8> {
    let raw = cursor.skip()?;
    *field = (raw != b"null").then_some(raw);
    Ok(bit)
}

impl<'a> Message<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Step<Message<'a>> {
        let mut message = Message::default();
        if cursor.kind()? != Kind::Object {
            cursor.skip()?;
            return Ok(message);
        }
        cursor.object(|cursor, key| {
            match key.plain().as_ref() {
                b"id" => message.id = cursor.string_or_skip()?,
                b"stop_reason" => message.stop_reason = cursor.string_or_skip()?,
                b"content" => message.read_content(cursor)?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(message)
    }

    fn read_content(&mut self, cursor: &mut Cursor<'a>) -> Step<()> {
        // Where the key stands twice, the last one wins.
        (self.text, self.first) = (None, None);
        self.more.clear();
        match cursor.kind()? {
            Kind::String => self.text = Some(cursor.string()?),
            Kind::Array => cursor.array(|cursor| {
                let block = Block::read(cursor)?;
                if self.first.is_none() {
                    self.first = Some(block)
                } else {
                    self.more.push(block)
                }
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    }
}

impl<'a> Block<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Step<Block<'a>> {
        let mut block = Block::default();
        if cursor.kind()? != Kind::Object {
            cursor.skip()?;
            return Ok(block);
        }
        cursor.object(|cursor, key| {
            match key.plain().as_ref() {
                b"type" => block.kind = cursor.string_or_skip()?.map(block_kind).unwrap_or_default(),
                b"text" => block.text = cursor.string_or_skip()?,
                b"id" => block.id = cursor.string_or_skip()?,
                b"name" => block.name = cursor.string_or_skip()?,
                b"input" => block.input = Some(cursor.skip()?),
                b"tool_use_id" => block.tool_use_id = cursor.string_or_skip()?,
                b"content" => block.content = Some(cursor.skip()?),
                b"is_error" => block.is_error = cursor.bool_or_skip()? == Some(true),
                _ => {}
            }
            Ok(())
        })?;
        Ok(block)
    }
}
