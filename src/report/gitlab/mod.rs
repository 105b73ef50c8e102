//! The report as GitLab code quality.

use super::{Context, Format, v1};
use std::io::{Result, Write};

/// The format.
pub const FORMAT: Format = Format { name: "gitlab", summary: "GitLab code quality", write };

fn write(_report: &v1::Report, _context: &Context, out: &mut dyn Write) -> Result<()> {
    writeln!(out)
}
