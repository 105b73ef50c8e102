//! Reading session logs, and what a run says of them.

mod not_told;

use super::progress::Progress;
use super::setup::{place, plural};
use crate::audit::{self, Outcome};
use crate::input::session::find::{self, LogFiles, Unusable};
use crate::input::session::{self, LogError};
use crate::model::session::{Numbering, Session};
use crate::report::v1;
use rustc_hash::FxHashSet;

/// Which format the logs are in, where the user knows better than their content tells.
#[derive(Debug, Default, clap::Args)]
pub(super) struct InputFormat {
    /// Read every log as this format instead of telling it from its content
    #[arg(long, value_name = "FORMAT", value_parser = clap::builder::PossibleValuesParser::new(formats()), help_heading = "Which sessions")]
    input_format: Option<String>,
}

/// The formats with what each is, for `--help` and completions.
fn formats() -> impl Iterator<Item = clap::builder::PossibleValue> {
    session::titles().into_iter().map(|(name, title)| clap::builder::PossibleValue::new(name).help(title))
}

impl InputFormat {
    /// The format that was asked for.
    pub(super) fn format(&self) -> Option<&'static session::Format> {
        self.input_format.as_deref().and_then(session::by_name)
    }
}

/// What a run says about itself.
#[derive(Default)]
pub(super) struct Run {
    pub(super) errors: Vec<v1::Error>,
    pub(super) checked: Vec<v1::Checked>,
    pub(super) not_checked: Vec<v1::NotChecked>,
}

impl Run {
    /// Takes in what another run said.
    pub(super) fn absorb(&mut self, other: Run) {
        self.errors.extend(other.errors);
        self.checked.extend(other.checked);
        self.not_checked.extend(other.not_checked);
    }

    /// The error of a report, and what was not checked, further errors included.
    pub(super) fn split(&self) -> (Option<v1::Error>, Vec<v1::NotChecked>) {
        let mut errors = self.errors.iter().cloned();
        let error = errors.next();
        let mut not_checked = self.not_checked.clone();
        not_checked.extend(errors.map(|error| v1::NotChecked {
            what: error.location.map_or_else(|| "input".to_owned(), |location| location.path),
            why: error.message,
        }));
        (error, not_checked)
    }

    /// Reads logs: the sessions, and the paths that hold bytes which are not UTF-8.
    pub(super) fn read(
        logs: &[LogFiles],
        unusable: Vec<Unusable>,
        skipped: Vec<Unusable>,
        unicode: bool,
    ) -> (Run, Vec<Session>, FxHashSet<String>) {
        let paths = logs.iter().flat_map(|log| std::iter::once(&log.main).chain(&log.agents));
        let encoded_paths = paths.filter(|path| path.to_str().is_none()).map(|path| session::shown(path)).collect();
        let progress = Progress::new(logs.iter().map(|log| log.bytes).sum(), unicode);
        let results = session::read_all(logs, |log| progress.advance(log.bytes));
        progress.clear();
        let mut run = Run::default();
        run.errors.extend(unusable.iter().map(unusable_error));
        run.not_checked.extend(skipped.into_iter().map(|skipped| v1::NotChecked { what: skipped.path, why: skipped.why }));
        let sessions = run.sort_out(logs, results);
        (run, sessions, encoded_paths)
    }

    /// Separates sessions from what could not be read. A file that was named must be readable; one that a folder holds
    /// may be something else.
    pub(super) fn sort_out(&mut self, logs: &[LogFiles], results: Vec<Result<Session, LogError>>) -> Vec<Session> {
        let mut sessions = Vec::new();
        for (log, result) in logs.iter().zip(results) {
            match result {
                Ok(session) => sessions.push(session),
                Err(error) if log.named || error.is_of_the_system() => {
                    let location = place(&session::shown(&log.main), None, None);
                    self.errors.push(v1::Error {
                        kind: "input".to_owned(),
                        message: error.to_string(),
                        hint: Some(error.hint().to_owned()),
                        location: Some(location),
                    });
                }
                Err(error) => self.not_checked.push(v1::NotChecked { what: session::shown(&log.main), why: error.to_string() }),
            }
        }
        sessions
    }

    /// Says what was checked and what was not.
    pub(super) fn describe(&mut self, outcome: &Outcome) {
        let sessions = outcome.sessions.len();
        if sessions == 0 {
            return;
        }
        let count = |of: fn(&audit::Audited) -> usize| outcome.sessions.iter().map(of).sum::<usize>();
        let dispatches = count(|audited| audited.session.dispatches.len());
        let claims = count(|audited| audited.judgements.len());
        let edits = count(|audited| audited.session.dispatches.iter().map(|dispatch| dispatch.edits.len()).sum());
        let mut checked = |what: &str, detail: String| self.checked.push(v1::Checked { what: what.to_owned(), detail });
        checked("claims", format!("{}, {}, {}", plural(sessions, "session"), plural(dispatches, "dispatch"), plural(claims, "claim")));
        checked("overlap", format!("{} by agents", plural(edits, "edit")));
        checked("limits", plural(dispatches, "dispatch"));
        checked("phases", "waves named in dispatches".to_owned());
        self.not_checked.extend(not_told::by(&outcome.sessions));
        for audited in &outcome.sessions {
            let session = &audited.session;
            if session.damage.count > 0 {
                let unit = if session.numbering == Numbering::Lines { "line" } else { "record" };
                self.not_checked.push(v1::NotChecked {
                    what: format!("{} of {}", plural(usize::try_from(session.damage.count).unwrap_or(usize::MAX), unit), session.path),
                    why: "not one whole JSON object; what could be salvaged was read".to_owned(),
                });
            }
            for notice in &session.notices {
                let has_line = notice.line > 0 && session.numbering == Numbering::Lines;
                let what = if has_line { format!("{}:{}", notice.path, notice.line) } else { notice.path.clone() };
                self.not_checked.push(v1::NotChecked { what, why: notice.what.clone() });
            }
        }
    }
}

fn unusable_error(unusable: &find::Unusable) -> v1::Error {
    v1::Error {
        kind: "input".to_owned(),
        message: format!("cannot audit {}: {}", unusable.path, unusable.why),
        hint: Some("name a session log or a folder that holds some".to_owned()),
        location: Some(place(&unusable.path, None, None)),
    }
}
