//! Which locks still hold.

use super::paths;
use crate::config::Config;
use crate::model::mark::Mark;
use crate::model::moment::Moment;
use crate::model::path::RepoPath;
use crate::model::state::{Lock, State, Task, TaskStatus};

/// Why a lock no longer holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// `expired 2 h ago`
    pub why: String,
    /// The line that decided.
    pub mark: Mark,
}

/// Why a lock no longer holds; `None` where it does.
pub fn staleness(lock: &Lock, state: &State, config: &Config, now: Moment) -> Option<Stale> {
    if let Some(expires) = lock.expires.as_ref().filter(|expires| expires.value <= now) {
        let why = format!("it expired {} ago", span(now.0.saturating_sub(expires.value.0)));
        return Some(Stale { why, mark: expires.mark.clone() });
    }
    if let Some(task) = holder_that_ended(lock, state) {
        let why = format!("its holder has {} in PARALLEL_STATUS.json", task.status.value.word());
        return Some(Stale { why, mark: task.status.mark.clone() });
    }
    let since = lock.since.as_ref().filter(|_| lock.expires.is_none())?;
    let age = now.0.saturating_sub(since.value.0);
    let most = config.locks.max_age_milliseconds().ok()?;
    let why = || format!("it is {} old, and locks.max_age is {}", span(age), config.locks.max_age);
    (age > most).then(|| Stale { why: why(), mark: since.mark.clone() })
}

/// The holder's task, where it has ended and no task of that name goes on.
fn holder_that_ended<'s>(lock: &Lock, state: &'s State) -> Option<&'s Task> {
    let tasks = || state.status.iter().flat_map(|status| &status.tasks);
    let named = |task: &&Task| task.id.value == lock.agent.value || task.name.as_deref() == Some(lock.agent.value.as_str());
    let has_ended = |task: &Task| matches!(task.status.value, TaskStatus::Completed | TaskStatus::Failed);
    let by_name = || tasks().filter(named);
    // A kind of agent is shared by several tasks: it has ended only when all of them have.
    let by_agent = || tasks().filter(|task| task.agent.as_ref().is_some_and(|agent| agent.value == lock.agent.value));
    if by_name().next().is_some() {
        return by_name().next().filter(|_| by_name().all(has_ended));
    }
    by_agent().next().filter(|_| by_agent().all(has_ended))
}

/// The locks that still hold, each with its index in the file.
pub fn live<'s>(state: &'s State, config: &Config, now: Moment) -> Vec<(usize, &'s Lock)> {
    let locks = state.locks.iter().flat_map(|locks| &locks.locks).enumerate();
    locks.filter(|(_, lock)| staleness(lock, state, config, now).is_none()).collect()
}

/// One locked path, ready to be compared with many.
#[derive(Debug, Clone)]
pub struct Locked {
    plain: String,
    glob: Option<globset::GlobMatcher>,
}

impl Locked {
    /// Reads a locked path. `None` where it lies outside the repository.
    pub fn new(text: &str) -> Option<Locked> {
        let plain = paths::plain(text)?;
        let glob = paths::is_glob(&plain).then(|| {
            let whole = if plain.ends_with('/') { format!("{plain}**") } else { plain.clone() };
            // As in gitignore: without a slash it stands for names in every folder.
            let whole = if text.contains('/') { whole } else { format!("**/{whole}") };
            globset::GlobBuilder::new(&whole).literal_separator(true).build().ok().map(|glob| glob.compile_matcher())
        });
        Some(Locked { plain, glob: glob.flatten() })
    }

    /// Whether it locks a file: the path itself, a folder above it, a glob that matches it or a folder above it.
    pub fn covers(&self, path: &RepoPath) -> bool {
        let Some(glob) = &self.glob else { return below(path.as_bytes(), self.plain.trim_end_matches('/').as_bytes()) };
        let shown = path.shown();
        let above = shown.match_indices('/').filter_map(|(at, _)| shown.get(..at));
        glob.is_match(shown.as_ref()) || above.into_iter().any(|folder| glob.is_match(folder))
    }

    /// Whether it is written with wildcards.
    pub fn is_glob(&self) -> bool {
        paths::is_glob(&self.plain)
    }

    /// The path as git would write it.
    pub fn plain(&self) -> &str {
        &self.plain
    }
}

/// Whether a path is `folder` or lies below it; everything lies below the root.
fn below(path: &[u8], folder: &[u8]) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.first().is_none_or(|next| *next == b'/'))
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
        let covers = |lock: &str, path: &str| Locked::new(lock).is_some_and(|locked| locked.covers(&RepoPath::from(path)));
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
            let _ = Locked::new(&lock).map(|locked| locked.covers(&RepoPath::from(path.as_str())));
        }
    }
}
