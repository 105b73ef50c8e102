use super::{FORMAT, MOST};
use crate::model::finding::Severity;
use crate::report::example::{finding, not_checked, report, session};
use crate::report::ground::Ground;
use crate::report::hostile::reports;
use crate::report::v1::{Error, Finding, Location, Report};
use crate::report::{Context, human, text};
use proptest::prelude::*;
use serde_json::json;

fn context() -> Context {
    Context { ground: Ground { root: Some("/home/me/project".into()), folder: "/home/me/project/sub".into() }, ..Context::default() }
}

fn show(report: &Report, context: &Context) -> String {
    let mut out = Vec::new();
    (FORMAT.write)(report, context, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// A command as the runner takes it from a line: `ActionCommand.TryParseV2` and `ActionCommand.TryParse`, told anew.
#[derive(Debug, Clone, PartialEq)]
struct Command {
    name: String,
    properties: Vec<(String, String)>,
    data: String,
}

impl Command {
    fn property(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What a runner obeyed, in its order. It knows these commands and, after it was stopped, the token.
fn obeyed(printed: &str) -> Vec<Command> {
    let known = ["error", "warning", "notice", "debug", "group", "endgroup", "add-mask", "set-output", "stop-commands", "echo"];
    let mut token: Option<String> = None;
    let mut obeyed = Vec::new();
    for line in printed.split('\n') {
        assert!(!line.contains("##["), "{line}");
        let Some(command) = parse(line) else { continue };
        match &token {
            Some(awaited) if command.name == *awaited => token = None,
            Some(_) => {}
            None if command.name == "stop-commands" => token = Some(command.data.clone()),
            None if known.contains(&command.name.as_str()) => obeyed.push(command),
            None => panic!("not a command of ours: {line}"),
        }
    }
    assert_eq!(token, None, "the runner obeys again");
    obeyed
}

fn parse(line: &str) -> Option<Command> {
    let rest = line.trim_start().strip_prefix("::")?;
    let (head, data) = rest.split_once("::")?;
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let pairs = properties.trim().split(',').filter(|pair| !pair.is_empty()).filter_map(|pair| pair.split_once('='));
    let unescaped = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n");
    let property = |text: &str| unescaped(text).replace("%3A", ":").replace("%2C", ",").replace("%25", "%");
    let properties = pairs.map(|(name, value)| (name.to_owned(), property(value))).collect();
    Some(Command { name: name.to_owned(), properties, data: unescaped(data).replace("%25", "%") })
}

fn at(path: &str, line: Option<u64>) -> Location {
    Location { path: path.into(), path_encoded: false, line, column: None, end_line: None, end_column: None }
}

fn found(severity: Severity, message: &str, location: Location) -> Finding {
    let session = session("10:00:00", "10:10:00", 0, Vec::new(), Vec::new());
    let made = finding("claimed-serial", severity, message, &session, json!({"claimed": 3, "peak": 1}), "send them in one response");
    Finding { session: None, location, ..made }
}

#[test]
fn a_finding_is_annotated_where_it_stands() {
    let location = Location { column: Some(4), end_column: Some(9), ..at("src/a,b:c.rs", Some(7)) };
    let commands = obeyed(&show(&report(vec![found(Severity::Error, "100% wrong", location)], Vec::new()), &context()));
    let expected = [("file", "src/a,b:c.rs"), ("line", "7"), ("col", "4"), ("endColumn", "9"), ("title", "claimed-serial (error)")];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let data = "100% wrong\nevidence: claimed 3, peak 1\nhelp: send them in one response".to_owned();
    assert_eq!(commands, [Command { name: "error".into(), properties: expected, data }]);
}

#[test]
fn a_place_outside_of_the_repository_or_in_odd_letters_is_in_the_message() {
    for path in ["/logs/a.jsonl", "a\u{202e}b", "../../x"] {
        let commands = obeyed(&show(&report(vec![found(Severity::Note, "wrong", at(path, Some(3)))], Vec::new()), &context()));
        assert_eq!((commands[0].name.as_str(), commands[0].property("file")), ("notice", None));
        assert!(commands[0].data.starts_with(&format!("wrong\nplace: {}:3\n", text::visible(path))), "{:?}", commands[0]);
    }
}

#[test]
fn a_path_with_a_line_break_is_annotated_where_it_stands() {
    let location = at("a\nb::c.rs", Some(3));
    let commands = obeyed(&show(&report(vec![found(Severity::Note, "wrong", location.clone())], Vec::new()), &context()));
    assert_eq!(commands[0].property("file"), Some("a\nb::c.rs"));
    let encoded = Location { path: "a%FF\n".into(), path_encoded: true, ..location };
    let commands = obeyed(&show(&report(vec![found(Severity::Note, "wrong", encoded)], Vec::new()), &context()));
    assert_eq!(commands[0].property("file"), None);
    assert!(commands[0].data.starts_with("wrong\nplace: \"a%FF\\n\":3\n"), "{:?}", commands[0]);
}

#[test]
fn the_sentence_and_what_a_gate_printed_are_in_the_annotation() {
    use crate::model::finding::Verdict;
    use crate::report::example::claim;
    let said = claim(182, "10:00:00", "I am launching 3 agents", Verdict::Contradicted, "peak 1");
    let one = session("10:00:00", "10:10:00", 1, Vec::new(), vec![said]);
    let serial = finding("claimed-serial", Severity::Error, "wrong", &one, json!({}), "");
    let printed = json!({"gate": "evil", "exit_code": 3, "wall": 0.0, "attempts": 1, "last_lines": ["100%", "::error::x"]});
    let gate = Finding {
        family: "gates".into(),
        session: None,
        claim: None,
        verdict: None,
        ..finding("gate-failed", Severity::Error, "evil failed", &one, printed, "mend it")
    };
    let commands = obeyed(&show(&report(vec![serial, gate], vec![one]), &context()));
    assert_eq!(commands[0].data, "wrong\nclaim: \"I am launching 3 agents\"\nverdict: contradicted (peak 1)");
    assert_eq!(commands[1].data, "evil failed\nhelp: mend it\noutput:\n100%\n\\u{3a}:error::x");
}

#[test]
fn what_was_not_checked_is_bounded_and_counted() {
    let mut report = report(Vec::new(), Vec::new());
    report.not_checked = (0..900).map(|number| not_checked(&format!("line {number}"), "not one whole JSON object")).collect();
    let commands = obeyed(&show(&report, &context()));
    let (shown, rest) = commands[0].data.rsplit_once(", and ").unwrap();
    let count = shown.matches("not one whole").count();
    assert_eq!(rest, format!("{} more", 900 - count));
    assert!(shown.chars().count() <= 3_010 && count > 50, "{count}");
}

#[test]
fn a_session_is_named_from_the_folder_and_other_files_from_the_root() {
    let mut sessions = vec![session("10:00:00", "10:10:00", 0, Vec::new(), Vec::new())];
    sessions[0].path = "logs/a.jsonl".into();
    let findings = ["logs/a.jsonl", "src/b.rs"].map(|path| found(Severity::Warning, "wrong", at(path, None)));
    let commands = obeyed(&show(&report(findings.to_vec(), sessions), &context()));
    let files: Vec<Option<&str>> = commands.iter().map(|command| command.property("file")).collect();
    assert_eq!(files, [Some("sub/logs/a.jsonl"), Some("src/b.rs")]);
}

#[test]
fn columns_of_several_lines_and_ends_before_their_beginning_are_left_out() {
    let two = Location { line: Some(4), column: Some(2), end_line: Some(5), end_column: Some(9), ..at("a", None) };
    let back = Location { line: Some(4), column: Some(2), end_line: Some(3), end_column: Some(1), ..at("a", None) };
    let commands =
        obeyed(&show(&report(vec![found(Severity::Error, "x", two), found(Severity::Error, "x", back)], Vec::new()), &context()));
    let of = |index: usize, name| commands[index].property(name);
    assert_eq!((of(0, "line"), of(0, "endLine"), of(0, "col"), of(0, "endColumn")), (Some("4"), Some("5"), None, None));
    assert_eq!((of(1, "line"), of(1, "endLine"), of(1, "col"), of(1, "endColumn")), (Some("4"), None, Some("2"), None));
}

#[test]
fn what_github_would_drop_is_named() {
    let findings: Vec<Finding> = (1..=13)
        .flat_map(|line| [Severity::Note, Severity::Error].map(|severity| found(severity, &format!("no {line}"), at("a.rs", Some(line)))))
        .collect();
    let mut report = report(findings, Vec::new());
    report.not_checked = vec![not_checked("locks", "no RESOURCE_LOCKS.json"), not_checked("waves", "no plan")];
    report.error = Some(Error {
        kind: "state".into(),
        message: "cannot read".into(),
        hint: Some("mend it".into()),
        location: Some(at(".claude/BOUNDARIES.json", Some(2))),
    });
    let printed = show(&report, &context());
    let commands = obeyed(&printed);
    let of = |name: &str| commands.iter().filter(|command| command.name == name).collect::<Vec<_>>();
    let (errors, notices) = (of("error"), of("notice"));
    assert_eq!((errors.len(), of("warning").len(), notices.len()), (MOST, 0, MOST));
    assert_eq!((errors[0].property("title"), errors[0].property("line")), (Some("paralint could not check"), Some("2")));
    assert_eq!(errors[0].data, "cannot read\nhelp: mend it");
    assert_eq!(notices[0].property("title"), Some("not checked"));
    assert_eq!(notices[0].data, "locks (no RESOURCE_LOCKS.json), waves (no plan)");
    let joined = printed.split_whitespace().collect::<Vec<_>>().join(" ");
    let four = "4 more errors have no annotation (GitHub shows 10 a step): claimed-serial a.rs:10, claimed-serial a.rs:11, \
        claimed-serial a.rs:12, claimed-serial a.rs:13 4 more notes have no annotation (GitHub shows 10 a step): claimed-serial a.rs:10,";
    assert!(joined.contains(four), "{printed}");
    assert!(printed.lines().take_while(|line| !line.starts_with("::error")).skip(1).all(|line| line.chars().count() <= 80), "{printed}");
}

#[test]
fn an_endless_message_is_cut_at_characters() {
    let long = "漢".repeat(100_000);
    let made = Finding { help: long.clone(), ..found(Severity::Error, &long, at(&long, None)) };
    let commands = obeyed(&show(&report(vec![made], Vec::new()), &context()));
    let length = commands[0].data.encode_utf16().count();
    assert!((2_000..4_096).contains(&length), "{length}");
    assert!(commands[0].data.contains("漢…"));
}

#[test]
fn nothing_found_is_no_annotation_and_no_colour_gets_in() {
    let style = human::Style { colour: true, ..human::Style::default() };
    let printed = show(&report(Vec::new(), Vec::new()), &Context { style, ..context() });
    assert!(obeyed(&printed).is_empty());
    assert!(printed.contains("nothing to report") && !printed.contains('\u{1b}'), "{printed}");
}

/// A text as the annotation has to hold it, on its beginning: the escapes of control characters are the only difference.
fn begins(data: &str, raw: &str) -> bool {
    data.starts_with(text::clip(text::visible(raw).trim(), 1_500, true).as_ref())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn a_runner_obeys_nothing_but_annotations(report in reports(), many in 0_usize..12, unicode: bool) {
        let mut report = report;
        // More than GitHub shows, of the same hostile kind.
        report.findings = report.findings.iter().flat_map(|finding| vec![finding.clone(); many]).collect();
        let style = human::Style { unicode, ..human::Style::default() };
        let printed = show(&report, &Context { style, ..context() });
        let stop = printed.lines().next().unwrap().strip_prefix("::stop-commands::").unwrap().to_owned();
        let end = format!("\n::{stop}::\n");
        prop_assert_eq!(printed.matches(&stop).count(), 2);
        let (before, after) = printed.split_once(&end).unwrap();
        prop_assert!(before.lines().skip(1).all(|line| text::command_at(line).is_none()), "{}", before);
        prop_assert!(after.lines().all(|line| ["::error ", "::warning ", "::notice "].iter().any(|head| line.starts_with(head))), "{}", after);
        prop_assert!(!printed.chars().any(|letter| letter != '\n' && letter.is_control()));
        let commands = obeyed(&printed);
        for (name, severity) in [("error", Severity::Error), ("warning", Severity::Warning), ("notice", Severity::Note)] {
            let mine: Vec<&Command> = commands.iter().filter(|command| command.name == name).collect();
            let first = match severity {
                Severity::Error => usize::from(report.error.is_some()),
                Severity::Warning => 0,
                Severity::Note => usize::from(!report.not_checked.is_empty()),
            };
            let wanted: Vec<&Finding> = report.findings.iter().filter(|finding| finding.severity == severity).collect();
            prop_assert_eq!(mine.len(), (wanted.len() + first).min(MOST));
            if unicode {
                for (command, finding) in mine.iter().skip(first).zip(wanted) {
                    prop_assert!(begins(&command.data, &finding.message), "{:?} {:?}", command, finding.message);
                    let rule = text::clip(text::visible(&finding.rule).trim(), 180, true).into_owned();
                    let title = format!("{rule} ({})", severity.word());
                    prop_assert_eq!(command.property("title"), Some(title.as_str()));
                    prop_assert!(command.property("file").is_none_or(|file| text::visible(&file.replace(['\n', '\r'], " ")) == file.replace(['\n', '\r'], " ")));
                }
            }
        }
    }

    #[test]
    fn any_message_comes_back(message in any::<String>(), path in "[a-z%:,= \u{e9}]{1,12}") {
        let commands = obeyed(&show(&report(vec![found(Severity::Error, &message, at(&path, Some(1)))], Vec::new()), &context()));
        prop_assert!(begins(&commands[0].data, &message));
        let is_plain = path.trim() == path;
        prop_assert_eq!(commands[0].property("file"), Some(path.as_str()).filter(|_| is_plain));
    }
}
