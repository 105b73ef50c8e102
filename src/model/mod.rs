//! Plain data that everybody shares: no input or output, no clock, no decision.

pub mod claim;
pub mod finding;
pub mod moment;
pub mod session;
