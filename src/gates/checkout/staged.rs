//! From the user's index to a tree, and from the tree to files. The user's index and objects are only read.
#![allow(clippy::disallowed_methods)]

use super::private::Private;
use super::{Failure, not_written};
use crate::gates::folders;
use crate::input::git::command::{self, Scope};
use crate::input::git::{Facts, GitError, check_index};
use crate::model::path::RepoPath;
use std::ffi::OsString;
use std::path::Path;
use std::process::Output;

/// The copy of the user's index.
const COPY: &str = "staged-index";

/// Neither a monitor that lies, nor an index in two parts, nor anybody's hooks.
const ALONE: [&str; 6] = ["-c", "core.fsmonitor=false", "-c", "core.splitIndex=false", "-c", "core.hooksPath=/dev/null"];

/// The tree of what is staged. A hook may say that the index is another file.
pub(super) fn tree(private: &Private, facts: &Facts, work: &Path) -> Result<String, Failure> {
    let copy = private.git_dir.join(COPY);
    let index = facts.index_path();
    if index.exists() {
        std::fs::copy(&index, &copy).map_err(|error| Failure::Broken(not_written(&index, &error)))?;
        check_index(facts, &copy).map_err(Failure::Given)?;
    }
    let environment = [
        ("GIT_DIR", facts.git_dir.clone().into_os_string()),
        ("GIT_INDEX_FILE", copy.clone().into_os_string()),
        ("GIT_OBJECT_DIRECTORY", private.git_dir.join("objects").into_os_string()),
    ];
    let arguments = [&ALONE[..], &["write-tree"]].concat();
    let output = command::output_with(work, Scope::Own, &environment, &arguments, None).map_err(Failure::Given)?;
    let _ = folders::remove(&copy);
    if !output.status.success() {
        return Err(refused(work, &arguments, &output));
    }
    let id = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
    let is_id = matches!(id.len(), 40 | 64) && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_id { Ok(id) } else { Err(Failure::Given(GitError::garbled("write-tree"))) }
}

/// Why there is no tree: conflicts and an index that is broken are nothing that the folder is to blame for.
fn refused(work: &Path, arguments: &[&str], output: &Output) -> Failure {
    let unmerged = unmerged(&output.stderr);
    if !unmerged.is_empty() {
        return Failure::Given(GitError::unmerged(&unmerged));
    }
    let error = command::failed(work, arguments, output);
    let given = error.is_about_partial_clone() || error.message.starts_with("the index is broken");
    if given { Failure::Given(error) } else { Failure::Broken(error) }
}

/// The paths of lines `PATH: unmerged (ID)`.
fn unmerged(said: &[u8]) -> Vec<RepoPath> {
    let lines = said.split(|byte| *byte == b'\n');
    let mut paths: Vec<RepoPath> =
        lines.filter_map(|line| Some(RepoPath::new(&line[..memchr::memmem::rfind(line, b": unmerged (")?]))).collect();
    paths.dedup();
    paths
}

/// Brings the files to a tree. Those that are as they should be are not touched, ignored ones stay, other repositories that
/// lie in it stay.
pub(super) fn check_out(private: &Private, tree: &str) -> Result<(), Failure> {
    run(private, &["read-tree", "--reset", "-u", "--no-recurse-submodules", tree])?;
    run(private, &["clean", "-fdq"])
}

fn run(private: &Private, arguments: &[&str]) -> Result<(), Failure> {
    let environment: [(&str, OsString); 2] =
        [("GIT_DIR", private.git_dir.clone().into_os_string()), ("GIT_WORK_TREE", private.root.clone().into_os_string())];
    match command::run_with(&private.root, Scope::Other, &environment, arguments, None) {
        Ok(_) => Ok(()),
        Err(error) if error.is_about_partial_clone() => Err(Failure::Given(error)),
        Err(error) => Err(Failure::Broken(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conflicts_are_named_once() {
        let said = b"a b: unmerged (12)\na b: unmerged (34)\nc: unmerged (: unmerged (56)\nfatal: error building trees\n";
        assert_eq!(unmerged(said), [RepoPath::from("a b"), RepoPath::from("c: unmerged (")]);
        assert!(unmerged(b"fatal: index file corrupt").is_empty());
    }
}
