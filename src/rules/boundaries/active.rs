//! The tasks at work, for rules about what may be at work at once.

use crate::model::finding::Finding;
use crate::model::mark::Excerpt;
use crate::rules::RepositoryContext;
use crate::work::activity::ActiveTask;
use serde_json::json;

/// As many lines of state files as a finding shows.
const SHOWN: usize = 3;
/// As many tasks as a finding names.
const NAMED: usize = 20;

/// Writes who is at work, and from where that is known.
pub(super) fn tell<'t>(finding: &mut Finding, tasks: impl Iterator<Item = &'t ActiveTask> + Clone, context: &RepositoryContext<'_>) {
    let names: Vec<&str> = tasks.clone().take(NAMED).map(|task| task.name.as_str()).collect();
    finding.evidence.insert("active".to_owned(), json!(names));
    finding.evidence.insert("active_from".to_owned(), json!(context.activity.sources()));
    let marks = tasks.filter_map(|task| Some((task.marks.first()?, &task.name))).take(SHOWN);
    finding.excerpts.extend(marks.map(|(mark, name)| Excerpt { mark: mark.clone(), label: format!("{name} is at work") }));
}
