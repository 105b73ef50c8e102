//! Lines to sentences.

use std::ops::Range;

/// Longer stretches without an end are not sentences; reading them would only cost time.
const LONGEST: usize = 1200;
/// How far a closing quote or backtick is looked for.
const LONGEST_QUOTE: usize = 400;

/// Words before a full stop that do not end a sentence.
const ABBREVIATIONS: &[&str] = &[
    "e.g", "i.e", "etc", "vs", "approx", "no", "nr", "ca", "cf", "incl", "max", "min", "dr", "mr", "ms", "z.b", "u.a", "bzw", "p.ej", "ex",
];

/// The sentences of a line, as ranges of the text without blanks around them.
pub(super) fn sentences(text: &str, line: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let Some(content) = text.get(line.clone()) else { return found };
    let mut start = 0;
    let mut skip_until = 0;
    for (at, letter) in content.char_indices() {
        if at < skip_until {
            continue;
        }
        if let Some(closed) = quoted(content, at, letter) {
            skip_until = closed;
            continue;
        }
        if ends(content, start, at, letter) {
            let end = closing(content, at + letter.len_utf8());
            push(text, &line, start..end, &mut found);
            start = end;
            skip_until = end;
        }
    }
    push(text, &line, start..content.len(), &mut found);
    found
}

fn push(text: &str, line: &Range<usize>, range: Range<usize>, found: &mut Vec<Range<usize>>) {
    let (from, to) = (line.start + range.start, line.start + range.end);
    let Some(slice) = text.get(from..to) else { return };
    let lead = slice.len() - slice.trim_start().len();
    let trimmed = slice.trim();
    if !trimmed.is_empty() && trimmed.len() <= LONGEST {
        found.push(from + lead..from + lead + trimmed.len());
    }
}

/// The end of a quotation or of inline code that starts here.
fn quoted(content: &str, at: usize, letter: char) -> Option<usize> {
    let close = match letter {
        '`' => '`',
        '"' => '"',
        '“' => '”',
        '„' => '“',
        '«' => '»',
        '「' => '」',
        '『' => '』',
        _ => return None,
    };
    let from = at + letter.len_utf8();
    let mut to = content.len().min(from + LONGEST_QUOTE);
    while !content.is_char_boundary(to) {
        to -= 1;
    }
    content.get(from..to)?.find(close).map(|found| from + found + close.len_utf8())
}

/// Whether the mark at `at` ends a sentence.
fn ends(content: &str, start: usize, at: usize, letter: char) -> bool {
    match letter {
        '。' | '！' | '？' => true,
        '.' | '!' | '?' | '…' => {
            let rest = content.get(at + letter.len_utf8()..).unwrap_or_default();
            let after = rest.trim_start_matches(['.', '!', '?', '…', '"', '\'', ')', '*', '_', '”', '»', ']']);
            if !(after.is_empty() || after.starts_with(char::is_whitespace)) {
                return false;
            }
            let next = after.chars().find(|other| !other.is_whitespace());
            let goes_on = next.is_some_and(|other| other.is_lowercase());
            letter == '!' || letter == '?' || !(goes_on || abbreviates(content.get(start..at).unwrap_or_default()))
        }
        _ => false,
    }
}

/// Whether the words before a full stop end in an abbreviation, an initial or a list number.
fn abbreviates(before: &str) -> bool {
    // Only the tail matters, and a bounded look keeps this linear.
    let tail = before.rsplit(char::is_whitespace).next().unwrap_or_default().trim_start_matches(['(', '[', '"', '*']);
    if tail.len() > 12 {
        return false;
    }
    let small = tail.to_lowercase();
    let list_number =
        before.trim_start() == tail && !tail.is_empty() && tail.len() <= 2 && tail.chars().all(|letter| letter.is_ascii_digit());
    let dotted = tail.contains('.') && tail.split('.').all(|piece| piece.chars().count() == 1);
    ABBREVIATIONS.contains(&small.as_str()) || list_number || dotted
}

/// Takes the closing quotes and repeated marks along with the sentence.
fn closing(content: &str, from: usize) -> usize {
    let rest = content.get(from..).unwrap_or_default();
    from + (rest.len() - rest.trim_start_matches(['.', '!', '?', '…', '"', '\'', ')', '*', '_', '”', '»', '」', '！', '？', '。']).len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text, 0..text.len()).into_iter().map(|span| &text[span]).collect()
    }

    #[test]
    fn sentences_end_where_readers_end_them() {
        assert_eq!(split("All done. It was 3.5x faster, e.g. here! Next?"), ["All done.", "It was 3.5x faster, e.g. here!", "Next?"]);
        assert_eq!(split("启动了。完成！"), ["启动了。", "完成！"]);
        assert_eq!(split("In the U.S. we wait... Then go"), ["In the U.S. we wait...", "Then go"]);
    }

    #[test]
    fn marks_inside_quotes_and_code_end_nothing() {
        assert_eq!(split("He said \"Go. Now.\" and `a. B` went. End"), ["He said \"Go. Now.\" and `a. B` went.", "End"]);
    }

    #[test]
    fn what_is_too_long_for_a_sentence_is_passed_over() {
        let long = "x".repeat(5000);
        assert!(split(&long).is_empty());
    }
}
