//! What started this run, as the environment tells: a push that pre-commit looks at, an event of GitHub Actions, or nobody.
#![allow(clippy::disallowed_methods)]

mod choose;
mod payload;
mod request;
#[cfg(test)]
mod tests;

pub use choose::{Chosen, History, choose};
pub use payload::{Event, Payload};

use std::io::Read;
use std::path::Path;

/// A longer event file is refused. GitHub caps what it sends at 25 MB.
const LONGEST: u64 = 32 << 20;

/// What started this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Occasion {
    /// A push that pre-commit or prek looks at (`PRE_COMMIT_FROM_REF`, `PRE_COMMIT_TO_REF`): the commit that the remote had,
    /// and the one that it is to have.
    Push {
        /// The commit that the remote had.
        from: String,
        /// The commit that it is to have.
        to: String,
        /// The branch that it is, here or there.
        branch: Option<String>,
    },
    /// An event of GitHub Actions.
    Event(Box<Event>),
    /// Somebody at a prompt, or a runner that says nothing.
    Nobody,
}

impl Occasion {
    /// The branch that the change belongs to, where that is said. Whoever pushes or opens a pull request chose the name: it is for
    /// reading and for no git.
    #[must_use]
    pub fn branch(&self) -> Option<&str> {
        match self {
            Occasion::Push { branch, .. } => branch.as_deref(),
            Occasion::Event(event) => match (event.name.as_str(), &event.payload.pull_request) {
                ("push", _) => event.payload.pushed.as_deref()?.strip_prefix("refs/heads/"),
                ("merge_group", _) | (_, None) => None,
                (_, Some(request)) => request.head_branch.as_deref(),
            },
            Occasion::Nobody => None,
        }
    }
}

/// Why what started this run is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub hint: String,
}

/// Reads what started this run from the environment and the file that it names.
pub fn occasion() -> Result<Occasion, Unknown> {
    match (variable("PRE_COMMIT_FROM_REF"), variable("PRE_COMMIT_TO_REF")) {
        (Some(from), Some(to)) => {
            let of = |name: &str| Some(variable(name)?.strip_prefix("refs/heads/")?.to_owned());
            let branch = of("PRE_COMMIT_LOCAL_BRANCH").or_else(|| of("PRE_COMMIT_REMOTE_BRANCH"));
            return Ok(Occasion::Push { from, to, branch });
        }
        (None, None) => {}
        (from, _) => {
            let (is, not) = match from {
                Some(_) => ("PRE_COMMIT_FROM_REF", "PRE_COMMIT_TO_REF"),
                None => ("PRE_COMMIT_TO_REF", "PRE_COMMIT_FROM_REF"),
            };
            return Err(unknown(format!("{is} is set and {not} is not"), "a push has two ends: set both, or neither"));
        }
    }
    let Some(name) = variable("GITHUB_EVENT_NAME") else { return Ok(Occasion::Nobody) };
    let path = variable("GITHUB_EVENT_PATH").ok_or_else(|| {
        unknown("GITHUB_EVENT_NAME is set and GITHUB_EVENT_PATH is not".to_owned(), "name the range instead: `--range BASE..HEAD`")
    })?;
    let text = read(Path::new(&path)).map_err(|why| unusable(&path, &why))?;
    let payload = Payload::parse(&text).map_err(|why| unusable(&path, &why))?;
    Ok(Occasion::Event(Box::new(Event { name, sha: variable("GITHUB_SHA"), payload })))
}

fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()).filter(|value| !value.is_empty())
}

fn unknown(message: String, hint: &str) -> Unknown {
    Unknown { message, hint: hint.to_owned() }
}

fn unusable(path: &str, why: &str) -> Unknown {
    let hint = "GITHUB_EVENT_PATH names the event that GitHub Actions wrote; name the range instead: `--range BASE..HEAD`";
    unknown(format!("the event file {path} cannot be used: {why}"), hint)
}

/// The file, which may be a pipe that never ends, or larger than anything GitHub writes.
fn read(path: &Path) -> Result<Vec<u8>, String> {
    let data = std::fs::metadata(path).map_err(|error| error.to_string())?;
    if !data.is_file() {
        return Err("it is no file".to_owned());
    }
    let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
    let mut text = Vec::new();
    file.take(LONGEST + 1).read_to_end(&mut text).map_err(|error| error.to_string())?;
    if text.len() as u64 > LONGEST {
        return Err(format!("it is longer than {} MiB", LONGEST >> 20));
    }
    Ok(text)
}
