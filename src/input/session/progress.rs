//! Progress files that agents write while they work: PARALLEL_STATUS.json and execution-progress.md.

use regex::Regex;
use std::sync::LazyLock;

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

/// `tasks: [{status: "pending|in_progress|completed|failed"}]`.
fn status_file(content: &str) -> Option<Progress> {
    let value: serde_json::Value = serde_json::from_str(&without_comments(content)).ok()?;
    let tasks = value.get("tasks")?.as_array()?;
    let count = |wanted: &str| {
        u32::try_from(tasks.iter().filter(|task| task.get("status").and_then(|status| status.as_str()) == Some(wanted)).count())
            .unwrap_or(u32::MAX)
    };
    let (completed, running) = (count("completed"), count("in_progress"));
    Some(Progress { completed, running, text: format!("{completed} tasks completed, {running} in progress") })
}

/// JSON without a byte order mark and without `//` and `/* */` comments, which people write into these files.
fn without_comments(content: &str) -> String {
    let mut out = String::with_capacity(content.len());
    let mut rest = content.trim_start_matches('\u{feff}');
    while let Some(at) = rest.find(['"', '/']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let used = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.find("*/").map_or(rest.len(), |end| end + 4)
        } else {
            let used = if rest.starts_with('"') { string_length(rest) } else { 1 };
            out.push_str(&rest[..used]);
            used
        };
        rest = &rest[used..];
    }
    out.push_str(rest);
    out
}

/// The length of the string that begins here, quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

/// "Tasks completed: 9/25", else check boxes.
fn progress_page(content: &str) -> Option<Progress> {
    static COMPLETED: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?im)^\W*tasks?[ _]completed\W{1,6}(?P<done>\d{1,6})(?: ?(?:/|of) ?\d+)?").ok());
    if let Some(found) = COMPLETED.as_ref().and_then(|pattern| pattern.captures(content)) {
        let completed = found.name("done").and_then(|digits| digits.as_str().parse().ok())?;
        return Some(Progress {
            completed,
            running: 0,
            text: found.get(0).map(|whole| whole.as_str().trim().to_owned()).unwrap_or_default(),
        });
    }
    let boxes: Vec<&str> = content.lines().map(str::trim_start).filter(|line| line.starts_with("- [") || line.starts_with("* [")).collect();
    let done = boxes.iter().filter(|line| line[3..].starts_with(['x', 'X'])).count();
    let completed = u32::try_from(done).ok().filter(|_| !boxes.is_empty())?;
    Some(Progress { completed, running: 0, text: format!("{completed} of {} boxes checked", boxes.len()) })
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
