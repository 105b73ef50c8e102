//! Paths of locks and tasks, as agents write them: absolute, or with the other slash.

use super::find::Place;
use super::source::Hinted;
use crate::model::mark::Located;
use crate::model::moment::Moment;
use crate::model::state::{Lock, Locks, ParallelStatus, StateError};

/// A clock may be wrong by a zone; by more than this nobody's is.
const DAY: i64 = 86_400_000;
/// More remarks than this help nobody.
const MOST_REMARKS: usize = 100;

/// The work trees by which absolute paths are known.
pub(super) struct Roots(Vec<String>);

impl Roots {
    pub(super) fn new(place: &Place<'_>) -> Roots {
        let trees = place.trees().flat_map(|tree| [Some(tree.to_path_buf()), tree.canonicalize().ok()]).flatten();
        let mut roots: Vec<String> = trees.map(|tree| tree.to_string_lossy().replace('\\', "/").trim_end_matches('/').to_owned()).collect();
        roots.retain(|root| !root.is_empty());
        // A linked work tree may lie in the main one: the deepest counts.
        roots.sort_by_key(|root| std::cmp::Reverse(root.len()));
        roots.dedup();
        Roots(roots)
    }

    /// A path from the root of the repository, where it lies in a work tree.
    fn rooted(&self, path: &mut Located<String>) {
        let slashed = slashed(&path.value);
        let inside =
            |root: &String| slashed.trim_start().strip_prefix(root.as_str()).filter(|rest| rest.is_empty() || rest.starts_with('/'));
        path.value = match self.0.iter().find_map(inside) {
            Some("") => "/".to_owned(),
            Some(rest) => rest.to_owned(),
            None => slashed,
        };
    }

    /// The paths of tasks.
    pub(super) fn tasks(&self, mut status: ParallelStatus) -> ParallelStatus {
        status.tasks.iter_mut().flat_map(|task| &mut task.paths).for_each(|path| self.rooted(path));
        status
    }

    /// The paths of locks. One that climbs out of the repository would hold nothing.
    pub(super) fn locks(&self, mut locks: Locks) -> Result<Locks, StateError> {
        for path in locks.locks.iter_mut().flat_map(|lock| &mut lock.paths) {
            self.rooted(path);
            if climbs(&path.value) {
                let message = format!("`{}` climbs out of the repository", path.value);
                let error = StateError { mark: path.mark.clone(), message, hint: None };
                return Err(error.hinted("paths start at the root of the repository"));
            }
        }
        Ok(locks)
    }
}

/// Whether a path leads out of the folder in which it starts.
fn climbs(path: &str) -> bool {
    let depths = path.trim().split('/').scan(0_i64, |depth, part| {
        *depth += match part {
            "" | "." => 0,
            ".." => -1,
            _ => 1,
        };
        Some(*depth)
    });
    depths.into_iter().any(|depth| depth < 0)
}

/// With `/` for `\`. Before a wildcard `\` takes its meaning away, but for a path that has no other slash.
fn slashed(path: &str) -> String {
    if !path.contains('/') {
        return path.replace('\\', "/");
    }
    let mut plain = String::with_capacity(path.len());
    let mut letters = path.chars().peekable();
    while let Some(letter) = letters.next() {
        let escapes = letters.peek().is_some_and(|next| "*?[]{}!\\".contains(*next));
        plain.push(if letter == '\\' && !escapes { '/' } else { letter });
    }
    plain
}

/// What keeps a lock from getting old.
pub(super) fn ageless(locks: &Locks, now: Moment) -> Vec<Located<String>> {
    let said = locks.locks.iter().filter_map(|lock| Some(Located { value: why(lock, now)?, mark: lock.agent.mark.clone() }));
    said.take(MOST_REMARKS).collect()
}

fn why(lock: &Lock, now: Moment) -> Option<String> {
    let holder = &lock.agent.value;
    match &lock.since {
        None if lock.expires.is_none() => {
            Some(format!("the lock of {holder} has neither `lock_time` nor `expires`: nobody can say how old it is"))
        }
        Some(since) if since.value.0.saturating_sub(now.0) > DAY => {
            Some(format!("the lock of {holder} was taken in the future: nobody can say how old it is"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::mark::Mark;
    use std::path::Path;

    fn read(path: &str) -> String {
        let place = Place::new(Path::new("/home/dev/repo/linked"), Some(Path::new("/home/dev/repo")));
        let mut path = Located { value: path.to_owned(), mark: Mark::default() };
        Roots::new(&place).rooted(&mut path);
        path.value
    }

    #[test]
    fn every_way_to_write_a_path_starts_at_the_root() {
        for (written, wanted) in [
            ("/home/dev/repo/src/b/", "/src/b/"),
            ("/home/dev/repo/linked/src/b/", "/src/b/"),
            ("/home/dev/repo", "/"),
            ("/home/dev/repository/src/", "/home/dev/repository/src/"),
            ("/src/b/", "/src/b/"),
            ("src\\b\\y.rs", "src/b/y.rs"),
            ("src/b\\y.rs", "src/b/y.rs"),
            ("app/\\[id\\]/x.ts", "app/\\[id\\]/x.ts"),
        ] {
            assert_eq!(read(written), wanted, "{written}");
        }
    }
}
