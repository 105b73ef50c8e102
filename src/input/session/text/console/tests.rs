//! Consoles as people paste them.
