//! A run of gates from beginning to end: what is known, the plan, the checkout, the run, what is kept of it.
#![allow(clippy::disallowed_methods)]

use super::super::output::Output;
use super::super::patience;
use super::super::setup::{Failure, failure};
use super::keep::{self, Trees};
use super::known::{Known, known, named_files};
use super::within::{self, Within};
use super::{GateOptions, detail, switched_off};
use crate::config::{Config, Inputs};
use crate::gates::checkout::Checkout;
use crate::gates::command::{again, invocations};
use crate::gates::definition::definition;
use crate::gates::plan::{self, Plan, Planned, UnknownGate};
use crate::gates::receipts::Store;
use crate::gates::run::{self, Ended, Job, Options};
use crate::gates::schedule::Schedule;
use crate::gates::{outputs, summary};
use crate::input::git::{Choice, GitError, Repository};
use crate::model::change::ChangeSet;
use crate::model::gate::{GateRun, GateStatus, GatesRun};
use crate::model::path::RepoPath;
use crate::report::gates::{Besides, Row};
use crate::report::v1;
use crate::work::tree;
use rustc_hash::FxHashSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What was asked for.
pub(in crate::cli) struct Wanted<'w> {
    /// The gates that were named.
    pub(in crate::cli) names: &'w [String],
    /// Only list.
    pub(in crate::cli) list: bool,
    /// The phase that was named.
    pub(in crate::cli) phase: Option<&'w str>,
    /// Every file counts as changed.
    pub(in crate::cli) all: bool,
    pub(in crate::cli) options: &'w GateOptions,
    /// How many gates run at once, by their weight.
    pub(in crate::cli) jobs: u32,
    pub(in crate::cli) output: &'w Output,
    /// No configuration was to be read.
    pub(in crate::cli) no_config: bool,
    /// The options that a repetition needs to find the same configuration.
    pub(in crate::cli) place: Vec<String>,
    /// The change that is checked; without one, what is staged or not committed.
    pub(in crate::cli) change: Option<&'w ChangeSet>,
}

/// A run, and what is said of it.
pub(in crate::cli) struct Conducted {
    pub(in crate::cli) run: GatesRun,
    pub(in crate::cli) checked: Vec<v1::Checked>,
    pub(in crate::cli) not_checked: Vec<v1::NotChecked>,
    /// Why what the gates came to is not to be relied on.
    pub(in crate::cli) error: Option<v1::Error>,
}

impl Wanted<'_> {
    /// The command that repeats a gate: it must find the same configuration and give the gate the same files. A gate that is
    /// named runs in every profile and phase, and what did not pass is never taken from the receipts.
    fn again(&self, name: &str) -> String {
        let all = self.all.then(|| "--all".to_owned());
        again(&all.into_iter().chain(self.place.iter().cloned()).collect::<Vec<_>>(), name)
    }
}

/// Runs the gates, or lists them.
pub(in crate::cli) fn conduct(wanted: &Wanted<'_>, repository: &Repository, config: &Config) -> Result<Conducted, Failure> {
    let root = repository.facts.root.clone().ok_or_else(no_work_tree)?;
    if config.gates.is_empty() && wanted.names.is_empty() {
        return Ok(nothing(wanted, config));
    }
    let store = Store::new(&repository.facts.common_dir);
    let command = if wanted.change.is_some() { "check" } else { "gates" };
    let known = patience::reading((Choice::Automatic, true), wanted.output, command, || known(wanted, repository, config, &root, &store))?;
    let plan = plan::plan(config, &known.request, &known.facts).map_err(unknown_gates)?;
    let cached = if wanted.options.no_cache { FxHashSet::default() } else { passed(&plan, &known, &store) };
    if wanted.list {
        let rows = plan::list(&plan, &cached, wanted.jobs).into_iter();
        let rows = rows.map(|row| GateRun { again: wanted.again(&row.name), ..row }).collect();
        let run = summary::summary(rows, Duration::ZERO, None, true);
        let checked = vec![v1::Checked { what: "gates".to_owned(), detail: detail(&run) }];
        return Ok(Conducted { run, checked, not_checked: Vec::new(), error: None });
    }
    let conductor = Conductor { wanted, repository, root, plan, cached, known, store, within: Within::read() };
    conductor.run(config)
}

fn nothing(wanted: &Wanted<'_>, config: &Config) -> Conducted {
    let why = match config.path.as_deref() {
        Some(place) => format!("none is configured in {place}"),
        None if wanted.no_config => "--no-config was given, and so none is known".to_owned(),
        None => "none is configured in paralint.toml, which is not there".to_owned(),
    };
    let not_checked = vec![v1::NotChecked { what: "gates".to_owned(), why }];
    Conducted { run: summary::summary(Vec::new(), Duration::ZERO, None, false), checked: Vec::new(), not_checked, error: None }
}

fn no_work_tree() -> Failure {
    let hint = "run it in a work tree: `git worktree list` names them".to_owned();
    failure("repository", "gates need a work tree, and there is none here".to_owned(), Some(hint), None)
}

fn unknown_gates(unknown: Vec<UnknownGate>) -> Failure {
    let names: Vec<String> = unknown.iter().map(|one| format!("`{}`", one.name)).collect();
    let near: Vec<String> = unknown.iter().filter_map(|one| one.near.as_ref()).map(|near| format!("`{near}`")).collect();
    let hint = match near.as_slice() {
        [] => "`paralint gates --list` shows those of paralint.toml".to_owned(),
        near => format!("did you mean {}?", near.join(", ")),
    };
    failure("usage", format!("there is no gate {}", names.join(", ")), Some(hint), None)
}

/// The gates that have passed for what is staged, and would find nothing else.
fn passed(plan: &Plan, known: &Known, store: &Store) -> FxHashSet<String> {
    let cacheable = |planned: &&Planned| planned.runs && planned.gate.cache && planned.gate.inputs == Inputs::Index;
    let asked: Vec<&Planned> = plan.gates.iter().filter(cacheable).collect();
    if asked.is_empty() || !known.unmerged.is_empty() {
        return FxHashSet::default();
    }
    let tree = tree::key(&known.facts.index);
    let receipts = store.read_tree(&tree);
    // What left something behind or needed several attempts is a warning each time.
    let has_passed = |planned: &&Planned| {
        let last = receipts.passed(&tree, &planned.gate.name, &definition(&planned.gate, &planned.files));
        last.is_some_and(|gate| gate.status == GateStatus::Passed && gate.attempts <= 1)
    };
    asked.into_iter().filter(has_passed).map(|planned| planned.gate.name.clone()).collect()
}

/// Everything that a run needs.
pub(super) struct Conductor<'c> {
    pub(super) wanted: &'c Wanted<'c>,
    pub(super) repository: &'c Repository,
    pub(super) root: PathBuf,
    pub(super) plan: Plan,
    /// Gates that have passed already.
    pub(super) cached: FxHashSet<String>,
    pub(super) known: Known,
    pub(super) store: Store,
    /// The gates that this run is within.
    within: Within,
}

impl Conductor<'_> {
    fn run(mut self, config: &Config) -> Result<Conducted, Failure> {
        self.drop_absent_files();
        let (checkout, unavailable) = match self.checkout() {
            Ok(checkout) => (checkout, None),
            Err(why) => (None, Some(why)),
        };
        let active: Vec<usize> = (0..self.plan.gates.len()).filter(|index| self.is_active(*index)).collect();
        let schedule = Schedule::new(self.plan.tasks(&active), self.wanted.jobs);
        let held = Held { checkout: checkout.as_ref(), unavailable };
        let jobs: Vec<Job> = active.iter().map(|index| self.job(&self.plan.gates[*index], &held)).collect();
        let options = Options {
            fail_fast: self.wanted.options.fail_fast,
            output_folder: Some(outputs::output_folder(&self.repository.facts.git_dir)),
            ..Options::default()
        };
        let ran = self.wanted.output.while_gates_run(self.rows(&active), self.besides(), self.wanted.jobs, |observer| {
            run::run(&jobs, schedule, &options, observer)
        });
        let mut ended: Vec<Option<Ended>> = self.plan.gates.iter().map(|_| None).collect();
        for (index, job) in active.iter().zip(ran.jobs) {
            ended[*index] = Some(job);
        }
        let gates = self.plan.gates.iter().zip(ended).map(|(planned, ended)| self.gate_run(planned, ended)).collect();
        let run = summary::summary(gates, ran.wall, ran.signal, false);
        let checked = vec![v1::Checked { what: "gates".to_owned(), detail: detail(&run) }];
        let error = checkout.as_ref().and_then(changed);
        let mut not_checked = switched_off(&run, config);
        not_checked.extend(keep::keep(&self, &run, error.is_none()));
        Ok(Conducted { run, checked, not_checked, error })
    }

    fn is_active(&self, index: usize) -> bool {
        let planned = &self.plan.gates[index];
        planned.runs && !self.cached.contains(&planned.gate.name)
    }

    /// What is staged may be gone from the work tree: a tool that is given it would only say so.
    fn drop_absent_files(&mut self) {
        for planned in &mut self.plan.gates {
            if planned.files.is_empty() || planned.gate.inputs == Inputs::Index {
                continue;
            }
            let folder = folder_of(&self.root, planned.gate.dir.as_deref());
            planned.files.retain(|file| folder.join(path_of(file)).symlink_metadata().is_ok());
            if planned.files.is_empty() && planned.runs {
                planned.runs = false;
                planned.why = "none of its files is in the work tree".to_owned();
            }
        }
    }

    /// The checkout, where a gate that runs wants one, or why there is none: that keeps no gate of the work tree from running.
    /// What is staged must not have changed while it was made.
    fn checkout(&mut self) -> Result<Option<Checkout>, String> {
        let wants = |index: usize| self.is_active(index) && self.plan.gates[index].gate.inputs == Inputs::Index;
        if !(0..self.plan.gates.len()).any(wants) {
            return Ok(None);
        }
        if !self.known.unmerged.is_empty() {
            return Err(in_words(GitError::unmerged(&self.known.unmerged)));
        }
        let mut waits = |text: &str| super::super::output::remark(text);
        for _ in 0..ATTEMPTS {
            let checkout = Checkout::prepare(&self.repository.facts, &mut waits).map_err(in_words)?;
            if self.known.is_index_current(self.repository) {
                return Ok(Some(checkout));
            }
            // Read anew: the value holds on to the index that it has read.
            let again = Repository::open(&self.root).and_then(|repository| repository.entries(None)).map_err(in_words)?;
            if again == self.known.facts.index {
                return Ok(Some(checkout));
            }
            self.known.facts.index = again;
            self.known.stamp = None;
        }
        Err("what is staged changed while it was checked out: run it again when nobody stages files".to_owned())
    }

    fn job(&self, planned: &Planned, held: &Held<'_>) -> Job {
        let checkout = held.checkout;
        let gate = &planned.gate;
        let mut env = gate.env.clone();
        let mut root = self.root.as_path();
        // Every gate of the run has to know: one on the work tree may ask for the checkout as well.
        if let Some((name, value)) = checkout.map(Checkout::environment) {
            env.insert(name.to_owned(), value.to_string_lossy().into_owned());
        }
        if let Some(checkout) = checkout.filter(|_| gate.inputs == Inputs::Index) {
            root = &checkout.root;
            // Should a gate destroy the repository of the checkout, git must not find the real one above it.
            env.extend(root.parent().map(|above| (CEILING.to_owned(), ceiling(env.get(CEILING), above))));
        }
        let within = self.within.is_in(gate, &self.root);
        env.insert(within::VARIABLE.to_owned(), self.within.with(gate, &self.root));
        let wants_checkout = || held.unavailable.clone().filter(|_| gate.inputs == Inputs::Index);
        Job {
            name: gate.name.clone(),
            invocations: invocations(&gate.run, &planned.files),
            folder: folder_of(root, gate.dir.as_deref()),
            env,
            git_env: gate.git_env,
            timeout: gate.timeout,
            retries: gate.retries,
            backoff: gate.backoff,
            unavailable: within.then(|| "it is running already, and has started this run itself".to_owned()).or_else(wants_checkout),
        }
    }

    /// The gates that have no row, since they do not run.
    fn besides(&self) -> Besides {
        let count = |is: &dyn Fn(&Planned) -> bool| self.plan.gates.iter().filter(|planned| is(planned)).count();
        let cached = count(&|planned| planned.runs && self.cached.contains(&planned.gate.name));
        Besides { cached, skipped: count(&|planned| !planned.runs) }
    }

    fn rows(&self, active: &[usize]) -> Vec<Row> {
        let place = |index: usize| active.iter().position(|one| *one == index);
        let row = |index: &usize| {
            let Planned { gate, needs, expected, .. } = &self.plan.gates[*index];
            Row {
                name: gate.name.clone(),
                expected: *expected,
                needs: needs.iter().filter_map(|need| place(*need)).collect(),
                place: (gate.mark.path.to_string(), gate.mark.line),
                again: self.wanted.again(&gate.name),
            }
        };
        active.iter().map(row).collect()
    }

    fn gate_run(&self, planned: &Planned, ended: Option<Ended>) -> GateRun {
        let row = GateRun { again: self.wanted.again(&planned.gate.name), ..self.plan.row(planned) };
        let Some(ended) = ended else {
            let cached = planned.runs;
            let why = if cached { Some("it has passed for this tree".to_owned()) } else { row.why };
            return GateRun { status: if cached { GateStatus::Passed } else { GateStatus::Skipped }, why, cached, ..row };
        };
        let Ended { status, exit_code, signal, why, started, wall, ran, backed_off, cpu, peak_memory, attempts, leak, output } = ended;
        GateRun { status, exit_code, signal, why, started, wall, ran, backed_off, cpu, peak_memory, attempts, leak, output, ..row }
    }

    /// The trees that gates saw, as far as that is one.
    pub(super) fn trees(&self) -> Trees {
        Trees { index: tree::key(&self.known.facts.index), worktree: tree::key(&self.known.seen.entries) }
    }
}

/// What is wrong where a gate changed what other gates saw: nobody knows for which files they passed.
fn changed(checkout: &Checkout) -> Option<v1::Error> {
    let (what, hint) = match checkout.changed() {
        Ok(paths) if paths.is_empty() => return None,
        Ok(paths) => {
            let what = format!("{} changed in the checkout while gates ran", named_files(&paths.iter().collect::<Vec<&RepoPath>>()));
            (what, "let the gate only check, or run it on the work tree and stage what it changes".to_owned())
        }
        Err(error) => {
            let what = format!("the checkout could not be looked at after gates ran in it ({})", error.message);
            (what, "a gate must leave its folder in place; `paralint gates --no-cache` makes it anew".to_owned())
        }
    };
    let message = format!("{what}: what passed is not what is staged");
    Some(v1::Error { kind: "gates".to_owned(), message, hint: Some(hint), location: None })
}

const CEILING: &str = "GIT_CEILING_DIRECTORIES";

/// The folders above which git does not look for a repository: one, and those of the gate or of the environment. An empty one
/// among these tells git to take all that follow literally.
fn ceiling(of_gate: Option<&String>, above: &Path) -> String {
    let inherited = || std::env::var_os(CEILING).map(|value| value.to_string_lossy().into_owned());
    let above = above.to_string_lossy().into_owned();
    let others = of_gate.cloned().or_else(inherited).filter(|others| !others.is_empty());
    others.map_or_else(|| above.clone(), |others| format!("{above}:{others}"))
}

/// The checkout that gates of the index run on, or why they cannot.
struct Held<'c> {
    checkout: Option<&'c Checkout>,
    unavailable: Option<String>,
}

/// Why there is no checkout, and what to do.
fn in_words(error: GitError) -> String {
    error.hint.map_or(error.message.clone(), |hint| format!("{}: {hint}", error.message))
}

/// How often a checkout is made while somebody stages files.
const ATTEMPTS: usize = 3;

fn folder_of(root: &Path, dir: Option<&str>) -> PathBuf {
    dir.map_or_else(|| root.to_path_buf(), |dir| root.join(dir))
}

fn path_of(path: &RepoPath) -> PathBuf {
    crate::input::git::path_of(path.as_bytes())
}
