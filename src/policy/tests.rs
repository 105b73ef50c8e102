use super::*;
use proptest::prelude::*;

/// A policy from `name: paths; can_create; cannot_modify` and its kin.
pub(crate) fn boundary(name: &str, lists: &[(List, &[&str])]) -> Boundary {
    let located = |text: &&str| Located { value: (*text).to_owned(), mark: Mark::default() };
    let mut boundary = Boundary { name: located(&name), ..Boundary::default() };
    for (list, items) in lists {
        let items: Vec<Located<String>> = items.iter().map(located).collect();
        match list {
            List::Paths => boundary.paths = items,
            List::Create => boundary.can_create = items,
            List::Forbidden => boundary.cannot_modify = items,
            List::Dependencies => boundary.dependencies = items,
            List::Conflicts => boundary.conflicts_with = items,
        }
    }
    boundary
}

pub(crate) fn compiled(boundaries: Vec<Boundary>) -> Compiled {
    Compiled::new(Policy { path: "BOUNDARIES.json".to_owned(), boundaries, ..Policy::default() }).unwrap()
}

fn whose(policy: &Compiled, path: &str) -> Vec<(String, String)> {
    let claimants = policy.claimants(&RepoPath::from(path), false);
    claimants.iter().map(|one| (one.boundary.name.value.clone(), one.pattern.value.clone())).collect()
}

fn names(policy: &Compiled, path: &str) -> Vec<String> {
    whose(policy, path).into_iter().map(|(name, _)| name).collect()
}

#[test]
fn the_most_specific_boundary_comes_first() {
    let policy = compiled(vec![
        boundary("all", &[(List::Paths, &["/src/"])]),
        boundary("docs", &[(List::Paths, &["*.md", "/src/a/readme.md"])]),
        boundary("a", &[(List::Paths, &["/src/a/"])]),
    ]);
    assert_eq!(names(&policy, "src/a/x.rs"), ["a", "all"]);
    assert_eq!(names(&policy, "src/a/x.md"), ["a", "all", "docs"]);
    assert_eq!(whose(&policy, "src/a/readme.md")[0], ("docs".to_owned(), "/src/a/readme.md".to_owned()));
    assert_eq!(names(&policy, "lib/x"), Vec::<String>::new());
}

#[test]
fn negations_take_paths_out_of_their_list_alone() {
    let policy =
        compiled(vec![boundary("a", &[(List::Paths, &["/src/", "!/src/b/", "!*.md"])]), boundary("b", &[(List::Paths, &["/src/b/"])])]);
    assert_eq!(names(&policy, "src/b/x.rs"), ["b"]);
    assert_eq!(names(&policy, "src/b/x.md"), ["b"]);
    assert_eq!(names(&policy, "src/x.md"), Vec::<String>::new());
}

#[test]
fn what_is_forbidden_is_nobodys_but_for_exceptions_inside() {
    let policy = compiled(vec![boundary(
        "a",
        &[(List::Paths, &["/src/", "/common/mine/"]), (List::Forbidden, &["/common/", "*.sql", "/src/gen/", "/same/"])],
    )]);
    let forbidden = |path: &str| policy.forbids(0, &RepoPath::from(path)).map(|pattern| pattern.value.as_str());
    assert_eq!(forbidden("common/x"), Some("/common/"));
    assert_eq!(forbidden("common/mine/x"), None);
    assert_eq!(forbidden("src/x.sql"), Some("*.sql"), "a kind of file is forbidden everywhere");
    assert_eq!(forbidden("src/gen/x"), Some("/src/gen/"));
    assert_eq!(forbidden("src/x.rs"), None);
    assert_eq!(names(&policy, "src/gen/x"), Vec::<String>::new());
    assert_eq!(names(&policy, "common/mine/x"), ["a"]);
}

#[test]
fn names_of_boundaries_stand_for_their_paths() {
    let policy = compiled(vec![
        boundary("a", &[(List::Paths, &["/a/"]), (List::Forbidden, &["b"]), (List::Dependencies, &["c", "lib"])]),
        boundary("b", &[(List::Paths, &["/b/", "!/b/free/", "c"])]),
        boundary("c", &[(List::Paths, &["/c/", "b"])]),
        boundary("lib", &[(List::Paths, &["lib"])]),
        boundary("d", &[(List::Paths, &["/c/x/", "!c"])]),
    ]);
    assert_eq!(policy.forbids(0, &RepoPath::from("b/x")).map(|pattern| pattern.value.as_str()), Some("b"));
    assert!(policy.forbids(0, &RepoPath::from("b/free/x")).is_none());
    assert!(policy.forbids(0, &RepoPath::from("c/x")).is_some(), "through b");
    assert_eq!(names(&policy, "c/x/y"), ["b", "c"]);
    assert_eq!(policy.look(&RepoPath::from("c/x")).dependents().len(), 1);
    assert_eq!(names(&policy, "lib/x"), ["lib"], "a boundary that names itself means the folder");
}

#[test]
fn an_agent_may_change_what_is_its_own_and_make_what_it_may_make() {
    let policy = compiled(vec![
        boundary("a", &[(List::Paths, &["/a/"]), (List::Create, &["/new/"]), (List::Forbidden, &["/common/"])]),
        boundary("common", &[(List::Paths, &["/common/"])]),
    ]);
    let decide = |boundaries: &[usize], path: &str, creates: bool| {
        let path = RepoPath::from(path);
        match policy.look(&path).allows(boundaries, creates) {
            Decision::Allowed(claimant) => format!("allowed by {}", claimant.pattern.value),
            Decision::OnlyNew(claimant) => format!("new by {}", claimant.pattern.value),
            Decision::Forbidden(_, pattern) => format!("forbidden by {}", pattern.value),
            Decision::Outside(owners) => format!("of {}", owners.first().map_or("nobody", |owner| &owner.boundary.name.value)),
        }
    };
    assert_eq!(decide(&[0], "a/x", false), "allowed by /a/");
    assert_eq!(decide(&[0], "new/x", true), "allowed by /new/");
    assert_eq!(decide(&[0], "new/x", false), "new by /new/");
    assert_eq!(decide(&[0], "common/x", false), "forbidden by /common/");
    assert_eq!(decide(&[0, 1], "common/x", false), "allowed by /common/");
    assert_eq!(decide(&[1], "a/x", false), "of a");
    assert_eq!(decide(&[0], "x", false), "of nobody");
}

#[test]
fn what_is_locked_not_parallel_safe_or_common_is_shared() {
    let said = |value: bool| Some(Located { value, mark: Mark { line: 7, ..Mark::default() } });
    let mut locked = boundary("infra", &[(List::Paths, &["/infra/"])]);
    locked.locked = said(true);
    let mut serial = boundary("schema", &[(List::Paths, &["/schema/"])]);
    serial.parallel_safe = said(false);
    let policy = compiled(vec![
        locked,
        serial,
        boundary("a", &[(List::Paths, &["/infra/a/", "/a/"]), (List::Dependencies, &["/common/types", "/a/", "infra", "redis"])]),
    ]);
    let by = |path: &str| policy.look(&RepoPath::from(path)).shared().map(|shared| shared.by);
    assert_eq!(by("infra/x"), Some(SharedBy::Locked));
    assert_eq!(by("infra/a/x"), None);
    assert_eq!(by("schema/x"), Some(SharedBy::NotParallelSafe));
    assert_eq!(by("common/types/x.rs"), Some(SharedBy::Common));
    assert_eq!(by("a/x"), None, "it is owned");
    assert_eq!(by("deep/redis/x"), None, "a bare word is no path at any depth");
}

#[test]
fn errors_know_their_line() {
    let mut bad = boundary("a", &[(List::Paths, &["/fine/", "../x"]), (List::Conflicts, &["all"])]);
    bad.paths[1].mark.line = 9;
    let errors = Compiled::new(Policy { boundaries: vec![bad], ..Policy::default() }).unwrap_err();
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].mark.line, 9);
    assert!(errors[0].message.contains("out of the repository"));
}

proptest! {
    #[test]
    fn order_does_not_matter(
        lists in proptest::collection::vec(proptest::collection::vec("!?/[ab]/?([ab*]/?)?", 1..4), 1..4),
        path in "[ab](/[ab]){0,2}",
        forbidden in proptest::collection::vec("/[ab]/([ab]/)?", 0..2),
    ) {
        let build = |reverse: bool| {
            let mut all: Vec<Boundary> = lists.iter().enumerate().map(|(index, list)| {
                let mut items: Vec<&str> = list.iter().map(String::as_str).collect();
                let mut not: Vec<&str> = forbidden.iter().map(String::as_str).collect();
                if reverse {
                    items.reverse();
                    not.reverse();
                }
                boundary(&format!("b{index}"), &[(List::Paths, &items), (List::Forbidden, &not)])
            }).collect();
            if reverse {
                all.reverse();
            }
            whose(&compiled(all), &path)
        };
        prop_assert_eq!(build(false), build(true));
    }
}
