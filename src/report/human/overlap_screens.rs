//! What people see of `paralint overlap`, kept as files to be read: `snapshots/*.snap`.

use super::Style;
use super::show;
use crate::model::change::{Class, Source};
use crate::model::overlap::OverlapKind;
use crate::report::example::{not_checked, report};
use crate::report::v1::{ChangeSet, Checked, Overlap, Report};

const PLAIN: Style = Style { width: 80, unicode: true, colour: false, verbose: false };
const ASCII: Style = Style { unicode: false, ..PLAIN };

type Lines = Option<[(u64, u64); 2]>;

fn overlap(path: &str, between: [&str; 2], kind: OverlapKind, lines: Lines) -> Overlap {
    Overlap {
        path: path.into(),
        path_encoded: false,
        between: between.map(Into::into),
        kind,
        lines,
        class: Class::Source,
        remarks: Vec::new(),
    }
}

fn screen(names: &[&str], overlaps: Vec<Overlap>, order: &[&str]) -> Report {
    let set = |name: &&str| ChangeSet {
        source: Source::Branch,
        name: (*name).into(),
        base: None,
        head: None,
        agent: None,
        attributed_by: None,
        files: Vec::new(),
    };
    let pairs = names.len() * (names.len() - 1) / 2;
    let detail = format!("{pairs} pairs of {} branches, {} with common files", names.len(), overlaps.len());
    Report {
        command: "overlap".into(),
        sessions: None,
        changes: Some(names.iter().map(set).collect()),
        overlaps: Some(overlaps),
        merge_order: Some(order.iter().map(|name| (*name).into()).collect()),
        checked: vec![Checked { what: "overlap".into(), detail }],
        ..report(Vec::new(), Vec::new())
    }
}

fn three() -> Report {
    let (trading, analysis, reports) = ("agent/trading", "agent/analysis", "agent/reports");
    let mut moved = overlap("src/features/analysis/engine.rs", [trading, analysis], OverlapKind::Conflict, None);
    moved.remarks = vec!["renamed to src/engine.rs by agent/trading".into(), "deleted by agent/analysis".into()];
    let mut lock = overlap("Cargo.lock", [trading, reports], OverlapKind::Lines, Some([(90, 95), (95, 95)]));
    lock.class = Class::Generated;
    let overlaps = vec![
        overlap("Cargo.toml", [trading, reports], OverlapKind::File, Some([(12, 12), (30, 30)])),
        lock,
        moved,
        overlap("src/api/routes.rs", [trading, analysis], OverlapKind::Conflict, Some([(40, 52), (48, 61)])),
    ];
    screen(&[trading, analysis, reports], overlaps, &[reports, analysis, trading])
}

fn twenty() -> Report {
    let names: Vec<String> =
        (1..=20).map(|number| format!("agent/{}-{number}", if number % 3 == 0 { "a-rather-long-name" } else { "task" })).collect();
    let kinds = [OverlapKind::Conflict, OverlapKind::Lines, OverlapKind::File, OverlapKind::Identical];
    let mut overlaps = Vec::new();
    for one in 0..17 {
        for other in one + 1..17 {
            if (one * 7 + other * 5) % 6 == 0 {
                let path = format!("crates/core/src/module_{one}/with/a/long/path/to/the/file_{other}.rs");
                let path = if one % 2 == 0 { path } else { format!("src/{other}.rs") };
                overlaps.push(overlap(&path, [&names[one], &names[other]], kinds[(one + other) % 4], Some([(10, 20), (15, 1500)])));
            }
        }
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    screen(&names, overlaps, &names)
}

fn hostile() -> Report {
    let names = ["main\u{1b}[31m", "::error::x", "\u{202e}wt"];
    let mut one = overlap("a\nb\u{7}/::set-output", ["main\u{1b}[31m", "::error::x"], OverlapKind::Conflict, None);
    one.remarks = vec!["renamed to \u{1b}]0;x\u{7} by ::error::x".into()];
    let mut report = screen(&names, vec![one], &names);
    report.not_checked = vec![not_checked(&super::overlaps::uncompared(names[0], names[2]), "they have no commit in common")];
    report
}

#[test]
fn screens() {
    insta::assert_snapshot!("overlap", show(&three(), &PLAIN));
    insta::assert_snapshot!("overlap_ascii", show(&three(), &ASCII));
    insta::assert_snapshot!("overlap_twenty", show(&twenty(), &PLAIN));
    insta::assert_snapshot!("overlap_narrow", show(&three(), &Style { width: 60, ..PLAIN }));
    insta::assert_snapshot!("overlap_hostile", show(&hostile(), &PLAIN));
    insta::assert_snapshot!("overlap_nothing", show(&screen(&["a", "b"], Vec::new(), &["a", "b"]), &PLAIN));
}

#[test]
fn every_screen_keeps_to_the_page() {
    for report in [three(), twenty(), hostile()] {
        for style in [PLAIN, ASCII, Style { width: 60, ..PLAIN }, Style { verbose: true, ..PLAIN }] {
            for line in show(&report, &style).lines() {
                assert!(line.chars().count() <= style.width, "{line}");
                assert!(!line.trim_start().starts_with("::"), "{line}");
                assert!(!line.chars().any(char::is_control), "{line:?}");
                assert!(style.unicode || line.is_ascii(), "{line}");
            }
        }
    }
}
