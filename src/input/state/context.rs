//! `.claude/context/`: the files by which waves tell each other what they made.

use super::find::{Place, exists};
use super::source::{Source, file_error};
use super::{plan, progress, wave};
use crate::model::state::{State, StateError};
use regex::Regex;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

const FOLDER: &str = ".claude/context";

/// More waves than this nobody plans.
const MOST_WAVES: usize = 10_000;

/// Reads the folder of this work tree, else that of the main one.
pub(super) fn read(place: &Place<'_>, state: &mut State) {
    let Some(folder) = place.trees().map(|tree| tree.join(FOLDER)).find(|folder| exists(folder)) else { return };
    let mut reader = Reader { place, folder: &folder, state };
    match reader.wave_files() {
        Ok(waves) => waves.into_iter().for_each(|(number, paths)| reader.wave(number, &paths)),
        Err(error) => reader.state.errors.push(error),
    }
    if let Some(source) = reader.source("execution-progress.md") {
        reader.state.progress = Some(progress::read(&source));
    }
    if let Some(source) = reader.source("wave-execution-plan.md") {
        reader.state.plans.push(plan::page(&source));
    }
    for name in ["feature-context.yaml", "feature-implementation.yaml"] {
        if let Some(source) = reader.source(name) {
            let plan = plan::feature(&source).map_err(|error| reader.state.errors.push(error));
            reader.state.plans.extend(plan);
        }
    }
}

struct Reader<'r> {
    place: &'r Place<'r>,
    folder: &'r Path,
    state: &'r mut State,
}

impl Reader<'_> {
    /// The files of waves by number, each number's in the order of their names.
    fn wave_files(&self) -> Result<BTreeMap<u32, Vec<PathBuf>>, StateError> {
        let shown = self.place.shown(self.folder);
        self.place.stays_inside(self.folder, &shown)?;
        let unreadable = |error: std::io::Error| file_error(&shown, format!("failed to read the folder: {error}"), "make it readable");
        let mut waves: BTreeMap<u32, Vec<PathBuf>> = BTreeMap::new();
        for entry in std::fs::read_dir(self.folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if let Some(number) = path.file_name().and_then(|name| name.to_str()).and_then(wave_number) {
                waves.entry(number).or_default().push(path);
            }
            if waves.len() > MOST_WAVES {
                return Err(file_error(&shown, format!("it holds more than {MOST_WAVES} waves"), "remove those of features that are done"));
            }
        }
        waves.values_mut().for_each(|paths| paths.sort());
        Ok(waves)
    }

    fn wave(&mut self, number: u32, paths: &[PathBuf]) {
        let read = match paths {
            [one] => self.place.read(one).and_then(|source| wave::read(&source, number)),
            [first, second, ..] => {
                let (first, second) = (self.place.shown(first), self.place.shown(second));
                let message = format!("{first} and {second} are both there");
                Err(file_error(&first, message, "keep one of them: both speak of the same wave"))
            }
            [] => return,
        };
        match read {
            Ok(wave) => self.state.waves.push(wave),
            Err(error) => self.state.errors.push(error),
        }
    }

    /// A file of the folder, where it is there and can be read.
    fn source(&mut self, name: &str) -> Option<Source> {
        let path = self.folder.join(name);
        let read = exists(&path).then(|| self.place.read(&path))?;
        read.map_err(|error| self.state.errors.push(error)).ok()
    }
}

/// The number of the wave whose output file a path names, relative to the work tree.
pub(super) fn number_of(path: &str) -> Option<u32> {
    wave_number(path.strip_prefix(FOLDER)?.strip_prefix('/')?)
}

/// The number in `wave-2-output.yaml`.
fn wave_number(name: &str) -> Option<u32> {
    static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^wave-([0-9]{1,6})-output\.ya?ml$").ok());
    NAME.as_ref()?.captures(name)?.get(1)?.as_str().parse().ok()
}
