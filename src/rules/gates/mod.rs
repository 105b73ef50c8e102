//! Gates that did not end well, or left something behind.

mod ended;
pub(super) mod gate_failed;
pub(super) mod gate_leak;
pub(super) mod gate_timeout;
pub(super) mod gate_unavailable;
mod last_lines;
#[cfg(test)]
mod tests;
