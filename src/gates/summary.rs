//! What a run of gates comes to: its work, and what bounds its time. Pure.

use super::schedule::{Task, lengths, longest_chain};
use crate::model::gate::{Bound, GateRun, GateStatus, GatesRun};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::time::Duration;

/// Puts a run together. `wall` is from the first start to the last end; `signal` ended it. A list counts what its gates are
/// expected to take; a run what they took.
pub fn summary(gates: Vec<GateRun>, wall: Duration, signal: Option<i32>, listed: bool) -> GatesRun {
    let times: Vec<Option<Duration>> = gates.iter().map(|gate| time(gate, listed)).collect();
    let work = times.iter().flatten().sum();
    // No number of jobs shortens the wait that a gate is configured to make between two attempts.
    let least = |(gate, time): (&GateRun, &Option<Duration>)| time.map(|time| time + gate.backed_off.unwrap_or_default());
    let at_least: Vec<Option<Duration>> = gates.iter().zip(&times).map(least).collect();
    let (chain_time, chain) = chain(&gates, &at_least, listed);
    let held = resource(&gates, &times).filter(|(time, _)| *time > chain_time);
    let (critical_path, bound) = match held {
        Some((time, resource)) => (time, Bound::Resource(resource)),
        None => (chain_time, Bound::Chain(chain)),
    };
    // Times are rounded, and clocks are asked one after another.
    let critical_path = if listed { critical_path } else { critical_path.min(wall) };
    GatesRun { gates, wall, work, critical_path, bound, signal, listed }
}

/// How long a gate holds its slot and its resources: nothing between two attempts; `None` where it takes no part in the run.
fn time(gate: &GateRun, listed: bool) -> Option<Duration> {
    match gate.cached {
        true => None,
        false if listed => (gate.status == GateStatus::Planned).then(|| gate.expected.unwrap_or_default()),
        false => gate.ran.or(gate.wall),
    }
}

/// The longest chain of gates that took part. What was skipped by its conditions keeps the order of those around it, and
/// takes no time; what had passed before the run kept nobody waiting.
fn chain(gates: &[GateRun], times: &[Option<Duration>], listed: bool) -> (Duration, Vec<String>) {
    let indexes: FxHashMap<&str, usize> = gates.iter().enumerate().map(|(index, gate)| (gate.name.as_str(), index)).collect();
    let of_gate = |gate: &GateRun| match gate.cached {
        true => Vec::new(),
        false => gate.needs.iter().filter_map(|need| indexes.get(need.as_str()).copied()).collect::<Vec<usize>>(),
    };
    let needs: Vec<Vec<usize>> = gates.iter().map(of_gate).collect();
    let plain: Vec<Duration> = times.iter().map(|time| time.unwrap_or_default()).collect();
    // In a list a gate of which no time is known counts as long as the others, as it does in the schedule.
    let usual = lengths(&gates.iter().map(|gate| Task { expected: gate.expected, ..Task::default() }).collect::<Vec<_>>());
    let guess = |index: usize| if times[index].is_some() && gates[index].expected.is_none() { usual[index] } else { plain[index] };
    let guessed: Vec<Duration> = if listed { (0..gates.len()).map(guess).collect() } else { plain.clone() };
    let (_, chain) = longest_chain(&needs, &guessed);
    let took_part: Vec<usize> = chain.into_iter().filter(|index| times[*index].is_some()).collect();
    (took_part.iter().map(|index| plain[*index]).sum(), took_part.iter().map(|index| gates[*index].name.clone()).collect())
}

/// The resource that was held longest in all.
fn resource(gates: &[GateRun], times: &[Option<Duration>]) -> Option<(Duration, String)> {
    let mut held: BTreeMap<&str, Duration> = BTreeMap::new();
    for (gate, time) in gates.iter().zip(times) {
        for resource in &gate.resources {
            *held.entry(resource).or_default() += time.unwrap_or_default();
        }
    }
    let longest = held.into_iter().max_by_key(|(resource, time)| (*time, std::cmp::Reverse(*resource)));
    longest.map(|(resource, time)| (time, resource.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::gate::Captured;
    use crate::model::mark::Mark;

    fn gate(name: &str, seconds: Option<u64>, needs: &[&str], resources: &[&str]) -> GateRun {
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        GateRun {
            name: name.to_owned(),
            mark: Mark::default(),
            command: String::new(),
            status: if seconds.is_some() { GateStatus::Passed } else { GateStatus::Skipped },
            exit_code: None,
            signal: None,
            why: None,
            uncalled: false,
            started: None,
            wall: seconds.map(Duration::from_secs),
            ran: seconds.map(Duration::from_secs),
            backed_off: None,
            cpu: None,
            peak_memory: None,
            attempts: 1,
            cached: false,
            leak: None,
            output: Captured::default(),
            needs: texts(needs),
            resources: texts(resources),
            expected: Some(Duration::from_secs(100)),
            again: String::new(),
        }
    }

    fn chain_of(names: &[&str]) -> Bound {
        Bound::Chain(names.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn the_longest_chain_bounds_a_run() {
        let gates = vec![gate("fmt", Some(1), &[], &[]), gate("clippy", Some(5), &["fmt"], &[]), gate("doc", Some(4), &[], &[])];
        let run = summary(gates, Duration::from_secs(7), Some(15), false);
        assert_eq!((run.work, run.critical_path, run.wall), (Duration::from_secs(10), Duration::from_secs(6), Duration::from_secs(7)));
        assert_eq!((run.bound, run.signal, run.listed), (chain_of(&["fmt", "clippy"]), Some(15), false));
    }

    #[test]
    fn a_resource_bounds_it_where_it_is_held_longer() {
        let gates = || vec![gate("a", Some(3), &[], &["db"]), gate("b", Some(3), &[], &["db", "port"]), gate("c", Some(5), &[], &[])];
        let run = summary(gates(), Duration::from_secs(8), None, false);
        assert_eq!((run.critical_path, run.bound), (Duration::from_secs(6), Bound::Resource("db".into())));
        assert_eq!(summary(gates(), Duration::from_secs(4), None, false).critical_path, Duration::from_secs(4), "never more than the run");
    }

    #[test]
    fn of_equals_the_chain_is_named() {
        let run = summary(vec![gate("a", Some(3), &[], &["db"])], Duration::from_secs(3), None, false);
        assert_eq!(run.bound, chain_of(&["a"]));
    }

    #[test]
    fn a_chain_goes_through_what_was_skipped_and_not_through_what_had_passed() {
        let through = |middle: GateRun| {
            let gates = vec![gate("a", Some(3), &[], &[]), middle, gate("c", Some(2), &["b"], &[])];
            let run = summary(gates, Duration::from_secs(9), None, false);
            (run.critical_path, run.bound, run.work)
        };
        let five = Duration::from_secs(5);
        assert_eq!(through(gate("b", None, &["a"], &[])), (five, chain_of(&["a", "c"]), five));
        let cached = GateRun { cached: true, ..gate("b", Some(9), &["a"], &["db"]) };
        assert_eq!(through(cached), (Duration::from_secs(3), chain_of(&["a"]), five));
    }

    #[test]
    fn waiting_between_attempts_is_no_work() {
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        // Nine seconds from beginning to end: two attempts of one, five of back-off, two without room.
        let again = || GateRun { ran: seconds(2), backed_off: seconds(5), attempts: 2, ..gate("a", Some(9), &[], &["db"]) };
        let run = summary(vec![again(), gate("b", Some(6), &[], &["db"])], Duration::from_secs(9), None, false);
        assert_eq!((run.work, run.critical_path, run.wall), (Duration::from_secs(8), Duration::from_secs(8), Duration::from_secs(9)));
        assert_eq!(run.bound, Bound::Resource("db".into()));
        let run = summary(vec![again(), gate("b", Some(5), &[], &["db"])], Duration::from_secs(9), None, false);
        assert_eq!((run.critical_path, run.bound), (Duration::from_secs(7), chain_of(&["a"])));
    }

    #[test]
    fn nothing_that_ran_is_nothing() {
        for gates in [Vec::new(), vec![gate("a", None, &["gone"], &["db"])]] {
            let run = summary(gates, Duration::ZERO, None, false);
            assert_eq!((run.work, run.critical_path, run.bound), (Duration::ZERO, Duration::ZERO, chain_of(&[])));
        }
    }

    #[test]
    fn a_list_counts_what_is_expected() {
        let planned = |name: &str| GateRun { status: GateStatus::Planned, ..gate(name, None, &[], &[]) };
        let passed = GateRun { cached: true, ..planned("b") };
        let unknown = GateRun { expected: None, ..planned("c") };
        let run = summary(vec![planned("a"), passed, unknown, gate("d", None, &[], &[])], Duration::ZERO, None, true);
        let expected = Duration::from_secs(100);
        assert_eq!((run.work, run.critical_path, run.bound, run.listed), (expected, expected, chain_of(&["a"]), true));
    }
}
