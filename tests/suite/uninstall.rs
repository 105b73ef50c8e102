//! `paralint uninstall`.
