//! The lines that are ever written between our marks, so that a line of somebody else is seen there.

use super::super::Hook;
use super::{Ground, MANAGERS, Wanted, lefthook};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// A repository with one file, or one place for hooks.
struct Only(&'static str, &'static str, Option<&'static str>);

impl Ground for Only {
    fn text(&self, path: &str) -> Option<Result<String, String>> {
        (path == self.0).then(|| Ok(self.1.to_owned()))
    }

    fn is_folder(&self, _path: &str) -> bool {
        false
    }

    fn hooks_path(&self) -> Option<&str> {
        self.2
    }

    fn hook(&self, _hook: Hook) -> Option<String> {
        None
    }
}

/// One for each way in which lines are written.
const GROUNDS: [Only; 7] = [
    Only("", "", Some(".husky/_")),
    Only("lefthook.yml", "", None),
    Only("lefthook.yml", "pre-commit:\n  jobs:\n    - run: make\n", None),
    Only("lefthook.toml", "", None),
    Only("lefthook.toml", "[[pre-commit.jobs]]\nrun = \"make\"\n", None),
    Only(".pre-commit-config.yaml", "", None),
    Only("prek.toml", "", None),
];

static LINES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let choices: Vec<Vec<Hook>> = (1_u8..8)
        .map(|bits| Hook::ALL.into_iter().enumerate().filter(|(at, _)| bits & (1 << at) != 0).map(|(_, hook)| hook).collect())
        .collect();
    let mut lines: BTreeSet<String> = lefthook::lines_with_paths().collect();
    for (hooks, gates) in choices.iter().flat_map(|hooks| [(hooks, false), (hooks, true)]) {
        let wanted = Wanted { hooks: hooks.clone(), gates };
        let uses = GROUNDS.iter().flat_map(|ground| MANAGERS.iter().filter_map(|manager| (manager.recognise)(ground, &wanted)));
        for edit in uses.flat_map(|one| one.edits) {
            // What is shown and what is written may differ in how lines stand.
            let written = edit.after.unwrap_or_default();
            lines.extend(edit.lines.lines().chain(written.lines()).map(|line| line.trim().to_owned()));
        }
    }
    lines
});

/// The line, without spaces around it, is one that we write.
pub(super) fn is_known(line: &str) -> bool {
    LINES.contains(line)
}
