//! A part of the summary that can be cut at whole rows.

/// A part of the summary.
#[derive(Debug, Default)]
pub(super) struct Section {
    /// What stands above the rows; nothing of the section is shown without it.
    pub(super) head: String,
    /// Whole rows, with their line break.
    pub(super) rows: Vec<String>,
    /// What stands below the rows.
    pub(super) foot: String,
    /// What a row is called, one and many.
    pub(super) called: (&'static str, &'static str),
}

impl Section {
    /// The section in at most `room` bytes, and whether that is all of it.
    pub(super) fn within(&self, room: usize) -> (String, bool) {
        let around = self.head.len() + self.foot.len();
        let needed = around + self.rows.iter().map(String::len).sum::<usize>();
        if needed <= room {
            return ([&self.head, &self.rows.concat(), &self.foot].map(String::as_str).concat(), true);
        }
        let Some(mut left) = room.checked_sub(around + self.left_out(self.rows.len()).len()) else { return (String::new(), false) };
        let mut text = self.head.clone();
        let mut shown = 0;
        for row in &self.rows {
            let Some(less) = left.checked_sub(row.len()) else { break };
            text.push_str(row);
            left = less;
            shown += 1;
        }
        text.push_str(&self.left_out(self.rows.len() - shown));
        text.push_str(&self.foot);
        (text, false)
    }

    fn left_out(&self, number: usize) -> String {
        let (one, many) = self.called;
        let (name, is) = if number == 1 { (one, "is") } else { (many, "are") };
        format!("\n{number} more {name} {is} not shown here; `--format json` or `--verbose` has all of them.\n")
    }
}

#[cfg(test)]
mod tests {
    use super::Section;

    #[test]
    fn a_cut_leaves_whole_rows_and_a_word() {
        let rows = (0..9).map(|row| format!("row {row}\n")).collect();
        let section = Section { head: "head\n".into(), rows, foot: "foot\n".into(), called: ("row", "rows") };
        let (whole, all) = section.within(1_000);
        assert!(all && whole.starts_with("head\nrow 0\n") && whole.ends_with("row 8\nfoot\n"));
        for room in 0..whole.len() {
            let (text, all) = section.within(room);
            let rows = text.lines().filter(|line| line.starts_with("row ")).count();
            assert!(
                !all && text.len() <= room && (text.is_empty() || text.contains(&format!("\n{} more row", 9 - rows))),
                "{room}: {text}"
            );
        }
        assert_eq!(section.within(whole.len() - 1).0.is_empty(), whole.len() < 90);
    }
}
