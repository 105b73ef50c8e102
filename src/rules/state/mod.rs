//! State files that cannot be used, or cannot mean what they say.

pub(super) mod invalid_state;
pub(super) mod unknown_phase;
