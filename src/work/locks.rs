//! Which locks still hold.

use super::paths;
use crate::config::Config;
use crate::model::mark::{Located, Mark};
use crate::model::moment::Moment;
use crate::model::path::RepoPath;
use crate::model::state::{Lock, State, Task, TaskStatus};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use rustc_hash::FxHashMap;

/// Why a lock no longer holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// `expired 2 h ago`
    pub why: String,
    /// The line that decided.
    pub mark: Mark,
}

/// Why a lock no longer holds; `None` where it does. Of many locks a `Keeper` tells faster.
pub fn staleness(lock: &Lock, state: &State, config: &Config, now: Moment) -> Option<Stale> {
    Keeper::new(state, config, now).staleness(lock)
}

/// The locks that still hold, each with its index in the file.
pub fn live<'s>(state: &'s State, config: &Config, now: Moment) -> Vec<(usize, &'s Lock)> {
    let keeper = Keeper::new(state, config, now);
    let locks = state.locks.iter().flat_map(|locks| &locks.locks).enumerate();
    locks.filter(|(_, lock)| keeper.staleness(lock).is_none()).collect()
}

/// Knows which tasks have ended, and how old a lock may be.
pub struct Keeper<'s> {
    /// By id and by name: the first task that has ended, unless another of that name goes on.
    by_name: FxHashMap<&'s str, Option<&'s Task>>,
    /// The same by agent. A kind of agent is shared by several tasks: it has ended only when all of them have.
    by_agent: FxHashMap<&'s str, Option<&'s Task>>,
    /// In milliseconds, and as configured.
    max_age: Option<(i64, String)>,
    now: Moment,
}

impl<'s> Keeper<'s> {
    /// Reads which tasks have ended.
    pub fn new(state: &'s State, config: &Config, now: Moment) -> Keeper<'s> {
        let max_age = config.locks.max_age_milliseconds().ok().map(|most| (most, config.locks.max_age.clone()));
        let mut keeper = Keeper { by_name: FxHashMap::default(), by_agent: FxHashMap::default(), max_age, now };
        for task in state.status.iter().flat_map(|status| &status.tasks) {
            let ended = matches!(task.status.value, TaskStatus::Completed | TaskStatus::Failed).then_some(task);
            let note = |map: &mut FxHashMap<&'s str, Option<&'s Task>>, name: &'s str| {
                let known = map.entry(name).or_insert(ended);
                *known = known.filter(|_| ended.is_some());
            };
            note(&mut keeper.by_name, &task.id.value);
            if let Some(name) = task.name.as_deref().filter(|name| *name != task.id.value) {
                note(&mut keeper.by_name, name);
            }
            if let Some(agent) = &task.agent {
                note(&mut keeper.by_agent, &agent.value);
            }
        }
        keeper
    }

    /// Why a lock no longer holds; `None` where it does.
    pub fn staleness(&self, lock: &Lock) -> Option<Stale> {
        if let Some(expires) = lock.expires.as_ref().filter(|expires| expires.value <= self.now) {
            let why = format!("it expired {} ago", span(self.now.0.saturating_sub(expires.value.0)));
            return Some(Stale { why, mark: expires.mark.clone() });
        }
        let holder = lock.agent.value.as_str();
        if let Some(task) = self.by_name.get(holder).or_else(|| self.by_agent.get(holder)).copied().flatten() {
            let why = format!("its holder has {} in PARALLEL_STATUS.json", task.status.value.word());
            return Some(Stale { why, mark: task.status.mark.clone() });
        }
        let since = lock.since.as_ref().filter(|_| lock.expires.is_none())?;
        let age = self.now.0.saturating_sub(since.value.0);
        let (most, configured) = self.max_age.as_ref()?;
        let why = || format!("it is {} old, and locks.max_age is {configured}", span(age));
        (age > *most).then(|| Stale { why: why(), mark: since.mark.clone() })
    }
}

/// One locked path that was found for a file.
#[derive(Debug, Clone, Copy)]
pub struct Held<'s> {
    /// The lock.
    pub lock: &'s Lock,
    /// Which of its paths.
    pub path: &'s Located<String>,
}

/// Locks by their paths. A folder covers its files; so does a glob that matches the folder.
#[derive(Debug, Default)]
pub struct Index<'s> {
    held: Vec<Held<'s>>,
    exact: FxHashMap<String, Vec<usize>>,
    globs: GlobSet,
    of_globs: Vec<usize>,
}

impl<'s> Index<'s> {
    /// Reads the paths of locks. Paths that lead out of the repository cover nothing.
    pub fn new(locks: impl IntoIterator<Item = &'s Lock>) -> Index<'s> {
        let mut index = Index::default();
        let mut globs = GlobSetBuilder::new();
        for lock in locks {
            for path in &lock.paths {
                let Some(plain) = paths::plain(&path.value) else { continue };
                let number = index.held.len();
                if !paths::is_glob(&plain) {
                    index.exact.entry(plain.trim_end_matches('/').to_owned()).or_default().push(number);
                } else if let Some(glob) = glob(&path.value, &plain) {
                    globs.add(glob);
                    index.of_globs.push(number);
                } else {
                    continue;
                }
                index.held.push(Held { lock, path });
            }
        }
        // Each glob compiled alone; together they can only be too many, and then none of them counts.
        index.globs = globs.build().unwrap_or_else(|_| GlobSet::empty());
        index.sort();
        index
    }

    /// By holder, whatever the order of the file.
    fn sort(&mut self) {
        let held = &self.held;
        let rank = |number: &usize| held.get(*number).map(rank);
        for numbers in self.exact.values_mut() {
            numbers.sort_by_key(rank);
            // A holder who names one path twice holds it once.
            numbers.dedup_by_key(|number| held.get(*number).map(|held| held.lock.agent.value.as_str()));
        }
    }

    /// The lock that covers a file most closely, of those that are wanted: the deepest folder first, then by holder.
    pub fn find(&self, path: &RepoPath, wanted: impl Fn(&Held<'s>) -> bool) -> Option<Held<'s>> {
        let shown = path.shown();
        let above = shown.rmatch_indices('/').filter_map(|(at, _)| shown.get(..at));
        for name in std::iter::once(shown.as_ref()).chain(above).chain([""]) {
            let exact = self.exact.get(name).into_iter().flatten().filter_map(|number| self.held.get(*number));
            let found = exact.copied().find(&wanted);
            let numbers = self.globs.matches(name).into_iter().filter_map(|glob| self.of_globs.get(glob));
            let held = numbers.filter_map(|number| self.held.get(*number)).copied();
            let found = found.or_else(|| held.filter(&wanted).min_by_key(rank));
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// The locks that cover a file, by holder, then by path.
    pub fn covering(&self, path: &RepoPath) -> Vec<Held<'s>> {
        let shown = path.shown();
        let above = shown.match_indices('/').filter_map(|(at, _)| shown.get(..at));
        let mut found: Vec<usize> = Vec::new();
        for name in std::iter::once("").chain(above).chain([shown.as_ref()]) {
            found.extend(self.exact.get(name).into_iter().flatten());
            found.extend(self.globs.matches(name).into_iter().filter_map(|glob| self.of_globs.get(glob)));
        }
        found.sort_unstable();
        found.dedup();
        let mut held: Vec<Held<'s>> = found.into_iter().filter_map(|number| self.held.get(number).copied()).collect();
        held.sort_by_key(rank);
        held
    }

    /// Every locked path, in the order in which they were read.
    pub fn all(&self) -> &[Held<'s>] {
        &self.held
    }

    /// Those that are written with wildcards.
    pub fn with_wildcards(&self) -> impl Iterator<Item = Held<'s>> {
        self.of_globs.iter().filter_map(|number| self.held.get(*number).copied())
    }
}

/// By holder, then by path, then by age.
fn rank<'s>(held: &Held<'s>) -> (&'s str, &'s str, Option<Moment>) {
    (&held.lock.agent.value, &held.path.value, held.lock.since.as_ref().map(|since| since.value))
}

fn glob(text: &str, plain: &str) -> Option<globset::Glob> {
    let whole = if plain.ends_with('/') { format!("{plain}**") } else { plain.to_owned() };
    // As in gitignore: without a slash it stands for names in every folder.
    let whole = if text.contains('/') { whole } else { format!("**/{whole}") };
    GlobBuilder::new(&whole).literal_separator(true).build().ok()
}

/// A length of time in the largest unit that it fills: `2 h`, `3 days`.
pub fn span(milliseconds: i64) -> String {
    let minutes = milliseconds / 60_000;
    match minutes {
        ..1 => "less than a minute".to_owned(),
        1..120 => format!("{minutes} min"),
        120..2880 => format!("{} h", minutes / 60),
        _ => format!("{} days", minutes / 1440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::TaskStatus::{Completed, InProgress};
    use crate::work::samples;
    use proptest::prelude::*;

    const HOUR: i64 = 3_600_000;

    fn why(lock: Lock, tasks: Vec<Task>) -> Option<String> {
        let state = samples::state(tasks, vec![lock.clone()], &[]);
        staleness(&lock, &state, &Config::default(), Moment(100 * HOUR)).map(|stale| stale.why)
    }

    #[test]
    fn a_lock_ends_with_its_time_its_holder_or_its_age() {
        let lock = |since, expires| samples::lock("task-1", &["/src/"], since, expires);
        assert_eq!(why(lock(Some(0), Some(98 * HOUR)), vec![]).as_deref(), Some("it expired 2 h ago"));
        assert_eq!(why(lock(Some(0), Some(101 * HOUR)), vec![]), None, "what says when it ends is not too old before");
        assert_eq!(why(lock(Some(70 * HOUR), None), vec![]).as_deref(), Some("it is 30 h old, and locks.max_age is 24h"));
        assert_eq!(why(lock(Some(77 * HOUR), None), vec![]), None);
        assert_eq!(why(lock(None, None), vec![]), None);
        let task = |id: &str, agent: &str, status| samples::task(id, agent, status, &[]);
        assert!(why(lock(None, None), vec![task("task-1", "general-purpose", Completed)]).is_some());
        assert_eq!(why(lock(None, None), vec![task("task-1", "x", InProgress)]), None);
        let both = vec![task("a", "task-1", Completed), task("b", "task-1", InProgress)];
        assert_eq!(why(lock(None, None), both), None);
    }

    #[test]
    fn a_folder_lock_covers_its_files() {
        let covers = |path: &str, file: &str| {
            let lock = samples::lock("a", &[path], None, None);
            !Index::new([&lock]).covering(&RepoPath::from(file)).is_empty()
        };
        for lock in ["/src/x/", "src/x", "{working_directory}/src/x/", "/", "/src/**", "src/*", "src/x/*.rs"] {
            assert!(covers(lock, "src/x/a.rs"), "{lock}");
        }
        for lock in ["/src/xx/", "src/x/a", "src/*.rs", "../src/", "app/[x]/a.rs"] {
            assert!(!covers(lock, "src/x/a.rs"), "{lock}");
        }
        assert!(covers("app/[id]/page.tsx", "app/[id]/page.tsx"));
    }

    proptest! {
        #[test]
        fn no_path_panics(lock in "[a-z/*?\\[\\]{},!. ]{0,30}", path in "[a-z/.]{0,30}") {
            let lock = samples::lock("a", &[&lock], None, None);
            let _ = Index::new([&lock]).covering(&RepoPath::from(path.as_str())).len();
        }
    }
}
