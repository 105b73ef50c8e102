//! `paralint audit [PATH…]`.

use super::output::Output;
use super::progress::Progress;
use super::setup::{Failure, Setup, failure, plural};
use super::{ExitStatus, FAILED};
use crate::audit::{self, Outcome};
use crate::config::Config;
use crate::input::session::find::{self, Found, LogFiles};
use crate::input::session::{self, LogError};
use crate::input::{clock, repository};
use crate::model::moment::Moment;
use crate::model::session::Session;
use crate::report::{assemble, v1};
use std::path::PathBuf;

/// Arguments of `audit`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  paralint audit                                    this repository's own sessions
  paralint audit --last 1                           the latest of them
  paralint audit ~/.claude/projects                 every session in a folder
  paralint audit session.jsonl --format json        one log, for a script")]
pub(super) struct Arguments {
    /// Session logs, or folders of them; this repository's own sessions without any
    paths: Vec<PathBuf>,
    /// Only the N sessions that ended last
    #[arg(long, value_name = "N", help_heading = "Which sessions")]
    last: Option<usize>,
    /// Only sessions that ended at or after a time (2026-01-19, 3d, 2h)
    #[arg(long, value_name = "TIME", help_heading = "Which sessions")]
    since: Option<String>,
    /// Only sessions that began at or before a time
    #[arg(long, value_name = "TIME", help_heading = "Which sessions")]
    until: Option<String>,
    /// Only the session with this identifier, or the only one whose identifier begins so
    #[arg(long, value_name = "ID", value_parser = clap::builder::NonEmptyStringValueParser::new(), help_heading = "Which sessions")]
    session: Option<String>,
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    output: Output,
}

pub(super) fn run(arguments: Arguments) -> ExitStatus {
    arguments.setup.set_threads();
    let report = match prepared(&arguments) {
        Ok((config, found, times)) => audited(&arguments, &config, found, times),
        Err(failure) => {
            let frame = assemble::Frame {
                command: "audit",
                exit_code: i32::from(FAILED),
                error: Some(*failure.error),
                ..assemble::Frame::default()
            };
            assemble::report(frame, &Outcome::default())
        }
    };
    arguments.output.write(&report)
}

/// The configuration, the logs that the arguments lead to, and the time that is asked for.
fn prepared(arguments: &Arguments) -> Result<(Config, Found, TimeRange), Failure> {
    let times = time_range(arguments)?;
    let folder =
        std::env::current_dir().map_err(|error| failure("input", format!("failed to read the current folder: {error}"), None, None))?;
    let config = arguments.setup.config(&folder)?;
    if !arguments.paths.is_empty() {
        return Ok((config, find::in_paths(&arguments.paths), times));
    }
    let folders = repository::work_folders(&folder);
    let roots = find::roots();
    let found = find::of_folders(&folders, &roots);
    if found.logs.is_empty() && found.unusable.is_empty() {
        let looked = if roots.is_empty() {
            "there is no ~/.claude/projects".to_owned()
        } else {
            roots.iter().map(|root| root.display().to_string()).collect::<Vec<_>>().join(", ")
        };
        let message = format!("no session log of {} (looked in: {looked})", folders[0].display());
        return Err(failure("input", message, Some("name a log or a folder: paralint audit PATH".to_owned()), None));
    }
    Ok((config, found, times))
}

fn audited(arguments: &Arguments, config: &Config, found: Found, times: TimeRange) -> v1::Report {
    let logs = chosen(found.logs, arguments.session.as_deref());
    let paths = logs.iter().flat_map(|log| std::iter::once(&log.main).chain(&log.agents));
    let encoded_paths = paths.filter(|path| path.to_str().is_none()).map(|path| session::shown(path)).collect();
    let progress = Progress::new(logs.iter().map(|log| log.bytes).sum(), arguments.output.unicode());
    let results = session::read_all(&logs, |log| progress.advance(log.bytes));
    progress.clear();
    let mut run = Run::default();
    run.errors.extend(found.unusable.into_iter().map(|unusable| unusable_error(&unusable)));
    run.not_checked.extend(found.skipped.into_iter().map(|skipped| v1::NotChecked { what: skipped.path, why: skipped.why }));
    let mut sessions = run.sort_out(&logs, results);
    if sessions.is_empty() && run.errors.is_empty() {
        let message = match (&arguments.session, run.not_checked.len()) {
            (Some(id), _) => format!("no session has the identifier {id}, and not exactly one begins so"),
            (None, 0) => "no session log found".to_owned(),
            (None, count) => format!("none of the {count} files holds a session"),
        };
        run.errors.push(v1::Error {
            kind: "input".to_owned(),
            message,
            hint: Some("name a session log (*.jsonl) or a folder that holds some".to_owned()),
            location: None,
        });
    }
    run.keep(&mut sessions, times, arguments.last);
    let outcome = audit::audit(sessions, config);
    run.describe(&outcome);
    let exit_code = match (run.errors.is_empty(), arguments.output.fails(crate::settle::worst(&outcome.findings))) {
        (false, _) => i32::from(FAILED),
        (true, true) => 1,
        (true, false) => 0,
    };
    let mut errors = run.errors.into_iter();
    let error = errors.next();
    let mut not_checked = run.not_checked;
    not_checked.extend(errors.map(|error| v1::NotChecked {
        what: error.location.map_or_else(|| "input".to_owned(), |location| location.path),
        why: error.message,
    }));
    let frame = assemble::Frame {
        command: "audit",
        exit_code,
        checked: run.checked,
        not_checked,
        error,
        encoded_paths,
        ..assemble::Frame::default()
    };
    assemble::report(frame, &outcome)
}

fn unusable_error(unusable: &find::Unusable) -> v1::Error {
    let location =
        v1::Location { path: unusable.path.clone(), path_encoded: false, line: None, column: None, end_line: None, end_column: None };
    v1::Error {
        kind: "input".to_owned(),
        message: format!("cannot audit {}: {}", unusable.path, unusable.why),
        hint: Some("name a session log (*.jsonl) or a folder that holds some".to_owned()),
        location: Some(location),
    }
}

type TimeRange = (Option<Moment>, Option<Moment>);

fn time_range(arguments: &Arguments) -> Result<TimeRange, Failure> {
    let now = clock::now();
    let parse = |text: &Option<String>, flag: &str| {
        text.as_ref()
            .map(|text| clock::parse(text, now).map_err(|why| failure("usage", format!("{flag} {text}: {why}"), None, None)))
            .transpose()
    };
    // A day that is named as the end is meant as a whole.
    let whole_day = arguments.until.as_deref().is_some_and(|text| text.trim().len() == "2026-01-19".len() && text.contains('-'));
    let until = parse(&arguments.until, "--until")?.map(|until| if whole_day { until.plus(86_399_999) } else { until });
    Ok((parse(&arguments.since, "--since")?, until))
}

/// The logs of one session, where one was asked for.
fn chosen(logs: Vec<LogFiles>, id: Option<&str>) -> Vec<LogFiles> {
    let Some(id) = id else { return logs };
    let names = |log: &LogFiles| [log.main.file_stem().map(|stem| stem.to_string_lossy().into_owned()), find::session_of(log)];
    let exact: Vec<LogFiles> = logs.iter().filter(|log| names(log).iter().flatten().any(|name| name == id)).cloned().collect();
    if !exact.is_empty() {
        return exact;
    }
    let beginning: Vec<LogFiles> = logs.into_iter().filter(|log| names(log).iter().flatten().any(|name| name.starts_with(id))).collect();
    if beginning.len() == 1 { beginning } else { Vec::new() }
}

/// What a run says about itself.
#[derive(Default)]
struct Run {
    errors: Vec<v1::Error>,
    checked: Vec<v1::Checked>,
    not_checked: Vec<v1::NotChecked>,
}

impl Run {
    /// Separates sessions from what could not be read. A file that was named must be readable; one that a folder holds
    /// may be something else.
    fn sort_out(&mut self, logs: &[LogFiles], results: Vec<Result<Session, LogError>>) -> Vec<Session> {
        let mut sessions = Vec::new();
        for (log, result) in logs.iter().zip(results) {
            match result {
                Ok(session) => sessions.push(session),
                Err(error) if log.named || matches!(error, LogError::Unreadable { .. }) => {
                    let location = v1::Location {
                        path: session::shown(&log.main),
                        path_encoded: false,
                        line: None,
                        column: None,
                        end_line: None,
                        end_column: None,
                    };
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

    /// Keeps the sessions of a time range, and of those the last ones.
    fn keep(&mut self, sessions: &mut Vec<Session>, (since, until): TimeRange, last: Option<usize>) {
        let before = sessions.len();
        sessions.retain(|session| {
            let early = since.is_some_and(|since| session.ended.is_none_or(|ended| ended < since));
            let late = until.is_some_and(|until| session.started.is_none_or(|started| started > until));
            !early && !late
        });
        if let Some(last) = last {
            let mut ends: Vec<(Option<Moment>, usize)> =
                sessions.iter().enumerate().map(|(index, session)| (session.ended, index)).collect();
            ends.sort_unstable();
            let keep: rustc_hash::FxHashSet<usize> = ends.into_iter().rev().take(last).map(|(_, index)| index).collect();
            let mut index = 0;
            sessions.retain(|_| {
                index += 1;
                keep.contains(&(index - 1))
            });
        }
        let left_out = before - sessions.len();
        if left_out > 0 {
            self.not_checked
                .push(v1::NotChecked { what: plural(left_out, "session"), why: "outside of --since, --until or --last".to_owned() });
        }
    }

    /// Says what was checked and what was not.
    fn describe(&mut self, outcome: &Outcome) {
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
        let unseen = count(|audited| {
            audited
                .session
                .dispatches
                .iter()
                .filter(|dispatch| {
                    (dispatch.started.is_some() || dispatch.returned.is_some())
                        && dispatch.status != crate::model::session::Status::Rejected
                        && !has_transcript(&audited.session, dispatch.agent.as_deref())
                })
                .count()
        });
        if unseen > 0 {
            self.not_checked.push(v1::NotChecked {
                what: format!("edits of {}", plural(unseen, "agent")),
                why: "their own transcripts are not at hand".to_owned(),
            });
        }
        for audited in &outcome.sessions {
            let session = &audited.session;
            if session.bad_lines > 0 {
                self.not_checked.push(v1::NotChecked {
                    what: format!("{} of {}", plural(usize::try_from(session.bad_lines).unwrap_or(usize::MAX), "line"), session.path),
                    why: "not one whole JSON object; what could be salvaged was read".to_owned(),
                });
            }
            for notice in &session.notices {
                self.not_checked.push(v1::NotChecked { what: format!("{}:{}", notice.path, notice.line), why: notice.what.clone() });
            }
        }
    }
}

fn has_transcript(session: &Session, agent: Option<&str>) -> bool {
    session
        .transcripts
        .iter()
        .any(|transcript| transcript.agent.is_some() && transcript.agent.as_deref() == agent && transcript.first.is_some())
}
