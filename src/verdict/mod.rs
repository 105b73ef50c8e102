//! Claims held against the timeline: each gets a verdict, its cause, and the facts that prove it.
//!
//! Doubt is never a contradiction. A verdict against a claim needs proof that holds for every possible end of what
//! has no known end: see `window::Window`. Before and after are told by `Session::when`: by times, in a text by lines.

mod agents;
mod corrections;
mod depth;
mod index;
mod progress;
mod reports;
mod text;
mod told;
mod unread;
mod window;

use crate::model::claim::{ClaimKind, Topic};
use crate::model::finding::Verdict;
use crate::model::session::{Claim, Session};
use crate::timeline::Batch;

/// How much slower than its effective concurrency a batch may be than was claimed: clocks and rounding.
pub const SPEEDUP_TOLERANCE: f64 = 1.2;

/// How many dispatches a judgement names: tens of thousands of claims may each be held against tens of thousands of agents.
pub const MOST_NAMED: usize = 100;

/// What was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A claim of a transcript, by its index there.
    Claim(usize),
    /// A progress file that a transcript wrote, by its index there.
    Progress(usize),
}

/// Why a verdict is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// It holds.
    Holds,
    /// Two or more ran, never two at once.
    Serial,
    /// One agent ran while the assistant itself did nothing.
    NothingBeside,
    /// One ran.
    Single,
    /// None ran.
    NoDispatch,
    /// Some ran at once, but fewer than claimed.
    Fewer,
    /// The speed-up is above what the intervals allow.
    TooFast,
    /// The last test run since the last edit failed.
    TestsFailed,
    /// No test run since the last edit.
    TestsNotRun,
    /// The test run counts otherwise.
    TestsCountOtherwise,
    /// A dispatch failed that should be complete.
    DispatchFailed,
    /// A progress file counts otherwise than the log.
    ProgressOtherwise,
    /// The log does not say.
    Unknown,
}

/// The numbers behind a verdict.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facts {
    /// Agents claimed, where a number was given.
    pub claimed: Option<u32>,
    /// Dispatches in the window.
    pub dispatches: u32,
    /// How many of them ran.
    pub ran: u32,
    /// The most of them open at once.
    pub peak: u32,
    /// Of the batch that the claim was held against.
    pub effective_concurrency: Option<f64>,
    /// Agents open at the moment of the claim.
    pub open: Option<u32>,
    /// The claimed speed-up.
    pub speedup: Option<f64>,
    /// Tests or tasks claimed.
    pub count: Option<u32>,
    /// Tests that the runs counted, or dispatches that had finished.
    pub counted: Option<u32>,
    /// Responses over which the dispatches were spread.
    pub responses: u32,
}

/// A claim's verdict.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// Its place among the session's judgements, by which the report refers to it.
    pub number: usize,
    /// Index of the transcript.
    pub transcript: usize,
    /// What was judged.
    pub subject: Subject,
    /// The verdict.
    pub verdict: Verdict,
    /// Its cause. A claim that was taken back keeps the cause it had.
    pub cause: Cause,
    /// Why, as a fragment.
    pub why: String,
    /// Index of the batch that it was held against.
    pub batch: Option<usize>,
    /// Indices of the dispatches in the window, the first `MOST_NAMED` of them: how many there are stands in the facts.
    pub window: Vec<usize>,
    /// A further line that explains the verdict: a failed run, a failed dispatch, the sentence that takes it back.
    pub place: Option<(u64, String)>,
    /// The numbers.
    pub facts: Facts,
}

/// What a judge says, before it is put together.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ruling {
    pub(crate) verdict: Verdict,
    pub(crate) cause: Cause,
    pub(crate) why: String,
    pub(crate) batch: Option<usize>,
    pub(crate) window: Vec<usize>,
    pub(crate) place: Option<(u64, String)>,
    pub(crate) facts: Facts,
}

impl Ruling {
    pub(crate) fn new(verdict: Verdict, cause: Cause, why: impl Into<String>) -> Ruling {
        Ruling { verdict, cause, why: why.into(), batch: None, window: Vec::new(), place: None, facts: Facts::default() }
    }

    pub(crate) fn backed(why: impl Into<String>) -> Ruling {
        Ruling::new(Verdict::Backed, Cause::Holds, why)
    }

    pub(crate) fn unknown(why: impl Into<String>) -> Ruling {
        Ruling::new(Verdict::Unverifiable, Cause::Unknown, why)
    }

    pub(crate) fn over(mut self, window: &[usize]) -> Ruling {
        self.window = window.to_vec();
        self
    }
}

/// Judges everything that a session claims, in the order of its transcripts and their lines.
pub fn judge(session: &Session, batches: &[Batch]) -> Vec<Judgement> {
    let lookup = index::Index::new(session, batches);
    let mut judgements = Vec::new();
    for (index, transcript) in session.transcripts.iter().enumerate() {
        for (number, claim) in transcript.claims.iter().enumerate() {
            let ruling = judge_claim(session, batches, &lookup, index, claim);
            judgements.push(put_together(index, Subject::Claim(number), ruling));
        }
        for (number, report) in transcript.reports.iter().enumerate() {
            judgements.push(put_together(
                index,
                Subject::Progress(number),
                unread::progress(session, transcript, report, progress::judge(session, report)),
            ));
        }
    }
    judgements
}

fn put_together(transcript: usize, subject: Subject, ruling: Ruling) -> Judgement {
    let Ruling { verdict, cause, why, batch, mut window, place, facts } = ruling;
    window.truncate(MOST_NAMED);
    window.shrink_to_fit();
    Judgement { number: 0, transcript, subject, verdict, cause, why, batch, window, place, facts }
}

fn judge_claim(session: &Session, batches: &[Batch], index: &index::Index<'_>, transcript: usize, claim: &Claim) -> Ruling {
    match (claim.what.topic, claim.what.kind) {
        (Topic::Tests, _) => reports::tests(session, index, transcript, claim),
        (Topic::Completion, _) => reports::completion(session, index, transcript, claim),
        (Topic::Agents, kind) => {
            let case = agents::Case { session, batches, index, transcript, claim };
            let mut ruling = match kind {
                ClaimKind::Present => case.present(),
                ClaimKind::Past => case.past(),
                ClaimKind::Roleplay => case.roleplay(),
                ClaimKind::Speedup => case.speedup(),
                ClaimKind::Beside => case.beside(),
                _ if claim.what.agents == Some(1) => case.beside(),
                _ => case.future(),
            };
            ruling.facts.claimed = claim.what.agents;
            ruling.facts.speedup = claim.what.speedup;
            corrections::apply(&case, unread::agents(&case, ruling))
        }
    }
}
