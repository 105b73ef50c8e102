//! How parallel a group of dispatches was.

use super::{Interval, known, peak, ran, union};
use crate::model::session::Dispatch;

/// A run counts as a straggler where it took this many times the median.
const STRAGGLER: f64 = 1.5;

/// The measures of one batch. Durations are seconds. Where no interval is known, there is nothing to measure: the lines of a
/// text tell how many were open at once, and nothing of how long.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Measures {
    /// Dispatches.
    pub count: u32,
    /// Those with a known interval by the clock.
    pub timed: u32,
    /// The most that were open at once for sure.
    pub peak: u32,
    /// The sum of the run times: work as it ran, not what a sequential run would have needed.
    pub work: Option<f64>,
    /// From the first start to the last end.
    pub wall: Option<f64>,
    /// `work / wall`.
    pub effective_concurrency: Option<f64>,
    /// `work / (timed · wall)`.
    pub efficiency: Option<f64>,
    /// `work / (peak · wall)`.
    pub utilisation: Option<f64>,
    /// The longest run divided by the mean.
    pub imbalance: Option<f64>,
    /// The share of the time from the first call to the last result in which none of them ran.
    pub overhead: Option<f64>,
    /// How many ran longer than 1.5 times the median.
    pub stragglers: u32,
}

/// Measures a group of dispatches.
pub fn measure(dispatches: &[&Dispatch]) -> Measures {
    let intervals: Vec<Interval> = dispatches.iter().filter_map(|dispatch| ran(dispatch)).collect();
    let count = u32::try_from(dispatches.len()).unwrap_or(u32::MAX);
    let timed = u32::try_from(intervals.len()).unwrap_or(u32::MAX);
    let first = intervals.iter().map(|interval| interval.start).min();
    let last = intervals.iter().map(|interval| interval.end).max();
    let most = peak(&dispatches.iter().filter_map(|dispatch| known(dispatch)).collect::<Vec<_>>());
    let (Some(first), Some(last)) = (first, last) else { return Measures { count, peak: most, ..Measures::default() } };
    let work = intervals.iter().map(|interval| interval.length()).sum::<i64>() as f64 / 1000.0;
    let wall = last.seconds_since(first);
    let share = |whole: f64| (whole > 0.0).then(|| work / whole);
    let longest = intervals.iter().map(|interval| interval.length()).max().unwrap_or(0) as f64 / 1000.0;
    Measures {
        count,
        timed,
        peak: most,
        work: Some(work),
        wall: Some(wall),
        effective_concurrency: share(wall),
        efficiency: share(wall * f64::from(timed)),
        utilisation: share(wall * f64::from(most)),
        imbalance: (work > 0.0).then(|| longest / (work / f64::from(timed))),
        overhead: overhead(dispatches, &intervals),
        stragglers: stragglers(&intervals),
    }
}

/// `(first call … last result − union) / (first call … last result)`.
fn overhead(dispatches: &[&Dispatch], intervals: &[Interval]) -> Option<f64> {
    let first = dispatches.iter().filter_map(|dispatch| [dispatch.requested, dispatch.started].into_iter().flatten().min()).min()?;
    let last = dispatches.iter().filter_map(|dispatch| [dispatch.returned, dispatch.ended].into_iter().flatten().max()).max()?;
    let wall = last.seconds_since(first);
    (wall > 0.0).then(|| ((wall - union(intervals) as f64 / 1000.0) / wall).max(0.0))
}

fn stragglers(intervals: &[Interval]) -> u32 {
    let mut lengths: Vec<i64> = intervals.iter().map(|interval| interval.length()).collect();
    lengths.sort_unstable();
    let middle = lengths.len() / 2;
    let median = if lengths.len() % 2 == 1 { lengths[middle] as f64 } else { (lengths[middle - 1] + lengths[middle]) as f64 / 2.0 };
    u32::try_from(lengths.iter().filter(|length| **length as f64 > STRAGGLER * median).count()).unwrap_or(u32::MAX)
}
