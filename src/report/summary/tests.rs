use super::{LIMIT, within};
use crate::model::finding::{Severity, Verdict};
use crate::report::example::{batch, bounded, claim, endless, finding, not_checked, ran, report, session, stamp};
use crate::report::ground::Ground;
use crate::report::hostile::reports;
use crate::report::v1::{Dispatch, Error, Finding, Gate, GatesSummary, Location, Report};
use crate::report::{Context, text};
use proptest::prelude::*;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use serde_json::json;

pub(super) fn context() -> Context {
    Context { ground: Ground { root: Some("/home/me/project".into()), folder: "/home/me/project".into() }, ..Context::default() }
}

pub(super) fn show(report: &Report) -> String {
    within(report, &context(), LIMIT).unwrap()
}

/// What a reader of markdown finds: rows of each table, cells of its rows, charts, texts.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) tables: Vec<Vec<Vec<String>>>,
    charts: Vec<String>,
    pub(super) texts: Vec<String>,
    headings: usize,
    /// Fenced texts that are no charts.
    outputs: Vec<String>,
}

/// Reads `markdown` and holds that nothing in it acts.
pub(super) fn read(markdown: &str) -> Read {
    let mut found = Read::default();
    let (mut in_chart, mut in_output, mut in_row) = (false, false, false);
    for event in Parser::new_ext(markdown, Options::all() - Options::ENABLE_SMART_PUNCTUATION - Options::ENABLE_OLD_FOOTNOTES) {
        match event {
            Event::Start(Tag::Table(_)) => found.tables.push(Vec::new()),
            Event::Start(Tag::TableRow) => {
                in_row = true;
                found.tables.last_mut().unwrap().push(Vec::new());
            }
            Event::End(TagEnd::TableRow) => in_row = false,
            Event::Start(Tag::TableCell) => {
                if let Some(row) = found.tables.last_mut().unwrap().last_mut() {
                    row.push(String::new());
                }
            }
            Event::Start(Tag::CodeBlock(kind)) if kind == CodeBlockKind::Fenced("text".into()) => {
                in_output = true;
                found.outputs.push(String::new());
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                assert_eq!(kind, CodeBlockKind::Fenced("mermaid".into()), "{markdown}");
                in_chart = true;
                found.charts.push(String::new());
            }
            Event::End(TagEnd::CodeBlock) => (in_chart, in_output) = (false, false),
            Event::Start(Tag::Heading { level, .. }) => {
                assert!(matches!(level as usize, 3 | 4), "{markdown}");
                found.headings += 1;
            }
            Event::Start(Tag::Paragraph | Tag::List(None | Some(1)) | Tag::Item | Tag::TableHead | Tag::Strong) => {}
            Event::Text(text) if in_output => found.outputs.last_mut().unwrap().push_str(&text),
            Event::Text(text) if in_chart => found.charts.last_mut().unwrap().push_str(&text),
            Event::Text(text) => {
                if let Some(cell) = found.tables.last_mut().filter(|_| in_row).and_then(|table| table.last_mut()?.last_mut()) {
                    cell.push_str(&text);
                }
                found.texts.push(text.into_string());
            }
            Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::TableCell | TagEnd::Heading(_)) => found.texts.push("\n".to_owned()),
            Event::Code(code) if ["--format json", "--verbose"].contains(&code.as_ref()) => found.texts.push(code.into_string()),
            Event::End(_) | Event::SoftBreak => {}
            other => panic!("{other:?} in {markdown}"),
        }
    }
    found
}

/// As people see it: what keeps letters apart has no width.
fn seen(text: &str) -> String {
    text.replace('\u{200b}', "")
}

/// A line of a chart as Mermaid takes it apart: a name, tags, start and end.
fn task(line: &str) -> (String, Vec<String>, i64, i64) {
    let (name, data) = line.split_once(" :").unwrap();
    let mut parts: Vec<&str> = data.split(',').map(str::trim).collect();
    let end = parts.pop().unwrap().parse().unwrap();
    let start = parts.pop().unwrap().parse().unwrap();
    (name.trim().to_owned(), parts.into_iter().map(str::to_owned).collect(), start, end)
}

/// The tasks of a chart, each of which must be in letters that mean nothing to Mermaid.
fn tasks(chart: &str) -> Vec<(String, Vec<String>, i64, i64)> {
    assert!(chart.len() < 50_000);
    let mut lines = chart.lines();
    assert_eq!((lines.next(), lines.next()), (Some("gantt"), Some("    dateFormat x")));
    assert!(lines.next().unwrap().starts_with("    axisFormat %"));
    assert_eq!(lines.next(), Some("    todayMarker off"));
    let tasks = lines.filter(|line| !line.starts_with("    section ")).map(task);
    let tasks: Vec<_> = tasks
        .inspect(|(name, tags, start, end)| {
            let is_harmless = |letter: char| letter.is_alphanumeric() || " ()./-_+…".contains(letter);
            assert!(name.chars().all(is_harmless), "{name}");
            assert!(name.starts_with("claim in line ") || name.starts_with(|letter: char| letter.is_ascii_digit()), "{name}");
            assert!(tags.iter().all(|tag| ["crit", "active", "milestone"].contains(&tag.as_str())), "{tags:?}");
            assert!(0 <= *start && start <= end);
        })
        .collect();
    tasks
}

fn example() -> Report {
    let dispatches = vec![
        ran("Explore: auth, tokens", "10:02:00", "10:04:00"),
        Dispatch { status: crate::model::session::Status::Failed, ..ran("Write tests", "10:03:00", "10:05:30") },
        bounded("Old log", "10:02:10", "10:06:00"),
        endless("title of it", "10:02:20"),
        Dispatch { requested: None, ..endless("Nobody knows", "10:02:20") },
    ];
    let batches = vec![batch(&dispatches, 2, 1.4)];
    let claims = vec![claim(182, "10:01:59", "I'll use 3 agents at once: #1!", Verdict::Contradicted, "why")];
    let mut one = session("10:00:00", "10:10:00", 2, dispatches, claims);
    one.batches = batches;
    let found = finding("claimed-serial", Severity::Error, "claimed 3 | had 1", &one, json!({"peak": 1}), "send `three` calls at once");
    let note = Finding { severity: Severity::Note, rule: "other".into(), ..found.clone() };
    let mut report = report(vec![note, found], vec![one]);
    report.not_checked = vec![not_checked("locks", "no RESOURCE_LOCKS.json")];
    report
}

#[test]
fn a_summary_reads_as_it_should() {
    insta::assert_snapshot!(show(&example()));
}

#[test]
fn findings_are_rows_and_the_worst_comes_first() {
    let found = read(&show(&example()));
    let rows = &found.tables[0];
    assert_eq!(rows.len(), 2);
    let judged = "\"I'll use 3 agents at once: #1!\": contradicted (why)";
    let row: Vec<String> = rows[0].iter().map(|cell| seen(cell)).collect();
    let expected = ["error", "claimed-serial", "claimed 3 | had 1", judged, "9667a07f.jsonl:182", "send `three` calls at once"];
    assert_eq!(row, expected);
    assert_eq!(rows[1][0], "note");
    let tasks = tasks(&found.charts[0]);
    let names: Vec<&str> = tasks.iter().map(|task| task.0.as_str()).collect();
    let expected = [
        "1 Explore auth tokens",
        "2 Old log (at most)",
        "3 title of it (no end known)",
        "4 Write tests (failed)",
        "claim in line 182 contradicted I ll use 3 agents at once 1",
    ];
    assert_eq!(names, expected);
    assert_eq!((tasks[3].1.as_slice(), tasks[1].1.as_slice()), (&["crit".to_owned()][..], &["active".to_owned()][..]));
    assert_eq!(tasks[0].3 - tasks[0].2, 120_000);
    assert_eq!(tasks[2].3, tasks[2].2, "an unknown end is no bar");
    assert!(found.texts.iter().any(|text| text == "Nobody knows"), "{found:?}");
}

#[test]
fn the_first_line_is_the_verdict() {
    let first = |report: &Report| show(report).lines().next().unwrap().to_owned();
    let mut report = report(Vec::new(), Vec::new());
    assert_eq!(first(&report), "### ✓ paralint audit: nothing found");
    assert_eq!(first(&example()), "### ✗ paralint audit: 1 error, 1 note");
    (report.summary.suppressed, report.summary.waived) = (2, 1);
    assert_eq!(first(&report), "### ✓ paralint audit: nothing found (set aside: 2 suppressed, 1 waived)");
    (report.summary.suppressed, report.summary.waived) = (0, 0);
    report.summary.warning = 2;
    assert_eq!(first(&report), "### ! paralint audit: 2 warnings");
    report.exit_code = 2;
    let location = Location { path: "a.json".into(), path_encoded: false, line: Some(3), column: None, end_line: None, end_column: None };
    report.error =
        Some(Error { kind: "state".into(), message: "cannot <read>".into(), hint: Some("mend it".into()), location: Some(location) });
    let text = show(&report);
    assert!(
        text.starts_with("### ✗ paralint audit: could not check, 2 warnings\n\nCould not check: cannot &#60;read&#62; (a.json:3)\n"),
        "{text}"
    );
}

fn gate(name: &str, status: crate::model::gate::GateStatus) -> Gate {
    let location =
        Location { path: "paralint.toml".into(), path_encoded: false, line: Some(3), column: None, end_line: None, end_column: None };
    Gate {
        name: name.into(),
        status,
        exit_code: Some(101).filter(|_| status == crate::model::gate::GateStatus::Failed),
        signal: None,
        why: None,
        started: stamp("10:00:00"),
        wall: Some(18.9),
        cpu: None,
        peak_memory: None,
        attempts: 1,
        cached: false,
        command: "cargo test".into(),
        location,
        needs: Vec::new(),
        resources: Vec::new(),
        expected: None,
        uncalled: false,
        again: "paralint gates test".into(),
        left_behind: Vec::new(),
        output: None,
    }
}

#[test]
fn gates_have_a_table_and_their_bound_below() {
    use crate::model::gate::GateStatus;
    let mut report = report(Vec::new(), Vec::new());
    let skipped = Gate { why: Some("test failed".into()), wall: None, attempts: 0, ..gate("doc", GateStatus::Skipped) };
    let cached = Gate { cached: true, wall: None, ..gate("fmt", GateStatus::Passed) };
    report.gates = Some(vec![gate("a|b", GateStatus::Passed), gate("test", GateStatus::Failed), skipped, cached]);
    report.gates_summary = Some(GatesSummary {
        wall: 19.0,
        work: 38.1,
        critical_path: 18.9,
        effective_concurrency: Some(2.0),
        critical_gates: vec!["a|b".into(), "test".into()],
        critical_resource: None,
        signal: None,
    });
    let markdown = show(&report);
    let found = read(&markdown);
    let rows: Vec<Vec<&str>> = found.tables[0].iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let expected = [
        ["a|b", "✓ passed", "18.9s", ""],
        ["test", "✗ failed", "18.9s", "exit 101 after 18.9s"],
        ["doc", "skipped", "", "test failed"],
        ["fmt", "✓ passed (cached)", "", ""],
    ];
    assert_eq!(rows, expected);
    assert!(markdown.ends_with("\nGates: 19.0s in all, 38.1s of work, 2.0 at once, critical path 18.9s (a&#124;b, test)\n"), "{markdown}");
}

#[test]
fn a_failed_gate_shows_what_it_printed_last() {
    use crate::model::gate::GateStatus;
    let head =
        (0..40).map(|line| format!("line {line}\n")).collect::<String>() + "\u{1b}[31m```\u{1b}[0m\n::error::x ##[group]\n@all <b>\n";
    let output =
        crate::report::v1::GateOutput { bytes: head.len() as u64, head, tail: String::new(), omitted: 0, file: None, file_error: None };
    let mut report = report(Vec::new(), Vec::new());
    let failed = Gate { output: Some(output.clone()), ..gate("te|st", GateStatus::Failed) };
    report.gates = Some(vec![failed, Gate { output: Some(output), ..gate("fine", GateStatus::Leaked) }]);
    let markdown = show(&report);
    let found = read(&markdown);
    let expected = "line 33\nline 34\nline 35\nline 36\nline 37\nline 38\nline 39\n```\n\\u{3a}:error::x ##\\u{5b}group]\n@all <b>\n";
    assert_eq!(found.outputs, [expected], "{markdown}");
    assert!(markdown.contains("\nThe last lines of te&#124;st:\n"), "{markdown}");
}

#[test]
fn too_much_is_cut_at_rows_and_counted() {
    let base = example();
    let mut report = base.clone();
    report.findings = (0..3_000).map(|_| Finding { message: "long ".repeat(100), ..base.findings[1].clone() }).collect();
    report.summary.error = 3_000;
    for limit in [LIMIT, 100_000, 20_000] {
        let markdown = within(&report, &context(), limit).unwrap();
        assert!(markdown.len() <= limit && (limit < 50_000 || markdown.len() > limit / 2), "{} of {limit}", markdown.len());
        let rows = read(&markdown).tables[0].len();
        assert!(markdown.contains(&format!("\n{} more findings are not shown here", 3_000 - rows)));
        assert!(markdown.ends_with(super::CUT) && markdown.contains("3000 errors"));
        assert_eq!(read(&markdown).charts.len(), usize::from(limit > 20_000 || markdown.contains("```mermaid")));
    }
    assert_eq!(within(&report, &context(), 100), None, "nothing is better than half a verdict");
}

#[test]
fn many_sessions_and_agents_are_bounded() {
    let base = example();
    let found = base.findings[0].clone();
    let crowd: Vec<Dispatch> = (0..500).map(|number| ran(&format!("{number} 漢").repeat(40), "10:02:00", "10:04:00")).collect();
    let mut one = base.sessions.clone().unwrap().remove(0);
    one.dispatches = crowd;
    one.batches.clear();
    let findings = (0..30).map(|index| Finding { session: Some(index), ..found.clone() }).collect();
    let markdown = show(&report(findings, vec![one; 40]));
    let read = read(&markdown);
    assert_eq!(read.charts.len(), 10);
    assert_eq!(tasks(&read.charts[0]).len(), 101);
    assert!(
        markdown.contains("\n400 more dispatches are not drawn;") && markdown.contains("\n20 more sessions with findings have no chart")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]
    #[test]
    fn a_log_means_nothing_to_markdown_and_mermaid(report in reports(), unicode: bool) {
        let mut context = context();
        context.style.unicode = unicode;
        let markdown = within(&report, &context, LIMIT).unwrap();
        let hides = |letter: char| letter != '\n' && (letter.is_control() || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'));
        prop_assert!(!markdown.contains(hides));
        prop_assert!(unicode || markdown.is_ascii(), "{}", markdown);
        prop_assert!(markdown.lines().all(|line| text::command_at(line).is_none() && !line.contains("##[")));
        let found = read(&markdown);
        let tables = usize::from(!report.findings.is_empty()) + usize::from(report.gates.is_some());
        prop_assert_eq!(found.tables.len(), tables);
        if !report.findings.is_empty() {
            prop_assert_eq!(found.tables[0].len(), report.findings.len());
            prop_assert!(found.tables[0].iter().all(|row| row.len() == 5 || row.len() == 6));
        }
        if let Some(gates) = &report.gates {
            prop_assert_eq!(found.tables[tables - 1].len(), gates.len());
        }
        for chart in &found.charts {
            tasks(chart);
        }
        // GitHub finds these in the text that a reader of markdown leaves.
        let acts = regex::Regex::new(r"(?i)@\w|#\d|://|www\.|:[a-z]\w*:|\bgh-\d").unwrap();
        let whole = found.texts.concat();
        prop_assert!(!acts.is_match(&whole), "{}", whole);
    }

    #[test]
    fn any_text_comes_back(message in any::<String>()) {
        let mut report = example();
        report.findings[1].message = message.clone();
        let found = read(&show(&report));
        let shown = text::clip(text::visible(&message).trim(), 600, true).into_owned();
        prop_assert_eq!(seen(&found.tables[0][0][2]), shown);
    }

    #[test]
    fn it_never_exceeds_its_limit(report in reports(), many in 0_usize..9, limit in 0_usize..9_000) {
        let mut report = report;
        report.findings = report.findings.iter().flat_map(|finding| vec![finding.clone(); many]).collect();
        if let Some(markdown) = within(&report, &context(), limit) {
            prop_assert!(markdown.len() <= limit);
            let rows = read(&markdown).tables.iter().map(Vec::len).sum::<usize>();
            let all = report.findings.len() + report.gates.as_ref().map_or(0, Vec::len);
            prop_assert!(rows == all || markdown.ends_with(super::CUT));
        }
    }
}
