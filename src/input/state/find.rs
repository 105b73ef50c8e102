//! Where state files lie, and their bytes.

use super::source::{Hinted, Source, file_error};
use crate::model::state::StateError;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

/// No state file needs more.
const LARGEST: u64 = 16 * 1024 * 1024;

/// A work tree, and the main one where it is linked.
pub(super) struct Place<'p> {
    root: &'p Path,
    main: Option<&'p Path>,
}

impl<'p> Place<'p> {
    /// The main work tree counts only where it is another one.
    pub(super) fn new(root: &'p Path, main: Option<&'p Path>) -> Place<'p> {
        Place { root, main: main.filter(|main| *main != root) }
    }

    /// The file of a name: at the root or in `.claude/`, else there in the main work tree. `None` where there is none.
    pub(super) fn source(&self, name: &str) -> Result<Option<Source>, StateError> {
        for tree in self.trees() {
            let there: Vec<PathBuf> = [tree.join(name), tree.join(".claude").join(name)].into_iter().filter(|path| exists(path)).collect();
            match there.as_slice() {
                [] => {}
                [one] => return self.read(one).map(Some),
                [root, hidden, ..] => return self.one_of(root, hidden).map(Some),
            }
        }
        Ok(None)
    }

    /// The work tree, then the main one.
    pub(super) fn trees(&self) -> impl Iterator<Item = &'p Path> {
        std::iter::once(self.root).chain(self.main)
    }

    /// Two files of one name are one where the first is a link to the second or the other way round.
    fn one_of(&self, root: &Path, hidden: &Path) -> Result<Source, StateError> {
        let same = root.canonicalize().ok().zip(hidden.canonicalize().ok()).is_some_and(|(root, hidden)| root == hidden);
        if same {
            let is_link = root.symlink_metadata().is_ok_and(|data| data.file_type().is_symlink());
            return self.read(if is_link { hidden } else { root });
        }
        let (first, second) = (self.shown(root), self.shown(hidden));
        Err(file_error(&first, format!("{first} and {second} are both there"), "keep one of them: which one counts, nobody can tell"))
    }

    /// Reads a file that is there.
    pub(super) fn read(&self, path: &Path) -> Result<Source, StateError> {
        let shown = self.shown(path);
        let fail = |message: String, hint: &str| file_error(&shown, message, hint);
        self.stays_inside(path, &shown)?;
        let unreadable = |error: std::io::Error| fail(format!("failed to read it: {error}"), "make it readable, or remove it");
        let data = std::fs::metadata(path).map_err(unreadable)?;
        if !data.is_file() {
            return Err(fail("it is no regular file".to_owned(), "a state file is a plain file of text"));
        }
        let mut bytes = Vec::new();
        let file = std::fs::File::open(path).map_err(unreadable)?;
        if data.len() <= LARGEST {
            file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        }
        if data.len() > LARGEST || bytes.len() as u64 > LARGEST {
            return Err(fail(format!("it is larger than {} MiB", LARGEST >> 20), "no state file needs that much; remove what is old"));
        }
        decoded(&shown, &bytes)
    }

    /// A link may lead to another place of the repository, never out of it.
    pub(super) fn stays_inside(&self, path: &Path, shown: &str) -> Result<(), StateError> {
        let real = path.canonicalize().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => file_error(shown, "it is a link that leads nowhere", "mend the link, or remove it"),
            _ => file_error(shown, format!("failed to read it: {error}"), "make it readable, or remove it"),
        })?;
        let inside = self.trees().filter_map(|tree| tree.canonicalize().ok()).any(|tree| real.starts_with(tree));
        if inside { Ok(()) } else { Err(file_error(shown, "it is a link that leads out of the repository", "copy the file here")) }
    }

    /// A path relative to the work tree, with `/`; with `../` for the main one.
    pub(super) fn shown(&self, path: &Path) -> String {
        let (mut from, mut to) = (self.root.components().peekable(), path.components().peekable());
        let mut shared = false;
        while let (Some(one), Some(other)) = (from.peek(), to.peek())
            && one == other
        {
            shared |= matches!(one, Component::Normal(_));
            from.next();
            to.next();
        }
        if !shared {
            return path.to_string_lossy().into_owned();
        }
        let up = from.map(|_| "..".to_owned());
        let parts: Vec<String> = up.chain(to.map(|part| part.as_os_str().to_string_lossy().into_owned())).collect();
        parts.join("/")
    }
}

/// Whether something is there, be it a link that leads nowhere.
pub(super) fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// The text of a file's bytes.
pub(super) fn decoded(path: &str, bytes: &[u8]) -> Result<Source, StateError> {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.trim_start_matches('\u{feff}').trim().is_empty() => {
            Err(file_error(path, "the file is empty", "write its content, or remove the file"))
        }
        Ok(text) => Ok(Source::new(path, text)),
        Err(error) => {
            let source = Source::new(path, &String::from_utf8_lossy(bytes));
            // Up to there nothing was replaced, but a byte order mark is taken off.
            let skipped = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
            let at = error.valid_up_to().saturating_sub(skipped);
            Err(source.error(at..at + 1, "it is not UTF-8").hinted("save it as UTF-8"))
        }
    }
}
