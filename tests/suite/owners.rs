//! `paralint owners`, and patterns held against git's own.

use super::program::{paralint, report};
use super::repository::Repository;
use serde_json::Value;
use std::io::Write;
use std::process::Stdio;

const POLICY: &str = r#"{"boundaries": {
  "common": {"owner": "architect", "paths": ["/common/"], "locked": true},
  "trading": {"owner": "task-1", "paths": ["/src/trading/"], "cannot_modify": ["/common/"], "can_create": ["/src/new/"]},
  "all": {"paths": ["/src/"], "dependencies": ["/types"]}
}}"#;

fn repository() -> Repository {
    let repository = Repository::new();
    repository.write(".claude/BOUNDARIES.json", POLICY);
    for path in ["src/trading/engine.rs", "common/a.rs", "docs/a", "docs/b/c", "README.md"] {
        repository.write(path, "");
    }
    repository.commit_all("base");
    repository
}

fn owners(repository: &Repository, folder: &str, arguments: &[&str]) -> (Value, i32) {
    let output = paralint(&repository.path().join(folder)).arg("owners").args(arguments).args(["--format", "json"]).output().unwrap();
    (serde_json::from_slice(&output.stdout).unwrap(), output.status.code().unwrap())
}

fn names(owned: &Value) -> Vec<&str> {
    owned["boundaries"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
}

#[test]
fn it_says_who_may_change_a_path_and_by_which_line() {
    let repository = repository();
    let (report, code) = owners(&repository, "", &["src/trading/engine.rs", "common/a.rs", "README.md", "types/x"]);
    assert_eq!(code, 0);
    let owned = report["owners"].as_array().unwrap();
    assert_eq!(names(&owned[0]), ["trading", "all"]);
    assert_eq!((&owned[0]["policy"], &owned[0]["boundaries"][0]["decides"]), (&"owned".into(), &true.into()));
    assert_eq!(owned[0]["boundaries"][0]["location"]["line"], 3);
    assert_eq!(owned[1]["policy"], "shared");
    assert_eq!(owned[1]["forbidden"][0]["name"], "trading");
    assert_eq!(owned[2]["policy"], "unowned");
    assert_eq!((&owned[3]["policy"], &owned[3]["shared"]["message"]), (&"shared".into(), &"common".into()));
}

#[test]
fn paths_are_read_from_the_current_folder_or_absolute_and_need_not_be_there() {
    let repository = repository();
    let absolute = repository.path().canonicalize().unwrap().join("src/trading/../trading/engine.rs");
    let paths = ["engine.rs", "./../new/x.rs", absolute.to_str().unwrap(), "..", "../../docs/b"];
    let (report, code) = owners(&repository, "src/trading", &paths);
    assert_eq!(code, 0);
    let shown: Vec<&str> = report["owners"].as_array().unwrap().iter().map(|one| one["path"].as_str().unwrap()).collect();
    assert_eq!(shown, ["src/trading/engine.rs", "src/new/x.rs", "src/trading/engine.rs", "src/", "docs/b/"]);
    assert_eq!(names(&report["owners"][1]), ["trading", "all"]);
    assert_eq!(report["owners"][1]["boundaries"][0]["only_new"], true);
    assert_eq!(report["owners"][3]["inside"][0]["pattern"], "/src/trading/");
    let (report, code) = owners(&repository, "", &["../x"]);
    assert_eq!((code, &report["error"]["kind"]), (2, &"usage".into()));
}

#[test]
fn a_folder_above_areas_is_mixed() {
    let repository = Repository::new();
    let policy = r#"{"boundaries": {"a": {"paths": ["/src/a/"]}, "b": {"paths": ["/src/b/"]}, "c": {"paths": ["*.md"]}, "d": {"paths": ["/x/*/d"]}}}"#;
    repository.write("BOUNDARIES.json", policy);
    for path in ["src/a/x", "src/b/x", "docs/x.md", "docs/deep/y", "x/1/d"] {
        repository.write(path, "");
    }
    repository.commit_all("base");
    let (report, _) = owners(&repository, "", &["src", "docs", "docs/deep", "x", "."]);
    let policies: Vec<&str> = report["owners"].as_array().unwrap().iter().map(|one| one["policy"].as_str().unwrap()).collect();
    assert_eq!(policies, ["owned", "owned", "unowned", "owned", "owned"]);
    let inside = |index: usize| -> Vec<&str> {
        report["owners"][index]["inside"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
    };
    assert_eq!((inside(0), inside(1), inside(3), inside(4)), (vec!["a", "b"], vec!["c"], vec!["d"], vec!["a", "b", "c", "d"]));
    let text = super::program::stdout(&paralint(repository.path()).args(["owners", "src"]).output().unwrap());
    assert!(text.contains("mixed: src/ holds areas of a, b"), "{text}");
}

#[test]
fn what_nobody_owns_is_folded_to_folders() {
    let repository = repository();
    let (report, code) = owners(&repository, "src", &["--unowned"]);
    assert_eq!(code, 0);
    let shown: Vec<&str> = report["owners"].as_array().unwrap().iter().map(|one| one["path"].as_str().unwrap()).collect();
    assert_eq!(shown, [".claude/", "README.md", "docs/"]);
    assert_eq!(report["owners"][2]["files"], 2);
}

#[test]
fn locks_are_told_with_their_holder() {
    let repository = repository();
    let lock = |agent: &str, path: &str, since: &str| {
        super::repository::with_times(&format!(
            r#"{{"agent_id": "{agent}", "locked_paths": ["{path}"], "lock_time": "{{{{now-{since}}}}}"}}"#
        ))
    };
    let locks = format!(r#"{{"locks": [{}, {}]}}"#, lock("task-7", "/src/", "2h"), lock("task-3", "/src/trading/", "3d"));
    repository.write("RESOURCE_LOCKS.json", &locks);
    let (report, _) = owners(&repository, "", &["src/trading/engine.rs"]);
    let held = report["owners"][0]["locks"].as_array().unwrap();
    assert_eq!((&held[0]["agent"], &held[0]["stale"]), (&"task-3".into(), &true.into()));
    assert_eq!((&held[1]["agent"], held[1].get("stale")), (&"task-7".into(), None));
    let text = super::program::stdout(&paralint(repository.path()).args(["owners", "src/trading/engine.rs"]).output().unwrap());
    assert!(
        text.contains("locked by: task-7 since 20") && text.contains("2h 00m ago") && text.contains("trading, owned by task-1"),
        "{text}"
    );
}

#[test]
fn a_policy_that_cannot_be_used_is_no_answer() {
    let repository = repository();
    repository.write(".claude/BOUNDARIES.json", r#"{"a": {"can_modify": ["../x"]}}"#);
    let (report, code) = owners(&repository, "", &["README.md"]);
    assert_eq!((code, report["error"]["location"]["line"].as_u64()), (2, Some(1)));
    assert!(report["owners"].is_null());
    std::fs::remove_file(repository.path().join(".claude/BOUNDARIES.json")).unwrap();
    let (report, code) = owners(&repository, "", &["README.md"]);
    assert_eq!((code, &report["owners"][0]["policy"]), (0, &"unowned".into()));
    assert_eq!(report["not_checked"][0]["why"], "no BOUNDARIES.json");
}

#[test]
fn reports_meet_the_schema() {
    let schema: Value = serde_json::from_slice(&super::program::run(std::path::Path::new("/"), &["schema", "report"]).stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let repository = repository();
    for arguments in [&["src/trading/engine.rs", "common", "x"][..], &["--unowned"], &["../x"]] {
        let (report, _) = owners(&repository, "", arguments);
        assert!(validator.is_valid(&report), "{arguments:?}: {report}");
    }
}

/// Patterns mean what git makes of the same line in an ignore file; but for a folder that is named from the root, which is
/// also meant where it is a submodule or a link; for `?`, which is a letter and no byte; and for `{a,b}`.
#[test]
fn patterns_match_what_git_matches() {
    const PATHS: &[&str] = &[
        "a", "ab", "b", "a/b", "a/ab", "b/a", "a/b/a", "a/b/ab", "b/a/b", "a.rs", "b/a.rs", "a/b/c.rs", "a.rs/b", "b/x.d/a", "a/b/c/a",
        "[a]", "a*",
    ];
    const PATTERNS: &[&str] = &[
        "a",
        "/a",
        "/b",
        "a/b",
        "/a/b",
        "*.rs",
        "/*.rs",
        "/*/*.rs",
        "a/**",
        "**/a",
        "**/b/a",
        "a/**/a",
        "/a/*",
        "/a/*/",
        "*/",
        "a*",
        "?",
        "/?",
        "[ab]",
        "[!a]",
        "/a/[!a]",
        "[a-b].rs",
        "\\[a]",
        "a\\*",
        "/**",
        "**",
        "*",
        "/a/**/b",
        "/*b",
        "*.d/",
        "b/",
        "/b/**/",
        "/b/**/*/",
        "**/",
        "/**/",
        "**/*.rs",
        "/a/**/*",
        "/a/b/*b",
        "[[:alpha:]].rs",
        "a/*/**",
    ];
    let repository = Repository::new();
    for pattern in PATTERNS {
        let policy = serde_json::json!({"x": {"can_modify": [pattern]}}).to_string();
        std::fs::write(repository.path().join("BOUNDARIES.json"), policy).unwrap();
        repository.write(".git/info/exclude", &format!("{pattern}\n"));
        let mut git = super::repository::git_in(repository.path());
        let mut git = git.args(["check-ignore", "--no-index", "--stdin"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        git.stdin.take().unwrap().write_all(PATHS.join("\n").as_bytes()).unwrap();
        let theirs = String::from_utf8(git.wait_with_output().unwrap().stdout).unwrap();
        let theirs: Vec<&str> = theirs.lines().collect();
        let (report, code) = owners(&repository, "", PATHS);
        assert_eq!(code, 0, "{pattern}: {}", report["error"]);
        let owned = report["owners"].as_array().unwrap().iter().filter(|one| one["policy"] == "owned");
        let folder =
            pattern.trim_end_matches("/*").strip_suffix("/**").or(pattern.strip_suffix('/')).map(|folder| folder.trim_start_matches('/'));
        let ours: Vec<&str> = owned.map(|one| one["path"].as_str().unwrap()).filter(|path| Some(*path) != folder).collect();
        assert_eq!(ours, theirs, "{pattern}");
    }
}

#[test]
fn a_lock_file_that_cannot_be_used_is_not_called_absent() {
    let repository = Repository::new();
    repository.write(".claude/RESOURCE_LOCKS.json", "{\"locks\": ]}");
    repository.commit_all("base");
    let found = report(repository.path(), &["owners", "a"]);
    let why = |what: &str| found["not_checked"].as_array().unwrap().iter().find(|one| one["what"] == what).map(|one| one["why"].clone());
    assert_eq!(why("locks"), Some(".claude/RESOURCE_LOCKS.json cannot be used".into()), "{found:#}");
    assert_eq!(why("boundaries"), Some("no BOUNDARIES.json".into()));
    assert_eq!((&found["exit_code"], &found["error"]["location"]["path"]), (&2.into(), &".claude/RESOURCE_LOCKS.json".into()));
}
