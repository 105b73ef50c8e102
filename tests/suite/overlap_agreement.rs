//! `paralint overlap` on eight agents' branches: agreement with git, pair by pair, and what is left behind.

use super::overlap::{WAYS, both, branch, edited, kinds, overlap, text};
use super::overlap_worktrees::state_of;
use super::program::{code, paralint, report, run, stdout};
use super::repository::Repository;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// Eight agents' branches: edits, renames, deletions, cherry-picks, modes, lock files.
fn eight() -> Repository {
    let repository = Repository::new();
    for number in 0..24 {
        repository.write(&format!("src/m{}/f{number}.rs", number % 4), &text(&format!("f{number}")));
    }
    repository.write("Cargo.lock", &text("lock"));
    repository.write("Cargo.toml", &text("toml"));
    repository.commit_all("base");
    let file = |number: usize| format!("src/m{}/f{number}.rs", number % 4);
    for agent in 0..8_usize {
        branch(&repository, &format!("agent/{agent}"), "main", |work| {
            // Two neighbours edit one file: sometimes the same lines, sometimes others.
            for step in [0, 1] {
                let number = (agent + step) * 2 % 24;
                let first = 5 + (agent * 7 + step * 11) % 40;
                work.write(&file(number), &edited(&format!("f{number}"), first..=first + 4, &format!("agent {agent}")));
            }
            work.write("Cargo.lock", &edited("lock", 1 + agent * 6..=3 + agent * 6, &format!("agent {agent}")));
            match agent {
                1 => work.rename(&file(4), "src/moved/f4.rs"),
                2 => {
                    work.git(&["rm", "-q", "-f", &file(6)]);
                }
                3 => work.write("src/shared.rs", "the same\n"),
                4 => {
                    work.write("src/shared.rs", "the same\n");
                    work.write("Cargo.toml", &edited("toml", 10..=11, "four"));
                }
                5 => {
                    work.write("src/shared.rs", "another\n");
                    std::fs::set_permissions(work.path().join("Cargo.toml"), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
                }
                6 => work.rename("Cargo.toml", "crates/Cargo.toml"),
                7 => work.rename(&file(20), &file(21).replace("f21", "f20-renamed")),
                _ => {}
            }
        });
    }
    repository
}

#[test]
fn all_pairs_of_eight_branches_agree_with_git() {
    let repository = eight();
    let report = overlap(repository.path(), "auto", &["--branches", "agent/*"]);
    assert_eq!(report["checked"][0]["detail"].as_str().unwrap().split(',').next().unwrap(), "28 pairs of 8 branches");
    let mut conflicts = 0;
    for one in 0..8 {
        for other in one + 1..8 {
            let (one, other) = (format!("agent/{one}"), format!("agent/{other}"));
            let said = repository.try_git(&["merge-tree", "--write-tree", "--name-only", "-z", "--no-messages", &one, &other]);
            let text = String::from_utf8(said.stdout).unwrap();
            let gits: BTreeSet<String> = text.split('\0').skip(1).filter(|path| !path.is_empty()).map(str::to_owned).collect();
            assert_eq!(said.status.code(), Some(i32::from(!gits.is_empty())));
            let pair = |found: &&Value| found["between"] == serde_json::json!([one, other]);
            let ours: Vec<&Value> = report["overlaps"].as_array().unwrap().iter().filter(pair).collect();
            let names = |path: &str, found: &Value| {
                let renamed = found["remarks"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|remark| remark.as_str().unwrap().contains(&format!("renamed to {path} by")));
                found["path"] == path || renamed
            };
            // Each file that git names is a conflict of ours, and each conflict of ours is one that git names.
            let conflicting: Vec<&&Value> = ours.iter().filter(|found| found["kind"] == "conflict").collect();
            for path in &gits {
                assert!(conflicting.iter().any(|found| names(path, found)), "{one} {other} {path}: {ours:#?}");
            }
            for found in &conflicting {
                assert!(gits.iter().any(|path| names(path, found)), "{one} {other}: {found:#}, git says {gits:?}");
            }
            conflicts += conflicting.len();
            // Every file that both changed is there.
            let changed = |name: &str| -> BTreeSet<String> {
                let out = repository.git(&["diff", "--name-only", "--no-renames", "-z", "main", name]);
                out.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect()
            };
            let common: BTreeSet<String> = changed(&one).intersection(&changed(&other)).cloned().collect();
            let told: BTreeSet<String> = ours.iter().map(|found| found["path"].as_str().unwrap().to_owned()).collect();
            assert_eq!(told, common, "{one} {other}");
        }
    }
    assert!(conflicts > 5, "{conflicts}");
    both(&repository, &["--branches", "agent/*"]);
}

#[test]
fn the_order_of_merging_can_be_followed() {
    let repository = eight();
    let report = overlap(repository.path(), "auto", &["--branches", "agent/*"]);
    let order: Vec<&str> = report["merge_order"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert_eq!(order.iter().collect::<BTreeSet<_>>().len(), 8);
    let (conflicts, mut clean) = (kinds(&report).into_iter().filter(|one| one.ends_with(" conflict")).collect::<Vec<_>>(), Vec::new());
    for name in &order {
        let meets = |other: &&&str| {
            conflicts.iter().any(|one| one.contains(&format!("{name} {other} ")) || one.contains(&format!("{other} {name} ")))
        };
        if clean.iter().any(|other| meets(&other)) {
            break;
        }
        clean.push(*name);
    }
    // Those come first, and git merges them all.
    assert!(clean.len() > 2, "{order:?}");
    for name in clean {
        repository.git(&["merge", "-q", "--no-ff", "-m", name, name]);
    }
}

#[test]
fn the_repository_gains_nothing() {
    let repository = eight();
    let before = (repository.git(&["count-objects", "-v"]), state_of(repository.path()));
    for way in WAYS {
        overlap(repository.path(), way, &["--branches", "agent/*"]);
    }
    assert_eq!(before, (repository.git(&["count-objects", "-v"]), state_of(repository.path())));
}

#[test]
fn the_screen_fits_and_says_it_in_words() {
    let repository = eight();
    for arguments in [&["overlap", "--branches", "agent/*"][..], &["overlap", "--branches", "agent/*", "--ascii", "--verbose"]] {
        let output = run(repository.path(), arguments);
        let text = stdout(&output);
        assert_eq!(code(&output), 1);
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        assert!(text.contains("merge in this order for the fewest conflicts: ") && text.contains("conflict "), "{text}");
        assert!(!arguments.contains(&"--ascii") || text.is_ascii(), "{text}");
    }
    assert_eq!(stdout(&run(repository.path(), &["overlap"])), stdout(&run(repository.path(), &["overlap"])));
}

#[test]
fn the_report_meets_its_schema() {
    let schema: Value = serde_json::from_slice(&run(Path::new("/"), &["schema", "report"]).stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let repository = eight();
    let report = overlap(repository.path(), "auto", &["--branches", "agent/*"]);
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn without_git_libgit2_finds_the_same() {
    let repository = eight();
    let mut with = report(repository.path(), &["overlap", "--branches", "agent/*"]);
    let output = paralint(repository.path())
        .env("PATH", "/nowhere")
        .args(["overlap", "--branches", "agent/*", "--format", "json"])
        .output()
        .unwrap();
    let mut without: Value = serde_json::from_slice(&output.stdout).unwrap();
    // Some of the branches rename files: there libgit2 may miss something, and says so.
    assert!(!without["not_checked"].as_array().unwrap().is_empty() && with["not_checked"].as_array().unwrap().is_empty());
    for one in [&mut with, &mut without] {
        one["not_checked"].take();
    }
    assert_eq!(with, without);
}
