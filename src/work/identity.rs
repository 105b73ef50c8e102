//! Who made a change.

use crate::audit::Audited;
use crate::config::Config;
use crate::model::change::ChangeSet;
use crate::model::state::State;
use crate::policy::Compiled;
/// Who made a change, and by which means that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribution {
    /// As `--agent` would take it: a boundary, a task or an owner.
    pub agent: String,
    /// How it is known.
    pub by: AttributedBy,
    /// Indexes of the boundaries that are the agent's own.
    pub boundaries: Vec<usize>,
    /// Every name by which locks, tasks and owners mean this agent; holds `agent` itself.
    pub names: Vec<String>,
    /// Some policy or state file knows it.
    pub known: bool,
}

/// By which means an agent is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AttributedBy {
    /// `--agent`.
    Flag,
    /// `PARALINT_AGENT`.
    Env,
    /// `git config paralint.agent`.
    Config,
    /// A trailer of the commit.
    Trailer,
    /// The branch's name.
    Branch,
    /// The worktree's name.
    Worktree,
    /// The edits in a session log.
    Log,
    /// The author of the commit.
    Author,
    /// The paths that were changed.
    Path,
}

/// A change set and who made it.
#[derive(Debug, Clone)]
pub struct Attributed {
    /// The change set.
    pub changes: ChangeSet,
    /// Who made it, where that is known.
    pub by: Option<Attribution>,
}

/// Who works here, as the user says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// `--agent`.
    pub flag: Option<String>,
    /// `PARALINT_AGENT`.
    pub env: Option<String>,
    /// `git config paralint.agent`.
    pub config: Option<String>,
}

/// The user named an agent that no policy or state file knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownAgent {
    /// As given.
    pub agent: String,
    /// How it was given.
    pub by: AttributedBy,
    /// The agents that are known, sorted.
    pub known: Vec<String>,
}

/// Says who made each change set.
pub fn attribute(
    changes: Vec<ChangeSet>,
    named: &Named,
    _policy: Option<&Compiled>,
    _state: &State,
    _config: &Config,
    _sessions: &[Audited],
) -> Result<Vec<Attributed>, UnknownAgent> {
    let by = named.flag.clone().map(|agent| Attribution {
        names: vec![agent.clone()],
        agent,
        by: AttributedBy::Flag,
        boundaries: Vec::new(),
        known: false,
    });
    Ok(changes.into_iter().map(|changes| Attributed { changes, by: by.clone() }).collect())
}
