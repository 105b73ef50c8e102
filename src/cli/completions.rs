//! `paralint completions`.

use super::ExitStatus;

/// Arguments of `completions`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {}

pub(super) fn run(_arguments: &Arguments) -> ExitStatus {
    super::FAILED
}
