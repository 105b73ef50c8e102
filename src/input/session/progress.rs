//! Progress files that agents write while they work: PARALLEL_STATUS.json and execution-progress.md.

use crate::input::state;

/// What a progress file reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Progress {
    pub(super) completed: u32,
    pub(super) running: u32,
    /// The words that say so.
    pub(super) text: String,
}

/// Whether a path names a progress file.
pub(super) fn is_progress_file(path: &str) -> bool {
    matches!(path.rsplit(['/', '\\']).next(), Some("PARALLEL_STATUS.json" | "execution-progress.md"))
}

/// Reads a progress file as it was written. `None` where it reports nothing that can be counted.
pub(super) fn read(path: &str, content: &str) -> Option<Progress> {
    if path.ends_with(".json") { status_file(content) } else { progress_page(content) }
}

/// `tasks: [{status: "pending|in_progress|completed|failed"}]`. What else is wrong with the file is not asked here.
fn status_file(content: &str) -> Option<Progress> {
    let text = state::blanked(content.trim_start_matches('\u{feff}')).ok()?;
    let value: serde_json::Value = serde_json::from_str(&text).ok()?;
    let tasks = value.get("tasks")?.as_array()?;
    let count = |wanted: &str| {
        u32::try_from(tasks.iter().filter(|task| task.get("status").and_then(|status| status.as_str()) == Some(wanted)).count())
            .unwrap_or(u32::MAX)
    };
    let (completed, running) = (count("completed"), count("in_progress"));
    Some(Progress { completed, running, text: format!("{completed} tasks completed, {running} in progress") })
}

/// "Tasks completed: 9/25", else check boxes.
fn progress_page(content: &str) -> Option<Progress> {
    if let Some(counted) = state::completed(content) {
        return Some(Progress { completed: counted.done, running: 0, text: counted.written.to_owned() });
    }
    let ticks: Vec<bool> = state::ticks(content).collect();
    let completed = u32::try_from(ticks.iter().filter(|ticked| **ticked).count()).ok().filter(|_| !ticks.is_empty())?;
    Some(Progress { completed, running: 0, text: format!("{completed} of {} boxes checked", ticks.len()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_files_are_counted() {
        let status =
            read("a/PARALLEL_STATUS.json", r#"{"tasks":[{"status":"completed"},{"status":"in_progress"},{"status":"completed"}]}"#)
                .unwrap();
        assert_eq!((status.completed, status.running), (2, 1));
        assert_eq!(read("execution-progress.md", "# P\n- Tasks completed: 9/25\n").unwrap().completed, 9);
        assert_eq!(read("execution-progress.md", "- [x] a\n- [ ] b\n- [X] c").unwrap().completed, 2);
        assert_eq!(read("execution-progress.md", "nothing yet"), None);
    }

    #[test]
    fn comments_and_a_byte_order_mark_are_tolerated() {
        let text = "\u{feff}{ // the tasks\n\"tasks\": [ /* one */ {\"status\": \"completed\", \"name\": \"a // b \\\" /* c\"}]}";
        assert_eq!(read("PARALLEL_STATUS.json", text).unwrap().completed, 1);
    }

    #[test]
    fn only_these_names_are_progress_files() {
        assert!(is_progress_file("/w/.claude/context/execution-progress.md"));
        assert!(!is_progress_file("/w/progress.md"));
    }
}
