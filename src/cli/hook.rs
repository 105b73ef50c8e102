//! `paralint hook NAME`: what the scripts of `hooks/` and the managers of hooks run.
#![allow(clippy::disallowed_methods)]

use super::install::parse_hook;
use super::setup::current_folder;
use super::{ExitStatus, FAILED, output};
use crate::input::git::{GitError, Repository};
use crate::input::push::{Compared, Remote};
use crate::install::pushed::{self, Pushed, Together};
use crate::install::{Hook, script};
use crate::report::text;
use std::ffi::OsString;
use std::io::{IsTerminal, Read};

/// Arguments of `hook`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  paralint hook pre-commit                    check what is staged
  paralint hook pre-push --checked-out        check what a push would take
  paralint hook pre-push --print              the script of .git/hooks

SKIP=paralint skips it once. Whoever runs a hook from a configuration of his own hands git's standard
input through: on it git says what is pushed. Under pre-commit and prek their variables say it.")]
pub(super) struct Arguments {
    /// The hook of git
    #[arg(value_name = "NAME", value_parser = parse_hook)]
    hook: Hook,
    /// What git gave the hook: of pre-push, the remote's name and its address
    #[arg(value_name = "ARGUMENT", trailing_var_arg = true)]
    given: Vec<OsString>,
    /// Run the gates too; of what is pushed, where that is checked out
    #[arg(long)]
    gates: bool,
    /// In pre-push, nobody says what is pushed: take what is checked out
    #[arg(long, conflicts_with = "given")]
    checked_out: bool,
    /// Print the hook's script, which needs nothing but paralint
    #[arg(long, conflicts_with_all = ["given", "checked_out"])]
    print: bool,
}

/// So many characters of a text that is not understood are shown.
const SHOWN: usize = 120;

/// A longer list of what is pushed is refused.
const LONGEST: u64 = 64 << 20;

pub(super) fn run(arguments: &Arguments) -> ExitStatus {
    if arguments.print {
        output::print(&script::text(arguments.hook, arguments.gates));
        return 0;
    }
    if let Some((message, hint)) = meaningless(arguments) {
        output::complain(&message, Some(hint));
        return FAILED;
    }
    if skips() {
        say(&format!("{} skipped, because SKIP names paralint", arguments.hook.name()));
        return 0;
    }
    match arguments.hook {
        Hook::PreCommit | Hook::PreMergeCommit => check(&[], arguments.gates, Vec::new()),
        Hook::PrePush => push(arguments).unwrap_or_else(|error| {
            output::complain(&error.message, error.hint.as_deref());
            FAILED
        }),
    }
}

/// `SKIP` is a list with commas, as pre-commit knows it.
fn skips() -> bool {
    variable("SKIP").is_some_and(|skip| skip.split(',').any(|name| name.trim() == "paralint"))
}

fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()).filter(|value| !value.is_empty())
}

fn say(message: &str) {
    output::remark(&format!("paralint: {message}"));
}

/// Runs the check; of what is pushed, `known` is nothing new.
fn check(options: &[String], gates: bool, known: Vec<String>) -> ExitStatus {
    let words = ["paralint", "check"].into_iter().map(OsString::from).chain(options.iter().map(OsString::from));
    let words: Vec<OsString> = words.chain(gates.then(|| OsString::from("--gates"))).collect();
    match super::parsed(&words) {
        Ok(super::Arguments { command: super::Command::Check(arguments) }) => super::check::run_beside(arguments, known),
        _ => super::run(words),
    }
}

/// What is wrong with the arguments for this hook.
fn meaningless(arguments: &Arguments) -> Option<(String, &'static str)> {
    let name = arguments.hook.name();
    // Of these hooks git gives only the last one any.
    let most = if arguments.hook == Hook::PrePush { 2 } else { 0 };
    if let Some(extra) = arguments.given.get(most) {
        let extra = text::shown(&extra.to_string_lossy(), SHOWN, true);
        return Some((format!("`{extra}` means nothing to {name}"), "a manager that passes names of files has an option not to"));
    }
    let is_wrong = arguments.checked_out && arguments.hook != Hook::PrePush;
    is_wrong.then(|| (format!("--checked-out means nothing to {name}"), "it is for pre-push"))
}

/// Checks everything that is pushed, each commit at an end for itself. The worst counts.
fn push(arguments: &Arguments) -> Result<ExitStatus, GitError> {
    let folder = current_folder().map_err(|failure| GitError::new(failure.error.message.clone(), "go to a folder that is there"))?;
    let facts = Repository::open(&folder)?.facts;
    let given = arguments.given.first().map(|name| name.to_string_lossy().into_owned());
    let of_husky = || variable("HUSKY_GIT_PARAMS").and_then(|words| words.split(' ').next().map(str::to_owned));
    let mut remote = Remote::new(&folder, given.or_else(|| variable("PRE_COMMIT_REMOTE_NAME")).or_else(of_husky))?;
    let all = all(arguments, &remote)?;
    remote.add(&all.iter().filter_map(|one| one.was.as_deref()).collect::<Vec<_>>())?;
    let mut nothing_new = Vec::new();
    let together = together(&all, &remote, &mut nothing_new)?;
    let mut turn = Turn {
        remote: &remote,
        head: facts.head.as_deref(),
        branch: facts.branch.as_deref(),
        gates: arguments.gates,
        ran_gates: false,
        is_one_of_many: all.len() > 1,
    };
    let (mut worst, mut judged) = (0, Vec::new());
    for ends in &together {
        // Somebody ended the gates.
        if worst > 128 {
            break;
        }
        let Some(one) = ends.first(remote.default_name()) else { continue };
        match remote.compared(&ends.tip, one.was.as_deref(), &judged)? {
            Compared::NothingNew => nothing_new.extend(ends.refs.iter().map(|one| one.name())),
            Compared::Nothing => turn.not_compared(ends),
            Compared::With { base, known } => {
                worst = worst.max(turn.check(ends, one, &base, known)?);
                judged.push(ends.tip.clone());
            }
        }
    }
    match &nothing_new[..] {
        [] if all.is_empty() => say("nothing is pushed, so nothing is checked"),
        [] => {}
        [names @ .., last] if names.len() < 3 => {
            say(&format!("nothing new to check in {}", names.iter().chain([last]).map(String::as_str).collect::<Vec<_>>().join(", ")));
        }
        [first, more @ ..] => say(&format!("nothing new to check in {first} and {} more", more.len())),
    }
    Ok(worst)
}

/// The commits that are pushed, in the order in which they are judged: what one has judged is not new in the next. Branches come before
/// tags, and what is merged before what it is merged into; of those that only share commits the default branch comes first.
fn together<'p>(all: &'p [Pushed], remote: &Remote<'_>, nothing_new: &mut Vec<String>) -> Result<Vec<Together<'p>>, GitError> {
    let mut refs = Vec::new();
    for one in all {
        let Some(id) = &one.tip else {
            nothing_new.push(format!("{} (deleted)", one.name()));
            continue;
        };
        match remote.commit(id)? {
            Some(tip) => refs.push((tip, one)),
            None if remote.is_here(id)? => say(&format!("{} is not compared: it is no commit", one.name())),
            None => {
                let message = format!("{} is pushed, and its object {id} is not in this repository", one.name());
                return Err(GitError::new(message, "`git fsck` says what is missing"));
            }
        }
    }
    let together = Together::all(refs);
    if together.len() < 2 {
        return Ok(together);
    }
    let default = remote.default_name();
    let main = together.iter().find(|ends| ends.refs.iter().any(|one| one.is_branch(default))).map(|ends| ends.tip.clone());
    let mut ranked = Vec::new();
    for ends in together {
        let is_tag = ends.refs.iter().all(|one| one.branch(Some("HEAD")).is_none());
        let beside = match &main {
            Some(main) if *main == ends.tip => 1,
            Some(main) if remote.is_in(&ends.tip, main)? => 0,
            _ => 2,
        };
        ranked.push(((is_tag, beside, remote.count(&ends.tip)?), ends));
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    Ok(ranked.into_iter().map(|(_, ends)| ends).collect())
}

/// What is pushed: as git says, or as who runs the hooks says in his variables.
fn all(arguments: &Arguments, remote: &Remote<'_>) -> Result<Vec<Pushed>, GitError> {
    if arguments.checked_out {
        let tip = remote.commit("HEAD")?;
        return Ok(tip.map(|tip| Pushed { local: b"HEAD".to_vec(), tip: Some(tip), remote: Vec::new(), was: None }).into_iter().collect());
    }
    // git's own words come first: a push that a hook makes inherits the variables of another one.
    let nobody_else = !arguments.given.is_empty();
    if !nobody_else && let Some(one) = of_pre_commit(remote)? {
        return Ok(vec![one]);
    }
    // husky 4 has read it.
    let text = match variable("HUSKY_GIT_STDIN").filter(|_| !nobody_else) {
        Some(text) => text.into_bytes(),
        None => standard_input()?,
    };
    pushed::read(&text).map_err(|line| {
        GitError::new(
            format!("git says what is pushed in a line that is not understood: {}", text::shown(&line, SHOWN, true)),
            "`git push --no-verify` runs no hook this once",
        )
    })
}

fn standard_input() -> Result<Vec<u8>, GitError> {
    let input = std::io::stdin();
    if input.is_terminal() {
        return Err(GitError::new(
            "nobody says what is pushed: git does so on standard input",
            "at a prompt it is `paralint hook pre-push --checked-out`, or `paralint check --range auto`",
        ));
    }
    let mut text = Vec::new();
    let read = input.lock().take(LONGEST + 1).read_to_end(&mut text);
    if read.is_err() || text.len() as u64 > LONGEST {
        return Err(GitError::new("failed to read from standard input what is pushed", "`git push --no-verify` runs no hook this once"));
    }
    Ok(text)
}

/// What pre-commit and prek say. Of a whole history they give no two ends, but the local branch.
fn of_pre_commit(remote: &Remote<'_>) -> Result<Option<Pushed>, GitError> {
    let [from, to, local, there] =
        ["PRE_COMMIT_FROM_REF", "PRE_COMMIT_TO_REF", "PRE_COMMIT_LOCAL_BRANCH", "PRE_COMMIT_REMOTE_BRANCH"].map(variable);
    if [&from, &to, &local, &there].iter().all(|one| one.is_none()) {
        return Ok(None);
    }
    // The source may be anything that was typed; only what is a ref is asked for by name.
    let named = || local.clone().filter(|name| name.starts_with("refs/") || name == "HEAD" || pushed::is_id(name));
    let Some(end) = to.clone().or_else(named) else {
        let name = local.or(there).unwrap_or_default();
        return Err(GitError::new(
            format!("{name} is pushed, and no variable says which commit that is"),
            "push a branch by its name; `git push --no-verify` runs no hook this once",
        ));
    };
    let Some(tip) = remote.commit(&end)? else {
        return Err(GitError::new(
            format!("`{end}`, which is pushed, names no commit here"),
            "`git push --no-verify` runs no hook this once",
        ));
    };
    let local = local.unwrap_or_else(|| "HEAD".to_owned());
    Ok(Some(Pushed { local: local.into_bytes(), tip: Some(tip), remote: there.unwrap_or_default().into_bytes(), was: from }))
}

/// What all that is pushed has in common.
struct Turn<'t> {
    remote: &'t Remote<'t>,
    /// What is checked out.
    head: Option<&'t str>,
    branch: Option<&'t str>,
    gates: bool,
    ran_gates: bool,
    is_one_of_many: bool,
}

impl Turn<'_> {
    fn not_compared(&self, ends: &Together<'_>) {
        let gates = if self.gates { "; its gates are not run either" } else { "" };
        let why = "nothing that is known of the remote shares history with it, so there is no policy to hold it against";
        say(&format!("{} is not compared: {why}{gates}", ends.name()));
    }

    fn check(&mut self, ends: &Together<'_>, one: &Pushed, base: &str, known: Vec<String>) -> Result<ExitStatus, GitError> {
        let is_head = self.head == Some(&ends.tip);
        let end = self.end(one, &ends.tip)?;
        // Which report is whose: an id tells nobody.
        if self.is_one_of_many || !end.starts_with("refs/") {
            say(&ends.name());
        }
        let mut options = vec![format!("--range={}..{end}", self.remote.short(base)?)];
        options.extend(one.branch(self.branch.filter(|_| is_head)).map(|branch| format!("--branch={branch}")));
        let gates = self.gates && is_head && !self.ran_gates;
        if self.gates && !is_head {
            say(&format!("gates are not run for {}: they run on what is checked out", ends.name()));
        }
        self.ran_gates |= gates;
        Ok(check(&options, gates, known))
    }

    /// The end of the range: a branch by its name, and by its id what moved meanwhile, or is no branch, or no text.
    fn end(&self, one: &Pushed, tip: &str) -> Result<String, GitError> {
        if let Ok(name) = std::str::from_utf8(&one.local)
            && (name == "HEAD" || name.starts_with("refs/heads/"))
            && self.remote.commit(name)?.as_deref() == Some(tip)
        {
            return Ok(name.to_owned());
        }
        self.remote.short(tip)
    }
}
