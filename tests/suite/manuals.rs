//! Completions and manual pages.
