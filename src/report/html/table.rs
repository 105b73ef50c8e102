//! Tables: a caption, heads, rows; wide ones scroll on their own, long ones open when asked.

use maud::{Markup, html};

/// A longer table is closed at first.
const LONG: usize = 200;

/// A column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    name: &'static str,
    number: bool,
    told: Option<&'static str>,
    sorted: bool,
}

impl Head {
    /// With what its name means, for those who point at it.
    pub(super) const fn told(self, told: &'static str) -> Head {
        Head { told: Some(told), ..self }
    }

    /// By which the table is sorted to begin with, ascending.
    pub(super) const fn sorted(self) -> Head {
        Head { sorted: true, ..self }
    }
}

/// A column of words.
pub(super) const fn words(name: &'static str) -> Head {
    Head { name, number: false, told: None, sorted: false }
}

/// A column of numbers, sorted as numbers.
pub(super) const fn number(name: &'static str) -> Head {
    Head { name, number: true, told: None, sorted: false }
}

/// A table of `rows` rows that can be sorted; nothing where there are none. A long one opens when asked.
pub(super) fn table(class: &str, caption: &str, heads: &[Head], rows: usize, body: &Markup) -> Markup {
    html! {
        @if rows > LONG {
            details.table { summary { (caption) ": " (rows) " rows" } (open(class, caption, heads, rows, body)) }
        } @else if rows > 0 {
            (open(class, caption, heads, rows, body))
        }
    }
}

/// The same, however long it is.
pub(super) fn open(class: &str, caption: &str, heads: &[Head], rows: usize, body: &Markup) -> Markup {
    html! {
        div.scroll tabindex="0" role="group" aria-label=(caption) {
            table class=(class) data-sort[rows > 1] {
                caption { (caption) @if rows > 1 { " " span.count { (rows) } } }
                thead {
                    tr {
                        @for head in heads {
                            @let sorted = (head.sorted && rows > 1).then_some("ascending");
                            th scope="col" class=[head.number.then_some("n")] title=[head.told] aria-sort=[sorted] { (head.name) }
                        }
                    }
                }
                tbody { (body) }
            }
        }
    }
}
