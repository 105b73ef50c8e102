//! Change sets made by hand, for the tests of this family.

use crate::config::Config;
use crate::model::change::{Change, ChangeKind, ChangeSet, Class, Entry, Source};
use crate::model::finding::Finding;
use crate::model::gate::Receipts;
use crate::model::moment::Moment;
use crate::model::overlap::Overlap;
use crate::model::path::RepoPath;
use crate::model::state::State;
use crate::rules::RepositoryContext;
use crate::work::activity::Activity;
use crate::work::identity::Attributed;
use crate::work::phase::Phases;
use rustc_hash::FxHashSet;

/// What the rules of this family look at.
pub(super) struct Sides {
    pub(super) changes: Vec<Attributed>,
    pub(super) overlaps: Vec<Overlap>,
    pub(super) tracked: Vec<RepoPath>,
}

impl Sides {
    pub(super) fn run(&self, check: fn(&RepositoryContext<'_>) -> Vec<Finding>) -> Vec<Finding> {
        check(&RepositoryContext {
            changes: &self.changes,
            policy: None,
            state: &State::default(),
            phases: &Phases::default(),
            activity: &Activity::default(),
            overlaps: &self.overlaps,
            sessions: &[],
            completions: &[],
            receipts: &Receipts::default(),
            tracked: &self.tracked,
            present: &FxHashSet::default(),
            now: Moment::default(),
            range: false,
            config: &Config::default(),
        })
    }
}

/// A branch that changed these files.
pub(super) fn branch(name: &str, files: &[(ChangeKind, Option<&str>, &str)]) -> Attributed {
    let change = |(kind, old, path): &(ChangeKind, Option<&str>, &str)| Change {
        path: RepoPath::from(*path),
        old_path: old.map(RepoPath::from),
        kind: *kind,
        entry: Entry::File,
        old_blob: None,
        new_blob: None,
        class: Class::Source,
    };
    let files = files.iter().map(change).collect();
    let changes = ChangeSet { branch: Some(name.to_owned()), files, ..ChangeSet::new(Source::Branch, name) };
    Attributed { changes, by: None, doubts: Vec::new() }
}
