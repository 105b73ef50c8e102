//! The one integration binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fixtures;
