//! `paralint init`.

use super::check::git_failure;
use super::setup::{Failure, current_folder, failure};
use super::{ExitStatus, FAILED, output};
use crate::input::configuration::FILE_NAME;
use crate::input::git::Repository;
use crate::input::survey::{self, POLICY};
use crate::report::text;
use crate::starter::{Starter, starter};
use std::fmt::Write;
use std::path::Path;

/// Arguments of `init`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  paralint init --dry-run     show what would be written, and write nothing
  paralint init               write it
  paralint gates --list       then see which gates there are

paralint.toml goes to the root of the repository, BOUNDARIES.json there or into .claude/ where that folder is. \
A file that is there is left as it is: move it away to have a new one made.")]
pub(super) struct Arguments {
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(arguments: &Arguments) -> ExitStatus {
    match init(arguments.dry_run) {
        Ok((said, status)) => {
            output::print(&said);
            status
        }
        Err(failure) => {
            output::complain(&failure.error.message, failure.error.hint.as_deref());
            FAILED
        }
    }
}

/// A file that is to be there afterwards.
struct Target<'s> {
    /// Its path from the root of the work tree.
    path: String,
    text: Option<&'s str>,
    /// What is there instead.
    there: Option<String>,
}

fn init(is_dry: bool) -> Result<(String, ExitStatus), Failure> {
    let folder = current_folder()?;
    let repository = Repository::open(&folder).map_err(git_failure)?;
    let root = repository.facts.root.clone().ok_or_else(|| no_work_tree(repository.facts.bare))?;
    let main = repository.facts.main_root.as_deref();
    let seen = survey::survey(&repository, &root).map_err(git_failure)?;
    let made = starter(&seen);
    let shown = |path: &Path| path.strip_prefix(&root).unwrap_or(path).to_string_lossy().into_owned();
    let policy = if seen.has_claude_folder { format!(".claude/{POLICY}") } else { POLICY.to_owned() };
    let targets = [
        Target { path: FILE_NAME.to_owned(), text: Some(&made.configuration), there: survey::configuration(&root).as_deref().map(shown) },
        Target { path: policy, text: made.boundaries.as_deref(), there: survey::policy(&root, main).as_deref().map(shown) },
    ];
    let (mut files, mut contents, mut status, mut written) = (String::new(), String::new(), 0, 0_usize);
    for target in &targets {
        let (word, path) = match (&target.there, target.text) {
            (Some(there), _) => ("exists", format!("{there} (left as it is)")),
            (None, None) => ("not yet", target.path.clone()),
            (None, Some(text)) if is_dry => {
                written += 1;
                let _ = writeln!(contents, "==> {}\n\n{}", target.path, harmless(text));
                ("would write", with_remark(&root, &target.path))
            }
            (None, Some(text)) => match survey::write_new(&root.join(&target.path), text) {
                Ok(true) => {
                    written += 1;
                    ("written", with_remark(&root, &target.path))
                }
                Ok(false) => ("exists", format!("{} (left as it is)", target.path)),
                Err(why) => {
                    status = FAILED;
                    output::complain(&format!("failed to write {}: {why}", target.path), Some("check the folder and its permissions"));
                    ("failed", target.path.clone())
                }
            },
        };
        let _ = writeln!(files, "  {word:<12}{}", text::visible(&path));
    }
    let said = format!("{contents}{}Files\n{files}{}", summary(&made), if status == 0 { next(is_dry, written) } else { String::new() });
    Ok((said, status))
}

fn no_work_tree(is_bare: bool) -> Failure {
    let why = if is_bare { "this repository is bare" } else { "this folder is git's own" };
    let hint = "run it in a work tree: `git worktree list` names them".to_owned();
    failure("repository", format!("{why}: there is no work tree to write into"), Some(hint), None)
}

/// A text of which no line acts on a terminal or a runner.
fn harmless(contents: &str) -> String {
    contents.lines().map(|line| format!("{}\n", text::visible(line))).collect()
}

/// A file that git ignores is in this clone alone.
fn with_remark(root: &Path, path: &str) -> String {
    if survey::is_ignored(root, path) { format!("{path} (git ignores it: it is for this clone alone)") } else { path.to_owned() }
}

fn summary(made: &Starter) -> String {
    let mut said = String::new();
    for (heading, lines) in [("Seen", &made.seen), ("To know", &made.notes)].into_iter().filter(|(_, lines)| !lines.is_empty()) {
        said.push_str(&format!("{heading}\n"));
        lines.iter().for_each(|line| said.push_str(&format!("  {line}\n")));
        said.push('\n');
    }
    said
}

/// What to do now; `written` counts the files that were written, or would be.
fn next(is_dry: bool, written: usize) -> String {
    if is_dry {
        let would = if written > 0 { "Without --dry-run it is." } else { "Without --dry-run nothing would be, either." };
        return format!("\nNothing was written. {would}\n");
    }
    let read = if written > 0 { "\nRead what was written, and change what does not fit. Then:" } else { "\nNext" };
    format!(
        "{read}
  paralint check           holds what is staged against it
  paralint gates --list    which gates there are, and which of them would run
  paralint install         lets git run the check before each commit\n"
    )
}
