//! Who edited what, as session logs tell it.

use super::directory::Directory;
use crate::audit::Audited;
use crate::model::change::ChangeSet;
use crate::model::session::{Clock, Dispatch, Edit};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// Somebody who edited files: the main thread, or an agent by its number.
type Author = Option<usize>;

/// Who edited which file.
#[derive(Debug, Default)]
pub(super) struct Edits {
    /// By path: in which worktree, by whom.
    by_path: FxHashMap<String, BTreeSet<(Option<String>, Author)>>,
    /// What each agent is called.
    names: Vec<String>,
}

impl Edits {
    /// Reads the edits of all sessions. What was only inferred from a shell command proves nobody's authorship.
    pub(super) fn read(sessions: &[Audited], directory: &Directory<'_>) -> Edits {
        let mut edits = Edits::default();
        let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
        for audited in sessions {
            let session = &audited.session;
            for dispatch in session.dispatches.iter().filter(|dispatch| !dispatch.edits.is_empty()) {
                let id = dispatch.agent.clone().unwrap_or_else(|| dispatch.id.clone());
                // Every text counts its agents from one.
                let text = (session.clock == Clock::Lines).then_some(&session.path);
                let key = text.map_or_else(|| id.clone(), |path| format!("{path}\n{id}"));
                let number = *numbers.entry(key).or_insert_with(|| {
                    edits.names.push(called(dispatch, directory).unwrap_or(id));
                    edits.names.len() - 1
                });
                edits.add(&dispatch.edits, Some(number));
            }
            for transcript in &session.transcripts {
                let number = match (&transcript.agent, transcript.dispatch) {
                    (None, _) => None,
                    // Its edits are the dispatch's as well.
                    (Some(_), Some(_)) => continue,
                    (Some(agent), None) => Some(*numbers.entry(agent.clone()).or_insert_with(|| {
                        edits.names.push(agent.clone());
                        edits.names.len() - 1
                    })),
                };
                edits.add(&transcript.edits, number);
            }
        }
        edits
    }

    fn add(&mut self, edits: &[Edit], author: Author) {
        for edit in edits.iter().filter(|edit| !edit.inferred) {
            let worktree = edit.worktree.as_deref().map(|worktree| worktree.rsplit('/').next().unwrap_or(worktree).to_owned());
            self.by_path.entry(edit.path.clone()).or_default().insert((worktree, author));
        }
    }

    /// The one agent that made all of those changes that logs know.
    pub(super) fn author(&self, changes: &ChangeSet) -> Option<&str> {
        if self.names.is_empty() {
            return None;
        }
        let mut authors = BTreeSet::new();
        for path in changes.files.iter().flat_map(|change| change.paths()) {
            let edits = self.by_path.get(path.shown().as_ref()).into_iter().flatten();
            // An agent that worked in a tree of its own changed nothing here until that tree was merged.
            let here = edits.filter(|(worktree, _)| worktree.is_none() || *worktree == changes.worktree);
            authors.extend(here.map(|(_, author)| *author));
        }
        let [Some(author)] = authors.into_iter().collect::<Vec<_>>()[..] else { return None };
        self.names.get(author).map(String::as_str)
    }
}

/// What policy and state files call the agent of a dispatch: by its identifier, its description, or a name in it.
pub(super) fn called(dispatch: &Dispatch, directory: &Directory<'_>) -> Option<String> {
    let kind = dispatch.agent_type.as_deref().filter(|kind| !directory.is_kind(kind));
    let whole = [dispatch.agent.as_deref(), dispatch.description.as_deref().map(str::trim), kind];
    let known = whole.into_iter().flatten().find(|name| directory.knows(name));
    known.map(str::to_owned).or_else(|| mentioned(dispatch.description.as_deref()?, directory))
}

/// The one agent whom a description names.
fn mentioned(description: &str, directory: &Directory<'_>) -> Option<String> {
    let mut found: Vec<&str> = directory.identifiers().iter().copied().filter(|name| holds(description, name)).collect();
    // The longest first: `task-1-tests` says more than `tests`.
    found.sort_by_key(|name| (std::cmp::Reverse(name.len()), *name));
    let first = found.first()?;
    let same = directory.resolve(first).names;
    found.iter().all(|name| same.contains(*name) || holds(first, name)).then(|| (*first).to_owned())
}

/// Whether an identifier stands in a text as a word of its own.
fn holds(text: &str, name: &str) -> bool {
    let part = |character: char| character.is_alphanumeric() || character == '-' || character == '_';
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).and_then(|head| head.chars().next_back());
        let after = text.get(at + name.len()..).and_then(|tail| tail.chars().next());
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}
