//! Which commits a run is about. It opens nothing: what it has to know of history, it asks for.

use super::Occasion;
use super::payload::{Event, is_nothing};
use crate::input::git::{End, GitError, Repository};

/// A range that was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The commit that the change started from.
    pub base: String,
    /// The commit that it led to: an id, or `HEAD` where it is checked out.
    pub head: String,
    /// The range as people write it.
    pub name: String,
    /// What it was chosen from, in words.
    pub from: String,
}

/// What has to be known of history.
pub trait History {
    /// The commit that an id or `HEAD` names; `None` where it is not here.
    fn end(&self, revision: &str) -> Result<Option<End>, GitError>;
    /// Whether one commit is another or an ancestor of it. Both are here.
    fn is_in(&self, id: &str, other: &str) -> Result<bool, GitError>;
    /// The commit of a branch of the remote.
    fn remote_branch(&self, name: &str) -> Result<Option<String>, GitError>;
    /// The address of the remote.
    fn origin(&self) -> Result<Option<String>, GitError>;
    /// What the default branch is called here, each with its commit: the nearest to this work first, then what it follows.
    fn default_branches(&self) -> Result<Vec<(String, String)>, GitError>;
    /// History is cut off.
    fn is_shallow(&self) -> bool;
    /// The error for a commit that is not here.
    fn missing(&self, what: &str) -> GitError;
}

impl History for Repository {
    fn end(&self, revision: &str) -> Result<Option<End>, GitError> {
        Repository::end(self, revision)
    }

    fn is_in(&self, id: &str, other: &str) -> Result<bool, GitError> {
        Repository::is_in(self, id, other)
    }

    fn remote_branch(&self, name: &str) -> Result<Option<String>, GitError> {
        Repository::remote_branch(self, name)
    }

    fn origin(&self) -> Result<Option<String>, GitError> {
        Repository::origin(self)
    }

    fn default_branches(&self) -> Result<Vec<(String, String)>, GitError> {
        Repository::default_branches(self)
    }

    fn is_shallow(&self) -> bool {
        self.facts.shallow
    }

    fn missing(&self, what: &str) -> GitError {
        Repository::missing(self, what)
    }
}

/// Chooses the range that a run is about. What would be empty is an error that says so: nobody wants a check of nothing.
pub fn choose(occasion: &Occasion, history: &dyn History) -> Result<Chosen, GitError> {
    let head = history.end("HEAD")?.ok_or_else(|| history.missing("HEAD"))?;
    let choice = Choice { history, default: None, head };
    match occasion {
        Occasion::Push { from, to, .. } => choice.hook(from, to),
        Occasion::Event(event) => {
            let choice = Choice { default: event.payload.default_branch.as_deref(), ..choice };
            match (event.name.as_str(), &event.payload.pull_request) {
                ("push", _) => choice.push(event),
                ("merge_group", _) => choice.merge_group(event),
                (name, Some(request)) => choice.pull_request(name, event.sha.as_deref(), request),
                (name @ ("pull_request" | "pull_request_target"), None) => Err(says_nothing(name, "pull_request")),
                (name, None) => choice.beyond_default(&format!("the event {name} names no change")),
            }
        }
        Occasion::Nobody => choice.beyond_default("nothing names a change"),
    }
}

pub(super) fn says_nothing(name: &str, what: &str) -> GitError {
    GitError::new(format!("the event file says {name} and has no usable `{what}`"), BY_HAND)
}

const BY_HAND: &str = "name the range instead: `--range BASE..HEAD`";

pub(super) struct Choice<'h> {
    pub(super) history: &'h dyn History,
    /// The name of the default branch, where the event tells it.
    default: Option<&'h str>,
    pub(super) head: End,
}

impl Choice<'_> {
    pub(super) fn chosen(&self, base: &str, name: &str, from: String) -> Chosen {
        Chosen { base: base.to_owned(), head: "HEAD".to_owned(), name: name.to_owned(), from }
    }

    /// Whether a commit that an event names is here and a part of what is checked out. `None`: it is not here at all.
    pub(super) fn is_checked_out(&self, id: &str) -> Result<Option<bool>, GitError> {
        match self.history.end(id)? {
            Some(end) => self.history.is_in(&end.id, &self.head.id).map(Some),
            None => Ok(None),
        }
    }

    fn push(&self, event: &Event) -> Result<Chosen, GitError> {
        let payload = &event.payload;
        let after = payload.after.as_deref().ok_or_else(|| says_nothing("push", "after"))?;
        let before = payload.before.as_deref().ok_or_else(|| says_nothing("push", "before"))?;
        let pushed = payload.pushed.as_deref().unwrap_or("refs/heads/?");
        let name = pushed.strip_prefix("refs/heads/").or_else(|| pushed.strip_prefix("refs/tags/")).unwrap_or(pushed);
        if is_nothing(after) {
            return Err(GitError::new(
                format!("{name} was deleted, and there is nothing of it to check"),
                "leave such runs out: `if: ${{ !github.event.deleted }}`",
            ));
        }
        match self.is_checked_out(after)? {
            Some(true) => {}
            Some(false) => {
                let message = format!("{}, which was pushed, is not in what is checked out ({})", short(after), short(&self.head.id));
                return Err(GitError::new(message, "check out what was pushed: actions/checkout without `ref`"));
            }
            None => return Err(self.history.missing(after)),
        }
        self.pushed(before, &format!("push to {name}"), self.default == Some(name) && pushed.starts_with("refs/heads/"))
    }

    /// What a push added: what is there beyond what was there. After a force push that is not the difference, as it would
    /// hold what others did meanwhile; a new branch has nothing that was there.
    fn pushed(&self, before: &str, push: &str, to_default: bool) -> Result<Chosen, GitError> {
        if is_nothing(before) {
            if to_default {
                return Err(GitError::new(
                    format!("{push}: it is the first one, and there is nothing before it to compare with"),
                    "the next push will have something; until then name a range: `--range BASE..HEAD`",
                ));
            }
            return self.beyond_default(&format!("{push}, which is new"));
        }
        let Some(base) = self.history.end(before)? else {
            // In a shallow clone it may be an ancestor that was not fetched.
            if self.history.is_shallow() {
                return Err(self.history.missing(before));
            }
            if to_default {
                let message = format!("{push}, by force: what was there before, {}, is in no branch any more", short(before));
                return Err(GitError::new(message, BY_HAND));
            }
            return self.beyond_default(&format!("{push}, by force"));
        };
        let name = short(&base.id);
        if self.history.is_in(&base.id, &self.head.id)? {
            if base.id == self.head.id {
                return Err(nothing_new(&format!("{push} added no commit")));
            }
            return Ok(self.chosen(&base.id, &format!("{name}..HEAD"), push.to_owned()));
        }
        if !to_default {
            return self.beyond_default(&format!("{push}, by force"));
        }
        if self.history.is_in(&self.head.id, &base.id)? {
            return Err(nothing_new(&format!("{push} took commits away and added none")));
        }
        Ok(self.chosen(&base.id, &format!("{name}..HEAD"), format!("{push}, by force")))
    }

    fn merge_group(&self, event: &Event) -> Result<Chosen, GitError> {
        let payload = &event.payload;
        let base = payload.group_base.as_deref().ok_or_else(|| says_nothing("merge_group", "merge_group.base_sha"))?;
        let head = payload.group_head.as_deref().ok_or_else(|| says_nothing("merge_group", "merge_group.head_sha"))?;
        if self.is_checked_out(head)? != Some(true) {
            return Err(self.not_checked_out("merge_group", "the merge group", head));
        }
        let base = self.history.end(base)?.ok_or_else(|| self.history.missing(base))?;
        if self.history.is_in(&self.head.id, &base.id)? {
            return Err(nothing_new("all of the merge group is in its base already"));
        }
        Ok(self.chosen(&base.id, &format!("{}..HEAD", short(&base.id)), "the merge group".to_owned()))
    }

    /// What pre-commit names may be no branch that is checked out.
    fn hook(self, from: &str, to: &str) -> Result<Chosen, GitError> {
        let end = self.history.end(to)?.ok_or_else(|| self.history.missing(to))?;
        let is_head = end.id == self.head.id;
        let choice = Choice { head: end, ..self };
        let mut chosen = choice.pushed(from, "push (PRE_COMMIT_FROM_REF, PRE_COMMIT_TO_REF)", false)?;
        if !is_head {
            chosen.head.clone_from(&choice.head.id);
            chosen.name = chosen.name.replace("..HEAD", &format!("..{}", short(&choice.head.id)));
        }
        Ok(chosen)
    }

    /// What is there beyond the default branch; of that branch itself, what is there beyond the one that it follows.
    fn beyond_default(&self, why: &str) -> Result<Chosen, GitError> {
        let bases = match self.default {
            Some(name) => {
                let shown = format!("origin/{name}");
                let base = self.history.remote_branch(name)?.ok_or_else(|| self.history.missing(&shown))?;
                vec![(shown, base)]
            }
            None => self.history.default_branches()?,
        };
        for (name, base) in &bases {
            if !self.history.is_in(&self.head.id, base)? {
                return Ok(self.chosen(base, &format!("{name}..HEAD"), format!("{why}: beyond {name}")));
            }
        }
        let names: Vec<&str> = bases.iter().map(|(name, _)| name.as_str()).collect();
        Err(nothing_new(&format!("{why}, and nothing here is beyond {}", names.join(" or "))))
    }
}

pub(super) fn nothing_new(why: &str) -> GitError {
    GitError::new(format!("there is no change to check: {why}"), BY_HAND)
}

pub(super) fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}
