//! Gates that tamper with the checkout of what is staged, and runs within runs.

use super::gates_probes::{report, repository, rules, status};

#[test]
fn what_a_gate_does_to_the_index_of_its_checkout_hides_nothing_from_the_next_run() {
    let attacks = [
        "git sparse-checkout set --no-cone /paralint.toml",
        "git update-index --skip-worktree other.txt; rm other.txt",
        "git update-index --assume-unchanged other.txt; echo good > other.txt",
        "git rm -q --cached other.txt; rm other.txt",
        "git config core.sparseCheckout true; mkdir -p .git/info; echo /kept.txt > .git/info/sparse-checkout; git read-tree -mu HEAD",
        "git config core.worktree /; git config core.bare true",
    ];
    for attack in attacks {
        let repository = repository(&format!(
            "[gates.attack]\nrun = '{attack}'\ninputs = 'index'\n[gates.lint]\nrun = '! grep -q BAD *'\ninputs = 'index'\ncache = false\n"
        ));
        repository.write("other.txt", "BAD\n");
        repository.git(&["add", "other.txt"]);
        assert_eq!(status(&report(repository.path(), &["gates", "lint"]).0, "lint"), "failed");
        report(repository.path(), &["gates", "attack"]);
        for _ in 0..2 {
            let (after, code) = report(repository.path(), &["gates", "lint"]);
            assert_eq!((status(&after, "lint"), code), ("failed", 1), "{attack}: {after:#}");
        }
    }
}

#[test]
fn a_run_that_asks_for_the_checkout_of_a_run_around_it_is_refused_and_not_waited_for() {
    let program = assert_cmd::cargo::cargo_bin("paralint");
    for environment in ["", "env -i PATH=\"$PATH\" "] {
        let inner = format!("{environment}{} gates --config inner.toml", program.display());
        let repository = repository(&format!(
            "[gates.outer]\nrun = '''{inner}'''\ntimeout = '40s'\n[gates.long]\nrun = 'true'\ninputs = 'index'\nneeds = ['outer']\n"
        ));
        repository.write("inner.toml", "[gates.inner]\nrun = 'true'\ninputs = 'index'\ncache = false\n");
        let (outer, code) = report(repository.path(), &["gates"]);
        assert_eq!((status(&outer, "outer"), rules(&outer), code), ("failed", vec!["gate-failed"], 1), "{environment}: {outer:#}");
        let said = outer["gates"][0]["output"]["head"].as_str().unwrap();
        assert!(said.contains("inside of a gate"), "{said}");
    }
}

#[test]
fn a_gate_that_starts_itself_ends() {
    let program = assert_cmd::cargo::cargo_bin("paralint");
    for inputs in ["worktree", "index"] {
        let repository =
            repository(&format!("[gates.again]\nrun = '{} gates again'\ninputs = '{inputs}'\ntimeout = '40s'\n", program.display()));
        let (outer, code) = report(repository.path(), &["gates"]);
        assert_eq!((status(&outer, "again"), code), ("failed", 1), "{outer:#}");
        let said = outer["gates"][0]["output"]["head"].as_str().unwrap();
        assert!(said.contains("running already"), "{said}");
    }
}
