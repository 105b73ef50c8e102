//! The few files of a repository that are read as files.

use std::path::{Path, PathBuf};

/// The text of a small file; `None` where there is none.
pub(super) fn text(path: &Path) -> Option<String> {
    let bytes = std::fs::read(path).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The git directory of a work tree: `.git`, or where that file says.
pub(super) fn git_dir(root: &Path) -> PathBuf {
    let dot = root.join(".git");
    match text(&dot).as_deref().and_then(|text| text.strip_prefix("gitdir:")) {
        Some(there) => root.join(there.trim()),
        None => dot,
    }
}

/// The git directory that all worktrees share, from that of one.
pub(super) fn common_dir(git_dir: &Path) -> PathBuf {
    match text(&git_dir.join("commondir")) {
        Some(there) => tidy(&git_dir.join(there.trim_end_matches('\n'))),
        None => git_dir.to_path_buf(),
    }
}

/// A path without `.` and `..`, by its words alone: git wrote it, and knows of no links in it.
pub(crate) fn tidy(path: &Path) -> PathBuf {
    let mut tidied = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                tidied.pop();
            }
            std::path::Component::CurDir => {}
            _ => tidied.push(part),
        }
    }
    tidied
}

/// The commits that are being merged into what is checked out.
pub(super) fn merge_heads(git_dir: &Path) -> Vec<String> {
    let text = text(&git_dir.join("MERGE_HEAD")).unwrap_or_default();
    text.lines().filter(|line| is_id(line)).map(str::to_owned).collect()
}

/// The commits that git is about to merge: while `pre-merge-commit` runs, `MERGE_HEAD` is not written yet.
pub(super) fn merge_heads_in_environment() -> Vec<String> {
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    names.filter_map(|name| name.strip_prefix("GITHEAD_").filter(|id| is_id(id)).map(str::to_owned)).collect()
}

/// Whether it is a whole hexadecimal id.
pub(super) fn is_id(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The commits at which history is cut off.
pub(super) fn cut_off(common_dir: &Path) -> rustc_hash::FxHashSet<String> {
    text(&common_dir.join("shallow")).unwrap_or_default().lines().map(str::to_owned).collect()
}

/// What a file of a work tree is, for hashing it.
pub(super) enum Kind {
    /// A symbolic link, and where it leads.
    Symlink(Vec<u8>),
    /// A file that can be opened.
    Readable,
    /// Anything else.
    Other,
}

/// The longest file of a work tree that is hashed.
const LONGEST: u64 = 64 << 20;

/// Looks at a file without following links.
pub(super) fn kind(path: &Path) -> Kind {
    let Ok(data) = std::fs::symlink_metadata(path) else { return Kind::Other };
    if data.is_symlink() {
        let Ok(target) = std::fs::read_link(path) else { return Kind::Other };
        return Kind::Symlink(target.into_os_string().into_encoded_bytes());
    }
    let readable = data.is_file() && data.len() <= LONGEST && std::fs::File::open(path).is_ok();
    if readable { Kind::Readable } else { Kind::Other }
}

/// The mode git would give a file of a work tree; `None` where it is neither a file nor a link.
pub(super) fn mode(path: &Path) -> Option<u32> {
    let data = std::fs::symlink_metadata(path).ok()?;
    if data.is_symlink() {
        return Some(0o120_000);
    }
    data.is_file().then(|| if is_executable(&data) { 0o100_755 } else { 0o100_644 })
}

#[cfg(unix)]
fn is_executable(data: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    data.permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
fn is_executable(_data: &std::fs::Metadata) -> bool {
    false
}
