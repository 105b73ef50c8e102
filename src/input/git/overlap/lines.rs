//! Which lines of the merge base a side changed, and where two sides touch. Pure.

use git2::{DiffOptions, Patch};

/// Changed stretches of the old text, in its order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Stretches(Vec<Stretch>);

/// One stretch, as the gaps between lines that it reaches from and to: lines 3 to 5 lie between the gaps 2 and 5; what is
/// inserted behind line 3 begins and ends in gap 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    begin: u64,
    end: u64,
}

impl Stretch {
    /// First and last line, from 1. Something inserted has the line before it, at the very beginning the first one.
    fn lines(self) -> (u64, u64) {
        let first = if self.begin == self.end { self.begin } else { self.begin + 1 };
        (first.max(1), self.end.max(1))
    }

    /// They overlap, or are neighbours with no unchanged line between them: where git cannot tell whose line comes first.
    fn touches(self, other: Stretch) -> bool {
        self.begin <= other.end && other.begin <= self.end
    }
}

impl Stretches {
    /// All lines of a text: what a side that deletes a file changes.
    pub(super) fn whole(text: &[u8]) -> Stretches {
        let lines = memchr::memchr_iter(b'\n', text).count() + usize::from(text.last().is_some_and(|byte| *byte != b'\n'));
        Stretches(vec![Stretch { begin: 0, end: lines as u64 }])
    }

    /// What differs between two texts; `None` where one of them is no text.
    pub(super) fn between(old: &[u8], new: &[u8]) -> Option<Stretches> {
        if is_binary(old) || is_binary(new) {
            return None;
        }
        let mut options = DiffOptions::new();
        options.context_lines(0).interhunk_lines(0).force_text(true);
        let patch = Patch::from_buffers(old, None, new, None, Some(&mut options)).ok()?;
        let mut all = Vec::with_capacity(patch.num_hunks());
        for index in 0..patch.num_hunks() {
            let (hunk, _) = patch.hunk(index).ok()?;
            let (start, count) = (u64::from(hunk.old_start()), u64::from(hunk.old_lines()));
            // With no old line, the start is the line before what is new.
            let begin = if count == 0 { start } else { start.saturating_sub(1) };
            all.push(Stretch { begin, end: begin + count });
        }
        Some(Stretches(all))
    }

    /// Whether two sides touch; the first stretches that do, else the first stretch of each.
    pub(super) fn meet(&self, other: &Stretches) -> (bool, Option<[(u64, u64); 2]>) {
        let (mut one, mut two) = (self.0.iter().peekable(), other.0.iter().peekable());
        while let (Some(left), Some(right)) = (one.peek(), two.peek()) {
            if left.touches(**right) {
                return (true, Some([left.lines(), right.lines()]));
            }
            if left.end < right.end {
                one.next()
            } else {
                two.next()
            };
        }
        let first = self.0.first().zip(other.0.first());
        (false, first.map(|(left, right)| [left.lines(), right.lines()]))
    }
}

/// As git guesses: a zero byte near the beginning.
fn is_binary(text: &[u8]) -> bool {
    memchr::memchr(0, &text[..text.len().min(8000)]).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(lines: &[u32]) -> Vec<u8> {
        lines.iter().map(|line| format!("{line}\n")).collect::<String>().into_bytes()
    }

    fn numbered() -> Vec<u8> {
        text(&(1..=10).collect::<Vec<_>>())
    }

    fn with(change: impl Fn(&mut Vec<u32>)) -> Stretches {
        let mut lines: Vec<u32> = (1..=10).collect();
        change(&mut lines);
        Stretches::between(&numbered(), &text(&lines)).unwrap()
    }

    #[test]
    fn lines_are_those_of_the_old_text() {
        let changed = |from: usize, to: usize| with(move |lines| lines[from - 1..to].iter_mut().for_each(|line| *line += 100));
        assert_eq!(changed(3, 4).meet(&changed(4, 6)), (true, Some([(3, 4), (4, 6)])));
        assert_eq!(changed(3, 4).meet(&changed(5, 6)), (true, Some([(3, 4), (5, 6)])));
        assert_eq!(changed(3, 4).meet(&changed(6, 6)), (false, Some([(3, 4), (6, 6)])));
    }

    #[test]
    fn insertions_touch_where_they_stand() {
        let inserted = |at: usize| with(move |lines| lines.insert(at, 100));
        let deleted = |line: usize| {
            with(move |lines| {
                lines.remove(line - 1);
            })
        };
        assert_eq!(inserted(0).meet(&inserted(0)), (true, Some([(1, 1), (1, 1)])));
        assert_eq!(inserted(3).meet(&inserted(3)), (true, Some([(3, 3), (3, 3)])));
        assert!(!inserted(3).meet(&inserted(4)).0);
        assert!(inserted(3).meet(&deleted(3)).0 && inserted(3).meet(&deleted(4)).0);
        assert!(!inserted(3).meet(&deleted(5)).0);
    }

    #[test]
    fn a_later_stretch_is_found_too() {
        let one = with(|lines| (lines[0], lines[8]) = (100, 100));
        let other = with(|lines| (lines[4], lines[8]) = (200, 200));
        assert_eq!(one.meet(&other), (true, Some([(9, 9), (9, 9)])));
        assert_eq!(Stretches::whole(&numbered()).meet(&other), (true, Some([(1, 10), (5, 5)])));
        assert_eq!(Stretches::default().meet(&other), (false, None));
    }

    #[test]
    fn what_is_no_text_has_no_lines() {
        assert_eq!(Stretches::between(b"a\0b", b"a"), None);
        assert_eq!(Stretches::whole(b"a\nb"), Stretches(vec![Stretch { begin: 0, end: 2 }]));
    }

    proptest! {
        #[test]
        fn a_walk_over_both_finds_what_every_pair_would(one in stretches(), other in stretches()) {
            let every = one.0.iter().any(|left| other.0.iter().any(|right| left.touches(*right)));
            prop_assert_eq!(one.meet(&other).0, every);
            prop_assert_eq!(other.meet(&one).0, every);
        }
    }

    /// Stretches in their order, with a line between each two.
    fn stretches() -> impl Strategy<Value = Stretches> {
        proptest::collection::vec((1_u64..4, 0_u64..4), 0..8).prop_map(|steps| {
            let mut at = 0;
            Stretches(
                steps
                    .into_iter()
                    .map(|(gap, length)| {
                        let begin = at + gap;
                        at = begin + length;
                        Stretch { begin, end: at }
                    })
                    .collect(),
            )
        })
    }
}
