//! Claims about agents: future, present, past, beside, role-play and speed-up.

use super::index::Index;
use super::text::{UNTOLD, is_text};
use super::unread::unseen;
use super::window::{Need, Window};
use super::{Cause, Facts, Ruling, SPEEDUP_TOLERANCE};
use crate::model::claim::ClaimKind;
use crate::model::finding::Verdict;
use crate::model::moment::Moment;
use crate::model::session::{Claim, Dispatch, Response, Session, Status, Transcript};
use crate::timeline::{Batch, Interval, known, may_have_run, ran};

/// How long an agent's end may precede a sentence that still calls it running: the model had not read of it yet.
const REPORT_LAG: i64 = 10_000;

/// One claim, with what it is held against.
pub(super) struct Case<'s> {
    pub(super) session: &'s Session,
    pub(super) batches: &'s [Batch],
    pub(super) index: &'s Index<'s>,
    pub(super) transcript: usize,
    pub(super) claim: &'s Claim,
}

impl<'s> Case<'s> {
    pub(super) fn transcript(&self) -> &'s Transcript {
        &self.session.transcripts[self.transcript]
    }

    fn response(&self) -> Option<&'s Response> {
        self.transcript().responses.get(self.claim.response_index)
    }

    pub(super) fn need(&self) -> Need {
        Need(self.claim.what.agents)
    }

    /// The dispatches of one turn of this thread.
    pub(super) fn in_turn(&self, turn: u32) -> Window<'s> {
        Window::from(self.session, self.index, self.transcript, turn, 0)
    }

    pub(super) fn first_line(&self) -> u64 {
        self.response().map_or(self.claim.place.line, |response| response.first.line)
    }

    pub(super) fn last_line(&self) -> u64 {
        self.response().map_or(self.claim.place.line, |response| response.last.line.max(self.claim.place.line))
    }

    /// This response and on to the next human prompt.
    fn ahead(&self) -> Window<'s> {
        Window::from(self.session, self.index, self.transcript, self.claim.turn, self.first_line())
    }

    /// The whole turn.
    pub(super) fn turn(&self) -> Window<'s> {
        self.in_turn(self.claim.turn)
    }

    /// Everything up to the end of this response.
    pub(super) fn so_far(&self) -> Window<'s> {
        Window::up_to(self.session, self.index, self.transcript, self.last_line())
    }

    /// "I'll launch three agents in parallel".
    pub(super) fn future(&self) -> Ruling {
        self.rule(&self.ahead())
    }

    /// "ran five reviewers concurrently": this turn; the session so far, where the turn has no dispatch.
    pub(super) fn past(&self) -> Ruling {
        let (turn, so_far) = (self.turn(), self.so_far());
        if turn.members.is_empty() {
            return self.rule(&so_far);
        }
        let ruling = self.rule(&turn);
        let against = !matches!(ruling.verdict, Verdict::Backed | Verdict::Unverifiable);
        if against && !self.claim.what.together && so_far.members.len() as u64 >= u64::from(self.need().count()) {
            return self.with_facts(Ruling::backed(format!("{} were dispatched in this session", so_far.members.len())), &so_far);
        }
        if against && so_far.proves(self.need()) {
            return self.with_facts(Ruling::unknown("it may mean the agents of an earlier turn"), &so_far);
        }
        ruling
    }

    /// "four agents are running": that many are open. A claim may also come just before its calls.
    pub(super) fn present(&self) -> Ruling {
        let so_far = self.so_far();
        let when = |place| self.session.when(place);
        let from = self.response().and_then(|response| when(response.first)).or_else(|| when(self.claim.place));
        let known = so_far.members.iter().filter(|index| self.open(so_far.dispatch(**index), from, false)).count();
        let possible = so_far.members.iter().filter(|index| self.open(so_far.dispatch(**index), from, true)).count();
        let need = self.need();
        let open = u32::try_from(known).ok();
        let enough = |count: usize| count as u64 >= u64::from(need.count());
        let ahead = self.ahead();
        let mut ruling = if enough(known) {
            let open_now: Vec<usize> =
                so_far.members.iter().copied().filter(|index| self.open(so_far.dispatch(*index), from, false)).collect();
            let open_now = Window::new(self.session, self.index, open_now);
            self.with_facts(Ruling::backed(format!("{known} were running at that moment")), &open_now)
        } else if ahead.proves(need) {
            self.rule(&ahead)
        } else if enough(possible) {
            self.with_facts(Ruling::unknown("how many were running at that moment is not in the log"), &so_far)
        } else {
            let turn = self.turn();
            let window = if turn.members.is_empty() { so_far } else { turn };
            let mut ruling = self.rule(&window);
            let over = |index: &usize| self.was_over(window.dispatch(*index)) || self.open(window.dispatch(*index), from, false);
            if ruling.verdict == Verdict::Backed && is_text(self.session) && !window.members.iter().all(over) {
                ruling = self.with_facts(Ruling::unknown("the text does not tell how many were running at that moment"), &window);
            } else if ruling.verdict == Verdict::Backed || ruling.cause == Cause::Fewer {
                ruling.verdict = Verdict::Overstated;
                ruling.cause = Cause::Fewer;
                ruling.why = match known {
                    0 => "none was running at that moment".to_owned(),
                    1 => "1 was running at that moment".to_owned(),
                    _ => format!("{known} were running at that moment"),
                };
            }
            ruling
        };
        ruling.facts.open = open;
        ruling
    }

    /// Whether a dispatch was open when the response was made; `possibly` takes unknown ends as open.
    fn open(&self, dispatch: &Dispatch, from: Option<Moment>, possibly: bool) -> bool {
        let Some(from) = from else { return possibly };
        if is_text(self.session) {
            let stretch = if possibly { may_have_run(dispatch) } else { known(dispatch) };
            // What a text shows beneath the sentence began after it, in the same response too.
            return dispatch.line < self.claim.place.line && stretch.is_some_and(|stretch| stretch.end > from);
        }
        let begun = dispatch.line <= self.last_line();
        match ran(dispatch) {
            Some(Interval { end, .. }) => begun && end.plus(REPORT_LAG) > from,
            None => {
                possibly
                    && begun
                    && dispatch.status != Status::Rejected
                    && dispatch.returned.is_none_or(|returned| returned.plus(REPORT_LAG) > from)
            }
        }
    }

    /// "an explorer in parallel while I read the bridge layer": the thread used tools while that agent ran.
    pub(super) fn beside(&self) -> Ruling {
        let window = self.ahead();
        if window.members.is_empty() {
            return self.rule(&window);
        }
        if is_text(self.session) {
            return self.with_facts(self.beside_in_text(&window), &window);
        }
        let calls = || self.transcript().calls.iter().filter(|call| !call.waits).filter_map(|call| call.place.at);
        let used_within = |start: Moment, end: Moment| calls().any(|at| at > start && at < end);
        let proven = window.each().any(|dispatch| ran(dispatch).is_some_and(|interval| used_within(interval.start, interval.end)));
        if proven || window.known_peak() >= 2 {
            return self.with_facts(Ruling::backed("the main thread used tools while that agent ran"), &window);
        }
        let possible = window.each().any(|dispatch| {
            let start = dispatch.requested.unwrap_or(Moment(i64::MIN));
            ran(dispatch).is_none() && dispatch.returned.is_none_or(|returned| used_within(start, returned))
        });
        if possible {
            return self.with_facts(Ruling::unknown("the end of that agent is not in the log"), &window);
        }
        if let Some(doubt) = self.doubt(&window) {
            return self.with_facts(Ruling::unknown(doubt), &window);
        }
        let ruling = Ruling::new(Verdict::Contradicted, Cause::NothingBeside, "the main thread used no tool while that agent ran");
        self.with_facts(ruling, &window)
    }

    /// "As Agent 2, I design …".
    pub(super) fn roleplay(&self) -> Ruling {
        let turn = self.turn();
        if !turn.members.is_empty() {
            return self.with_facts(Ruling::backed("agents were dispatched in this turn"), &turn);
        }
        if self.transcript().agent.is_some() && self.claim.what.agents.unwrap_or(1) <= 1 {
            return Ruling::backed("the speaker is an agent itself");
        }
        let so_far = self.so_far();
        let excerpt = || self.excerpt(&turn).filter(|_| self.session.excerpt);
        if let Some(doubt) = self.other_means(0).or_else(excerpt) {
            return Ruling::unknown(doubt);
        }
        // A label such as "Agent 1 (Backend): completed" may report on agents of an earlier turn.
        if self.claim.what.form == "label" && !so_far.members.is_empty() {
            return self.with_facts(Ruling::unknown("it may report on agents of an earlier turn"), &so_far);
        }
        Ruling::new(Verdict::Unbacked, Cause::NoDispatch, "no agent was dispatched in this turn")
    }

    /// "6.4x faster than sequential": at most the effective concurrency of the latest batch, with a tolerance.
    pub(super) fn speedup(&self) -> Ruling {
        if is_text(self.session) {
            return self.speedup_in_text();
        }
        let so_far = self.so_far();
        let latest = self.latest_batch();
        let Some((index, batch)) = latest else {
            let turn = self.turn();
            return match self.doubt(&turn) {
                Some(doubt) => Ruling::unknown(doubt),
                None if so_far.members.is_empty() && turn.members.is_empty() => {
                    Ruling::new(Verdict::Unbacked, Cause::TooFast, "no agent ran before this sentence")
                }
                None => Ruling::unknown("no agent had ended when this was said"),
            };
        };
        let window = Window::new(self.session, self.index, batch.members.clone());
        let mut ruling = self.speedup_over(batch);
        ruling.batch = Some(index);
        ruling.facts.effective_concurrency = batch.measures.effective_concurrency;
        self.with_facts(ruling, &window)
    }

    /// The latest batch with two dispatches or more before the claim, else the latest one.
    fn latest_batch(&self) -> Option<(usize, &'s Batch)> {
        let last = self.last_line();
        let before =
            |batch: &&(usize, &'s Batch)| {
                batch.1.members.iter().all(|index| {
                    self.session.dispatches[*index].transcript == self.transcript && self.session.dispatches[*index].line <= last
                })
            };
        let all: Vec<(usize, &Batch)> = self.batches.iter().enumerate().collect();
        let line = |batch: &Batch| batch.members.iter().map(|index| self.session.dispatches[*index].line).max();
        let mut candidates: Vec<(usize, &Batch)> = all.iter().filter(before).copied().collect();
        candidates.sort_by_key(|(_, batch)| (batch.measures.count >= 2, line(batch)));
        candidates.last().copied()
    }

    fn speedup_over(&self, batch: &Batch) -> Ruling {
        let measures = &batch.measures;
        let all_timed = measures.timed == measures.count;
        let Some(claimed) = self.claim.what.speedup else {
            return match measures.effective_concurrency {
                Some(reached) if all_timed && measures.peak < 2 => {
                    Ruling::new(Verdict::Overstated, Cause::TooFast, format!("nothing ran at once (effective concurrency {reached:.2})"))
                }
                _ => Ruling::unknown("the log does not say what a sequential run would have taken"),
            };
        };
        if claimed > f64::from(measures.count) * SPEEDUP_TOLERANCE || (claimed > f64::from(measures.count) && claimed.fract() == 0.0) {
            return Ruling::new(
                Verdict::Overstated,
                Cause::TooFast,
                format!("{} cannot be more than {} times faster", agents_word(measures.count), measures.count),
            );
        }
        match measures.effective_concurrency {
            Some(reached) if claimed <= reached * SPEEDUP_TOLERANCE && claimed <= f64::from(measures.count) => {
                Ruling::backed(format!("the effective concurrency was {reached:.2}"))
            }
            Some(reached) if all_timed => {
                Ruling::new(Verdict::Overstated, Cause::TooFast, format!("the effective concurrency was {reached:.2}"))
            }
            _ => Ruling::unknown("the end of an agent is not in the log"),
        }
    }

    /// What a window says of a claim of several agents at once.
    fn rule(&self, window: &Window<'s>) -> Ruling {
        let need = self.need();
        let count = window.members.len();
        let ruling = if window.proves(need) {
            Ruling::backed(format!("{count} dispatched, {} at once", window.known_peak()))
        } else if !self.claim.what.together && window.ran() as u64 >= u64::from(need.count()) {
            self.only_a_number(window)
        } else if let Some(doubt) = window.stopped().or_else(|| self.other_means(self.turn_start())) {
            Ruling::unknown(doubt)
        } else if window.ran() >= 2 && window.possible_peak() == 1 {
            // Whatever their ends were, no two can have run at once.
            Ruling::new(Verdict::Contradicted, Cause::Serial, format!("{} ran one after another", window.ran()))
        } else if is_text(self.session) && window.may_prove(need) {
            Ruling::unknown(UNTOLD)
        } else if let Some(doubt) = self.doubt(window) {
            Ruling::unknown(doubt)
        } else if window.may_prove(need) {
            Ruling::unknown("the end of an agent is not in the log, and it matters")
        } else if count == 0 {
            Ruling::new(Verdict::Unbacked, Cause::NoDispatch, "no agent was dispatched")
        } else if count == 1 {
            Ruling::new(Verdict::Contradicted, Cause::Single, "one agent was dispatched")
        } else if window.known_peak() < 2 {
            Ruling::unknown("what is known of their runs proves neither")
        } else {
            Ruling::new(Verdict::Overstated, Cause::Fewer, format!("{count} were dispatched, at most {} at once", window.possible_peak()))
        };
        self.with_facts(ruling, window)
    }

    /// "All three agents have finished", "I'll spawn two agents": as many ran, and that they ran at once is not said.
    fn only_a_number(&self, window: &Window<'s>) -> Ruling {
        match self.claim.what.kind {
            ClaimKind::Past => Ruling::backed(format!("{} ran", window.ran())),
            _ => Ruling::unknown("as many ran, and the sentence does not say that they run at once"),
        }
    }

    /// Why the window may not be the whole truth.
    pub(super) fn doubt(&self, window: &Window<'s>) -> Option<&'static str> {
        let transcript = self.transcript();
        let (from, to) = (self.first_line(), self.next_prompt());
        let inside = |line: u64| line >= from && line <= to;
        window
            .cut_short()
            .or_else(|| {
                transcript.interruptions.iter().any(|place| inside(place.line)).then_some("the user interrupted or rejected a tool")
            })
            .or_else(|| self.other_means(self.turn_start()))
            .or_else(|| if self.session.excerpt { self.excerpt(window) } else { self.log_ends(to, window) })
    }

    /// Whether the log breaks off before the turn ends.
    fn log_ends(&self, to: u64, window: &Window<'s>) -> Option<&'static str> {
        let transcript = self.transcript();
        // What is said to have been done stands before the sentence, not behind the end of the log.
        if to != u64::MAX || self.claim.what.kind == ClaimKind::Past {
            return None;
        }
        let last = self.claim.response_index + 1 == transcript.responses.len();
        let open_end = transcript.responses.last().is_some_and(|response| !response.ends_turn);
        match (open_end, transcript.ends_mid_turn) {
            (true, _) if last && window.members.is_empty() => Some("the log ends right after the claim"),
            (_, true) => Some("the log ends in the middle of the turn"),
            _ => None,
        }
    }

    fn other_means(&self, from: u64) -> Option<&'static str> {
        let to = self.next_prompt();
        self.transcript()
            .other_means
            .iter()
            .find(|means| means.place.line >= from && means.place.line <= to)
            .map(|means| unseen(means.what))
    }

    pub(super) fn turn_start(&self) -> u64 {
        let prompts = &self.transcript().prompts;
        usize::try_from(self.claim.turn)
            .ok()
            .and_then(|turn| turn.checked_sub(1))
            .and_then(|index| prompts.get(index))
            .map_or(0, |place| place.line)
    }

    /// The line of the prompt behind the claim's turn; the end of time where there is none.
    pub(super) fn next_prompt(&self) -> u64 {
        usize::try_from(self.claim.turn).ok().and_then(|index| self.transcript().prompts.get(index)).map_or(u64::MAX, |place| place.line)
    }

    pub(super) fn with_facts(&self, ruling: Ruling, window: &Window<'s>) -> Ruling {
        let batch = ruling.batch.or_else(|| window.batch());
        let effective = batch.and_then(|index| self.batches[index].measures.effective_concurrency);
        let facts = Facts {
            dispatches: u32::try_from(window.members.len()).unwrap_or(u32::MAX),
            ran: u32::try_from(window.ran()).unwrap_or(u32::MAX),
            peak: window.known_peak().max(u32::from(!window.members.is_empty() && window.possible_peak() == 1)),
            effective_concurrency: ruling.facts.effective_concurrency.or_else(|| window.effective_concurrency()).or(effective),
            responses: window.responses(),
            ..ruling.facts.clone()
        };
        Ruling { batch, facts, ..ruling }.over(&window.members)
    }
}

fn agents_word(count: u32) -> String {
    if count == 1 { "one agent".to_owned() } else { format!("{count} agents") }
}
