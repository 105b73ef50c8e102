//! Phases and waves, and the order that they promise.

pub(super) mod unsynchronised;
