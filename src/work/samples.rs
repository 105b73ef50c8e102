//! State for tests, made by hand.

use crate::audit::Audited;
use crate::model::change::{Change, ChangeKind, ChangeSet, Class, Entry, Source};
use crate::model::mark::{Located, Mark};
use crate::model::moment::Moment;
use crate::model::path::RepoPath;
use crate::model::session::{Dispatch, Edit, Place, Session, Status, Timing};
use crate::model::state::{Boundary, Lock, Locks, ParallelStatus, Policy, State, Task, TaskStatus, Workflow};

pub(crate) fn at<T>(value: T) -> Located<T> {
    Located { value, mark: Mark::default() }
}

pub(crate) fn text(value: &str) -> Located<String> {
    at(value.to_owned())
}

pub(crate) fn texts(values: &[&str]) -> Vec<Located<String>> {
    values.iter().map(|value| text(value)).collect()
}

pub(crate) fn boundary(name: &str, owner: Option<&str>, paths: &[&str]) -> Boundary {
    Boundary { name: text(name), owner: owner.map(text), paths: texts(paths), ..Boundary::default() }
}

pub(crate) fn policy(boundaries: Vec<Boundary>) -> Policy {
    Policy { path: "BOUNDARIES.json".to_owned(), boundaries, ..Policy::default() }
}

pub(crate) fn task(id: &str, agent: &str, status: TaskStatus, paths: &[&str]) -> Task {
    Task { id: text(id), name: None, agent: Some(text(agent)), status: at(status), paths: texts(paths), started: None, completed: None }
}

pub(crate) fn lock(agent: &str, paths: &[&str], since: Option<i64>, expires: Option<i64>) -> Lock {
    Lock {
        agent: text(agent),
        paths: texts(paths),
        since: since.map(|since| at(Moment(since))),
        expires: expires.map(|expires| at(Moment(expires))),
    }
}

pub(crate) fn state(tasks: Vec<Task>, locks: Vec<Lock>, active: &[&str]) -> State {
    State {
        status: Some(ParallelStatus { path: "PARALLEL_STATUS.json".to_owned(), tasks, ..ParallelStatus::default() }),
        locks: Some(Locks { path: "RESOURCE_LOCKS.json".to_owned(), locks }),
        workflow: Some(Workflow { path: "WORKFLOW_STATE.json".to_owned(), active_tasks: texts(active), ..Workflow::default() }),
        ..State::default()
    }
}

pub(crate) fn workflow(current: Option<&str>, completed: &[&str]) -> State {
    let workflow = Workflow {
        path: "WORKFLOW_STATE.json".to_owned(),
        current_phase: current.map(text),
        completed_phases: texts(completed),
        ..Workflow::default()
    };
    State { workflow: Some(workflow), ..State::default() }
}

pub(crate) fn changes(source: Source, files: &[&str]) -> ChangeSet {
    let change = |path: &&str| Change {
        path: RepoPath::from(*path),
        old_path: None,
        kind: ChangeKind::Modified,
        entry: Entry::File,
        old_blob: None,
        new_blob: None,
        class: Class::Source,
    };
    ChangeSet { files: files.iter().map(change).collect(), ..ChangeSet::new(source, "staged") }
}

pub(crate) fn dispatch(id: &str, description: &str, status: Status, edits: &[&str]) -> Dispatch {
    let edit =
        |path: &&str| Edit { place: Place::default(), path: (*path).to_owned(), tool: "Edit".to_owned(), inferred: false, worktree: None };
    Dispatch {
        id: id.to_owned(),
        agent: Some(format!("agent-of-{id}")),
        agent_type: Some("general-purpose".to_owned()),
        description: Some(description.to_owned()),
        parent: None,
        transcript: 0,
        response: None,
        turn: 1,
        line: 1,
        requested: Some(Moment(0)),
        returned: None,
        started: None,
        ended: None,
        extent: None,
        duration: None,
        timing: Timing::None,
        status,
        background: true,
        tool_uses: Some(1),
        edits: edits.iter().map(edit).collect(),
        worktree: None,
    }
}

pub(crate) fn session(dispatches: Vec<Dispatch>, ended: i64) -> Audited {
    let session = Session { id: "s".to_owned(), dispatches, ended: Some(Moment(ended)), ..Session::default() };
    Audited { batches: crate::timeline::batches(&session), session, judgements: Vec::new() }
}
