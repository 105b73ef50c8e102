//! `paralint waive FINGERPRINT --reason …`.
#![allow(clippy::disallowed_methods)]

use super::{ExitStatus, FAILED, output};
use crate::config::waivers::{self, Waivers, is_fingerprint};
use crate::input::{acceptance, clock};
use crate::report::text;

/// Arguments of `waive`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  paralint waive 0123456789abcdef0123456789abcdef --reason 'known since Monday'

The entry goes to .paralint/waivers.toml, with who and when: commit it, so that it is reviewed. \
Only findings about the past, which session logs tell, can be waived.")]
pub(super) struct Arguments {
    /// The finding's fingerprint, as reports show it (--verbose, --format json)
    fingerprint: String,
    /// Why it is accepted
    #[arg(long, short)]
    reason: String,
}

pub(super) fn run(arguments: &Arguments) -> ExitStatus {
    match waive(arguments) {
        Ok(said) => {
            output::print(&said);
            0
        }
        Err((message, hint)) => {
            output::complain(&message, Some(hint));
            FAILED
        }
    }
}

fn waive(arguments: &Arguments) -> Result<String, (String, &'static str)> {
    let fingerprint = arguments.fingerprint.trim();
    if !is_fingerprint(fingerprint) {
        return Err((
            format!("`{fingerprint}` is no fingerprint"),
            "a fingerprint has 32 hexadecimal digits; reports show it with --verbose",
        ));
    }
    if arguments.reason.trim().is_empty() {
        return Err(("a waiver needs a reason".to_owned(), "say why it is accepted: --reason '…'"));
    }
    let folder =
        std::env::current_dir().map_err(|why| (format!("failed to read the current folder: {why}"), "go to a folder that is there"))?;
    let root = acceptance::root(&folder);
    let known = acceptance::waivers(&root).map_err(|why| (format!("{}:{}: {why}", why.path, why.line), "mend the file first"))?;
    if known.0.iter().any(|waiver| waiver.fingerprint == fingerprint) {
        return Ok(format!("{fingerprint} is waived already ({})\n", waivers::PATH));
    }
    let by = text::visible(&acceptance::user(&folder)).into_owned();
    let entry = Waivers::entry(fingerprint, &text::visible(arguments.reason.trim()), &by, &clock::now().to_string());
    acceptance::add_waiver(&root, &entry).map_err(|why| (why, "check the folder and its permissions"))?;
    Ok(format!("waived {fingerprint} in {}; commit it, so that it is reviewed\n", waivers::PATH))
}
