//! How many tests passed and failed, as the summary lines of test runners say.

use regex::Regex;
use std::sync::LazyLock;

/// What the summary lines of one run add up to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Tests that passed, where a summary gives the number.
    pub(super) passed: Option<u32>,
    /// A summary says that something failed.
    pub(super) failed: bool,
    /// There was a summary at all.
    pub(super) summary: bool,
}

/// Each runner's summary line: groups `p` (passed), `f` (failed), `e` (errors), `t` (ran in all). Sources: the runners' own output.
static SUMMARIES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r"test result: (?:ok|FAILED)\. (?P<p>\d+) passed; (?P<f>\d+) failed", // cargo test
        r"Summary \[[^\]]*\] +(?P<t>\d+)(?:/\d+)? tests? run: (?P<p>\d+) passed(?: \([^)]*\))?(?:, (?P<f>\d+) failed)?", // nextest
        r"(?m)^=+ (?:(?P<f>\d+) failed,? ?)?(?:(?P<p>\d+) passed)?(?:[^=\n]*?(?P<e>\d+) errors?)?[^=\n]* in [\d.]+s", // pytest
        r"(?m)^(?:(?P<f>\d+) failed, )?(?P<p>\d+) passed(?:[^\n]*?(?P<e>\d+) errors?)?[^\n]* in [\d.]+m?s", // pytest -q
        r"(?m)^ *Tests: +(?:(?P<f>\d+) failed, )?(?:\d+ skipped, )?(?:\d+ todo, )?(?P<p>\d+) passed, \d+ total", // jest
        r"(?m)^ *Tests +(?:(?P<f>\d+) failed \| )?(?P<p>\d+) passed",         // vitest
        r"(?m)^ *(?P<p>\d+) passing",                                         // mocha
        r"(?m)^ *(?P<f>\d+) failing",                                         // mocha
        r"(?P<t>\d+) examples?, (?P<f>\d+) failures?",                        // rspec
        r"(?P<t>\d+) (?:tests?|doctests?)(?:, \d+ [a-z]+)?, (?P<f>\d+) failures?", // ExUnit
        r"Executed (?P<t>\d+) tests?, with (?P<f>\d+) failures?",             // XCTest
        r"Failed: +(?P<f>\d+), Passed: +(?P<p>\d+)",                          // dotnet
        r"Tests run: (?P<t>\d+), Failures: (?P<f>\d+)(?:, Errors: (?P<e>\d+))?", // JUnit, Maven
        r"(?m)^# pass (?P<p>\d+)",                                            // node --test, TAP
        r"(?m)^# fail (?P<f>\d+)",                                            // node --test, TAP
        r"\d+% tests passed, (?P<f>\d+) tests? failed out of (?P<t>\d+)",     // ctest
        r"OK \((?P<t>\d+) tests?",                                            // PHPUnit
        r"(?m)^Ran (?P<t>\d+) tests? in",                                     // unittest, bun
    ]
    .iter()
    .filter_map(|pattern| Regex::new(pattern).ok())
    .collect()
});

/// Lines that say that something failed without a number.
const FAILURES: [&str; 4] = ["\n--- FAIL", "\nFAIL\t", "\nFAILED (", "test result: FAILED"];

/// Whether an error text gives the exit code of a command that ran: Claude Code begins it with "Exit code 101".
pub(super) fn has_exit_code(text: &str) -> bool {
    let text = text.trim_start().trim_start_matches("Error: ");
    text.strip_prefix("Exit code ").is_some_and(|code| code.starts_with(|digit: char| digit.is_ascii_digit() && digit != '0'))
}

/// Reads the output of a run. Several summaries of one kind add up (cargo prints one for each binary).
pub(super) fn read(output: &str) -> Counts {
    let mut counts = Counts::default();
    for pattern in SUMMARIES.iter() {
        let (mut passed, mut failed, mut any) = (0u32, 0u32, false);
        for found in pattern.captures_iter(output) {
            let number = |name| found.name(name).and_then(|digits| digits.as_str().parse::<u32>().ok());
            any = true;
            let wrong = number("f").unwrap_or(0).saturating_add(number("e").unwrap_or(0));
            failed = failed.saturating_add(wrong);
            passed = passed.saturating_add(match (number("p"), number("t")) {
                (Some(passed), _) => passed,
                (None, Some(total)) => total.saturating_sub(wrong),
                (None, None) => 0,
            });
        }
        if any {
            counts.summary = true;
            counts.failed |= failed > 0;
            // A summary of another kind may have the number.
            counts.passed =
                counts.passed.filter(|before| *before > 0 || passed == 0).or(Some(passed).filter(|passed| *passed > 0 || failed == 0));
        }
    }
    if FAILURES.iter().any(|mark| output.contains(mark) || output.starts_with(mark.trim_start_matches('\n')) && mark.starts_with('\n')) {
        counts.summary = true;
        counts.failed = true;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(output: &str) -> (Option<u32>, bool) {
        let counts = read(output);
        (counts.passed, counts.failed)
    }

    #[test]
    fn every_runner_s_summary_is_read() {
        assert_eq!(SUMMARIES.len(), 18, "a pattern does not compile");
        for (output, wanted) in [
            ("test result: ok. 10 passed; 0 failed; 1 ignored\n\ntest result: ok. 5 passed; 0 failed", (Some(15), false)),
            ("test result: FAILED. 9 passed; 1 failed; 0 ignored", (Some(9), true)),
            ("     Summary [   1.2s] 214 tests run: 213 passed (1 slow), 1 failed, 0 skipped", (Some(213), true)),
            ("===== 1 failed, 12 passed in 3.01s =====", (Some(12), true)),
            ("===== 12 passed in 3.01s =====", (Some(12), false)),
            ("12 passed, 1 warning in 0.50s", (Some(12), false)),
            ("===== 5 passed, 2 errors in 0.1s =====", (Some(5), true)),
            ("Tests run: 12, Failures: 0, Errors: 3, Skipped: 0", (Some(9), true)),
            ("thread 'a' panicked at src/a.rs\ntest result: ok. 5 passed; 0 failed", (Some(5), false)),
            ("Tests:       1 failed, 22 passed, 23 total", (Some(22), true)),
            (" Tests  22 passed (22)", (Some(22), false)),
            ("  22 passing (3s)\n  1 failing", (Some(22), true)),
            ("12 examples, 0 failures", (Some(12), false)),
            ("14 tests, 1 failures", (Some(13), true)),
            ("Executed 12 tests, with 0 failures (0 unexpected)", (Some(12), false)),
            ("Passed!  - Failed:     0, Passed:    12, Skipped: 0", (Some(12), false)),
            ("Tests run: 12, Failures: 0, Errors: 0", (Some(12), false)),
            ("# tests 3\n# pass 3\n# fail 0", (Some(3), false)),
            ("100% tests passed, 0 tests failed out of 12", (Some(12), false)),
            ("--- FAIL: TestA (0.00s)\nFAIL\tpkg\t0.1s", (None, true)),
            ("ok  \tpkg\t0.1s", (None, false)),
        ] {
            assert_eq!(passed(output), wanted, "{output}");
        }
    }
}
