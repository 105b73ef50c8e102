//! What the assistant says of its agents, against the measured timeline.

pub(super) mod claimed_count;
pub(super) mod claimed_serial;
pub(super) mod claimed_single;
pub(super) mod denied_parallel;
pub(super) mod idle_agent;
pub(super) mod narrated_agents;
pub(super) mod overstated_speedup;
mod status_files;
pub(super) mod status_mismatch;
pub(super) mod unproven_completion;
