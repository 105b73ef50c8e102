//! Limits on how many agents work at once and how well.

pub(super) mod low_utilisation;
pub(super) mod too_many_agents;
