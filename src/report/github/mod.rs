//! The report as annotations of a GitHub Actions run.

use super::{Context, Format, v1};
use std::io::{Result, Write};

/// The format.
pub const FORMAT: Format = Format { name: "github", summary: "annotations of a GitHub Actions run", write };

fn write(_report: &v1::Report, _context: &Context, out: &mut dyn Write) -> Result<()> {
    writeln!(out)
}
