//! A command line as simple commands: operators, quotes, redirections, here-documents.

/// One simple command: its words and where it redirects its output, and what stands behind it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) words: Vec<String>,
    pub(super) redirects: Vec<String>,
    /// `&&`, `||`, `;`, `|`, `&` or nothing.
    pub(super) behind: &'static str,
}

impl Part {
    /// The words without assignments and without wrappers such as `sudo` or `timeout 60`.
    pub(super) fn command_words(&self) -> &[String] {
        let mut words = self.words.as_slice();
        loop {
            let Some(first) = words.first() else { return words };
            let assignment = first
                .split_once('=')
                .is_some_and(|(name, _)| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'));
            let skip = match first.as_str() {
                _ if assignment => 1,
                "sudo" | "env" | "time" | "nohup" | "exec" | "command" | "then" | "do" | "else" | "if" | "while" | "{" | "(" | "!" => 1,
                "timeout" | "nice" => {
                    1 + words[1..].iter().take_while(|word| word.starts_with('-')).count() + usize::from(first == "timeout")
                }
                _ => return words,
            };
            words = words.get(skip..).unwrap_or_default();
        }
    }
}

/// Splits a command line at its operators. Here-documents are left out; quotes and backslashes are resolved.
pub(super) fn split(command: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut part = Part::default();
    let mut word: Option<String> = None;
    let mut redirect = false;
    let mut rest = command;
    let finish_word = |part: &mut Part, word: &mut Option<String>, redirect: &mut bool| {
        if let Some(word) = word.take() {
            if std::mem::take(redirect) { part.redirects.push(word) } else { part.words.push(word) }
        }
    };
    while let Some(character) = rest.chars().next() {
        let mut used = character.len_utf8();
        match character {
            '\'' => {
                let inside = rest[1..].split('\'').next().unwrap_or_default();
                word.get_or_insert_default().push_str(inside);
                used = (inside.len() + 2).min(rest.len());
            }
            '"' => {
                let (inside, length) = double_quoted(&rest[1..]);
                word.get_or_insert_default().push_str(&inside);
                used = (length + 1).min(rest.len());
            }
            '\\' => {
                let next = rest[1..].chars().next();
                if let Some(next) = next {
                    used += next.len_utf8();
                    if next != '\n' {
                        word.get_or_insert_default().push(next);
                    }
                }
            }
            '#' if word.is_none() => used = rest.find('\n').unwrap_or(rest.len()),
            '<' if rest.starts_with("<<") && !rest.starts_with("<<<") => {
                finish_word(&mut part, &mut word, &mut redirect);
                let (before, length) = here_document(rest);
                // What stands behind the marker on its line still belongs to the command.
                part.words.extend(before.split_whitespace().filter(|text| !text.contains('>')).map(str::to_owned));
                part.redirects.extend(redirects_of(before));
                used = length;
            }
            '>' => {
                // `2>` and `&>` carry a number or an ampersand before the arrow.
                if word.as_deref().is_some_and(|text| text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_digit())) {
                    word = None;
                }
                finish_word(&mut part, &mut word, &mut redirect);
                used = if rest.starts_with(">>") || rest.starts_with(">|") { 2 } else { 1 };
                if rest[used..].starts_with('&') {
                    used += 1 + rest[used + 1..].bytes().take_while(u8::is_ascii_digit).count();
                } else {
                    redirect = true;
                }
            }
            '&' | '|' | ';' | '\n' | ')' | '(' => {
                if rest.starts_with("&>") {
                    rest = &rest[1..];
                    continue;
                }
                finish_word(&mut part, &mut word, &mut redirect);
                let operator = ["&&", "||", "|&"].into_iter().find(|operator| rest.starts_with(operator));
                part.behind = match (operator, character) {
                    (Some("&&"), _) => "&&",
                    (Some("||"), _) => "||",
                    (Some(_), _) | (None, '|') => "|",
                    (None, '&') => "&",
                    (None, ')' | '(') => "",
                    _ => ";",
                };
                used = operator.map_or(1, str::len);
                if !part.words.is_empty() || !part.redirects.is_empty() {
                    parts.push(std::mem::take(&mut part));
                }
            }
            _ if character.is_whitespace() => finish_word(&mut part, &mut word, &mut redirect),
            _ => {
                let plain = rest[used..].find(|next: char| next.is_whitespace() || "'\"\\#<>&|;()".contains(next));
                used = plain.map_or(rest.len(), |more| used + more);
                word.get_or_insert_default().push_str(&rest[..used]);
            }
        }
        rest = rest.get(used..).unwrap_or_default();
    }
    finish_word(&mut part, &mut word, &mut redirect);
    if !part.words.is_empty() || !part.redirects.is_empty() {
        parts.push(part);
    }
    if let Some(last) = parts.last_mut().filter(|last| last.behind == ";") {
        last.behind = "";
    }
    parts
}

fn double_quoted(text: &str) -> (String, usize) {
    let mut out = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (out, at + 1),
            '\\' => out.extend(characters.next().map(|(_, next)| next)),
            other => out.push(other),
        }
    }
    (out, text.len())
}

/// The rest of the marker's line, and the length up to the end of the here-document.
fn here_document(text: &str) -> (&str, usize) {
    let line_end = text.find('\n').unwrap_or(text.len());
    let head = text[2..line_end].trim_start_matches('-').trim_start();
    let marker_end = head.find(|character: char| character.is_whitespace() || ";|&>".contains(character)).unwrap_or(head.len());
    let marker = head[..marker_end].trim_matches(['\'', '"', '\\']);
    let before = &head[marker_end..];
    let mut at = line_end;
    for line in text[line_end..].split_inclusive('\n').skip(1) {
        at += line.len();
        if line.trim() == marker {
            return (before, (at + 1).min(text.len()));
        }
    }
    (before, text.len())
}

fn redirects_of(text: &str) -> Vec<String> {
    let mut words = text.split_whitespace().peekable();
    let mut found = Vec::new();
    while let Some(word) = words.next() {
        if let Some(target) = word.strip_prefix(">>").or_else(|| word.strip_prefix('>')) {
            let target = if target.is_empty() { words.next().unwrap_or_default() } else { target };
            found.push(target.trim_matches(['"', '\'']).to_owned());
        }
    }
    found
}
