//! Plain data that everybody shares: no input or output, no clock, no decision.

pub mod change;
pub mod claim;
pub mod damage;
pub mod finding;
pub mod gate;
pub mod mark;
pub mod moment;
pub mod overlap;
pub mod path;
pub mod session;
pub mod state;
