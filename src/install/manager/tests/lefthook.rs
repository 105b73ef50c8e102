use super::*;

const NAME: &str = "lefthook.yml";

#[test]
fn commands_and_jobs_are_added_as_the_file_writes_them() {
    let after = changed(NAME, "pre-commit:\n  parallel: true\n  commands: # all\n    # the linter\n    lint:\n      run: make\n");
    assert!(after.starts_with("pre-commit:\n  parallel: true\n  commands: # all\n    # paralint: begin\n    paralint:\n      run: paralint hook pre-commit\n    # paralint: end\n    # the linter\n    lint:"), "{after}");
    assert!(after.contains("\npre-push:\n  commands:\n    paralint:\n      run: \"paralint hook pre-push # {files}\"\n      files: echo lefthook.yml\n      use_stdin: true\n"), "{after}");
    let after = changed(NAME, "pre-commit:\n    jobs:\n    - run: make\n      name: m\n");
    assert!(
        after.contains(
            "    jobs:\n    # paralint: begin\n    - name: paralint\n      run: paralint hook pre-commit\n    # paralint: end\n    - run"
        ),
        "{after}"
    );
    assert!(after.contains("\npre-push:\n  jobs:\n    - name: paralint\n"), "{after}");
}

#[test]
fn hooks_without_either_get_one() {
    for text in [
        "",
        "# nothing yet\n",
        "# nothing yet",
        "---\n",
        "pre-commit:\n",
        "pre-commit:",
        "pre-commit:\n  commands:\n",
        "pre-commit:\n  jobs:",
        "pre-push:\n  scripts:\n    x.sh:\n      runner: bash",
        "pre-push:\r\n  commands:\r\n    x:\r\n      run: make\r\n",
        "pre-push:\r\n  commands:\r\n    x:\r\n      run: make",
        "\u{feff}pre-push:\n  jobs:\n    - run: make\n",
        "colors: false\npre-commit:\n  jobs:\n    - run: |\n        make\n\n        make test\n",
    ] {
        changed(NAME, text);
    }
}

#[test]
fn jobs_that_check_nothing_are_told() {
    let starved = "is not told what is pushed without `use_stdin: true`";
    let wrong = "`paralint hook pre-push` in pre-commit checks something else";
    let only = |hook: Hook| move |path: &str, text: &str| Told::with(path, text).edit_for(&[hook]);
    let (push, commit) = (only(Hook::PrePush), only(Hook::PreCommit));
    for (path, text) in [
        (NAME, "pre-push:\n  jobs:\n    - run: paralint hook pre-push\n"),
        (
            NAME,
            "pre-push:\n  commands:\n    p:\n      run: paralint hook pre-push\n      use_stdin: false\n    q:\n      use_stdin: true\n",
        ),
        ("lefthook.toml", "[[pre-push.jobs]]\nrun = \"paralint hook pre-push\"\n"),
        ("lefthook.json", r#"{"pre-push": {"jobs": [{"run": "paralint hook pre-push"}]}}"#),
    ] {
        let edit = push(path, text);
        assert!(!edit.is_done && edit.after.as_ref().is_err_and(|why| why.contains(starved)), "{text}: {:?}", edit.after);
    }
    for (path, text) in [
        (NAME, "pre-commit:\n  jobs:\n    - run: paralint hook pre-push\n      use_stdin: true\n"),
        ("lefthook.toml", "[pre-commit.commands.p]\nrun = \"paralint hook pre-push\"\n"),
        ("lefthook.json", r#"{"pre-commit": {"commands": {"p": {"run": "paralint hook pre-push"}}}}"#),
    ] {
        let edit = commit(path, text);
        assert!(!edit.is_done && edit.after.as_ref().is_err_and(|why| why.contains(wrong)), "{text}: {:?}", edit.after);
    }
    for (path, text) in [
        (NAME, "pre-push:\n  jobs:\n    - run: paralint hook pre-push\n      use_stdin: true\n"),
        (
            NAME,
            "pre-push:\n  jobs:\n    - run: paralint hook pre-push\n    - use_stdin: true\n      run: |\n        paralint hook pre-push\n",
        ),
        (NAME, "x: &x\n  use_stdin: true\npre-push:\n  jobs:\n    - run: paralint hook pre-push\n      <<: *x\n"),
        (NAME, "pre-push:\n  jobs:\n    - run: paralint check --range auto\n"),
        ("lefthook.toml", "[[pre-push.jobs]]\nuse_stdin = true\nrun = \"paralint hook pre-push\"\n"),
        ("lefthook.json", r#"{"pre-push": {"jobs": [{"run": "paralint hook pre-push", "use_stdin": true}]}}"#),
    ] {
        assert!(push(path, text).is_done, "{text}");
    }
    assert!(commit(NAME, "pre-commit:\n  jobs:\n    - run: paralint hook pre-merge-commit\n").is_done);
}

#[test]
fn what_is_missing_is_added_and_no_more() {
    let after = changed(NAME, "pre-commit:\n  jobs:\n    - run: npx paralint check --agent me\n");
    assert!(!after.contains("\n    - name: paralint\n      run: paralint hook pre-commit\n    # paralint: end\npre-push"), "{after}");
    assert_eq!(after.matches("# paralint: begin").count(), 2, "{after}");
}

#[test]
fn what_cannot_be_done_safely_is_refused() {
    for (text, reason) in [
        ("pre-commit: {jobs: [{run: make}]}\n", "it is written on one line, in brackets"),
        ("pre-commit:\n  jobs: [{run: make}]\n", "it is written on one line, in brackets"),
        ("{pre-commit: {}}\n", "it is written on one line, in brackets"),
        ("- a\n", "its outermost value is no map"),
        ("pre-commit: &a\n  jobs:\n    - run: x\npre-push: *a\n", "other places in it may use the same entries (an anchor)"),
        ("x: &a\n  jobs:\n    - run: x\npre-commit: *a\n", "it uses the same entries in several places (an alias)"),
        ("x: &a\n  jobs:\n    - run: x\npre-commit:\n  <<: *a\n", "a map in it takes entries from another one (<<)"),
        ("pre-commit:\n  jobs:\n    - run: x\npre-commit:\n  jobs:\n    - run: y\n", "`pre-commit` is there twice"),
        ("a: 1\n---\nb: 2\n", "it holds several YAML documents"),
        ("pre-commit: soon\n", "its pre-commit is no map"),
        ("pre-commit:\n  jobs: soon\n", "jobs of pre-commit is not what lefthook expects there"),
    ] {
        assert_eq!(refused(NAME, text), reason, "{text}");
    }
    assert!(refused(NAME, "a: [\n").starts_with("it is not valid YAML"));
    // More of the document after its end would be another document, and a text to the very end would grow.
    refused(NAME, "a: 1\n...\n");
    refused(NAME, "a: |+\n  text");
    assert!(refused("lefthook.json", "{}").starts_with("JSON has no comments"));
}

#[test]
fn toml_gets_tables_at_its_end() {
    let after = changed("lefthook.toml", "[pre-commit]\nparallel = true\n\n[pre-commit.commands.lint]\nrun = \"make\"");
    assert!(after.contains("[pre-commit.commands.paralint]\nrun = \"paralint hook pre-commit\"\n"), "{after}");
    let after = changed(".config/lefthook.toml", "[[pre-commit.jobs]]\r\nrun = 'make'\r\n");
    assert!(after.contains("[[pre-push.jobs]]\r\nname = \"paralint\"\r\nrun = \"paralint hook pre-push # {files}\"\r\nfiles = \"echo .config/lefthook.toml\"\r\nuse_stdin = true\r\n"), "{after}");
    refused("lefthook.toml", "pre-commit = { commands = { lint = { run = \"make\" } } }\n");
    refused("lefthook.toml", "pre-commit = ");
}

#[test]
fn the_first_file_counts_and_the_hook_tells_whether_to_install() {
    let told = Told::with("lefthook-local.yml", "").and(".lefthook.yaml", "");
    assert_eq!((told.edit().path.as_str(), told.one().then.as_deref()), (".lefthook.yaml", Some("lefthook install")));
    let installed = Hook::ALL.into_iter().fold(told, |told, hook| told.hook(hook, "call_lefthook run"));
    assert_eq!(installed.one().then, None);
}
