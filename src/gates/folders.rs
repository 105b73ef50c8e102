//! Folders of our own below a git directory: made, looked at and taken away without following a link out of them.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// The folder below a git directory that is ours.
pub(super) const OURS: &str = "paralint";

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing.
    Nothing,
    /// A folder, and no link to one.
    Folder,
    /// A file, and no link to one.
    File,
    /// A link, or something stranger.
    Other,
}

/// Looks at a path without following a link at its end.
pub(super) fn look(path: &Path) -> io::Result<Found> {
    match fs::symlink_metadata(path) {
        Ok(data) if data.is_dir() => Ok(Found::Folder),
        Ok(data) if data.is_file() => Ok(Found::File),
        Ok(_) => Ok(Found::Other),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(Found::Nothing),
        Err(error) => Err(error),
    }
}

/// Makes folders one below the other; what is there and is no folder is refused.
pub(super) fn make(base: &Path, names: &[&str]) -> io::Result<PathBuf> {
    let mut path = base.to_path_buf();
    for name in names {
        path.push(name);
        match fs::create_dir(&path) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists && look(&path)? == Found::Folder => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return Err(io::Error::other(format!("{} is no folder, and a link is not followed", path.display())));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(path)
}

/// A name that no other process, and nothing else in this one, makes.
pub(super) fn own_name() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let now = crate::input::clock::now().0.max(0);
    format!("{now:013}-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Writes a file beside and renames it, so that nobody reads half of it; a link in its place is replaced.
pub(super) fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let beside = folder.join(format!(".{}.tmp", own_name()));
    let written = fs::OpenOptions::new().write(true).create_new(true).open(&beside).and_then(|mut file| file.write_all(bytes));
    let renamed = written.and_then(|()| fs::rename(&beside, folder.join(name)));
    if renamed.is_err() {
        let _ = fs::remove_file(&beside);
    }
    renamed
}

/// Opens a file to lock it, and makes it where it is not there. A link is not followed.
pub(super) fn open_lock(path: &Path) -> io::Result<fs::File> {
    if matches!(look(path)?, Found::Folder | Found::Other) {
        return Err(io::Error::other("it is no file, and a link is not followed"));
    }
    fs::OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
}

/// Takes away whatever is at a path, never following a link. What is not there is fine.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    let removed = match look(path)? {
        Found::Nothing => Ok(()),
        Found::Folder => fs::remove_dir_all(path).or_else(|error| match error.kind() {
            // Some tools keep folders that nobody may write in.
            ErrorKind::PermissionDenied => unlock(path).and_then(|()| fs::remove_dir_all(path)),
            _ => Err(error),
        }),
        Found::File | Found::Other => fs::remove_file(path),
    };
    match removed {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Makes every folder below a path one that its owner may write in.
#[cfg(unix)]
fn unlock(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    // From above to below: a folder that cannot be read is opened up before its entries are asked for.
    let mut waiting = vec![path.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700))?;
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                waiting.push(entry.path());
            }
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn unlock(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Why something about a path failed, in one fragment.
pub(super) fn why(path: &Path, error: &io::Error) -> String {
    format!("{}: {error}", path.display())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn a_link_is_taken_away_and_not_what_it_leads_to() {
        let folder = tempfile::tempdir().unwrap();
        let outside = folder.path().join("outside");
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("kept"), "1").unwrap();
        let ours = make(folder.path(), &["a", "b"]).unwrap();
        symlink(&outside, ours.join("link")).unwrap();
        assert!(make(&ours, &["link", "c"]).unwrap_err().to_string().contains("link is not followed"));
        remove(&ours.join("link")).unwrap();
        symlink(&outside, ours.join("link")).unwrap();
        remove(&folder.path().join("a")).unwrap();
        remove(&folder.path().join("a")).unwrap();
        assert_eq!(fs::read(outside.join("kept")).unwrap(), b"1");
        assert_eq!(look(&ours).unwrap(), Found::Nothing);
    }

    #[test]
    fn a_folder_that_nobody_may_write_in_goes_too() {
        let folder = tempfile::tempdir().unwrap();
        let ours = make(folder.path(), &["a", "b"]).unwrap();
        fs::write(ours.join("file"), "1").unwrap();
        fs::set_permissions(&ours, fs::Permissions::from_mode(0o500)).unwrap();
        unlock(&folder.path().join("a")).unwrap();
        assert_eq!(fs::metadata(&ours).unwrap().permissions().mode() & 0o777, 0o700);
        remove(&folder.path().join("a")).unwrap();
    }

    #[test]
    fn a_link_in_the_place_of_a_file_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let outside = folder.path().join("outside");
        fs::write(&outside, "1").unwrap();
        symlink(&outside, folder.path().join("ours")).unwrap();
        write(folder.path(), "ours", b"2").unwrap();
        assert_eq!((fs::read(&outside).unwrap(), fs::read(folder.path().join("ours")).unwrap()), (b"1".to_vec(), b"2".to_vec()));
    }
}
