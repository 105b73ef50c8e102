//! The examples of each `--help` are run.
