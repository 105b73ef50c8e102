//! `paralint install` where hooks are there already.
