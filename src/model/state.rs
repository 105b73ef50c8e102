//! What policy and state files say. Every value that a message can point at knows its line.

use super::mark::{Located, Mark};
use super::moment::Moment;

/// Everything that was read from policy and state files.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// BOUNDARIES.json.
    pub policy: Option<Policy>,
    /// WORKFLOW_STATE.json.
    pub workflow: Option<Workflow>,
    /// RESOURCE_LOCKS.json.
    pub locks: Option<Locks>,
    /// PARALLEL_STATUS.json.
    pub status: Option<ParallelStatus>,
    /// DEPENDENCY_GRAPH.json.
    pub graph: Option<DependencyGraph>,
    /// `.claude/context/wave-N-output.yaml`, by number.
    pub waves: Vec<Wave>,
    /// `.claude/context/execution-progress.md`.
    pub progress: Option<ProgressPage>,
    /// Feature and plan files of `.claude/context/`.
    pub plans: Vec<Plan>,
    /// Files that are there and cannot be used.
    pub errors: Vec<StateError>,
    /// What was read over: unknown keys where they do no harm, and why.
    pub remarks: Vec<Located<String>>,
}

/// Why a state file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{message}")]
pub struct StateError {
    /// Where; line 0 where the file as a whole is meant.
    pub mark: Mark,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub hint: Option<String>,
}

/// Who may change what.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Policy {
    /// The file, relative to the repository.
    pub path: String,
    /// The boundaries, in the order of the file.
    pub boundaries: Vec<Boundary>,
    /// `parallel_groups`.
    pub groups: Vec<ParallelGroup>,
    /// `synchronization_points`.
    pub points: Vec<SynchronizationPoint>,
}

/// A named area with the paths that belong to it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Boundary {
    /// Its name.
    pub name: Located<String>,
    /// Who owns it; `None` where nobody does (`"unassigned"`, empty, or missing).
    pub owner: Option<Located<String>>,
    /// `paths` and `can_modify`, as written, `{working_directory}` taken out.
    pub paths: Vec<Located<String>>,
    /// The key by which it lists them: `paths` or `can_modify`; `None` where it has neither.
    pub paths_key: Option<&'static str>,
    /// `can_create`: new files may be made there.
    pub can_create: Vec<Located<String>>,
    /// `cannot_modify`.
    pub cannot_modify: Vec<Located<String>>,
    /// `dependencies`: paths and names of boundaries.
    pub dependencies: Vec<Located<String>>,
    /// `conflicts_with`: names of boundaries, paths, or `all`.
    pub conflicts_with: Vec<Located<String>>,
    /// `locked`.
    pub locked: Option<Located<bool>>,
    /// `parallel_safe`.
    pub parallel_safe: Option<Located<bool>>,
}

impl Boundary {
    /// Nobody changes it while others work: `locked: true` or `parallel_safe: false`. The place that says so.
    pub fn shared(&self) -> Option<&Mark> {
        let locked = self.locked.as_ref().filter(|locked| locked.value);
        let unsafe_ = self.parallel_safe.as_ref().filter(|safe| !safe.value);
        locked.or(unsafe_).map(|said| &said.mark)
    }

    /// It says what may not be changed, and nothing of what may: all else is allowed. Every other boundary allows what it
    /// lists, be it nothing.
    pub fn only_forbids(&self) -> bool {
        self.paths.is_empty() && self.paths_key.is_none() && self.can_create.is_empty() && !self.cannot_modify.is_empty()
    }
}

/// One entry of `parallel_groups`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ParallelGroup {
    /// Its name.
    pub name: Located<String>,
    /// Names of boundaries.
    pub members: Vec<Located<String>>,
    /// Whether its members may be at work at once.
    pub can_run_parallel: Option<Located<bool>>,
    /// How many of them.
    pub max_parallel: Option<Located<u32>>,
}

/// A point at which all parallel work must have ended.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SynchronizationPoint {
    /// Its name.
    pub name: Located<String>,
    /// The phases that must be complete.
    pub after_phases: Vec<Located<String>>,
    /// The phases that wait for it.
    pub blocks: Vec<Located<String>>,
    /// Every later phase waits for it.
    pub blocks_all: bool,
    /// The file says that it was reached (`true`) or not yet (`false`).
    pub reached: Option<bool>,
    /// Why it is there.
    pub reason: Option<String>,
}

/// WORKFLOW_STATE.json.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Workflow {
    /// The file.
    pub path: String,
    /// `current_phase`.
    pub current_phase: Option<Located<String>>,
    /// `current_subphase`.
    pub current_subphase: Option<Located<String>>,
    /// `completed_phases`.
    pub completed_phases: Vec<Located<String>>,
    /// `completed_subphases`.
    pub completed_subphases: Vec<Located<String>>,
    /// `active_parallel_tasks`: identifiers.
    pub active_tasks: Vec<Located<String>>,
    /// `synchronization_points`: points with conditions, or the names of those that were reached.
    pub points: Vec<SynchronizationPoint>,
    /// `phase_details`.
    pub details: Vec<PhaseDetail>,
}

/// One entry of `phase_details`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PhaseDetail {
    /// The phase.
    pub name: Located<String>,
    /// Whether its agents may work at once.
    pub parallel_allowed: Option<Located<bool>>,
}

/// RESOURCE_LOCKS.json.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Locks {
    /// The file.
    pub path: String,
    /// The locks, in the order of the file.
    pub locks: Vec<Lock>,
}

/// One lock.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lock {
    /// Who holds it.
    pub agent: Located<String>,
    /// What is locked; a folder covers its files.
    pub paths: Vec<Located<String>>,
    /// Since when.
    pub since: Option<Located<Moment>>,
    /// Until when.
    pub expires: Option<Located<Moment>>,
}

/// PARALLEL_STATUS.json.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ParallelStatus {
    /// The file.
    pub path: String,
    /// `execution_id`.
    pub execution_id: Option<String>,
    /// `phase`.
    pub phase: Option<Located<String>>,
    /// `started`.
    pub started: Option<Moment>,
    /// The tasks, in the order of the file.
    pub tasks: Vec<Task>,
}

/// One task of PARALLEL_STATUS.json.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// `id`.
    pub id: Located<String>,
    /// `name`.
    pub name: Option<String>,
    /// `agent`: often a kind of agent (`general-purpose`), which names nobody.
    pub agent: Option<Located<String>>,
    /// `status`.
    pub status: Located<TaskStatus>,
    /// `paths`.
    pub paths: Vec<Located<String>>,
    /// `started`.
    pub started: Option<Located<Moment>>,
    /// `completed`.
    pub completed: Option<Located<Moment>>,
}

/// How far a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaskStatus {
    /// It has not begun.
    Pending,
    /// It is at work.
    InProgress,
    /// It has ended well.
    Completed,
    /// It has ended badly.
    Failed,
}

impl TaskStatus {
    /// The word that the file uses.
    pub fn word(self) -> &'static str {
        match self {
            TaskStatus::Pending => "pending",
            TaskStatus::InProgress => "in_progress",
            TaskStatus::Completed => "completed",
            TaskStatus::Failed => "failed",
        }
    }
}

/// DEPENDENCY_GRAPH.json.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DependencyGraph {
    /// The file.
    pub path: String,
    /// The groups, in the order of the file.
    pub groups: Vec<GraphGroup>,
}

/// Components that may be built at once.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GraphGroup {
    /// Its number (or name), as text.
    pub group: Located<String>,
    /// Its members.
    pub components: Vec<Located<String>>,
    /// The groups that must be complete before.
    pub depends_on: Vec<Located<String>>,
}

/// `wave-N-output.yaml`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wave {
    /// The file.
    pub path: String,
    /// The wave's number: `metadata.wave`, else from the file's name.
    pub wave: Located<u32>,
    /// `metadata.timestamp`.
    pub timestamp: Option<Located<Moment>>,
    /// `metadata.feature`.
    pub feature: Option<String>,
    /// Every file that it says was created: `outputs.files_created`, and `path` of created entities.
    pub files_created: Vec<Located<String>>,
    /// `next_wave_needs`.
    pub next_wave_needs: Vec<Located<String>>,
}

/// `execution-progress.md`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProgressPage {
    /// The file.
    pub path: String,
    /// Its waves, in the order of the page.
    pub waves: Vec<ProgressWave>,
    /// "Tasks completed: 9/25".
    pub completed: Option<Located<(u32, Option<u32>)>>,
    /// "Parallel speedup: 6.2x".
    pub speedup: Option<Located<f64>>,
}

/// One wave of `execution-progress.md`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProgressWave {
    /// Its number.
    pub wave: Located<u32>,
    /// What its heading or line says of it; `None` where it says nothing.
    pub state: Option<WaveState>,
    /// "(5 Tasks)".
    pub tasks: Option<u32>,
    /// Its check boxes: ticked or not, and the text.
    pub boxes: Vec<Located<(bool, String)>>,
}

/// What a page says of a wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WaveState {
    /// Complete.
    Done,
    /// At work.
    Running,
    /// Not begun.
    Waiting,
}

/// A feature or plan file of `.claude/context/`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// The file.
    pub path: String,
    /// Files that a wave is to make: the wave, where the plan says which one, and the path.
    pub outputs: Vec<(Option<u32>, Located<String>)>,
    /// How many tasks each wave is to have.
    pub tasks: Vec<(u32, Located<u32>)>,
}
