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
    Told { commits: commits.into(), branches: [("main", 'e')].into(), head, shallow: false }
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
    let (head, base, base_branch) = (Some(id(head)), Some(id(base)), Some("main".to_owned()));
    let request = PullRequest { head, base, base_branch, head_branch: Some("agent/one".to_owned()), number: None };
    let payload = Payload { pull_request: Some(request), ..Payload::default() };
    Occasion::Event(Box::new(Event { name: "pull_request".to_owned(), sha: None, payload }))
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
fn the_base_of_a_push_is_what_was_there_unless_that_is_not_its_past() {
    assert_eq!(base(&push('c', 'd', "work"), &told('d')), "c");
    assert_eq!(base(&push('b', 'd', "work"), &told('d')), "e", "by force, a branch is compared with main");
    assert_eq!(base(&push('c', 'e', "main"), &told('e')), "c", "by force, main is compared with where it parts");
    assert_eq!(base(&push('z', 'd', "work"), &told('d')), "e");
    let shallow = Told { shallow: true, ..told('d') };
    assert!(base(&push('z', 'd', "work"), &shallow).starts_with("missing zzz"), "it may be an ancestor that was not fetched");
    assert!(base(&push('z', 'e', "main"), &told('e')).starts_with("missing zzz"));
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
