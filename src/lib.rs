//! paralint checks whether parallel work by coding agents is what it says it is.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod audit;
pub mod check;
pub mod claims;
pub mod cli;
pub mod config;
pub mod gates;
pub mod input;
pub mod install;
pub mod model;
pub mod overlap;
pub mod policy;
pub mod report;
pub mod rules;
pub mod settle;
pub mod starter;
pub mod timeline;
pub mod verdict;
pub mod work;
