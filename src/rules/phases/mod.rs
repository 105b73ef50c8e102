//! Phases and waves, and the order that they promise.

mod agent_order;
pub(super) mod gate_skipped;
mod graph;
pub(super) mod missing_output;
pub(super) mod parallel_in_serial_phase;
pub(super) mod phase_order;
mod points;
pub(super) mod tests_first;
pub(super) mod unsynchronised;
mod waves;
