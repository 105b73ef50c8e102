//! Times and durations as people read them. All times are UTC; the session's header says so once.

use crate::model::moment::Moment;
use jiff::Timestamp;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How much of a moment a label needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Clock {
    /// `10:02:07`
    Seconds,
    /// `10:02`
    Minutes,
    /// `01-19 10:02`
    Days,
}

impl Clock {
    /// What tells the moments between `first` and `last` apart.
    pub(in crate::report) fn between(first: Moment, last: Moment) -> Clock {
        if date(first) != date(last) {
            Clock::Days
        } else if last.0.saturating_sub(first.0) < 10 * MINUTE {
            Clock::Seconds
        } else {
            Clock::Minutes
        }
    }

    /// The moment's label.
    pub(in crate::report) fn label(self, moment: Moment) -> String {
        let format = match self {
            Clock::Seconds => "%H:%M:%S",
            Clock::Minutes => "%H:%M",
            Clock::Days => "%m-%d %H:%M",
        };
        show(moment, format)
    }
}

/// The day, as `2026-01-19`.
pub(in crate::report) fn date(moment: Moment) -> String {
    show(moment, "%Y-%m-%d")
}

/// A moment on its own: `2026-01-19 10:02 UTC`.
pub(in crate::report) fn minute(moment: Moment) -> String {
    show(moment, "%Y-%m-%d %H:%M UTC")
}

/// A duration in two units at most: `0.4s`, `42s`, `4m 12s`, `1h 05m`, `2d 03h`.
pub(in crate::report) fn duration(milliseconds: i64) -> String {
    let milliseconds = milliseconds.max(0);
    match milliseconds {
        0..10_000 => {
            let tenths = (milliseconds + 50) / 100;
            if tenths % 10 == 0 { format!("{}s", tenths / 10) } else { format!("{}.{}s", tenths / 10, tenths % 10) }
        }
        _ if milliseconds < MINUTE => format!("{}s", milliseconds / SECOND),
        _ if milliseconds < HOUR => format!("{}m {:02}s", milliseconds / MINUTE, milliseconds % MINUTE / SECOND),
        _ if milliseconds < DAY => format!("{}h {:02}m", milliseconds / HOUR, milliseconds % HOUR / MINUTE),
        _ => format!("{}d {:02}h", milliseconds / DAY, milliseconds % DAY / HOUR),
    }
}

fn show(moment: Moment, format: &str) -> String {
    match Timestamp::from_millisecond(moment.0) {
        Ok(stamp) => stamp.strftime(format).to_string(),
        // A report holds no moment outside jiff's range; should one come, a sign is better than a wrong time.
        Err(_) => String::from("?"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, duration};
    use crate::model::moment::Moment;

    fn at(text: &str) -> Moment {
        Moment::parse(text).unwrap()
    }

    #[test]
    fn a_label_tells_as_much_as_the_span_needs() {
        let first = at("2026-01-19T10:02:07Z");
        assert_eq!(Clock::between(first, at("2026-01-19T10:11:00Z")).label(first), "10:02:07");
        assert_eq!(Clock::between(first, at("2026-01-19T14:40:00Z")).label(first), "10:02");
        assert_eq!(Clock::between(first, at("2026-01-20T00:00:00Z")).label(first), "01-19 10:02");
    }

    #[test]
    fn a_duration_has_two_units_at_most() {
        let shown = [0, 400, 3_000, 9_990, 42_000, 252_000, 3_900_000, 183_600_000, -5].map(duration);
        assert_eq!(shown, ["0s", "0.4s", "3s", "10s", "42s", "4m 12s", "1h 05m", "2d 03h", "0s"]);
    }
}
