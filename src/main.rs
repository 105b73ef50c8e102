//! The `paralint` binary.
fn main() {}
