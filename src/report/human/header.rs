//! The line above a session's findings: which one, when, how many agents, and how parallel they were.

use super::clock::date;
use super::line::{Line, Page, Role};
use crate::report::lane::moment;
use crate::report::text;
use crate::report::v1::Session;
use std::io::Result;

/// Writes the header: as much of it as fits on one line.
pub(super) fn write(page: &mut Page, session: &Session) -> Result<()> {
    let name = format!("session {}", text::fit(&page.clean(&short(&session.id)), 24, page.style.unicode));
    let dash = page.sign("–", "-");
    let whens = when(session, dash);
    let numbers = numbers(session, dash);
    let room = page.width.saturating_sub(text::columns(&name));
    // From the most telling to the shortest: what is dropped last is what a reader needs first.
    let choices = [(0, 0), (1, 0), (0, 1), (1, 1), (2, 1), (0, 2), (1, 2), (2, 2), (3, 2)];
    let fits = |&(when, number): &(usize, usize)| text::columns(&whens[when]) + text::columns(&numbers[number]) + 4 <= room;
    let (when, number) = choices.into_iter().find(fits).unwrap_or((3, 2));
    let line = Line::new().add(Role::Strong, name).add(Role::Plain, format!("  {}", whens[when]));
    page.put(line.add(Role::Strong, format!("  {}", numbers[number])))
}

/// The first part of a UUID, which tells sessions apart well enough.
fn short(id: &str) -> String {
    let lengths: Vec<usize> = id.split('-').map(str::len).collect();
    let end = if lengths == [8, 4, 4, 4, 12] && id.is_ascii() { 8 } else { id.len() };
    id[..end].to_owned()
}

fn when(session: &Session, dash: &str) -> [String; 4] {
    let (Some(start), Some(end)) = (moment(session.started), moment(session.ended)) else {
        return [(); 4].map(|()| String::from("no clock"));
    };
    let time = |moment| super::clock::Clock::Minutes.label(moment);
    let (day, last_day) = (date(start), date(end));
    let until = if day == last_day { time(end) } else { format!("{last_day} {}", time(end)) };
    let until_short = if day == last_day { time(end) } else { format!("{} {}", last_day.get(5..).unwrap_or_default(), time(end)) };
    [
        format!("{day} {} to {until} UTC", time(start)),
        format!("{day} {}{dash}{until_short} UTC", time(start)),
        format!("{} {}{dash}{until_short} UTC", day.get(5..).unwrap_or_default(), time(start)),
        format!("{} UTC", time(start)),
    ]
}

fn numbers(session: &Session, dash: &str) -> [String; 3] {
    let agents = match session.dispatches.len() {
        0 => return [(); 3].map(|()| String::from("no agents")),
        1 => String::from("1 agent"),
        many => format!("{many} agents"),
    };
    if session.is_text() {
        let head = format!("{agents}, peak {}", session.text_peak());
        let long = format!("{head} by the order of the text");
        return [long.clone(), long, head];
    }
    let head = format!("{agents}, peak {}", session.peak);
    let measured = || session.batches.iter().filter_map(|batch| batch.effective_concurrency);
    let least = measured().reduce(f64::min);
    let most = measured().reduce(f64::max);
    let Some((least, most)) = least.zip(most) else {
        return [(); 3].map(|()| head.clone());
    };
    // Each batch has a measure of its own, a session has none: a pause between two batches is nobody's idleness.
    let (least, most) = (format!("{least:.2}"), format!("{most:.2}"));
    let range = if least == most { least } else { format!("{least}{dash}{most}") };
    [format!("{head}, effective concurrency {range}"), format!("{head}, effective {range}"), head]
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn a_uuid_is_shortened_and_nothing_else() {
        assert_eq!(short("9667a07f-aaaa-bbbb-cccc-0123456789ab"), "9667a07f");
        assert_eq!(short("rollout-2026-01-19"), "rollout-2026-01-19");
    }
}
