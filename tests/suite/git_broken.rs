//! Repositories that are broken: what is broken is said.
