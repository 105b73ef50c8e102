//! Runs of agents to dispatches: when each began and ended, and where that is known from.

use super::agents::Call;
use super::builder::{Builder, MAIN};
use crate::model::moment::Moment;
use crate::model::session::{Dispatch, Status, Timing, Transcript};
use rustc_hash::FxHashMap;

impl Call {
    /// When the agent began and ended, where both are known.
    fn interval(&self) -> Option<(Moment, Moment)> {
        let start = self.started.or(self.own.first)?;
        let settled = self.own.last.filter(|_| self.own.settled);
        let end = match self.end {
            // One that is waited for is over when its call returns; its own end is logged just before or just behind.
            _ if !self.is_background() && self.returned.is_some() => {
                if self.result != Some(Status::Completed) && !self.ended {
                    return None;
                }
                self.returned.into_iter().chain(self.end.map(|(end, _)| end)).min()
            }
            // The runtime called it ended too early.
            Some(_) if self.own.after_end => settled,
            // An end in the background of which the agent itself says nothing may be no more than that of its launch.
            Some((end, _)) if self.own.any || !self.is_background() => Some(end),
            Some(_) => None,
            None if self.interrupted => None,
            None => settled,
        };
        end.filter(|end| *end >= start).map(|end| (start, end))
    }

    fn status(&self, interval: Option<(Moment, Moment)>) -> Status {
        let background = self.is_background();
        match (self.result, self.end) {
            (Some(result @ (Status::Rejected | Status::Interrupted | Status::Failed)), _) => result,
            (_, Some((_, status))) => status,
            (None, None) if self.interrupted => Status::Interrupted,
            (Some(result), None) if !background => result,
            _ if interval.is_some() => Status::Completed,
            _ if self.process_end.is_some() || self.result.is_none() => Status::NoResult,
            _ => Status::Running,
        }
    }

    /// The dispatch, without what its agent's transcript tells.
    fn dispatch(&self) -> Dispatch {
        let interval = self.interval();
        let status = self.status(interval);
        let background = self.is_background();
        let returned = match (background, interval) {
            (true, Some((_, end))) => Some(end),
            // What the process that ran it left open ended with it.
            (true, None) => self.process_end.filter(|_| status == Status::NoResult),
            (false, _) => self.returned.or(self.process_end.filter(|_| status == Status::NoResult)),
        };
        let timing = match interval {
            Some(_) => Timing::Transcript,
            None if status != Status::Rejected && self.requested.is_some() && returned.is_some() => Timing::Bounds,
            None => Timing::None,
        };
        Dispatch {
            id: self.id.clone(),
            agent: None,
            agent_type: self.agent_type.clone(),
            description: self.description.clone(),
            parent: None,
            transcript: self.thread,
            response: self.response.clone(),
            turn: self.turn,
            line: self.place.line,
            requested: self.requested,
            returned,
            started: interval.map(|(start, _)| start),
            ended: interval.map(|(_, end)| end),
            extent: None,
            duration: None,
            timing,
            status,
            background,
            tool_uses: self.tool_uses,
            edits: Vec::new(),
            worktree: None,
        }
    }
}

/// The run of an agent to which a line belongs, among one at least: the last one that was called before it, else the first.
fn run_at(calls: &[Call], runs: &[usize], line: u64) -> usize {
    runs[runs.partition_point(|run| calls[*run].place.line <= line).saturating_sub(1)]
}

impl Builder {
    /// Every run as a dispatch, and the transcripts, each with the dispatch that started it.
    pub(super) fn finish(&mut self) -> (Vec<Dispatch>, Vec<Transcript>) {
        let calls = std::mem::take(&mut self.agents.all);
        let mut runs = std::mem::take(&mut self.agents.of_thread);
        let mut transcripts: Vec<Transcript> = std::mem::take(&mut self.threads).into_iter().map(|thread| thread.transcript).collect();
        let mut order: Vec<usize> = (0..calls.len()).collect();
        order.sort_by_key(|index| (calls[*index].thread, calls[*index].place.line, *index));
        let mut dispatches: Vec<Dispatch> = calls.iter().map(Call::dispatch).collect();
        for (thread, of_thread) in &mut runs {
            of_thread.sort_unstable();
            let Some(transcript) = transcripts.get(*thread).filter(|_| *thread != MAIN) else { continue };
            for edit in &transcript.edits {
                dispatches[run_at(&calls, of_thread, edit.place.line)].edits.push(edit.clone());
            }
            for index in of_thread.iter() {
                let dispatch = &mut dispatches[*index];
                dispatch.agent.clone_from(&transcript.agent);
                dispatch.worktree = dispatch.edits.iter().find_map(|edit| edit.worktree.clone());
                // A transcript of which the log holds nothing says nothing about the agent's tools, and an end that came too
                // early counts too few.
                let seen = Some(transcript.tool_uses).filter(|_| of_thread.len() == 1 && calls[*index].own.any);
                dispatch.tool_uses = dispatch.tool_uses.filter(|_| !calls[*index].own.after_end).max(seen);
            }
        }
        for (index, call) in calls.iter().enumerate().filter(|(_, call)| call.thread != MAIN) {
            // An agent's call comes after the one that started the agent: what says otherwise is no parent.
            let parents = runs.get(&call.thread).map(Vec::as_slice).unwrap_or_default();
            let before = &parents[..parents.partition_point(|run| *run < index)];
            dispatches[index].parent = before.last().map(|_| calls[run_at(&calls, before, call.place.line)].id.clone());
        }
        let sorted: FxHashMap<usize, usize> = order.iter().enumerate().map(|(place, index)| (*index, place)).collect();
        for (thread, of_thread) in &runs {
            if let (Some(transcript), Some(first)) = (transcripts.get_mut(*thread), of_thread.first()) {
                transcript.dispatch = sorted.get(first).copied();
            }
        }
        let mut placed: Vec<Option<Dispatch>> = dispatches.into_iter().map(Some).collect();
        (order.into_iter().filter_map(|index| placed[index].take()).collect(), transcripts)
    }
}
