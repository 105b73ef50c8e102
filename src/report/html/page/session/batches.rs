//! The batches of a session: which agents belong together, and how parallel they were.

use super::{Material, Most, Timed};
use crate::report::html::table::{Head, number, table, words};
use crate::report::html::words::{NOTHING, decimal, seconds, share};
use maud::{Markup, html};

const HEADS: [Head; 11] = [
    number("Batch"),
    words("Agents"),
    number("Number").told("measures are of those with exact times alone"),
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
            @let is_text = material.session.is_text();
            @let timed = Timed::of(batch.dispatches.iter().filter_map(|id| material.agents.get(id)));
            // One agent alone says nothing of how several went together.
            @let of_several = |number: Option<f64>| number.filter(|_| timed.unknown == 0 || timed.exact > 1);
            tr id={ "batch-" (material.index) "-" (index) } {
                td.n { (index + 1) }
                td { (material.agents.links(&batch.dispatches)) }
                td.n data-value=(batch.count) { (batch.count) @if timed.unknown > 0 && !is_text { small { (timed.exact) " with exact times" } } }
                @let most = if is_text { Most { number: Some(batch.peak), sure: true } } else { timed.most(batch.peak) };
                td.n data-value=[most.number] { (most) }
                (time(batch.work))
                (time(batch.wall))
                td.n { (decimal(of_several(batch.effective_concurrency))) }
                td.n { (share(of_several(batch.efficiency))) }
                td.n { (share(of_several(batch.utilisation))) }
                td.n { (decimal(of_several(batch.imbalance))) }
                td.n { (share(batch.overhead.filter(|_| timed.unknown == 0))) }
            }
        }
    };
    table("batches", "Batches: agents that belong together", &HEADS, batches.len(), &rows)
}
