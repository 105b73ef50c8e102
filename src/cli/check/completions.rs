//! Gathering what state files call complete, and for which tree it was said, where the configuration has gates for it.

use super::super::sessions::Run;
use crate::config::Config;
use crate::gates::receipts::Store;
use crate::input::git::{GitError, Repository};
use crate::input::state;
use crate::model::change::ChangeSet;
use crate::model::gate::{Completion, Origin, Receipts, TreeKey};
use crate::model::state::State;
use crate::report::v1;
use crate::work::gate_proof::{self, Claim};
use crate::work::phase::{self, Phases};
use crate::work::tree;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// How many versions of a state file are looked through, first and at most: nearly always the newest few tell.
const VERSIONS: (usize, usize) = (16, 1024);

/// What is called complete and has gates, and the receipts of this clone. Costs nothing where no gate is tied to a phase.
/// `range` are the change sets of a range, the whole of it first: then its newest commit says what is complete, and only
/// what its own commits called so counts.
pub(super) fn gather(
    repository: &Repository,
    config: &Config,
    state: &State,
    range: Option<&[ChangeSet]>,
    run: &mut Run,
) -> (Vec<Completion>, Receipts) {
    if !gate_proof::is_asked(config) {
        return Default::default();
    }
    let receipts = || Store::new(&repository.facts.common_dir).read();
    if let Some(sets) = range {
        let completions = of_range(repository, config, sets, run);
        let receipts = if completions.is_empty() { Receipts::default() } else { receipts() };
        return (completions, receipts);
    }
    let phases = phase::phases(state, config);
    let claims = claims(state, &phases, config);
    if claims.is_empty() {
        return Default::default();
    }
    let receipts = receipts();
    (of_change(repository, config, &phases, claims, &receipts), receipts)
}

/// What is called complete and has gates.
fn claims(state: &State, phases: &Phases, config: &Config) -> Vec<Claim> {
    let mut claims = gate_proof::claims(state, phases);
    claims.retain(|claim| !gate_proof::required(config, phases, &claim.name).is_empty());
    claims
}

/// What the state files of the work tree call complete: when it was first said.
fn of_change(repository: &Repository, config: &Config, phases: &Phases, claims: Vec<Claim>, receipts: &Receipts) -> Vec<Completion> {
    let entries = match repository.entries(None) {
        Ok(entries) => entries,
        Err(error) => return claims.into_iter().map(|claim| unknown(claim, error.message.clone())).collect(),
    };
    let staged = tree::key(&entries);
    let passes_now = |claim: &Claim| {
        let mut gates = gate_proof::required(config, phases, &claim.name).into_iter();
        gates.all(|gate| gate_proof::has_passed(receipts, gate, &staged))
    };
    let mut history = History::new(repository, "HEAD", phases);
    let (mut found, mut earlier) = (Vec::new(), Vec::new());
    for claim in claims {
        let is_tracked = entries.iter().any(|entry| entry.path.as_bytes() == claim.mark.path.as_bytes());
        let said = if is_tracked && !passes_now(&claim) { Some(history.is_said(&claim)) } else { None };
        let origin = match said {
            Some(Ok(true)) => {
                earlier.push(claim);
                continue;
            }
            Some(Ok(false)) => Origin::Change,
            Some(Err(error)) => Origin::Unknown(error.message),
            None if !is_tracked => Origin::Untracked,
            // Whenever it was said, it holds now: nobody has to ask the past.
            None => Origin::Change,
        };
        found.push(Completion { name: claim.name, mark: claim.mark, tree: Some(staged.clone()), present: vec![staged.clone()], origin });
    }
    if !earlier.is_empty() {
        let last = repository.entries(Some("HEAD")).map(|entries| tree::key(&entries));
        let present: Vec<TreeKey> = std::iter::once(staged).chain(last).collect();
        found.extend(history.completions(earlier, &present, None));
    }
    found
}

/// What the newest commit of a range calls complete, and some commit of the range was the first to.
fn of_range(repository: &Repository, config: &Config, sets: &[ChangeSet], run: &mut Run) -> Vec<Completion> {
    let Some((head, commits)) = sets.split_first().and_then(|(whole, commits)| Some((whole.head.as_deref()?, commits))) else {
        return Vec::new();
    };
    let mut fail = |error: GitError| {
        run.not_checked.push(v1::NotChecked { what: "gates of completed phases".to_owned(), why: error.message });
        Vec::new()
    };
    let (state, newest) = match at(repository, head) {
        Ok(found) => found,
        Err(error) => return fail(error),
    };
    let phases = phase::phases(&state, config);
    let own: BTreeSet<&str> = commits.iter().filter_map(|commit| commit.head.as_deref()).collect();
    let mut history = History::new(repository, head, &phases);
    history.completions(claims(&state, &phases, config), &[newest], Some(&own))
}

/// What the state files of a commit call complete, and the key of its tree. A file that cannot be used says nothing.
fn at(repository: &Repository, commit: &str) -> Result<(State, TreeKey), GitError> {
    let entries = repository.entries(Some(commit))?;
    let paths = entries.iter().filter_map(|entry| std::str::from_utf8(entry.path.as_bytes()).ok());
    let paths: Vec<&str> = paths.filter(|path| state::says_what_is_complete(path)).collect();
    let mut all = State::default();
    for (path, bytes) in paths.iter().zip(repository.files_at(commit, &paths)?) {
        if let Some(one) = bytes.and_then(|bytes| read(path, &bytes)) {
            all.workflow = all.workflow.or(one.workflow);
            all.progress = all.progress.or(one.progress);
            all.waves.extend(one.waves);
        }
    }
    Ok((all, tree::key(&entries)))
}

/// One file that says what is complete; `None` where it cannot be used.
fn read(path: &str, bytes: &[u8]) -> Option<State> {
    let name = path.rsplit('/').next().unwrap_or(path);
    Some(match name {
        "WORKFLOW_STATE.json" => State { workflow: Some(state::workflow_text(path, bytes).ok()?), ..State::default() },
        "execution-progress.md" => State { progress: Some(state::progress_text(path, bytes).ok()?), ..State::default() },
        _ => State { waves: vec![state::wave_text(path, bytes).ok()?], ..State::default() },
    })
}

fn unknown(claim: Claim, why: String) -> Completion {
    Completion { name: claim.name, mark: claim.mark, tree: None, present: Vec::new(), origin: Origin::Unknown(why) }
}

/// What versions of state files called complete, newest first; `None` for a version that cannot be used.
type Said = Vec<(String, Option<BTreeSet<String>>)>;

/// When something was called complete.
enum When {
    /// First in this commit, and ever since.
    In(String),
    /// Nobody knows, and why.
    Unknown(String),
}

/// The state files' past.
struct History<'r> {
    repository: &'r Repository,
    revision: &'r str,
    phases: &'r Phases,
    /// What each file calls complete at the revision.
    now: FxHashMap<String, BTreeSet<String>>,
    /// What its versions called complete, and whether these are all.
    versions: FxHashMap<String, (Said, bool)>,
}

impl<'r> History<'r> {
    fn new(repository: &'r Repository, revision: &'r str, phases: &'r Phases) -> History<'r> {
        History { repository, revision, phases, now: FxHashMap::default(), versions: FxHashMap::default() }
    }

    fn names(&self, path: &str, bytes: &[u8]) -> Option<BTreeSet<String>> {
        let said = read(path, bytes)?;
        Some(gate_proof::claims(&said, self.phases).into_iter().map(|claim| claim.name).collect())
    }

    /// Whether the revision says so already.
    fn is_said(&mut self, claim: &Claim) -> Result<bool, GitError> {
        let path = claim.mark.path.as_ref();
        if !self.now.contains_key(path) {
            let is_inside = self.repository.facts.head.is_some() && !path.starts_with("../");
            let bytes = if is_inside { self.repository.file_at(self.revision, path)? } else { None };
            let names = bytes.and_then(|bytes| self.names(path, &bytes)).unwrap_or_default();
            self.now.insert(path.to_owned(), names);
        }
        Ok(self.now.get(path).is_some_and(|names| names.contains(&claim.name)))
    }

    /// Completions of which the revision speaks. `own`: only those of these commits.
    fn completions(&mut self, claims: Vec<Claim>, present: &[TreeKey], own: Option<&BTreeSet<&str>>) -> Vec<Completion> {
        let dated: Vec<(Claim, When)> =
            claims.into_iter().map(|claim| (self.when(&claim), claim)).map(|(when, claim)| (claim, when)).collect();
        let is_own = |when: &When| match (when, own) {
            (_, None) => true,
            (When::In(commit), Some(own)) => own.contains(commit.as_str()),
            // Further back than a range reaches.
            (When::Unknown(_), Some(_)) => false,
        };
        let dated: Vec<(Claim, When)> = dated.into_iter().filter(|(_, when)| is_own(when)).collect();
        let commits: BTreeSet<&String> =
            dated.iter().filter_map(|(_, when)| if let When::In(commit) = when { Some(commit) } else { None }).collect();
        let commits: Vec<String> = commits.into_iter().cloned().collect();
        let here: BTreeSet<String> = self.repository.made_here(&commits).into_iter().collect();
        let keys: BTreeMap<String, Result<TreeKey, GitError>> = commits
            .into_iter()
            .map(|commit| {
                let key = self.repository.entries(Some(&commit)).map(|entries| tree::key(&entries));
                (commit, key)
            })
            .collect();
        let dated = dated.into_iter().map(|(claim, when)| {
            let (tree, origin) = match when {
                When::Unknown(why) => (None, Origin::Unknown(why)),
                When::In(commit) => match keys.get(&commit) {
                    Some(Err(error)) => (None, Origin::Unknown(error.message.clone())),
                    key => {
                        let tree = key.and_then(|key| key.as_ref().ok()).cloned();
                        (tree, if here.contains(&commit) { Origin::MadeHere(commit) } else { Origin::Elsewhere(commit) })
                    }
                },
            };
            Completion { name: claim.name, mark: claim.mark, tree, present: present.to_vec(), origin }
        });
        dated.collect()
    }

    /// The oldest version of the file since which every one says so.
    fn when(&mut self, claim: &Claim) -> When {
        let path = claim.mark.path.to_string();
        let mut limit = VERSIONS.0;
        loop {
            if let Err(error) = self.look(&path, limit) {
                return When::Unknown(error.message);
            }
            let Some((said, are_all)) = self.versions.get(&path) else { return When::Unknown(format!("{path} has no past")) };
            match first(said, &claim.name) {
                First::In(commit) => return When::In(commit),
                First::Oldest(commit) if *are_all && !self.repository.facts.shallow => return When::In(commit),
                First::Oldest(_) if *are_all => {
                    return When::Unknown("history is cut off behind the commit that called it complete".to_owned());
                }
                First::Never if *are_all => return When::Unknown(format!("no version of {path} is known that says so")),
                _ if limit >= VERSIONS.1 => return When::Unknown(format!("it was said more than {} versions of {path} ago", VERSIONS.1)),
                _ => limit = (limit * 4).min(VERSIONS.1),
            }
        }
    }

    /// Reads versions of a file, unless so many of them are known.
    fn look(&mut self, path: &str, limit: usize) -> Result<(), GitError> {
        if self.versions.get(path).is_some_and(|(said, are_all)| *are_all || said.len() >= limit) {
            return Ok(());
        }
        let versions = self.repository.versions(self.revision, path, limit)?;
        let are_all = versions.len() < limit;
        let said = versions.into_iter().map(|(commit, bytes)| (commit, self.names(path, &bytes))).collect();
        self.versions.insert(path.to_owned(), (said, are_all));
        Ok(())
    }
}

/// Where among some versions, newest first, something begins to be said.
#[derive(Debug, PartialEq, Eq)]
enum First {
    /// In this commit; the version before does not say so.
    In(String),
    /// In the oldest of them, at least.
    Oldest(String),
    /// None that can be used says anything.
    Never,
}

/// A version that cannot be used says nothing, neither yes nor no.
fn first(said: &Said, name: &str) -> First {
    let mut found = None;
    for (commit, names) in said {
        match names {
            None => {}
            Some(names) if names.contains(name) => found = Some(commit),
            Some(_) => return found.map_or(First::Never, |commit| First::In(commit.clone())),
        }
    }
    found.map_or(First::Never, |commit| First::Oldest(commit.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(versions: &[(&str, Option<&[&str]>)]) -> Said {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        versions.iter().map(|(commit, said)| ((*commit).to_owned(), said.map(names))).collect()
    }

    #[test]
    fn what_was_said_last_without_a_break_counts() {
        let of = |versions: &[(&str, Option<&[&str]>)]| first(&said(versions), "a");
        let yes: Option<&[&str]> = Some(&["a", "b"]);
        let no: Option<&[&str]> = Some(&["b"]);
        let found = |commit: &str| First::In(commit.to_owned());
        assert_eq!(of(&[("3", yes), ("2", yes), ("1", no)]), found("2"));
        assert_eq!(of(&[("4", yes), ("3", no), ("2", yes), ("1", no)]), found("4"), "taken back and said again");
        assert_eq!(of(&[("3", yes), ("2", None), ("1", yes), ("0", no)]), found("1"), "a version that cannot be used");
        assert_eq!(of(&[("2", yes), ("1", yes)]), First::Oldest("1".to_owned()));
        assert_eq!(of(&[("2", yes), ("1", None)]), First::Oldest("2".to_owned()));
        assert_eq!([of(&[]), of(&[("1", None)]), of(&[("2", no), ("1", yes)])], [const { First::Never }; 3]);
    }

    #[test]
    fn every_file_that_says_what_is_complete_is_read() {
        let names = |path: &str, text: &str| {
            let state = read(path, text.as_bytes())?;
            let phases = phase::phases(&state, &Config::default());
            Some(gate_proof::claims(&state, &phases).into_iter().map(|claim| claim.name).collect::<Vec<_>>())
        };
        let some = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(names(".claude/WORKFLOW_STATE.json", r#"{"completed_phases": ["architecture"]}"#), some(&["architecture"]));
        assert_eq!(names(".claude/context/wave-3-output.yaml", "outputs:\n  files_created: []\n"), some(&["wave-3"]));
        assert_eq!(names(".claude/context/wave-3-output.yaml", "metadata: {wave: 4}\n"), some(&["wave-4"]));
        assert_eq!(names(".claude/context/execution-progress.md", "# Wave 1: done\n# Wave 2: in progress\n"), some(&["wave-1"]));
        assert_eq!(names("WORKFLOW_STATE.json", "{"), None);
        assert_eq!(names("WORKFLOW_STATE.json", ""), None);
        for path in ["WORKFLOW_STATE.json", ".claude/WORKFLOW_STATE.json", ".claude/context/wave-12-output.yml"] {
            assert!(state::says_what_is_complete(path), "{path}");
        }
        for path in
            ["a/WORKFLOW_STATE.json", "wave-1-output.yaml", ".claude/context/wave--output.yaml", ".claude/contextwave-1-output.yaml"]
        {
            assert!(!state::says_what_is_complete(path), "{path}");
        }
    }
}
