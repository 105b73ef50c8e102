//! How a gate ended, in words: the same ones wherever people see it.

use crate::gates::run::Ended;
use crate::model::gate::GateStatus;
use crate::report::v1;
use std::time::Duration;

/// How a gate ended.
#[derive(Debug, Clone)]
pub(crate) struct Ending<'e> {
    pub(crate) status: GateStatus,
    exit_code: Option<i32>,
    signal: Option<i32>,
    why: Option<&'e str>,
    wall: Option<Duration>,
    attempts: u32,
    cached: bool,
    processes: usize,
}

impl<'e> From<&'e Ended> for Ending<'e> {
    fn from(ended: &'e Ended) -> Ending<'e> {
        Ending {
            status: ended.status,
            exit_code: ended.exit_code,
            signal: ended.signal,
            why: reason(&ended.why),
            wall: ended.wall,
            attempts: ended.attempts,
            cached: false,
            processes: ended.leak.as_ref().map_or(0, |leak| leak.processes.len()),
        }
    }
}

impl<'e> From<&'e v1::Gate> for Ending<'e> {
    fn from(gate: &'e v1::Gate) -> Ending<'e> {
        Ending {
            status: gate.status,
            exit_code: gate.exit_code,
            signal: gate.signal,
            why: reason(&gate.why),
            wall: gate.wall.map(seconds),
            attempts: gate.attempts,
            cached: gate.cached,
            processes: gate.left_behind.len(),
        }
    }
}

fn reason(why: &Option<String>) -> Option<&str> {
    why.as_deref().map(str::trim).filter(|why| !why.is_empty())
}

impl Ending<'_> {
    /// What happened, as it stands behind a gate's name: `exit 101 after 18.9s`, `skipped: test failed`, `0.4s`.
    pub(crate) fn sentence(&self) -> String {
        let what = match self.status {
            GateStatus::Passed if self.cached => return self.because("cached"),
            GateStatus::Passed => self.time().unwrap_or_else(|| "passed".to_owned()),
            GateStatus::Failed => self.after(&self.exit()),
            // That it still ran is no news, and for how long it may run stands in the configuration.
            GateStatus::Timeout => self.after("timed out"),
            GateStatus::Unavailable => return self.because("could not start"),
            GateStatus::Leaked => {
                format!("{}{}", self.time().map_or_else(|| "passed".to_owned(), |time| format!("passed in {time}")), self.left())
            }
            GateStatus::Skipped => return self.because("skipped"),
            GateStatus::Cancelled if self.attempts > 0 => return self.because(&self.after("cancelled")),
            GateStatus::Cancelled => return self.because("cancelled"),
            GateStatus::Planned => return self.because("would run"),
        };
        let tried = if self.attempts > 1 { format!(", {} attempts", self.attempts) } else { String::new() };
        let is_said = self.status == GateStatus::Timeout || self.killed().is_some();
        let why = self.why.filter(|_| !is_said).map(|why| format!(" ({why})")).unwrap_or_default();
        format!("{what}{tried}{why}")
    }

    /// The same in a word or two: `0.4s`, `cached`, `timed out`, `skipped`.
    pub(crate) fn short(&self) -> String {
        match self.status {
            GateStatus::Passed if self.cached => "cached".to_owned(),
            GateStatus::Passed if self.attempts > 1 => format!("{} ({} attempts)", self.time().unwrap_or_default(), self.attempts),
            GateStatus::Passed | GateStatus::Failed | GateStatus::Leaked => self.time().unwrap_or_else(|| self.status.word().to_owned()),
            GateStatus::Timeout => "timed out".to_owned(),
            GateStatus::Unavailable => "not started".to_owned(),
            status @ (GateStatus::Skipped | GateStatus::Cancelled | GateStatus::Planned) => status.word().to_owned(),
        }
    }

    fn time(&self) -> Option<String> {
        self.wall.map(duration)
    }

    fn after(&self, what: &str) -> String {
        self.wall.map_or_else(|| what.to_owned(), |wall| format!("{what} after {}", duration(wall)))
    }

    fn because(&self, what: &str) -> String {
        self.why.map_or_else(|| what.to_owned(), |why| format!("{what}: {why}"))
    }

    /// Its sign: what passed only when it was tried again is a warning.
    pub(crate) fn sign(&self, unicode: bool) -> &'static str {
        sign(warned(self.status, self.attempts), unicode)
    }

    fn exit(&self) -> String {
        match (self.signal, self.exit_code) {
            (Some(signal), _) => self.killed().map_or_else(|| format!("killed by {}", signal_name(signal)), str::to_owned),
            (None, Some(code)) => format!("exit {code}"),
            (None, None) => "failed".to_owned(),
        }
    }

    /// By which signal, in the words of who saw it, with what that may mean.
    fn killed(&self) -> Option<&str> {
        self.why.filter(|why| self.status == GateStatus::Failed && self.signal.is_some() && why.starts_with("killed by "))
    }

    fn left(&self) -> String {
        match self.processes {
            0 => ", left its output open: a process outside of its group may still run".to_owned(),
            1 => ", left 1 process behind, which was ended".to_owned(),
            many => format!(", left {many} processes behind, which were ended"),
        }
    }
}

/// The status whose sign and colour a gate has: a pass that took several attempts warns like one that left something behind.
pub(crate) fn warned(status: GateStatus, attempts: u32) -> GateStatus {
    if status == GateStatus::Passed && attempts > 1 { GateStatus::Leaked } else { status }
}

/// `SIGINT`; `signal 99` for what has no name.
pub(crate) fn signal_name(signal: i32) -> String {
    #[cfg(unix)]
    if let Some(name) = signal_hook::low_level::signal_name(signal) {
        return name.to_owned();
    }
    format!("signal {signal}")
}

/// The lines of an output that its reason does not hold already: a shell says itself what it did not find.
pub(crate) fn news(status: GateStatus, why: Option<&str>, lines: Vec<String>) -> Vec<String> {
    let Some(why) = why.filter(|_| status == GateStatus::Unavailable) else { return lines };
    lines.into_iter().filter(|line| line.trim().is_empty() || !why.contains(line.trim())).collect()
}

/// The sign of a status; it says the same as its word.
pub(crate) fn sign(status: GateStatus, unicode: bool) -> &'static str {
    match status {
        GateStatus::Passed => {
            if unicode {
                "✓"
            } else {
                "v"
            }
        }
        GateStatus::Failed | GateStatus::Timeout | GateStatus::Unavailable => {
            if unicode {
                "✗"
            } else {
                "x"
            }
        }
        GateStatus::Leaked => "!",
        GateStatus::Skipped | GateStatus::Cancelled => "-",
        GateStatus::Planned => {
            if unicode {
                "·"
            } else {
                "."
            }
        }
    }
}

/// Seconds of a report as a duration; nothing for what is none.
pub(crate) fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

/// `0.4s`, `18.9s`, `2m 05s`, `1h 02m`.
pub(crate) fn duration(time: Duration) -> String {
    let tenths = (time.as_millis() + 50) / 100;
    if tenths < 600 {
        return format!("{}.{}s", tenths / 10, tenths % 10);
    }
    let seconds = (time.as_millis() + 500) / 1000;
    if seconds < 3_600 {
        format!("{}m {:02}s", seconds / 60, seconds % 60)
    } else {
        format!("{}h {:02}m", seconds / 3_600, seconds % 3_600 / 60)
    }
}

/// An estimate pretends to no tenths.
pub(crate) fn about(time: Duration) -> String {
    let seconds = (time.as_millis() + 500) / 1000;
    if seconds < 60 { format!("{}s", seconds.max(1)) } else { duration(time) }
}

/// `812 bytes`, `12.3 MB`.
pub(crate) fn bytes(count: u64) -> String {
    let mut units = ["kB", "MB", "GB", "TB"].into_iter().peekable();
    let mut size = count as f64;
    let mut unit = if count == 1 { "byte" } else { "bytes" };
    while size >= 999.95 {
        let Some(next) = units.next() else { break };
        (size, unit) = (size / 1000.0, next);
    }
    if unit.starts_with("byte") { format!("{count} {unit}") } else { format!("{size:.1} {unit}") }
}

/// As many of `names` as fit into `room` columns, at least one, and how many more there are.
pub(crate) fn some_of(names: &[String], room: usize) -> String {
    let columns = crate::report::text::columns;
    let mut told = String::new();
    for (index, name) in names.iter().enumerate() {
        let left = names.len() - index - 1;
        let more = if left > 0 { format!(" and {left} more").len() } else { 0 };
        let gap = if index > 0 { 2 } else { 0 };
        if index > 0 && columns(&told) + gap + columns(name) + more > room {
            return format!("{told} and {} more", left + 1);
        }
        told = if index > 0 { format!("{told}, {name}") } else { name.clone() };
    }
    told
}

#[cfg(test)]
mod tests {
    use super::{Ending, bytes, duration, news, sign, some_of};
    use crate::model::gate::GateStatus;
    use std::time::Duration;

    fn ending(status: GateStatus) -> Ending<'static> {
        let wall = Some(Duration::from_millis(18_900));
        Ending { status, exit_code: None, signal: None, why: None, wall, attempts: 1, cached: false, processes: 0 }
    }

    #[test]
    fn an_ending_is_told_in_one_fragment() {
        let tell = |ending: Ending| (ending.sentence(), ending.short());
        let both = |sentence: &str, short: &str| (sentence.to_owned(), short.to_owned());
        let failed = ending(GateStatus::Failed);
        assert_eq!(tell(Ending { exit_code: Some(101), ..failed.clone() }), both("exit 101 after 18.9s", "18.9s"));
        assert_eq!(
            tell(Ending { signal: Some(9), attempts: 3, ..failed.clone() }),
            both("killed by SIGKILL after 18.9s, 3 attempts", "18.9s")
        );
        let why = Some("killed by SIGSEGV");
        assert_eq!(tell(Ending { signal: Some(11), why, ..failed.clone() }), both("killed by SIGSEGV after 18.9s", "18.9s"));
        let why = Some("still running after 18s");
        assert_eq!(tell(Ending { why, ..ending(GateStatus::Timeout) }), both("timed out after 18.9s", "timed out"));
        assert_eq!(tell(Ending { wall: None, why: Some("no exit code"), ..failed }), both("failed (no exit code)", "failed"));
        assert_eq!(tell(ending(GateStatus::Timeout)), both("timed out after 18.9s", "timed out"));
        let why = Some("no such command: x");
        assert_eq!(tell(Ending { why, ..ending(GateStatus::Unavailable) }), both("could not start: no such command: x", "not started"));
        assert_eq!(tell(ending(GateStatus::Leaked)), both(OPEN, "18.9s"));
        assert_eq!(
            tell(Ending { processes: 2, ..ending(GateStatus::Leaked) }),
            both("passed in 18.9s, left 2 processes behind, which were ended", "18.9s")
        );
        assert_eq!(tell(ending(GateStatus::Passed)), both("18.9s", "18.9s"));
        assert_eq!(tell(Ending { attempts: 2, ..ending(GateStatus::Passed) }), both("18.9s, 2 attempts", "18.9s (2 attempts)"));
        assert_eq!(tell(Ending { cached: true, ..ending(GateStatus::Passed) }), both("cached", "cached"));
        let skipped = Ending { why: Some("test failed"), attempts: 0, ..ending(GateStatus::Skipped) };
        assert_eq!(tell(skipped), both("skipped: test failed", "skipped"));
        assert_eq!(tell(ending(GateStatus::Cancelled)), both("cancelled after 18.9s", "cancelled"));
        assert_eq!(tell(Ending { attempts: 0, ..ending(GateStatus::Cancelled) }), both("cancelled", "cancelled"));
        assert_eq!(tell(Ending { why: Some("named"), ..ending(GateStatus::Planned) }), both("would run: named", "planned"));
    }

    const OPEN: &str = "passed in 18.9s, left its output open: a process outside of its group may still run";

    #[test]
    fn what_passed_at_a_second_attempt_warns() {
        assert_eq!(Ending { attempts: 2, ..ending(GateStatus::Passed) }.sign(true), "!");
        assert_eq!((ending(GateStatus::Passed).sign(true), Ending { attempts: 2, ..ending(GateStatus::Failed) }.sign(true)), ("✓", "✗"));
    }

    #[test]
    fn a_shell_that_says_why_is_not_quoted_twice() {
        let lines = || vec!["sh: 1: x: not found".to_owned(), String::new(), "else".to_owned()];
        let why = Some("command not found (exit 127): sh: 1: x: not found");
        assert_eq!(news(GateStatus::Unavailable, why, lines()), ["", "else"]);
        assert_eq!(news(GateStatus::Failed, why, lines()), lines());
        assert_eq!(news(GateStatus::Unavailable, None, lines()), lines());
    }

    #[test]
    fn signs_are_ascii_where_that_is_asked_for() {
        for status in [GateStatus::Passed, GateStatus::Failed, GateStatus::Leaked, GateStatus::Skipped, GateStatus::Planned] {
            assert!(sign(status, false).is_ascii());
            assert_eq!(sign(status, true).chars().count(), 1);
        }
    }

    #[test]
    fn durations_and_sizes_are_short() {
        let shown = [0, 40, 400, 18_940, 59_940, 59_960, 125_400, 3_599_600, 3_720_000, 97_200_000]
            .map(|time| duration(Duration::from_millis(time)));
        assert_eq!(shown, ["0.0s", "0.0s", "0.4s", "18.9s", "59.9s", "1m 00s", "2m 05s", "1h 00m", "1h 02m", "27h 00m"]);
        assert_eq!(
            [0, 1, 999, 1_000, 12_345_678, u64::MAX].map(bytes),
            ["0 bytes", "1 byte", "999 bytes", "1.0 kB", "12.3 MB", "18446744.1 TB"]
        );
    }

    #[test]
    fn many_names_are_shortened_to_the_room() {
        let names: Vec<String> = (1..=9).map(|number| format!("gate-{number}")).collect();
        assert_eq!(some_of(&names, 30), "gate-1, gate-2 and 7 more");
        assert_eq!(some_of(&names[..2], 30), "gate-1, gate-2");
        assert_eq!(some_of(&names[..2], 3), "gate-1 and 1 more");
        assert_eq!(some_of(&[], 3), "");
        for room in 17..90 {
            assert!(some_of(&names, room).len() <= room, "{room}");
        }
    }
}
