//! Time stamps of records.

use crate::input::skim::Raw;
use crate::model::moment::Moment;

/// A time stamp of a record. The form that most programs write is read by hand, the rest by the calendar library.
pub(super) fn moment(raw: Raw<'_>) -> Option<Moment> {
    fast_moment(raw.bytes).or_else(|| Moment::parse(&raw.text()))
}

fn fast_moment(text: &[u8]) -> Option<Moment> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', n1, n2, b':', s1, s2, b'.', f1, f2, f3, b'Z'] = text else {
        return None;
    };
    let number =
        |digits: &[u8]| digits.iter().try_fold(0i16, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + i16::from(digit - b'0')));
    let small = |digits: &[u8]| number(digits).and_then(|value| i8::try_from(value).ok());
    let nanosecond = i32::from(number(&[f1, f2, f3])?) * 1_000_000;
    let date = jiff::civil::DateTime::new(
        number(&[y1, y2, y3, y4])?,
        small(&[m1, m2])?,
        small(&[d1, d2])?,
        small(&[h1, h2])?,
        small(&[n1, n2])?,
        small(&[s1, s2])?,
        nanosecond,
    )
    .ok()?;
    let stamp = jiff::tz::Offset::UTC.to_timestamp(date).ok()?;
    Some(Moment(stamp.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn both_readings_of_a_stamp_agree(year in 1990i32..2090, month in 0u8..14, day in 0u8..33, hour in 0u8..25, rest in 0u32..6_100_000) {
            let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{:02}:{:02}.{:03}Z", rest / 100_000, rest / 1000 % 60, rest % 1000);
            prop_assert_eq!(moment(Raw::new(text.as_bytes())), Moment::parse(&text));
        }
    }
}
