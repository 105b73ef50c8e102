//! The choice over a history that exists only here, and event files of any shape.

use super::payload::{Event, Payload, PullRequest};
use super::{History, Occasion, choose};
use crate::input::git::{End, GitError};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Commits with their parents; branches of the remote; what is checked out. Ids are letters that stand 40 times.
#[derive(Default)]
struct Told {
    commits: BTreeMap<char, Vec<char>>,
    branches: BTreeMap<&'static str, char>,
    head: char,
    shallow: bool,
    /// The address of the remote.
    origin: &'static str,
}

fn id(letter: char) -> String {
    letter.to_string().repeat(40)
}

impl Told {
    fn letter(&self, revision: &str) -> Option<char> {
        let letter = if revision == "HEAD" { self.head } else { revision.chars().next()? };
        self.commits.contains_key(&letter).then_some(letter)
    }
}

impl History for Told {
    fn end(&self, revision: &str) -> Result<Option<End>, GitError> {
        let found = self.letter(revision);
        Ok(found.map(|letter| End { id: id(letter), parents: self.commits[&letter].iter().copied().map(id).collect() }))
    }

    fn is_in(&self, one: &str, other: &str) -> Result<bool, GitError> {
        let (one, mut waiting) = (self.letter(one).unwrap(), vec![self.letter(other).unwrap()]);
        while let Some(letter) = waiting.pop() {
            if letter == one {
                return Ok(true);
            }
            waiting.extend(&self.commits[&letter]);
        }
        Ok(false)
    }

    fn remote_branch(&self, name: &str) -> Result<Option<String>, GitError> {
        Ok(self.branches.get(name).copied().map(id))
    }

    fn origin(&self) -> Result<Option<String>, GitError> {
        Ok(Some(self.origin.to_owned()))
    }

    fn default_branches(&self) -> Result<Vec<(String, String)>, GitError> {
        Ok(self.branches.iter().map(|(name, letter)| (format!("origin/{name}"), id(*letter))).collect())
    }

    fn is_shallow(&self) -> bool {
        self.shallow
    }

    fn missing(&self, what: &str) -> GitError {
        GitError::new(format!("missing {what}"), "fetch-depth: 0")
    }
}

/// a - b - e (main), a - c - d (work), f merges d into b.
fn told(head: char) -> Told {
    let commits = [('a', vec![]), ('b', vec!['a']), ('c', vec!['a']), ('d', vec!['c']), ('e', vec!['b']), ('f', vec!['b', 'd'])];
    Told { commits: commits.into(), branches: [("main", 'e')].into(), head, shallow: false, origin: "https://forge/me/repo" }
}

fn push(before: char, after: char, branch: &str) -> Occasion {
    let payload = Payload {
        default_branch: Some("main".to_owned()),
        pushed: Some(format!("refs/heads/{branch}")),
        before: Some(id(before)),
        after: Some(id(after)),
        ..Payload::default()
    };
    Occasion::Event(Box::new(Event { name: "push".to_owned(), sha: None, payload }))
}

fn request(head: char, base: char) -> Occasion {
    request_from(head, base, "me/repo", None)
}

/// A pull request of a repository, with the merge that GitHub made of it.
fn request_from(head: char, base: char, from: &str, merge: Option<char>) -> Occasion {
    let request = PullRequest {
        number: None,
        head: Some(id(head)),
        base: Some(id(base)),
        base_branch: Some("main".to_owned()),
        head_branch: Some("agent/one".to_owned()),
        head_repository: Some(from.to_owned()),
        base_repository: Some("me/repo".to_owned()),
    };
    let payload = Payload { pull_request: Some(request), ..Payload::default() };
    Occasion::Event(Box::new(Event { name: "pull_request".to_owned(), sha: merge.map(id), payload }))
}

/// The base that was chosen, or why none was.
fn base(occasion: &Occasion, told: &Told) -> String {
    match choose(occasion, told) {
        Ok(chosen) => chosen.base.chars().take(1).collect(),
        Err(error) => error.message,
    }
}

#[test]
fn the_base_of_a_pull_request_is_what_it_was_merged_into() {
    assert_eq!(base(&request('d', 'e'), &told('f')), "b", "and not where main is by now");
    assert_eq!(base(&request('d', 'a'), &told('d')), "e");
    let without_branch = |head| Told { branches: BTreeMap::new(), ..told(head) };
    assert_eq!(base(&request('d', 'b'), &without_branch('d')), "b");
    assert_eq!(base(&request('d', 'z'), &without_branch('d')), "missing origin/main");
    assert_eq!(
        base(&request('d', 'd'), &without_branch('d')),
        "there is no change to check: all of the pull request is in its base already"
    );
    assert!(base(&request('d', 'b'), &told('e')).contains("is not in what is checked out"));
}

#[test]
fn the_main_of_a_fork_is_no_base() {
    // e is a commit of the fork's main, and a part of the pull request.
    let commits = [('a', vec![]), ('e', vec!['a']), ('d', vec!['e'])];
    let clone = |origin| Told { commits: commits.clone().into(), branches: [("main", 'e')].into(), head: 'd', shallow: false, origin };
    let of_fork = |base| request_from('d', base, "you/repo", None);
    for fork in ["https://forge/you/repo", "git@forge:you/repo.git", "", "me/repo/", "/me", "https://forge/x/me/repo/y"] {
        let expected = if fork == "me/repo/" { "e" } else { "a" };
        assert_eq!(base(&of_fork('a'), &clone(fork)), expected, "{fork}");
    }
    for own in ["https://forge/me/repo", "https://token@forge/Me/Repo.git/", "git@forge:me/repo.git"] {
        assert_eq!(base(&of_fork('a'), &clone(own)), "e", "{own}");
    }
    let said = base(&of_fork('b'), &clone("https://forge/you/repo"));
    assert_eq!(
        said,
        "the base of the pull request, bbbbbbbbbbbb, is not in this clone, and origin/main is not known to be that of me/repo"
    );
    let error = choose(&of_fork('b'), &clone("https://forge/you/repo")).unwrap_err();
    assert!(error.hint.unwrap().contains("actions/checkout without `repository`"));
    // Main was moved by force: the work grew from what it was.
    let moved = Told { branches: [("main", 'b')].into(), ..told('d') };
    assert_eq!(base(&request('d', 'c'), &moved), "c");
}

#[test]
fn a_merge_that_somebody_made_is_no_merge_of_github() {
    // v is a violation, d the head of the event, f merges d into v; g merges d into main.
    let commits = [('a', vec![]), ('e', vec!['a']), ('v', vec!['e']), ('d', vec!['e']), ('f', vec!['v', 'd']), ('g', vec!['e', 'd'])];
    let clone = |head| Told { commits: commits.clone().into(), branches: [("main", 'e')].into(), head, shallow: false, origin: "" };
    for merge in [None, Some('g'), Some('d')] {
        assert_eq!(base(&request_from('d', 'a', "me/repo", merge), &clone('f')), "e", "{merge:?}");
        assert_eq!(base(&request_from('d', 'e', "you/repo", merge), &clone('f')), "e", "{merge:?}");
        assert_eq!(base(&request_from('d', 'a', "you/repo", merge), &clone('f')), "a", "{merge:?}");
    }
    let name = |occasion: &Occasion, told: &Told| choose(occasion, told).unwrap().name;
    assert_eq!(name(&request_from('d', 'a', "me/repo", None), &clone('g')), "HEAD^1..HEAD");
    assert_eq!(name(&request_from('d', 'z', "you/repo", Some('g')), &clone('g')), "HEAD^1..HEAD");
    assert_eq!(name(&request_from('d', 'a', "you/repo", None), &clone('g')), "aaaaaaaaaaaa..HEAD");
}

#[test]
fn the_base_of_a_push_is_what_was_there_unless_that_is_not_its_past() {
    assert_eq!(base(&push('c', 'd', "work"), &told('d')), "c");
    assert_eq!(base(&push('b', 'd', "work"), &told('d')), "e", "by force, a branch is compared with main");
    assert_eq!(base(&push('c', 'e', "main"), &told('e')), "c", "by force, main is compared with where it parts");
    assert_eq!(base(&push('z', 'd', "work"), &told('d')), "e");
    let shallow = Told { shallow: true, ..told('d') };
    assert!(base(&push('z', 'd', "work"), &shallow).starts_with("missing zzz"), "it may be an ancestor that was not fetched");
    let lost = "push to main, by force: what was there before, zzzzzzzzzzzz, is in no branch any more";
    assert_eq!(base(&push('z', 'e', "main"), &told('e')), lost, "no depth brings back what is nowhere");
}

#[test]
fn at_a_prompt_it_is_what_is_beyond_the_default_branch() {
    assert_eq!(base(&Occasion::Nobody, &told('d')), "e");
    let why = "there is no change to check: nothing names a change, and nothing here is beyond origin/main";
    assert_eq!(base(&Occasion::Nobody, &told('b')), why);
    let ends = |from: char, to: char| Occasion::Push { from: id(from), to: id(to), branch: None };
    let chosen = choose(&ends('a', 'c'), &told('d')).unwrap();
    assert_eq!((chosen.base, chosen.head, chosen.name), (id('a'), id('c'), "aaaaaaaaaaaa..cccccccccccc".to_owned()));
    assert_eq!(choose(&ends('a', 'd'), &told('d')).unwrap().head, "HEAD");
}

#[test]
fn the_branch_is_the_one_that_was_pushed_or_asked_for() {
    assert_eq!(request('d', 'e').branch(), Some("agent/one"));
    assert_eq!(push('c', 'd', "agent/two").branch(), Some("agent/two"));
    let event = |name: &str, text: &str| {
        let payload = Payload::parse(text.as_bytes()).unwrap();
        Occasion::Event(Box::new(Event { name: name.to_owned(), sha: None, payload }))
    };
    assert_eq!(event("push", r#"{"ref": "refs/tags/agent/one"}"#).branch(), None);
    assert_eq!(event("merge_group", r#"{"pull_request": {"head": {"ref": "agent/one"}}}"#).branch(), None);
    assert_eq!(event("pull_request", r#"{"pull_request": {"head": {"ref": "agent/one"}}}"#).branch(), Some("agent/one"));
    assert_eq!(Occasion::Nobody.branch(), None);
}

/// Any JSON, with the keys that events have.
fn json() -> impl Strategy<Value = serde_json::Value> {
    let text = prop_oneof![Just(id('a')), Just("0".repeat(40)), Just("HEAD".to_owned()), "[0-9a-f]{38,42}", ".*"];
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        text.prop_map(Into::into)
    ];
    let keys = ["before", "after", "ref", "pull_request", "head", "base", "sha", "merge_group", "base_sha", "head_sha", "number", "other"];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::btree_map(prop::sample::select(keys.to_vec()), inner, 0..6)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()))
        ]
    })
}

proptest! {
    #[test]
    fn whatever_an_event_file_holds_only_ids_come_out_of_it(value in json()) {
        let parsed = Payload::parse(value.to_string().as_bytes());
        prop_assert_eq!(parsed.is_ok(), value.is_object());
        let payload = parsed.unwrap_or_default();
        let request = payload.pull_request.unwrap_or_default();
        let ids = [payload.before, payload.after, payload.group_base, payload.group_head, request.head, request.base];
        for id in ids.into_iter().flatten() {
            prop_assert!(matches!(id.len(), 40 | 64) && id.chars().all(|letter| letter.is_ascii_hexdigit()), "{}", id);
        }
    }

    #[test]
    fn no_text_breaks_the_reader(text in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Payload::parse(&text);
    }

    #[test]
    fn what_is_chosen_is_never_empty(before in "[a-fz]", after in "[a-f]", head in "[a-f]", is_main in any::<bool>()) {
        let letter = |text: &str| text.chars().next().unwrap();
        let told = told(letter(&head));
        let branch = if is_main { "main" } else { "work" };
        for occasion in [push(letter(&before), letter(&after), branch), request(letter(&after), letter(&before)), Occasion::Nobody] {
            if let Ok(chosen) = choose(&occasion, &told) {
                prop_assert!(!told.is_in(&id(told.head), &chosen.base).unwrap(), "{:?} {:?}", occasion, chosen);
            }
        }
    }
}
