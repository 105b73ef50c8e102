//! Where the files with all of a long output lie: one folder a run, below the git directory of the worktree.
#![allow(clippy::disallowed_methods)]

use super::folders::{self, Found};
use std::path::{Path, PathBuf};

const OUTPUT: &str = "output";

/// So many ended runs keep their outputs: a report that was just read still names files of its run.
const KEPT: usize = 2;

/// The folder for the outputs of this run. It is not made yet. What ended runs left is taken away, but for the newest two of
/// them; nothing of that can fail a run.
pub fn output_folder(git_dir: &Path) -> PathBuf {
    let outputs = git_dir.join(folders::OURS).join(OUTPUT);
    prune(git_dir);
    outputs.join(format!("{}-{}", std::process::id(), crate::input::clock::now().0))
}

/// Takes the outputs of all ended runs away. Returns their folder where there were any.
///
/// # Errors
///
/// What could not be taken away, and why.
pub fn clean(git_dir: &Path) -> Result<Option<PathBuf>, String> {
    let Some(outputs) = find(git_dir)? else { return Ok(None) };
    let ended = ended(&outputs);
    for (_, folder) in &ended {
        folders::remove(folder).map_err(|error| folders::why(folder, &error))?;
    }
    // It stays where a run that is alive has its own in it.
    let is_gone = std::fs::remove_dir(&outputs).is_ok();
    let _ = std::fs::remove_dir(git_dir.join(folders::OURS));
    Ok((is_gone || !ended.is_empty()).then_some(outputs))
}

fn prune(git_dir: &Path) {
    let Ok(Some(outputs)) = find(git_dir) else { return };
    let mut ended = ended(&outputs);
    ended.sort_unstable();
    ended.truncate(ended.len().saturating_sub(KEPT));
    for (_, folder) in ended {
        let _ = folders::remove(&folder);
    }
}

/// The folder of all outputs, where there is one and no link leads to it.
fn find(git_dir: &Path) -> Result<Option<PathBuf>, String> {
    let mut path = git_dir.to_path_buf();
    for name in [folders::OURS, OUTPUT] {
        path.push(name);
        match folders::look(&path).map_err(|error| folders::why(&path, &error))? {
            Found::Folder => {}
            Found::Nothing => return Ok(None),
            Found::File | Found::Other => return Err(format!("{} is no folder, and a link is not followed", path.display())),
        }
    }
    Ok(Some(path))
}

/// The folders of runs that have ended, with the time of their start.
fn ended(outputs: &Path) -> Vec<(i64, PathBuf)> {
    let entries = std::fs::read_dir(outputs).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let (process, started) = name.split_once('-')?;
            let (process, started): (i32, i64) = (process.parse().ok()?, started.parse().ok()?);
            (!is_alive(process)).then(|| (started, entry.path()))
        })
        .collect()
}

/// Whether a process may be alive: one of another user counts.
#[cfg(unix)]
fn is_alive(process: i32) -> bool {
    let Some(process) = rustix::process::Pid::from_raw(process) else { return false };
    rustix::process::test_kill_process(process) != Err(rustix::io::Errno::SRCH)
}

#[cfg(not(unix))]
fn is_alive(_process: i32) -> bool {
    true
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// The number of a process that has ended.
    fn ended_process() -> u32 {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        child.id()
    }

    #[test]
    fn ended_runs_go_and_those_alive_stay() {
        let git_dir = tempfile::tempdir().unwrap();
        let outputs = git_dir.path().join("paralint/output");
        let (dead, alive) = (ended_process(), std::process::id());
        let names = [format!("{dead}-1"), format!("{dead}-2"), format!("{dead}-3"), format!("{alive}-0"), "notes".to_owned()];
        names.iter().for_each(|name| std::fs::create_dir_all(outputs.join(name)).unwrap());
        let own = output_folder(git_dir.path());
        assert!(own.starts_with(&outputs) && !own.exists());
        let left: Vec<bool> = names.iter().map(|name| outputs.join(name).exists()).collect();
        assert_eq!(left, [false, true, true, true, true]);
        assert_eq!(clean(git_dir.path()), Ok(Some(outputs.clone())));
        let left: Vec<bool> = names.iter().map(|name| outputs.join(name).exists()).collect();
        assert_eq!(left, [false, false, false, true, true]);
    }

    #[test]
    fn a_link_is_not_followed() {
        let git_dir = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        let foreign = outside.path().join(format!("output/{}-1", ended_process()));
        std::fs::create_dir_all(&foreign).unwrap();
        std::os::unix::fs::symlink(outside.path(), git_dir.path().join("paralint")).unwrap();
        output_folder(git_dir.path());
        assert!(clean(git_dir.path()).unwrap_err().contains("link"));
        assert!(foreign.exists());
    }
}
