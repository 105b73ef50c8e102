//! Whatever a repository holds, what is written is accepted and means what it says.

use super::*;
use proptest::prelude::*;

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("src".to_owned()),
        Just("common".to_owned()),
        Just("crates".to_owned()),
        Just("features".to_owned()),
        Just("Cargo.toml".to_owned()),
        Just("package.json".to_owned()),
        Just("pyproject.toml".to_owned()),
        Just("a.rs".to_owned()),
        Just("a.ts".to_owned()),
        "[-!*?\\[\\]{}\\\\,#~ a\"'\n\u{202e}\u{1b}.:ü]{1,5}",
    ]
}

fn path() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![9 => name().prop_map(String::into_bytes), 1 => Just(vec![b'a', 0xff])];
    let part = part.prop_map(|part| if part == b"." || part == b".." { b"x".to_vec() } else { part });
    proptest::collection::vec(part, 1..5).prop_map(|parts| parts.join(&b'/'))
}

fn text() -> impl Strategy<Value = String> {
    let hostile = "[ -~\n\u{202e}\u{1b}\"]{0,60}";
    prop_oneof![
        Just("{\"workspaces\": [\"**\"], \"scripts\": {\"lint\": \"x\\u0000\\\"\\\"\\\"\", \"test\": \"y\"}}".to_owned()),
        Just("[workspace]\nmembers = [\"**\", \"*\"]\n[tool.ruff]\n".to_owned()),
        proptest::collection::vec(("[/*a-z.\\\\\\[]{1,8}", "@[a-c/]{1,4}"), 0..6)
            .prop_map(|lines| lines.iter().map(|(pattern, owner)| format!("{pattern} {owner}\n")).collect()),
        hostile,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn whatever_is_there_what_is_written_passes(
        files in proptest::collection::vec(path(), 0..25),
        texts in proptest::collection::vec(text(), 25),
        owners in proptest::option::of(text()),
        names in proptest::collection::vec("(agent/|wt-)?\\PC{0,8}", 0..4),
    ) {
        let mut seen = Survey { branches: names.clone(), worktrees: names, ..Survey::default() };
        seen.files = files.iter().map(|path| RepoPath::new(path.as_slice())).collect();
        seen.texts = files.iter().zip(texts).filter_map(|(path, text)| Some((String::from_utf8(path.clone()).ok()?, text))).collect();
        if let Some(owners) = owners {
            seen.files.push(RepoPath::from("CODEOWNERS"));
            seen.texts.insert("CODEOWNERS".to_owned(), owners);
        }
        seen.files.sort();
        seen.files.dedup();
        let gates = sound(&seen).gates;
        prop_assert!(gates.iter().all(|gate| matches!(gate.run, crate::config::Command::Words(_))));
    }

    #[test]
    fn codeowners_give_each_file_to_whom_they_say(
        files in proptest::collection::btree_set("[ab]{1,2}(/[ab]{1,2}){0,3}", 1..12),
        lines in proptest::collection::vec(("/?([ab*]{1,2}/){0,2}[ab*]{1,2}/?", proptest::option::of("@[xyz]")), 1..6),
        invented in proptest::collection::vec("[ab]{1,3}(/[ab]{1,3}){0,4}", 8),
    ) {
        let text: String = lines.iter().map(|(pattern, owner)| format!("{pattern} {}\n", owner.as_deref().unwrap_or(""))).collect();
        // A name cannot be a file and a folder at once.
        let files: Vec<String> = files.iter().filter(|file| !files.iter().any(|other| other.starts_with(&format!("{file}/")))).cloned().collect();
        let mut all: Vec<(&str, &str)> = files.iter().map(|file| (file.as_str(), "")).collect();
        all.push(("CODEOWNERS", &text));
        let seen = survey(&all);
        sound(&seen);
        let codeowners = codeowners::CodeOwners::read(&text);
        let policy = policy_text("BOUNDARIES.json", starter(&seen).boundaries.unwrap().as_bytes()).unwrap();
        prop_assume!(policy.boundaries.iter().any(|one| one.owner.is_some()));
        let compiled = Compiled::new(policy).unwrap();
        let is_by_files = starter(&seen).notes.iter().any(|note| note.contains("no counterpart"));
        // Of a line that matches nothing yet there is no pattern, since a rule would find it.
        let is_idle = |path: &str| {
            let last = text.lines().rev().find(|line| {
                let pattern = line.split(' ').next().unwrap_or_default();
                !codeowners::CodeOwners::read(&format!("{pattern} @z")).owners(path.as_bytes()).is_empty()
            });
            last.is_some_and(|line| {
                let pattern = line.split(' ').next().unwrap_or_default();
                let one = codeowners::CodeOwners::read(&format!("{pattern} @z"));
                files.iter().chain([&"CODEOWNERS".to_owned()]).all(|file| one.owners(file.as_bytes()).is_empty())
            })
        };
        let is_in = |inner: &str, outer: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'));
        // A plain path that names a folder holds a file of that name here, too, and on GitHub it does not.
        let is_folders = |path: &str| text.lines().any(|line| line.split(' ').next().is_some_and(|one| one.trim_matches(['/', '*']) == path));
        let can_be = |path: &str| !is_folders(path) && files.iter().all(|file| !is_in(file, path) && !is_in(path, file));
        let invented: Vec<String> = invented.into_iter().filter(|path| can_be(path) && !is_by_files && !is_idle(path)).collect();
        for file in files.iter().chain(&invented) {
            let look = compiled.look(&RepoPath::from(file.as_str()));
            let owners: Vec<&str> = look.owners(false).iter().filter_map(|one| one.boundary.owner.as_ref().map(|owner| owner.value.as_str())).collect();
            prop_assert_eq!(owners.join("|"), codeowners.owners(file.as_bytes()).join(" "), "{} by {}", file, text);
        }
    }
}
