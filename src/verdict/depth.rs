//! How many intervals are open at each moment, while they come one by one.

use crate::model::moment::Moment;
use crate::timeline::Interval;

/// A tree over the moments at which something may begin or end: each node knows what was added to all of it, and the most
/// beneath it.
pub(super) struct Depth {
    moments: Vec<Moment>,
    added: Vec<u32>,
    most: Vec<u32>,
}

impl Depth {
    /// Ready for these intervals, of which none is open yet.
    pub(super) fn new(intervals: impl Iterator<Item = Interval>) -> Depth {
        let mut moments: Vec<Moment> = intervals.flat_map(|interval| [interval.start, interval.end]).collect();
        moments.sort_unstable();
        moments.dedup();
        let nodes = moments.len().next_power_of_two() * 2;
        Depth { moments, added: vec![0; nodes], most: vec![0; nodes] }
    }

    /// Opens an interval. Returns the most that are open at any of its moments: 1 at least, however short it is.
    pub(super) fn add(&mut self, interval: Interval) -> u32 {
        let at = |moment: Moment| self.moments.partition_point(|known| *known < moment);
        let wanted = (at(interval.start), at(interval.end));
        let width = self.added.len() / 2;
        self.open(1, (0, width), wanted).max(1)
    }

    /// Adds one to the part of `span` that is `wanted`, and returns the most in that part.
    fn open(&mut self, node: usize, span: (usize, usize), wanted: (usize, usize)) -> u32 {
        if wanted.0 >= span.1 || wanted.1 <= span.0 || wanted.0 >= wanted.1 {
            return 0;
        }
        if wanted.0 <= span.0 && span.1 <= wanted.1 {
            self.added[node] += 1;
            self.most[node] += 1;
            return self.most[node];
        }
        let middle = usize::midpoint(span.0, span.1);
        let most = self.open(node * 2, (span.0, middle), wanted).max(self.open(node * 2 + 1, (middle, span.1), wanted));
        self.most[node] = self.added[node] + self.most[node * 2].max(self.most[node * 2 + 1]);
        self.added[node] + most
    }
}
