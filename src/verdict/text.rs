//! Claims in a text without a clock: what its order proves, and what an excerpt leaves open.
//!
//! A pasted text is often a piece of a conversation, and some ways of writing conversations down show no tools at all. That an
//! agent is missing in it proves something only where it would be seen.

use super::agents::Case;
use super::window::Window;
use super::{Cause, Ruling, SPEEDUP_TOLERANCE};
use crate::model::claim::ClaimKind;
use crate::model::finding::Verdict;
use crate::model::session::{Claim, Clock, Dispatch, Session, Transcript};
use crate::timeline::{connect, may_have_run};

/// What is said where two agents may have run at once or in turn.
pub(super) const UNTOLD: &str = "the text does not tell whether they ran at once or one after another";

/// What is said of a text without one visible tool.
const NO_TOOLS: &str = "the text shows no tool calls at all";

/// Whether the session's clock is its lines.
pub(super) fn is_text(session: &Session) -> bool {
    session.clock == Clock::Lines
}

/// Whether something that the thread called stands between two lines.
fn shows_calls(session: &Session, transcript: &Transcript, thread: &[usize], within: impl Fn(u64) -> bool) -> bool {
    let own = transcript.calls.iter().map(|call| call.place.line);
    own.chain(thread.iter().map(|index| session.dispatches[*index].line)).any(within)
}

impl<'s> Case<'s> {
    fn shows_calls(&self, within: impl Fn(u64) -> bool) -> bool {
        shows_calls(self.session, self.transcript(), self.index.thread(self.transcript), within)
    }

    /// Why a text may not be the whole truth of a window.
    pub(super) fn excerpt(&self, window: &Window<'s>) -> Option<&'static str> {
        let transcript = self.transcript();
        let ends = self.next_prompt() == u64::MAX;
        if !window.members.is_empty() {
            return (ends && transcript.ends_mid_turn).then_some("the text ends in the middle of the turn");
        }
        if transcript.tool_uses == 0 {
            return Some(NO_TOOLS);
        }
        let line = self.claim.place.line;
        let first_prompt = transcript.prompts.first().map_or(u64::MAX, |prompt| prompt.line);
        match self.claim.what.kind {
            // What ran before may stand above the place where the text was cut out.
            ClaimKind::Past | ClaimKind::Speedup => (!self.shows_calls(|call| call > first_prompt && call < line))
                .then_some("the agents may have run before the place where the text begins"),
            ClaimKind::Present if self.claim.turn == 0 => Some("the agents may have been started before the place where the text begins"),
            // What is announced may stand below it.
            _ if ends && (transcript.ends_mid_turn || !self.shows_calls(|call| call > line)) => Some("the text ends right after the claim"),
            _ => None,
        }
    }

    /// Whether a dispatch had ended when the response was made, and the text says so.
    pub(super) fn was_over(&self, dispatch: &Dispatch) -> bool {
        dispatch.background && dispatch.extent.is_some_and(|extent| extent.possibly.1 <= self.first_line())
    }

    /// "an explorer in parallel while I read": only an agent in the background, whose end the text shows, proves by lines that
    /// something was done meanwhile. A tool above or below an agent in the foreground may stand in the same response or not.
    pub(super) fn beside_in_text(&self, window: &Window<'s>) -> Ruling {
        let calls = || self.transcript().calls.iter().filter(|call| !call.waits).map(|call| call.place.line);
        let ends = |dispatch: &&Dispatch| dispatch.background && dispatch.extent.is_some_and(|extent| extent.possibly.1 != u64::MAX);
        let used_within = |(first, over): (u64, u64)| calls().any(|line| line > first && line < over);
        let proven = window.each().filter(ends).any(|dispatch| dispatch.extent.is_some_and(|extent| used_within(extent.possibly)));
        if proven || window.known_peak() >= 2 {
            return Ruling::backed("the main thread used tools while that agent ran");
        }
        let first = self.first_line();
        let possible = window.each().filter_map(|dispatch| dispatch.extent).any(|extent| used_within((first, extent.possibly.1)));
        if possible || self.transcript().calls.is_empty() {
            return Ruling::unknown("the text does not tell whether the main thread used a tool while that agent ran");
        }
        match self.doubt(window) {
            Some(doubt) => Ruling::unknown(doubt),
            None => Ruling::new(Verdict::Contradicted, Cause::NothingBeside, "the main thread used no tool while that agent ran"),
        }
    }

    /// "6.4x faster": without start and end there is only a bound. Nothing is faster than as many times as agents were at work, nor
    /// than all their work by its longest part, for which the batch lasted at least.
    pub(super) fn speedup_in_text(&self) -> Ruling {
        let so_far = self.so_far();
        let groups = connect(&self.session.dispatches, &so_far.members, may_have_run);
        let last = |group: &Vec<usize>| group.iter().map(|index| self.session.dispatches[*index].line).max();
        let latest = groups.into_iter().max_by_key(|group| (group.len() >= 2, last(group)));
        let Some(window) = latest.map(|group| Window::new(self.session, self.index, group)) else {
            let turn = self.turn();
            return match self.doubt(&turn) {
                Some(doubt) => Ruling::unknown(doubt),
                None if turn.members.is_empty() => Ruling::new(Verdict::Unbacked, Cause::TooFast, "no agent ran before this sentence"),
                None => Ruling::unknown("no agent had ended when this was said"),
            };
        };
        self.with_facts(self.speedup_of(&window), &window)
    }

    fn speedup_of(&self, window: &Window<'s>) -> Ruling {
        if self.claim.turn == 0 {
            return Ruling::unknown("further agents may stand above the place where the text begins");
        }
        if let Some(doubt) = self.doubt(window) {
            return Ruling::unknown(doubt);
        }
        let most = window.possible_peak();
        let untold = || Ruling::unknown("the text does not say when the agents ran, nor what a sequential run would have taken");
        let Some(claimed) = self.claim.what.speedup else {
            return if window.ran() >= 2 && most == 1 {
                Ruling::new(Verdict::Overstated, Cause::TooFast, "nothing ran at once")
            } else {
                untold()
            };
        };
        let too_fast = |why: String| Ruling::new(Verdict::Overstated, Cause::TooFast, why);
        let agents = f64::from(most);
        if claimed > agents * SPEEDUP_TOLERANCE || (claimed > agents && claimed.fract() == 0.0) {
            let at_once = if most == 1 { "one agent at a time".to_owned() } else { format!("{most} agents at once") };
            return too_fast(format!("{at_once} cannot be more than {most} times faster"));
        }
        match most_at_once(window) {
            Some(bound) if claimed > bound * SPEEDUP_TOLERANCE => {
                too_fast(format!("by the run times that it prints, the effective concurrency was {bound:.2} at most"))
            }
            _ => untold(),
        }
    }
}

/// All work of a window by its longest part, where the text prints how long each agent ran.
fn most_at_once(window: &Window<'_>) -> Option<f64> {
    let durations: Vec<i64> = window.each().map(|dispatch| dispatch.duration.filter(|length| *length > 0)).collect::<Option<_>>()?;
    let longest = *durations.iter().max()?;
    Some(durations.iter().map(|length| *length as f64).sum::<f64>() / longest as f64)
}

/// "All tests pass" without a run: the run may stand above the place where a text begins, where it is not the edit that matters.
pub(super) fn tests(session: &Session, transcript: &Transcript, thread: &[usize], claim: &Claim, edited: bool, ruling: Ruling) -> Ruling {
    if !session.excerpt {
        return ruling;
    }
    if ruling.cause == Cause::TestsFailed && may_have_run_again(transcript, claim, &ruling) {
        let (place, facts) = (ruling.place, ruling.facts);
        return Ruling { place, facts, ..Ruling::unknown("a command that may have been the tests ran after the last run that is shown") };
    }
    if ruling.cause != Cause::TestsNotRun {
        return ruling;
    }
    let first_prompt = transcript.prompts.first().map_or(u64::MAX, |prompt| prompt.line);
    let facts = ruling.facts.clone();
    let doubt = if transcript.tool_uses == 0 {
        NO_TOOLS
    } else if !edited && !shows_calls(session, transcript, thread, |call| call > first_prompt && call < claim.place.line) {
        "the run may stand before the place where the text begins"
    } else {
        return ruling;
    };
    Ruling { facts, ..Ruling::unknown(doubt) }
}

/// Whether a command of which the text shows no outcome stands between the failed run and the claim.
fn may_have_run_again(transcript: &Transcript, claim: &Claim, ruling: &Ruling) -> bool {
    let failed = ruling.place.as_ref().map_or(0, |(line, _)| *line);
    let unknown = transcript.runs.iter().filter(|run| !run.tests && run.passed.is_none());
    unknown.map(|run| run.place.line).any(|line| line > failed && line < claim.place.line)
}

#[cfg(test)]
mod tests;
