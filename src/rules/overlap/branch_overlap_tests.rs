use super::*;
use crate::model::path::RepoPath;
use crate::rules::overlap::sides::{Sides, branch};

fn overlap(kind: OverlapKind, class: Class) -> Overlap {
    let lines = (kind != OverlapKind::Identical).then_some([(40, 52), (48, 61)]);
    Overlap { path: RepoPath::from("src/api/routes.rs"), between: (0, 1), kind, lines, remarks: Vec::new(), class }
}

fn findings(overlaps: Vec<Overlap>) -> Vec<Finding> {
    let sides = Sides { changes: vec![branch("agent/trading", &[]), branch("agent/analysis", &[])], overlaps, tracked: Vec::new() };
    sides.run(check)
}

#[test]
fn each_kind_has_its_severity_and_its_words() {
    let one = |kind, class| findings(vec![overlap(kind, class)]).remove(0);
    let conflict = one(OverlapKind::Conflict, Class::Source);
    assert_eq!(conflict.message, "agent/trading and agent/analysis both changed src/api/routes.rs: git cannot merge it");
    assert_eq!((conflict.severity, conflict.location.line), (Severity::Error, Some(48)));
    assert!(conflict.help.starts_with("merge agent/analysis first, then rebase agent/trading"), "{}", conflict.help);
    assert_eq!(one(OverlapKind::Lines, Class::Source).severity, Severity::Error);
    let file = one(OverlapKind::File, Class::Source);
    assert_eq!((file.severity, file.location.line), (Severity::Error, None));
    assert_eq!(one(OverlapKind::Identical, Class::Source).severity, Severity::Note);
    assert_eq!(one(OverlapKind::Identical, Class::Generated).severity, Severity::Note);
    let generated = one(OverlapKind::Conflict, Class::Generated);
    assert_eq!(generated.severity, Severity::Warning);
    assert!(generated.help.contains("write src/api/routes.rs anew"), "{}", generated.help);
}

#[test]
fn a_fingerprint_survives_moved_lines_and_another_kind() {
    let one = findings(vec![overlap(OverlapKind::Conflict, Class::Source)]).remove(0);
    let moved = Overlap { lines: Some([(90, 91), (91, 99)]), ..overlap(OverlapKind::Lines, Class::Source) };
    assert_eq!(one.identity, findings(vec![moved]).remove(0).identity);
}

#[test]
fn a_name_that_looks_like_an_encoded_one_is_another() {
    let of = |path: &[u8]| Overlap { path: RepoPath::new(path), ..overlap(OverlapKind::File, Class::Source) };
    let found = findings(vec![of(b"bad%FF"), of(b"bad\xff")]);
    assert_eq!(found[0].paths, found[1].paths);
    assert_ne!(found[0].identity, found[1].identity);
}

#[test]
fn an_overlap_of_sides_that_are_not_there_is_left_out() {
    assert!(findings(vec![Overlap { between: (0, 7), ..overlap(OverlapKind::File, Class::Source) }]).is_empty());
    assert!(findings(Vec::new()).is_empty());
}

#[test]
fn one_line_is_one_number() {
    assert_eq!([(5, 5), (5, 7)].map(stretch), ["5", "5-7"]);
}
