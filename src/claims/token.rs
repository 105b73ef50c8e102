//! A sentence as tokens: words, numbers, marks and names, each with its place in the text.

use super::class::Class;

/// What a token is, before its word class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Word,
    Number,
    /// Inline code or something quoted: opaque, but it can be counted.
    Name,
    Mark(char),
}

/// One token.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// In small letters, apostrophes straightened.
    pub(super) text: String,
    pub(super) class: Class,
    /// The value of a number or a number word.
    pub(super) value: Option<f64>,
    /// Joined to the token before it, by a hyphen or by nothing.
    pub(super) glued: bool,
    /// How deep in parentheses.
    pub(super) depth: u8,
    /// Grows at every comma, colon, dash and conjunction.
    pub(super) clause: u16,
    /// Grows where a new statement starts: semicolon, colon, dash, "but".
    pub(super) part: u16,
}

impl Token {
    fn new(kind: Kind, text: String, value: Option<f64>, glued: bool, depth: u8) -> Self {
        Self { kind, text, class: Class::NONE, value, glued, depth, clause: 0, part: 0 }
    }

    pub(super) fn is(&self, class: Class) -> bool {
        self.class.is(class)
    }

    pub(super) fn is_mark(&self, mark: char) -> bool {
        self.kind == Kind::Mark(mark)
    }

    pub(super) fn is_any_mark(&self) -> bool {
        matches!(self.kind, Kind::Mark(_))
    }
}

/// Inline code and quotations longer than this are taken for stray marks; it also keeps the lexer linear.
const LONGEST_QUOTE: usize = 400;

/// Whether a letter belongs to a script that is written without blanks, or whose endings cling to the words.
pub(super) fn is_dense(letter: char) -> bool {
    matches!(letter, '\u{3005}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}')
}

/// The ASCII form of a full-width letter or digit.
fn narrow(letter: char) -> char {
    match letter {
        '\u{ff01}'..='\u{ff5e}' => u32::from(letter).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(letter),
        '\u{2019}' | '\u{02bc}' | '\u{2018}' => '\'',
        '\u{2010}' | '\u{2011}' => '-',
        '\u{a0}' | '\u{202f}' | '\u{3000}' => ' ',
        _ => letter,
    }
}

/// Words before an apostrophe that are words of their own in French and Italian.
const ELIDED: &[&str] =
    &["l", "d", "j", "n", "s", "c", "m", "qu", "un", "dell", "all", "nell", "sull", "dall", "quest", "lorsqu", "jusqu", "quell"];

/// The token that a possessive "'s" becomes.
pub(super) const POSSESSIVE: &str = "'s";

/// Words after which "'s" is a verb.
const PRONOUNS: &[&str] = &["it", "that", "there", "let", "here", "what", "who", "he", "she", "how", "where"];

/// Splits "j'ai" into "j'" and "ai"; leaves "i'll" alone.
pub(super) fn split_elision(word: &str) -> (&str, Option<&str>) {
    if let Some(at) = word.find('\'') {
        let (head, tail) = word.split_at(at);
        if tail.len() > 1 && ELIDED.contains(&head) {
            let (head, tail) = word.split_at(at + 1);
            return (head, Some(tail));
        }
    }
    (word, None)
}

/// The lexer's state: a cursor over letters.
pub(super) struct Lexer<F> {
    letters: Vec<char>,
    at: usize,
    depth: u8,
    tokens: Vec<Token>,
    dense: F,
}

impl<F: Fn(&[char]) -> Option<(usize, Class, Option<f64>)>> Lexer<F> {
    /// Cuts a sentence into tokens; `dense` finds the longest entry at the start of letters without blanks.
    pub(super) fn lex(text: &str, dense: F) -> Vec<Token> {
        let letters = text.chars().filter(|letter| !is_invisible(*letter)).map(narrow).collect();
        let mut lexer = Lexer { letters, at: 0, depth: 0, tokens: Vec::new(), dense };
        while lexer.at < lexer.letters.len() {
            lexer.step();
        }
        lexer.tokens
    }

    fn peek(&self, ahead: usize) -> char {
        self.letters.get(self.at + ahead).copied().unwrap_or(' ')
    }

    fn previous(&self) -> char {
        self.at.checked_sub(1).and_then(|at| self.letters.get(at)).copied().unwrap_or(' ')
    }

    fn push(&mut self, kind: Kind, text: String, value: Option<f64>, glued: bool) {
        self.tokens.push(Token::new(kind, text, value, glued, self.depth));
    }

    fn mark(&mut self, mark: char) {
        self.push(Kind::Mark(mark), String::new(), None, false);
        self.at += 1;
    }

    fn step(&mut self) {
        let letter = self.peek(0);
        match letter {
            '`' => self.code(),
            '"' | '“' | '”' | '„' | '«' | '‹' | '「' | '『' | '‚' => self.quotation(letter),
            '\'' if !self.previous().is_alphanumeric() && self.peek(1).is_alphanumeric() => self.quotation(letter),
            '(' | '[' | '（' | '【' => {
                self.depth = self.depth.saturating_add(1);
                self.at += 1;
            }
            ')' | ']' | '）' | '】' => {
                self.depth = self.depth.saturating_sub(1);
                self.at += 1;
            }
            '-' | '–' | '—' | '‒' | '―' => self.dash(letter),
            '×' | '✕' | '⨯' => {
                self.push(Kind::Word, "x".into(), None, true);
                self.at += 1;
            }
            '&' => {
                self.push(Kind::Word, "and".into(), None, false);
                self.at += 1;
            }
            _ if letter.is_whitespace() || letter.is_control() || matches!(letter, '*' | '_' | '~' | '\'') => self.at += 1,
            _ if letter.is_ascii_digit() => self.number(),
            _ if is_dense(letter) => self.dense(),
            _ if letter.is_alphabetic() => self.word(),
            '、' | '，' => self.mark(','),
            '：' => self.mark(':'),
            '；' => self.mark(';'),
            _ => self.mark(letter),
        }
    }

    fn code(&mut self) {
        let run = self.letters[self.at..].iter().take_while(|letter| **letter == '`').count();
        let body = self.at + run;
        let end = (self.letters.len()).min(body + LONGEST_QUOTE);
        let mut here = body;
        while here < end {
            let ticks = self.letters[here..end].iter().take_while(|letter| **letter == '`').count();
            if ticks == run {
                self.push(Kind::Name, String::new(), None, false);
                self.at = here + run;
                return;
            }
            here += ticks.max(1);
        }
        self.at = body;
    }

    fn quotation(&mut self, open: char) {
        let close: &[char] = match open {
            '“' | '”' | '„' => &['”', '“'],
            '«' => &['»'],
            '‹' => &['›'],
            '「' => &['」'],
            '『' => &['』'],
            '‚' => &['\''],
            _ => &[open],
        };
        let end = self.letters.len().min(self.at + LONGEST_QUOTE);
        let mut here = self.at + 1;
        while here < end {
            let inside_word = open == '\'' && self.letters.get(here + 1).is_some_and(|letter| letter.is_alphanumeric());
            if close.contains(&self.letters[here]) && !inside_word {
                self.push(Kind::Name, String::new(), None, false);
                self.at = here + 1;
                return;
            }
            here += 1;
        }
        self.at += 1;
    }

    fn dash(&mut self, letter: char) {
        let next = self.peek(1);
        let joined = self.previous().is_alphanumeric() && next.is_alphanumeric();
        if joined && letter == '-' && !(self.previous().is_ascii_digit() && next.is_ascii_digit()) {
            // A hyphen: the next token says that it is glued.
            self.at += 1;
        } else if joined && letter != '—' {
            self.mark('–');
        } else if letter == '-' && !self.previous().is_whitespace() && next != '-' && self.previous() != '-' {
            // "two- or three-fold": a hanging hyphen says nothing.
            self.at += 1;
        } else {
            self.mark('—');
        }
    }

    fn glued(&self) -> bool {
        let previous = self.previous();
        (previous.is_alphanumeric() && !is_dense(previous))
            || (previous == '-' && self.at >= 2 && self.letters[self.at - 2].is_alphanumeric())
    }

    fn number(&mut self) {
        let glued = self.glued();
        let start = self.at;
        let mut decimals = String::new();
        let mut groups = Vec::new();
        let mut group = String::new();
        loop {
            let letter = self.peek(0);
            if letter.is_ascii_digit() {
                group.push(letter);
                self.at += 1;
            } else if matches!(letter, '.' | ',') && self.peek(1).is_ascii_digit() {
                groups.push((std::mem::take(&mut group), letter));
                self.at += 1;
            } else {
                break;
            }
        }
        let thousands = groups.len() == 1 && group.len() == 3 && groups[0].1 == ',' && groups[0].0 != "0";
        for (digits, _) in &groups {
            decimals.push_str(digits);
        }
        if groups.len() == 1 && !thousands {
            decimals.push('.');
        }
        decimals.push_str(&group);
        let text: String = self.letters[start..self.at].iter().collect();
        self.push(Kind::Number, text, decimals.parse().ok(), glued);
    }

    fn word(&mut self) {
        let glued = self.glued();
        let start = self.at;
        loop {
            let letter = self.peek(0);
            let inner = letter == '\'' || (letter == '_' && (self.peek(1).is_alphanumeric() || self.peek(1) == '_'));
            if (letter.is_alphanumeric() && !is_dense(letter)) || (inner && self.at > start) {
                self.at += 1;
            } else {
                break;
            }
        }
        let mut word = String::with_capacity(self.at - start);
        for letter in &self.letters[start..self.at] {
            if letter.is_ascii() { word.push(letter.to_ascii_lowercase()) } else { word.extend(letter.to_lowercase()) }
        }
        if !word.contains('\'') {
            self.push(Kind::Word, word, None, glued);
            return;
        }
        let (head, tail) = split_elision(&word);
        let owner = word.strip_suffix("'s").filter(|owner| owner.len() > 1 && !PRONOUNS.contains(owner));
        if let Some(owner) = owner {
            self.push(Kind::Word, owner.to_owned(), None, glued);
            self.push(Kind::Word, POSSESSIVE.to_owned(), None, false);
        } else if let Some(tail) = tail {
            self.push(Kind::Word, head.to_owned(), None, glued);
            self.push(Kind::Word, tail.to_owned(), None, false);
        } else {
            self.push(Kind::Word, head.to_owned(), None, glued);
        }
    }

    fn dense(&mut self) {
        let found = (self.dense)(&self.letters[self.at..]);
        let (length, class, value) = found.unwrap_or((1, Class::NONE, None));
        let end = self.letters.len().min(self.at + length.max(1));
        let text = self.letters[self.at..end].iter().collect();
        self.push(Kind::Word, text, value, false);
        if let Some(token) = self.tokens.last_mut() {
            token.class = class;
        }
        self.at = end;
    }
}

/// Letters that show nothing and would only split words.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{00ad}' | '\u{2060}' | '\u{fe0e}' | '\u{fe0f}')
}
