//! Agents that get in each other's way.

pub(super) mod mixed_ownership;
pub(super) mod overlapping_edits;
