//! Managers of hooks run paralint as `paralint install` writes it into their configuration: a real commit is refused by its report.

use super::pre_commit::{Hooked, refused, text, worked};
use super::program::tool;
use paralint::install::Hook;
use paralint::install::manager::{Ground, InUse, in_use, without_paralint};
use std::path::Path;

/// What a repository's files tell.
struct Files {
    root: std::path::PathBuf,
    hooks_path: Option<String>,
    /// Where git looks for hooks.
    hooks: std::path::PathBuf,
}

impl Files {
    fn of(hooked: &Hooked) -> Files {
        let root = hooked.repository.path().to_owned();
        let hooks_path = hooked.git(&["config", "core.hooksPath"]);
        let hooks_path = Some(String::from_utf8(hooks_path.stdout).unwrap().trim_end().to_owned()).filter(|path| !path.is_empty());
        let hooks = root.join(hooked.repository.git(&["rev-parse", "--git-path", "hooks"]));
        Files { root, hooks_path, hooks }
    }
}

impl Ground for Files {
    fn text(&self, path: &str) -> Option<Result<String, String>> {
        std::fs::read_to_string(self.root.join(path)).ok().map(Ok)
    }

    fn is_folder(&self, path: &str) -> bool {
        self.root.join(path).is_dir()
    }

    fn hooks_path(&self) -> Option<&str> {
        self.hooks_path.as_deref()
    }

    fn hook(&self, hook: Hook) -> Option<String> {
        std::fs::read_to_string(self.hooks.join(hook.name())).ok()
    }
}

fn write(path: &Path, text: &str, executable: bool) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
    #[cfg(unix)]
    if executable {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
}

/// The one manager that is seen.
fn seen(hooked: &Hooked) -> InUse {
    let mut all = in_use(&Files::of(hooked));
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

/// Makes all edits and runs what is to be run after them.
fn edited(hooked: &Hooked) -> InUse {
    let in_use = seen(hooked);
    for edit in &in_use.edits {
        write(&hooked.repository.path().join(&edit.path), edit.after.as_ref().unwrap(), edit.executable);
    }
    if let Some(then) = &in_use.then {
        worked(&hooked.command(hooked.repository.path(), "sh").args(["-c", then]).output().unwrap());
    }
    assert!(seen(hooked).edits.iter().all(|edit| edit.is_done));
    in_use
}

/// Takes all edits back.
fn restored(hooked: &Hooked, in_use: &InUse) {
    for edit in &in_use.edits {
        let path = hooked.repository.path().join(&edit.path);
        let restored = without_paralint(&edit.path, &std::fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(restored, edit.before.clone().unwrap_or_default());
        std::fs::write(&path, restored).unwrap();
    }
}

/// Commits the configuration, is refused for a file of somebody else, and is not once paralint is gone from the configuration.
fn is_held(hooked: &Hooked) {
    let in_use = edited(hooked);
    worked(&hooked.git(&["add", "-A"]));
    let first = hooked.git(&["commit", "-q", "-m", "hooks"]);
    worked(&first);
    worked(&hooked.commit("a/x", "2\n"));
    refused(&hooked.commit("b/x", "2\n"));
    let skipped =
        hooked.command(hooked.repository.path(), "git").env("SKIP", "other,paralint").args(["commit", "-q", "-m", "skipped"]).output();
    if in_use.manager != "lefthook" {
        worked(&skipped.unwrap());
        worked(&hooked.git(&["reset", "-q", "--soft", "HEAD~1"]));
    }
    restored(hooked, &in_use);
    for edit in &in_use.edits {
        worked(&hooked.git(&["add", &edit.path]));
    }
    worked(&hooked.git(&["commit", "-q", "-m", "free"]));
}

/// A merge that git makes by itself runs `pre-merge-commit`.
fn is_held_in_merges(hooked: &Hooked, shown: &str) {
    worked(&hooked.git(&["checkout", "-q", "-b", "agent/b"]));
    worked(&hooked.git(&["commit", "-q", "--no-verify", "--allow-empty", "-m", "other"]));
    worked(&hooked.git(&["checkout", "-q", "agent/a"]));
    worked(&hooked.commit("a/x", "3\n"));
    let output = hooked.git(&["merge", "--no-edit", "agent/b"]);
    worked(&output);
    assert!(text(&output).contains(shown), "{}", text(&output));
}

#[test]
fn pre_commit_and_prek_run_what_is_written() {
    for (program, file, before) in [
        ("pre-commit", ".pre-commit-config.yaml", "# ours\nrepos:\n-   repo: meta\n    hooks:\n    -   id: identity"),
        ("prek", ".pre-commit-config.yaml", "repos:\r\n  - repo: meta\r\n    hooks:\r\n      - id: identity\r\n"),
        ("prek", "prek.toml", "# ours\n[[repos]]\nrepo = \"meta\"\nhooks = [{ id = \"identity\" }]"),
    ] {
        if tool(program).is_none() {
            continue;
        }
        let hooked = Hooked::bare();
        hooked.repository.write(file, before);
        worked(&hooked.command(hooked.repository.path(), program).arg("install").output().unwrap());
        assert_eq!(seen(&hooked).manager, program);
        is_held(&hooked);
    }
}

#[test]
fn lefthook_runs_what_is_written() {
    if tool("lefthook").is_none() {
        return;
    }
    for (file, before) in [
        ("lefthook.yml", ""),
        (".lefthook.yaml", "pre-commit:\n  parallel: true\n  commands:\n    # all of them\n    list:\n      run: ls"),
        ("lefthook.yml", "pre-commit:\r\n  jobs:\r\n  - run: ls\r\n"),
        (".config/lefthook.toml", "[pre-commit]\nparallel = true\n[[pre-commit.jobs]]\nrun = 'ls'\n"),
    ] {
        let hooked = Hooked::bare();
        hooked.repository.write(file, before);
        assert_eq!(seen(&hooked).then.as_deref(), Some("lefthook install"));
        is_held(&hooked);
        edited(&hooked);
        assert_eq!(seen(&hooked).then, None);
        is_held_in_merges(&hooked, "paralint");
    }
}

/// The least that husky 9 and 8 do: git's hooks path leads to runners, or to the scripts themselves.
#[cfg(unix)]
#[test]
fn the_layouts_of_husky_run_what_is_written() {
    let hooked = Hooked::bare();
    for hook in Hook::ALL {
        let runner = "#!/bin/sh\nscript=\"$(dirname \"$(dirname \"$0\")\")/$(basename \"$0\")\"\n[ -f \"$script\" ] || exit 0\nsh -e \"$script\" \"$@\"\n";
        write(&hooked.repository.path().join(".husky/_").join(hook.name()), runner, true);
    }
    hooked.repository.write(".husky/_/.gitignore", "*\n");
    hooked.repository.write(".husky/pre-commit", "#!/usr/bin/env sh\n# ours\necho of husky");
    hooked.repository.git(&["config", "core.hooksPath", ".husky/_"]);
    is_held(&hooked);

    let hooked = Hooked::bare();
    let start =
        "if [ -z \"$husky_skip_init\" ]; then\n  husky_skip_init=1\n  export husky_skip_init\n  sh -e \"$0\" \"$@\"\n  exit $?\nfi\n";
    hooked.repository.write(".husky/_/husky.sh", start);
    let script = "#!/usr/bin/env sh\n. \"$(dirname -- \"$0\")/_/husky.sh\"\n\necho of husky\n";
    write(&hooked.repository.path().join(".husky/pre-commit"), script, true);
    hooked.repository.git(&["config", "core.hooksPath", ".husky"]);
    is_held(&hooked);
}
