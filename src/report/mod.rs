//! Findings in every form that people and machines read. Reporters decide nothing.

pub mod v1;
