//! One sentence, ready to be read.

use super::blocks::Markup;
use super::class::Class;
use super::stream::{self, Stream};

/// A sentence with its streams and what its surroundings say about it.
#[derive(Debug)]
pub(super) struct Sentence<'t> {
    pub(super) text: &'t str,
    pub(super) markup: Markup,
    pub(super) streams: Vec<Stream>,
    /// How many agents the sentences before it in the same paragraph spoke of; the outer `None` means of none at all.
    pub(super) context: Option<Option<u32>>,
}

impl<'t> Sentence<'t> {
    pub(super) fn new(text: &'t str, markup: Markup, context: Option<Option<u32>>) -> Self {
        Self { text, markup, streams: stream::streams(text), context }
    }

    /// Whether it asks.
    pub(super) fn asks(&self) -> bool {
        let end = self.text.trim_end_matches(['"', '\'', ')', '*', '_', '`', '”', '»', '」', ' ']);
        end.ends_with(['?', '？']) || self.text.starts_with('¿')
    }

    /// Whether it is a piece of code or a command and no sentence.
    pub(super) fn is_code(&self) -> bool {
        let text = self.text.trim_start();
        let starts = [
            "//",
            "/*",
            "/",
            "$ ",
            "# ",
            "def ",
            "fn ",
            "func ",
            "const ",
            "let ",
            "import ",
            "return ",
            "@",
            "<",
            "{",
            "it(",
            "test(",
            "describe(",
        ];
        let holds = ["(\"", "('", "(`", "();", "=>", "==", "&&", "::", "</", "({", "})", "{}", "\\n", "();", ": {", "= [", ");"];
        starts.iter().any(|start| text.starts_with(start)) || holds.iter().any(|piece| text.contains(piece))
    }

    /// Whether a word of simultaneity is asserted anywhere in it.
    pub(super) fn is_together(&self) -> bool {
        self.streams.iter().any(|stream| stream.places(Class::TOGETHER).any(|index| is_asserted(stream, index)))
    }
}

/// Verbs of putting several things into one: "wire everything together".
const JOINS: [&str; 24] = [
    "wire",
    "wiring",
    "wired",
    "put",
    "putting",
    "tie",
    "tying",
    "tied",
    "bring",
    "bringing",
    "brought",
    "pull",
    "pulling",
    "pulled",
    "piece",
    "glue",
    "gluing",
    "stitch",
    "stitching",
    "hook",
    "hooking",
    "link",
    "linking",
    "join",
];

/// Whether "together" at this place belongs to such a verb, at most four words before it.
fn joins(stream: &Stream, index: usize) -> bool {
    let is_joining = |at: usize| stream.at(at).is_some_and(|token| JOINS.contains(&&*token.text));
    stream.at(index).is_some_and(|token| token.text == "together") && (index.saturating_sub(4)..index).any(is_joining)
}

/// Whether "in parallel" at this place is neither denied nor merely possible.
fn is_asserted(stream: &Stream, index: usize) -> bool {
    let doubted = Class::NOT | Class::MODAL | Class::CONDITION | Class::YOU | Class::INTENT;
    let compound = stream.at(index + 1).is_some_and(|next| next.glued);
    // "both" and "all" are also adverbs, and "together with" only joins.
    stream.before(index, doubted).is_none() && !compound && !joins(stream, index)
}
