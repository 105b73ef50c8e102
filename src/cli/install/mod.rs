//! `paralint install`.
#![allow(clippy::disallowed_methods)]

pub(super) mod apply;
pub(super) mod files;
pub(super) mod leftovers;
pub(super) mod managers;
mod place;
mod program;
#[cfg(test)]
mod tests;
pub(super) mod told;

use super::ExitStatus;
use super::offered::Offered;
use crate::input::git::{GitError, Repository};
use crate::input::hooks::{self, Home, Hooks, RealGround};
use crate::install::manager::{self, Wanted};
use crate::install::plan::{self, Place, Step};
use crate::install::script;
use crate::install::{EARLIER, Hook};
use apply::{Ready, Turn};
use clap::builder::{PossibleValue, TypedValueParser};
use place::configured;
use std::path::{Path, PathBuf};
use told::{Told, shown};

/// Arguments of `install`.
#[derive(Debug, Default, clap::Args)]
#[command(after_help = "Examples:
  paralint install                          check each commit and each merge
  paralint install --hook pre-push          check what is pushed
  paralint install --gates                  run the gates too
  paralint install --dry-run                only say what would be written

A hook that is there already is kept beside, and runs first. Where husky, lefthook or another \
program runs the hooks, this says what belongs into its configuration; --write puts it there.

Exit codes: 0 in place, 1 something is left for you to do, 2 could not be done.")]
pub(super) struct Arguments {
    /// A hook to install, repeatable; pre-commit and pre-merge-commit without it
    #[arg(long = "hook", value_name = "NAME", value_parser = Offered(hook_names).try_map(|name| parse_hook(&name)))]
    hooks: Vec<Hook>,
    /// The hooks run the gates too
    #[arg(long)]
    gates: bool,
    /// Also write files that may be tracked: hooks in the work tree, the configuration of another program
    #[arg(long)]
    write: bool,
    /// Write nothing, and say what would be written
    #[arg(long)]
    dry_run: bool,
}

fn hook_names() -> Vec<PossibleValue> {
    Hook::ALL.map(|hook| PossibleValue::new(hook.name())).into()
}

pub(super) fn parse_hook(name: &str) -> Result<Hook, String> {
    let known = || Hook::ALL.map(Hook::name).join(", ");
    Hook::ALL.into_iter().find(|hook| hook.name() == name).ok_or_else(|| format!("paralint has no such hook (known: {})", known()))
}

/// The future tense, where nothing is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tense(bool);

impl Tense {
    fn choose<'a>(self, (past, future): (&'a str, &'a str)) -> &'a str {
        if self.0 { future } else { past }
    }
}

pub(super) fn run(arguments: &Arguments) -> ExitStatus {
    let mut told = Told::default();
    match std::env::current_dir() {
        Ok(folder) => install(&mut told, &folder, arguments),
        Err(why) => told.fail(format!("failed to read the current folder: {why}"), "go to a folder that is there"),
    }
    told.end()
}

/// A repository, and where git looks for hooks in it.
pub(super) struct Ground {
    pub(super) root: PathBuf,
    pub(super) common_dir: PathBuf,
    pub(super) hooks: Hooks,
}

/// Reads all that is needed of the repository of a folder.
pub(super) fn ground(folder: &Path) -> Result<Ground, GitError> {
    let mut facts = Repository::open(folder)?.facts;
    // Relative to the current folder, as git takes it; it need not be around that folder.
    let named = std::env::var_os("GIT_WORK_TREE").filter(|named| !named.is_empty()).map(|named| folder.join(named));
    if let Some(root) = named.and_then(|named| std::fs::canonicalize(named).ok()).filter(|root| root.is_dir()) {
        facts.root = Some(root);
    }
    let root = match &facts.root {
        Some(root) => root.clone(),
        None if facts.bare => {
            return Err(GitError::new(
                "nobody commits in a bare repository, so its hooks are not for paralint",
                "install it in the clones",
            ));
        }
        None => return Err(GitError::new("this folder is git's own directory, not a work tree", "run it in the work tree")),
    };
    let hooks = hooks::find(&facts)?;
    Ok(Ground { root, common_dir: facts.common_dir, hooks })
}

fn install(told: &mut Told, folder: &Path, arguments: &Arguments) {
    let ground = match ground(folder) {
        Ok(ground) => ground,
        Err(error) => return told.fail(error.message, error.hint.unwrap_or_default()),
    };
    if let Some((message, hint)) = place::unusable(&ground.hooks) {
        return told.fail(message, hint);
    }
    let mut wanted = arguments.hooks.clone();
    if wanted.is_empty() {
        wanted = vec![Hook::PreCommit, Hook::PreMergeCommit];
    }
    wanted.sort_unstable();
    wanted.dedup();
    let _turn = (!arguments.dry_run).then(|| Turn::take(&ground.common_dir));
    let uses = manager::in_use(&RealGround::new(&ground.root, &ground.hooks), &Wanted { hooks: wanted.clone(), gates: arguments.gates });
    if !uses.is_empty() {
        let more = ours_beside(&ground, &wanted, uses[0].manager).into_iter().chain(program::of_manager(uses[0].manager));
        return managers::install(told, &ground.root, &uses, &wanted, arguments, &more.collect::<Vec<_>>());
    }
    scripts(told, &ground, &wanted, arguments);
}

/// Our own hook where a manager is to run the hooks: pre-commit and prek keep it beside theirs, and then both run.
fn ours_beside(ground: &Ground, wanted: &[Hook], manager: &str) -> Option<String> {
    let path_of_ours = |hook: &Hook, ending: &str| {
        let path = ground.hooks.folder.join(format!("{}{ending}", hook.name()));
        let is_ours = hooks::script_at(&path).is_some_and(|bytes| script::recognise(*hook, &bytes).is_some());
        is_ours.then(|| shown(&ground.root, &path))
    };
    if let Some(path) = wanted.iter().find_map(|hook| path_of_ours(hook, "")) {
        return Some(format!("{path} is paralint's own: take it away by `paralint uninstall`, or it runs twice once {manager} runs it"));
    }
    let path = wanted.iter().find_map(|hook| path_of_ours(hook, ".legacy"))?;
    Some(format!(
        "{path} is paralint's own of before, which {manager} runs too: each commit is checked and reported twice until `paralint uninstall` takes it away"
    ))
}

/// The command that writes what this one only shows.
fn again(arguments: &Arguments) -> String {
    let hooks: String = arguments.hooks.iter().map(|hook| format!(" --hook {}", hook.name())).collect();
    format!("paralint install{hooks}{} --write", if arguments.gates { " --gates" } else { "" })
}

/// Installs the scripts where git looks for hooks.
fn scripts(told: &mut Told, ground: &Ground, wanted: &[Hook], arguments: &Arguments) {
    let folder = &ground.hooks.folder;
    if let Some((message, hint)) = place::no_folder(ground) {
        return told.fail(message, hint);
    }
    let mut steps = Vec::new();
    let mut notes = Vec::new();
    for hook in wanted {
        match hooks::place(folder, *hook) {
            Ok(place) => {
                let step = plan::step(&place, arguments.gates);
                notes.extend(checks_twice(&place, &step));
                steps.push((*hook, step));
            }
            Err(why) => return told.fail(format!("failed to read {}: {why}", shown(&ground.root, &folder.join(hook.name()))), PERMISSIONS),
        }
    }
    for (hook, step) in &steps {
        if let Step::Refused { why, hint } = step {
            told.fail(format!("{}: {why}", shown(&ground.root, &folder.join(hook.name()))), hint.clone());
        }
    }
    // All or nothing: a repository with half of its hooks looks as if it had them.
    if !told.errors.is_empty() {
        return;
    }
    let is_to_write = steps.iter().any(|(_, step)| matches!(step, Step::Write { .. } | Step::Chain { .. } | Step::Update { .. }));
    match ground.hooks.home {
        Home::Elsewhere | Home::MainWorkTree if is_to_write => {
            let is_main = ground.hooks.home == Home::MainWorkTree;
            let (message, hint) = if is_main { place::main_work_tree(ground) } else { place::elsewhere(ground) };
            return told.fail(message, hint);
        }
        Home::WorkTree if is_to_write && !arguments.write => {
            let shown = shown(&ground.root, folder);
            told.leave(format!(
                "git looks for hooks in {shown}{}: that is part of the work tree, and may be everybody's",
                configured(&ground.hooks)
            ));
            tell_all(told, ground, &steps, Tense(true));
            return told.say(format!("`{}` writes that", again(arguments)));
        }
        _ => {}
    }
    let is_swept = match ground.hooks.home {
        Home::Clone => true,
        Home::WorkTree => arguments.write,
        Home::MainWorkTree | Home::Elsewhere => false,
    };
    if is_swept && !arguments.dry_run {
        Hook::ALL.into_iter().for_each(|hook| told.swept(&ground.root, &leftovers::sweep_scripts(folder, hook)));
    }
    if !arguments.dry_run && !write_all(told, ground, &steps) {
        return;
    }
    tell_all(told, ground, &steps, Tense(arguments.dry_run));
    notes.iter().for_each(|note| told.say(note));
    if is_to_write {
        epilogue(told, ground, wanted, arguments);
    }
}

/// What to say where the hook that is chained checks as well.
fn checks_twice(place: &Place, step: &Step) -> Option<String> {
    let earlier = match step {
        Step::Chain { runs: true, .. } => place.now.as_ref(),
        Step::Write { revives: true, .. } => place.earlier.as_ref(),
        _ => None,
    }?;
    let checks = manager::runs_check(&String::from_utf8_lossy(&earlier.bytes));
    checks.then(|| format!("note: {} runs paralint itself, so it checks twice: take that out of it", place.hook.earlier_name()))
}

const PERMISSIONS: &str = "check the folder, its permissions and the room on its disk; everything there is as it was";

/// Writes every script beside its place, then puts them in. Returns whether that worked; what did not is told.
fn write_all(told: &mut Told, ground: &Ground, steps: &[(Hook, Step)]) -> bool {
    let folder = &ground.hooks.folder;
    let mut ready = Vec::new();
    for (hook, step) in steps {
        match Ready::write(folder, *hook, step) {
            Ok(script) => ready.extend(script.map(|script| (script, *hook, step))),
            Err(why) => {
                told.fail(format!("failed to write {}: {why}", shown(&ground.root, &folder.join(hook.name()))), PERMISSIONS);
                return false;
            }
        }
    }
    for (script, hook, step) in &ready {
        if let Err(why) = script.put(step) {
            let hint = "check the folder and its permissions, then run it again: what is in place already stays";
            told.fail(format!("failed to write {}: {why}", shown(&ground.root, &folder.join(hook.name()))), hint);
            return false;
        }
        told.is_written = true;
    }
    true
}

fn tell_all(told: &mut Told, ground: &Ground, steps: &[(Hook, Step)], tense: Tense) {
    for (hook, step) in steps {
        tell(told, &shown(&ground.root, &ground.hooks.folder.join(hook.name())), *hook, step, tense);
    }
}

fn tell(told: &mut Told, path: &str, hook: Hook, step: &Step, tense: Tense) {
    let wrote = tense.choose(("wrote", "would write"));
    let with_gates = |gates: bool| if gates { ", and the gates run" } else { "" };
    match step {
        Step::InPlace { why: None } => told.say(format!("{path} is in place")),
        Step::InPlace { why: Some(why) } => told.say(format!("{path} is in place ({why})")),
        Step::Write { gates, revives } => {
            told.say(format!("{wrote} {path}: {}{}", hook.does(), with_gates(*gates)));
            if *revives {
                told.say(format!("{path}{EARLIER} is there from before, and runs first"));
            }
        }
        Step::Chain { gates, runs, .. } => {
            let kept = tense.choose(("kept", "would keep"));
            let fate = if *runs {
                "runs first, and stops what it fails"
            } else {
                "is not executable, so git did not run it and it does not run now"
            };
            told.say(format!("{kept} the hook that was there as {path}{EARLIER}: it {fate}"));
            told.say(format!("{wrote} {path}: {}{}", hook.does(), with_gates(*gates)));
        }
        Step::Update { why, .. } => told.say(format!("{} {path}: {why}", tense.choose(("updated", "would update")))),
        Step::ByHand { why } => told.leave(format!("{path}: {why}")),
        // Told as an error already.
        Step::Refused { .. } => {}
    }
}

/// What a user wants to know once it is in place.
fn epilogue(told: &mut Told, ground: &Ground, wanted: &[Hook], arguments: &Arguments) {
    if ground.hooks.home == Home::WorkTree {
        let once = if ground.hooks.configured.is_some() { "core.hooksPath" } else { ".git/hooks" };
        told.say(format!("commit what is new there: each clone runs it once its {once} leads there"));
    }
    if !arguments.dry_run {
        if let Some(note) = program::of_hook(&ground.root) {
            told.say(format!("note: {note}"));
        }
        told.say(format!("{} or SKIP=paralint skips it once; `paralint uninstall` takes it away", no_verify(wanted)));
    }
}

/// The commands that run no hook, for these hooks.
fn no_verify(wanted: &[Hook]) -> String {
    let commands = wanted.iter().filter_map(|hook| match hook {
        Hook::PreCommit => Some("`git commit --no-verify`"),
        Hook::PreMergeCommit => (!wanted.contains(&Hook::PreCommit)).then_some("`git merge --no-verify`"),
        Hook::PrePush => Some("`git push --no-verify`"),
    });
    commands.collect::<Vec<_>>().join(", ")
}
