//! `paralint install` in repositories without a hook.
