//! All managers: what is recognised, what is written, and that it can be taken away again.

use super::*;
use std::collections::BTreeMap;

mod husky;
mod lefthook;
mod pre_commit;
mod properties;

/// Every hook, without gates.
fn all() -> Wanted {
    Wanted { hooks: Hook::ALL.to_vec(), gates: false }
}

/// A repository that is only told of.
#[derive(Default)]
struct Told {
    files: BTreeMap<String, String>,
    hooks_path: Option<String>,
    hooks: BTreeMap<Hook, String>,
}

impl Told {
    fn with(path: &str, text: &str) -> Told {
        Told::default().and(path, text)
    }

    fn and(mut self, path: &str, text: &str) -> Told {
        self.files.insert(path.to_owned(), text.to_owned());
        self
    }

    fn hooks_at(mut self, path: &str) -> Told {
        self.hooks_path = Some(path.to_owned());
        self
    }

    fn hook(mut self, hook: Hook, text: &str) -> Told {
        self.hooks.insert(hook, text.to_owned());
        self
    }

    /// The one manager in use.
    fn one(&self) -> InUse {
        let mut all = in_use(self, &all());
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }

    /// The one edit for these hooks.
    fn edit_for(&self, hooks: &[Hook]) -> Edit {
        let wanted = Wanted { hooks: hooks.to_vec(), ..all() };
        in_use(self, &wanted).remove(0).edits.remove(0)
    }

    /// The one edit of the one manager in use.
    fn edit(&self) -> Edit {
        let mut edits = self.one().edits;
        assert_eq!(edits.len(), 1, "{edits:?}");
        edits.remove(0)
    }
}

impl Ground for Told {
    fn text(&self, path: &str) -> Option<Result<String, String>> {
        self.files.get(path).map(|text| Ok(text.clone()))
    }

    fn is_folder(&self, path: &str) -> bool {
        self.files.keys().any(|file| file.starts_with(&format!("{path}/")))
    }

    fn hooks_path(&self) -> Option<&str> {
        self.hooks_path.as_deref()
    }

    fn hook(&self, hook: Hook) -> Option<String> {
        self.hooks.get(&hook).cloned()
    }
}

/// The new text of a file, which gives the old one back, and in which nothing is left to do.
fn changed(path: &str, text: &str) -> String {
    let edit = Told::with(path, text).edit();
    assert!(!edit.is_done, "{text}");
    let after = edit.after.unwrap_or_else(|reason| panic!("{reason}\n{text}"));
    assert_eq!(without_paralint(path, &after).as_deref(), Some(text), "{after}");
    assert!(!super::is_changed(&after), "{after}");
    let again = Told::with(path, &after).edit();
    assert!(again.is_done, "{after}");
    assert_eq!(again.after.as_deref(), Ok(after.as_str()));
    after
}

/// Why a file cannot be changed.
fn refused(path: &str, text: &str) -> String {
    let edit = Told::with(path, text).edit();
    assert!(!edit.is_done, "{text}");
    assert!(!edit.lines.is_empty());
    edit.after.expect_err(text)
}

#[test]
fn nothing_is_in_use_where_no_file_tells() {
    assert_eq!(in_use(&Told::with("package.json", "{\"name\": \"x\"}").hooks_at("hooks"), &all()), Vec::new());
    assert_eq!(without_paralint("lefthook.yml", "pre-commit:\n  commands:\n    paralint:\n      run: paralint check\n"), None);
}

#[test]
fn marks_that_are_broken_are_left_alone() {
    for text in ["# paralint: begin\nx\n", "# paralint: end\n", "# paralint: end\nx\n# paralint: begin\n"] {
        assert_eq!(without_paralint("x", text), None, "{text}");
    }
    assert_eq!(without_paralint("x", "# paralint: begin\nx").as_deref(), None);
}

#[test]
fn hk_is_shown_and_never_written() {
    let told = Told::with("hk.pkl", "amends \"package://x#/Config.pkl\"\nhooks {}\n");
    let in_use = told.one();
    assert_eq!(in_use.manager, "hk");
    assert_eq!(in_use.then.as_deref(), Some("hk install"));
    let edit = told.edit();
    assert!(edit.lines.contains("[\"pre-push\"] {"), "{}", edit.lines);
    assert!(edit.after.is_err() && !edit.is_done);
    assert!(Told::with(".config/hk.pkl", "steps { [\"p\"] { check = \"paralint check\" } }").edit().is_done);
}

/// The blocks of docs/hook-managers.md are what `paralint install` shows.
#[test]
fn the_documents_show_the_same_lines() {
    let document = include_str!("../../../docs/hook-managers.md");
    let told = [
        ("husky", Told::default().hooks_at(".husky/_")),
        ("husky 4", Told::with("package.json", "{\"husky\": {\"hooks\": {}}}")),
        ("lefthook", Told::with("lefthook.yml", "")),
        ("lefthook jobs", Told::with("lefthook.yml", "pre-commit:\n  jobs:\n    - run: make\n")),
        ("lefthook toml", Told::with("lefthook.toml", "")),
        ("pre-commit", Told::with(".pre-commit-config.yaml", "")),
        ("prek", Told::with("prek.toml", "")),
        ("hk", Told::with("hk.pkl", "")),
    ];
    for (name, told) in told {
        for edit in told.one().edits {
            let shown = document.contains(&format!("\n{}```\n", edit.lines));
            assert!(shown, "{name}: {} is not shown in docs/hook-managers.md as\n{}", edit.path, edit.lines);
        }
    }
}
