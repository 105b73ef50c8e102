//! Text of unknown origin in XML: well-formed, and harmless to those who look at it.

use crate::report::text::{fit_middle, path, powerless, visible};
use crate::report::v1::Location;

/// A longer name is cut in its middle.
const LONGEST_NAME: usize = 300;

/// The text on one line, with everything active or not allowed in XML as an escape.
///
/// XML 1.0 has no way to write most controls, nor the two last numbers of the first plane.
pub(super) fn line(text: &str) -> String {
    let shown = visible(text);
    let shown = powerless(&shown);
    if !shown.contains(['\u{fffe}', '\u{ffff}']) {
        return shown.into_owned();
    }
    shown.replace('\u{fffe}', "\\u{fffe}").replace('\u{ffff}', "\\u{ffff}")
}

/// The name of a case: one line, of a length that a reader can show.
pub(super) fn name(text: &str) -> String {
    let line = line(text);
    let name = fit_middle(line.trim(), LONGEST_NAME, true);
    if name.is_empty() { "(no name)".to_owned() } else { name.into_owned() }
}

/// `path:line:column`, as far as it is known.
pub(super) fn place(location: &Location) -> String {
    let mut place = path(&location.path).into_owned();
    for number in [location.line, location.line.and(location.column)].into_iter().flatten() {
        place.push_str(&format!(":{number}"));
    }
    place
}

/// Lines of a text node.
#[derive(Default)]
pub(super) struct Lines(Vec<String>);

impl Lines {
    /// Adds `label: value`, where there is a value.
    pub(super) fn add(&mut self, label: &str, value: Option<&str>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.0.push(line(&format!("{label}: {value}")));
        }
    }

    /// Adds a line as it is, made harmless.
    pub(super) fn push(&mut self, text: &str) {
        self.0.push(line(text));
    }

    /// All of them; `None` where there are none.
    pub(super) fn text(&self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.join("\n"))
    }
}
