//! What every place that OpenCode keeps sessions in hands over: messages with their parts, as raw JSON.

/// A message and its parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RawMessage {
    /// The line of the file at which it begins; 0 where there are no lines.
    pub(super) line: u64,
    /// Its identifier, where that does not stand in the JSON.
    pub(super) id: Option<String>,
    /// The JSON of its facts; empty where they are missing.
    pub(super) info: Vec<u8>,
    /// Its parts, in their order.
    pub(super) parts: Vec<RawPart>,
}

/// A part of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RawPart {
    /// The line of the file at which it begins; 0 where there are no lines.
    pub(super) line: u64,
    /// Its identifier, where that does not stand in the JSON.
    pub(super) id: Option<String>,
    /// Its JSON.
    pub(super) bytes: Vec<u8>,
}
