//! The report as one self-contained page, for people who would rather look than read.
//!
//! Nothing is fetched and nothing of a log can run: the policy of the page allows the styles and the script that are part of
//! paralint, by their hashes, and nothing else. Every picture is drawn from data in the page and has a table behind it.

#[cfg(test)]
mod contrast;
mod data;
mod page;
mod policy;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod said;
mod table;
mod words;

use super::{Context, Format, v1};
use std::io::{Result, Write};

/// The format.
pub const FORMAT: Format = Format { name: "html", summary: "one page with pictures, for a browser", write };

/// What the page looks like; without it, it is still complete.
const STYLE: &str = concat!(include_str!("style.css"), include_str!("picture.css"));

/// Sorts and filters tables, and draws the pictures.
const SCRIPT: &str = concat!(
    include_str!("tables.js"),
    "(() => {\n\"use strict\";\n",
    include_str!("picture/model.js"),
    include_str!("picture/words.js"),
    include_str!("picture/scale.js"),
    include_str!("picture/theme.js"),
    include_str!("picture/axis.js"),
    include_str!("picture/lanes.js"),
    include_str!("picture/links.js"),
    include_str!("picture/curve.js"),
    include_str!("picture/find.js"),
    include_str!("picture/input.js"),
    include_str!("picture/picture.js"),
    "})();\n"
);

fn write(report: &v1::Report, _context: &Context, out: &mut dyn Write) -> Result<()> {
    let data = data::json(report)?;
    out.write_all(page::page(report, &data).into_string().as_bytes())
}
