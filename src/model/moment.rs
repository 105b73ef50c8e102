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
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(stamp) => write!(out, "{stamp:.3}"),
            Err(_) => write!(out, "1970-01-01T00:00:00.000Z"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

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
