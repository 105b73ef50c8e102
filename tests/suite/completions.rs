//! Completions, loaded by the shells themselves: what TAB makes of what was typed.

use super::program::{code, run, stderr, stdout, tool};
use std::path::Path;
use std::process::{Command, Stdio};

/// What is typed, and what it has to become, or to offer.
const TYPED: &[(&str, &str)] = &[
    ("paralint ch", "check"),
    ("paralint check --ra", "--range"),
    ("paralint check --format sar", "sarif"),
    ("paralint audit --fail-on ne", "never"),
    ("paralint rule claimed-se", "claimed-serial"),
    ("paralint rule gate-un", "gate-unavailable"),
    ("paralint schema bou", "boundaries"),
    ("paralint man over", "overlap"),
    ("paralint completions fi", "fish"),
    ("paralint audit --op", "--open"),
    ("paralint install --hook pre-p", "pre-push"),
    ("paralint check --session no", "none"),
    ("paralint check --session some-f", "some-file"),
    ("paralint audit some-f", "some-file"),
    ("paralint gates --config some-f", "some-file"),
];

/// What is typed where a file is wrong, though there is one that begins so.
const NO_FILE: &[&str] = &[
    "paralint gates some-f",
    "paralint install --hook some-f",
    "paralint audit --output some-f",
    "paralint check --branches some-f",
    "paralint audit --session some-f",
    "paralint waive some-f",
];

fn script(shell: &str) -> String {
    let output = run(Path::new("/"), &["completions", shell]);
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""), "{shell}");
    stdout(&output)
}

/// Runs a script in a shell that has read no file of this machine.
fn in_shell(shell: &[&str], text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("completions"), script(shell[0])).unwrap();
    std::fs::write(folder.path().join("script"), text).unwrap();
    std::fs::write(folder.path().join("some-file"), "").unwrap();
    let output = Command::new(shell[0])
        .args(&shell[1..])
        .arg("script")
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", folder.path())
        .env("LANG", "C.UTF-8")
        .env("TERM", "dumb")
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.stderr.is_empty(), "{shell:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn bash_completes() {
    if tool("bash").is_none() {
        return;
    }
    // Outside of a completion `compopt` only complains; what it is told is looked at below.
    let offered = |typed: &str| {
        let words: Vec<&str> = typed.split(' ').collect();
        let [.., before, last] = words[..] else { panic!("{typed}") };
        let text = format!(
            "compopt() {{ echo \"compopt $*\"; }}\n. ./completions\nCOMP_WORDS=({typed})\nCOMP_CWORD={}\n\
             _paralint paralint {last} {before}\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
            words.len() - 1
        );
        in_shell(&["bash", "--norc"], &text)
    };
    for (typed, wanted) in TYPED {
        let offered = offered(typed);
        // Where nothing is offered and nothing is told, bash itself offers files.
        let by_bash = *wanted == "some-file" && offered.trim().is_empty();
        assert!(by_bash || offered.lines().any(|line| line == *wanted), "{typed}: {offered}");
    }
    for typed in NO_FILE {
        let offered = offered(typed);
        assert!(!offered.contains("some-file"), "{typed}: {offered}");
        // With an option, what was typed is offered, so that nothing else is.
        let is_told = offered.contains("compopt +o default +o bashdefault") || offered.lines().any(|line| line == "some-f");
        assert!(is_told, "{typed}: {offered}");
    }
}

#[test]
fn fish_completes_and_says_what_a_rule_finds() {
    if tool("fish").is_none() {
        return;
    }
    for (typed, wanted) in TYPED {
        let offered = in_shell(&["fish", "--no-config"], &format!("source ./completions\ncomplete -C '{typed}'\n"));
        assert!(offered.lines().any(|line| line.split('\t').next() == Some(wanted)), "{typed}: {offered}");
    }
    for typed in NO_FILE {
        let offered = in_shell(&["fish", "--no-config"], &format!("source ./completions\ncomplete -C '{typed}'\n"));
        assert!(!offered.contains("some-file"), "{typed}: {offered}");
    }
    let described = in_shell(&["fish", "--no-config"], "source ./completions\ncomplete -C 'paralint rule idle-a'\n");
    assert!(described.contains("idle-agent\t") && described.contains("without a single tool call"), "{described}");
}

/// A line is typed into a shell at a terminal, with TAB behind it and then the end of the line; a function says what it became.
#[test]
fn zsh_completes() {
    if tool("zsh").is_none() {
        return;
    }
    let all: Vec<&str> = TYPED.iter().map(|(typed, _)| *typed).chain(NO_FILE.iter().copied()).collect();
    let lines: String = all.iter().map(|typed| format!("zpty -w -n inner $'{typed}\\t\\n'\nawait 'got <*> end'\n")).collect();
    let text = format!(
        "zmodload zsh/zpty
await() {{ local line; while zpty -r inner line; do [[ $line == ${{~1}}* ]] && {{ print -r -- ${{line%%$'\\r'*}}; return; }}; done; print lost; }}
zpty -b inner 'zsh -f -i' 2>/dev/null || zpty inner 'zsh -f -i'
zpty -d inner; zpty inner 'zsh -f -i'
zpty -w inner \"PS1= PS2= RPS1=; unsetopt zle_bracketed_paste; autoload -U compinit; compinit -u -D; . ./completions; paralint() {{ print; print -r -- \\\"got <\\$*> end\\\"; }}; print; print ready\"
await ready
{lines}zpty -d inner
"
    );
    let printed = in_shell(&["zsh", "-f"], &text);
    let got: Vec<&str> =
        printed.lines().filter_map(|line| line.strip_prefix("got <")?.split_once("> end").map(|(words, _)| words)).collect();
    assert_eq!(got.len(), all.len(), "{printed}");
    for (typed, got) in NO_FILE.iter().zip(&got[TYPED.len()..]) {
        assert!(got.ends_with("some-f"), "{typed}: {got}");
    }
    for ((typed, wanted), got) in TYPED.iter().zip(got) {
        let last = got.split_whitespace().next_back().unwrap_or_default();
        assert!(last == *wanted || last.starts_with(&format!("{wanted}=")), "{typed}: {got}");
    }
}

#[test]
fn other_shells_get_a_script_too_and_unknown_ones_are_refused() {
    for shell in ["elvish", "powershell"] {
        let text = script(shell);
        assert!(["claimed-serial", "--range", "sarif"].iter().any(|word| text.contains(word)), "{shell}");
        assert!(!text.chars().any(|one| one.is_control() && one != '\n' && one != '\t'), "{shell}");
    }
    let output = run(Path::new("/"), &["completions", "tcsh"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("[possible values: bash, elvish, fish, powershell, zsh]"), "{}", stderr(&output));
}

#[test]
fn an_unknown_rule_keeps_its_own_message_and_help_does_not_list_them_all() {
    let output = run(Path::new("/"), &["rule", "claimed-serail"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("unknown rule") && stderr(&output).contains("did you mean `claimed-serial`?"), "{}", stderr(&output));
    assert_eq!(code(&run(Path::new("/"), &["rule", "claims/claimed-serial"])), 0);
    let help = stdout(&run(Path::new("/"), &["rule", "--help"]));
    assert!(!help.contains("overlapping-edits"), "{help}");
}

#[test]
fn an_unknown_hook_keeps_its_own_message_and_help_names_them_all() {
    let output = run(Path::new("/"), &["install", "--hook", "pre-comit"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("paralint has no such hook (known: pre-commit, pre-merge-commit, pre-push)"), "{}", stderr(&output));
    let help = stdout(&run(Path::new("/"), &["install", "--help"]));
    assert!(help.contains("[possible values: pre-commit, pre-merge-commit,"), "{help}");
}
