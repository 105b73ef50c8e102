//! Claims in texts without a clock.

use super::UNTOLD;
use crate::claims;
use crate::model::finding::Verdict;
use crate::model::session::{
    Claim, Clock, Denial, Dispatch, Edit, Extent, Place, ProgressReport, Response, Run, Session, Status, Timing, ToolCall, Transcript,
};
use crate::timeline::{batches, session_peak};
use crate::verdict::{Cause, Judgement, judge};

const PARALLEL: &str = "I'll launch three agents in parallel.";
const OPEN: u64 = u64::MAX;

/// A text, told from its first line to its last.
struct Text(Session);

impl Text {
    fn new() -> Text {
        let main = Transcript { path: "paste.md".into(), ..Transcript::default() };
        Text(Session {
            path: "paste.md".into(),
            format: "text",
            clock: Clock::Lines,
            excerpt: true,
            transcripts: vec![main],
            ..Session::default()
        })
    }

    fn main(&mut self) -> &mut Transcript {
        &mut self.0.transcripts[0]
    }

    fn prompt(mut self, line: u64) -> Text {
        self.main().prompts.push(Place { line, at: None });
        self.main().ends_mid_turn = false;
        self
    }

    /// A text begins a response where the one before used a tool.
    fn response(&mut self, line: u64, is_text: bool) -> usize {
        let prompt = self.main().prompts.last().map_or(0, |prompt| prompt.line);
        let all = &mut self.main().responses;
        let place = Place { line, at: None };
        if all.last().is_none_or(|last| last.first.line < prompt || (is_text && last.has_calls)) {
            all.push(Response { first: place, last: place, ..Response::default() });
        }
        let index = all.len() - 1;
        all[index].last = place;
        all[index].has_calls |= !is_text;
        index
    }

    fn said(mut self, line: u64, text: &str) -> Text {
        let response_index = self.response(line, true);
        let turn = self.main().prompts.len() as u32;
        let (place, reading) = (Place { line, at: None }, claims::read(text));
        let record = String::new();
        for what in reading.claims {
            let claim = Claim { place, response: None, response_index, turn, text: text.into(), record: record.clone(), what };
            self.main().claims.push(claim);
        }
        for denied in reading.denials {
            let denial = Denial { place, turn, text: text.into(), record: record.clone(), form: denied.form };
            self.main().denials.push(denial);
        }
        self.main().ends_mid_turn = false;
        self
    }

    fn call(mut self, line: u64) -> Text {
        self.response(line, false);
        let place = Place { line, at: None };
        self.main().calls.push(ToolCall { tool: "Read".into(), place, ended: None, failed: false, waits: false });
        self.main().tool_uses += 1;
        self.main().ends_mid_turn = true;
        self
    }

    /// One block of agents: for sure up to `surely`, at the longest up to `possibly`.
    fn block(mut self, line: u64, count: u64, surely: u64, possibly: u64) -> Text {
        self.response(line, false);
        let turn = self.main().prompts.len() as u32;
        for number in 0..count {
            let id = format!("dispatch-{}", self.0.dispatches.len() + 1);
            self.0.dispatches.push(Dispatch {
                id,
                agent: None,
                agent_type: None,
                description: Some(format!("part {line} {number}")),
                parent: None,
                transcript: 0,
                response: Some(format!("block-{line}")),
                turn,
                line: line + number,
                requested: None,
                returned: None,
                started: None,
                ended: None,
                extent: Some(Extent { surely: (line, surely), possibly: (line, possibly) }),
                duration: None,
                timing: Timing::None,
                status: Status::NoResult,
                background: false,
                tool_uses: None,
                edits: Vec::new(),
                worktree: None,
            });
        }
        self.main().tool_uses += count as u32;
        self.main().ends_mid_turn = true;
        self
    }

    fn change(mut self, mut change: impl FnMut(usize, &mut Dispatch)) -> Text {
        self.0.dispatches.iter_mut().enumerate().for_each(|(index, dispatch)| change(index, dispatch));
        self
    }

    fn judged(&self) -> Vec<Judgement> {
        judge(&self.0, &batches(&self.0))
    }

    /// The verdict of the first claim, and why.
    fn first(&self) -> (Verdict, Cause, String) {
        let judgement = self.judged().into_iter().next().expect("no claim was recognised");
        (judgement.verdict, judgement.cause, judgement.why)
    }

    fn verdict(&self) -> Verdict {
        self.first().0
    }
}

#[test]
fn one_block_backs_the_claim() {
    let text = Text::new().prompt(1).said(2, PARALLEL).block(4, 3, OPEN, OPEN);
    assert_eq!(text.first(), (Verdict::Backed, Cause::Holds, "3 dispatched, 3 at once".to_owned()));
    assert_eq!(session_peak(&text.0), 3);
    let all = batches(&text.0);
    assert_eq!((all.len(), all[0].measures.peak, all[0].measures.timed, all[0].measures.wall), (1, 3, 0, None));
}

#[test]
fn a_narration_between_two_calls_proves_that_they_ran_in_turn() {
    let text = Text::new().said(1, "I'll work on these features with parallel agents.").block(2, 1, 3, 3).block(4, 1, OPEN, OPEN);
    assert_eq!(text.first(), (Verdict::Contradicted, Cause::Serial, "2 ran one after another".to_owned()));
}

#[test]
fn two_calls_without_anything_between_prove_neither() {
    let text = Text::new().prompt(1).said(2, "I'll launch two agents in parallel.").block(4, 1, 6, OPEN).block(6, 1, OPEN, OPEN);
    assert_eq!(text.first(), (Verdict::Unverifiable, Cause::Unknown, UNTOLD.to_owned()));
    assert_eq!(session_peak(&text.0), 1);
}

#[test]
fn what_failed_at_once_or_was_refused_ran_beside_nothing() {
    let text = || Text::new().prompt(1).said(2, "I'll launch two agents in parallel.").block(4, 2, OPEN, OPEN).said(9, "On.");
    let with = |status: Status, tool_uses: Option<u32>| {
        let change = |index: usize, dispatch: &mut Dispatch| {
            (dispatch.status, dispatch.tool_uses) = if index == 0 { (status, tool_uses) } else { (Status::Completed, None) }
        };
        text().change(change).verdict()
    };
    assert_eq!(with(Status::Completed, None), Verdict::Backed);
    assert_eq!(with(Status::Failed, Some(4)), Verdict::Backed);
    assert_eq!(with(Status::Failed, None), Verdict::Unverifiable);
    assert_eq!(with(Status::Interrupted, None), Verdict::Unverifiable);
    assert_eq!(with(Status::Rejected, None), Verdict::Unverifiable);
}

#[test]
fn an_agent_that_is_missing_proves_something_only_where_it_would_be_seen() {
    let said = || Text::new().prompt(1).said(2, PARALLEL);
    let unverifiable = [
        // It ends right behind the claim, shows no tools at all, or ends in the middle of the turn.
        said(),
        said().prompt(5).said(6, "On."),
        Text::new().prompt(1).call(2).said(3, PARALLEL),
        said().call(3),
        Text::new().said(2, "I ran five reviewers concurrently.").call(3).said(4, "On."),
        Text::new().prompt(1).said(2, "I ran five reviewers concurrently.").prompt(3).call(4).said(5, "On."),
        Text::new().said(2, "Four agents are running in parallel.").call(3).said(4, "On."),
    ];
    for (number, text) in unverifiable.iter().enumerate() {
        assert_eq!(text.verdict(), Verdict::Unverifiable, "{number}: {:?}", text.first());
    }
    let unbacked = [
        said().call(3).said(4, "On."),
        said().prompt(5).call(6),
        Text::new().prompt(1).call(2).said(3, "I ran five reviewers concurrently."),
        Text::new().prompt(1).said(2, "Four agents are running in parallel.").call(3).said(4, "On."),
    ];
    for (number, text) in unbacked.iter().enumerate() {
        assert_eq!((text.first().0, text.first().1), (Verdict::Unbacked, Cause::NoDispatch), "{number}: {:?}", text.first());
    }
}

#[test]
fn roleplay_without_an_agent_is_unbacked_where_tools_are_shown() {
    let roleplay = |text: Text| text.said(2, "As Agent 2, I design the storage layer.");
    assert_eq!(roleplay(Text::new().prompt(1)).verdict(), Verdict::Unverifiable);
    assert_eq!(roleplay(Text::new().prompt(1)).call(3).said(4, "On.").verdict(), Verdict::Unbacked);
    assert_eq!(roleplay(Text::new().prompt(1)).block(3, 2, OPEN, OPEN).verdict(), Verdict::Backed);
}

#[test]
fn fewer_than_claimed_is_overstated_and_one_is_contradicted() {
    let text = |count: u64| Text::new().prompt(1).said(2, "I'll launch six agents in parallel.").block(4, count, 12, 12).said(12, "On.");
    assert_eq!((text(2).first().0, text(2).first().1), (Verdict::Overstated, Cause::Fewer));
    assert_eq!((text(1).first().0, text(1).first().1), (Verdict::Contradicted, Cause::Single));
    let cut = Text::new().prompt(1).said(2, "I'll launch six agents in parallel.").block(4, 2, OPEN, OPEN);
    assert_eq!(cut.verdict(), Verdict::Unverifiable, "the others may stand below");
}

#[test]
fn what_is_running_is_told_by_lines() {
    let background = |ended: u64| {
        let text = Text::new().prompt(1).said(2, "On it.").block(4, 4, 5, ended).change(|_, dispatch| dispatch.background = true);
        text.said(20, "Four agents are running in parallel.")
    };
    assert_eq!(background(OPEN).verdict(), Verdict::Unverifiable);
    assert_eq!((background(10).first().0, background(10).first().1), (Verdict::Overstated, Cause::Fewer));
    let same = Text::new().prompt(1).said(2, "Four agents are running in parallel.").block(4, 4, OPEN, OPEN);
    assert_eq!(same.verdict(), Verdict::Backed);
    let foreground = Text::new().prompt(1).said(2, "On it.").block(4, 4, 9, 9).said(20, "Four agents are running in parallel.");
    assert_eq!(foreground.verdict(), Verdict::Unverifiable);
}

#[test]
fn work_beside_an_agent_needs_the_background() {
    const BESIDE: &str = "I'll launch an explorer in parallel while I read the bridge layer.";
    let begun = || Text::new().prompt(1).said(2, BESIDE);
    let proven = begun().block(4, 1, 5, 20).change(|_, dispatch| dispatch.background = true).call(8).said(20, "On.");
    assert_eq!(proven.verdict(), Verdict::Backed);
    assert_eq!(begun().block(4, 1, 20, 20).call(8).said(20, "On.").verdict(), Verdict::Unverifiable);
    assert_eq!(begun().call(3).block(4, 1, 20, 20).said(20, "On.").verdict(), Verdict::Unverifiable);
    assert_eq!(begun().block(4, 1, 20, 20).said(20, "On.").verdict(), Verdict::Unverifiable, "no tool of its own is shown anywhere");
    let nothing = begun().block(4, 1, 20, 20).said(20, "On.").prompt(30).call(31).said(33, "On.");
    assert_eq!((nothing.first().0, nothing.first().1), (Verdict::Contradicted, Cause::NothingBeside));
}

#[test]
fn a_speed_up_is_bounded_by_the_agents_and_by_printed_run_times() {
    let claimed = |speed: &str, durations: &[i64]| {
        let text = Text::new().prompt(1).block(4, 3, 12, 12).change(|index, dispatch| dispatch.duration = durations.get(index).copied());
        text.said(12, &format!("This was {speed} faster than sequential.")).first()
    };
    assert_eq!((claimed("5x", &[]).0, claimed("5x", &[]).1), (Verdict::Overstated, Cause::TooFast));
    assert_eq!(claimed("2.5x", &[]).0, Verdict::Unverifiable);
    assert_eq!(claimed("2.5x", &[60_000, 60_000]).0, Verdict::Unverifiable, "one run time is not printed");
    assert_eq!(claimed("2.5x", &[60_000, 60_000, 60_000]).0, Verdict::Unverifiable, "a bound from above backs nothing");
    let overstated = claimed("2.5x", &[100_000, 20_000, 20_000]);
    assert_eq!((overstated.0, overstated.2.contains("1.40 at most")), (Verdict::Overstated, true));
    // Two calls that may have run at once are two for this bound.
    let apart = |speed: &str| {
        let text = Text::new().prompt(1).block(4, 1, 6, 12).block(6, 1, 12, 12);
        text.said(12, &format!("This was {speed} faster than sequential.")).verdict()
    };
    assert_eq!((apart("2x"), apart("3x")), (Verdict::Unverifiable, Verdict::Overstated));
    let cut = Text::new().block(4, 1, 12, 12).said(12, "This was 3x faster than sequential.");
    assert_eq!(cut.verdict(), Verdict::Unverifiable);
}

#[test]
fn tests_are_looked_for_by_lines() {
    let run = |line: u64, passed: bool| Run {
        place: Place { line, at: None },
        // A time that a text prints says nothing of its lines.
        ended: Some(crate::model::moment::Moment(1_700_000_000_000)),
        tests: true,
        passed: Some(passed),
        count: None,
        command: "cargo test".into(),
    };
    let edit =
        |line: u64| Edit { place: Place { line, at: None }, path: "src/a.rs".into(), tool: "Edit".into(), inferred: false, worktree: None };
    let claim = |mut text: Text, runs: &[Run], edits: &[Edit]| {
        text.main().runs = runs.to_vec();
        text.main().edits = edits.to_vec();
        text.said(20, "All tests pass.").first()
    };
    let text = || Text::new().prompt(1).call(5);
    assert_eq!(claim(text(), &[run(8, true)], &[edit(6)]).0, Verdict::Backed);
    assert_eq!(claim(text(), &[run(8, false)], &[edit(6)]).1, Cause::TestsFailed);
    let hidden = |line: u64| Run { tests: false, passed: None, ..run(line, true) };
    assert_eq!(claim(text(), &[hidden(8)], &[edit(6)]).0, Verdict::Unverifiable, "it may have been the tests");
    assert_eq!(claim(text(), &[run(8, false), hidden(9)], &[edit(6)]).0, Verdict::Unverifiable, "it may have been the tests");
    assert_eq!(claim(text(), &[hidden(7), run(8, false)], &[edit(6)]).1, Cause::TestsFailed);
    assert_eq!(claim(text(), &[run(8, true)], &[edit(10)]).1, Cause::TestsNotRun);
    assert_eq!(claim(text(), &[], &[]).1, Cause::TestsNotRun);
    assert_eq!(claim(Text::new().prompt(1), &[], &[]).0, Verdict::Unverifiable, "no tool is shown");
    assert_eq!(claim(Text::new().call(3), &[], &[]).0, Verdict::Unverifiable, "the run may stand above");
    assert_eq!(claim(text().block(12, 1, OPEN, OPEN), &[run(8, false)], &[edit(6)]).0, Verdict::Unverifiable, "an agent may have run them");
}

#[test]
fn progress_files_are_held_against_lines() {
    let text = |completed: u32, line: u64| {
        let mut text = Text::new().prompt(1).call(2).block(4, 3, 12, 12).change(|_, dispatch| dispatch.status = Status::Completed);
        let place = Place { line, at: None };
        let report = ProgressReport {
            place,
            path: "PARALLEL_STATUS.json".into(),
            record: String::new(),
            completed,
            running: 0,
            text: String::new(),
        };
        text.main().reports.push(report);
        text.verdict()
    };
    assert_eq!((text(3, 14), text(3, 8)), (Verdict::Backed, Verdict::Unverifiable));
    assert_eq!((text(4, 14), text(4, 8), text(1, 3)), (Verdict::Contradicted, Verdict::Contradicted, Verdict::Unbacked));
}

#[test]
fn what_is_sent_again_in_one_block_corrects_the_claim() {
    let serial = || Text::new().prompt(1).said(2, "I'll launch two agents in parallel.").block(3, 1, 5, 5).block(5, 1, 8, 8);
    let again = serial().said(8, "Done.").prompt(9).block(10, 2, 14, 14);
    assert_eq!(again.change(|_, dispatch| dispatch.description = Some("same".into())).verdict(), Verdict::Corrected);
    let denied = serial().said(8, "I ran them one after another.");
    assert_eq!(denied.verdict(), Verdict::Corrected, "{:?}", denied.first());
}
