//! The timeline as Chrome trace JSON, which Perfetto opens.

use super::{Context, Format, v1};
use std::io::{Result, Write};

/// The format.
pub const FORMAT: Format = Format { name: "trace", summary: "Chrome trace JSON, for Perfetto", write };

fn write(_report: &v1::Report, _context: &Context, out: &mut dyn Write) -> Result<()> {
    writeln!(out)
}
