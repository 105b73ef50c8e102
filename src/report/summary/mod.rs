//! The report as markdown: the summary of a GitHub Actions step.

use super::{Context, Format, v1};
use std::io::{Result, Write};

/// The format.
pub const FORMAT: Format = Format { name: "summary", summary: "markdown, for the summary of a GitHub Actions step", write };

fn write(_report: &v1::Report, _context: &Context, out: &mut dyn Write) -> Result<()> {
    writeln!(out)
}
