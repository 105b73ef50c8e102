//! `paralint gates` and `paralint check --gates`: what runs, why, on what, and what is remembered.

use super::gates_probes::{report, repository, rules, status};
use super::program::{code, run, stderr, stdout};
use super::repository::Repository;
use serde_json::Value;

fn whys(report: &Value) -> Vec<(&str, &str, &str)> {
    let gates = report["gates"].as_array().unwrap();
    gates
        .iter()
        .map(|gate| (gate["name"].as_str().unwrap(), gate["status"].as_str().unwrap(), gate["why"].as_str().unwrap_or_default()))
        .collect()
}

fn not_checked(report: &Value, what: &str) -> String {
    let entries = report["not_checked"].as_array().unwrap();
    entries.iter().filter(|entry| entry["what"] == what).map(|entry| entry["why"].as_str().unwrap()).collect::<Vec<_>>().join("; ")
}

#[test]
fn without_gates_it_says_so_and_passes() {
    for configuration in ["", "[limits]\nmax_parallel = 3\n"] {
        let repository = repository(configuration);
        let output = run(repository.path(), &["gates"]);
        assert_eq!(code(&output), 0);
        assert!(stdout(&output).contains("none is configured in paralint.toml"), "{}", stdout(&output));
    }
}

#[test]
fn the_example_of_the_documents_runs() {
    let repository = repository(
        "[gates.fmt]\nrun = 'true'\n[gates.clippy]\nrun = 'echo $RUST_BACKTRACE; test \"$RUST_BACKTRACE\" = 1'\n\
         when = { changed = ['**/*.rs'], phases = ['implementation'] }\nneeds = ['fmt']\nresources = ['cargo-target']\nweight = 2\n\
         timeout = '10m'\nretries = 0\nprofiles = ['production', 'bulletproof']\nenv = { RUST_BACKTRACE = '1' }\ninputs = 'worktree'\n",
    );
    let (report_of_text, _) = report(repository.path(), &["gates"]);
    assert_eq!(status(&report_of_text, "clippy"), "skipped", "{report_of_text:#}");
    repository.write("src/a.rs", "fn a() {}\n");
    repository.git(&["add", "src/a.rs"]);
    let (of_code, exit) = report(repository.path(), &["gates"]);
    assert_eq!((status(&of_code, "fmt"), status(&of_code, "clippy"), exit), ("passed", "passed", 0), "{of_code:#}");
    let (of_draft, _) = report(repository.path(), &["gates", "--profile", "draft"]);
    let told = ("clippy", "skipped", "profile draft, and it runs in production, bulletproof");
    assert_eq!((whys(&of_draft).len(), whys(&of_draft)[1]), (2, told), "{of_draft:#}");
    let (of_phase, _) = report(repository.path(), &["gates", "--phase", "architecture"]);
    assert_eq!(status(&of_phase, "clippy"), "skipped", "{of_phase:#}");
}

#[test]
fn what_runs_and_why_can_be_listed_without_running_it() {
    let repository = repository(
        "[gates.a]\nrun = 'touch ran'\nneeds = ['b']\n[gates.b]\nrun = 'touch ran'\n[gates.c]\nrun = 'true'\nwhen = { changed = ['*.rs'] }\n",
    );
    let (listed, exit) = report(repository.path(), &["gates", "--list"]);
    assert_eq!(exit, 0);
    let names: Vec<&str> = whys(&listed).iter().map(|(name, _, _)| *name).collect();
    assert_eq!(names, ["b", "a", "c"]);
    assert_eq!((status(&listed, "a"), status(&listed, "c")), ("planned", "skipped"));
    let text = stdout(&run(repository.path(), &["gates", "--list"]));
    assert!(text.find(" b").unwrap() < text.find(" a").unwrap() && text.contains("*.rs") && text.contains("critical path"), "{text}");
    assert!(!repository.path().join("ran").exists());
}

#[test]
fn a_gate_that_is_named_runs_with_what_it_needs_and_nothing_else() {
    let repository = repository(
        "[gates.build]\nrun = 'true'\n[gates.test]\nrun = 'true'\nneeds = ['build']\nprofiles = ['bulletproof']\nwhen = { changed = ['*.never'] }\n[gates.other]\nrun = 'exit 1'\n",
    );
    let (named, exit) = report(repository.path(), &["gates", "test"]);
    assert_eq!(
        (status(&named, "build"), status(&named, "test"), named["gates"].as_array().unwrap().len(), exit),
        ("passed", "passed", 2, 0)
    );
    let output = run(repository.path(), &["gates", "tset"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("did you mean `test`?"), "{}", stderr(&output));
    let text = stderr(&run(repository.path(), &["gates", "zzzzzzzz", "tset"]));
    assert!(text.contains("`zzzzzzzz`, `tset`") && text.contains("did you mean `test`?"), "{text}");
}

#[test]
fn where_all_gates_are_of_another_profile_a_run_says_so() {
    let repository = repository("[gates.fuzz]\nrun = 'true'\nprofiles = ['bulletproof']\n");
    for arguments in [&["gates"][..], &["gates", "--list"]] {
        let (report, exit) = report(repository.path(), arguments);
        let told = [("fuzz", "skipped", "profile production, and it runs in bulletproof")];
        assert_eq!((whys(&report), exit), (told.to_vec(), 0), "{report:#}");
        let text = stdout(&run(repository.path(), arguments));
        assert!(text.contains("runs in bulletproof"), "{text}");
    }
}

#[test]
fn every_wave_is_a_phase_to_name_and_no_configuration_is_said_to_be_none() {
    let repository = repository(
        "[gates.a]\nrun = 'true'\nwhen = { phases = ['wave-2'] }\n[gates.b]\nrun = 'true'\nwhen = { phases = ['validation'] }\n",
    );
    let (waves, _) = report(repository.path(), &["gates", "--phase", "wave"]);
    assert_eq!(whys(&waves)[1], ("b", "skipped", "every wave, and it runs in validation"), "{waves:#}");
    assert_eq!(status(&waves, "a"), "passed", "{waves:#}");
    let text = stderr(&run(repository.path(), &["gates", "--phase", "wvae-2"]));
    assert!(text.contains("did you mean `wave-2`?"), "{text}");
    let text = stdout(&run(repository.path(), &["gates", "--no-config"]));
    assert!(text.contains("--no-config was given") && !text.contains("not there"), "{text}");
}

#[test]
fn changed_files_are_arguments_and_nothing_in_a_name_is_a_command() {
    let odd = ["-rf", "two words.txt", "$(touch pwned).txt", "quote'\".txt", "new\nline.txt"];
    for run in ["printf '%s\\n' {files} > got", "echo 'not this' && printf '%s\\n' {files} > got"] {
        let repository =
            repository(&format!("[gates.files]\nrun = \"\"\"{}\"\"\"\nwhen = {{ changed = ['**'] }}\n", run.replace('\\', "\\\\")));
        repository.git(&["reset", "-q", "--hard"]);
        for name in odd {
            repository.write(name, "x\n");
        }
        repository.git(&["add", "--", "."]);
        repository.git(&["rm", "-q", "other.txt"]);
        let (report, exit) = report(repository.path(), &["gates"]);
        assert_eq!((status(&report, "files"), exit), ("passed", 0), "{report:#}");
        let got = std::fs::read_to_string(repository.path().join("got")).unwrap();
        for name in odd {
            let name = if name.starts_with('-') { format!("./{name}") } else { name.to_owned() };
            assert!(got.contains(&format!("{name}\n")), "{name:?} in {got:?}");
        }
        assert!(!got.contains("other.txt") && !repository.path().join("pwned").exists(), "{got:?}");
    }
}

#[test]
fn more_files_than_one_command_takes_are_split() {
    let repository = repository("[gates.files]\nrun = 'printf \"%s\\n\" {files} >> ../got'\n");
    for number in 0..3000 {
        repository.write(&format!("a-folder-with-a-name-that-is-rather-long-for-a-folder/{}/{number}.txt", "x".repeat(100)), "x\n");
    }
    repository.git(&["add", "-A"]);
    let (report, _) = report(repository.path(), &["gates"]);
    assert_eq!(status(&report, "files"), "passed", "{report:#}");
    let got = std::fs::read_to_string(repository.path().join("../got")).unwrap();
    let names: std::collections::BTreeSet<&str> = got.lines().collect();
    assert_eq!((got.lines().count(), names.len()), (3002, 3002));
}

#[test]
fn gates_on_the_work_tree_say_how_it_differs_from_what_is_staged() {
    let repository = repository("[gates.a]\nrun = 'true'\n");
    let (report_differs, _) = report(repository.path(), &["gates"]);
    let why = not_checked(&report_differs, "what is staged");
    assert!(why.contains("kept.txt") && why.contains("new.txt") && !why.contains("other.txt"), "{why}");
    repository.git(&["add", "-A"]);
    let (report_same, _) = report(repository.path(), &["gates"]);
    assert_eq!(not_checked(&report_same, "what is staged"), "");
}

#[test]
fn gates_on_what_is_staged_see_that_alone_and_are_not_run_twice_for_one_tree() {
    let gate = "test \"$(cat kept.txt)\" = staged && ! test -e new.txt && git diff --quiet && echo x >> ../../../../count";
    let repository = repository(&format!("[gates.a]\nrun = '{gate}'\ninputs = 'index'\n"));
    let count = || std::fs::read_to_string(repository.beside("count")).map_or(0, |text| text.lines().count());
    let outcome = |arguments: &[&str]| {
        let (report, exit) = report(repository.path(), arguments);
        assert_eq!((status(&report, "a"), exit), ("passed", 0), "{report:#}");
        (report["gates"][0]["cached"].as_bool().unwrap(), count())
    };
    assert_eq!(outcome(&["gates"]), (false, 1));
    assert_eq!(outcome(&["gates"]), (true, 1));
    assert_eq!(outcome(&["gates", "--no-cache"]), (false, 2));
    repository.write("other.txt", "changed\n");
    assert_eq!(outcome(&["gates"]), (true, 2), "what is not staged does not count");
    repository.git(&["add", "other.txt"]);
    assert_eq!(outcome(&["gates"]), (false, 3));
    repository.git(&["reset", "-q", "other.txt"]);
    assert_eq!(outcome(&["gates"]), (true, 3), "a tree that has passed before");
    let output = run(repository.path(), &["gates", "--clean"]);
    assert!(code(&output) == 0 && !repository.path().join(".git/paralint").exists(), "{}", stdout(&output));
    assert_eq!(outcome(&["gates"]), (false, 4));
}

#[test]
fn a_link_that_changed_calls_for_a_gate_and_is_given_to_none() {
    let repository = repository(
        "[gates.a]\nrun = 'true'\nwhen = { changed = ['link'] }\n[gates.b]\nrun = ['echo', '{files}']\nwhen = { changed = ['link'] }\n",
    );
    repository.git(&["reset", "-q", "--hard"]);
    std::os::unix::fs::symlink("other.txt", repository.path().join("link")).unwrap();
    for staged in [false, true] {
        if staged {
            repository.git(&["add", "link"]);
        } else {
            std::fs::remove_file(repository.path().join("new.txt")).unwrap();
        }
        let (linked, _) = report(repository.path(), &["gates"]);
        assert_eq!((status(&linked, "a"), status(&linked, "b")), ("passed", "skipped"), "{staged}: {linked:#}");
        let (listed, _) = report(repository.path(), &["gates", "--list"]);
        assert_eq!(whys(&listed)[0], ("a", "planned", "link changed"), "{listed:#}");
    }
}

#[test]
fn what_cannot_be_hashed_costs_the_receipt_and_that_is_said() {
    let repository = repository("[gates.a]\nrun = 'true'\n");
    std::fs::File::create(repository.path().join("long")).unwrap().set_len((64 << 20) + 1).unwrap();
    let (long, exit) = report(repository.path(), &["gates"]);
    assert_eq!((status(&long, "a"), exit), ("passed", 0));
    assert!(not_checked(&long, "a receipt").contains("too large"), "{long:#}");
    assert!(!repository.path().join(".git/paralint/receipts").exists());
}

#[test]
fn a_retry_that_was_needed_is_a_warning() {
    let repository =
        repository("[gates.flaky]\nrun = 'echo x >> ../tries; test $(wc -l < ../tries) -ge 3'\nretries = 2\nbackoff = '10ms'\n");
    let (flaky, exit) = report(repository.path(), &["gates"]);
    assert_eq!(
        (status(&flaky, "flaky"), flaky["gates"][0]["attempts"].as_u64(), rules(&flaky), exit),
        ("passed", Some(3), vec!["gate-leak"], 0)
    );
    assert_eq!(flaky["summary"]["warning"], 1);
}

#[test]
fn a_timeout_ends_the_whole_group() {
    let repository = repository("[gates.slow]\nrun = 'sleep 300 & sleep 300'\ntimeout = '200ms'\n");
    let (slow, exit) = report(repository.path(), &["gates"]);
    assert_eq!((status(&slow, "slow"), rules(&slow), exit), ("timeout", vec!["gate-timeout"], 1), "{slow:#}");
}

#[test]
fn times_of_gates_overlap_and_the_report_says_how_much() {
    let repository =
        repository("[gates.a]\nrun = 'sleep 0.4'\n[gates.b]\nrun = 'sleep 0.4'\n[gates.c]\nrun = 'sleep 0.4'\nneeds = ['a']\n");
    let (both, _) = report(repository.path(), &["gates", "--jobs", "2"]);
    let summary = &both["gates_summary"];
    assert!(summary["effective_concurrency"].as_f64().unwrap() > 1.2, "{summary}");
    assert_eq!(summary["critical_gates"], serde_json::json!(["a", "c"]));
    assert!(both["gates"][0]["cpu"].is_number() && both["gates"][0]["peak_memory"].as_u64().unwrap() > 0);
    let held = repository.path().join("paralint.toml");
    std::fs::write(&held, "[gates.a]\nrun = 'mkdir x && sleep 0.1 && rmdir x'\nresources = ['x']\n[gates.b]\nrun = 'mkdir x && sleep 0.1 && rmdir x'\nresources = ['x']\n").unwrap();
    let (apart, exit) = report(repository.path(), &["gates", "--jobs", "2"]);
    assert_eq!((exit, &apart["gates_summary"]["critical_resource"]), (0, &serde_json::json!("x")), "{apart:#}");
}

#[test]
fn a_check_runs_gates_where_it_is_told_to() {
    let repository = repository("[gates.a]\nrun = 'exit 1'\n");
    let (without, exit) = report(repository.path(), &["check", "--session", "none"]);
    assert!(without.get("gates").is_none() && exit == 0);
    let (with, exit) = report(repository.path(), &["check", "--gates", "--session", "none"]);
    assert_eq!((status(&with, "a"), rules(&with), exit), ("failed", vec!["gate-failed"], 1), "{with:#}");
    let text = stdout(&run(repository.path(), &["check", "--gates", "--session", "none"]));
    assert!(text.contains("paralint gates a") && text.contains("1 of 1 gate failed"), "{text}");
    let output = run(repository.path(), &["check", "--fail-fast"]);
    assert!(code(&output) == 2 && stderr(&output).contains("--gates"), "{}", stderr(&output));
}

#[test]
fn a_clean_tree_counts_as_changed_as_a_whole() {
    let repository = Repository::new();
    repository.write("paralint.toml", "[gates.a]\nrun = 'printf \"%s \" {files}; exit 1'\nwhen = { changed = ['*.txt'] }\n[gates.b]\nrun = 'true'\nwhen = { changed = ['*.rs'] }\n");
    repository.write("one.txt", "1\n");
    repository.write("two.txt", "2\n");
    repository.commit_all("first");
    let (all, _) = report(repository.path(), &["gates"]);
    assert_eq!((all["gates"][0]["output"]["head"].as_str(), status(&all, "b")), (Some("one.txt two.txt "), "skipped"), "{all:#}");
}

#[test]
fn what_runs_left_in_any_worktree_is_taken_away() {
    let repository = repository("[gates.a]\nrun = 'true'\ninputs = 'index'\n");
    let linked = repository.path().join("../linked");
    repository.git(&["worktree", "add", "-q", "../linked", "HEAD"]);
    let clean = || report(repository.path(), &["gates", "--clean"]);
    let removed = |report: &Value| -> Vec<String> {
        let checked = report["checked"].as_array().unwrap().iter().filter(|entry| entry["what"] == "removed");
        checked.map(|entry| entry["detail"].as_str().unwrap().to_owned()).collect()
    };
    let (nothing, exit) = clean();
    assert_eq!((removed(&nothing), exit), (vec!["nothing to remove".to_owned()], 0));
    assert_eq!((report(repository.path(), &["gates"]).1, report(&linked, &["gates"]).1), (0, 0));
    let held = super::gates_checkout::prepare(&linked);
    let (some, exit) = clean();
    let list = removed(&some);
    let message = some["error"]["message"].as_str().unwrap();
    assert!(exit == 2 && message.contains("linked/paralint/staged") && message.contains("another run"), "{some:#}");
    assert!(list.len() == 2 && list[0].starts_with("the checkout") && list[1].starts_with("receipts"), "{some:#}");
    assert!(held.root.join("kept.txt").exists() && !repository.path().join(".git/paralint").exists());
    drop(held);
    let (rest, exit) = clean();
    assert!(exit == 0 && removed(&rest)[0].contains("worktrees/linked/paralint/staged"), "{rest:#}");
    assert!(!repository.path().join(".git/worktrees/linked/paralint").exists());
    assert!(stdout(&run(repository.path(), &["gates", "--clean"])).contains("nothing to remove"));
}

#[test]
fn a_gate_that_changes_what_is_staged_proves_nothing() {
    let configuration = "[gates.fix]\nrun = 'sed -i s/staged/good/ kept.txt'\ninputs = 'index'\n\
         [gates.lint]\nrun = '! grep -q staged kept.txt'\ninputs = 'index'\nneeds = ['fix']\n";
    let repository = repository(configuration);
    for arguments in [&["gates"][..], &["check", "--gates", "--session", "none"], &["gates"]] {
        let (fixed, exit) = report(repository.path(), arguments);
        let error = &fixed["error"];
        assert_eq!((exit, error["kind"].as_str()), (2, Some("gates")), "{fixed:#}");
        let message = error["message"].as_str().unwrap();
        assert_eq!(message, "kept.txt changed in the checkout while gates ran: what passed is not what is staged");
        assert!(error["hint"].as_str().unwrap().contains("only check"));
        assert_eq!((status(&fixed, "fix"), status(&fixed, "lint")), ("passed", "passed"), "their own results stay");
        assert!(fixed["gates"].as_array().unwrap().iter().all(|gate| gate["cached"] == false), "{fixed:#}");
        assert!(!repository.path().join(".git/paralint/receipts").exists());
    }
    let output = run(repository.path(), &["gates"]);
    let text = stdout(&output) + &stderr(&output);
    assert!(code(&output) == 2 && text.contains("kept.txt changed in the checkout") && text.contains("only check"), "{text}");
    // The next run sees what is staged again.
    std::fs::write(repository.path().join("paralint.toml"), configuration.replace("sed -i s/staged/good/ kept.txt", "true")).unwrap();
    let (lint, exit) = report(repository.path(), &["gates"]);
    assert_eq!((status(&lint, "lint"), exit), ("failed", 1), "{lint:#}");
}

#[test]
fn a_gate_that_takes_its_checkout_away_proves_nothing() {
    let repository = repository("[gates.a]\nrun = 'rm -rf \"$PWD\"'\ninputs = 'index'\n");
    for _ in 0..2 {
        let (gone, exit) = report(repository.path(), &["gates"]);
        assert_eq!((exit, gone["error"]["kind"].as_str()), (2, Some("gates")), "{gone:#}");
        assert!(!repository.path().join(".git/paralint/receipts").exists());
    }
}

#[test]
fn gates_on_the_work_tree_run_while_a_merge_is_being_resolved() {
    let gates = "[gates.text]\nrun = 'printf \"%s \" {files}; exit 1'\nwhen = { changed = ['*.txt'] }\n[gates.staged]\nrun = 'true'\ninputs = 'index'\nwhen = { changed = ['*.rs'] }\n";
    let repository = Repository::new();
    repository.write("paralint.toml", gates);
    repository.write("a.txt", "1\n");
    repository.write("b.txt", "1\n");
    repository.commit_all("first");
    repository.git(&["checkout", "-q", "-b", "other"]);
    repository.write("a.txt", "2\n");
    repository.commit_all("second");
    repository.git(&["checkout", "-q", "-"]);
    repository.write("a.txt", "3\n");
    repository.commit_all("third");
    assert!(!repository.try_git(&["merge", "-q", "other"]).status.success());
    let (listed, exit) = report(repository.path(), &["gates", "--list"]);
    assert_eq!((status(&listed, "text"), status(&listed, "staged"), exit), ("planned", "skipped", 0), "{listed:#}");
    let (ran, exit) = report(repository.path(), &["gates"]);
    assert_eq!((ran["gates"][0]["output"]["head"].as_str(), status(&ran, "staged"), exit), (Some("a.txt "), "skipped", 1), "{ran:#}");
    assert!(not_checked(&ran, "a receipt").contains("a merge is being resolved (a.txt)"), "{ran:#}");
    assert!(!repository.path().join(".git/paralint/receipts").exists());
    let (named, exit) = report(repository.path(), &["gates", "staged"]);
    assert_eq!((status(&named, "staged"), exit), ("unavailable", 1), "{named:#}");
    assert!(named["gates"][0]["why"].as_str().unwrap().contains("unmerged paths: a.txt"), "{named:#}");
}
