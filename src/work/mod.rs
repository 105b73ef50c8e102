//! What is going on in a repository: who made a change, which tasks are at work, which phase it is. Pure.

pub mod activity;
pub mod identity;
pub mod phase;
