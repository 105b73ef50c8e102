//! A phase that nobody knows.

use crate::model::finding::{Finding, Location, Severity};
use crate::rules::tell::{place, prove, show};
use crate::rules::{Check, RepositoryContext, Rule, Subject};
use crate::work::phase::{UnknownPhase, plain};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "unknown-phase",
    family: "state",
    severity: Severity::Error,
    summary: "a phase that is neither built in nor configured",
    document: include_str!("unknown_phase.md"),
    checks: &[Check::Repository(check)],
    needs: &[&[Subject::Phases]],
};

fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    context.phases.unknown.iter().map(|unknown| finding(context, unknown)).collect()
}

fn finding(context: &RepositoryContext<'_>, unknown: &UnknownPhase) -> Finding {
    let configuration = context.config.path.clone().unwrap_or_else(|| "paralint.toml".to_owned());
    let location = unknown.mark.as_ref().map_or(Location { path: configuration, line: None }, place);
    let name = unknown.name.trim();
    let identity = format!("{}\n{}\n{}", RULE.name, location.path, plain(name));
    let message = format!("`{name}` ({}) is no known phase", unknown.role);
    let mut finding = Finding::new(RULE.name, RULE.severity, message, location, identity);
    if let Some(mark) = &unknown.mark {
        show(&mut finding, mark, "no known phase");
    }
    prove(&mut finding, "phase", name);
    finding.help = match &unknown.near {
        Some(near) => format!("did you mean `{near}`? If not, add `[phases.{}]` to paralint.toml", key(name)),
        None => format!("add `[phases.{}]` to paralint.toml, and say what it needs and whether it is parallel", key(name)),
    };
    finding
}

/// A phase as a key of TOML.
fn key(name: &str) -> String {
    let plain = plain(name);
    let is_bare = plain.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_bare { plain } else { format!("{plain:?}") }
}
