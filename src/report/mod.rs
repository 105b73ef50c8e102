//! Findings in every form that people and machines read. Reporters decide nothing.

pub mod assemble;
pub mod gates;
pub mod human;
pub mod json;
pub mod text;
pub mod v1;
