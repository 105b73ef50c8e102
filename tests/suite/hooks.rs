//! The scripts of hooks/, copied by hand into real repositories.
