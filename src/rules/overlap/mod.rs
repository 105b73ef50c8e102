//! Agents that get in each other's way.

pub(super) mod branch_overlap;
pub(super) mod mixed_ownership;
pub(super) mod overlapping_edits;
pub(super) mod path_collision;
#[cfg(test)]
mod sides;
mod spelling;
