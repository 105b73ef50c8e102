//! What is packed: the crate, the wheel, the archive.
