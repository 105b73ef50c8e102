//! The private repository: its few files, written by hand. Its objects lie on top of those of the real one.
#![allow(clippy::disallowed_methods)]

use crate::gates::folders::{self, Found};
use crate::input::git::command::{self, Scope};
use crate::input::git::{Facts, alternates};
use std::io;
use std::path::{Path, PathBuf};

/// What stays from one run to the next; everything else that is found in the git directory was left by a gate or a crash.
const KEPT_FILES: [&str; 3] = ["HEAD", "config", "index"];
const KEPT_FOLDERS: [&str; 2] = ["info", "objects"];

/// A folder of loose objects of which git itself would say at so many that it is time to clean up.
const SAMPLE: &str = "17";
const MOST_LOOSE: usize = 27;

/// What the real configuration must not decide here.
const OVERRIDES: &str = "\
[core]
\tbare = false
\thooksPath = /dev/null
\tfsmonitor = false
\ttrustctime = true
\tcheckStat = default
\tignoreStat = false
\tsparseCheckout = false
\tsparseCheckoutCone = false
\tsplitIndex = false
\tuntrackedCache = false
[index]
\tsparse = false
[gc]
\tauto = 0
[maintenance]
\tauto = false
[submodule]
\trecurse = false
";

/// The private repository.
pub(super) struct Private {
    pub(super) root: PathBuf,
    pub(super) git_dir: PathBuf,
}

impl Private {
    pub(super) fn new(root: PathBuf) -> Private {
        Private { git_dir: root.join(".git"), root }
    }

    /// Makes it where it is not there, and sets right what a gate or a crash did to it. The lock is held.
    pub(super) fn make(&self, facts: &Facts, work: &Path) -> io::Result<()> {
        folders::make(self.root.parent().unwrap_or(&self.root), &[super::STAGED])?;
        if folders::look(&self.git_dir)? != Found::Folder {
            folders::remove(&self.git_dir)?;
        }
        folders::make(&self.root, &[".git"])?;
        self.sweep()?;
        self.restore_index()?;
        folders::make(&self.git_dir, &["refs", "heads"])?;
        let info = folders::make(&self.git_dir, &["info"])?;
        folders::make(&self.git_dir, &["objects", "pack"])?;
        let objects = folders::make(&self.git_dir, &["objects", "info"])?;
        settle(&objects, "alternates", Some(alternates::of(&facts.common_dir)?))?;
        for name in ["attributes", "exclude"] {
            settle(&info, name, small_file(&facts.common_dir.join("info").join(name)))?;
        }
        settle(&info, "sparse-checkout", None)?;
        settle(&self.git_dir, "shallow", small_file(&facts.common_dir.join("shallow")))?;
        settle(&self.git_dir, "config", Some(self.config(facts, work)?))?;
        settle(&self.git_dir, "HEAD", Some(head(facts)))
    }

    /// Puts the index of before the last run back: what a gate did to it (a file that git is not to look at) must not hide what
    /// the gate did to files. It is moved, since git compares the time of the index with those of files.
    fn restore_index(&self) -> io::Result<()> {
        let settled = self.root.with_file_name(super::SETTLED);
        match folders::look(&settled)? {
            Found::File => std::fs::rename(&settled, self.git_dir.join("index")),
            _ => Ok(()),
        }
    }

    /// Takes away what does not stay.
    fn sweep(&self) -> io::Result<()> {
        for entry in std::fs::read_dir(&self.git_dir)? {
            let entry = entry?;
            let name = entry.file_name();
            let stays = match folders::look(&entry.path())? {
                Found::Folder => KEPT_FOLDERS.iter().any(|kept| name == *kept),
                Found::File => KEPT_FILES.iter().any(|kept| name == *kept),
                Found::Nothing | Found::Other => false,
            };
            if !stays {
                folders::remove(&entry.path())?;
            }
        }
        let objects = self.git_dir.join("objects");
        // All that it needs is made again from the real one.
        let loose = std::fs::read_dir(objects.join(SAMPLE)).map_or(0, Iterator::count);
        if loose > MOST_LOOSE { folders::remove(&objects) } else { Ok(()) }
    }

    /// Its configuration: the real one, but for what would lead out of here.
    fn config(&self, facts: &Facts, work: &Path) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        match is_sha256(facts, work)? {
            true => text.extend_from_slice(b"[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectFormat = sha256\n"),
            false => text.extend_from_slice(b"[core]\n\trepositoryformatversion = 0\n"),
        }
        for config in [facts.common_dir.join("config"), facts.git_dir.join("config.worktree")] {
            text.extend_from_slice(b"[include]\n\tpath = ");
            quote(&config, &mut text);
        }
        text.extend_from_slice(OVERRIDES.as_bytes());
        text.extend_from_slice(b"[core]\n\tworktree = ");
        quote(&self.root, &mut text);
        let lfs = facts.common_dir.join("lfs");
        if lfs.is_dir() {
            // Else it would fetch all of them again.
            text.extend_from_slice(b"[lfs]\n\tstorage = ");
            quote(&lfs, &mut text);
        }
        Ok(text)
    }
}

/// Whether objects are named by SHA-256. Without a commit only git knows.
fn is_sha256(facts: &Facts, work: &Path) -> io::Result<bool> {
    if let Some(head) = &facts.head {
        return Ok(head.len() == 64);
    }
    let said = command::run(work, Scope::Own, &["rev-parse", "--show-object-format"], None);
    Ok(said.map_err(|error| io::Error::other(error.message))?.starts_with(b"sha256"))
}

/// The commit that is checked out, or the branch that is not born yet.
fn head(facts: &Facts) -> Vec<u8> {
    match (&facts.head, &facts.branch) {
        (Some(head), _) => format!("{head}\n").into_bytes(),
        (None, branch) => format!("ref: refs/heads/{}\n", branch.as_deref().unwrap_or("main")).into_bytes(),
    }
}

/// A value of git's configuration, and the end of its line.
fn quote(path: &Path, text: &mut Vec<u8>) {
    text.push(b'"');
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'\n' => text.extend_from_slice(b"\\n"),
            b'"' | b'\\' => text.extend_from_slice(&[b'\\', *byte]),
            _ => text.push(*byte),
        }
    }
    text.extend_from_slice(b"\"\n");
}

/// A file of the real repository; `None` where there is none that is one.
fn small_file(path: &Path) -> Option<Vec<u8>> {
    let is_small = std::fs::metadata(path).is_ok_and(|data| data.is_file() && data.len() <= 16 << 20);
    if is_small { std::fs::read(path).ok() } else { None }
}

/// Gives a file its content, or takes it away. What is right already is left alone.
fn settle(folder: &Path, name: &str, content: Option<Vec<u8>>) -> io::Result<()> {
    let path = folder.join(name);
    let found = folders::look(&path)?;
    match content {
        None => folders::remove(&path),
        Some(content) if found == Found::File && std::fs::read(&path).is_ok_and(|there| there == content) => Ok(()),
        Some(content) => {
            if found == Found::Folder {
                folders::remove(&path)?;
            }
            folders::write(folder, name, &content)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::quote;
    use std::path::Path;

    #[test]
    fn an_odd_path_is_one_value() {
        let mut text = Vec::new();
        quote(Path::new("/a \"b\"\\c\n#;d"), &mut text);
        assert_eq!(text, b"\"/a \\\"b\\\"\\\\c\\n#;d\"\n");
    }
}
