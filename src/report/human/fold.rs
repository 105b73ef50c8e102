//! Findings that say the same of many files, as one block. What they say stays apart in every other format.

use super::evidence::count;
use super::finding::{self, Drawn};
use super::line::{Line, Page, Role};
use crate::model::change::Deed;
use crate::report::text;
use crate::report::v1::Finding;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::io::Result;

/// Up to this many stand each on its own.
const FEW: usize = 5;
/// As many files as a block names.
const NAMED: usize = 5;
/// As many different ways to mend them as a block shows.
const MOST_HELPS: usize = 1;
/// What stands for the files in what findings have in common.
const FILES: &str = "\0";

/// What has to be the same: rule, severity, the message but for the file, who is involved, and the lines that decided.
#[derive(PartialEq, Eq, Hash)]
struct Alike<'f> {
    rule: &'f str,
    severity: &'static str,
    message: String,
    agents: &'f [String],
    decided: Vec<(&'f str, Option<u64>, &'f str)>,
}

/// The findings in their order; many that are alike stand together where the first of them stood.
pub(super) fn folded<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Vec<Vec<&'f Finding>> {
    let all: Vec<&Finding> = findings.into_iter().collect();
    let mut known: FxHashMap<Alike<'_>, Vec<usize>> = FxHashMap::default();
    for (index, finding) in all.iter().enumerate() {
        if let Some(alike) = alike(finding) {
            known.entry(alike).or_default().push(index);
        }
    }
    let mut groups: Vec<Vec<&Finding>> = all.iter().map(|finding| vec![*finding]).collect();
    for members in known.into_values().filter(|members| members.len() > FEW) {
        let group: Vec<&Finding> = members.iter().map(|index| all[*index]).collect();
        for index in &members {
            groups[*index].clear();
        }
        groups[members[0]] = group;
    }
    groups.retain(|group| !group.is_empty());
    groups
}

/// What a finding about one changed file has in common with others; `None` for a finding about anything else.
fn alike(finding: &Finding) -> Option<Alike<'_>> {
    let is_of_one_file = finding.session.is_none()
        && finding.location.line.is_none()
        && finding.evidence.contains_key("change")
        && finding.paths == [finding.location.path.as_str()];
    let places = || finding.related.iter().filter(|related| related.excerpt.is_none());
    if !is_of_one_file || places().next().is_some() {
        return None;
    }
    Some(Alike {
        rule: &finding.rule,
        severity: finding.severity.word(),
        message: common(finding).0,
        agents: &finding.agents,
        decided: finding.related.iter().map(|related| (related.path.as_str(), related.line, related.message.as_str())).collect(),
    })
}

/// The message with a mark where it speaks of the file, and what was done to it where the message says so.
fn common(finding: &Finding) -> (String, Option<Deed>) {
    let path = finding.location.path.as_str();
    if !path.is_empty() && finding.message.contains(path) {
        return (finding.message.replacen(path, FILES, 1), None);
    }
    let said = Deed::ALL.into_iter().filter_map(|deed| Some((finding.message.find(&deed.said())?, deed)));
    match said.min_by_key(|(at, _)| *at) {
        Some((_, deed)) => (finding.message.replacen(&deed.said(), FILES, 1), Some(deed)),
        None => (finding.message.clone(), None),
    }
}

/// What is said of all of them: "task-1 changed 24 files of b".
fn message(group: &[&Finding]) -> String {
    let Some(first) = group.first() else { return String::new() };
    let (common, deed) = common(first);
    let files = group.len();
    let words = match deed {
        Some(deed) if group.iter().all(|finding| finding.message == first.message) => deed.said_of(files),
        Some(_) => Deed::MIXED.said_of(files),
        None => count(files as u64, "file", "files"),
    };
    common.replacen(FILES, &words, 1)
}

/// "added 21, changed 2, deleted 1"
fn by_kind(group: &[&Finding]) -> String {
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for finding in group {
        *kinds.entry(kind(finding)).or_default() += 1;
    }
    kinds.iter().map(|(kind, number)| format!("{kind} {number}")).collect::<Vec<_>>().join(", ")
}

fn kind(finding: &Finding) -> &str {
    match finding.evidence.get("change").and_then(|change| change.as_str()).unwrap_or_default() {
        "modified" => "changed",
        "mode" => "changed the mode of",
        "type" => "changed the type of",
        other => other,
    }
}

/// Writes one block for all of them.
pub(super) fn write(page: &mut Page, group: &[&Finding], drawn: &mut Drawn) -> Result<()> {
    let [first, _, ..] = group else { return Ok(()) };
    // What is true of each of them.
    let mut evidence = first.evidence.clone();
    evidence.retain(|key, value| group.iter().all(|finding| finding.evidence.get(key) == Some(value)));
    let whole = Finding { message: message(group), evidence, paths: Vec::new(), help: String::new(), ..(*first).clone() };
    let files: Vec<String> = group.iter().take(NAMED).map(|finding| named(finding)).collect();
    finding::write_block(page, &whole, None, drawn, |page| {
        for (index, file) in files.iter().enumerate() {
            let head = if index == 0 { "  --> " } else { "      " };
            let file = text::fit_end(&page.clean(file), page.width - 6, page.style.unicode).into_owned();
            page.put(Line::new().add(Role::Gutter, head).add(Role::Plain, file))?;
        }
        match group.len() - files.len() {
            0 => Ok(()),
            more => {
                let more = format!("      and {} (--verbose shows all)", count(more as u64, "more file", "more files"));
                page.put(Line::new().add(Role::Faint, more))
            }
        }
    })?;
    finding::reason(page, "files", &by_kind(group))?;
    helps(page, group)
}

fn named(finding: &Finding) -> String {
    let change = finding.evidence.get("change").and_then(|change| change.as_str()).unwrap_or_default();
    format!("{} ({change})", finding.location.path)
}

/// How they are mended, each way once.
fn helps(page: &mut Page, group: &[&Finding]) -> Result<()> {
    let mut seen = rustc_hash::FxHashSet::default();
    let helps = group.iter().map(|finding| finding.help.trim()).filter(|help| !help.is_empty());
    let helps: Vec<&str> = helps.filter(|help| seen.insert(*help)).collect();
    for help in helps.iter().take(MOST_HELPS) {
        finding::reason(page, "help", help)?;
    }
    match helps.len().saturating_sub(MOST_HELPS) {
        0 => Ok(()),
        more => finding::reason(page, "help", &format!("and so on for {more} more (--verbose shows all)")),
    }
}

#[cfg(test)]
mod tests {
    use crate::model::finding::Severity;
    use crate::report::example;
    use crate::report::human::{Style, show};
    use crate::report::v1::{Finding, Location};
    use serde_json::json;

    /// A finding about one changed file.
    fn of(path: &str, change: &str, message: &str) -> Finding {
        let session = example::session("10:00:00", "10:01:00", 0, Vec::new(), Vec::new());
        let found = example::finding("outside-boundary", Severity::Error, message, &session, json!({"change": change}), "leave it");
        let location = Location { path: path.into(), path_encoded: false, line: None, column: None, end_line: None, end_column: None };
        Finding { location, paths: vec![path.into()], session: None, agents: vec!["task-1".into()], ..found }
    }

    fn report(findings: Vec<Finding>, style: &Style) -> String {
        let mut report = example::report(findings, Vec::new());
        report.command = "check".into();
        show(&report, style)
    }

    fn mixed() -> Vec<Finding> {
        let kinds = |number: usize| match number {
            0 => ("deleted", "task-1 deleted a file of b"),
            1 | 2 => ("modified", "task-1 changed a file of b"),
            _ => ("added", "task-1 made a file in b"),
        };
        (0..24).map(|number| of(&format!("src/b/{number:02}"), kinds(number).0, kinds(number).1)).collect()
    }

    #[test]
    fn many_files_are_one_block_that_counts_by_kind() {
        let shown = report(mixed(), &Style::default());
        assert!(shown.contains("error[outside-boundary]: task-1 changed 24 files of b\n"), "{shown}");
        assert!(shown.contains("  --> src/b/00 (deleted)\n      src/b/01 (modified)\n"), "{shown}");
        assert!(shown.contains("      and 19 more files (--verbose shows all)\n"), "{shown}");
        assert!(shown.contains("= files: added 21, changed 2, deleted 1\n"), "{shown}");
        assert_eq!(shown.matches("= help:").count(), 1, "{shown}");
        assert!(shown.contains("24 errors"), "{shown}");
    }

    #[test]
    fn verbose_shows_each() {
        let shown = report(mixed(), &Style { verbose: true, ..Style::default() });
        assert_eq!(shown.matches("error[outside-boundary]").count(), 24, "{shown}");
        assert!(shown.contains("task-1 deleted a file of b") && !shown.contains("24 files"), "{shown}");
    }

    #[test]
    fn few_stand_alone_and_others_do_not_join() {
        let five: Vec<_> = (0..5).map(|number| of(&format!("f{number}"), "added", "task-1 made a file in b")).collect();
        assert_eq!(report(five.clone(), &Style::default()).matches("error[").count(), 5);
        let mut others = five;
        others.extend((0..5).map(|number| of(&format!("g{number}"), "added", "task-2 made a file in b")));
        others.push(Finding { severity: Severity::Warning, ..of("h", "added", "task-1 made a file in b") });
        let shown = report(others, &Style::default());
        assert_eq!(shown.matches("error[").count() + shown.matches("warning[").count(), 11, "{shown}");
    }

    #[test]
    fn what_names_its_file_says_how_many_there_are() {
        let message = |path: &str| format!("{path} changed in implementation while test_definition is not complete");
        let many = (0..6).map(|number| format!("src/{number}")).map(|path| of(&path, "added", &message(&path))).collect();
        let shown = report(many, &Style::default());
        assert!(shown.contains("6 files changed in implementation while"), "{shown}");
        let same = (0..6).map(|number| of(&format!("src/{number}"), "added", "task-1 made a file in b")).collect();
        assert!(report(same, &Style::default()).contains("task-1 made 6 files in b"));
    }
}
