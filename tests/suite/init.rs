//! `paralint init`.
