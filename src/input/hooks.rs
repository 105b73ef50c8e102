//! Where git looks for hooks in a repository, and what is there.

use super::git::command::{self, Scope};
use super::git::{Facts, GitError, path_of};
use crate::install::Hook;
use crate::install::manager::Ground;
use crate::install::plan::{Found, Kind, Place};
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

/// A file above this size is no script that we could know.
const LONGEST_SCRIPT: u64 = 1 << 20;

/// A configuration above this size is none.
const LONGEST_CONFIGURATION: u64 = 16 << 20;

/// Whose the folder is in which git looks for hooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// It lies in the git directory: it belongs to this clone alone.
    Clone,
    /// It lies in the work tree: it may be tracked, and then belongs to everybody.
    WorkTree,
    /// It lies in the main worktree of a repository of which this is a linked one.
    MainWorkTree,
    /// It lies elsewhere: other repositories may use it too.
    Elsewhere,
}

/// Where git looks for hooks.
#[derive(Debug, Clone)]
pub struct Hooks {
    /// The folder, absolute, as git spells it.
    pub folder: PathBuf,
    /// Whose it is.
    pub home: Home,
    /// The scope of the configuration that `core.hooksPath` comes from (`local`, `global` …), and its value as it is written.
    pub configured: Option<(String, String)>,
}

/// Finds the folder, as git does.
pub fn find(facts: &Facts) -> Result<Hooks, GitError> {
    let root = facts.root.as_deref().ok_or_else(GitError::no_work_tree)?;
    // What is relative in `core.hooksPath` starts where git runs hooks: at the root of the work tree.
    // What names the repository in the environment may be relative to the folder that paralint was started in.
    let named = ["GIT_DIR", "GIT_WORK_TREE"].map(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    let surroundings = match named {
        [false, false] => Vec::new(),
        _ => vec![("GIT_DIR", facts.git_dir.clone().into_os_string()), ("GIT_WORK_TREE", root.to_path_buf().into_os_string())],
    };
    let printed = command::run_with(root, Scope::Own, &surroundings, &["rev-parse", "--git-path", "hooks"], None)?;
    let folder = root.join(path_of(printed.strip_suffix(b"\n").unwrap_or(&printed)));
    let output =
        command::output_with(root, Scope::Own, &surroundings, &["config", "--null", "--show-scope", "--get", "core.hooksPath"], None)?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut words = text.split('\0').map(str::to_owned);
    let configured = words.next().zip(words.next()).filter(|(scope, _)| !scope.is_empty());
    let real = real(&folder);
    let (common_dir, own_root) = (self::real(&facts.common_dir), self::real(root));
    // A worktree may lie in the folder of a bare repository.
    let home = if own_root.starts_with(&common_dir) && real.starts_with(&own_root) {
        Home::WorkTree
    } else if real.starts_with(&common_dir) || real.starts_with(self::real(&facts.git_dir)) {
        Home::Clone
    } else if real.starts_with(&own_root) {
        Home::WorkTree
    } else if facts.main_root.as_deref().is_some_and(|main| real.starts_with(self::real(main))) {
        Home::MainWorkTree
    } else {
        Home::Elsewhere
    };
    Ok(Hooks { folder, home, configured })
}

/// Where a path leads, as far as that exists. What lies below is told by its words.
pub fn real(path: &Path) -> PathBuf {
    for above in path.ancestors() {
        if let (Ok(real), Ok(rest)) = (std::fs::canonicalize(above), path.strip_prefix(above)) {
            return super::git::tidy(&real.join(rest));
        }
    }
    path.to_path_buf()
}

/// What is at the place of a hook in a folder.
pub fn place(folder: &Path, hook: Hook) -> io::Result<Place> {
    place_aside(folder, hook, "")
}

/// The same where a hooks manager put the hook that it found.
pub fn place_aside(folder: &Path, hook: Hook, aside: &'static str) -> io::Result<Place> {
    let (path, kept) = (folder.join(format!("{}{aside}", hook.name())), folder.join(hook.earlier_name()));
    let is_one_file = identity(&path).is_some_and(|one| Some(one) == identity(&kept));
    Ok(Place { hook, aside, now: found(&path)?, earlier: found(&kept)?, is_one_file })
}

/// The script at a place, if a file is there.
pub fn script_at(path: &Path) -> Option<Vec<u8>> {
    found(path).ok().flatten().map(|found| found.bytes)
}

fn found(path: &Path) -> io::Result<Option<Found>> {
    let data = match std::fs::symlink_metadata(path) {
        Ok(data) => data,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
        Err(error) => return Err(error),
    };
    let kind = if data.is_symlink() {
        Kind::Link
    } else if data.is_file() {
        Kind::File
    } else {
        Kind::Other
    };
    // A link may lead to nothing: git runs no such hook either.
    let target = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file);
    let is_small = target.as_ref().is_some_and(|target| target.len() <= LONGEST_SCRIPT);
    let bytes = if is_small { std::fs::read(path).unwrap_or_default() } else { Vec::new() };
    Ok(Some(Found { kind, runs: target.as_ref().is_some_and(is_executable), bytes }))
}

/// Which file a name means, without following links.
#[cfg(unix)]
pub fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    std::fs::symlink_metadata(path).ok().map(|data| (data.dev(), data.ino()))
}

/// Which file a name means: not told here.
#[cfg(not(unix))]
pub fn identity(_path: &Path) -> Option<(u64, u64)> {
    None
}

#[cfg(unix)]
fn is_executable(data: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    data.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_executable(_data: &std::fs::Metadata) -> bool {
    true
}

/// A file of the work tree: where it really is, if that is within.
pub fn within(root: &Path, path: &str) -> Result<PathBuf, String> {
    let is_plain = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let place = root.join(path);
    let place_is_link = std::fs::symlink_metadata(&place).is_ok_and(|data| data.is_symlink());
    if place_is_link && !place.exists() {
        return Err("it is a link that leads nowhere".to_owned());
    }
    let real = real(&place);
    if is_plain && real.starts_with(self::real(root)) { Ok(real) } else { Err("it leads out of the repository".to_owned()) }
}

/// What managers of hooks ask of a real repository.
pub struct RealGround {
    root: PathBuf,
    folder: PathBuf,
    hooks_path: Option<String>,
}

impl RealGround {
    /// The repository with this work tree, where git looks for hooks there.
    pub fn new(root: &Path, hooks: &Hooks) -> RealGround {
        let relative = hooks.folder.strip_prefix(root).ok().map(|path| path.to_string_lossy().into_owned());
        let written = hooks.configured.as_ref().map(|(_, value)| value.clone());
        let hooks_path = written.map(|written| relative.unwrap_or(written));
        RealGround { root: root.to_path_buf(), folder: hooks.folder.clone(), hooks_path }
    }
}

impl Ground for RealGround {
    fn text(&self, path: &str) -> Option<Result<String, String>> {
        if std::fs::symlink_metadata(self.root.join(path)).is_err() {
            return None;
        }
        let read = || -> Result<String, String> {
            let real = within(&self.root, path)?;
            let data = std::fs::metadata(&real).map_err(|why| why.to_string())?;
            if !data.is_file() || data.len() > LONGEST_CONFIGURATION {
                return Err("it is no file, or a very large one".to_owned());
            }
            let bytes = std::fs::read(&real).map_err(|why| why.to_string())?;
            String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())
        };
        Some(read())
    }

    fn is_folder(&self, path: &str) -> bool {
        within(&self.root, path).is_ok_and(|real| real.is_dir())
    }

    fn hooks_path(&self) -> Option<&str> {
        self.hooks_path.as_deref()
    }

    fn hook(&self, hook: Hook) -> Option<String> {
        let found = found(&self.folder.join(hook.name())).ok().flatten()?;
        String::from_utf8(found.bytes).ok().filter(|_| found.runs)
    }
}
