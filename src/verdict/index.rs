//! What the judges look up, sorted once for each session: a log with thousands of claims is judged in one sweep.

use crate::model::moment::Moment;
use crate::model::session::{Edit, Run, Session};
use crate::timeline::Batch;
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
    /// When tested files were edited, ascending.
    edits: Vec<Moment>,
    /// When a shell command may have edited one, ascending.
    inferred: Vec<Moment>,
    /// Test runs of all threads by their start.
    runs: Vec<(Moment, &'s Run)>,
    /// When agents came back that may have run tests unseen, ascending.
    unseen: Vec<Moment>,
}

impl<'s> Index<'s> {
    pub(super) fn new(session: &'s Session, batches: &[Batch]) -> Index<'s> {
        let mut index = Index {
            threads: FxHashMap::default(),
            turns: FxHashMap::default(),
            sent: FxHashMap::default(),
            batches: FxHashMap::default(),
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
        for members in index.threads.values_mut() {
            members.sort_by_key(|number| session.dispatches[*number].line);
        }
        for transcript in &session.transcripts {
            index.edits.extend(transcript.edits.iter().filter(|edit| is_tested(edit)).filter_map(|edit| edit.place.at));
            index
                .inferred
                .extend(transcript.edits.iter().filter(|edit| edit.inferred && !is_documentation(edit)).filter_map(|edit| edit.place.at));
            index.runs.extend(transcript.runs.iter().filter_map(|run| run.place.at.map(|at| (at, run))));
        }
        let seen: FxHashSet<&str> = session
            .transcripts
            .iter()
            .filter(|transcript| transcript.first.is_some())
            .filter_map(|transcript| transcript.agent.as_deref())
            .collect();
        let hidden = session.dispatches.iter().filter(|dispatch| !dispatch.agent.as_deref().is_some_and(|agent| seen.contains(agent)));
        index.unseen = hidden.filter_map(|dispatch| dispatch.ended.or(dispatch.returned)).collect();
        index.edits.sort_unstable();
        index.inferred.sort_unstable();
        index.unseen.sort_unstable();
        index.runs.sort_by_key(|(at, _)| *at);
        index
    }

    /// The dispatches of a thread, in the order of their lines.
    pub(super) fn thread(&self, transcript: usize) -> &[usize] {
        self.threads.get(&transcript).map_or(&[], Vec::as_slice)
    }

    /// The dispatches of one turn of a thread.
    pub(super) fn turn(&self, transcript: usize, turn: u32) -> &[usize] {
        self.turns.get(&(transcript, turn)).map_or(&[], Vec::as_slice)
    }

    /// The batch that a dispatch is in; it is in one at most.
    pub(super) fn batch_of(&self, dispatch: usize) -> Option<usize> {
        self.batches.get(&dispatch).copied()
    }

    /// The turns of a thread after one in which something of this description was sent, ascending.
    pub(super) fn sent_after(&self, transcript: usize, description: &'s str, turn: u32) -> &[u32] {
        let turns = self.sent.get(&(transcript, description)).map_or(&[][..], Vec::as_slice);
        turns.get(turns.partition_point(|other| *other <= turn)..).unwrap_or_default()
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
        let from = since.map_or(0, |since| self.runs.partition_point(|(at, _)| *at <= since));
        let to = self.runs.partition_point(|(at, _)| *at <= until);
        self.runs[from.min(to)..to].iter().map(|(_, run)| *run).filter(|run| run.ended.is_none_or(|ended| ended <= until)).collect()
    }

    /// Whether an agent of which only the result is known came back after `since` and by `until`.
    pub(super) fn unseen_agent(&self, since: Option<Moment>, until: Moment) -> bool {
        let from = since.map_or(0, |since| self.unseen.partition_point(|at| *at <= since));
        self.unseen.get(from).is_some_and(|at| *at <= until)
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
