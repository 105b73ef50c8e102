//! Findings in every form that people and machines read. Reporters decide nothing.

pub mod human;
pub mod text;
pub mod v1;
