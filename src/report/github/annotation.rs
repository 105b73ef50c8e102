//! What GitHub shows beside the lines of a change: one annotation for each finding.

use crate::model::finding::Severity;
use crate::report::Context;
use crate::report::commands::{data, property};
use crate::report::ground::Place;
use crate::report::reasons;
use crate::report::text;
use crate::report::v1::{Error, Finding, Location, Report};

/// Characters of a title: GitHub takes 255.
const TITLE: usize = 200;
/// Characters of what is wrong, of the numbers that prove it, of how to mend it, of a place: the runner cuts at 4096 in all.
const MESSAGE: usize = 1_500;
const EVIDENCE: usize = 600;
const HELP: usize = 1_000;
const PLACE: usize = 400;
/// Characters of all of it together.
const WHOLE: usize = 4_000;

/// Everything that is to be annotated, the worst first.
pub(super) struct Annotations {
    pub(super) kinds: [Kind; 3],
}

/// Annotations of one kind, in the order in which they are shown.
pub(super) struct Kind {
    /// The runner's command for it.
    pub(super) command: &'static str,
    pub(super) one: &'static str,
    pub(super) many: &'static str,
    pub(super) annotations: Vec<Annotation>,
}

/// One annotation, in harmless characters and not yet escaped.
pub(super) struct Annotation {
    title: String,
    message: String,
    lines: Option<Lines>,
    /// How it is called where it is not shown: `claimed-serial logs/a.jsonl:3`.
    pub(super) name: String,
}

/// A place inside of the repository.
struct Lines {
    file: String,
    line: Option<u64>,
    end_line: Option<u64>,
    /// First column, and the one after the last one.
    columns: Option<(u64, Option<u64>)>,
}

impl Annotations {
    /// All of `report`: what failed before the findings, and what was not checked before the notes, so that neither is cut off.
    pub(super) fn of(report: &Report, context: &Context) -> Annotations {
        let scribe = Scribe { report, context };
        let of = |severity: Severity| {
            report.findings.iter().filter(move |finding| finding.severity == severity).map(|finding| scribe.finding(finding))
        };
        let error = report.error.iter().filter(|_| !reasons::error_told(report));
        let errors = error.map(|error| scribe.error(error)).chain(of(Severity::Error)).collect();
        let notes = scribe.not_checked().into_iter().chain(of(Severity::Note)).collect();
        let kind = |command, one, many, annotations| Kind { command, one, many, annotations };
        Annotations {
            kinds: [
                kind("error", "error", "errors", errors),
                kind("warning", "warning", "warnings", of(Severity::Warning).collect()),
                kind("notice", "note", "notes", notes),
            ],
        }
    }
}

/// Turns what is found into annotations.
#[derive(Clone, Copy)]
struct Scribe<'r> {
    report: &'r Report,
    context: &'r Context,
}

impl Scribe<'_> {
    fn finding(self, finding: &Finding) -> Annotation {
        let rule = self.shown(&finding.rule, TITLE - 20);
        let place = self.context.ground.place(self.report, finding, &finding.location.path);
        let lines = self.lines(&finding.location, place);
        let mut parts = vec![self.shown(&finding.message, MESSAGE)];
        let at = self.place(&finding.location);
        if lines.is_none() && !at.is_empty() {
            parts.push(format!("place: {at}"));
        }
        for (name, said) in reasons::of(self.report, finding) {
            let most = if name == "Help" { HELP } else { EVIDENCE };
            parts.push(format!("{}: {}", name.to_lowercase(), self.shown(&said, most)));
        }
        let printed = reasons::printed(self.report, finding, self.context.style.unicode);
        if !printed.is_empty() {
            parts.push("output:".to_owned());
            parts.extend(printed);
        }
        Annotation {
            title: format!("{rule} ({})", finding.severity.word()),
            message: text::clip(&parts.join("\n"), WHOLE, self.context.style.unicode).into_owned(),
            lines,
            name: format!("{rule} {at}").trim().to_owned(),
        }
    }

    fn error(self, error: &Error) -> Annotation {
        let mut parts = vec![self.shown(&error.message, MESSAGE)];
        // What could not be read is named as it was given, state files relative to the root.
        let place = |location: &Location| self.context.ground.resolve(&location.path, error.kind == "input");
        let lines = error.location.as_ref().and_then(|location| self.lines(location, place(location)));
        let at = error.location.as_ref().map(|location| self.place(location)).unwrap_or_default();
        if lines.is_none() && !at.is_empty() {
            parts.push(format!("place: {at}"));
        }
        if let Some(hint) = error.hint.as_deref().filter(|hint| !hint.trim().is_empty()) {
            parts.push(format!("help: {}", self.shown(hint, HELP)));
        }
        let title = "paralint could not check".to_owned();
        Annotation { name: title.clone(), title, message: parts.join("\n"), lines }
    }

    /// One notice for all of it: a run that left something out must not look like one that did not.
    fn not_checked(self) -> Option<Annotation> {
        if self.report.not_checked.is_empty() {
            return None;
        }
        let mut message = String::new();
        for (index, entry) in self.report.not_checked.iter().enumerate() {
            let entry = self.shown(&format!("{} ({})", entry.what, entry.why), HELP);
            if index > 0 && message.chars().count() + entry.chars().count() > MESSAGE * 2 {
                message.push_str(&format!(", and {} more", self.report.not_checked.len() - index));
                break;
            }
            let comma = if index > 0 { ", " } else { "" };
            message.push_str(&format!("{comma}{entry}"));
        }
        Some(Annotation { title: "not checked".to_owned(), message, lines: None, name: "not checked".to_owned() })
    }

    /// The place as the report has it: `logs/a.jsonl:3`; empty where there is none.
    fn place(self, location: &Location) -> String {
        if location.path.trim().is_empty() {
            return String::new();
        }
        let path = self.shown(&text::path(&location.path), PLACE);
        match location.line {
            Some(line) if !path.is_empty() => format!("{path}:{line}"),
            _ => path,
        }
    }

    /// Where GitHub finds the place: nowhere outside of the repository, nor where the path cannot be written as it is.
    fn lines(self, location: &Location, place: Place) -> Option<Lines> {
        let Place::Inside(file) = place else { return None };
        // Line breaks are escaped, and the runner takes the escape back; for other controls there is none.
        let plain = file.replace(['\n', '\r'], " ");
        let is_exact = !location.path.is_empty() && !location.path_encoded && file.trim() == file && text::visible(&plain) == plain;
        if !is_exact || file.chars().count() > PLACE {
            return None;
        }
        let line = location.line.filter(|line| *line > 0);
        // The runner drops what does not fit together, and columns of more than one line.
        let end_line = location.end_line.zip(line).filter(|(end, line)| end >= line).map(|(end, _)| end);
        let is_one_line = line.is_some() && (end_line.is_none() || end_line == line);
        let column = location.column.filter(|column| *column > 0 && is_one_line);
        let columns = column.map(|column| (column, location.end_column.filter(|end| *end >= column)));
        Some(Lines { file, line, end_line, columns })
    }

    /// A text of unknown origin: harmless, on one line, and of at most so many characters.
    fn shown(self, raw: &str, most: usize) -> String {
        text::shown(raw, most, self.context.style.unicode)
    }
}

impl Annotation {
    /// The line that the runner reads.
    pub(super) fn command(&self, command: &str) -> String {
        let mut properties = Vec::new();
        let mut add = |name: &str, value: String| properties.push(format!("{name}={value}"));
        if let Some(lines) = &self.lines {
            add("file", property(&lines.file));
            let columns = lines.columns.map(|(first, end)| (Some(first), end)).unwrap_or_default();
            for (name, number) in [("line", lines.line), ("endLine", lines.end_line), ("col", columns.0), ("endColumn", columns.1)] {
                if let Some(number) = number {
                    add(name, number.to_string());
                }
            }
        }
        add("title", property(&self.title));
        format!("::{command} {}::{}", properties.join(","), data(&self.message))
    }
}
