use super::*;
use crate::rules::overlap::sides::{Sides, branch};

type File<'f> = (ChangeKind, Option<&'f str>, &'f str);

fn found(tracked: &[&str], sets: &[&[File<'_>]]) -> Vec<Finding> {
    let mut tracked: Vec<RepoPath> = tracked.iter().map(|path| RepoPath::from(*path)).collect();
    tracked.sort();
    let changes = sets.iter().enumerate().map(|(index, files)| branch(&format!("agent/{index}"), files)).collect();
    Sides { changes, overlaps: Vec::new(), tracked }.run(check)
}

fn messages(tracked: &[&str], sets: &[&[File<'_>]]) -> Vec<String> {
    found(tracked, sets).into_iter().map(|finding| finding.message).collect()
}

const fn added(path: &str) -> File<'_> {
    (ChangeKind::Added, None, path)
}

#[test]
fn an_added_file_collides_with_a_tracked_one() {
    let found = found(&["README", "a/b", "readme"], &[&[added("readme")]]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].message, "readme and README are one file where case does not count");
    assert_eq!((found[0].location.path.as_str(), &found[0].paths[..]), ("readme", &["readme".to_owned(), "README".to_owned()][..]));
}

#[test]
fn two_sides_that_add_one_name_collide() {
    let one = messages(&["docs/x"], &[&[added("docs/README.md")], &[added("docs/readme.md")]]);
    assert_eq!(one, ["docs/readme.md and docs/README.md are one file where case does not count; agent/1 has the one, agent/0 the other"]);
    assert_eq!(messages(&[], &[&[added("A"), added("a")]]), ["a and A are one file where case does not count"]);
}

#[test]
fn unicode_forms_collide() {
    assert_eq!(
        messages(&["caf\u{e9}.md"], &[&[added("cafe\u{301}.md")]]),
        ["cafe\u{301}.md and caf\u{e9}.md are one file where Unicode form does not count"]
    );
}

#[test]
fn folders_collide_once_however_much_lies_in_them() {
    let one = messages(&["src/a.rs", "src/b.rs", "src/c/d.rs"], &[&[added("Src/a.rs"), added("Src/x.rs"), added("Src/C/d.rs")]]);
    assert_eq!(one, ["Src and src are one folder where case does not count"]);
}

#[test]
fn what_was_so_before_and_what_is_mended_is_nobodys_fault() {
    // Both folders are there already; a file is added in one of them.
    assert!(messages(&["Src/a", "src/b"], &[&[added("src/c")]]).is_empty());
    // The case of a name is changed.
    assert!(messages(&["README"], &[&[(ChangeKind::Renamed, Some("README"), "readme")]]).is_empty());
    assert!(messages(&["readme"], &[&[(ChangeKind::Renamed, Some("README"), "readme")]]).is_empty());
    assert!(messages(&["README"], &[&[(ChangeKind::Deleted, None, "README"), added("readme")]]).is_empty());
    // Both add the same path; a file is modified.
    assert!(messages(&[], &[&[added("readme")], &[added("readme")]]).is_empty());
    assert!(messages(&["README", "readme"], &[&[(ChangeKind::Modified, None, "readme")]]).is_empty());
    // A folder is renamed as a whole.
    assert!(
        messages(&["Src/a", "Src/b"], &[&[(ChangeKind::Renamed, Some("Src/a"), "src/a"), (ChangeKind::Renamed, Some("Src/b"), "src/b")]])
            .is_empty()
    );
    assert!(!messages(&["Src/a", "Src/b"], &[&[(ChangeKind::Renamed, Some("Src/a"), "src/a")]]).is_empty());
}

#[test]
fn three_spellings_are_two_findings() {
    assert_eq!(messages(&["README"], &[&[added("readme"), added("ReadMe")]]).len(), 2);
    assert_eq!(messages(&[], &[&[added("readme")], &[added("ReadMe")], &[added("README")]]).len(), 2);
}

#[test]
fn a_large_tree_is_not_walked() {
    let tracked: Vec<String> = (0..87_000).map(|number| format!("d{}/e{}/f{number}.rs", number % 40, number % 700)).collect();
    let tracked: Vec<&str> = tracked.iter().map(String::as_str).collect();
    assert_eq!(messages(&tracked, &[&[added("d1/E41/f41.rs")]]), ["d1/E41 and d1/e41 are one folder where case does not count"]);
}
