//! Names of boundaries among the paths of locks and tasks: each stands for the paths of its boundary.

use crate::model::mark::Located;
use crate::model::state::{Boundary, State};
use rustc_hash::{FxHashMap, FxHashSet};

/// Puts the paths of boundaries in the place of their names.
pub fn resolve(state: &mut State) {
    let Some(policy) = &state.policy else { return };
    let mut boundaries: FxHashMap<&str, &Boundary> = FxHashMap::default();
    for boundary in &policy.boundaries {
        boundaries.entry(&boundary.name.value).or_insert(boundary);
    }
    let of_locks = state.locks.iter_mut().flat_map(|locks| &mut locks.locks).map(|lock| &mut lock.paths);
    let of_tasks = state.status.iter_mut().flat_map(|status| &mut status.tasks).map(|task| &mut task.paths);
    for list in of_locks.chain(of_tasks) {
        if list.iter().any(|path| boundaries.contains_key(path.value.as_str())) {
            *list = list.iter().flat_map(|path| expanded(path, &boundaries)).collect();
        }
    }
}

/// The paths of the boundary that is named, of those that it names, and so on; all at the line of the name.
fn expanded(path: &Located<String>, boundaries: &FxHashMap<&str, &Boundary>) -> Vec<Located<String>> {
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    let mut open: Vec<&str> = vec![&path.value];
    let mut found = Vec::new();
    while let Some(name) = open.pop() {
        match boundaries.get(name) {
            Some(boundary) if seen.insert(name) => {
                let plain = boundary.paths.iter().map(|one| one.value.as_str()).filter(|one| !one.starts_with('!'));
                // A boundary that names itself means its own folder of that name.
                for one in plain {
                    if one == name { found.push(one) } else { open.push(one) }
                }
            }
            Some(_) => {}
            None => found.push(name),
        }
    }
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|value| Located { value: value.to_owned(), mark: path.mark.clone() }).collect()
}

#[cfg(test)]
mod tests {
    use super::resolve;
    use crate::model::state::TaskStatus::InProgress;
    use crate::work::samples;

    #[test]
    fn names_stand_for_paths_even_in_a_circle() {
        let mut state =
            samples::state(vec![samples::task("t", "x", InProgress, &["a"])], vec![samples::lock("t", &["b", "/c/"], None, None)], &[]);
        state.policy = Some(samples::policy(vec![
            samples::boundary("a", None, &["/src/a/", "b"]),
            samples::boundary("b", None, &["a", "b", "/src/b/", "!/src/b/x"]),
        ]));
        resolve(&mut state);
        let values = |paths: &[crate::model::mark::Located<String>]| paths.iter().map(|path| path.value.clone()).collect::<Vec<_>>();
        assert_eq!(values(&state.status.unwrap().tasks[0].paths), ["/src/a/", "/src/b/", "b"]);
        assert_eq!(values(&state.locks.unwrap().locks[0].paths), ["/src/a/", "/src/b/", "b", "/c/"]);
    }
}
