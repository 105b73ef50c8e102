//! YAML whose values know their places. It is read into a flat list of nodes; an alias is a node of its own and stands for
//! nothing, so no text grows by being read.

use super::json::DEEPEST;
use super::source::{Hinted, Source};
use crate::model::mark::{Located, Mark};
use crate::model::state::StateError;
use saphyr_parser::{Event, Parser, Span};
use std::borrow::Cow;
use std::ops::Range;

/// A file with more values than this is no note from one agent to the next.
const MOST_VALUES: usize = 200_000;

const TOO_DEEP: &str = "nested deeper than 128";
const DEEP_HINT: &str = "no state file needs more than a few levels";

enum Kind<'s> {
    Scalar(Cow<'s, str>),
    List(Vec<usize>),
    /// Keys and values by turns.
    Map(Vec<usize>),
    Alias,
}

struct Node<'s> {
    kind: Kind<'s>,
    /// In characters.
    span: Range<usize>,
}

/// A file of YAML, all of its documents.
pub(super) struct Tree<'s> {
    source: &'s Source,
    nodes: Vec<Node<'s>>,
    documents: Vec<usize>,
}

/// One value and its place.
#[derive(Clone, Copy)]
pub(super) struct Yaml<'t> {
    tree: &'t Tree<'t>,
    index: usize,
}

impl<'s> Tree<'s> {
    /// Reads the whole text.
    pub(super) fn new(source: &'s Source) -> Result<Tree<'s>, StateError> {
        let mut tree = Tree { source, nodes: Vec::new(), documents: Vec::new() };
        let mut open: Vec<usize> = Vec::new();
        let mut parser = Parser::new_from_str(source.text());
        while let Some(event) = parser.next_event() {
            let (event, span) = event.map_err(|error| {
                let at = source.offset_of_character(error.marker().index());
                match error.info() {
                    // The reader's own limit, met while it looks ahead.
                    info if info.contains("recursion limit") => source.error(at..at + 1, TOO_DEEP).hinted(DEEP_HINT),
                    info => source.error(at..at + 1, format!("not valid YAML: {info}")).hinted("text with `: `, `[` or `{` needs quotes"),
                }
            })?;
            tree.event(event, span, &mut open)?;
        }
        if tree.documents.is_empty() {
            return Err(StateError { mark: source.whole(), message: "the file is empty".to_owned(), hint: None }
                .hinted("write its content, or remove the file"));
        }
        Ok(tree)
    }

    fn event(&mut self, event: Event<'s>, span: Span, open: &mut Vec<usize>) -> Result<(), StateError> {
        let kind = match event {
            Event::Scalar(text, ..) => Kind::Scalar(text),
            Event::Alias(_) => Kind::Alias,
            Event::SequenceStart(..) => Kind::List(Vec::new()),
            Event::MappingStart(..) => Kind::Map(Vec::new()),
            Event::SequenceEnd | Event::MappingEnd => {
                open.pop();
                return Ok(());
            }
            _ => return Ok(()),
        };
        let refused = |message: &str, hint: &str| {
            let at = self.source.offset_of_character(span.start.index());
            Err(self.source.error(at..at + 1, message).hinted(hint))
        };
        if open.len() >= DEEPEST {
            return refused(TOO_DEEP, DEEP_HINT);
        }
        if self.nodes.len() >= MOST_VALUES {
            return refused("more than 200000 values", "no state file needs that much; remove what is old");
        }
        let index = self.nodes.len();
        match open.last().map(|parent| &mut self.nodes[*parent].kind) {
            Some(Kind::List(entries) | Kind::Map(entries)) => entries.push(index),
            _ => self.documents.push(index),
        }
        if matches!(kind, Kind::List(_) | Kind::Map(_)) {
            open.push(index);
        }
        self.nodes.push(Node { kind, span: span.start.index()..span.end.index() });
        Ok(())
    }

    /// The outermost values of the documents; one that holds nothing is none.
    pub(super) fn documents(&self) -> impl Iterator<Item = Yaml<'_>> {
        self.documents.iter().map(|index| Yaml { tree: self, index: *index }).filter(|document| !document.is_null())
    }
}

impl<'t> Yaml<'t> {
    fn node(self) -> &'t Node<'t> {
        &self.tree.nodes[self.index]
    }

    fn span(self) -> Range<usize> {
        let span = &self.node().span;
        self.tree.source.offset_of_character(span.start)..self.tree.source.offset_of_character(span.end)
    }

    /// Its place.
    pub(super) fn mark(self) -> Mark {
        self.tree.source.mark(self.span())
    }

    /// What is wrong with it.
    pub(super) fn error(self, message: impl Into<String>) -> StateError {
        self.tree.source.error(self.span(), message)
    }

    /// It should be something else.
    pub(super) fn unexpected(self, expected: &str) -> StateError {
        match self.node().kind {
            Kind::Scalar(_) => self.error(format!("expected {expected}, found a single value")),
            Kind::List(_) => self.error(format!("expected {expected}, found a list")),
            Kind::Map(_) => self.error(format!("expected {expected}, found a map")),
            Kind::Alias => self.error("an alias stands for nothing here").hinted("write the value out"),
        }
    }

    /// Nothing: empty, or `null`.
    pub(super) fn is_null(self) -> bool {
        matches!(&self.node().kind, Kind::Scalar(text) if matches!(text.as_ref(), "" | "~" | "null"))
    }

    pub(super) fn is_map(self) -> bool {
        matches!(self.node().kind, Kind::Map(_))
    }

    /// The text of a single value.
    pub(super) fn text(self) -> Option<&'t str> {
        match &self.node().kind {
            Kind::Scalar(text) => Some(text.as_ref()),
            _ => None,
        }
    }

    /// A single value, changed by `read`, and its place.
    pub(super) fn located(self, value: impl Into<String>) -> Located<String> {
        Located { value: value.into(), mark: self.mark() }
    }

    /// The entries of a list.
    pub(super) fn list(self, expected: &str) -> Result<impl Iterator<Item = Yaml<'t>>, StateError> {
        match &self.node().kind {
            Kind::List(entries) => Ok(entries.iter().map(move |index| Yaml { tree: self.tree, index: *index })),
            _ => Err(self.unexpected(expected)),
        }
    }

    /// The entries of a map.
    pub(super) fn pairs(self, expected: &str) -> Result<impl Iterator<Item = (Yaml<'t>, Yaml<'t>)>, StateError> {
        match &self.node().kind {
            Kind::Map(entries) => Ok(entries.chunks_exact(2).map(move |pair| {
                let node = |index: usize| Yaml { tree: self.tree, index };
                (node(pair[0]), node(pair[1]))
            })),
            _ => Err(self.unexpected(expected)),
        }
    }

    /// The value of a key. A key that is there twice is an error; a value that is nothing is none.
    pub(super) fn get(self, key: &str, expected: &str) -> Result<Option<Yaml<'t>>, StateError> {
        let mut found = self.pairs(expected)?.filter(|(name, _)| name.text() == Some(key));
        let first = found.next();
        if let (Some((first, _)), Some((second, _))) = (first, found.next()) {
            let hint = format!("it is there on line {} already; keep one of them", first.mark().line);
            return Err(second.error(format!("the key `{key}` is there twice")).hinted(hint));
        }
        Ok(first.map(|(_, value)| value).filter(|value| !value.is_null()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> StateError {
        let source = Source::new("a.yaml", text);
        Tree::new(&source).map(|_| ()).unwrap_err()
    }

    #[test]
    fn values_have_their_places_by_characters() {
        let source = Source::new("a.yaml", "# ä\r\nä: [😀, b]\nc: \"d\"\n");
        let tree = Tree::new(&source).unwrap();
        let root = tree.documents().next().unwrap();
        let b = root.get("ä", "").unwrap().unwrap().list("").unwrap().nth(1).unwrap();
        let mark = b.mark();
        assert_eq!((mark.line, mark.column, mark.end_column, &*mark.text), (2, 8, 9, "ä: [😀, b]"));
        assert_eq!(root.get("c", "").unwrap().unwrap().text(), Some("d"));
        assert!(root.get("x", "").unwrap().is_none());
    }

    #[test]
    fn bombs_do_not_go_off() {
        let mut bomb = "a0: &a0 [x]\n".to_owned();
        for level in 1..60 {
            let before = format!("*a{}, ", level - 1).repeat(9);
            bomb.push_str(&format!("a{level}: &a{level} [{before}]\n"));
        }
        let source = Source::new("a.yaml", &bomb);
        assert!(Tree::new(&source).unwrap().nodes.len() < 2_000);
        assert_eq!(error(&"[".repeat(100_000)).message, "nested deeper than 128");
        assert_eq!(error(&"- ".repeat(1_000)).message, "nested deeper than 128");
        assert_eq!(error(&"- a\n".repeat(MOST_VALUES + 1)).message, "more than 200000 values");
    }

    #[test]
    fn broken_yaml_has_its_place() {
        let broken = error("a: 1\nb: [1, 2\nc: }\n");
        assert!(broken.message.starts_with("not valid YAML: ") && broken.mark.line >= 2, "{broken:?}");
        assert_eq!(error("# nothing\n").message, "the file is empty");
        let source = Source::new("a.yaml", "a: 1\nb: 2\na: 3\n");
        let tree = Tree::new(&source).unwrap();
        let twice = tree.documents().next().unwrap().get("a", "").map(|_| ()).unwrap_err();
        assert_eq!((twice.mark.line, twice.message.as_str()), (3, "the key `a` is there twice"));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[-a:&*\\[\\]{}#|>\"'%!?, \\n\\r\\t\u{e9}]{0,60}") {
            let source = Source::new("a.yaml", &text);
            if let Ok(tree) = Tree::new(&source) {
                for document in tree.documents() {
                    let _ = document.get("a", "a map");
                    let _ = document.mark();
                }
            }
        }
    }
}
