//! The only code that reads the world.

pub mod session;
pub mod skim;
