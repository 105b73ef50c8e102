//! A line of a policy, state or configuration file, with what it says marked.

use super::line::{Line, Page, Role};
use crate::report::text;
use crate::report::v1::Related;
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::io::Result;

/// Columns that the renderer's own gutter and our indent may take.
const GUTTER: usize = 12;

/// Writes the line and the mark below it. `role` is the colour of the mark.
pub(super) fn write(page: &mut Page, related: &Related, role: Role) -> Result<()> {
    let (Some(line), Some(excerpt)) = (related.line, related.excerpt.as_deref()) else { return Ok(()) };
    let column = related.column.unwrap_or(1);
    let place = format!("{}:{line}:{column}", page.clean(&related.path));
    let place = text::fit_end(&place, page.width - 6, page.style.unicode).into_owned();
    page.put(Line::new().add(Role::Gutter, "  --> ").add(Role::Plain, place))?;
    let (source, span) = marked(page, excerpt, column, related.end_column.unwrap_or(column + 1));
    let label = page.clean(&related.message).into_owned();
    let annotation = AnnotationKind::Primary.span(span);
    let start = usize::try_from(line).unwrap_or(usize::MAX);
    let group = Group::with_level(Level::NOTE).element(Snippet::source(&source).line_start(start).fold(false).annotation(annotation));
    // Letters and colours are the page's business.
    let renderer = Renderer::plain().decor_style(DecorStyle::Ascii).term_width(page.width.saturating_sub(GUTTER));
    for (index, drawn) in renderer.render(&[group]).lines().enumerate() {
        let Some((gutter, rest)) = drawn.split_once('|') else { continue };
        // The first line of the renderer only opens its block.
        if index == 0 && gutter.trim().is_empty() && rest.trim().is_empty() {
            continue;
        }
        let is_source = !gutter.trim().is_empty();
        let gutter = format!("{:>2} |", gutter.trim());
        if is_source {
            page.put(Line::new().add(Role::Gutter, gutter).add(Role::Plain, rest))?;
            continue;
        }
        // The renderer would let a label run off the page; ours goes below where it does not fit behind the mark.
        let fits = text::columns(&gutter) + text::columns(rest) + 1 + text::columns(&label) <= page.width;
        let behind = if fits { format!("{rest} {label}") } else { rest.to_owned() };
        page.put(Line::new().add(Role::Gutter, gutter).add(role, behind))?;
        if !fits {
            let indent = rest.len() - rest.trim_start().len();
            let room = page.width.saturating_sub(4 + text::columns(&label)).max(1);
            page.put_folded(Line::new().add(Role::Gutter, "   |").add(Role::Plain, " ".repeat(indent.min(room))), role, &label, 3)?;
        }
    }
    Ok(())
}

/// The line in harmless letters, and the bytes of it that are marked. Columns count characters from 1, as they are written.
fn marked(page: &Page, excerpt: &str, column: u64, end: u64) -> (String, std::ops::Range<usize>) {
    let clean = |text: &str| page.clean(&text.replace('\t', "    ")).into_owned();
    let at = |column: u64| {
        let skipped = usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX);
        excerpt.char_indices().nth(skipped).map_or(excerpt.len(), |(at, _)| at)
    };
    let (start, end) = (at(column), at(end.max(column)));
    let before = clean(&excerpt[..start]);
    let inside = clean(&excerpt[start..end]);
    let after = clean(&excerpt[end..]);
    let span = before.len()..before.len() + inside.len();
    (format!("{before}{inside}{after}"), span)
}

#[cfg(test)]
mod tests {
    use super::super::Style;
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str, column: u64, end: u64, label: &str, width: usize, unicode: bool) -> String {
        let style = Style { width, unicode, ..Style::default() };
        let mut out = Vec::new();
        let related = Related {
            path: ".claude/BOUNDARIES.json".into(),
            path_encoded: false,
            line: Some(14),
            column: Some(column),
            end_column: Some(end),
            message: label.into(),
            excerpt: Some(text.into()),
        };
        write(&mut Page::new(&style, &mut out), &related, Role::Error).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_pattern_is_underlined() {
        insta::assert_snapshot!(shown("        \"/src/features/analysis/\",", 9, 33, "owned by task-2", 80, true));
    }

    #[test]
    fn a_long_line_is_cut_around_the_mark() {
        let long = format!("{{\"paths\": [{}\"/src/x/\", {}]}}", "\"/a/\", ".repeat(60), "\"/b/\", ".repeat(60));
        let text = shown(&long, 432, 441, "owned by task-2", 80, true);
        assert!(text.contains("\"/src/x/\"") && text.contains("owned by task-2"), "{text}");
    }

    proptest! {
        #[test]
        fn nothing_active_survives_and_nothing_is_too_wide(text in "(?s:.{0,200})", column in 0_u64..250, length in 0_u64..60, label in "(?s:.{0,80})", width in 60_usize..120, unicode: bool) {
            let shown = shown(&text, column, column + length, &label, width, unicode);
            for line in shown.lines() {
                prop_assert!(text::columns(line) <= width, "{line:?}");
                prop_assert!(!line.chars().any(char::is_control));
                prop_assert!(unicode || line.is_ascii());
            }
        }
    }
}
