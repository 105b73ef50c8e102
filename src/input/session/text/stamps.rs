//! Times that texts print.

use crate::model::moment::Moment;

/// The first time in a short text. Without a zone it is none: two texts of different places could not be compared.
pub(super) fn within(text: &str) -> Option<Moment> {
    let bytes = text.as_bytes();
    let begins = |at: usize| {
        bytes.get(at..at + 10).is_some_and(|date| matches!(date, [a, b, c, d, b'-', e, f, b'-', g, h] if [a, b, c, d, e, f, g, h].iter().all(|byte| byte.is_ascii_digit())))
    };
    // A mark of a speaker is short; what is longer is none.
    let at = (0..bytes.len().min(200)).find(|at| begins(*at))?;
    let date = text.get(at..at + 10)?;
    let rest = text.get(at + 10..)?.strip_prefix(['T', ' '])?;
    let end = rest.find(|letter: char| !(letter.is_ascii_digit() || matches!(letter, ':' | '.'))).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at_checked(end)?;
    let clock = if clock.len() == 5 { format!("{clock}:00") } else { clock.to_owned() };
    Moment::parse(&format!("{date}T{clock}{}", zone_of(zone)?))
}

/// `Z`, `+02:00`, `-0700`
fn zone_of(text: &str) -> Option<String> {
    if text.starts_with(['Z', 'z']) {
        return Some("Z".to_owned());
    }
    let sign = text.chars().next().filter(|sign| matches!(sign, '+' | '-'))?;
    let digits: String = text.chars().skip(1).filter(|letter| *letter != ':').take_while(char::is_ascii_digit).take(4).collect();
    (digits.len() == 4).then(|| format!("{sign}{}:{}", &digits[..2], &digits[2..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn stamps_are_read_as_they_are_printed() {
        for (text, wanted) in [
            ("(some-model 2025-11-13 21:12:14Z)", "2025-11-13T21:12:14Z"),
            ("2025-11-13 21:12:14-0700", "2025-11-13T21:12:14-07:00"),
            ("2025-10-01 23:30Z", "2025-10-01T23:30:00Z"),
            ("2025-12-10T22:09:34.593Z", "2025-12-10T22:09:34.593Z"),
        ] {
            assert_eq!(within(text), Moment::parse(wanted), "{text}");
        }
        for text in ["", "2025-04-24 13:10:01", "12/29/2025 at 15:57", "2025-13-45 99:99:99Z", "model 4.5-2025"] {
            assert_eq!(within(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in ".{0,60}", date in "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]{0,12}.{0,6}") {
            let _ = within(&text);
            let _ = within(&format!("{text}{date}"));
        }
    }
}
