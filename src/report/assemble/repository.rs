//! Change sets, overlaps and excerpts, as the report shows them.

use super::v1;
use crate::model::change::Change;
use crate::model::mark::Excerpt;
use crate::model::overlap::Overlap;
use crate::work::identity::Attributed;

pub(super) fn change_set(attributed: &Attributed) -> v1::ChangeSet {
    let changes = &attributed.changes;
    v1::ChangeSet {
        source: changes.source,
        name: changes.name.clone(),
        base: changes.base.clone(),
        head: changes.head.clone(),
        agent: attributed.by.as_ref().map(|by| by.agent.clone()),
        attributed_by: attributed.by.as_ref().map(|by| by.by),
        files: changes.files.iter().map(file).collect(),
    }
}

fn file(change: &Change) -> v1::ChangedFile {
    v1::ChangedFile {
        path: change.path.shown().into_owned(),
        path_encoded: change.paths().any(|path| path.is_encoded()),
        old_path: change.old_path.as_ref().map(|path| path.shown().into_owned()),
        change: change.kind,
        entry: change.entry,
        class: change.class,
        inferred: false,
    }
}

pub(super) fn overlap(overlap: &Overlap, name: &dyn Fn(usize) -> String) -> v1::Overlap {
    v1::Overlap {
        path: overlap.path.shown().into_owned(),
        path_encoded: overlap.path.is_encoded(),
        between: [name(overlap.between.0), name(overlap.between.1)],
        kind: overlap.kind,
        lines: overlap.lines,
        class: overlap.class,
        remarks: overlap.remarks.clone(),
    }
}

pub(super) fn excerpt(excerpt: &Excerpt) -> v1::Related {
    let mark = &excerpt.mark;
    v1::Related {
        path: mark.path.to_string(),
        path_encoded: false,
        line: Some(mark.line),
        message: excerpt.label.clone(),
        column: Some(mark.column),
        end_column: Some(mark.end_column),
        excerpt: Some(mark.text.to_string()),
    }
}
