//! The base of a pull request. Whoever opened it wrote what is checked out, and where it comes from a fork all of that fork,
//! its `main` too: none of that may become what the pull request is judged by.

use super::choose::{Choice, Chosen, nothing_new, says_nothing, short};
use super::payload::PullRequest;
use crate::input::git::{End, GitError};

impl Choice<'_> {
    /// GitHub checks out a merge of the head into the base: its first parent is the base as it was merged, and that is the
    /// base that counts. Else the head itself was asked for.
    pub(super) fn pull_request(&self, event: &str, sha: Option<&str>, request: &PullRequest) -> Result<Chosen, GitError> {
        let called = request.number.map_or_else(|| "the pull request".to_owned(), |number| format!("pull request {number}"));
        let head = request.head.as_deref().ok_or_else(|| says_nothing(event, "pull_request.head.sha"))?;
        let branch = self.base_branch(request)?;
        let base = request.base.as_deref().map(|base| self.history.end(base)).transpose()?.flatten();
        if let [onto, merged] = &self.head.parents[..] {
            // For this event GITHUB_SHA is the merge that GitHub made. Any other merge may be somebody's who wants to be taken
            // for it, with a violation as its first parent.
            let is_made_by_github = event == "pull_request" && sha == Some(&self.head.id) && head != self.head.id;
            if is_made_by_github || (merged == head && self.is_of_base(onto, branch.as_deref(), base.as_ref())?) {
                return Ok(self.chosen(onto, "HEAD^1..HEAD", format!("the merge commit of {called} ({event})")));
            }
        }
        if self.is_checked_out(head)? != Some(true) {
            return Err(self.not_checked_out(event, &called, head));
        }
        let words = |base: &str| format!("the head of {called} ({event}) beyond {base}");
        // A branch without the base of the event was moved by force since: then that is what the work grew from.
        let holds_base = |branch: &str| base.as_ref().map_or(Ok(true), |base| self.history.is_in(&base.id, branch));
        if let (Some(name), Some(id)) = (request.base_branch.as_deref(), &branch)
            && !self.history.is_in(&self.head.id, id)?
            && holds_base(id)?
        {
            let name = format!("origin/{name}");
            return Ok(self.chosen(id, &format!("{name}..HEAD"), words(&name)));
        }
        // Merged in the meantime, or a clone that has nothing but this branch, or one of a fork: the base as it was at the event.
        match base {
            Some(base) if !self.history.is_in(&self.head.id, &base.id)? => {
                let name = short(&base.id);
                Ok(self.chosen(&base.id, &format!("{name}..HEAD"), words(&format!("its base {name}"))))
            }
            None if branch.is_none() => self.no_base(&called, request),
            _ => Err(nothing_new(&format!("all of {called} is in its base already"))),
        }
    }

    /// The commit of the base branch, where the clone is one of the repository that the pull request is for. In a clone of the
    /// fork `origin/main` is the fork's.
    fn base_branch(&self, request: &PullRequest) -> Result<Option<String>, GitError> {
        let Some(name) = request.base_branch.as_deref() else { return Ok(None) };
        if self.is_of_base_repository(request)? { self.history.remote_branch(name) } else { Ok(None) }
    }

    fn is_of_base_repository(&self, request: &PullRequest) -> Result<bool, GitError> {
        let Some(base) = request.base_repository.as_deref() else { return Ok(false) };
        if request.head_repository.as_deref() == Some(base) {
            return Ok(true);
        }
        Ok(self.history.origin()?.is_some_and(|address| names(&address, base)))
    }

    /// Whether a commit is one of the base branch: part of the branch as it is now, or of what it was at the event.
    fn is_of_base(&self, id: &str, branch: Option<&str>, base: Option<&End>) -> Result<bool, GitError> {
        let Some(one) = self.history.end(id)? else { return Ok(false) };
        for whole in branch.into_iter().chain(base.map(|base| base.id.as_str())) {
            if self.history.is_in(&one.id, whole)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn no_base(&self, called: &str, request: &PullRequest) -> Result<Chosen, GitError> {
        let branch = request.base_branch.as_deref().map_or_else(|| "the base".to_owned(), |name| format!("origin/{name}"));
        if self.history.is_shallow() || self.is_of_base_repository(request)? {
            return Err(self.history.missing(&branch));
        }
        let base = request.base.as_deref().map_or_else(String::new, |base| format!(", {},", short(base)));
        let repository = request.base_repository.as_deref().unwrap_or("the repository that it is for");
        Err(GitError::new(
            format!("the base of {called}{base} is not in this clone, and {branch} is not known to be that of {repository}"),
            "check out from the repository that it is for: actions/checkout without `repository`, and with `fetch-depth: 0`",
        ))
    }

    pub(super) fn not_checked_out(&self, event: &str, called: &str, head: &str) -> GitError {
        let message = format!("{} of {called} is not in what is checked out ({})", short(head), short(&self.head.id));
        let hint = match event {
            "pull_request_target" => {
                "pull_request_target checks out the base, so nothing of the pull request would be checked: use `on: pull_request`, which \
                 needs no secrets"
            }
            _ => "check out the pull request: actions/checkout without `ref`, and with `fetch-depth: 0`",
        };
        GitError::new(message, hint)
    }
}

/// Whether an address is that of a repository, `OWNER/NAME`, whatever stands before it: `https://…/OWNER/NAME.git`,
/// `git@…:OWNER/NAME`.
pub(super) fn names(address: &str, repository: &str) -> bool {
    let address = address.trim_end_matches('/');
    let address = address.strip_suffix(".git").unwrap_or(address);
    let mut parts = address.rsplit(['/', ':']);
    let (name, owner) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    repository.split_once('/').is_some_and(|(wanted_owner, wanted_name)| {
        !owner.is_empty() && owner.eq_ignore_ascii_case(wanted_owner) && name.eq_ignore_ascii_case(wanted_name)
    })
}
