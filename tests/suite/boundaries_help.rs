//! What a finding tells to do, done to the letter: afterwards nothing is found.

use super::program::paralint;
use super::repository::Repository;
use serde_json::{Value, json};

fn check(repository: &Repository) -> Vec<Value> {
    let arguments = ["check", "--format", "json", "--session", "none", "--staged", "--agent", "a"];
    let output = paralint(repository.path()).args(arguments).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(report["error"].is_null(), "{}", report["error"]);
    let findings = report["findings"].as_array().unwrap().iter();
    findings.filter(|finding| ["boundaries", "overlap"].contains(&finding["family"].as_str().unwrap())).cloned().collect()
}

/// Does what "add `X`, `Y` to `KEY` of NAME and take `Z` out of `KEY` of NAME" says.
fn follow(policy: &mut Value, help: &str) {
    let pieces: Vec<&str> = help.split('`').collect();
    let (mut verb, mut items, mut at) = ("", Vec::new(), 0);
    while at + 1 < pieces.len() {
        let before = pieces[at];
        for word in ["add ", "take "].into_iter().filter(|word| before.contains(word)) {
            verb = word;
        }
        if before == " to " || before == " out of " {
            let key = pieces[at + 1];
            let name = pieces[at + 2].strip_prefix(" of ").unwrap().split([' ', ',']).next().unwrap();
            let list = policy["boundaries"][name][key].as_array_mut().unwrap_or_else(|| panic!("{name} has no {key}: {help}"));
            for item in std::mem::take(&mut items) {
                let item: Value = serde_json::from_str(&format!("\"{item}\"")).unwrap();
                if verb == "add " {
                    assert!(!list.contains(&item), "{help}");
                    list.push(item);
                } else {
                    let index = list.iter().position(|one| *one == item).unwrap_or_else(|| panic!("{item} is not there: {help}"));
                    list.remove(index);
                }
            }
        } else {
            items.push(pieces[at + 1]);
        }
        at += 2;
    }
    assert!(items.is_empty(), "{help}");
}

/// Makes the changes, does what each finding says, what several say once, and expects that this many findings helped.
fn helps(boundaries: Value, tracked: &[&str], made: &[&str], count: usize) -> Vec<String> {
    let repository = Repository::new();
    let mut policy = json!({"boundaries": boundaries});
    repository.write("BOUNDARIES.json", &policy.to_string());
    for path in tracked {
        repository.write(path, "1\n");
    }
    repository.commit_all("base");
    for path in tracked.iter().filter(|path| !path.ends_with("keep")).chain(made) {
        repository.write(path, "2\n");
    }
    repository.git(&["add", "-A"]);
    let mut findings = check(&repository);
    findings.retain(|one| one["rule"] == "outside-boundary");
    assert_eq!(findings.len(), count, "{findings:#?}");
    let mut helps: Vec<String> = findings.iter().map(|one| one["help"].as_str().unwrap().to_owned()).collect();
    helps.sort();
    helps.dedup();
    for help in &helps {
        follow(&mut policy, help);
    }
    repository.write("BOUNDARIES.json", &policy.to_string());
    let left = check(&repository);
    assert!(left.is_empty(), "{helps:#?}\n{policy}\n{left:#?}");
    helps
}

#[test]
fn what_lies_in_a_broader_area_of_another_is_taken_out_of_it() {
    let two = json!({"a": {"can_modify": ["/src/a/"]}, "b": {"paths": ["/src/b/"]}});
    let helps_ = helps(two, &["src/a/keep", "src/b/deep/x", "src/b/keep"], &[], 1);
    let expected =
        "leave it to b, or let a have it: add `/src/b/deep/` to `can_modify` of a and `!/src/b/deep/` to `paths` of b in BOUNDARIES.json";
    assert_eq!(helps_, [expected]);
}

#[test]
fn a_file_that_another_names_and_one_beside_it_change_hands() {
    let two = json!({"a": {"can_modify": ["/src/a/"]}, "b": {"can_modify": ["/src/b/one", "/src/b/", "/z"]}});
    helps(two, &["src/a/keep", "src/b/one", "src/b/two", "src/b/keep", "z"], &[], 3);
}

#[test]
fn a_file_that_another_may_make_changes_hands() {
    let two = json!({"a": {"paths": ["/a/"]}, "b": {"paths": ["/b/"], "can_create": ["/new/"]}});
    helps(two, &["a/keep", "b/keep"], &["new/x", "b/sub/x"], 2);
}

#[test]
fn what_nobody_owns_is_proposed_without_what_others_have_beside_it() {
    let two = json!({"a": {"can_modify": ["/src/a/"]}, "b": {"can_modify": ["/src/b/"]}});
    let helps_ = helps(two, &["src/a/keep", "src/b/keep", "src/z.rs", "docs/deep/x.md"], &["y"], 3);
    assert!(helps_.iter().any(|one| one.contains("add `/src/z.rs` to `can_modify` of a in")), "{helps_:#?}");
    assert!(helps_.iter().any(|one| one.contains("add `/docs/deep/` to")), "{helps_:#?}");
}

#[test]
fn names_with_letters_of_patterns_are_escaped() {
    let two = json!({"a": {"can_modify": ["/a/"]}, "b": {"can_modify": ["/b/"]}});
    let tracked = ["a/keep", "b/keep", "[x].txt", "b/{x,y}*", "c/d?/x", "quo\"te"];
    let helps_ = helps(two, &tracked, &[], 4);
    assert!(helps_.iter().any(|one| one.contains(r"`/\\[x].txt`")), "{helps_:#?}");
}

#[test]
fn what_an_agent_has_but_for_an_exception_loses_the_exception() {
    helps(json!({"a": {"can_modify": ["/src/", "!/src/x/"]}}), &["src/keep", "src/x/y"], &[], 1);
    let two = json!({"a": {"can_modify": ["/src/", "!/src/x/", "!/src/z"]}, "b": {"can_modify": ["/b/"]}});
    helps(two, &["src/keep", "src/x/y", "src/z", "b/keep"], &[], 2);
}

#[test]
fn files_that_may_only_be_made_become_files_that_may_be_changed() {
    let two = json!({"a": {"can_modify": [], "can_create": ["/src/new/"]}, "b": {"paths": ["/b/"]}});
    helps(two, &["src/new/x", "b/keep"], &[], 1);
}

#[test]
fn many_files_in_few_folders_change_hands_together() {
    let two = json!({"a": {"paths": ["/a/"]}, "b": {"paths": ["/b/"]}, "c": {"paths": ["/c/", "/b/c.rs"]}});
    let tracked = ["a/keep", "b/keep", "b/c.rs", "c/keep", "b/d/1", "b/d/2", "b/d/3", "b/d/4", "b/e/1", "b/e/2", "b/e/3"];
    assert_eq!(helps(two, &tracked, &[], 8).len(), 3, "one for each folder, and one for the file");
}
