use super::*;

fn script(text: &str) -> Edit {
    Told::with(".husky/pre-commit", text).hooks_at(".husky/_").one().edits.remove(0)
}

#[test]
fn husky_9_has_a_script_for_each_hook() {
    let told = Told::with(".husky/pre-commit", "npm test\n").hooks_at(".husky/_");
    let linked = told.one();
    assert!(linked.is_in_place && linked.then.is_some_and(|then| then.starts_with("npx husky (")), "a worktree without .husky/_");
    let in_use = told.hook(Hook::PreCommit, "husky").one();
    assert_eq!((in_use.manager, in_use.seen.as_str(), in_use.then), ("husky", "core.hooksPath is .husky/_", None));
    let paths: Vec<&str> = in_use.edits.iter().map(|edit| edit.path.as_str()).collect();
    assert_eq!(paths, [".husky/pre-commit", ".husky/pre-merge-commit", ".husky/pre-push"]);
    for (edit, hook) in in_use.edits.iter().zip(Hook::ALL) {
        assert_eq!(edit.hooks, [hook]);
        let after = edit.after.as_ref().unwrap();
        assert_eq!(without_paralint(&edit.path, after).unwrap(), edit.before.clone().unwrap_or_default());
        assert!(!edit.executable && !edit.is_done);
    }
    assert!(in_use.edits[2].after.as_ref().unwrap().contains("paralint hook pre-push -- \"$@\" || exit $?\n"));
}

#[test]
fn our_lines_come_before_the_first_command() {
    let after = script("#!/usr/bin/env bash\n# tests\nexec npm test").after.unwrap();
    assert!(after.starts_with("#!/usr/bin/env bash\n# paralint: begin\n"), "{after}");
    assert!(after.ends_with("# paralint: end\n# tests\nexec npm test"), "{after}");
    let after = script("#!/bin/sh\n. \"$(dirname -- \"$0\")/_/husky.sh\"\n\nnpm test\n").after.unwrap();
    assert!(after.starts_with("#!/bin/sh\n. \"$(dirname -- \"$0\")/_/husky.sh\"\n# paralint: begin\n"), "{after}");
    let after = script("#!/bin/sh").after.unwrap();
    assert!(after.starts_with("#!/bin/sh\n# paralint: begin\n") && after.ends_with("# paralint: end"), "{after}");
    assert_eq!(without_paralint("", &after).as_deref(), Some("#!/bin/sh"));
}

#[test]
fn scripts_that_sh_does_not_read_as_we_do_are_refused() {
    for (text, reason) in [
        ("#!/usr/bin/env node\nconsole.log(1)\n", "it is no shell script (#!/usr/bin/env node)"),
        ("npm test\r\n", "its lines end in carriage returns, which sh takes for part of each command"),
        ("\u{feff}npm test\n", "it starts with a byte order mark, which sh takes for part of its first word"),
        ("[ -n \"$CI\" ] && exit 0\n. \"$(dirname \"$0\")/_/husky.sh\"\n", "it starts husky.sh in a way that is not known"),
        (". _/husky.sh && npm test\n", "it starts husky.sh in a way that is not known"),
    ] {
        assert_eq!(script(text).after, Err(reason.to_owned()), "{text}");
    }
}

#[test]
fn lines_of_the_user_are_enough() {
    let edit = script("npx lint-staged\npnpm exec paralint check\n");
    assert!(edit.is_done);
    assert_eq!(edit.after.as_deref(), Ok("npx lint-staged\npnpm exec paralint check\n"));
}

#[test]
fn husky_8_needs_executable_scripts() {
    let in_use = Told::with(".husky/_/husky.sh", "").hooks_at(".husky").one();
    assert_eq!((in_use.edits[0].path.as_str(), in_use.then), (".husky/pre-commit", None));
    let linked = Told::with(".husky/pre-commit", ". \"$(dirname \"$0\")/_/husky.sh\"\n").hooks_at(".husky").one();
    assert!(linked.then.is_some_and(|then| then.starts_with("npx husky install")));
    assert!(in_use.edits.iter().all(|edit| edit.executable && edit.after.as_ref().unwrap().starts_with("#!/bin/sh\n")));
    let other = Told::with("web/.husky/pre-commit", "x\n").hooks_at("web/.husky/_").one();
    assert_eq!(other.edits[0].path, "web/.husky/pre-commit");
    let renamed = Told::with("config/hooks/_/h", "x\n").hooks_at("config/hooks/_").one();
    assert_eq!(renamed.edits[2].path, "config/hooks/pre-push");
}

#[test]
fn a_clone_that_husky_was_not_run_in_is_told_to() {
    let in_use = Told::with(".husky/pre-commit", "npm test\n").and("package.json", "{\"devDependencies\": {\"husky\": \"^9\"}}").one();
    assert!(in_use.then.is_some());
    assert!(!in_use.edits[0].executable);
}

#[test]
fn husky_4_is_only_told_of() {
    let text = "{\"husky\": {\"hooks\": {\"pre-commit\": \"lint-staged\"}}}";
    let edit = Told::with("package.json", text).edit();
    assert!(edit.lines.contains("\"pre-commit\": \"paralint hook pre-commit && lint-staged\""), "{}", edit.lines);
    assert!(edit.after.is_err());
    let done = "{\"husky\":{\"hooks\":{\"pre-commit\":\"paralint check\",\"pre-merge-commit\":\"paralint check\",\"pre-push\":\"paralint check --range auto\"}}}";
    assert!(Told::with("package.json", done).edit().is_done);
}
