//! `paralint audit --open`.
