//! Reading logs.
fn main() {}
