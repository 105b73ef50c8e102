//! `paralint uninstall`.

use super::ExitStatus;

/// Arguments of `uninstall`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {}

pub(super) fn run(_arguments: &Arguments) -> ExitStatus {
    super::FAILED
}
