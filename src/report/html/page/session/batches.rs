//! The batches of a session: which agents belong together, and how parallel they were.

use super::Material;
use crate::report::html::table::{Head, number, table, words};
use crate::report::html::words::{NOTHING, decimal, seconds, share};
use maud::{Markup, html};

const HEADS: [Head; 11] = [
    number("Batch"),
    words("Agents"),
    number("Number"),
    number("Most at once").told("the most of them that ran at the same moment"),
    number("Work").told("the run times of all of them together"),
    number("Wall time").told("from the start of the first to the end of the last"),
    number("At once on average").told("work by wall time"),
    number("Efficiency").told("how much of the wall time each of them ran, on average"),
    number("Utilisation").told("the same, for as many as ran at the same moment at most"),
    number("Imbalance").told("the longest run time by the mean: 1.00 where all took as long"),
    number("Overhead").told("how much of the time from the first call to the last result none of them ran"),
];

/// The table of the batches.
pub(super) fn batches(material: &Material) -> Markup {
    let batches = &material.session.batches;
    let time = |time: Option<f64>| html! { td.n data-value=[time] { (time.map_or_else(|| NOTHING.to_owned(), seconds)) } };
    let rows = html! {
        @for (index, batch) in batches.iter().enumerate() {
            tr {
                td.n { (index + 1) }
                td { (material.names(&batch.dispatches)) }
                td.n { (batch.count) }
                td.n { (batch.peak) }
                (time(batch.work))
                (time(batch.wall))
                td.n { (decimal(batch.effective_concurrency)) }
                td.n { (share(batch.efficiency)) }
                td.n { (share(batch.utilisation)) }
                td.n { (decimal(batch.imbalance)) }
                td.n { (share(batch.overhead)) }
            }
        }
    };
    table("batches", "Batches: agents that belong together", &HEADS, batches.len(), &rows)
}
