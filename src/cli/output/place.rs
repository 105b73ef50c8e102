//! Where a report in a file goes: links, devices and pipes, permissions; and that nobody ever reads half of it.
#![allow(clippy::disallowed_methods)]

use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// As many links as may lead one to the next.
const MOST_LINKS: usize = 40;

/// Names of the standard streams, and what they are called.
const STANDARD: [(&str, &[&str]); 2] = [
    ("standard output", &["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]),
    ("standard error", &["/dev/stderr", "/dev/fd/2", "/proc/self/fd/2"]),
];

/// Where a path leads, as far as that exists: links followed, also one to a file that is not there yet; one spelling.
pub(super) fn real(path: &Path) -> PathBuf {
    let mut path = path.to_path_buf();
    for _ in 0..MOST_LINKS {
        if let Ok(real) = std::fs::canonicalize(&path) {
            return real;
        }
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let parent = std::fs::canonicalize(parent).unwrap_or_else(|_| parent.to_path_buf());
        match std::fs::read_link(&path) {
            // What leads to something that is open and has no name, such as a pipe, is no way to a file.
            Ok(to) if !path.exists() => path = parent.join(to),
            _ => return parent.join(path.file_name().unwrap_or(OsStr::new(""))),
        }
    }
    path
}

/// What a path is called that is a standard stream of this process, by its name or because that stream goes there. What is
/// thrown away is nobody's.
pub(super) fn is_standard(path: &Path) -> Option<&'static str> {
    let real = real(path);
    let is_name = |name: &&str| path == Path::new(name) || real == Path::new(name);
    let by_name = STANDARD.iter().find(|(_, names)| names.iter().any(is_name));
    by_name.or_else(|| STANDARD.iter().find(|(_, names)| goes_to(names, &real))).map(|(stream, _)| *stream)
}

/// Whether a stream goes to this file or pipe.
#[cfg(unix)]
fn goes_to(names: &[&str], path: &Path) -> bool {
    use std::os::unix::fs::{FileTypeExt, MetadataExt};
    let identity = |path: &Path| std::fs::metadata(path).ok().map(|data| ((data.dev(), data.ino()), data.file_type()));
    let Some((place, kind)) = identity(path) else { return false };
    // Nobody misses what a device such as `/dev/null` swallows.
    let swallows = kind.is_char_device() && path.starts_with("/dev") && !path.starts_with("/dev/pts") && !path.starts_with("/dev/tty");
    !swallows && names.iter().find_map(|name| identity(Path::new(name))).is_some_and(|(stream, _)| stream == place)
}

#[cfg(not(unix))]
fn goes_to(_: &[&str], _: &Path) -> bool {
    false
}

/// Written beside and renamed, so that nobody ever reads half a file.
pub(in crate::cli) fn write_beside(path: &Path, render: impl Fn(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    // A link stays a link: what it leads to is written. A device or a pipe is written as it is.
    let path = real(path);
    let there = std::fs::metadata(&path).ok();
    if there.as_ref().is_some_and(|data| !data.is_file() && !data.is_dir()) {
        let mut out = io::BufWriter::new(opened(&path)?);
        render(&mut out)?;
        return out.flush();
    }
    if path.symlink_metadata().is_ok_and(|data| data.is_symlink()) {
        return Err(io::Error::other("its links lead in a circle"));
    }
    // Two names may lead to one file in ways that nobody saw, and are written at the same time.
    static PARTS: AtomicUsize = AtomicUsize::new(0);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}-{}.part", std::process::id(), PARTS.fetch_add(1, Ordering::Relaxed)));
    let part = path.with_file_name(name);
    let written = created(&part, there.filter(std::fs::Metadata::is_file).map(|data| data.permissions())).and_then(|file| {
        let mut out = io::BufWriter::new(file);
        render(&mut out)?;
        out.flush()
    });
    let done = written.and_then(|()| std::fs::rename(&part, &path));
    if done.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    done
}

/// A new file with the permissions of the one whose place it takes, from its first byte on.
#[cfg(unix)]
fn created(part: &Path, like: Option<std::fs::Permissions>) -> io::Result<File> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    let Some(like) = like else { return File::create(part) };
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(part)?;
    file.set_permissions(std::fs::Permissions::from_mode(like.mode() & 0o777))?;
    Ok(file)
}

#[cfg(not(unix))]
fn created(part: &Path, _: Option<std::fs::Permissions>) -> io::Result<File> {
    File::create(part)
}

/// A device or a pipe. Nobody waits for a reader that may never come.
#[cfg(unix)]
pub(super) fn opened(path: &Path) -> io::Result<File> {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    let waitless = i32::try_from(OFlags::NONBLOCK.bits()).map_err(io::Error::other)?;
    let file = OpenOptions::new().write(true).custom_flags(waitless).open(path).map_err(|error| {
        let is_alone = error.raw_os_error() == Some(rustix::io::Errno::NXIO.raw_os_error());
        if is_alone { io::Error::other("nobody reads from this pipe") } else { error }
    })?;
    // From here on a reader that is slow is waited for.
    rustix::fs::fcntl_setfl(&file, OFlags::empty())?;
    Ok(file)
}

#[cfg(not(unix))]
pub(super) fn opened(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).open(path)
}
