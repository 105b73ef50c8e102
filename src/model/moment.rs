//! A point on the session's clock.

use std::fmt;

/// Milliseconds since 1970-01-01T00:00:00Z, the resolution that session logs have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Moment(pub i64);

impl Moment {
    /// Seconds from `earlier` to `self`; negative where `earlier` is the later one.
    pub fn seconds_since(self, earlier: Moment) -> f64 {
        (self.0 - earlier.0) as f64 / 1000.0
    }

    /// The moment `milliseconds` after this one; saturates at the ends of the clock.
    pub fn plus(self, milliseconds: i64) -> Moment {
        Moment(self.0.saturating_add(milliseconds))
    }

    /// Reads an RFC 3339 time stamp. `None` where it is none, or lies outside the years 0 to 9999.
    pub fn parse(text: &str) -> Option<Moment> {
        let stamp: jiff::Timestamp = text.parse().ok()?;
        let year = stamp.to_zoned(jiff::tz::TimeZone::UTC).year();
        (0..=9999).contains(&year).then(|| Moment(stamp.as_millisecond()))
    }
}

/// RFC 3339 in UTC with milliseconds, as the report shows every time.
impl fmt::Display for Moment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(written) = self.written() {
            return out.write_str(written.as_str());
        }
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(stamp) => write!(out, "{stamp:.3}"),
            Err(_) => write!(out, "1970-01-01T00:00:00.000Z"),
        }
    }
}

/// A time as it is written, without a place on the heap: reports hold hundreds of thousands of them.
#[derive(Debug, Clone, Copy)]
pub struct Written([u8; 24]);

impl Written {
    /// The text.
    pub fn as_str(&self) -> &str {
        // Digits and punctuation only.
        str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Puts `number` in decimal at `place`, in so many digits.
    fn put<const DIGITS: usize>(&mut self, place: usize, number: u64) {
        let mut rest = number;
        for digit in self.0[place..place + DIGITS].iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
    }
}

impl Moment {
    /// What `Display` shows, many times faster; `None` outside the years 1970 to 9998, which no log has.
    pub fn written(self) -> Option<Written> {
        const DAY: u64 = 86_400_000;
        const LAST: u64 = 253_370_764_799_999;
        let all = u64::try_from(self.0).ok().filter(|all| *all <= LAST)?;
        let (year, month, day) = date(all / DAY);
        let (seconds, thousandths) = (all % DAY / 1000, all % 1000);
        let mut written = Written(*b"0000-00-00T00:00:00.000Z");
        written.put::<4>(0, year);
        written.put::<2>(5, month);
        written.put::<2>(8, day);
        written.put::<2>(11, seconds / 3600);
        written.put::<2>(14, seconds / 60 % 60);
        written.put::<2>(17, seconds % 60);
        written.put::<3>(20, thousandths);
        Some(written)
    }
}

/// Year, month and day of the Gregorian calendar, so many days after 1970-01-01.
fn date(days: u64) -> (u64, u64, u64) {
    // Years are counted from March on, so that the leap day is the last of its year; eras of 400 years are all alike.
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // The months from March on have 153 days in five, again and again.
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::Moment;
    use proptest::prelude::*;

    /// What the library of times makes of it.
    fn slowly(moment: Moment) -> String {
        format!("{:.3}", jiff::Timestamp::from_millisecond(moment.0).unwrap())
    }

    #[test]
    fn every_day_is_written_as_the_calendar_has_it() {
        // From 1970 to the year 2500: each day is one second and one millisecond later than the one before.
        for day in 0..193_600_i64 {
            let moment = Moment(day * 86_401_001);
            assert_eq!(moment.written().unwrap().as_str(), slowly(moment), "{day}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_fast_is_what_is_written_slowly(milliseconds in prop_oneof![
            0_i64..253_402_207_200_000,
            253_370_764_799_000_i64..253_370_764_801_000,
            -62_135_596_800_000_i64..0,
        ]) {
            let moment = Moment(milliseconds);
            prop_assert_eq!(moment.to_string(), slowly(moment));
            prop_assert_eq!(moment.written().is_some(), (0..253_370_764_800_000).contains(&milliseconds));
        }
    }

    #[test]
    fn a_stamp_survives_a_round_trip() {
        let text = "2026-01-19T10:02:03.450Z";
        assert_eq!(Moment::parse(text).unwrap().to_string(), text);
    }

    #[test]
    fn an_offset_is_turned_into_utc() {
        assert_eq!(Moment::parse("2026-01-19T12:00:00+02:00").unwrap().to_string(), "2026-01-19T10:00:00.000Z");
    }

    #[test]
    fn a_zone_less_or_broken_stamp_is_no_moment() {
        assert_eq!(Moment::parse("2026-01-19T12:00:00"), None);
        assert_eq!(Moment::parse("soon"), None);
    }
}
