use super::*;
use crate::model::session::Status;
use crate::model::state::TaskStatus::{Completed, InProgress};
use crate::work::samples;

fn empty() -> State {
    State::default()
}

fn tasks() -> State {
    let tasks = vec![
        samples::task("task-1", "general-purpose", InProgress, &["/src/features/trading/"]),
        samples::task("task-2", "general-purpose", InProgress, &["/src/features/analysis/"]),
        samples::task("task-3", "api-designer", Completed, &[]),
    ];
    samples::state(tasks, vec![samples::lock("task-123", &["/src/"], None, None)], &["warm-up"])
}

fn compiled() -> Compiled {
    Compiled::new(samples::policy(vec![
        samples::boundary("feature-trading", Some("task-1"), &["/src/features/trading/"]),
        samples::boundary("feature-analysis", None, &["/src/features/analysis/"]),
        samples::boundary("api", Some("api-designer"), &["/api/"]),
    ]))
    .unwrap_or_default()
}

fn flag(name: &str) -> Named {
    Named { flag: Some(name.to_owned()), ..Named::default() }
}

fn who(sets: Vec<ChangeSet>, named: &Named, config: &Config) -> Vec<Option<(String, AttributedBy, bool)>> {
    let policy = compiled();
    let attributed = attribute(sets, named, Some(&policy), &tasks(), config, &[]).unwrap();
    attributed.into_iter().map(|one| one.by.map(|by| (by.agent, by.by, by.known))).collect()
}

fn staged() -> ChangeSet {
    samples::changes(Source::Staged, &["a.rs"])
}

fn config(text: &str) -> Config {
    Config::parse("paralint.toml", text).unwrap()
}

fn is(agent: &str, by: AttributedBy, known: bool) -> Option<(String, AttributedBy, bool)> {
    Some((agent.to_owned(), by, known))
}

#[test]
fn the_user_speaks_first_then_configuration_then_names() {
    let on_branch = || ChangeSet { branch: Some("agent/task-2".to_owned()), worktree: Some("wt-task-3".to_owned()), ..staged() };
    let all = Named { flag: Some("api".to_owned()), env: Some("task-1".to_owned()), config: Some("ghost".to_owned()), own_worktree: None };
    let none = Config::default();
    assert_eq!(who(vec![on_branch()], &all, &none), [is("api", AttributedBy::Flag, true)]);
    assert_eq!(who(vec![on_branch()], &Named { flag: None, ..all.clone() }, &none), [is("task-1", AttributedBy::Env, true)]);
    let only_config = Named { flag: None, env: Some(" ".to_owned()), ..all };
    assert_eq!(who(vec![on_branch()], &only_config, &none), [is("ghost", AttributedBy::Config, false)]);
    assert_eq!(who(vec![on_branch()], &Named::default(), &none), [is("task-2", AttributedBy::Branch, true)]);
    let in_worktree = ChangeSet { branch: Some("main".to_owned()), ..on_branch() };
    assert_eq!(who(vec![in_worktree], &Named::default(), &none), [is("task-3", AttributedBy::Worktree, true)]);
}

#[test]
fn patterns_that_nobody_configured_count_only_for_known_names() {
    let branch = |name: &str| ChangeSet { branch: Some(name.to_owned()), ..staged() };
    let none = Config::default();
    assert_eq!(who(vec![branch("agent/ghost"), branch("agent/feature-trading")], &Named::default(), &none)[0], None);
    let configured = config("[identity]\nbranch = \"work/{agent}\"");
    let found = who(vec![branch("work/ghost"), branch("agent/task-1")], &Named::default(), &configured);
    assert_eq!(found, [is("ghost", AttributedBy::Branch, false), None]);
}

#[test]
fn a_name_that_nobody_knows_is_refused_unless_nobody_is_known() {
    let policy = compiled();
    let error = attribute(vec![staged()], &flag("tsk-1"), Some(&policy), &tasks(), &Config::default(), &[]).unwrap_err();
    assert_eq!(error.by, AttributedBy::Flag);
    let known = ["api", "api-designer", "feature-analysis", "feature-trading", "task-1", "task-123", "task-2", "task-3", "warm-up"];
    assert_eq!(error.known, known);
    let accepted = attribute(vec![staged()], &flag("tsk-1"), None, &empty(), &Config::default(), &[]).unwrap();
    assert_eq!(accepted[0].by.as_ref().map(|by| (by.agent.as_str(), by.known)), Some(("tsk-1", false)));
}

#[test]
fn commits_of_a_range_speak_for_themselves() {
    let whole = ChangeSet { branch: Some("agent/task-1".to_owned()), ..samples::changes(Source::Range, &["a.rs"]) };
    let commit = |trailers: &[(&str, &str)], author: &str| ChangeSet {
        is_commit: true,
        trailers: trailers.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        author: Some(author.to_owned()),
        ..samples::changes(Source::Range, &["a.rs"])
    };
    let sets = vec![
        whole,
        commit(&[("agent", "task-2")], "task-3 <x@agents.example>"),
        commit(&[], "task-3 <x@agents.example>"),
        commit(&[("Agent", "task-2"), ("Agent", "task-3")], "Ada <ada@example.org>"),
    ];
    let named = Named { config: Some("api".to_owned()), ..Named::default() };
    let found = who(sets, &named, &config("[identity]\nauthor = \"{agent} <*@agents.example>\""));
    let expected = [
        is("task-1", AttributedBy::Branch, true),
        is("task-2", AttributedBy::Trailer, true),
        is("task-3", AttributedBy::Author, true),
        is("task-1", AttributedBy::Branch, true),
    ];
    assert_eq!(found, expected);
}

#[test]
fn the_user_does_not_speak_for_others_worktrees() {
    let worktree = |name: &str| ChangeSet { worktree: Some(name.to_owned()), ..samples::changes(Source::Worktree, &["a.rs"]) };
    let named = Named { own_worktree: Some("mine".to_owned()), ..flag("api") };
    let found = who(vec![worktree("mine"), worktree("wt-task-2"), worktree("theirs")], &named, &Config::default());
    assert_eq!(found, [is("api", AttributedBy::Flag, true), is("task-2", AttributedBy::Worktree, true), None]);
}

#[test]
fn names_join_by_what_files_say_and_not_by_themselves() {
    let (policy, state) = (compiled(), tasks());
    let directory = Directory::new(Some(&policy), &state);
    let names = |name: &str| directory.resolve(name).names.into_iter().collect::<Vec<_>>();
    assert_eq!(names("task-1"), ["feature-trading", "task-1"]);
    assert_eq!(names("feature-trading"), ["feature-trading", "task-1"]);
    assert_eq!(names("api"), ["api", "api-designer", "task-3"]);
    assert_eq!(names("task-3"), ["api", "api-designer", "task-3"]);
    assert_eq!(names("task-123"), ["task-123"]);
    assert_eq!(directory.resolve("task-3").boundaries.into_iter().collect::<Vec<_>>(), [2]);
    assert!(!directory.knows("general-purpose"), "a kind of agent names nobody");
}

#[test]
fn a_session_log_names_the_agent_that_made_the_edits() {
    let author = |sessions: &[Audited]| {
        let (policy, state) = (compiled(), tasks());
        let sets = vec![samples::changes(Source::Staged, &["a.rs", "b.rs", "unseen.rs"])];
        let mut found = attribute(sets, &Named::default(), Some(&policy), &state, &Config::default(), sessions).unwrap();
        found.remove(0).by.map(|by| (by.agent, by.by, by.known))
    };
    let one = |description: &str, edits: &[&str]| samples::dispatch("d1", description, Status::Completed, edits);
    let two = samples::dispatch("d2", "other", Status::Completed, &["b.rs"]);
    let log = |dispatches| [samples::session(dispatches, 0)];
    assert_eq!(author(&log(vec![one("Do task-2: analysis", &["a.rs", "b.rs"])])), is("task-2", AttributedBy::Log, true));
    assert_eq!(author(&log(vec![one("Fix things", &["a.rs"])])), is("agent-of-d1", AttributedBy::Log, false));
    assert_eq!(author(&log(vec![one("task-2 after task-1", &["a.rs"])])), is("agent-of-d1", AttributedBy::Log, false));
    assert_eq!(author(&log(vec![one("task-2", &["a.rs"]), two])), None);
    assert_eq!(author(&log(vec![one("task-2", &["c.rs"])])), None);
}

#[test]
fn a_name_that_does_not_count_is_told() {
    let doubts = |set: ChangeSet, config: &Config| {
        let policy = compiled();
        let mut found = attribute(vec![set], &Named::default(), Some(&policy), &tasks(), config, &[]).unwrap();
        found.remove(0).doubts.into_iter().map(|doubt| (doubt.who, doubt.why)).collect::<Vec<_>>()
    };
    let branch = |name: &str| ChangeSet { branch: Some(name.to_owned()), ..staged() };
    let one = |who: &str, why: &str| vec![(who.to_owned(), why.to_owned())];
    let none = Config::default();
    let meant = "no policy or state file names it; did you mean task-1?";
    assert_eq!(doubts(branch("agent/tsk-1"), &none), one("tsk-1 (branch agent/tsk-1)", meant));
    assert_eq!(doubts(branch("agent/task-1-fix"), &none), one("task-1-fix (branch agent/task-1-fix)", meant));
    assert_eq!(doubts(branch("agent/task-1/foo"), &none), one("task-1/foo (branch agent/task-1/foo)", meant));
    assert_eq!(doubts(branch("agent/ghost"), &none), one("ghost (branch agent/ghost)", "no policy or state file names it"));
    assert_eq!(doubts(branch("agent/task-1"), &none), []);
    assert_eq!(doubts(branch("main"), &none), []);
    assert_eq!(doubts(branch("agent/ghost"), &config("[identity]\nbranch = \"agent/{agent}\"")), []);
    let trailer = |name: &str| ("Agent".to_owned(), name.to_owned());
    let trailers = vec![trailer("task-2"), trailer("task-1"), trailer("task-2")];
    let commit = ChangeSet { is_commit: true, trailers, name: "c0ffee".to_owned(), ..samples::changes(Source::Range, &["a.rs"]) };
    assert_eq!(doubts(commit, &none), one("whoever made c0ffee", "two agents are named: task-1 and task-2"));
}

#[test]
fn a_pattern_without_an_address_is_about_the_name_of_the_author() {
    let author = "task-2 <x@agents.example>".to_owned();
    let commit = ChangeSet { is_commit: true, author: Some(author), ..samples::changes(Source::Range, &["a.rs"]) };
    let whole = samples::changes(Source::Range, &["a.rs"]);
    let found = who(vec![whole, commit], &Named::default(), &config("[identity]\nauthor = \"{agent}\""));
    assert_eq!(found[1], is("task-2", AttributedBy::Author, true));
}
