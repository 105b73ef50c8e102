//! `paralint uninstall`: everything is as it was, byte for byte.
#![cfg(unix)]

use super::hooks::write_program;
use super::install::contents;
use super::program::{code, run, stderr, stdout};
use super::repository::Repository;
use proptest::prelude::*;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::time::{Duration, SystemTime};

const INSTALL_ALL: [&str; 7] = ["install", "--hook", "pre-commit", "--hook", "pre-merge-commit", "--hook", "pre-push"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn install_and_uninstall_leave_everything_as_it_was(
        hooks in prop::collection::vec((0_usize..3, prop::collection::vec(any::<u8>(), 0..99), 0_u32..0o1000, 0_u64..2_000_000_000, any::<bool>()), 0..4),
        gates: bool,
    ) {
        let repository = Repository::new();
        let folder = repository.path().join(".git/hooks");
        for (index, (which, bytes, mode, time, is_link)) in hooks.into_iter().enumerate() {
            let path = folder.join(super::hooks::HOOKS[which]);
            let _ = fs::remove_file(&path);
            let file = if is_link { repository.beside(&format!("linked-{index}")) } else { path.clone() };
            fs::write(&file, bytes).unwrap();
            File::options().append(true).open(&file).unwrap().set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(time)).unwrap();
            fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
            if is_link {
                symlink(&file, &path).unwrap();
            }
        }
        let before = contents(&folder);
        let mut arguments = INSTALL_ALL.to_vec();
        arguments.extend(gates.then_some("--gates"));
        let output = run(repository.path(), &arguments);
        prop_assert_eq!(code(&output), 0, "{}", stderr(&output));
        prop_assert_ne!(&contents(&folder), &before);
        let output = run(repository.path(), &["uninstall"]);
        prop_assert_eq!(code(&output), 0, "{}", stderr(&output));
        prop_assert_eq!(contents(&folder), before);
    }
}

#[test]
fn nothing_is_taken_where_nothing_is_ours() {
    let repository = Repository::new();
    let hooks = repository.path().join(".git/hooks");
    write_program(&hooks.join("pre-commit"), "#!/bin/sh\nparalint check\n");
    let before = contents(&hooks);
    let output = run(repository.path(), &["uninstall"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stdout(&output).contains("not installed here"), "{}", stdout(&output));
    assert_eq!(contents(&hooks), before);
}

#[test]
fn what_was_changed_since_is_left_and_named() {
    let repository = Repository::new();
    let hooks = repository.path().join(".git/hooks");
    write_program(&hooks.join("pre-commit"), "#!/bin/sh\necho mine\n");
    run(repository.path(), &["install"]);
    let changed = fs::read_to_string(hooks.join("pre-commit")).unwrap() + "echo more\n";
    fs::write(hooks.join("pre-commit"), &changed).unwrap();
    let output = run(repository.path(), &["uninstall"]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert!(stdout(&output).contains("it was changed since") && stdout(&output).contains("back to pre-commit"), "{}", stdout(&output));
    assert_eq!(fs::read_to_string(hooks.join("pre-commit")).unwrap(), changed);
    assert!(hooks.join("pre-commit.before-paralint").exists() && !hooks.join("pre-merge-commit").exists());
    // Deleted as it says: the earlier one comes back.
    fs::remove_file(hooks.join("pre-commit")).unwrap();
    assert_eq!(code(&run(repository.path(), &["uninstall"])), 0);
    assert_eq!(fs::read_to_string(hooks.join("pre-commit")).unwrap(), "#!/bin/sh\necho mine\n");
}

#[test]
fn hooks_of_the_work_tree_need_to_be_asked_for() {
    let repository = Repository::new();
    run(repository.path(), &["install"]);
    repository.git(&["config", "core.hooksPath", ".githooks"]);
    run(repository.path(), &["install", "--write"]);
    let output = run(repository.path(), &["uninstall"]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert!(stdout(&output).contains("uninstall --write"), "{}", stdout(&output));
    assert!(stdout(&output).contains("removed .git/hooks/pre-commit"), "where git looked before: {}", stdout(&output));
    assert_eq!(contents(&repository.path().join(".githooks")).len(), 2);
    assert_eq!(code(&run(repository.path(), &["uninstall", "--write"])), 0);
    assert!(!repository.path().join(".githooks").exists());
}
