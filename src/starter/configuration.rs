//! The text of paralint.toml. A line that begins with `#` and no blank behind it is an example: without its `#` it is valid.

use super::gates::Gate;
use super::identity::Identity;
use super::quote::{line, toml, toml_list};
use std::collections::BTreeSet;
use std::fmt::Write;

/// What the text is made from.
pub(super) struct Contents<'c> {
    pub(super) gates: &'c [Gate],
    pub(super) identity: &'c Identity,
    /// A BOUNDARIES.json with areas of several agents is written beside it.
    pub(super) has_areas: bool,
}

const HEAD: &str =
    "# What paralint checks here, and how strictly. It was made by `paralint init` from what is in the repository: change it freely.
# Lines that begin with `#` and no blank are examples: take the `#` away to use them.
# `paralint check` tells what is wrong with this file, `paralint schema config` prints its schema for editors.

";

const GATES: &str = "# ── Gates: commands that must pass ─────────────────────────────────────────────────────────────────
# `paralint gates` runs all of them at once, `paralint gates --list` says which would run for what is staged, and why;
# `paralint check --gates` runs them with the check. Further keys of a gate:
#   needs = [\"fmt\"]                  gates that must pass before this one
#   profiles = [\"bulletproof\"]       of draft, production, bulletproof; --profile chooses, production without it
#   resources = [\"database\"]         gates that name one resource never run at once
#   inputs = \"index\"                 run on a checkout of what is staged, not on what lies about
#   env = { RUST_BACKTRACE = \"1\" }   retries = 1   weight = 2 (of --jobs)   dir = \"web\"
#   run = \"a && b\"                   a text goes through the shell, a list is one program and its arguments;
#                                    in both {files} stands for the changed files that match
";

const REST: &str = "
# ── Rules and limits ───────────────────────────────────────────────────────────────────────────────
# How severe each rule is: \"off\", \"note\", \"warning\", \"error\". `paralint rule` lists them, `paralint rule NAME` explains one.
";

const LIMITS: &str = "
# How many agents may work at once (10 without it), and in one session.
#[limits]
#max_parallel = 3
#max_total = 20

# ── Phases and locks ───────────────────────────────────────────────────────────────────────────────
# Phases as WORKFLOW_STATE.json names them. The built-in ones are known: architecture is serial, implementation is parallel.
#[phases.review]
#parallel = false
#needs = [\"implementation\"]
GATES_OF_A_PHASE
# How old a lock of RESOURCE_LOCKS.json may be that does not say when it expires.
#[locks]
#max_age = \"24h\"

# ── Files that tools write ─────────────────────────────────────────────────────────────────────────
# Lock files and their kin are known. Changes of these count less, as they follow from other changes.
#[changes]
#generated = [\"gen/**\", \"*.designer.cs\"]

# ── Suppressions ───────────────────────────────────────────────────────────────────────────────────
# A finding that is accepted: by rule, where, and why. One that matches nothing any more is reported.
#[[suppress]]
#rule = \"idle-agent\"
#path = \"logs/**\"
#reason = \"logs of demonstrations\"
";

/// The text.
pub(super) fn text(contents: &Contents<'_>) -> String {
    let mut text = String::from(HEAD);
    let resources: BTreeSet<&str> = contents.gates.iter().filter_map(|gate| gate.resource).collect();
    let is_used = contents.gates.iter().any(|gate| gate.example.is_none() && gate.resource.is_some());
    if !resources.is_empty() {
        text.push_str("# What only one gate uses at a time: build tools lock their folder, so two of them at once only wait.\n");
        let resources: Vec<&str> = resources.into_iter().collect();
        let _ = writeln!(text, "{}resources = {}\n", if is_used { "" } else { "#" }, toml_list(&resources));
    }
    text.push_str(GATES);
    if contents.gates.iter().all(|gate| gate.example.is_some()) {
        text.push_str("# Nothing was found here that certainly is a gate of this repository; name your own:\n");
    }
    contents.gates.iter().for_each(|gate| write_gate(&mut text, gate));
    if contents.gates.is_empty() {
        text.push_str("\n#[gates.test]\n#run = \"./run-tests\"\n#timeout = \"10m\"\n");
    }
    write_identity(&mut text, contents.identity);
    text.push_str(REST);
    write_rules(&mut text, contents.has_areas);
    let gates: Vec<&str> = contents.gates.iter().filter(|gate| gate.example.is_none()).map(|gate| gate.name.as_str()).collect();
    let of_phase = if gates.is_empty() { String::new() } else { format!("#gates = {}\n", toml_list(&gates)) };
    text.push_str(&LIMITS.replace("GATES_OF_A_PHASE\n", &format!("{of_phase}\n")));
    text
}

fn write_gate(text: &mut String, gate: &Gate) {
    let mut lines = vec![format!("[gates.{}]", toml_key(&gate.name)), format!("run = {}", toml_list(&gate.run))];
    if let Some(dir) = &gate.dir {
        lines.push(format!("dir = {}", toml(dir)));
    }
    if !gate.changed.is_empty() {
        lines.push(format!("when = {{ changed = {} }}", toml_list(&gate.changed)));
    }
    if let Some(resource) = gate.resource {
        lines.push(format!("resources = {}", toml_list(&[resource])));
    }
    if gate.weight > 1 {
        lines.push(format!("weight = {}", gate.weight));
    }
    lines.push(format!("timeout = {}", toml(gate.timeout)));
    if gate.is_thorough {
        lines.push("profiles = [\"production\", \"bulletproof\"]".to_owned());
    }
    let _ = writeln!(text, "\n# {}", line(&gate.why));
    let mark = match &gate.example {
        Some(why) => {
            let _ = writeln!(text, "# Only an example: {}.", line(why));
            "#"
        }
        None => "",
    };
    for line in lines {
        let _ = writeln!(text, "{mark}{line}");
    }
}

fn toml_key(name: &str) -> String {
    let is_bare = name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter));
    if is_bare && !name.is_empty() { name.to_owned() } else { toml(name) }
}

fn write_identity(text: &mut String, identity: &Identity) {
    text.push_str("\n# ── Who works where ────────────────────────────────────────────────────────────────────────────────\n");
    text.push_str("# By what a change is known to be an agent's: {agent} stands for an area of BOUNDARIES.json, an owner, or a task.\n");
    text.push_str(
        "# Without these: `--agent`, PARALINT_AGENT, `git config paralint.agent`, a commit's trailer `Agent:`, a branch agent/NAME or\n",
    );
    text.push_str("# a worktree wt-NAME where NAME is known, else the path. With these every NAME counts, also one that nobody knows.\n");
    let is_active = identity.branch.is_some() || identity.worktree.is_some();
    let mark = |is_active: bool| if is_active { "" } else { "#" };
    let _ = writeln!(text, "{}[identity]", mark(is_active));
    for (key, found, example) in [("branch", &identity.branch, "agent/{agent}"), ("worktree", &identity.worktree, "wt-{agent}")] {
        if let Some(found) = found {
            let _ = writeln!(text, "# As {} is named.", line(&found.example));
        }
        let value = found.as_ref().map_or(example, |found| found.pattern);
        let _ = writeln!(text, "{}{key} = {}", mark(found.is_some()), toml(value));
    }
    text.push_str("#trailer = \"Agent\"\n");
}

fn write_rules(text: &mut String, has_areas: bool) {
    let mark = if has_areas { "" } else { "#" };
    let _ = writeln!(text, "{mark}[rules]");
    if has_areas {
        text.push_str(
            "# A person's commit may well touch several areas. Take this line out once each area has an agent or an owner of its own:\n",
        );
        text.push_str("# what a known agent changes outside of its area is found either way.\n");
    }
    let _ = writeln!(text, "{mark}mixed-ownership = \"off\"");
    text.push_str("#idle-agent = \"note\"\n");
}
