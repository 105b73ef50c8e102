//! Which locks still hold.
