//! What the judges look up, sorted once for each session: a log with thousands of claims is judged in one sweep.

use super::told::{self, Told};
use crate::model::moment::Moment;
use crate::model::session::{Clock, Dispatch, Edit, Run, Session};
use crate::timeline::{Batch, may_have_run};
use rustc_hash::{FxHashMap, FxHashSet};

/// Kinds of file that no test reads: a change of them does not make a test run old.
const NOT_TESTED: [&str; 5] = [".md", ".rst", ".adoc", ".png", ".svg"];

/// Scratch folders, in which nothing is tested.
const SCRATCH: [&str; 3] = ["/tmp/", "/var/tmp/", "/private/tmp/"];

/// A session's dispatches, edits and test runs, ready to be searched.
pub(super) struct Index<'s> {
    /// The dispatches of each thread, in the order of their lines.
    threads: FxHashMap<usize, Vec<usize>>,
    /// The dispatches of each turn of each thread.
    turns: FxHashMap<(usize, u32), Vec<usize>>,
    /// The turns of each thread in which something of this description was sent, ascending.
    sent: FxHashMap<(usize, &'s str), Vec<u32>>,
    /// The batch of each dispatch that is in one.
    batches: FxHashMap<usize, usize>,
    /// What is to be known of every beginning of a thread, and of every end of a turn.
    beginnings: FxHashMap<usize, Vec<Told>>,
    ends: FxHashMap<(usize, u32), Vec<Told>>,
    /// The turns of each thread, ascending: the most agents that one batch of it or of a later turn proves.
    proven: FxHashMap<usize, Vec<(u32, u64)>>,
    /// When tested files were edited, ascending.
    edits: Vec<Moment>,
    /// When a shell command may have edited one, ascending.
    inferred: Vec<Moment>,
    /// Test runs of all threads by their start, each with its end.
    runs: Vec<(Moment, &'s Run, Option<Moment>)>,
    /// From when to when agents may have come back that may have run tests unseen: by the first moment, ascending; of the
    /// second moments each is the latest so far.
    unseen: Vec<(Moment, Moment)>,
}

impl<'s> Index<'s> {
    pub(super) fn new(session: &'s Session, batches: &[Batch]) -> Index<'s> {
        let mut index = Index {
            threads: FxHashMap::default(),
            turns: FxHashMap::default(),
            sent: FxHashMap::default(),
            batches: FxHashMap::default(),
            beginnings: FxHashMap::default(),
            ends: FxHashMap::default(),
            proven: FxHashMap::default(),
            edits: Vec::new(),
            inferred: Vec::new(),
            runs: Vec::new(),
            unseen: Vec::new(),
        };
        for (number, dispatch) in session.dispatches.iter().enumerate() {
            index.threads.entry(dispatch.transcript).or_default().push(number);
            index.turns.entry((dispatch.transcript, dispatch.turn)).or_default().push(number);
            if let Some(description) = &dispatch.description {
                index.sent.entry((dispatch.transcript, description)).or_default().push(dispatch.turn);
            }
        }
        for turns in index.sent.values_mut() {
            turns.sort_unstable();
            turns.dedup();
        }
        for (number, batch) in batches.iter().enumerate() {
            index.batches.extend(batch.members.iter().map(|member| (*member, number)));
        }
        for members in index.threads.values_mut().chain(index.turns.values_mut()) {
            members.sort_by_key(|number| session.dispatches[*number].line);
        }
        index.beginnings =
            index.threads.iter().map(|(thread, members)| (*thread, told::beginnings(session, &index.batches, members))).collect();
        index.ends = index.turns.iter().map(|(turn, members)| (*turn, told::ends(session, &index.batches, members))).collect();
        for ((transcript, turn), told) in &index.ends {
            index.proven.entry(*transcript).or_default().push((*turn, told.first().map_or(0, |told| told.proves)));
        }
        for turns in index.proven.values_mut() {
            turns.sort_unstable();
            let mut most = 0;
            for (_, proves) in turns.iter_mut().rev() {
                most = most.max(*proves);
                *proves = most;
            }
        }
        for transcript in &session.transcripts {
            index.edits.extend(transcript.edits.iter().filter(|edit| is_tested(edit)).filter_map(|edit| session.when(edit.place)));
            let inferred = transcript.edits.iter().filter(|edit| edit.inferred && !is_documentation(edit));
            index.inferred.extend(inferred.filter_map(|edit| session.when(edit.place)));
            let runs = transcript.runs.iter().filter_map(|run| session.when(run.place).map(|at| (at, run)));
            // In a text the result stands beneath its call: what is said further down comes after it.
            index.runs.extend(runs.map(|(at, run)| (at, run, run.ended.filter(|_| session.clock == Clock::Times))));
        }
        let seen: FxHashSet<&str> = session
            .transcripts
            .iter()
            .filter(|transcript| transcript.first.is_some())
            .filter_map(|transcript| transcript.agent.as_deref())
            .collect();
        let hidden = session.dispatches.iter().filter(|dispatch| !dispatch.agent.as_deref().is_some_and(|agent| seen.contains(agent)));
        index.unseen = hidden.filter_map(|dispatch| came_back(session, dispatch)).collect();
        index.edits.sort_unstable();
        index.inferred.sort_unstable();
        index.unseen.sort_unstable();
        let mut latest = Moment(i64::MIN);
        for (_, until) in &mut index.unseen {
            latest = latest.max(*until);
            *until = latest;
        }
        index.runs.sort_by_key(|(at, ..)| *at);
        index
    }

    /// The dispatches of a thread, in the order of their lines.
    pub(super) fn thread(&self, transcript: usize) -> &[usize] {
        self.threads.get(&transcript).map_or(&[], Vec::as_slice)
    }

    /// The dispatches of one turn of a thread, in the order of their lines.
    pub(super) fn turn(&self, transcript: usize, turn: u32) -> &[usize] {
        self.turns.get(&(transcript, turn)).map_or(&[], Vec::as_slice)
    }

    /// The batch of each dispatch that is in one.
    pub(super) fn batches(&self) -> &FxHashMap<usize, usize> {
        &self.batches
    }

    /// What is to be known of the first dispatches of a thread.
    pub(super) fn beginning(&self, transcript: usize, count: usize) -> Told {
        self.beginnings.get(&transcript).and_then(|told| told.get(count)).copied().unwrap_or_default()
    }

    /// What is to be known of all but the first dispatches of a turn.
    pub(super) fn end(&self, transcript: usize, turn: u32, without: usize) -> Told {
        self.ends.get(&(transcript, turn)).and_then(|told| told.get(without)).copied().unwrap_or_default()
    }

    /// The turns of a thread after one in which something of this description was sent, ascending.
    pub(super) fn sent_after(&self, transcript: usize, description: &'s str, turn: u32) -> &[u32] {
        let turns = self.sent.get(&(transcript, description)).map_or(&[][..], Vec::as_slice);
        turns.get(turns.partition_point(|other| *other <= turn)..).unwrap_or_default()
    }

    /// The most agents that one batch of a turn after this one proves.
    pub(super) fn proven_after(&self, transcript: usize, turn: u32) -> u64 {
        let turns = self.proven.get(&transcript).map_or(&[][..], Vec::as_slice);
        turns.get(turns.partition_point(|(other, _)| *other <= turn)).map_or(0, |(_, proves)| *proves)
    }

    /// The last edit of a tested file before a moment.
    pub(super) fn last_edit(&self, before: Moment) -> Option<Moment> {
        self.edits[..self.edits.partition_point(|at| *at < before)].last().copied()
    }

    /// Whether a shell command may have edited a tested file after `since` and by `until`.
    pub(super) fn may_be_edited(&self, since: Moment, until: Moment) -> bool {
        self.inferred.get(self.inferred.partition_point(|at| *at <= since)).is_some_and(|at| *at <= until)
    }

    /// The runs that began after `since` and had ended at `until`.
    pub(super) fn runs(&self, since: Option<Moment>, until: Moment) -> Vec<&'s Run> {
        let from = since.map_or(0, |since| self.runs.partition_point(|(at, ..)| *at <= since));
        let to = self.runs.partition_point(|(at, ..)| *at <= until);
        let ended = self.runs[from.min(to)..to].iter().filter(|(.., ended)| ended.is_none_or(|ended| ended <= until));
        ended.map(|(_, run, _)| *run).collect()
    }

    /// Whether an agent of which only the result is known came back after `since` and by `until`, or may have.
    pub(super) fn unseen_agent(&self, since: Option<Moment>, until: Moment) -> bool {
        let begun = self.unseen.partition_point(|(at, _)| *at <= until);
        self.unseen[..begun].last().is_some_and(|(_, latest)| since.is_none_or(|since| *latest > since))
    }
}

/// When an agent came back: at one moment by the clock, at some line of its longest stretch in a text.
fn came_back(session: &Session, dispatch: &Dispatch) -> Option<(Moment, Moment)> {
    match session.clock {
        Clock::Times => dispatch.ended.or(dispatch.returned).map(|at| (at, at)),
        Clock::Lines => may_have_run(dispatch).map(|stretch| (stretch.start, stretch.end)),
    }
}

fn is_tested(edit: &Edit) -> bool {
    !edit.inferred && !is_documentation(edit)
}

fn is_documentation(edit: &Edit) -> bool {
    let lower = edit.path.to_ascii_lowercase();
    let documentation =
        NOT_TESTED.iter().any(|ending| lower.ends_with(ending)) || lower.contains("/.claude/") || lower.starts_with(".claude/");
    documentation || SCRATCH.iter().any(|folder| lower.starts_with(folder))
}
