//! The change that a workflow of GitHub Actions is about: `check --range auto`.
