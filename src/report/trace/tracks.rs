//! On which track of its thread each slice stands. What overlaps on one track would look as if one called the other, so
//! slices that do stand on tracks of their own.

use crate::report::trace::event::Span;
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

/// The tracks of one thread. The first one has the agent's own slice; all that stands on it lies within.
pub(super) struct Tracks {
    own: Option<Span>,
    /// When each track that has a slice is free again.
    busy: BinaryHeap<Reverse<(i64, usize)>>,
    free: BTreeSet<usize>,
    count: usize,
    last: Option<(Span, usize)>,
}

impl Tracks {
    pub(super) fn new(own: Option<Span>) -> Tracks {
        Tracks { own, busy: BinaryHeap::new(), free: BTreeSet::from([0]), count: 1, last: None }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The track of a slice that does not start before those that were placed before. Slices of `a_kind` that are one and the
    /// same time stand within one another.
    pub(super) fn place(&mut self, span: Span, of_a_kind: bool) -> usize {
        if let Some((last, track)) = self.last.filter(|(last, _)| of_a_kind && *last == span) {
            self.last = Some((last, track));
            return track;
        }
        while let Some(Reverse((_, track))) = self.busy.peek().copied().filter(|Reverse((end, _))| *end <= span.ts) {
            self.busy.pop();
            self.free.insert(track);
        }
        let fits = |own: Span| own.ts <= span.ts && span.end() <= own.end();
        let least = usize::from(!self.own.is_none_or(fits));
        let track = self.free.range(least..).next().copied().unwrap_or_else(|| {
            self.count += 1;
            self.count - 1
        });
        self.free.remove(&track);
        self.busy.push(Reverse((span.end(), track)));
        self.last = of_a_kind.then_some((span, track));
        track
    }
}

impl Span {
    pub(super) fn end(self) -> i64 {
        self.ts.saturating_add(self.dur)
    }
}

#[cfg(test)]
mod tests {
    use super::{Span, Tracks};

    #[test]
    fn what_overlaps_stands_apart() {
        let span = |ts: i64, dur: i64| Span { ts, dur };
        let mut tracks = Tracks::new(Some(span(0, 100)));
        let placed: Vec<usize> = [span(0, 10), span(5, 10), span(7, 1), span(10, 5), span(15, 0), span(15, 200), span(16, 1)]
            .map(|span| tracks.place(span, false))
            .to_vec();
        assert_eq!(placed, [0, 1, 2, 0, 0, 1, 0]);
        assert_eq!(tracks.count(), 3);
    }

    #[test]
    fn calls_of_one_moment_stand_within_one_another() {
        let span = Span { ts: 5, dur: 10 };
        let mut tracks = Tracks::new(None);
        assert_eq!([tracks.place(span, true), tracks.place(span, true), tracks.place(span, false), tracks.place(span, true)], [0, 0, 1, 2]);
    }
}
