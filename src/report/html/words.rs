//! Texts, times and numbers as the page shows them: nothing invisible in them, and never longer than somebody reads.

use crate::model::finding::{Severity, Verdict};
use crate::model::moment::Moment;
use crate::model::session::{Status, Timing};
use crate::report::human::clock::{self, Clock};
use crate::report::{lane, text, v1};
use maud::{Markup, html};

/// Characters of one text that the page holds; how many more there are is said.
const MOST: usize = 2_000;
/// A longer text gets a box of its own that scrolls, so that it does not push everything else away.
const LONG: usize = 400;
/// Columns of a name beside others.
const SHORT: usize = 48;
/// What stands where nothing is known.
pub(super) const NOTHING: &str = "–";

/// A sign and its word: neither stands alone, and colour only repeats them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sign {
    /// The class that colours it.
    pub(super) tone: &'static str,
    pub(super) sign: &'static str,
    pub(super) word: &'static str,
}

impl maud::Render for Sign {
    fn render(&self) -> Markup {
        html! { span class={ "sign " (self.tone) } { (self.sign) " " (self.word) } }
    }
}

const fn sign(tone: &'static str, sign: &'static str, word: &'static str) -> Sign {
    Sign { tone, sign, word }
}

pub(super) fn severity(severity: Severity) -> Sign {
    match severity {
        Severity::Error => sign("error", "✗", severity.word()),
        Severity::Warning => sign("warning", "!", severity.word()),
        Severity::Note => sign("note", "•", severity.word()),
    }
}

pub(super) fn verdict(verdict: Verdict) -> Sign {
    match verdict {
        Verdict::Backed => sign("ok", "✓", verdict.word()),
        Verdict::Contradicted | Verdict::Unbacked => sign("error", "✗", verdict.word()),
        Verdict::Overstated => sign("warning", "!", verdict.word()),
        Verdict::Corrected => sign("note", "↺", verdict.word()),
        Verdict::Unverifiable => sign("faint", "?", verdict.word()),
    }
}

pub(super) fn status(status: Status) -> Sign {
    match status {
        Status::Completed => sign("ok", "✓", "completed"),
        Status::Failed => sign("error", "✗", "failed"),
        Status::Rejected => sign("error", "✗", "rejected"),
        Status::Interrupted => sign("warning", "!", "interrupted"),
        Status::Running => sign("note", "…", "running"),
        Status::NoResult => sign("faint", "?", "no result"),
    }
}

/// Where start and end of an agent come from.
pub(super) fn timing(timing: Timing) -> &'static str {
    match timing {
        Timing::Transcript => "own transcript",
        Timing::Duration => "reported duration",
        Timing::Notification => "its notification",
        Timing::Bounds => "call and result only",
        Timing::None => "no end in the log",
    }
}

/// A text of unknown origin in full, or as much of it as somebody reads.
pub(super) fn shown(whole: &str) -> Markup {
    let (kept, left) = cut(whole, MOST);
    let is_long = left > 0 || kept.chars().nth(LONG).is_some();
    let kept = text::visible(kept);
    html! {
        // What is missing is said outside of the box that scrolls: there nobody would see it.
        @if is_long { span.long { (kept) } (more(left)) } @else { (kept) }
    }
}

/// What is wrong, in a line: of words without end only the ends are kept, so that the others stay in sight.
pub(super) fn message(whole: &str) -> Markup {
    const ENDLESS: usize = 200;
    const FIRST: usize = 60;
    const LAST: usize = 30;
    let mut kept = String::new();
    for word in whole.split_inclusive(char::is_whitespace) {
        let length = word.chars().count();
        if length <= ENDLESS {
            kept.push_str(word);
        } else {
            kept.extend(word.chars().take(FIRST));
            kept.push_str(&format!("… ({} more characters) …", length - FIRST - LAST));
            kept.extend(word.chars().skip(length - LAST));
        }
    }
    shown(&kept)
}

/// A text whose lines are its own.
pub(super) fn lines(whole: &str, most: usize) -> Markup {
    let (kept, left) = cut(whole, most);
    let kept: Vec<_> = kept.lines().map(text::visible).collect();
    html! { pre { code { (kept.join("\n")) (more(left)) } } }
}

/// A text of unknown origin as a name beside others.
pub(super) fn short(whole: &str) -> String {
    // A first cut, so that a name without end costs nothing.
    let (kept, _) = cut(whole, SHORT * 4);
    text::fit(&text::visible(kept), SHORT, true).into_owned()
}

fn more(left: usize) -> Markup {
    html! { @if left > 0 { span.more { " … and " (left) " more characters" } } }
}

/// The first `most` characters, and how many follow.
fn cut(whole: &str, most: usize) -> (&str, usize) {
    match whole.char_indices().nth(most) {
        Some((end, _)) => (&whole[..end], whole[end..].chars().count()),
        None => (whole, 0),
    }
}

/// A path with its line and column. It breaks behind a `/` before it breaks anywhere else.
pub(super) fn place(path: &str, line: Option<u64>, column: Option<u64>) -> Markup {
    let (kept, left) = cut(path, MOST);
    let kept = text::visible(kept);
    let is_long = left > 0 || kept.chars().nth(LONG).is_some();
    html! {
        span class=(if is_long { "place long" } else { "place" }) {
            @for (index, part) in kept.split_inclusive('/').enumerate() { @if index > 0 { wbr; } (part) }
            (more(left))
            @for number in [line, column].into_iter().map_while(|number| number) { ":" (number) }
        }
    }
}

/// The place of a location.
pub(super) fn location(location: &v1::Location) -> Markup {
    place(&location.path, location.line, location.column)
}

/// `1 agent`, `2 agents`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A measure with two digits.
pub(super) fn decimal(number: Option<f64>) -> String {
    number.map_or_else(|| NOTHING.to_owned(), |number| format!("{number:.2}"))
}

/// A share of one as a percentage.
pub(super) fn share(number: Option<f64>) -> String {
    number.map_or_else(|| NOTHING.to_owned(), |number| format!("{:.0} %", number * 100.0))
}

/// Seconds as people say them.
pub(super) fn seconds(seconds: f64) -> String {
    clock::duration((seconds * 1000.0) as i64)
}

/// A moment on its own: `2026-01-19 10:02:07 UTC`.
pub(super) fn moment(moment: Moment) -> String {
    format!("{} {} UTC", clock::date(moment), Clock::Seconds.label(moment))
}

/// Times of one session: with the day only where there are several.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    days: bool,
}

impl Times {
    pub(super) fn of(session: &v1::Session) -> Times {
        let ends = lane::moment(session.started).zip(lane::moment(session.ended));
        Times { days: ends.is_none_or(|(first, last)| clock::date(first) != clock::date(last)) }
    }

    pub(super) fn show(self, moment: Option<Moment>) -> String {
        let Some(moment) = moment else { return NOTHING.to_owned() };
        let time = Clock::Seconds.label(moment);
        if self.days { format!("{} {time}", clock::date(moment)) } else { time }
    }
}

/// From when to when a session went: the day once where it is the same.
pub(super) fn span(session: &v1::Session) -> String {
    match (lane::moment(session.started), lane::moment(session.ended)) {
        (Some(first), Some(last)) if clock::date(first) == clock::date(last) => {
            format!("{} {} to {} UTC", clock::date(first), Clock::Seconds.label(first), Clock::Seconds.label(last))
        }
        (Some(first), Some(last)) => {
            format!("{} {} to {} {} UTC", clock::date(first), Clock::Seconds.label(first), clock::date(last), Clock::Seconds.label(last))
        }
        (Some(only), None) | (None, Some(only)) => moment(only),
        (None, None) => "no times in the log".to_owned(),
    }
}

/// A session's name beside others: of a long identifier the first part tells enough, and all of it stands in its section. `index`
/// where it has none.
pub(super) fn session_name(session: &v1::Session, index: usize) -> String {
    let id = session.id.trim();
    let name = if is_uuid(id) { id.chars().take(8).collect() } else { short(id) };
    if name.trim().is_empty() { format!("session {}", index + 1) } else { name }
}

/// Whether an identifier looks like `c0de2f4a-5b6d-4e7f-8a90-1b2c3d4e5f60`.
pub(super) fn is_uuid(id: &str) -> bool {
    let is_part = |(at, letter): (usize, char)| if matches!(at, 8 | 13 | 18 | 23) { letter == '-' } else { letter.is_ascii_hexdigit() };
    id.len() == 36 && id.chars().enumerate().all(is_part)
}
