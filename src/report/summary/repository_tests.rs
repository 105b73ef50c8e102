//! Tables of overlaps and owners.

use super::tests::{context, read, show};
use super::within;
use crate::report::example::report;
use crate::report::text;
use crate::report::v1::{Location, Report};
use proptest::prelude::*;

/// A report of overlaps and owners whose names are `name`.
fn repository(name: &str) -> Report {
    use crate::model::change::Class;
    use crate::model::overlap::OverlapKind;
    use crate::report::v1::{HeldLock, Overlap, Owned, Ownership, OwningBoundary};
    let location = Location { path: name.into(), path_encoded: false, line: Some(7), column: None, end_line: None, end_column: None };
    let boundary = OwningBoundary {
        name: name.into(),
        owner: Some(name.into()),
        pattern: name.into(),
        location,
        excerpt: None,
        decides: true,
        only_new: false,
    };
    let lock = HeldLock { agent: name.into(), since: None, path: name.into(), age: None, stale: true, why: None, location: None };
    let owned = Owned {
        path: name.into(),
        path_encoded: false,
        policy: Ownership::Owned,
        shared: None,
        boundaries: vec![boundary],
        forbidden: Vec::new(),
        inside: Vec::new(),
        locks: vec![lock],
        files: None,
    };
    let overlap = Overlap {
        path: name.into(),
        path_encoded: false,
        between: [name.into(), name.into()],
        kind: OverlapKind::Lines,
        lines: Some([(1, 2), (2, 5)]),
        class: Class::Source,
        remarks: vec![name.into()],
    };
    let mut report = report(Vec::new(), Vec::new());
    report.overlaps = Some(vec![overlap]);
    report.merge_order = Some(vec![name.into(), name.into()]);
    report.owners = Some(vec![owned]);
    report
}

#[test]
fn overlaps_and_owners_have_tables() {
    let mut report = repository("x");
    let markdown = show(&report);
    let found = read(&markdown);
    assert_eq!(found.tables[0], [["x", "x and x", "lines", "1-2 and 2-5", "x"]]);
    assert_eq!(found.tables[1], [["x", "owned", "x (owner x)", "x at x:7", "x holds x, stale"]]);
    assert!(markdown.contains("\nThe order of merging with the fewest conflicts:\n\n1. x\n2. x\n"), "{markdown}");
    let first = |report: &Report| show(report).lines().next().unwrap().split_once(": ").unwrap().1.to_owned();
    assert_eq!(first(&report), "owners of 1 path");
    report.owners.as_mut().unwrap()[0].policy = crate::report::v1::Ownership::Unowned;
    assert_eq!(first(&report), "1 path without an owner");
    report.owners = Some(Vec::new());
    assert_eq!(first(&report), "every tracked file has an owner");
    report.owners = None;
    assert_eq!(first(&report), "1 overlap without a finding");
}

proptest! {
    #[test]
    fn names_of_a_repository_mean_nothing_to_markdown(name in crate::report::hostile::hostile(), limit in 0_usize..4_000) {
        let report = repository(&name);
        let markdown = show(&report);
        prop_assert!(markdown.lines().all(|line| text::command_at(line).is_none() && !line.contains("##[")));
        let found = read(&markdown);
        prop_assert_eq!(found.tables.iter().map(|table| table.iter().map(Vec::len).collect::<Vec<_>>()).collect::<Vec<_>>(), [[5], [5]]);
        let acts = regex::Regex::new(r"(?i)@\w|#\d|://|www\.|:[a-z]\w*:|\bgh-\d").unwrap();
        prop_assert!(!acts.is_match(&found.texts.concat()), "{}", markdown);
        prop_assert!(within(&report, &context(), limit).is_none_or(|cut| cut.len() <= limit));
    }
}
