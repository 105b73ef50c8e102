//! The event file of GitHub Actions: what of it says which commits a run is about. Whoever opens a pull request writes parts
//! of it, so nothing of it is believed before it was looked at.

use serde_json::Value;

/// An event of GitHub Actions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// `push`, `pull_request`, …
    pub name: String,
    /// `GITHUB_SHA`: the commit that the run was started for.
    pub sha: Option<String>,
    /// What the event file says.
    pub payload: Payload,
}

/// What an event file says, as far as it is of use. Ids that are none are not there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Payload {
    /// `repository.default_branch`
    pub default_branch: Option<String>,
    /// `ref` of a push: `refs/heads/main`, `refs/tags/v1`.
    pub pushed: Option<String>,
    /// `before` of a push; zeros where the branch is new.
    pub before: Option<String>,
    /// `after` of a push; zeros where the branch is gone.
    pub after: Option<String>,
    /// `pull_request`
    pub pull_request: Option<PullRequest>,
    /// `merge_group.base_sha`
    pub group_base: Option<String>,
    /// `merge_group.head_sha`
    pub group_head: Option<String>,
}

/// A pull request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PullRequest {
    /// `number`
    pub number: Option<u64>,
    /// `head.sha`
    pub head: Option<String>,
    /// `head.ref`: the name of its branch, which may lie in another repository.
    pub head_branch: Option<String>,
    /// `base.sha`: where the base branch was when the event happened, or long before.
    pub base: Option<String>,
    /// `base.ref`: the name of the base branch.
    pub base_branch: Option<String>,
    /// `head.repo.full_name`: the repository that the work comes from. Nothing where that is gone.
    pub head_repository: Option<String>,
    /// `base.repo.full_name`: the repository that the pull request is for.
    pub base_repository: Option<String>,
}

impl Payload {
    /// Reads the text of an event file. Fails where it is no JSON object.
    pub fn parse(text: &[u8]) -> Result<Payload, String> {
        let value: Value = serde_json::from_slice(text).map_err(|error| format!("it is no JSON: {error}"))?;
        if !value.is_object() {
            return Err("it holds no JSON object".to_owned());
        }
        let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
        let id = |pointer: &str| text(pointer).filter(|id| is_id(id));
        let pull_request = value.get("pull_request").filter(|request| request.is_object()).map(|request| PullRequest {
            number: request.get("number").and_then(Value::as_u64),
            head: id("/pull_request/head/sha"),
            head_branch: text("/pull_request/head/ref"),
            base: id("/pull_request/base/sha"),
            base_branch: text("/pull_request/base/ref"),
            head_repository: text("/pull_request/head/repo/full_name"),
            base_repository: text("/pull_request/base/repo/full_name"),
        });
        Ok(Payload {
            default_branch: text("/repository/default_branch"),
            pushed: text("/ref"),
            before: id("/before"),
            after: id("/after"),
            pull_request,
            group_base: id("/merge_group/base_sha"),
            group_head: id("/merge_group/head_sha"),
        })
    }
}

/// Whether a text is the full id of an object, and nothing else that git would read into it.
fn is_id(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether an id stands for nothing: a branch that was not there before, or is not there any more.
pub(super) fn is_nothing(id: &str) -> bool {
    id.bytes().all(|byte| byte == b'0')
}
