//! Times as agents write them.

use crate::model::moment::Moment;

/// An RFC 3339 time stamp, or a date and time without a zone, which is local time.
pub(super) fn moment(text: &str) -> Option<Moment> {
    let text = text.trim();
    Moment::parse(text).or_else(|| {
        let civil: jiff::civil::DateTime = text.parse().ok()?;
        let zoned = civil.to_zoned(jiff::tz::TimeZone::system()).ok()?;
        (0..=9999).contains(&zoned.year()).then(|| Moment(zoned.timestamp().as_millisecond()))
    })
}

#[cfg(test)]
mod tests {
    use super::moment;
    use crate::model::moment::Moment;

    #[test]
    fn with_and_without_a_zone() {
        assert_eq!(moment("2024-01-10T10:00:00Z"), Moment::parse("2024-01-10T10:00:00Z"));
        assert_eq!(moment("2024-01-10 10:00:00Z"), Moment::parse("2024-01-10T10:00:00Z"));
        let local = moment("2024-01-10T10:00:00").unwrap();
        assert!((local.0 - moment("2024-01-10T10:00:00Z").unwrap().0).abs() <= 14 * 3_600_000);
        assert_eq!(moment("2024-01-10 10:00"), Some(local));
        assert_eq!(moment("soon"), None);
        assert_eq!(moment(""), None);
    }
}
