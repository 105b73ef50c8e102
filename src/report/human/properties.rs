//! What holds for every report, however hostile its texts.

use super::Style;
use super::show;
use crate::model::finding::{Severity, Verdict};
use crate::report::example::{claim, finding, ran, report, session};
use crate::report::hostile::{reports, time};
use crate::report::text::columns;
use crate::report::v1::Report;
use proptest::prelude::*;
use serde_json::json;

fn without_colour(painted: &str) -> String {
    let mut bare = String::new();
    let mut rest = painted;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        bare += before;
        rest = after.split_once('m').unwrap().1;
    }
    bare + rest
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn every_line_keeps_to_the_page_and_commands_nothing(report in reports(), width in 60_usize..=120, unicode: bool, verbose: bool) {
        let style = Style { width, unicode, colour: false, verbose };
        // What gates print is shown as it is, however wide.
        let report = Report { gates: None, gates_summary: None, ..report };
        let shown = show(&report, &style);
        prop_assert!(!shown.chars().any(|letter| letter.is_control() && letter != '\n'), "{shown:?}");
        prop_assert!(unicode || shown.is_ascii(), "{shown}");
        prop_assert!(shown.is_empty() || shown.ends_with('\n') && !shown.starts_with('\n') && !shown.ends_with("\n\n"), "{shown}");
        for line in shown.lines() {
            prop_assert!(columns(line) <= width, "{} > {width}: {line}", columns(line));
            prop_assert!(!line.trim_start().starts_with("::"), "{line}");
            prop_assert!(!line.contains("##["), "{line}");
            prop_assert_eq!(line.trim_end(), line);
        }
        prop_assert_eq!(without_colour(&show(&report, &Style { colour: true, ..style })), shown);
    }
}

/// The columns of every row's bars, read back from what is shown.
fn drawn(shown: &str, names: &[String]) -> Vec<(usize, usize)> {
    let row = |name: &String| shown.lines().find(|line| line.starts_with(&format!("   | {name} "))).unwrap();
    let bar = |name: &String| {
        let filled: Vec<usize> = row(name).chars().enumerate().filter(|(_, letter)| *letter == '█').map(|(column, _)| column).collect();
        (filled[0], filled[filled.len() - 1])
    };
    names.iter().map(bar).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn on_the_screen_serial_is_serial_and_parallel_parallel(
        times in prop::collection::vec((time(), time()), 1..9),
        said in time(),
        width in 60_usize..=120,
    ) {
        let names: Vec<String> = (0..times.len()).map(|index| format!("agent{index}")).collect();
        let times: Vec<_> = times.into_iter().map(|(one, other)| if one < other { (one, other) } else { (other, one) }).collect();
        let dispatches = times.iter().zip(&names).map(|((start, end), name)| ran(name, start, end)).collect();
        let session = session(&said, &said, 1, dispatches, vec![claim(1, &said, "said", Verdict::Backed, "")]);
        let report = report(vec![finding("claimed-serial", Severity::Error, "x", &session, json!({}), "")], vec![session]);
        let shown = show(&report, &Style { width, ..Style::default() });
        let bars = drawn(&shown, &names);
        for ((start, end), (first, last)) in times.iter().zip(&bars) {
            for ((other_start, other_end), (other_first, other_last)) in times.iter().zip(&bars) {
                if end <= other_start && start < other_end {
                    prop_assert!(last < other_first, "{shown}");
                }
                if start < other_end && other_start < end {
                    prop_assert!(first <= other_last && other_first <= last, "{shown}");
                }
            }
        }
    }
}
