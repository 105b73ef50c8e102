//! What a gate does with git in the checkout decides nothing for the next run.

use super::gates_checkout::{contents, files, gate_says, mixed, pairs, prepare};
use super::gates_seen::open;
use super::repository::Repository;
use std::path::Path;
use std::time::SystemTime;

const STAGED: [(&str, &str); 3] = [(".gitignore", "target/\n"), ("a", "staged\n"), ("sub dir/new", "staged\n")];

fn modified(path: &Path) -> SystemTime {
    std::fs::metadata(path).unwrap().modified().unwrap()
}

#[test]
fn marks_in_the_index_of_the_checkout_hide_no_staged_file() {
    let ways: [(&str, &[&[&str]], &str); 8] = [
        ("sparse", &[&["sparse-checkout", "set", "--no-cone", "a"]], "sub dir/new"),
        ("sparse folders", &[&["sparse-checkout", "set", "--cone", "--sparse-index", "none"]], "sub dir/new"),
        ("skipped", &[&["update-index", "--skip-worktree", "a"]], "a"),
        ("assumed", &[&["update-index", "--assume-unchanged", "a"]], "a"),
        ("announced", &[&["rm", "-q", "--cached", "a"], &["add", "-N", "a"]], "a"),
        ("ignored stat", &[&["config", "core.ignoreStat", "true"], &["checkout", "-q", "-f", "--", "a"]], "a"),
        ("split", &[&["update-index", "--split-index", "--skip-worktree", "a"]], "a"),
        ("monitored", &[&["config", "core.fsmonitor", "true"], &["update-index", "--fsmonitor-valid", "a"]], "a"),
    ];
    let repository = mixed();
    let before = contents(repository.path(), "paralint");
    for (way, commands, missing) in ways {
        for change in ["gone", "other"] {
            let checkout = prepare(repository.path());
            for command in commands {
                // Not every git has a monitor; what counts is what comes after.
                let _ = super::repository::git_in(&checkout.root).args(*command).output().unwrap();
            }
            let path = checkout.root.join(missing);
            if change == "gone" {
                let _ = std::fs::remove_file(&path);
            } else {
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(&path, "by a gate\n").unwrap();
            }
            drop(checkout);
            let checkout = prepare(repository.path());
            assert_eq!(files(&checkout), pairs(&STAGED), "{way}, {change}");
            assert_eq!(gate_says(&checkout, &["ls-files", "-v"]), "H .gitignore\nH a\nH sub dir/new", "{way}, {change}");
            assert_eq!(gate_says(&checkout, &["status", "--porcelain"]), "M  a\nD  gone\nA  \"sub dir/new\"", "{way}, {change}");
            let git_dir = checkout.root.join(".git");
            assert!(!git_dir.join("info/sparse-checkout").exists() && !git_dir.join("config.worktree").exists(), "{way}");
            assert_eq!(gate_says(&checkout, &["config", "--default", "false", "core.sparseCheckout"]), "false", "{way}");
        }
    }
    assert_eq!(contents(repository.path(), "paralint"), before);
}

#[test]
fn the_real_configuration_sets_no_marks() {
    let repository = mixed();
    repository.git(&["config", "core.ignoreStat", "true"]);
    repository.git(&["config", "core.trustctime", "false"]);
    repository.git(&["config", "core.checkStat", "minimal"]);
    drop(prepare(repository.path()));
    // The index must be younger than the file, by a whole second where only seconds count: git looks into those that are as
    // young as itself.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let checkout = prepare(repository.path());
    let path = checkout.root.join("a");
    let time = modified(&path);
    // As long as before, and as old.
    std::fs::write(&path, "tagged\n").unwrap();
    std::fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    drop(checkout);
    assert_eq!(files(&prepare(repository.path())), pairs(&STAGED));
}

#[test]
fn a_tampered_index_leaves_the_folder_warm() {
    let repository = mixed();
    let checkout = prepare(repository.path());
    let old = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    std::fs::create_dir(checkout.root.join("target")).unwrap();
    std::fs::write(checkout.root.join("target/built"), "warm").unwrap();
    std::fs::File::options().write(true).open(checkout.root.join("target/built")).unwrap().set_modified(old).unwrap();
    let before = modified(&checkout.root.join("sub dir/new"));
    gate_says(&checkout, &["update-index", "--skip-worktree", "a"]);
    std::fs::remove_file(checkout.root.join("a")).unwrap();
    std::fs::write(checkout.root.join(".git/index"), "no index").unwrap();
    drop(checkout);
    let checkout = prepare(repository.path());
    assert_eq!(modified(&checkout.root.join("sub dir/new")), before);
    assert_eq!(modified(&checkout.root.join("target/built")), old);
    assert_eq!(files(&checkout).len(), 4);
}

#[test]
fn where_the_trusted_index_is_missing_or_broken_all_begins_anew() {
    let repository = Repository::new();
    repository.write(".gitignore", "kept\n");
    repository.write("kept", "1\n");
    repository.git(&["add", "-f", "."]);
    let damages: [fn(&Path); 4] = [
        |index| std::fs::remove_file(index).unwrap(),
        |index| std::fs::write(index, "no index").unwrap(),
        |index| std::fs::File::options().write(true).open(index).unwrap().set_len(20).unwrap(),
        |index| {
            std::fs::remove_file(index).unwrap();
            std::fs::create_dir(index).unwrap();
        },
    ];
    for damage in damages {
        repository.git(&["add", "-f", "."]);
        let checkout = prepare(repository.path());
        assert_eq!(files(&checkout).len(), 2);
        let index = checkout.root.parent().unwrap().join("staged.index");
        drop(checkout);
        damage(&index);
        std::fs::write(index.with_file_name("staged.index.lock"), "left by a crash").unwrap();
        // Ignored now, and still not what is staged.
        repository.git(&["rm", "-q", "--cached", "kept"]);
        assert_eq!(files(&prepare(repository.path())), pairs(&[(".gitignore", "kept\n")]));
    }
    assert!(open(repository.path(), "auto").entries(None).unwrap().len() == 1);
}
