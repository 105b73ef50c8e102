//! Who made a change.

use super::directory::Directory;
use super::{logged, pattern};
use crate::audit::Audited;
use crate::config::Config;
use crate::model::change::{ChangeKind, ChangeSet, Source};
use crate::model::state::State;
use crate::policy::Compiled;
use std::collections::BTreeSet;

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
    /// What speaks of who made it, and was passed over.
    pub doubts: Vec<Doubt>,
}

/// Something that names an agent and does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// Who was named: `aa (branch agent/aa)`.
    pub who: String,
    /// Why it does not count.
    pub why: String,
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
    /// The folder name of the worktree in which the command runs: what the user says of himself holds for it alone where
    /// several worktrees are checked.
    pub own_worktree: Option<String>,
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

/// Names of branches and worktrees that count without a configuration, where they name somebody who is known.
const BRANCH: &str = "agent/{agent}";
const WORKTREE: &str = "wt-{agent}";
/// The trailer's key without a configuration.
const TRAILER: &str = "Agent";

/// Says who made each change set.
///
/// What the user says of himself holds for what is staged, for his own worktree, and (by flag or environment) for a range as
/// a whole; a commit of a range has its own trailer first; of other branches and worktrees their names speak.
pub fn attribute(
    changes: Vec<ChangeSet>,
    named: &Named,
    policy: Option<&Compiled>,
    state: &State,
    config: &Config,
    sessions: &[Audited],
) -> Result<Vec<Attributed>, UnknownAgent> {
    let directory = Directory::new(policy, state);
    refuse_unknown(named, &directory)?;
    let means = Means { named, policy, config, directory: &directory, edits: logged::Edits::read(sessions, &directory) };
    let range = range(&changes, &means);
    let attributed = changes.into_iter().map(|changes| {
        let by = match (changes.source, changes.is_commit) {
            (Source::Staged, _) => means.own(&changes),
            (Source::Range, true) => means.commit(&changes).or_else(|| range.clone()),
            (Source::Range, false) => range.clone(),
            (Source::Worktree, _) if named.own_worktree.is_some() && named.own_worktree == changes.worktree => means.own(&changes),
            (Source::Branch | Source::Worktree, _) => means.by_name(&changes).or_else(|| means.trailer(&changes)),
        };
        let by = by.or_else(|| means.log(&changes)).or_else(|| means.path(&changes));
        let doubts = doubts::doubts(&means, &changes, by.as_ref());
        Attributed { changes, by, doubts }
    });
    Ok(attributed.collect())
}

/// A name that nobody knows, given by flag or environment, is a typing error; but where no file names anybody it may be right.
fn refuse_unknown(named: &Named, directory: &Directory<'_>) -> Result<(), UnknownAgent> {
    let known = directory.known();
    for (agent, by) in [(&named.flag, AttributedBy::Flag), (&named.env, AttributedBy::Env)] {
        let Some(agent) = said(agent.as_deref()) else { continue };
        if !known.is_empty() && !directory.knows(agent) {
            return Err(UnknownAgent { agent: agent.to_owned(), by, known });
        }
        return Ok(());
    }
    Ok(())
}

/// Who made a range as a whole: as the user says, else the branch's agent, else the one that all its commits name.
fn range(changes: &[ChangeSet], means: &Means<'_>) -> Option<Attribution> {
    let whole = changes.iter().find(|set| set.source == Source::Range && !set.is_commit)?;
    let by_name = means.flag_or_env().or_else(|| means.by_name(whole));
    by_name.or_else(|| {
        let mut commits = changes.iter().filter(|set| set.is_commit).map(|commit| means.commit(commit));
        let first = commits.next()??;
        commits.all(|other| other.is_some_and(|other| other.agent == first.agent)).then_some(first)
    })
}

fn said(name: Option<&str>) -> Option<&str> {
    name.map(str::trim).filter(|name| !name.is_empty())
}

/// The means by which an agent is known.
struct Means<'m> {
    named: &'m Named,
    policy: Option<&'m Compiled>,
    config: &'m Config,
    directory: &'m Directory<'m>,
    edits: logged::Edits,
}

impl Means<'_> {
    fn attribution(&self, agent: &str, by: AttributedBy) -> Attribution {
        let found = self.directory.resolve(agent);
        Attribution {
            agent: agent.to_owned(),
            by,
            boundaries: found.boundaries.into_iter().collect(),
            names: found.names.into_iter().collect(),
            known: found.known,
        }
    }

    fn flag_or_env(&self) -> Option<Attribution> {
        let given = [(&self.named.flag, AttributedBy::Flag), (&self.named.env, AttributedBy::Env)];
        given.into_iter().find_map(|(name, by)| said(name.as_deref()).map(|name| self.attribution(name, by)))
    }

    /// Of what the user is about to commit.
    fn own(&self, changes: &ChangeSet) -> Option<Attribution> {
        let config = || said(self.named.config.as_deref()).map(|name| self.attribution(name, AttributedBy::Config));
        self.flag_or_env().or_else(config).or_else(|| self.trailer(changes)).or_else(|| self.by_name(changes))
    }

    /// Of one commit of a range, by what it says itself.
    fn commit(&self, changes: &ChangeSet) -> Option<Attribution> {
        self.trailer(changes).or_else(|| self.author(changes))
    }

    /// By the trailer. Several that name different agents name none: then each would answer for the other's work.
    fn trailer(&self, changes: &ChangeSet) -> Option<Attribution> {
        let [name] = self.trailers(changes)[..] else { return None };
        Some(self.attribution(name, AttributedBy::Trailer))
    }

    /// Everybody whom trailers name, sorted.
    fn trailers<'c>(&self, changes: &'c ChangeSet) -> Vec<&'c str> {
        let key = self.config.identity.trailer.as_deref().unwrap_or(TRAILER);
        let trailers = changes.trailers.iter().filter(|(name, _)| name.trim().eq_ignore_ascii_case(key.trim()));
        let named: BTreeSet<&str> = trailers.filter_map(|(_, value)| said(Some(value))).collect();
        named.into_iter().collect()
    }

    fn author(&self, changes: &ChangeSet) -> Option<Attribution> {
        let (pattern, author) = (self.config.identity.author.as_deref()?, changes.author.as_deref()?);
        // A pattern without an address is about the name alone.
        let author = if pattern.contains('<') { author } else { author.split_once('<').map_or(author, |(name, _)| name).trim() };
        self.captured(pattern, author, AttributedBy::Author)
    }

    /// By the name of the branch, else of the worktree.
    fn by_name(&self, changes: &ChangeSet) -> Option<Attribution> {
        let identity = &self.config.identity;
        let branch = || self.by_pattern(identity.branch.as_deref(), BRANCH, changes.branch.as_deref()?, AttributedBy::Branch);
        let worktree = || self.by_pattern(identity.worktree.as_deref(), WORKTREE, changes.worktree.as_deref()?, AttributedBy::Worktree);
        branch().or_else(worktree)
    }

    fn by_pattern(&self, configured: Option<&str>, default: &str, name: &str, by: AttributedBy) -> Option<Attribution> {
        match configured {
            Some(pattern) => self.captured(pattern, name, by),
            None => self.captured(default, name, by).filter(|attribution| attribution.known),
        }
    }

    fn captured(&self, pattern: &str, text: &str, by: AttributedBy) -> Option<Attribution> {
        let agent = pattern::capture(pattern, text, |agent| self.directory.knows(agent.trim()))?;
        Some(self.attribution(agent.trim(), by))
    }

    /// By the edits in a session log.
    fn log(&self, changes: &ChangeSet) -> Option<Attribution> {
        self.edits.author(changes).map(|name| self.attribution(name, AttributedBy::Log))
    }

    /// By path: the one boundary, not shared with others, that claims all files that have an owner at all.
    fn path(&self, changes: &ChangeSet) -> Option<Attribution> {
        let policy = self.policy?;
        let mut owning = BTreeSet::new();
        for change in &changes.files {
            for path in change.paths() {
                let creates = change.kind == ChangeKind::Added;
                owning.extend(policy.claimants(path, creates).first().map(|claimant| claimant.index));
                if owning.len() > 1 {
                    return None;
                }
            }
        }
        let boundary = policy.policy.boundaries.get(owning.pop_first()?)?;
        boundary.shared().is_none().then(|| self.attribution(&boundary.name.value, AttributedBy::Path))
    }
}

mod doubts;
#[cfg(test)]
mod tests;
