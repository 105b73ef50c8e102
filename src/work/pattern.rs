//! Patterns with `{agent}`: what they capture from the name of a branch, a worktree or an author.

/// The placeholder.
const PLACE: &str = "{agent}";
/// Longer names are nobody's: git itself allows no branch name near this.
const LONGEST: usize = 1000;

/// What `{agent}` stands for in `text`: something that `known` knows if there is any, else the longest that fits.
///
/// `*` stands for anything. The placeholder is never empty, and holds a `/` only where it ends the pattern.
pub(super) fn capture(pattern: &str, text: &str, known: impl Fn(&str) -> bool) -> Option<String> {
    let (before, after) = pattern.split_once(PLACE)?;
    if text.len() > LONGEST {
        return None;
    }
    let starts: Vec<usize> = cuts(text).filter(|at| text.get(..*at).is_some_and(|head| matches(before, head))).collect();
    let ends: Vec<usize> = cuts(text).filter(|at| text.get(*at..).is_some_and(|tail| matches(after, tail))).collect();
    let longest_first = starts.iter().flat_map(|start| ends.iter().rev().filter_map(move |end| text.get(*start..*end)));
    let fits = |agent: &&str| !agent.trim().is_empty() && (after.is_empty() || !agent.contains('/'));
    let mut first = None;
    // Two wildcards side by side leave many ways to cut; the first thousand are as good as all of them.
    for agent in longest_first.filter(fits).take(LONGEST) {
        if known(agent) {
            return Some(agent.to_owned());
        }
        first = first.or(Some(agent));
    }
    first.map(str::to_owned)
}

/// Every place at which a text can be cut.
fn cuts(text: &str) -> impl Iterator<Item = usize> {
    text.char_indices().map(|(at, _)| at).chain(std::iter::once(text.len()))
}

/// Whether `*` and literal text match the whole of `text`.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut last = None;
    for part in parts {
        // The part before this one may stand anywhere, so the earliest place leaves the most room.
        if let Some(inner) = last.replace(part) {
            match rest.find(inner) {
                Some(at) => rest = rest.get(at + inner.len()..).unwrap_or_default(),
                None => return false,
            }
        }
    }
    match last {
        Some(end) => rest.ends_with(end),
        None => rest.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::{capture, matches};
    use proptest::prelude::*;

    fn nobody(_: &str) -> bool {
        false
    }

    #[test]
    fn the_placeholder_captures_what_is_left() {
        let is = |pattern: &str, text: &str| capture(pattern, text, nobody);
        assert_eq!(is("agent/{agent}", "agent/task-1").as_deref(), Some("task-1"));
        assert_eq!(is("agent/{agent}", "agent/team/task-1").as_deref(), Some("team/task-1"));
        assert_eq!(is("{agent}/work", "team/task-1/work"), None);
        assert_eq!(is("*/{agent}/work", "team/task-1/work").as_deref(), Some("task-1"));
        assert_eq!(is("agent/{agent}", "agent/"), None);
        assert_eq!(is("agent/{agent}", "agents/task-1"), None);
        assert_eq!(is("{agent} <*@agents.example>", "task-1 <x@agents.example>").as_deref(), Some("task-1"));
        assert_eq!(is("{agent} <*@agents.example>", "Ada <ada@example.org>"), None);
        assert_eq!(is("agent/{agent}", &format!("agent/{}", "x".repeat(2000))), None);
    }

    #[test]
    fn what_is_known_is_preferred() {
        let known = |agent: &str| agent == "task";
        assert_eq!(capture("{agent}-*", "task-1-fix", known).as_deref(), Some("task"));
        assert_eq!(capture("{agent}-*", "task-1-fix", nobody).as_deref(), Some("task-1"));
    }

    proptest! {
        #[test]
        fn what_was_put_in_comes_out(agent in "[a-z0-9_.-]{1,20}", before in "[a-z/]{0,8}", after in "[/A-Z]{1,8}") {
            let pattern = format!("{before}{{agent}}{after}");
            prop_assert_eq!(capture(&pattern, &format!("{before}{agent}{after}"), nobody), Some(agent));
        }

        #[test]
        fn no_pattern_and_no_text_panics(pattern in ".{0,40}", text in ".{0,40}") {
            let _ = capture(&pattern, &text, nobody);
            let _ = matches(&pattern, &text);
        }
    }
}
