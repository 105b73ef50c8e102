//! Adding lines to a file of YAML, everything else in it unchanged: in its bytes, and in what it says.

use super::marks;
use saphyr_parser::{Event, Parser, ScalarStyle};

/// A text and the events of its one document.
pub(super) struct Yaml<'t> {
    text: &'t str,
    events: Vec<Event<'t>>,
    /// Where each event starts, in bytes.
    starts: Vec<usize>,
    /// Where each event ends, in bytes.
    ends: Vec<usize>,
}

const CHANGES: &str = "the way it is written leaves no line where paralint's would change nothing else";

impl<'t> Yaml<'t> {
    /// Reads a text that holds one document, or nothing.
    pub(super) fn read(text: &'t str) -> Result<Self, String> {
        let mut offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        offsets.push(text.len());
        let offset = |character: usize| offsets.get(character).copied().unwrap_or(text.len());
        let mut yaml = Yaml { text, events: Vec::new(), starts: Vec::new(), ends: Vec::new() };
        let mut documents = 0;
        let mut parser = Parser::new_from_str(text);
        while let Some(event) = parser.next_event() {
            let (event, span) = event.map_err(|error| format!("it is not valid YAML: line {}, {}", error.marker().line(), error.info()))?;
            match event {
                Event::DocumentStart(_) => documents += 1,
                Event::StreamStart | Event::StreamEnd | Event::DocumentEnd | Event::Nothing => {}
                event => {
                    yaml.starts.push(offset(span.start.index()));
                    yaml.ends.push(offset(span.end.index()));
                    yaml.events.push(event);
                }
            }
        }
        if documents > 1 {
            return Err("it holds several YAML documents".to_owned());
        }
        Ok(yaml)
    }

    /// The outermost map; `None` where the file says nothing.
    pub(super) fn root(&self) -> Result<Option<usize>, String> {
        match self.events.first() {
            None => Ok(None),
            Some(Event::MappingStart(..)) => self.open(0).map(Some),
            Some(_) if self.is_nothing(0) => Ok(None),
            Some(_) => Err("its outermost value is no map".to_owned()),
        }
    }

    /// The value of a key in a map, by the places of both.
    pub(super) fn find(&self, map: usize, key: &str) -> Result<Option<Entry>, String> {
        let mut found = None;
        for entry in self.entries(map) {
            match self.scalar(entry.key) {
                Some("<<") => return Err("a map in it takes entries from another one (<<)".to_owned()),
                Some(name) if name == key && found.is_some() => return Err(format!("`{key}` is there twice")),
                Some(name) if name == key => found = Some(entry),
                _ => {}
            }
        }
        Ok(found)
    }

    /// The entries of a map; none where it is no map.
    pub(super) fn entries(&self, map: usize) -> Vec<Entry> {
        if !self.is_map(map) {
            return Vec::new();
        }
        let children = self.children(map);
        children.chunks_exact(2).map(|pair| Entry { key: pair[0], value: pair[1] }).collect()
    }

    /// The values in a map or a list, in order; keys and values by turns.
    pub(super) fn children(&self, container: usize) -> Vec<usize> {
        let mut children = Vec::new();
        let mut at = container + 1;
        while at < self.events.len() && !matches!(self.events[at], Event::MappingEnd | Event::SequenceEnd) {
            children.push(at);
            at = self.after(at);
        }
        children
    }

    /// The place after a value and all that is in it.
    pub(super) fn after(&self, value: usize) -> usize {
        let mut depth = 0usize;
        for (at, event) in self.events.iter().enumerate().skip(value) {
            match event {
                Event::MappingStart(..) | Event::SequenceStart(..) => depth += 1,
                Event::MappingEnd | Event::SequenceEnd => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return at + 1;
            }
        }
        self.events.len()
    }

    /// The map or list that a value stands in.
    pub(super) fn container(&self, value: usize) -> Option<usize> {
        let mut depth = 0usize;
        for at in (0..value).rev() {
            match self.events.get(at)? {
                Event::MappingEnd | Event::SequenceEnd => depth += 1,
                Event::MappingStart(..) | Event::SequenceStart(..) if depth == 0 => return Some(at),
                Event::MappingStart(..) | Event::SequenceStart(..) => depth -= 1,
                _ => {}
            }
        }
        None
    }

    /// The text of a single value.
    pub(super) fn scalar(&self, at: usize) -> Option<&str> {
        match self.events.get(at) {
            Some(Event::Scalar(text, ..)) => Some(text),
            _ => None,
        }
    }

    pub(super) fn is_map(&self, at: usize) -> bool {
        matches!(self.events.get(at), Some(Event::MappingStart(..)))
    }

    pub(super) fn is_list(&self, at: usize) -> bool {
        matches!(self.events.get(at), Some(Event::SequenceStart(..)))
    }

    /// Nothing is written where a value could be.
    pub(super) fn is_nothing(&self, at: usize) -> bool {
        matches!(self.events.get(at), Some(Event::Scalar(text, ScalarStyle::Plain, 0, None)) if text.is_empty())
    }

    /// A map or list that lines can be added to: no other place in the file shares it, and it is not on one line.
    pub(super) fn open(&self, at: usize) -> Result<usize, String> {
        match self.events.get(at) {
            Some(Event::Alias(_)) => return Err("it uses the same entries in several places (an alias)".to_owned()),
            Some(Event::MappingStart(anchor, _) | Event::SequenceStart(anchor, _)) if *anchor != 0 => {
                return Err("other places in it may use the same entries (an anchor)".to_owned());
            }
            _ => {}
        }
        match self.text.get(self.starts[at]..).and_then(|rest| rest.chars().next()) {
            Some('[' | '{') if !self.is_nothing(at) => Err("it is written on one line, in brackets".to_owned()),
            _ => Ok(at),
        }
    }

    /// The text with entries added at the end of the outermost map.
    pub(super) fn with_at_end(&self, lines: &str) -> Result<String, String> {
        let last = self.events.iter().rev().find_map(|event| if let Event::Scalar(_, style, ..) = event { Some(style) } else { None });
        // Readers differ in whether the newline that we would put there belonged to it.
        if !self.text.ends_with('\n') && matches!(last, Some(ScalarStyle::Literal | ScalarStyle::Folded)) {
            return Err("a text of several lines reaches to its very end".to_owned());
        }
        let after = marks::insert(self.text, self.text.len(), lines, 0);
        let added = Yaml::read(lines)?.events;
        match self.root()? {
            None => self.proven(after, 0..self.events.len(), &added),
            Some(root) => {
                let end = self.after(root) - 1;
                self.proven(after, end..end, &added[1..added.len() - 1])
            }
        }
    }

    /// The text with entries added below a key, before those that are there. `lines` are a map or list like the key's value.
    pub(super) fn with_below(&self, entry: Entry, lines: &str) -> Result<String, String> {
        let value = self.open(entry.value)?;
        let line_end = |from: usize| self.text[from..].find('\n').map_or(self.text.len(), |length| from + length + 1);
        let at = line_end(self.ends[entry.key]);
        let added = Yaml::read(lines)?.events;
        if self.is_nothing(value) {
            let after = marks::insert(self.text, at, lines, self.column(self.starts[entry.key]) + 2);
            return self.proven(after, value..value + 1, &added);
        }
        // Its first entry tells: the reader places a list that is not indented behind its dash, and a tag before everything.
        let first = self.starts[value + 1];
        let column = if self.is_list(value) { self.margin(first) } else { self.column(first) };
        let after = marks::insert(self.text, at, lines, column);
        self.proven(after, value + 1..value + 1, &added[1..added.len() - 1])
    }

    /// The column of a place, in characters; the byte order mark is none.
    fn column(&self, at: usize) -> usize {
        let line = self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        self.text[line..at].trim_start_matches('\u{feff}').chars().count()
    }

    /// The spaces at the start of a place's line.
    fn margin(&self, at: usize) -> usize {
        let line = self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        self.text[line..at].chars().take_while(|letter| *letter == ' ').count()
    }

    /// Gives the new text back if it says what the old one said, with what was added in place of a range of events.
    fn proven(&self, after: String, range: std::ops::Range<usize>, added: &[Event<'_>]) -> Result<String, String> {
        {
            let now = Yaml::read(&after).map_err(|_| CHANGES.to_owned())?;
            let expected = self.events[..range.start].iter().chain(added).chain(&self.events[range.end..]);
            // Lines of an earlier addition go as well.
            let restored = marks::without(self.text);
            if !now.events.iter().eq(expected) || marks::without(&after).as_deref() != Some(restored.as_deref().unwrap_or(self.text)) {
                return Err(CHANGES.to_owned());
            }
        }
        Ok(after)
    }
}

/// A key and its value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) key: usize,
    pub(super) value: usize,
}
