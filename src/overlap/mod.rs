//! What overlaps mean for merging: who collides with whom, and an order with the fewest conflicts. Pure.

mod matrix;
mod order;

pub use matrix::Matrix;
pub use order::{merge_order, merges_with_conflict};
