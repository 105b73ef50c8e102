//! Looking at a repository for `paralint init`, and writing what was made of it.

use super::configuration;
use super::git::{GitError, Repository, command, discover};
use crate::model::path::RepoPath;
use crate::starter::{AGENT_FILES, Survey, wanted};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// A manifest above this is not read: nobody writes one by hand.
const LARGEST: u64 = 1024 * 1024;
/// More branches than this say nothing new.
const MOST_BRANCHES: usize = 5_000;
/// More files than this are not looked at where nothing is tracked: there are folders that should be ignored.
const MOST_UNTRACKED: usize = 200_000;

/// The policy's file name.
pub const POLICY: &str = "BOUNDARIES.json";

/// Looks at the repository whose work tree is `root`. Files are those of the index; the work tree is not walked.
pub fn survey(repository: &Repository, root: &Path) -> Result<Survey, GitError> {
    let mut survey = Survey { files: repository.tracked(None)?, ..Survey::default() };
    if survey.files.is_empty() {
        survey.is_untracked = true;
        survey.files = untracked(root)?;
    }
    for path in wanted(&survey.files) {
        match text(root, &path) {
            Some(text) => drop(survey.texts.insert(path, text)),
            // What is deleted in the work tree is no part of it any more.
            None if is_there(&root.join(&path)) => survey.unread.push(path),
            None => {}
        }
    }
    (survey.branches, survey.worktrees) = names(root);
    survey.agent_files = AGENT_FILES.iter().copied().filter(|path| is_there(&root.join(path))).collect();
    survey.has_claude_folder = root.join(".claude").symlink_metadata().is_ok_and(|data| data.is_dir());
    survey.has_configuration = configuration(root).is_some();
    survey.has_boundaries = policy(root, repository.facts.main_root.as_deref()).is_some();
    Ok(survey)
}

/// The BOUNDARIES.json that counts for this work tree, wherever it lies; a link that leads nowhere is one, too.
pub fn policy(root: &Path, main: Option<&Path>) -> Option<PathBuf> {
    let trees = std::iter::once(root).chain(main);
    trees.flat_map(|tree| [tree.join(POLICY), tree.join(".claude").join(POLICY)]).find(|path| is_there(path))
}

/// The configuration at the root of the work tree.
pub fn configuration(root: &Path) -> Option<PathBuf> {
    Some(root.join(configuration::FILE_NAME)).filter(|path| is_there(path))
}

/// Whether git ignores a path of the work tree.
pub fn is_ignored(root: &Path, path: &str) -> bool {
    discover(root).is_some_and(|repository| repository.is_path_ignored(path).unwrap_or(false))
}

/// Writes a new file, as a whole or not at all. `false` where something is there by now.
pub fn write_new(path: &Path, text: &str) -> std::io::Result<bool> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".paralint-init-");
    // A temporary file is for its maker alone; this one is for everybody whom the umask lets.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_data()?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(true),
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error.error),
    }
}

fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// The files that could be tracked, sorted.
fn untracked(root: &Path) -> Result<Vec<RepoPath>, GitError> {
    let arguments = ["ls-files", "--others", "--exclude-standard", "-z"];
    let listed = command::run(root, command::Scope::Own, &arguments, None)?;
    let paths = listed.split(|byte| *byte == 0).filter(|path| !path.is_empty()).take(MOST_UNTRACKED);
    let mut paths: Vec<RepoPath> = paths.map(RepoPath::new).collect();
    paths.sort();
    paths.dedup();
    Ok(paths)
}

/// The text of a regular file of the work tree: no link is followed, and nothing of another size than a manifest's is read.
fn text(root: &Path, path: &str) -> Option<String> {
    let path = root.join(path);
    let data = path.symlink_metadata().ok()?;
    let is_inside = path.parent()?.canonicalize().ok()?.starts_with(root.canonicalize().ok()?);
    if !data.is_file() || data.len() > LARGEST || !is_inside {
        return None;
    }
    let mut text = String::new();
    std::fs::File::open(&path).ok()?.take(LARGEST).read_to_string(&mut text).ok()?;
    Some(text)
}

/// The names of branches, and of the folders of linked worktrees; none where libgit2 cannot read them.
fn names(root: &Path) -> (Vec<String>, Vec<String>) {
    let Some(repository) = discover(root) else { return Default::default() };
    let references = repository.references().map(|mut references| {
        let names = references.names().flatten().take(MOST_BRANCHES).map(str::to_owned);
        names.collect::<Vec<String>>()
    });
    let bare = |name: &String| {
        let remote = name.strip_prefix("refs/remotes/").and_then(|rest| rest.split_once('/')).map(|(_, name)| name);
        name.strip_prefix("refs/heads/").or(remote).map(str::to_owned)
    };
    let mut branches: Vec<String> = references.unwrap_or_default().iter().filter_map(bare).collect();
    branches.sort();
    branches.dedup();
    let listed = repository.worktrees().ok();
    let trees = listed.iter().flat_map(|names| names.iter()).flatten().flatten();
    let folders = trees.filter_map(|name| repository.find_worktree(name).ok());
    let mut worktrees: Vec<String> = folders.filter_map(|tree| Some(tree.path().file_name()?.to_str()?.to_owned())).collect();
    worktrees.sort();
    (branches, worktrees)
}
