//! Where reports go: formats, colours, widths, files. Results on standard output, everything else on standard error.
#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::print_stderr)]

mod open;
mod place;
mod step;
mod targets;
mod terminal;

pub(super) use open::Opening;
pub(super) use place::write_beside;

use super::FAILED;
use super::setup::{could_not_run, failure};
use crate::gates::run::Observer;
use crate::input::repository;
use crate::model::finding::{Finding, Severity};
use crate::report::ground::Ground;
use crate::report::{self, Context, FORMATS, Format, gates, human, text, v1};
use crate::settle;
use clap::ArgMatches;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use targets::Target;

/// Arguments that every command with a report shares.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub(super) struct Output {
    /// How to print the report
    #[arg(long, value_name = "FORMAT", value_parser = format_parser(), default_value = "human")]
    format: &'static Format,
    /// Write the report to a file as well; may be given several times
    ///
    /// A file that is there keeps its permissions. A summary whose file is $GITHUB_STEP_SUMMARY is added to what is there;
    /// `--format github` always writes that one by itself, whatever other summaries are asked for, and adds `findings=N` and
    /// `exit-code=N` to $GITHUB_OUTPUT.
    #[arg(long = "output", value_name = "FORMAT=FILE", value_parser = targets::parse)]
    targets: Vec<Target>,
    /// The least severity that makes the exit code 1
    #[arg(long, value_enum, default_value = "error")]
    fail_on: FailOn,
    /// When to use colours
    #[arg(long, value_enum, default_value = "auto")]
    color: Color,
    /// Draw with ASCII characters only
    #[arg(long)]
    ascii: bool,
    /// Show what is clean too, and every claim with its verdict
    #[arg(long, short)]
    verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

/// Takes the name of a format; help says what each is for.
fn format_parser() -> impl TypedValueParser<Value = &'static Format> {
    let names = FORMATS.iter().map(|format| PossibleValue::new(format.name).help(format.summary));
    PossibleValuesParser::new(names).map(|name| report::find(&name).unwrap_or(&human::FORMAT))
}

impl FailOn {
    /// The least severity that makes the exit code 1.
    fn severity(self) -> Option<Severity> {
        match self {
            FailOn::Error => Some(Severity::Error),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Note => Some(Severity::Note),
            FailOn::Never => None,
        }
    }
}

impl Output {
    /// Whether a severity makes the exit code 1.
    fn fails(&self, worst: Option<Severity>) -> bool {
        self.fail_on.severity().zip(worst).is_some_and(|(least, worst)| worst >= least)
    }

    /// The exit code of a run: 2 where something could not be checked, 1 where a finding is bad enough.
    pub(super) fn exit_code(&self, all_checked: bool, findings: &[Finding]) -> i32 {
        let fails = self.fails(settle::worst(findings));
        if all_checked { i32::from(fails) } else { i32::from(FAILED) }
    }

    /// Whether pictures may use more than ASCII: neither switched off nor a locale that cannot show it.
    pub(super) fn unicode(&self) -> bool {
        !self.ascii && terminal::locale_is_utf8()
    }

    /// Writes the report to standard output and to every file that was asked for. Returns the exit code: that of the
    /// report, or 2 where a file could not be written.
    pub(super) fn write(&self, report: v1::Report) -> u8 {
        self.write_and_open(report, None)
    }

    /// Writes the report, and opens it in a browser where that was asked for.
    pub(super) fn write_and_open(&self, mut report: v1::Report, opening: Option<&Opening>) -> u8 {
        report.fail_on = self.fail_on.severity();
        let ground = ground();
        let targets = targets::with_step_summary(self.format, &self.targets);
        let mut failed = targets::write(&targets, &report, &self.context(false, ground.clone()));
        // A reader that went away (`| head`) has seen what it wanted; the verdict stays what it is.
        let nothing_but_an_error = report.error.is_some()
            && report.sessions.as_ref().is_none_or(Vec::is_empty)
            && report.findings.is_empty()
            && report.gates.is_none();
        if *self.format == human::FORMAT && nothing_but_an_error {
            let ground = ground.clone();
            let context = self.context(io::stderr().is_terminal(), ground);
            let _ = (self.format.write)(&report, &context, &mut io::stderr().lock());
        } else {
            let mut out = io::BufWriter::new(io::stdout().lock());
            let context = self.context(io::stdout().is_terminal(), ground.clone());
            let written = (self.format.write)(&report, &context, &mut out).and_then(|()| out.flush());
            if let Some(error) = written.err().filter(|error| error.kind() != io::ErrorKind::BrokenPipe) {
                complain(&format!("failed to write the report: {error}"), None);
                failed = true;
            }
        }
        // Where nothing was looked at, there is nothing to see.
        if let Some(opening) = opening.filter(|_| !nothing_but_an_error) {
            failed |= open::open(opening, &targets, &report, &self.context(false, ground));
        }
        let code = if failed { FAILED } else { u8::try_from(report.exit_code).unwrap_or(FAILED) };
        step::tell(self.format, &report, code)
    }

    /// Lets people watch gates: on a terminal a live view, elsewhere lines. What is no part of the report that was asked for
    /// on standard output goes to standard error.
    pub(super) fn while_gates_run<T>(
        &self,
        rows: Vec<gates::Row>,
        besides: gates::Besides,
        jobs: u32,
        run: impl FnOnce(&mut dyn Observer) -> T,
    ) -> T {
        let is_human = *self.format == human::FORMAT;
        let (on_output, on_error) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        let is_smart = std::env::var_os("TERM").is_none_or(|value| value != "dumb");
        if on_error && is_smart && (on_output || !is_human) {
            let mut view = gates::Live::new(rows, jobs, self.look(true));
            let done = run(&mut view);
            view.finish();
            return done;
        }
        let mut out: Box<dyn Write> = if is_human { Box::new(io::stdout()) } else { Box::new(io::stderr()) };
        let look = self.look(if is_human { on_output } else { on_error });
        if is_human && std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true") {
            run(&mut gates::Actions::new(rows, jobs, look, &mut *out).besides(besides))
        } else {
            run(&mut gates::Plain::new(rows, jobs, look, &mut *out).besides(besides))
        }
    }

    fn look(&self, terminal: bool) -> gates::Look {
        let width = human::Style::width_for(if terminal { terminal::columns() } else { None });
        gates::Look { width, unicode: self.unicode(), colour: self.colour(terminal), verbose: self.verbose }
    }

    /// How the report looks where it goes: to a terminal or not.
    fn context(&self, terminal: bool, ground: Ground) -> Context {
        let columns = if terminal { terminal::columns() } else { None };
        let style = human::Style {
            width: human::Style::width_for(columns),
            unicode: self.unicode(),
            colour: self.colour(terminal),
            verbose: self.verbose,
        };
        Context { style, ground }
    }

    /// `--color`, then `NO_COLOR`, then `CLICOLOR_FORCE`, then the terminal.
    fn colour(&self, terminal: bool) -> bool {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto if set("NO_COLOR") => false,
            Color::Auto if set("CLICOLOR_FORCE") && std::env::var_os("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
            Color::Auto => terminal && std::env::var_os("TERM").is_none_or(|value| value != "dumb"),
        }
    }
}

/// What the paths of a report are relative to.
fn ground() -> Ground {
    let Ok(folder) = std::env::current_dir() else { return Ground::default() };
    let text = |path: &Path| path.to_string_lossy().into_owned();
    Ground { root: repository::root(&folder).as_deref().map(text), folder: text(&folder) }
}

/// Ends the process at once: for what runs beside a thread that never will.
pub(super) fn exit(code: u8) -> ! {
    std::process::exit(i32::from(code))
}

/// Prints a text that is no report.
pub(super) fn print(text: &str) {
    let _ = io::stdout().lock().write_all(text.as_bytes());
}

/// Says on standard error what the run waits for.
pub(super) fn remark(message: &str) {
    let _ = io::stderr().lock().write_all(format!("{}\n", text::visible(message)).as_bytes());
}

/// Says on standard error what went wrong.
pub(super) fn complain(message: &str, hint: Option<&str>) {
    let mut all = format!("error: {}\n", text::visible(message));
    if let Some(hint) = hint {
        all.push_str(&format!("  = help: {}\n", text::visible(hint)));
    }
    let _ = io::stderr().lock().write_all(all.as_bytes());
}

/// Columns that help has: those of the terminal, else what COLUMNS says.
pub(super) fn columns() -> Option<usize> {
    terminal::columns().or_else(|| std::env::var("COLUMNS").ok()?.parse().ok())
}

/// What is wrong with the outputs of a command, which no single one of them shows.
pub(super) fn clash(matches: &ArgMatches) -> Option<String> {
    let (_, matches) = matches.subcommand()?;
    // Not every command has a report.
    let format = matches.try_get_one::<&'static Format>("format").ok()??;
    let given: Vec<Target> = matches.try_get_many::<Target>("targets").ok()?.unwrap_or_default().cloned().collect();
    let given_twice = || targets::clash(&targets::with_step_summary(format, &given));
    targets::standard(&given).or_else(|| step::clash(format, &given)).or_else(given_twice)
}

/// A report for words that do not parse, for whoever asked for a format that programs read.
pub(super) fn usage_error(words: &[OsString], message: &str) {
    let Some(format) = asked_for(words).filter(|format| **format != human::FORMAT) else { return };
    let command = words.get(1).map(|word| word.to_string_lossy().into_owned()).filter(|word| !word.starts_with('-')).unwrap_or_default();
    let message = message.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    let mut report = could_not_run("", failure("usage", message, Some("see paralint --help".to_owned()), None));
    report.command = command;
    let context = Context { ground: ground(), ..Context::default() };
    targets::write(&targets::with_step_summary(format, &[]), &report, &context);
    let _ = (format.write)(&report, &context, &mut io::stdout().lock());
    step::tell(format, &report, FAILED);
}

/// The format that the words ask for, as far as that can be said of words that do not parse.
fn asked_for(words: &[OsString]) -> Option<&'static Format> {
    let joined = words.iter().filter_map(|word| word.to_str()?.strip_prefix("--format="));
    let apart = words.windows(2).filter(|pair| pair[0] == "--format").filter_map(|pair| pair[1].to_str());
    joined.chain(apart).find_map(report::find)
}
