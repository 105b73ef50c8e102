//! The clock, and times as people write them.

use crate::model::moment::Moment;

/// Now.
pub fn now() -> Moment {
    Moment(jiff::Timestamp::now().as_millisecond())
}

/// Reads a time: an RFC 3339 stamp, a date or a date and time (local), or a stretch back from `now` such as `3d`, `2h 30m`.
pub fn parse(text: &str, now: Moment) -> Result<Moment, String> {
    let text = text.trim();
    if let Some(moment) = Moment::parse(text) {
        return Ok(moment);
    }
    if let Ok(civil) = text.parse::<jiff::civil::DateTime>() {
        return civil
            .to_zoned(jiff::tz::TimeZone::system())
            .map(|zoned| Moment(zoned.timestamp().as_millisecond()))
            .map_err(|error| error.to_string());
    }
    let back: Result<jiff::Span, _> = text.trim_end_matches(" ago").parse();
    let zoned = jiff::Timestamp::from_millisecond(now.0).map(|stamp| stamp.to_zoned(jiff::tz::TimeZone::UTC));
    match (back, zoned) {
        (Ok(span), Ok(zoned)) => {
            zoned.checked_sub(span.abs()).map(|then| Moment(then.timestamp().as_millisecond())).map_err(|error| error.to_string())
        }
        _ => Err("expected a time such as 2026-01-19, 2026-01-19T10:00:00Z, 3d or 2h".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_and_stretches_are_read() {
        let now = Moment::parse("2026-01-19T10:00:00Z").unwrap();
        assert_eq!(parse("2026-01-18T10:00:00Z", now), Ok(now.plus(-86_400_000)));
        assert_eq!(parse("1d", now), Ok(now.plus(-86_400_000)));
        assert_eq!(parse("2h 30m ago", now), Ok(now.plus(-9_000_000)));
        assert!(parse("2026-01-19", now).is_ok());
        assert!(parse("soon", now).is_err());
    }
}
