//! Adding lines at the end of a file of TOML, everything else in it unchanged: in its bytes, and in what it says.

use super::marks;
use toml::Table;

/// Reads a file; an error names the place on one line.
pub(super) fn read(text: &str) -> Result<Table, String> {
    text.trim_start_matches('\u{feff}').parse::<Table>().map_err(|error| format!("it is not valid TOML: {}", error.message()))
}

/// The text with lines at its end, if it then says what `expected` makes of what it says now.
pub(super) fn with_at_end(text: &str, lines: &str, expected: impl FnOnce(&mut Table) -> Option<()>) -> Result<String, String> {
    let refused = || "the way it is written leaves no line where paralint's would change nothing else".to_owned();
    let mut wanted = read(text)?;
    expected(&mut wanted).ok_or_else(refused)?;
    let after = marks::insert(text, text.len(), lines, 0);
    let now = read(&after).map_err(|_| refused())?;
    // Lines of an earlier addition go as well.
    let restored = marks::without(text);
    if now == wanted && marks::without(&after).as_deref() == Some(restored.as_deref().unwrap_or(text)) { Ok(after) } else { Err(refused()) }
}
