//! Files that wave and plan files promise.
