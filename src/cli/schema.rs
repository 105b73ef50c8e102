//! `paralint schema NAME`.

use super::{ExitStatus, output};
use crate::report::json;

/// Arguments of `schema`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Which schema
    #[arg(value_enum)]
    name: Name,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Name {
    /// What `--format json` prints
    Report,
}

pub(super) fn run(arguments: &Arguments) -> ExitStatus {
    let schema = match arguments.name {
        Name::Report => json::schema(),
    };
    output::print(&format!("{schema:#}\n"));
    0
}
