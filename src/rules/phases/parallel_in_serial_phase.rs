//! Several agents at once where only one may work.

use crate::model::finding::{Finding, Location, Severity};
use crate::rules::tell::{LISTED, count, listed, place, prove, show};
use crate::rules::{Check, RepositoryContext, Rule, Subject};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "parallel-in-serial-phase",
    family: "phases",
    severity: Severity::Error,
    summary: "two or more agents at once in a serial phase",
    document: include_str!("parallel_in_serial_phase.md"),
    checks: &[Check::Repository(check)],
    needs: &[&[Subject::Phases]],
};

/// As many tasks as show the line that says they are at work.
const SHOWN: usize = 3;

fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    if !context.activity.is_parallel() || context.phases.is_parallel() != Some(false) {
        return Vec::new();
    }
    finding(context).into_iter().collect()
}

fn finding(context: &RepositoryContext<'_>) -> Option<Finding> {
    let (phases, tasks) = (context.phases, &context.activity.tasks);
    let phase = phases.part().map_or_else(|| phases.current.as_deref(), |part| Some(part.name.as_str()))?;
    let names: Vec<&str> = tasks.iter().map(|task| task.name.as_str()).collect();
    let sources = context.activity.sources();
    let message = format!("{} at work at once in {phase}, which is serial: {}", count(tasks.len(), "task"), listed(&names));
    let mark = phases.subphase_mark.as_ref().or(phases.current_mark.as_ref());
    let location = mark.map_or_else(Location::default, place);
    let mut finding = Finding::new(RULE.name, RULE.severity, message, location, format!("{}\n{phase}", RULE.name));
    if let Some(mark) = mark {
        show(&mut finding, mark, "a serial phase");
    }
    let says_so = phases.part().map_or_else(|| phases.now().and_then(|phase| phase.mark.as_ref()), |part| part.mark.as_ref());
    if let Some(mark) = says_so {
        show(&mut finding, mark, "agents may not work at once");
    }
    for task in tasks.iter().take(SHOWN) {
        if let Some(mark) = task.marks.first() {
            show(&mut finding, mark, format!("{} is at work", task.name));
        }
    }
    finding.agents = names.iter().take(LISTED).map(|name| (*name).to_owned()).collect();
    prove(&mut finding, "phase", phase);
    prove(&mut finding, "tasks", tasks.len());
    prove(&mut finding, "known_from", sources.as_slice());
    finding.help = format!("let one task finish before the next one starts, or begin a parallel phase once {phase} is complete");
    Some(finding)
}
