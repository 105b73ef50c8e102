//! What is going on in a repository: who made a change, which tasks are at work, which phase it is. Pure.

pub mod activity;
pub mod areas;
pub mod directory;
pub mod gate_proof;
pub mod identity;
pub mod locks;
mod logged;
pub mod names;
pub mod paths;
mod pattern;
pub mod phase;
pub mod promises;
#[cfg(test)]
pub(crate) mod samples;
pub mod tree;
