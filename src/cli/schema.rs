//! `paralint schema NAME`.

use super::{ExitStatus, output};
use crate::config;
use crate::input::state::schema;
use crate::report::json;

/// Arguments of `schema`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  paralint schema config > paralint.schema.json       for an editor
  paralint schema report                              what --format json prints")]
pub(super) struct Arguments {
    /// Which schema
    #[arg(value_enum)]
    name: Name,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Name {
    /// What `--format json` prints
    Report,
    /// BOUNDARIES.json
    Boundaries,
    /// WORKFLOW_STATE.json
    Workflow,
    /// RESOURCE_LOCKS.json
    Locks,
    /// PARALLEL_STATUS.json
    Status,
    /// DEPENDENCY_GRAPH.json
    Graph,
    /// paralint.toml
    Config,
}

pub(super) fn run(arguments: &Arguments) -> ExitStatus {
    let schema = match arguments.name {
        Name::Report => json::schema(),
        Name::Boundaries => schema::value(schema::BOUNDARIES),
        Name::Workflow => schema::value(schema::WORKFLOW),
        Name::Locks => schema::value(schema::LOCKS),
        Name::Status => schema::value(schema::STATUS),
        Name::Graph => schema::value(schema::GRAPH),
        Name::Config => config::schema(),
    };
    output::print(&format!("{schema:#}\n"));
    0
}
