//! A policy or state file that is there and cannot be used.

use crate::model::finding::{Finding, Severity};
use crate::model::state::StateError;
use crate::rules::tell::{place, show};
use crate::rules::{Check, RepositoryContext, Rule, Subject};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "invalid-state",
    family: "state",
    severity: Severity::Error,
    summary: "a policy or state file that cannot be used",
    document: include_str!("invalid_state.md"),
    checks: &[Check::Repository(check)],
    needs: &[&[Subject::StateFiles]],
};

fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    context.state.errors.iter().map(finding).collect()
}

fn finding(error: &StateError) -> Finding {
    let path = &error.mark.path;
    let name = path.rsplit('/').next().unwrap_or(path);
    let message = format!("{name} cannot be used: {}", error.message);
    let identity = format!("{}\n{path}\n{}", RULE.name, error.message);
    let mut finding = Finding::new(RULE.name, RULE.severity, message, place(&error.mark), identity);
    show(&mut finding, &error.mark, "this cannot be read");
    finding.paths = vec![path.to_string()];
    finding.help = error.hint.clone().unwrap_or_else(|| format!("mend this line of {name}; nothing in the file counts until then"));
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::mark::Mark;

    #[test]
    fn the_identity_outlives_a_moved_line() {
        let at = |line: u64| {
            let mark = Mark { path: ".claude/BOUNDARIES.json".into(), line, ..Mark::default() };
            finding(&StateError { mark, message: "unknown key `path`".to_owned(), hint: Some("did you mean `paths`?".to_owned()) })
        };
        let (whole, later) = (at(0), at(7));
        assert_eq!(whole.identity, later.identity);
        assert_eq!((whole.location.line, later.location.line), (None, Some(7)));
        assert_eq!((whole.excerpts.len(), later.excerpts.len()), (0, 1));
        assert_eq!(later.message, "BOUNDARIES.json cannot be used: unknown key `path`");
        assert_eq!(later.help, "did you mean `paths`?");
    }
}
