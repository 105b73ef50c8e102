//! `paralint audit [PATH…]`.

use super::ExitStatus;
use super::acceptance::Acceptance;
use super::check::git_failure;
use super::output::{Opening, Output};
use super::sessions::{InputFormat, Run};
use super::setup::{Failure, Setup, could_not_run, current_folder, failure, plural};
use super::skip;
use crate::audit;
use crate::config::Config;
use crate::input::session::find::{self, Found, LogFiles};
use crate::input::{clock, repository};
use crate::model::moment::Moment;
use crate::model::session::Session;
use crate::report::{assemble, v1};
use crate::rules::looked_at;
use std::path::PathBuf;

/// Arguments of `audit`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  paralint audit                                this repository's own sessions
  paralint audit --last 1 --open                the latest of them, in a browser
  paralint audit ~/.claude/projects             every session in a folder
  paralint audit session.jsonl --format json    one log, for a script
  paralint audit session.jsonl --input-format claude-code    as that format")]
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
    input_format: InputFormat,
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    acceptance: Acceptance,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    opening: Opening,
}

pub(super) fn run(arguments: Arguments) -> ExitStatus {
    arguments.setup.set_threads();
    let report = match prepared(&arguments) {
        Ok((config, found, times)) => audited(&arguments, &config, found, times),
        Err(failure) => could_not_run("audit", failure),
    };
    arguments.output.write_and_open(report, Some(&arguments.opening))
}

/// The configuration, the logs that the arguments lead to, and the time that is asked for.
fn prepared(arguments: &Arguments) -> Result<(Config, Found, TimeRange), Failure> {
    let times = time_range(arguments)?;
    let folder = current_folder()?;
    let mut config = arguments.setup.config(&folder)?;
    skip::apply(&mut config)?;
    arguments.acceptance.read(&folder, &mut config)?;
    if !arguments.paths.is_empty() {
        return Ok((config, find::in_paths(&arguments.paths, arguments.input_format.format()), times));
    }
    let folders = repository::work_folders(&folder).map_err(git_failure)?;
    let roots = find::roots();
    let found = find::of_folders(&folders, arguments.input_format.format());
    if found.logs.is_empty() && found.unusable.is_empty() {
        let looked = if let Some(format) = arguments.input_format.format().filter(|format| !format.has_own_logs()) {
            format!("the format {} keeps no logs of its own", format.name())
        } else if roots.is_empty() {
            "no coding agent keeps its logs where they are known to lie".to_owned()
        } else {
            format!("looked in: {}", roots.iter().map(|root| root.display().to_string()).collect::<Vec<_>>().join(", "))
        };
        let message = format!("no session log of {} ({looked})", folders[0].display());
        return Err(failure("input", message, Some("name a log or a folder: paralint audit PATH".to_owned()), None));
    }
    Ok((config, found, times))
}

fn audited(arguments: &Arguments, config: &Config, found: Found, times: TimeRange) -> v1::Report {
    let whole = arguments.session.as_deref().and_then(|id| session_of_agent(&found.logs, id));
    let several = arguments.session.as_deref().map(|id| beginning_with(&found.logs, id)).unwrap_or_default();
    let logs = chosen(found.logs, arguments.session.as_deref());
    let (mut run, mut sessions, encoded_paths) = Run::read(&logs, found.unusable, found.skipped, arguments.output.unicode());
    if sessions.is_empty() && run.errors.is_empty() {
        let message = match (&arguments.session, &whole, run.not_checked.len()) {
            (Some(id), Some(session), _) => format!("{id} is an agent of the session {session}"),
            (Some(id), None, _) if several.len() > 1 => format!("several sessions begin with {id}: {}", several.join(", ")),
            (Some(id), None, _) => format!("no session has the identifier {id}, and none begins so"),
            (None, _, 0) => "no session log found".to_owned(),
            (None, _, count) => format!("none of the {count} files holds a session"),
        };
        run.errors.push(v1::Error {
            kind: "input".to_owned(),
            message,
            hint: Some(match &whole {
                Some(session) => format!("ask for that one: --session {session}"),
                None if several.len() > 1 => "give more of the identifier".to_owned(),
                None => "name a session log (*.jsonl) or a folder that holds some".to_owned(),
            }),
            location: None,
        });
    }
    keep(&mut run, &mut sessions, times, arguments.last);
    let mut outcome = audit::audit(sessions, config);
    if run.errors.is_empty()
        && let Err(failure) = arguments.acceptance.write(&mut outcome)
    {
        run.errors.push(*failure.error);
    }
    run.describe(&outcome);
    run.not_checked.extend(skip::not_checked(config));
    let exit_code = arguments.output.exit_code(run.errors.is_empty(), &outcome.findings);
    let (error, not_checked) = run.split();
    let frame = assemble::Frame {
        command: "audit",
        exit_code,
        rules: looked_at(config, &outcome.subjects(), &outcome.findings),
        checked: run.checked,
        not_checked,
        error,
        encoded_paths,
        ..assemble::Frame::default()
    };
    assemble::report(frame, &outcome)
}

/// How many sessions an error names.
const MOST_NAMED: usize = 8;

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
    let names = |log: &LogFiles| [log.main.file_stem().map(|stem| stem.to_string_lossy().into_owned()), log.id.clone()];
    let exact: Vec<LogFiles> = logs.iter().filter(|log| names(log).iter().flatten().any(|name| name == id)).cloned().collect();
    if !exact.is_empty() {
        return exact;
    }
    let beginning: Vec<LogFiles> = logs.into_iter().filter(|log| names(log).iter().flatten().any(|name| name.starts_with(id))).collect();
    if beginning.len() == 1 { beginning } else { Vec::new() }
}

/// The identifiers of the sessions that begin so, no more than a reader looks at.
fn beginning_with(logs: &[LogFiles], id: &str) -> Vec<String> {
    let name = |log: &LogFiles| log.id.clone().or_else(|| log.main.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    let mut names: Vec<String> = logs.iter().filter_map(name).filter(|name| name.starts_with(id)).collect();
    names.dedup();
    if names.len() > MOST_NAMED {
        names.truncate(MOST_NAMED);
        names.push("…".to_owned());
    }
    names
}

/// The one session whose agent has this identifier, or is the only one whose identifier begins so.
fn session_of_agent(logs: &[LogFiles], id: &str) -> Option<String> {
    let with =
        |is: &dyn Fn(&str) -> bool| -> Vec<&LogFiles> { logs.iter().filter(|log| log.agent_ids.iter().any(|agent| is(agent))).collect() };
    let mut found = with(&|agent| agent == id);
    if found.is_empty() {
        found = with(&|agent| agent.starts_with(id));
    }
    let [only] = found.as_slice() else { return None };
    only.id.clone().or_else(|| only.main.file_stem().map(|stem| stem.to_string_lossy().into_owned()))
}

/// Keeps the sessions of a time range, and of those the last ones. Of one without a time nobody knows where it belongs.
fn keep(run: &mut Run, sessions: &mut Vec<Session>, (since, until): TimeRange, last: Option<usize>) {
    let before = sessions.len();
    let timeless = |sessions: &[Session]| sessions.iter().filter(|session| session.ended.is_none()).count();
    let timeless_before = timeless(sessions);
    sessions.retain(|session| {
        let early = since.is_some_and(|since| session.ended.is_none_or(|ended| ended < since));
        let late = until.is_some_and(|until| session.started.is_none_or(|started| started > until));
        !early && !late
    });
    if let Some(last) = last {
        let mut ends: Vec<(Option<Moment>, usize)> = sessions.iter().enumerate().map(|(index, session)| (session.ended, index)).collect();
        ends.sort_unstable();
        let keep: rustc_hash::FxHashSet<usize> = ends.into_iter().rev().take(last).map(|(_, index)| index).collect();
        let mut index = 0;
        sessions.retain(|_| {
            index += 1;
            keep.contains(&(index - 1))
        });
    }
    let without = timeless_before - timeless(sessions);
    let outside = before - sessions.len() - without;
    let why = [(outside, "outside of --since, --until or --last"), (without, "without a time, which --since, --until and --last go by")];
    run.not_checked.extend(
        why.into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, why)| v1::NotChecked { what: plural(count, "session"), why: why.to_owned() }),
    );
}

#[cfg(test)]
mod tests {
    use super::{Moment, Run, Session, keep};

    fn session(ended: Option<i64>) -> Session {
        Session { started: ended.map(Moment), ended: ended.map(Moment), ..Session::default() }
    }

    fn kept(times: (Option<Moment>, Option<Moment>), last: Option<usize>) -> (Vec<Option<i64>>, Vec<String>) {
        let (mut run, mut sessions) = (Run::default(), vec![session(None), session(Some(10)), session(Some(20)), session(None)]);
        keep(&mut run, &mut sessions, times, last);
        let said = run.not_checked.into_iter().map(|one| format!("{}: {}", one.what, one.why)).collect();
        (sessions.iter().map(|session| session.ended.map(|ended| ended.0)).collect(), said)
    }

    #[test]
    fn a_session_without_a_time_never_vanishes_in_silence() {
        const TIMELESS: &str = "2 sessions: without a time, which --since, --until and --last go by";
        const OUTSIDE: &str = "1 session: outside of --since, --until or --last";
        assert_eq!(kept((None, None), None), (vec![None, Some(10), Some(20), None], Vec::new()));
        assert_eq!(kept((Some(Moment(15)), None), None), (vec![Some(20)], vec![OUTSIDE.to_owned(), TIMELESS.to_owned()]));
        assert_eq!(kept((None, Some(Moment(25))), None), (vec![Some(10), Some(20)], vec![TIMELESS.to_owned()]));
        assert_eq!(kept((None, None), Some(1)), (vec![Some(20)], vec![OUTSIDE.to_owned(), TIMELESS.to_owned()]));
    }
}
