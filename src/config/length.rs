//! Lengths of time: `90s`, `10m`, `1h 30m`, `2d`.

use std::time::Duration;

/// The length that a text names, more than nothing.
pub(super) fn length(key: &str, text: &str) -> Result<Duration, String> {
    let span: jiff::Span = text.trim().parse().map_err(|_| format!("`{text}` is no length of time"))?;
    // A day has 24 hours here: neither a lock nor a gate knows of summer time.
    let total = span.total(jiff::SpanTotal::from(jiff::Unit::Second).days_are_24_hours());
    let seconds = total.map_err(|_| format!("`{text}` has no fixed length; use hours or days"))?;
    let length = Duration::try_from_secs_f64(seconds).unwrap_or_default();
    if length.is_zero() { Err(format!("`{key}` must be longer than nothing")) } else { Ok(length) }
}
