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

/// The region of a span: the columns where both ends are known, else whole lines; the first line where it has none.
///
/// A region without columns is its lines as a whole (section 3.30.5 of the standard). GitHub's documents list all four numbers
/// as required, and show regions of a first line alone among their examples.
fn region(span: Span) -> Region {
    let Some(line) = span.line else { return Region { start_line: 1, ..Region::default() } };
    let start_line = line.clamp(1, MOST);
    let end_line = span.end_line.unwrap_or(start_line).clamp(start_line, MOST);
    let columns = span.column.zip(span.end_column).map(|(start, end)| (start.clamp(1, MOST), end.min(MOST)));
    let columns = columns.filter(|(start, end)| *end >= 1 && (end_line > start_line || end > start));
    match columns {
        Some((start, end)) => Region { start_line, start_column: Some(start), end_line: Some(end_line), end_column: Some(end) },
        None => Region { start_line, end_line: Some(end_line).filter(|end| *end > start_line), ..Region::default() },
    }
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
        assert_eq!(of(Span::default()), (1, None, None, None));
        assert_eq!(of(Span { line: Some(12), ..Span::default() }), (12, None, None, None));
        assert_eq!(of(Span { line: Some(12), column: Some(3), ..Span::default() }), (12, None, None, None));
        assert_eq!(of(Span { line: Some(12), end_line: Some(14), ..Span::default() }), (12, None, Some(14), None));
        assert_eq!(of(span(4, 9, None, 33)), (4, Some(9), Some(4), Some(33)));
        assert_eq!(of(span(4, 9, Some(6), 2)), (4, Some(9), Some(6), Some(2)));
        assert_eq!(of(span(4, 9, Some(2), 9)), (4, None, None, None));
    }

    proptest! {
        #[test]
        fn no_region_ends_before_it_starts(line: Option<u64>, column: Option<u64>, end_line: Option<u64>, end_column: Option<u64>) {
            let region = region(Span { line, column, end_line, end_column });
            let last = region.end_line.unwrap_or(region.start_line);
            prop_assert!(region.start_line >= 1 && last >= region.start_line);
            prop_assert_eq!(region.start_column.is_some(), region.end_column.is_some());
            if let (Some(start), Some(end)) = (region.start_column, region.end_column) {
                prop_assert!(start >= 1 && end >= 1 && region.end_line.is_some() && (last, end) > (region.start_line, start));
            }
        }
    }
}
