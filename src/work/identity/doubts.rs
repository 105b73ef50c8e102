//! What names an agent and does not count: a branch of nobody who is known, a commit of two.

use super::{AttributedBy, Attribution, BRANCH, Doubt, Means, WORKTREE};
use crate::config::nearest;
use crate::model::change::{ChangeSet, Source};
use crate::work::pattern;

/// The name of an agent's branch with a remote's before it.
const REMOTE_BRANCH: &str = "*/agent/{agent}";

pub(super) fn doubts(means: &Means<'_>, changes: &ChangeSet, by: Option<&Attribution>) -> Vec<Doubt> {
    let of_trailers = trailers(means, changes, by);
    let is_guessed = by.is_none_or(|by| matches!(by.by, AttributedBy::Log | AttributedBy::Path));
    let of_name = || if is_guessed && !changes.is_commit { unknown(means, changes) } else { None };
    of_trailers.into_iter().chain(of_name()).collect()
}

/// Trailers that name several agents name none. The whole of a range repeats what its commits say.
fn trailers(means: &Means<'_>, changes: &ChangeSet, by: Option<&Attribution>) -> Option<Doubt> {
    let named = means.trailers(changes);
    let is_asked = match changes.source {
        Source::Range => changes.is_commit,
        Source::Staged => false,
        Source::Branch | Source::Worktree => by.is_none_or(|by| matches!(by.by, AttributedBy::Log | AttributedBy::Path)),
    };
    let [first, second, more @ ..] = &named[..] else { return None };
    let why = match more.len() {
        0 => format!("two agents are named: {first} and {second}"),
        more => format!("{} agents are named: {first}, {second} and {more} more", more + 2),
    };
    is_asked.then(|| Doubt { who: format!("whoever made {}", changes.name), why })
}

/// The name of a branch or a worktree is made as for an agent, and nobody knows this one.
fn unknown(means: &Means<'_>, changes: &ChangeSet) -> Option<Doubt> {
    let identity = &means.config.identity;
    let branch = changes.branch.as_deref().filter(|_| identity.branch.is_none()).map(|name| (BRANCH, "branch", name));
    let worktree = changes.worktree.as_deref().filter(|_| identity.worktree.is_none()).map(|name| (WORKTREE, "worktree", name));
    let known = means.directory.known();
    if known.is_empty() {
        return None;
    }
    // A branch as git names that of a remote, where it is named by hand.
    let of_remote = branch.map(|(_, what, name)| (REMOTE_BRANCH, what, name));
    let (agent, pattern, what, name) = branch.into_iter().chain(worktree).chain(of_remote).find_map(|(pattern, what, name)| {
        let agent = pattern::capture(pattern, name, |agent| means.directory.knows(agent.trim()))?;
        Some((agent.trim().to_owned(), pattern, what, name))
    })?;
    let why = match means.directory.knows(&agent) {
        true if pattern == REMOTE_BRANCH => format!("only a branch {} counts, with nothing before it", BRANCH.replace("{agent}", &agent)),
        true => return None,
        false => unknown_name(&agent, &known),
    };
    Some(Doubt { who: format!("{agent} ({what} {name})"), why })
}

/// That nobody knows a name, and whose it may be.
fn unknown_name(agent: &str, known: &[String]) -> String {
    // `task-1-fix` and `task-1/retry` most likely are of task-1, of all that they begin with the longest.
    let begins = |name: &&String| agent.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with(['-', '/', '_', '.']));
    let longest = known.iter().filter(begins).max_by_key(|name| name.len()).map(String::as_str);
    let meant = longest.or_else(|| nearest(agent, known.iter().map(String::as_str)));
    let hint = meant.map(|name| format!("; did you mean {name}?")).unwrap_or_default();
    format!("no policy or state file names it{hint}")
}
