//! State files that cannot mean what they say.

pub(super) mod unknown_phase;
