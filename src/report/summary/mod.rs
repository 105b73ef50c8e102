//! The report as markdown: the summary of a GitHub Actions step.
//!
//! GitHub drops a summary of more than 1 MiB as a whole, so that it is cut here, at whole rows, and says so.

mod chart;
mod findings;
mod gates;
mod head;
mod markdown;
mod repository;
#[cfg(test)]
mod repository_tests;
mod section;
#[cfg(test)]
mod tests;

use super::{Context, Format, v1};
use markdown::Scribe;
use section::Section;
use std::io::{Result, Write};

/// The format.
pub const FORMAT: Format = Format { name: "summary", summary: "markdown, for the summary of a GitHub Actions step", write };

/// Bytes of all summaries of one step: GitHub takes 1 MiB and not one byte more.
pub const LIMIT: usize = 1_048_575;

/// What is said last where something is cut.
const CUT: &str = "\nThis summary is cut, because GitHub takes no more than 1 MiB for a step; `--format json` has the whole report.\n";

/// Of the room that a summary has, as much may be charts, gates, what was checked, and overlaps and owners, where there is too much of everything.
const MOST_OF_CHARTS: usize = 3;
const MOST_OF_GATES: usize = 8;
const MOST_OF_CHECKED: usize = 8;
const MOST_OF_REPOSITORY: usize = 4;

fn write(report: &v1::Report, context: &Context, out: &mut dyn Write) -> Result<()> {
    out.write_all(within(report, context, LIMIT).unwrap_or_default().as_bytes())
}

/// The summary in at most `limit` bytes; `None` where not even the verdict has room.
pub fn within(report: &v1::Report, context: &Context, limit: usize) -> Option<String> {
    let scribe = Scribe { report, context };
    let verdict = head::verdict(scribe);
    let room = limit.checked_sub(verdict.len() + CUT.len())?;
    let checked = fit(&head::sections(scribe), room / MOST_OF_CHECKED);
    let gates = fit(&gates::sections(scribe), room / MOST_OF_GATES);
    let charts = fit(&chart::sections(scribe), room / MOST_OF_CHARTS);
    let repository = fit(&repository::sections(scribe), room / MOST_OF_REPOSITORY);
    let taken = checked.text.len() + gates.text.len() + charts.text.len() + repository.text.len();
    let findings = fit(&findings::sections(scribe), room.saturating_sub(taken));
    let is_whole = [&checked, &findings, &repository, &charts, &gates].iter().all(|part| part.is_whole);
    let parts = [&verdict, &checked.text, &findings.text, &repository.text, &charts.text, &gates.text].map(String::as_str);
    Some(parts.concat() + if is_whole { "" } else { CUT })
}

/// Sections as far as there was room.
struct Fitted {
    text: String,
    is_whole: bool,
}

fn fit(sections: &[Section], room: usize) -> Fitted {
    let mut fitted = Fitted { text: String::new(), is_whole: true };
    for section in sections {
        let (text, is_whole) = section.within(room - fitted.text.len());
        fitted.text.push_str(&text);
        fitted.is_whole &= is_whole;
    }
    fitted
}
