//! Places in SARIF: URIs and regions.

use super::shape::{ArtifactLocation, Location, PhysicalLocation, Region};

/// The last line or column that is told: readers keep them in 32 bits.
const MOST: u64 = i32::MAX as u64;

/// Where something stands in its file; lines and columns from 1, as the report has them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Span {
    pub(super) line: Option<u64>,
    pub(super) column: Option<u64>,
    pub(super) end_line: Option<u64>,
    pub(super) end_column: Option<u64>,
}

/// A place without a word to it.
pub(super) fn location(uri: String, span: Span) -> Location {
    let physical_location = PhysicalLocation { artifact_location: ArtifactLocation { uri }, region: region(span) };
    Location { id: None, physical_location, message: None }
}

/// The region of a span: the first line where it has none, and never one that ends before it starts.
fn region(span: Span) -> Region {
    let Some(line) = span.line else {
        return Region { start_line: 1, start_column: 1, end_line: 1, end_column: None };
    };
    let start_line = line.clamp(1, MOST);
    let start_column = span.column.unwrap_or(1).clamp(1, MOST);
    let end_line = span.end_line.unwrap_or(start_line).clamp(start_line, MOST);
    let first = if end_line == start_line { start_column } else { 0 };
    let end_column = span.end_column.map(|end| end.min(MOST)).filter(|end| *end > first);
    Region { start_line, start_column, end_line, end_column }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn span(line: u64, column: u64, end_line: Option<u64>, end_column: u64) -> Span {
        Span { line: Some(line), column: Some(column), end_line, end_column: Some(end_column) }
    }

    #[test]
    fn a_region_is_what_the_report_says() {
        let of = |span| {
            let region = region(span);
            (region.start_line, region.start_column, region.end_line, region.end_column)
        };
        assert_eq!(of(Span::default()), (1, 1, 1, None));
        assert_eq!(of(Span { line: Some(12), ..Span::default() }), (12, 1, 12, None));
        assert_eq!(of(span(4, 9, None, 33)), (4, 9, 4, Some(33)));
        assert_eq!(of(span(4, 9, Some(6), 2)), (4, 9, 6, Some(2)));
        assert_eq!(of(span(4, 9, Some(2), 9)), (4, 9, 4, None));
    }

    proptest! {
        #[test]
        fn no_region_ends_before_it_starts(line: Option<u64>, column: Option<u64>, end_line: Option<u64>, end_column: Option<u64>) {
            let region = region(Span { line, column, end_line, end_column });
            prop_assert!(region.start_line >= 1 && region.start_column >= 1 && region.end_line >= region.start_line);
            let end = region.end_column.unwrap_or(u64::MAX);
            prop_assert!(end >= 1 && (region.end_line, end) > (region.start_line, region.start_column));
        }
    }
}
