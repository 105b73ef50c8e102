use super::*;
use crate::model::state::Boundary;
use crate::policy::tests::{boundary, compiled};

fn shown(policy: &Compiled, files: &[&str]) -> Vec<String> {
    let mut tracked: Vec<RepoPath> = files.iter().map(|path| RepoPath::from(*path)).collect();
    tracked.sort();
    let name = |index: &usize| policy.policy.boundaries[*index].name.value.as_str();
    let problem = |problem: &Problem<'_>| match problem {
        Problem::Overlap { place, claimants, witness } => {
            let names: Vec<&str> = claimants.iter().map(|one| one.boundary.name.value.as_str()).collect();
            format!("overlap {place} {}{}", names.join(","), witness.as_ref().map_or(String::new(), |file| format!(" by {file}")))
        }
        Problem::Duplicate { boundary, items } => format!("duplicate {} {}", name(boundary), items[1].value),
        Problem::Shadowed { boundary, pattern, by, is_taken_out } => {
            let how = if *is_taken_out { "taken out" } else { "shadowed" };
            format!("{how} {} {} by {}", name(boundary), pattern.value, by.value)
        }
        Problem::Dead { boundary, patterns } => {
            format!("dead {} {}", name(boundary), patterns.iter().map(|one| one.value.as_str()).collect::<Vec<_>>().join(" "))
        }
    };
    problems(policy, Files { tracked: &tracked, others: &[] }).iter().map(problem).collect()
}

fn paths(name: &str, items: &[&str]) -> Boundary {
    boundary(name, &[(List::Paths, items)])
}

fn overlaps(boundaries: Vec<Boundary>, files: &[&str]) -> Vec<String> {
    let mut all = shown(&compiled(boundaries), files);
    all.retain(|one| one.starts_with("overlap"));
    all
}

#[test]
fn one_folder_in_another_is_an_overlap_unless_it_is_taken_out() {
    let inner = || paths("b", &["/src/b/"]);
    assert_eq!(overlaps(vec![paths("a", &["/src/"]), inner()], &[]), ["overlap /src/b b,a"]);
    assert_eq!(overlaps(vec![paths("a", &["/src/b"]), inner()], &[]), ["overlap /src/b a,b"]);
    assert!(overlaps(vec![paths("a", &["/src/", "!/src/b/"]), inner()], &[]).is_empty());
    assert!(overlaps(vec![paths("a", &["/src/", "!/src/*/"]), inner()], &[]).is_empty());
    assert!(overlaps(vec![boundary("a", &[(List::Paths, &["/src/"]), (List::Forbidden, &["/src/b/"])]), inner()], &[]).is_empty());
    assert!(overlaps(vec![boundary("a", &[(List::Paths, &["/src/"]), (List::Forbidden, &["b"])]), inner()], &[]).is_empty());
    assert!(overlaps(vec![paths("a", &["/src/bb/"]), inner()], &[]).is_empty());
    let mut locked = paths("a", &["/src/"]);
    locked.locked = Some(Located { value: true, ..Located::default() });
    assert!(overlaps(vec![locked, inner()], &[]).is_empty(), "it is shared, and nobody's own");
}

#[test]
fn globs_meet_only_where_it_is_proven() {
    let folder = || paths("b", &["/src/b/"]);
    assert_eq!(overlaps(vec![paths("a", &["/src/b/x/*.rs"]), folder()], &[]), ["overlap /src/b/x/*.rs a,b"]);
    assert!(overlaps(vec![paths("a", &["*.md"]), folder()], &["src/b/x.md"]).is_empty(), "the folder decides");
    assert!(overlaps(vec![paths("a", &["/src/b/*.rs"]), paths("b", &["/src/b/", "!*.rs"])], &[]).is_empty());
    assert!(overlaps(vec![paths("a", &["*.md"]), paths("b", &["READ*"])], &["x.md"]).is_empty());
    assert_eq!(overlaps(vec![paths("a", &["*.md"]), paths("b", &["READ*"])], &["README.md"]), ["overlap *.md a,b by README.md"]);
    assert_eq!(overlaps(vec![paths("a", &["*.md"]), paths("b", &["**/*.md"])], &[]), ["overlap *.md a,b"]);
}

#[test]
fn patterns_that_decide_nothing_are_found() {
    let found = |items: &[&str], files: &[&str]| shown(&compiled(vec![paths("a", items), paths("z", &["/src/z/"])]), files);
    let quiet = |items: &[&str]| {
        let mut all = found(items, &[]);
        all.retain(|one| !one.starts_with("overlap"));
        all
    };
    assert_eq!(quiet(&["/a/", "/a/**"]), ["duplicate a /a/**"]);
    assert_eq!(quiet(&["/a/", "/a/b/*.rs"]), ["shadowed a /a/b/*.rs by /a/"]);
    assert!(quiet(&["/a/", "/b/", "!/a/b/"]).is_empty());
    assert!(quiet(&["/src/", "/src/z/x/"]).is_empty(), "it takes something out of z");
    assert_eq!(quiet(&["/a/", "/a/b/", "!/a/b/"]), ["taken out a /a/b/ by !/a/b/"]);
    assert_eq!(found(&["/a/", "*.rs", "*.py", "/b/{x,y}"], &["a/x.rs", "b/x", "src/z/q"]), ["dead a *.py"]);
    assert!(found(&["/a.b", "/a"], &["a.b", "a/x", "src/z/x"]).is_empty());
    assert_eq!(found(&["/a"], &["a-b", "a.c", "src/z/x"]), ["dead a /a"]);
}

#[test]
fn what_is_given_and_forbidden_alike_is_no_gift() {
    let policy = compiled(vec![boundary("a", &[(List::Paths, &["/a/", "/b/"]), (List::Forbidden, &["/a/"])])]);
    assert_eq!(shown(&policy, &[]), ["taken out a /a/ by /a/"]);
    let policy = compiled(vec![boundary("a", &[(List::Paths, &["/a/b/"]), (List::Forbidden, &["/a/"])])]);
    assert!(shown(&policy, &[]).is_empty(), "an exception");
}
