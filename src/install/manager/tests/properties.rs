use super::*;
use proptest::prelude::*;

/// What our lines are made of must be more, and nothing of the user's less: read by what a line says, not by our own reader.
fn holds_every_line(before: &str, after: &str) -> bool {
    let mut rest = after.split_inclusive('\n').map(|line| line.trim_end_matches(['\r', '\n']));
    before.split_inclusive('\n').map(|line| line.trim_end_matches(['\r', '\n'])).all(|line| rest.any(|other| other == line))
}

fn holds(told: impl Fn(&str) -> Told, path: &str, before: &str) -> Result<bool, TestCaseError> {
    let edits = told(before).one().edits;
    let edit = edits.iter().find(|edit| edit.path == path).unwrap();
    prop_assert!(!edit.lines.is_empty());
    prop_assert_eq!(edit.before.as_deref(), Some(before));
    let Ok(after) = &edit.after else { return Ok(false) };
    if edit.is_done {
        prop_assert_eq!(after, before);
        return Ok(true);
    }
    prop_assert_eq!(without_paralint(path, after), Some(before.to_owned()), "{}", after);
    prop_assert!(holds_every_line(before, after), "{}", after);
    let again = told(after).one().edits.into_iter().find(|edit| edit.path == path).unwrap();
    prop_assert!(again.is_done, "{}", after);
    prop_assert_eq!(again.after.as_ref(), Ok(after));
    Ok(true)
}

/// Lines put together, with one kind of line end, with or without one at the end, with or without a byte order mark.
fn text_of(lines: Vec<String>) -> impl Strategy<Value = String> {
    (prop::sample::select(vec!["\n", "\r\n"]), any::<bool>(), prop::bool::weighted(0.1)).prop_map(move |(end, ends, mark)| {
        let text = lines.join(end) + if ends && !lines.is_empty() { end } else { "" };
        if mark { format!("\u{feff}{text}") } else { text }
    })
}

/// Configurations of pre-commit that are well written, in block style.
fn well_written() -> impl Strategy<Value = String> {
    let comment =
        prop::sample::select(vec![vec![], vec!["# a comment".to_owned()], vec![String::new()], vec!["      # far off: [".to_owned()]]);
    let repo = (comment.clone(), prop::sample::select(vec!["'https://x/y'", "\"a # b\"", "meta", "größe"]), 0usize..3);
    (comment, prop::collection::vec(repo, 1..4), 0usize..5, any::<bool>(), any::<bool>())
        .prop_map(|(above, repos, indent, first, note)| {
            let margin = " ".repeat(indent);
            let mut lines = above;
            if first {
                lines.push("default_stages: [pre-commit]".to_owned());
            }
            lines.push(if note { "repos: # here" } else { "repos:" }.to_owned());
            for (comment, repo, hooks) in repos {
                lines.extend(comment);
                lines.push(format!("{margin}-   repo: {repo}"));
                lines.push(format!("{margin}    hooks:{}", if hooks == 0 { " []" } else { "" }));
                lines.extend((0..hooks).map(|hook| format!("{margin}    - id: hook-{hook}")));
            }
            if !first {
                lines.push("exclude: ^x".to_owned());
            }
            lines
        })
        .prop_flat_map(text_of)
}

/// Lines of which some make YAML and many do not.
fn any_yaml() -> impl Strategy<Value = String> {
    let pieces = vec![
        "repos:",
        "repos: []",
        "repos: &a",
        "repos: *a",
        "- repo: x",
        "  - repo: y",
        "    hooks:",
        "      - id: z",
        "    hooks: [{id: q}]",
        "pre-commit:",
        "pre-push:",
        "pre-merge-commit: # no",
        "  commands:",
        "  jobs:",
        "    x:",
        "      run: make",
        "    - run: make",
        "      run: |",
        "        a\tb",
        "  <<: *b",
        "x: &b",
        "---",
        "...",
        "# comment",
        "",
        "    # comment",
        "key: |+",
        "  text",
        "{a: b}",
        "\"q\": 'it''s'",
        "? k",
        ": v",
        "\t",
        "a: >-",
        "%YAML 1.2",
        "  jobs: [{run: a}]",
        "pre-commit: {}",
        "      name: paralint",
        "- - a",
    ];
    prop::collection::vec(prop::sample::select(pieces), 0..12)
        .prop_map(|lines| lines.into_iter().map(str::to_owned).collect::<Vec<_>>())
        .prop_flat_map(text_of)
}

fn any_toml() -> impl Strategy<Value = String> {
    let pieces = vec![
        "[[repos]]",
        "repo = \"x\"",
        "[[repos.hooks]]",
        "id = 'a'",
        "hooks = [{ id = \"b\" }]",
        "[pre-commit]",
        "parallel = true",
        "[[pre-commit.jobs]]",
        "[pre-commit.commands.x]",
        "run = \"make\"",
        "# comment",
        "",
        "[pre-push]",
        "text = '''",
        "'''",
        "date = 2026-01-01",
        "repos = []",
        "[a.b]",
        "x = nan",
        "[pre-push.commands]",
    ];
    prop::collection::vec(prop::sample::select(pieces), 0..10)
        .prop_map(|lines| lines.into_iter().map(str::to_owned).collect::<Vec<_>>())
        .prop_flat_map(text_of)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_well_written_is_changed(text in well_written()) {
        prop_assert!(holds(|text| Told::with(".pre-commit-config.yaml", text), ".pre-commit-config.yaml", &text)?, "{}", text);
    }

    #[test]
    fn whatever_the_yaml_nothing_is_lost(text in any_yaml()) {
        holds(|text| Told::with(".pre-commit-config.yaml", text), ".pre-commit-config.yaml", &text)?;
        holds(|text| Told::with("lefthook.yml", text), "lefthook.yml", &text)?;
    }

    #[test]
    fn whatever_the_toml_nothing_is_lost(text in any_toml()) {
        holds(|text| Told::with("prek.toml", text), "prek.toml", &text)?;
        holds(|text| Told::with("lefthook.toml", text), "lefthook.toml", &text)?;
    }

    #[test]
    fn whatever_the_bytes_nothing_panics(text in "\\PC{0,40}|[ \\-:\\[\\]{}#&*\n\r\ta-c|>'\"]{0,40}") {
        for path in [".pre-commit-config.yaml", "lefthook.yml", "lefthook.toml", "lefthook.json", "prek.toml", "hk.pkl"] {
            holds(|text| Told::with(path, text), path, &text)?;
        }
    }

    #[test]
    fn whatever_the_script_nothing_is_lost(lines in prop::collection::vec(prop::sample::select(vec![
        "#!/bin/sh", "#!/usr/bin/env -S bash -e", "", "# comment", "npm test", ". \"$(dirname \"$0\")/_/husky.sh\"", "exit 0", "cat <<E", "E", "a \\",
    ]), 0..8), ends in any::<bool>()) {
        let text = lines.join("\n") + if ends { "\n" } else { "" };
        holds(|text| Told::with(".husky/pre-commit", text).hooks_at(".husky/_"), ".husky/pre-commit", &text)?;
    }
}
