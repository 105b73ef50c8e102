//! Elements of SpecStory: `<tool-use data-tool-type="generic" data-tool-name="Task"><details>` … `</details></tool-use>`.
//!
//! Source: `specstory-cli/pkg/markdown/markdown.go` and `pkg/providers/claudecode/markdown_tools.go` (Markdown v2.1.0). The type
//! `task` is the list of things to do; what starts an agent is told by the name. Results stand in a fence that older versions
//! made no longer than those in the result, so fences do not say where an element ends.

use super::item::{Item, Label};
use super::{Line, fences, invoke};

/// Whether a line opens the element of a tool.
pub(super) fn opens(line: &str) -> bool {
    line.trim_start().starts_with("<tool-use ")
}

fn closes(line: &str) -> bool {
    line.trim_end().ends_with("</tool-use>")
}

/// Finds where elements end, and remembers what has no end.
#[derive(Debug, Default)]
pub(super) struct Finder {
    /// Openings and ends do not fit: only the next end counts.
    uneven: bool,
    /// No end of any tool's element follows.
    none: bool,
    /// Tags of which no end follows.
    without: Vec<&'static str>,
    /// Tags of which more begin than end: only the next end counts.
    uneven_tags: Vec<&'static str>,
}

impl Finder {
    /// The last line of the tool's element that begins at `from`; `None` where none begins.
    pub(super) fn end(&mut self, lines: &[Line<'_>], from: usize, is_mark: impl Fn(usize) -> bool) -> Option<usize> {
        if !opens(&lines[from].text) {
            return None;
        }
        if closes(&lines[from].text) {
            return Some(from);
        }
        // A result may show elements itself: as many end in it as begin.
        if !self.uneven && !self.none {
            let mut depth = 1usize;
            for (at, line) in lines.iter().enumerate().skip(from + 1) {
                depth += usize::from(opens(&line.text) && !closes(&line.text));
                depth -= usize::from(closes(&line.text) && !opens(&line.text));
                if depth == 0 {
                    return Some(at);
                }
            }
            self.uneven = true;
        }
        let next = if self.none { None } else { (from + 1..lines.len()).find(|at| closes(&lines[*at].text)) };
        self.none |= next.is_none();
        next.or_else(|| Some((from + 1..lines.len()).find(|at| is_mark(*at)).unwrap_or(lines.len()) - 1))
    }

    /// The last line of the element with this tag that begins at `from`; `None` where it has no end.
    pub(super) fn end_of(&mut self, lines: &[Line<'_>], from: usize, tag: &'static str) -> Option<usize> {
        if self.without.contains(&tag) {
            return None;
        }
        if self.uneven_tags.contains(&tag) {
            return self.next_end(lines, from, tag);
        }
        let mut depth = 0;
        for (at, line) in lines.iter().enumerate().skip(from) {
            depth += invoke::depth(&line.text, tag);
            if depth <= 0 {
                return Some(at);
            }
        }
        // An opening in a text, such as in a prompt, has no end: then the next end is the best guess.
        self.uneven_tags.push(tag);
        self.next_end(lines, from, tag)
    }

    fn next_end(&mut self, lines: &[Line<'_>], from: usize, tag: &'static str) -> Option<usize> {
        let end = (from..lines.len()).find(|at| invoke::closes(&lines[*at].text, tag));
        if end.is_none() {
            self.without.push(tag);
        }
        end
    }
}

/// Whether the element's end is missing.
pub(super) fn is_cut(lines: &[Line<'_>]) -> bool {
    lines.last().is_none_or(|line| !closes(&line.text))
}

/// The call that an element shows.
pub(super) fn item(lines: &[Line<'_>]) -> Item {
    let Some(first) = lines.first() else { return Item::default() };
    let tag = first.text.split_once('>').map_or(first.text.as_ref(), |(tag, _)| tag);
    let mut item = Item::new(first.number, &invoke::attribute(tag, "data-tool-name").unwrap_or_default());
    let mut code: Option<(fences::Fence, Label)> = None;
    let last = lines.len() - usize::from(!is_cut(lines) && lines.len() > 1);
    for line in &lines[1.min(last)..last] {
        let text = line.text.trim();
        if let Some((fence, label)) = code {
            if fences::closes(text, fence) && label == Label::Input {
                code = None;
            } else if label == Label::Output {
                item.add(label, &line.text, true);
            } else {
                item.argument("command", &line.text, true);
            }
        } else if let Some(fence) = fences::opens(text) {
            let info = text.trim_start_matches(fence.0).trim();
            // Results are `text` or nothing; code in another language is what the call was given.
            let label = if matches!(info, "bash" | "sh") { Label::Input } else { Label::Output };
            if label == Label::Output {
                item.add(label, "", false);
            }
            code = Some((fence, label));
        } else {
            plain(&mut item, text);
        }
    }
    item
}

fn plain(item: &mut Item, text: &str) {
    if text.is_empty() || text.starts_with('<') {
        if let Some(spawned) = text.split_once("Spawn subagent: ").map(|(_, rest)| rest.trim_end_matches("</summary>")) {
            item.describe(spawned);
        }
        return;
    }
    if text == "**Error:**" {
        return item.add(Label::Error, "", false);
    }
    if let Some((key, value)) = text.strip_prefix("- ").and_then(|rest| rest.split_once(": `")) {
        return item.argument(key, value.trim_end_matches('`'), false);
    }
    if let Some(code) = text.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) {
        item.run(code);
        item.argument("path", code, false);
    } else if !text.starts_with("**") {
        item.describe(text);
    }
}

/// Whether thinking begins at a line.
pub(super) fn opens_thinking(lines: &[Line<'_>], at: usize) -> bool {
    let text = lines[at].text.trim_start();
    if text.starts_with("<think>") || text.starts_with("_Thinking:_") || text.starts_with("*Thinking") {
        return true;
    }
    let summary = |line: &Line<'_>| {
        let text = line.text.trim_start().to_lowercase();
        text.contains("<summary>") && ["thought", "thinking", "reasoning"].iter().any(|word| text.contains(word))
    };
    text.starts_with("<details") && lines[at..].iter().take(2).any(summary)
}

/// The last line of the thinking that begins at `from`. Without a closing tag it ends where the next part begins: where its
/// last words and the first words of the answer part cannot be told.
pub(super) fn thinking_end(lines: &[Line<'_>], from: usize, is_part: impl Fn(usize) -> bool) -> usize {
    let text = lines[from].text.trim_start();
    let tag =
        ["</think>", "</details>"].into_iter().zip(["<think", "<details"]).find(|(_, open)| text.starts_with(open)).map(|(close, _)| close);
    let mut at = from;
    loop {
        if tag.is_some_and(|tag| lines[at].text.contains(tag)) {
            return at;
        }
        if at + 1 >= lines.len() || is_part(at + 1) {
            return at;
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::session::text::lines;

    const TASK: &str = "<tool-use data-tool-type=\"generic\" data-tool-name=\"Task\"><details>\n<summary>Tool use: **Task**</summary>\nRead the docs\n\n```text\nI'll launch three agents in parallel.\n```\n</details></tool-use>";

    #[test]
    fn an_element_is_a_call_with_its_result() {
        let all = lines(TASK.as_bytes());
        let item = item(&all);
        assert!(item.starts_agent() && item.returned && !item.failed);
        assert_eq!(item.asked().description.as_deref(), Some("Read the docs"));
        assert_eq!(Finder::default().end(&all, 0, |_| false), Some(all.len() - 1));
    }

    #[test]
    fn the_list_of_things_to_do_starts_no_agent() {
        let text = "<tool-use data-tool-type=\"task\" data-tool-name=\"TodoWrite\"><details>\n- [ ] a\n</details></tool-use>";
        assert!(!item(&lines(text.as_bytes())).starts_agent());
    }

    #[test]
    fn elements_in_a_result_do_not_end_it() {
        let text = TASK.replace("I'll launch", TASK) + "\nafter";
        let all = lines(text.as_bytes());
        assert_eq!(Finder::default().end(&all, 0, |_| false), Some(all.len() - 2));
    }

    #[test]
    fn an_element_without_an_end_ends_before_the_next_speaker() {
        let text = "<tool-use data-tool-name=\"Task\"><details>\nx\n\n_**User**_\n<tool-use data-tool-name=\"Task\">\n";
        let all = lines(text.as_bytes());
        let mut finder = Finder::default();
        let is_mark = |at: usize| all[at].text.starts_with("_**");
        assert_eq!(finder.end(&all, 0, is_mark), Some(2));
        assert_eq!(finder.end(&all, 4, is_mark), Some(5));
        assert!(is_cut(&all[0..3]));
    }

    #[test]
    fn shell_commands_are_read() {
        let text = "<tool-use data-tool-type=\"shell\" data-tool-name=\"Bash\"><details>\n<summary>Tool use: **Bash**</summary>\nRun the tests\n\n`cargo test`\n\n```text\ntest result: ok. 3 passed; 0 failed;\n```\n</details></tool-use>";
        let item = item(&lines(text.as_bytes()));
        assert!(item.output.contains("3 passed"));
    }
}
