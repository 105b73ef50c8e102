//! `paralint install`.

use super::ExitStatus;

/// Arguments of `install`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {}

pub(super) fn run(_arguments: &Arguments) -> ExitStatus {
    super::FAILED
}
