//! .pre-commit-hooks.yaml, with pre-commit and prek themselves.
