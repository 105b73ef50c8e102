//! `paralint install` where husky, lefthook, pre-commit, prek or hk run the hooks.
