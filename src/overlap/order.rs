//! The order of merging in which the fewest merges meet a conflict.
//!
//! A merge meets a conflict where something that conflicts with it was merged before. So those that are merged without one
//! are a set in which nobody conflicts with anybody, and of the rest everybody conflicts with one of them: the best order
//! begins with a largest such set.

use super::Matrix;
use crate::model::overlap::{Overlap, OverlapKind};

/// Up to so many sides the largest set is found for certain. Beyond, it is grown from those with the fewest conflicts.
const EXACT: usize = 24;

/// How much a side has in common with the others: files that conflict, files with lines that touch, other files. Less is
/// merged earlier.
type Weight = (u64, u64, u64);

/// Indexes of the sides in the order of merging with the fewest conflicts. Of equally good orders that one whose sides
/// share less with others comes first, then names decide.
pub fn merge_order(names: &[&str], overlaps: &[Overlap]) -> Vec<usize> {
    let weights = weights(names.len(), overlaps);
    let mut sides: Vec<usize> = (0..names.len()).collect();
    // Names decide before positions do, so that the order of the arguments does not matter.
    sides.sort_by_key(|side| (weights[*side], names[*side], *side));
    let matrix = Matrix::new(names.len(), overlaps);
    let conflicts = |one: usize, other: usize| matrix.worst(sides[one], sides[other]) == Some(OverlapKind::Conflict);
    let ranked: Vec<Weight> = sides.iter().map(|side| weights[*side]).collect();
    let free = if sides.len() <= EXACT { exact(&ranked, &conflicts) } else { greedy(sides.len(), &conflicts) };
    let (first, rest): (Vec<usize>, Vec<usize>) = (0..sides.len()).partition(|rank| free[*rank]);
    first.into_iter().chain(rest).map(|rank| sides[rank]).collect()
}

/// How many merges of an order meet a conflict.
pub fn merges_with_conflict(order: &[usize], matrix: &Matrix) -> usize {
    let meets = |at: usize| order[..at].iter().any(|earlier| matrix.worst(*earlier, order[at]) == Some(OverlapKind::Conflict));
    (0..order.len()).filter(|at| meets(*at)).count()
}

fn weights(sides: usize, overlaps: &[Overlap]) -> Vec<Weight> {
    let mut weights = vec![(0, 0, 0); sides];
    for overlap in overlaps {
        for side in [overlap.between.0, overlap.between.1] {
            let Some(weight) = weights.get_mut(side) else { continue };
            match overlap.kind {
                OverlapKind::Conflict => weight.0 += 1,
                OverlapKind::Lines => weight.1 += 1,
                OverlapKind::File => weight.2 += 1,
                OverlapKind::Identical => {}
            }
        }
    }
    weights
}

/// A set of sides in which nobody conflicts, by rank.
#[derive(Debug, Clone, Copy, Default)]
struct Free {
    members: u32,
    weight: Weight,
}

impl Free {
    fn count(self) -> u32 {
        self.members.count_ones()
    }

    fn with(self, rank: usize, weight: Weight) -> Free {
        let sum = (self.weight.0 + weight.0, self.weight.1 + weight.1, self.weight.2 + weight.2);
        Free { members: self.members | 1 << rank, weight: sum }
    }

    /// More members; then less in common with others; then those of lower rank.
    fn is_better(self, other: Free) -> bool {
        let key = |free: Free| (free.count(), std::cmp::Reverse(free.weight), free.members.reverse_bits());
        key(self) > key(other)
    }
}

/// The best set, by branch and bound over bit masks. `open` are the ranks that may still be taken; the stack is explicit
/// and never deeper than the number of ranks.
fn exact(weights: &[Weight], conflicts: &dyn Fn(usize, usize) -> bool) -> Vec<bool> {
    let count = weights.len();
    let foes: Vec<u32> =
        (0..count).map(|one| (0..count).filter(|other| conflicts(one, *other)).fold(0, |set, other| set | 1 << other)).collect();
    let mut best = Free::default();
    let mut stack = vec![(Free::default(), if count == 0 { 0 } else { u32::MAX >> (32 - count) })];
    while let Some((mut taken, mut open)) = stack.pop() {
        // Who has no foe left costs nothing.
        for rank in 0..count {
            if open & 1 << rank != 0 && foes[rank] & open == 0 {
                taken = taken.with(rank, weights[rank]);
                open &= !(1 << rank);
            }
        }
        if taken.count() + open.count_ones() < best.count() {
            continue;
        }
        // The one with the most foes left decides the most.
        let pivot = (0..count).filter(|rank| open & 1 << rank != 0).max_by_key(|rank| ((foes[*rank] & open).count_ones(), count - rank));
        match pivot {
            None if taken.is_better(best) || best.members == 0 => best = taken,
            None => {}
            Some(rank) => {
                stack.push((taken, open & !(1 << rank)));
                stack.push((taken.with(rank, weights[rank]), open & !(1 << rank) & !foes[rank]));
            }
        }
    }
    (0..count).map(|rank| best.members & 1 << rank != 0).collect()
}

/// Grows a set: always the one with the fewest foes among those that may still be taken.
fn greedy(count: usize, conflicts: &dyn Fn(usize, usize) -> bool) -> Vec<bool> {
    let foes: Vec<Vec<usize>> = (0..count).map(|one| (0..count).filter(|other| conflicts(one, *other)).collect()).collect();
    let mut left: Vec<usize> = foes.iter().map(Vec::len).collect();
    let mut open = vec![true; count];
    let mut free = vec![false; count];
    while let Some(rank) = (0..count).filter(|rank| open[*rank]).min_by_key(|rank| (left[*rank], *rank)) {
        free[rank] = true;
        open[rank] = false;
        for foe in foes[rank].clone() {
            if std::mem::take(&mut open[foe]) {
                foes[foe].iter().for_each(|other| left[*other] = left[*other].saturating_sub(1));
            }
        }
    }
    free
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::change::Class;
    use crate::model::path::RepoPath;
    use proptest::prelude::*;

    fn overlap(between: (usize, usize), kind: OverlapKind) -> Overlap {
        Overlap { path: RepoPath::from("a"), between, kind, lines: None, remarks: Vec::new(), class: Class::Source }
    }

    #[test]
    fn who_shares_least_is_merged_first() {
        let overlaps = [overlap((0, 1), OverlapKind::Conflict), overlap((0, 2), OverlapKind::File)];
        let order = merge_order(&["trading", "analysis", "reports"], &overlaps);
        assert_eq!(order, [2, 1, 0]);
        assert_eq!(met_by(&order, &overlaps), 1);
        assert_eq!(merge_order(&["b", "a", "c"], &[]), [1, 0, 2]);
        assert!(merge_order(&[], &[]).is_empty());
    }

    #[test]
    fn one_that_conflicts_with_all_comes_last() {
        let overlaps: Vec<Overlap> = (1..5).map(|other| overlap((0, other), OverlapKind::Conflict)).collect();
        assert_eq!(merge_order(&["a", "b", "c", "d", "e"], &overlaps), [1, 2, 3, 4, 0]);
    }

    fn met_by(order: &[usize], overlaps: &[Overlap]) -> usize {
        merges_with_conflict(order, &Matrix::new(order.len(), overlaps))
    }

    fn kinds() -> impl Strategy<Value = OverlapKind> {
        prop_oneof![Just(OverlapKind::Identical), Just(OverlapKind::File), Just(OverlapKind::Lines), Just(OverlapKind::Conflict)]
    }

    fn graphs(most: usize) -> impl Strategy<Value = (usize, Vec<Overlap>)> {
        (1..=most).prop_flat_map(|sides| {
            let pair = (0..sides, 0..sides, kinds()).prop_filter_map("a side with itself", |(one, other, kind)| {
                (one != other).then(|| overlap((one.min(other), one.max(other)), kind))
            });
            (Just(sides), proptest::collection::vec(pair, 0..if sides == 1 { 1 } else { sides * 3 }))
        })
    }

    fn names(sides: usize) -> Vec<String> {
        (0..sides).map(|side| format!("agent/{side:02}")).collect()
    }

    fn ordered(sides: usize, overlaps: &[Overlap]) -> Vec<usize> {
        let names = names(sides);
        merge_order(&names.iter().map(String::as_str).collect::<Vec<_>>(), overlaps)
    }

    /// Every order of `0..sides`, by Heap's algorithm.
    fn every_order(sides: usize) -> Vec<Vec<usize>> {
        let mut order: Vec<usize> = (0..sides).collect();
        let mut all = vec![order.clone()];
        let (mut counters, mut at) = (vec![0; sides], 0);
        while at < sides {
            if counters[at] < at {
                order.swap(if at % 2 == 0 { 0 } else { counters[at] }, at);
                all.push(order.clone());
                counters[at] += 1;
                at = 0;
            } else {
                counters[at] = 0;
                at += 1;
            }
        }
        all
    }

    proptest! {
        #[test]
        fn an_order_names_every_side_once((sides, overlaps) in graphs(40)) {
            let mut order = ordered(sides, &overlaps);
            order.sort_unstable();
            prop_assert_eq!(order, (0..sides).collect::<Vec<_>>());
        }

        #[test]
        fn no_order_of_a_few_sides_meets_fewer_conflicts((sides, overlaps) in graphs(6)) {
            let met = met_by(&ordered(sides, &overlaps), &overlaps);
            let best = every_order(sides).iter().map(|order| met_by(order, &overlaps)).min().unwrap();
            prop_assert_eq!(met, best);
        }

        #[test]
        fn no_shuffled_order_meets_fewer_conflicts(
            ((sides, overlaps), shuffled) in graphs(EXACT).prop_flat_map(|graph| {
                let order: Vec<usize> = (0..graph.0).collect();
                (Just(graph), Just(order).prop_shuffle())
            })
        ) {
            let met = met_by(&ordered(sides, &overlaps), &overlaps);
            prop_assert!(met <= met_by(&shuffled, &overlaps));
            let matrix = Matrix::new(sides, &overlaps);
            let grown = greedy(sides, &|one, other| matrix.worst(one, other) == Some(OverlapKind::Conflict));
            prop_assert!(met <= sides - grown.iter().filter(|free| **free).count());
        }

        #[test]
        fn the_order_of_the_input_does_not_matter((sides, overlaps) in graphs(12), turn in 0_usize..12) {
            let names = names(sides);
            let moved = |side: usize| (side + turn) % sides;
            let mut turned = vec![""; sides];
            (0..sides).for_each(|side| turned[moved(side)] = &names[side]);
            let other: Vec<Overlap> = overlaps.iter().rev().map(|one| {
                let (a, b) = (moved(one.between.0), moved(one.between.1));
                Overlap { between: (a.min(b), a.max(b)), ..one.clone() }
            }).collect();
            let one: Vec<&str> = ordered(sides, &overlaps).into_iter().map(|side| names[side].as_str()).collect();
            let two: Vec<&str> = merge_order(&turned, &other).into_iter().map(|side| turned[side]).collect();
            prop_assert_eq!(one, two);
        }
    }
}
