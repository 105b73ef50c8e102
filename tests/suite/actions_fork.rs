//! Pull requests that want to say what they are judged by: a clone of the fork, a merge that looks like GitHub's.

use super::actions_event::{checkout, commit, forge, id, pull_request, refused, run, taken};
use super::repository::Repository;
use serde_json::json;

#[test]
fn what_a_pull_request_brings_never_becomes_its_base() {
    let origin = forge();
    // The fork's main holds work of its own, and the branch grew from it; the workflow checks out the fork.
    let fork = Repository::with(&["clone", "-q", origin.path().to_str().unwrap(), "work"]);
    commit(&fork, "violation");
    fork.git(&["checkout", "-q", "-b", "feature"]);
    commit(&fork, "harmless");
    let clone = checkout(&fork, "refs/heads/feature", None);
    let mut event = pull_request(&origin);
    event["pull_request"]["head"] = json!({"sha": id(&fork, "feature"), "ref": "feature", "repo": {"full_name": "you/repo"}});
    let base = id(&origin, "main");
    for address in [None, Some("https://github.com/you/repo")] {
        if let Some(address) = address {
            clone.git(&["remote", "set-url", "origin", address]);
        }
        let (said, files) = taken(run(&clone, "pull_request", &event));
        assert_eq!(said, format!("{0}..HEAD, from the head of pull request 7 (pull_request) beyond its base {0}", &base[..12]));
        assert_eq!(files, ["harmless", "violation"]);
    }
    clone.git(&["remote", "set-url", "origin", "https://github.com/me/repo"]);
    assert!(taken(run(&clone, "pull_request", &event)).0.starts_with("origin/main..HEAD"), "a clone of the base is believed");
    event["pull_request"]["base"]["sha"] = json!("12".repeat(20));
    clone.git(&["remote", "set-url", "origin", "https://github.com/you/repo"]);
    let said = refused(run(&clone, "pull_request", &event));
    assert!(said.contains("is not known to be that of me/repo") && said.contains("without `repository`"), "{said}");
    // A merge of the head of the event into a violation, under the name of the branch.
    origin.git(&["checkout", "-q", "-b", "evil", "main"]);
    commit(&origin, "violation");
    origin.git(&["merge", "-q", "--no-ff", "-m", "Merge work into main", "work"]);
    let clone = checkout(&origin, "refs/heads/evil", None);
    let (said, files) = taken(run(&clone, "pull_request", &pull_request(&origin)));
    assert!(said.starts_with("origin/main..HEAD"), "{said}");
    assert_eq!(files, ["violation", "work-1", "work-2"]);
}
