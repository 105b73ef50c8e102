//! Files that wave and plan files promise.

use super::paths;
use crate::model::mark::Mark;
use crate::model::state::{State, WaveState};
use std::collections::{BTreeMap, BTreeSet};

/// One promised file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// As written, notes behind it left out.
    pub text: String,
    /// As git would write it; `None` where it leads out of the repository.
    pub path: Option<String>,
    /// The line that promises it.
    pub mark: Mark,
    /// The wave that promises it, where that is known.
    pub wave: Option<u32>,
    /// What kind of promise it is.
    pub kind: Kind,
}

/// Where a promise comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A wave file says that the file was created.
    Created,
    /// A plan names it as the output of a wave that is done.
    Planned,
    /// The wave is done, and its own output file is due.
    WaveFile,
}

/// Every promise that is due.
pub fn promises(state: &State) -> Vec<Promise> {
    let done = done(state);
    let created = state.waves.iter().flat_map(|wave| wave.files_created.iter().map(|file| (file, Some(wave.wave.value), Kind::Created)));
    let planned = state.plans.iter().flat_map(|plan| &plan.outputs).filter_map(|(wave, file)| {
        let wave = (*wave)?;
        done.contains_key(&wave).then_some((file, Some(wave), Kind::Planned))
    });
    let mut found: Vec<Promise> = created
        .chain(planned)
        .filter_map(|(file, wave, kind)| {
            let text = without_notes(&file.value)?;
            Some(Promise { path: paths::plain(text), text: text.to_owned(), mark: file.mark.clone(), wave, kind })
        })
        .collect();
    found.extend(wave_files(state, &done));
    found
}

/// The paths for which the work tree has to be asked, sorted: what is promised may be there and not be tracked.
pub fn promised(state: &State) -> Vec<String> {
    let paths = promises(state).into_iter().filter_map(|promise| promise.path);
    let literal = paths.filter(|path| !path.is_empty() && !paths::is_glob(path));
    literal.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The waves that execution-progress.md calls done.
fn done(state: &State) -> BTreeMap<u32, Mark> {
    let waves = state.progress.iter().flat_map(|page| &page.waves);
    waves.filter(|wave| wave.state == Some(WaveState::Done)).map(|wave| (wave.wave.value, wave.wave.mark.clone())).collect()
}

/// The output files of waves that are done, where this project writes such files at all. Wave 0 only plans.
fn wave_files(state: &State, done: &BTreeMap<u32, Mark>) -> Vec<Promise> {
    let Some(page) = &state.progress else { return Vec::new() };
    let written: BTreeSet<u32> = state.waves.iter().map(|wave| wave.wave.value).collect();
    let folder = page.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let due = done.iter().filter(|(wave, _)| **wave > 0 && !written.is_empty() && !written.contains(wave));
    due.map(|(wave, mark)| {
        let text = format!("{folder}/wave-{wave}-output.yaml");
        Promise { path: paths::plain(&text), text, mark: mark.clone(), wave: Some(*wave), kind: Kind::WaveFile }
    })
    .collect()
}

/// The path in `src/a.rs (new)`. `None` where it only stands for one: `<name>.rs`, `...`.
fn without_notes(text: &str) -> Option<&str> {
    let text = text.trim();
    let end = [" (", " - ", " — ", " #", ": "].into_iter().filter_map(|note| text.find(note)).min().unwrap_or(text.len());
    let path = text.get(..end)?.trim().trim_matches(['`', '"', '\'']);
    let is_placeholder = path.contains(['<', '>']) || path.contains("...") || path.contains("TODO") || path.contains("://");
    (!path.is_empty() && !is_placeholder).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::{Plan, ProgressPage, ProgressWave, Wave};
    use crate::work::samples::{at, text, texts};

    fn wave(number: u32, state: Option<WaveState>) -> ProgressWave {
        ProgressWave { wave: at(number), state, ..ProgressWave::default() }
    }

    #[test]
    fn what_is_due_is_asked_for() {
        let state = State {
            waves: vec![Wave {
                wave: at(1),
                files_created: texts(&["/src/a.rs (new)", "src/<name>.rs", "../x", "gen/*.go"]),
                ..Wave::default()
            }],
            progress: Some(ProgressPage {
                path: ".claude/context/execution-progress.md".to_owned(),
                waves: vec![wave(0, Some(WaveState::Done)), wave(1, Some(WaveState::Done)), wave(2, Some(WaveState::Done)), wave(3, None)],
                ..ProgressPage::default()
            }),
            plans: vec![Plan { outputs: vec![(Some(2), text("b.rs")), (Some(3), text("c.rs")), (None, text("d.rs"))], ..Plan::default() }],
            ..State::default()
        };
        assert_eq!(promised(&state), [".claude/context/wave-2-output.yaml", "b.rs", "src/a.rs"]);
        assert_eq!(promises(&state).iter().filter(|promise| promise.path.is_none()).count(), 1);
    }
}
