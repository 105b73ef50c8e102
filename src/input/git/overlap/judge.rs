//! What the changes of two sides are to each other, file by file. Pure.

use super::candidates::Clash;
use super::lines::Stretches;
use super::merging::Merged;
use crate::model::change::{Change, ChangeKind, ChangeSet, Class, Entry};
use crate::model::overlap::{Overlap, OverlapKind};
use crate::model::path::RepoPath;
use rustc_hash::{FxHashMap, FxHashSet};

/// A file that both sides changed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Common<'c> {
    /// Its path at the merge base; else the one that both have.
    pub(super) path: &'c RepoPath,
    pub(super) one: &'c Change,
    pub(super) other: &'c Change,
}

/// What the other stretches were computed from: the blob at the merge base and the one after, or none.
pub(super) type Job = (String, Option<String>);

/// The files that both sides changed, each pair of changes once.
pub(super) fn common<'c>(ones: &'c [Change], others: &'c [Change]) -> Vec<Common<'c>> {
    let mut by_path: FxHashMap<&RepoPath, usize> = FxHashMap::default();
    for (index, change) in others.iter().enumerate() {
        for path in change.paths() {
            by_path.entry(path).or_insert(index);
        }
    }
    let mut seen = FxHashSet::default();
    let mut all = Vec::new();
    for (index, one) in ones.iter().enumerate() {
        // Where a file was comes first: that is its path at the merge base.
        for path in one.old_path.iter().chain([&one.path]) {
            if let Some(other) = by_path.get(path).filter(|other| seen.insert((index, **other))) {
                all.push(Common { path, one, other: &others[*other] });
            }
        }
    }
    all
}

impl Common<'_> {
    fn changes(&self) -> [&Change; 2] {
        [self.one, self.other]
    }

    /// Both made the same of it.
    pub(super) fn is_identical(&self) -> bool {
        let deleted = |change: &Change| change.kind == ChangeKind::Deleted;
        if deleted(self.one) || deleted(self.other) {
            return deleted(self.one) && deleted(self.other);
        }
        let after = |change: &Change| (change.path.clone(), change.entry, change.new_blob.clone());
        self.one.new_blob.is_some() && after(self.one) == after(self.other)
    }

    /// What has to be compared to know the lines: only files that both have from the same blob.
    pub(super) fn jobs(&self) -> Option<[Job; 2]> {
        let base = self.one.old_blob.clone().filter(|_| self.one.old_blob == self.other.old_blob)?;
        let is_file = |change: &Change| matches!(change.entry, Entry::File | Entry::Executable);
        let known = |change: &Change| change.kind == ChangeKind::Deleted || change.new_blob.is_some();
        let fit = !self.is_identical() && self.changes().iter().all(|change| is_file(change) && known(change));
        fit.then(|| self.changes().map(|change| (base.clone(), change.new_blob.clone())))
    }

    fn has_conflict(&self, conflicting: &FxHashSet<&RepoPath>) -> bool {
        self.changes().iter().any(|change| change.paths().any(|path| conflicting.contains(path)))
    }

    /// One of them has it no more.
    fn is_gone(&self) -> bool {
        self.changes().iter().any(|change| change.kind == ChangeKind::Deleted)
    }

    fn overlap(&self, between: (usize, usize), conflict: bool, names: [&str; 2], stretches: &FxHashMap<Job, Option<Stretches>>) -> Overlap {
        let found = self.jobs().and_then(|jobs| {
            let [one, other] = jobs.map(|job| stretches.get(&job).and_then(Option::as_ref));
            one.zip(other).map(|(one, other)| one.meet(other))
        });
        let added = self.one.old_blob.is_none() && self.other.old_blob.is_none();
        let (touch, lines) = found.unwrap_or((added, None));
        let kind = match () {
            () if conflict => OverlapKind::Conflict,
            () if self.is_identical() => OverlapKind::Identical,
            // git found where the other one's lines went.
            () if self.is_gone() => OverlapKind::File,
            () if touch => OverlapKind::Lines,
            () => OverlapKind::File,
        };
        let lines = lines.filter(|_| conflict || !self.is_gone());
        let generated = self.changes().iter().any(|change| change.class == Class::Generated);
        let class = if generated { Class::Generated } else { Class::Source };
        Overlap { path: self.path.clone(), between, kind, lines, remarks: self.remarks(conflict, names), class }
    }

    fn remarks(&self, conflict: bool, names: [&str; 2]) -> Vec<String> {
        let mut all: Vec<(String, &str)> = Vec::new();
        for (change, name) in self.changes().into_iter().zip(names) {
            all.extend(remark(change, !self.is_identical() && !conflict).map(|remark| (remark, name)));
        }
        match &all[..] {
            [(one, _), (other, _)] if one == other => vec![format!("{one} by both")],
            _ => all.into_iter().filter(|(remark, _)| remark != "added").map(|(remark, name)| format!("{remark} by {name}")).collect(),
        }
    }
}

/// What is special about a change. What is deleted, and still merges, was moved to where its lines are found again.
fn remark(change: &Change, merges: bool) -> Option<String> {
    Some(match (change.kind, change.entry) {
        (ChangeKind::Renamed, _) => format!("renamed to {}", change.path.shown()),
        (ChangeKind::Deleted, _) if merges => "moved away".to_owned(),
        (ChangeKind::Deleted, _) => "deleted".to_owned(),
        (ChangeKind::Added, _) => "added".to_owned(),
        (ChangeKind::Mode, Entry::Executable) => "made executable".to_owned(),
        (ChangeKind::Mode, _) => "made not executable".to_owned(),
        (ChangeKind::Type, Entry::Symlink) => "made a symbolic link".to_owned(),
        (ChangeKind::Type, Entry::Submodule) => "made a submodule".to_owned(),
        (ChangeKind::Type, _) => "made a file".to_owned(),
        (ChangeKind::Modified, _) => return None,
    })
}

/// The overlaps of a pair of sides, given what git says of their merge.
pub(super) fn overlaps(
    between: (usize, usize),
    sets: [&ChangeSet; 2],
    common: &[Common<'_>],
    clashes: &[Clash],
    merged: &Merged,
    stretches: &FxHashMap<Job, Option<Stretches>>,
) -> Vec<Overlap> {
    let names = [sets[0].name.as_str(), sets[1].name.as_str()];
    let conflicting: FxHashSet<&RepoPath> = merged.conflicts.iter().map(|one| &one.path).chain(merged.told.iter().flatten()).collect();
    let mut explained: FxHashSet<&RepoPath> = common.iter().flat_map(|one| one.changes()).flat_map(|change| change.paths()).collect();
    // A file that git finds again under another name than we do: its blob at the merge base says which one it was.
    let unexplained =
        |explained: &FxHashSet<&RepoPath>| merged.conflicts.iter().filter(|one| !explained.contains(&one.path)).collect::<Vec<_>>();
    let moved: FxHashSet<&str> = unexplained(&explained).into_iter().filter_map(|one| one.base.as_deref()).collect();
    let mut all = Vec::new();
    for one in common {
        let by_blob = one.is_gone() && one.one.old_blob.as_deref().is_some_and(|blob| moved.contains(blob));
        let conflict = !one.is_identical() && (one.has_conflict(&conflicting) || by_blob);
        all.push(one.overlap(between, conflict, names, stretches));
    }
    for clash in clashes {
        let about = |paths: &[RepoPath]| paths.iter().any(|path| clash.paths.contains(path));
        let others = merged.told.iter().filter(|paths| about(paths)).flatten();
        let meant: FxHashSet<&RepoPath> = clash.paths.iter().chain(others).collect();
        let found = unexplained(&explained).into_iter().any(|one| meant.contains(&one.path));
        let is_told = |path: &RepoPath| all.iter().any(|told| told.path == *path && told.kind == OverlapKind::Conflict);
        let told = clash.moved.is_none() && clash.paths.first().is_some_and(is_told);
        if (found || told)
            && let Some(path) = clash.paths.first()
        {
            let remark = clash.remark.to_owned();
            match all.iter_mut().find(|overlap| overlap.path == *path) {
                // One path is told once: a file that one edited and the other one replaced by a folder.
                Some(told) => {
                    told.kind = OverlapKind::Conflict;
                    told.remarks.extend((!told.remarks.contains(&remark)).then_some(remark));
                }
                None => {
                    let (kind, class) = (OverlapKind::Conflict, Class::Source);
                    all.push(Overlap { path: path.clone(), between, kind, lines: None, remarks: vec![remark], class });
                }
            }
            explained.extend(meant);
        }
    }
    all.sort_by(|one, other| one.path.cmp(&other.path));
    all
}
