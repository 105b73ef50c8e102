//! The only code that reads the world: files, the environment, the clock, git.
#![allow(clippy::disallowed_methods)]

pub mod acceptance;
pub mod clock;
pub mod configuration;
pub mod event;
pub mod git;
pub mod hooks;
pub mod push;
pub mod repository;
pub mod session;
pub mod skim;
pub mod state;
pub mod survey;
pub mod temporary;
