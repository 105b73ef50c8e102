//! The agents of a group, row by row.

use super::block::{Group, Row};
use super::outcome::{Outcome, tool_uses};
use crate::input::session::text::builder::Asked;

/// An agent of a group: what it is for, of which kind it is, how it stands.
pub(super) type Shape = (String, Option<String>, Outcome);

/// What is asked for by the agents of a group in these places.
pub(super) fn asked(group: &Group, rows: &[Shape], places: impl Iterator<Item = usize>) -> Vec<Asked> {
    places
        .map(|place| {
            let row = rows.get(place);
            Asked {
                line: group.rows.get(place).map_or(group.line, |row| row.line),
                description: row.map(|(description, ..)| description.clone()).filter(|text| !text.is_empty()),
                agent_type: row.and_then(|(_, kind, _)| kind.clone()).or_else(|| group.kind.clone()),
                background: false,
            }
        })
        .collect()
}

/// What an agent of a group is for, of which kind it is, and how it stands.
pub(super) fn read_row(row: &Row, group: &Group) -> Shape {
    let mut outcome = Outcome::read(row.output.iter().map(String::as_str));
    let (text, counts) = row.text.split_once(" · ").unwrap_or((&row.text, ""));
    // A console that was resumed has lost what it counted: it prints 0, and no tokens.
    outcome.tool_uses = tool_uses(counts).filter(|uses| *uses > 0 || counts.contains("token")).or(outcome.tool_uses);
    // Where the agents differ the kind stands in front: `Explore (Look at the cart)`.
    let kinded =
        text.strip_suffix(')').and_then(|text| text.split_once(" (")).filter(|(kind, _)| group.kind.is_none() && !kind.contains(' '));
    match kinded {
        Some((kind, description)) => (plain(description), Some(kind.to_owned()), outcome),
        None => (plain(text), None, outcome),
    }
}

/// One blank between words, so that a text that the terminal wrapped is the same.
pub(super) fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
