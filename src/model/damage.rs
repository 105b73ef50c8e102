//! What of a log could not be read, and where: what is missing there may have been anything.

/// How many stretches are kept apart; what comes behind makes the last one longer.
const MOST: usize = 64;

/// The lines of a session's files that were not one well-formed record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Damage {
    /// How many there are.
    pub count: u64,
    /// Where they stand, in the order of reading; at most 64.
    stretches: Vec<Stretch>,
}

/// Lines of one file, from the first damaged one to the last.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stretch {
    path: String,
    first: u64,
    last: u64,
    count: u64,
}

impl Damage {
    /// One more, in this line of this file. The line 0 stands for a place that is not known.
    pub fn add(&mut self, path: &str, line: u64) {
        self.count += 1;
        let (first, last) = if line == 0 { (0, u64::MAX) } else { (line, line) };
        let full = self.stretches.len() >= MOST;
        match self.stretches.last_mut() {
            Some(before) if before.path == path && (full || line == before.last || line == before.last.saturating_add(1)) => {
                before.first = before.first.min(first);
                before.last = before.last.max(last);
                before.count += 1;
            }
            // A file more than there is room for: any place of any file may be damaged.
            Some(before) if full => {
                *before = Stretch { path: String::new(), first: 0, last: u64::MAX, count: before.count + 1 };
            }
            _ => self.stretches.push(Stretch { path: path.to_owned(), first, last, count: 1 }),
        }
    }

    /// About how many stand between two lines of a file, both included.
    pub fn within(&self, path: &str, from: u64, to: u64) -> u64 {
        self.count_of(|stretch| stretch.path == path && stretch.first <= to && stretch.last >= from)
    }

    /// How many stand in other files than this one.
    pub fn elsewhere(&self, path: &str) -> u64 {
        self.count_of(|stretch| stretch.path != path)
    }

    fn count_of(&self, is_meant: impl Fn(&Stretch) -> bool) -> u64 {
        let meant = self.stretches.iter().filter(|stretch| stretch.path.is_empty() || is_meant(stretch));
        meant.map(|stretch| stretch.count).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_known_by_its_place() {
        let mut damage = Damage::default();
        for line in [5, 6, 9] {
            damage.add("a", line);
        }
        damage.add("b", 0);
        assert_eq!((damage.within("a", 1, 4), damage.within("a", 6, 8), damage.within("a", 6, 9)), (0, 2, 3));
        assert_eq!((damage.within("b", 100, 100), damage.elsewhere("a"), damage.elsewhere("b"), damage.count), (1, 1, 3, 4));
    }

    #[test]
    fn much_damage_takes_little_room() {
        let mut damage = Damage::default();
        for line in 0..1000 {
            damage.add("a", 2 * line + 1);
        }
        assert_eq!((damage.stretches.len(), damage.count, damage.within("a", 1998, 1998) > 0), (MOST, 1000, true));
        damage.add("b", 1);
        assert!(damage.within("c", 7, 7) > 0);
    }
}
