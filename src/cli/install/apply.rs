//! Writing hooks so that at each moment a hook is there: the new script is whole beside its place before anything moves, an earlier
//! hook gets its second name before its first one goes to the script, and who is cut off between leaves both.
#![allow(clippy::disallowed_methods)]

use super::leftovers::part_of;
use crate::input::hooks::identity;
use crate::install::Hook;
use crate::install::plan::{Place, Step, Undo};
use crate::install::script;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Holds other installations off until it goes away, and signals that would end this one half-way. The folder itself is locked, so that
/// nothing is left behind.
pub(in crate::cli) struct Turn(#[allow(dead_code, reason = "it is held, not read")] Option<File>);

impl Turn {
    /// Waits for its turn. Where a folder cannot be locked, the order of the steps has to do.
    pub(in crate::cli) fn take(folder: &Path) -> Turn {
        let held = File::open(folder).ok().filter(|file| file.lock().is_ok());
        // What is begun now takes a moment, and is finished. Who waits for the turn can be ended.
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            let _ = signal_hook::flag::register(signal, Arc::default());
        }
        Turn(held)
    }
}

/// A script that is whole, beside the place that it is for. It goes away with its value.
pub(super) struct Ready {
    hook: Hook,
    part: PathBuf,
    place: PathBuf,
}

impl Drop for Ready {
    fn drop(&mut self) {
        // It is gone already where it was renamed.
        let _ = fs::remove_file(&self.part);
    }
}

impl Ready {
    /// Writes the script of a step beside its place; `None` where the step writes nothing.
    pub(super) fn write(folder: &Path, hook: Hook, step: &Step) -> io::Result<Option<Ready>> {
        let (Step::Write { gates, .. } | Step::Chain { gates, .. } | Step::Update { gates, .. }) = step else { return Ok(None) };
        fs::create_dir_all(folder)?;
        let part = folder.join(part_of(OsStr::new(hook.name())));
        let ready = Ready { hook, place: folder.join(hook.name()), part };
        let file = OpenOptions::new().write(true).create_new(true).open(&ready.part)?;
        fill(file, &script::text(hook, *gates))?;
        Ok(Some(ready))
    }

    /// Puts it in its place.
    pub(super) fn put(&self, step: &Step) -> io::Result<()> {
        match step {
            Step::Write { .. } => self.put_where_nothing_is(),
            Step::Chain { is_kept: false, .. } => self.put_before(&self.place.with_file_name(self.hook.earlier_name())),
            _ => fs::rename(&self.part, &self.place),
        }
    }

    /// A hook that somebody put there meanwhile is not written over.
    fn put_where_nothing_is(&self) -> io::Result<()> {
        match fs::hard_link(&self.part, &self.place) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists && fs::symlink_metadata(&self.place).is_err() => {
                fs::rename(&self.part, &self.place)
            }
            linked => linked,
        }
    }

    fn put_before(&self, earlier: &Path) -> io::Result<()> {
        match fs::hard_link(&self.place, earlier) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(error),
            // Without second names there is a moment without a hook.
            Err(_) => fs::rename(&self.place, earlier)?,
        }
        if fs::symlink_metadata(&self.place).is_ok() && identity(&self.place) != identity(earlier) {
            fs::remove_file(earlier)?;
            return Err(io::Error::other("it changed meanwhile"));
        }
        fs::rename(&self.part, &self.place).inspect_err(|_| {
            // As it was: of two names for one file a rename would leave both.
            let _ = match fs::symlink_metadata(&self.place) {
                Ok(_) => fs::remove_file(earlier),
                Err(_) => fs::rename(earlier, &self.place),
            };
        })
    }
}

/// Fills a new script, executable for everybody as git's own samples are.
fn fill(mut file: File, text: &str) -> io::Result<()> {
    file.write_all(text.as_bytes())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(fs::Permissions::from_mode(0o755))?;
    }
    file.sync_all()
}

/// Takes away what is ours, and puts back what was there.
pub(in crate::cli) fn take_away(folder: &Path, place: &Place, undo: &Undo) -> io::Result<()> {
    let (path, earlier) = (folder.join(place.name()), folder.join(place.hook.earlier_name()));
    match undo {
        Undo::Remove => fs::remove_file(path),
        Undo::PutBack => fs::rename(earlier, path),
        Undo::DropSecondName => fs::remove_file(earlier),
        Undo::Nothing | Undo::ByHand { .. } => Ok(()),
    }
}
