//! Dispatches while they are read: the call, its result, and which agent it started.

use super::builder::Builder;
use super::notices::{End, result_text};
use super::record::{Block, Record};
use crate::input::session::thread::hash;
use crate::input::skim::Cursor;
use crate::input::skim::fields::{as_text, field, text_field};
use crate::model::moment::Moment;
use crate::model::session::{Dispatch, Edit, Place, Status, Timing};
use rustc_hash::FxHashMap;

/// Milliseconds by which the clocks of a call and of its result's duration may differ.
const CLOCK_SLACK: i64 = 1000;

/// Milliseconds by which a whole transcript and the reported duration may differ; they agree within 200 where both are
/// at hand.
const CUT_OFF: i64 = 5000;

/// A run of more than a year is a broken number.
const LONGEST_RUN: f64 = 365.0 * 86_400_000.0;

/// The earliest of an agent's ends that is not before its launch: an agent that is resumed ends several times.
fn first_end(ends: Option<&Vec<End>>, launched: Option<Moment>) -> Option<&End> {
    ends?.iter().filter(|end| launched.is_none_or(|launched| end.at >= launched)).min_by_key(|end| end.at)
}

/// Whether an edit falls into a dispatch of an agent that had several.
fn within(dispatch: &Dispatch, edit: &Edit) -> bool {
    let begun = dispatch.started.or(dispatch.requested).zip(edit.place.at).is_some_and(|(start, at)| at >= start);
    begun && dispatch.ended.or(dispatch.returned).zip(edit.place.at).is_none_or(|(end, at)| at <= end)
}

/// One call that starts a subagent, while it is read.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) id: String,
    pub(super) place: Place,
    pub(super) thread: usize,
    pub(super) turn: u32,
    pub(super) response: Option<String>,
    pub(super) description: Option<String>,
    pub(super) agent_type: Option<String>,
    /// Fingerprint of the prompt.
    pub(super) prompt: Option<u64>,
    pub(super) result: Option<CallResult>,
    pub(super) agent: Option<String>,
}

/// What came back.
#[derive(Debug, Clone, Default)]
pub(super) struct CallResult {
    pub(super) at: Option<Moment>,
    pub(super) agent: Option<String>,
    /// The agent that the text of the result names in its tail.
    pub(super) tail_agent: Option<String>,
    pub(super) status: Option<Status>,
    pub(super) background: bool,
    /// Milliseconds.
    pub(super) duration: Option<i64>,
    pub(super) tool_uses: Option<u32>,
    pub(super) worktree: Option<String>,
}

/// All dispatches of a session.
#[derive(Debug, Default)]
pub(super) struct Calls {
    pub(super) all: Vec<Call>,
    index: FxHashMap<String, usize>,
}

/// Which call started which agent, as progress records tell it.
#[derive(Debug, Default)]
pub(super) struct Progress {
    links: FxHashMap<String, String>,
}

impl Progress {
    pub(super) fn link(&mut self, call: &str, agent: &str) {
        self.links.entry(call.to_owned()).or_insert_with(|| agent.to_owned());
    }
}

impl Calls {
    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut Call> {
        self.index.get(id).copied().and_then(|index| self.all.get_mut(index))
    }
}

impl Builder {
    /// Keeps a call of `Task` (named `Agent` since 2.1.63). A copy of a call is the same call.
    pub(super) fn dispatch(&mut self, thread: usize, place: Place, record: &Record<'_>, block: &Block<'_>, id: String) {
        if self.calls.index.contains_key(&id) {
            return;
        }
        let input = block.input.unwrap_or_default();
        let text = |key| text_field(input, key).map(|raw| raw.text().into_owned());
        let call = Call {
            id: id.clone(),
            place,
            thread,
            turn: self.turn(thread),
            response: record.response().map(|raw| raw.text().into_owned()),
            description: text("description").or_else(|| text("name")),
            agent_type: text("subagent_type"),
            prompt: text("prompt").map(|prompt| hash(prompt.trim())),
            result: None,
            agent: None,
        };
        self.calls.index.insert(id, self.calls.all.len());
        self.calls.all.push(call);
    }

    /// Links each call to its agent and gives each dispatch its interval, by the best source at hand.
    pub(super) fn dispatches(&mut self, links: &FxHashMap<String, String>) -> Vec<Dispatch> {
        self.link(links);
        let mut users: FxHashMap<String, usize> = FxHashMap::default();
        for call in &self.calls.all {
            if let Some(agent) = &call.agent {
                *users.entry(agent.clone()).or_default() += 1;
            }
        }
        let calls = std::mem::take(&mut self.calls.all);
        let threads: FxHashMap<&str, usize> = self
            .threads
            .iter()
            .enumerate()
            .filter_map(|(index, thread)| thread.kept.transcript.agent.as_deref().map(|agent| (agent, index)))
            .collect();
        let by_thread: FxHashMap<usize, &str> = calls
            .iter()
            .filter_map(|call| call.agent.as_deref().and_then(|agent| threads.get(agent)).map(|thread| (*thread, call.id.as_str())))
            .collect();
        let mut dispatches: Vec<Dispatch> = Vec::with_capacity(calls.len());
        for call in &calls {
            let thread = call.agent.as_deref().and_then(|agent| threads.get(agent)).copied();
            // An agent that was resumed has one transcript for several dispatches: it cannot time any of them.
            let own = thread.filter(|thread| self.threads[*thread].own && call.agent.as_ref().is_some_and(|agent| users[agent] == 1));
            let launched = call.result.as_ref().and_then(|result| result.at);
            let end = call
                .agent
                .as_ref()
                .and_then(|agent| first_end(self.ends.get(agent), launched).or_else(|| first_end(self.outputs.get(agent), launched)));
            let mut dispatch = self.timed(call, own, end);
            dispatch.parent = by_thread.get(&call.thread).map(|id| (*id).to_owned());
            if let Some(thread) = thread {
                let transcript = &self.threads[thread].kept.transcript;
                let shared = call.agent.as_ref().is_some_and(|agent| users[agent] > 1);
                dispatch.edits = transcript.edits.iter().filter(|edit| !shared || within(&dispatch, edit)).cloned().collect();
                if self.threads[thread].own {
                    dispatch.tool_uses = dispatch.tool_uses.or(Some(transcript.tool_uses));
                }
                dispatch.worktree = dispatch.worktree.or_else(|| transcript.edits.iter().find_map(|edit| edit.worktree.clone()));
            }
            dispatches.push(dispatch);
        }
        let threads: FxHashMap<String, usize> = threads.into_iter().map(|(agent, thread)| (agent.to_owned(), thread)).collect();
        for (index, dispatch) in dispatches.iter().enumerate() {
            if let Some(thread) = dispatch.agent.as_ref().and_then(|agent| threads.get(agent)) {
                self.threads[*thread].kept.transcript.dispatch.get_or_insert(index);
            }
        }
        dispatches
    }

    /// Call to agent, in the order of worth: the result's `agentId`, `meta.json`, progress records, the tail of the
    /// result's text, the exact prompt where it names one agent only. Never by position.
    fn link(&mut self, links: &FxHashMap<String, String>) {
        for call in &mut self.calls.all {
            let result = call.result.as_ref();
            call.agent = result
                .and_then(|result| result.agent.clone())
                .or_else(|| links.get(&call.id).cloned())
                .or_else(|| self.progress.links.get(&call.id).cloned())
                .or_else(|| result.and_then(|result| result.tail_agent.clone()));
        }
        let taken: rustc_hash::FxHashSet<String> = self.calls.all.iter().filter_map(|call| call.agent.clone()).collect();
        let mut prompts: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
        for (index, thread) in self.threads.iter().enumerate().skip(1) {
            let free = thread.kept.transcript.agent.as_ref().is_some_and(|agent| !taken.contains(agent));
            if let Some(prompt) = thread.prompt.filter(|_| free) {
                prompts.entry(prompt).or_default().push(index);
            }
        }
        let mut asked: FxHashMap<u64, usize> = FxHashMap::default();
        for call in self.calls.all.iter().filter(|call| call.agent.is_none()) {
            if let Some(prompt) = call.prompt {
                *asked.entry(prompt).or_default() += 1;
            }
        }
        for call in self.calls.all.iter_mut().filter(|call| call.agent.is_none()) {
            let Some(prompt) = call.prompt.filter(|prompt| asked[prompt] == 1) else { continue };
            if let Some([thread]) = prompts.get(&prompt).map(Vec::as_slice) {
                // A dispatch does not start the thread that it stands in.
                if *thread != call.thread {
                    call.agent.clone_from(&self.threads[*thread].kept.transcript.agent);
                }
            }
        }
    }

    /// Start and end by the best source: own transcript, duration, notification; else only bounds.
    fn timed(&self, call: &Call, own: Option<usize>, end: Option<&End>) -> Dispatch {
        let result = call.result.clone().unwrap_or_default();
        let mut status = match (&call.result, result.status) {
            (None, _) => Status::NoResult,
            (Some(_), Some(status)) => status,
            (Some(_), None) => Status::Completed,
        };
        if result.background {
            status = end.map_or(Status::Running, |end| end.status);
        }
        let returned = if result.background { end.map(|end| end.at) } else { result.at };
        let transcript = own.map(|thread| &self.threads[thread].kept.transcript);
        let by_duration = result.at.zip(result.duration).filter(|_| !result.background).map(|(at, duration)| (at.plus(-duration), at));
        // A run cannot begin before its call: a duration that says so is wrong, the call's own time is not.
        let by_duration = by_duration.map(|(start, end)| match call.place.at {
            Some(called) if called <= end && called.plus(-CLOCK_SLACK) > start => (called, end),
            _ => (start, end),
        });
        // A transcript that is much shorter than the run that the result reports was cut off.
        let whole =
            |first: Moment, last: Moment| by_duration.is_none_or(|(start, end)| (last.0 - first.0 - (end.0 - start.0)).abs() <= CUT_OFF);
        let by_transcript =
            transcript.and_then(|transcript| transcript.first.zip(transcript.last)).filter(|(first, last)| whole(*first, *last));
        let by_notice = result.at.zip(end.map(|end| end.at)).filter(|(start, end)| result.background && start <= end);
        let never_ran = matches!(status, Status::Rejected);
        let (interval, timing) = match (by_transcript, by_duration, by_notice) {
            (Some(interval), _, _) => (Some(interval), Timing::Transcript),
            (None, Some(interval), _) => (Some(interval), Timing::Duration),
            (None, None, Some(interval)) => (Some(interval), Timing::Notification),
            _ if !never_ran && call.place.at.is_some() && returned.is_some() => (None, Timing::Bounds),
            _ => (None, Timing::None),
        };
        Dispatch {
            id: call.id.clone(),
            agent: call.agent.clone(),
            agent_type: call.agent_type.clone(),
            description: call.description.clone(),
            parent: None,
            transcript: call.thread,
            response: call.response.clone(),
            turn: call.turn,
            line: call.place.line,
            requested: call.place.at,
            returned,
            started: interval.map(|(start, _)| start),
            ended: interval.map(|(_, end)| end),
            extent: None,
            duration: None,
            timing,
            status,
            background: result.background,
            tool_uses: result.tool_uses.or_else(|| end.and_then(|end| end.tool_uses)),
            edits: Vec::new(),
            worktree: result.worktree,
        }
    }
}

/// Reads the result of a dispatch.
pub(super) fn call_result(record: &Record<'_>, block: &Block<'_>, at: Option<Moment>) -> CallResult {
    let text = block.content.map(result_text).unwrap_or_default();
    let mut result = CallResult { at, tail_agent: tail_agent(&text), ..CallResult::default() };
    let raw = record.result.unwrap_or_default();
    if let Some(error) = as_text(raw) {
        result.status = Some(failure(&error.text()));
        return result;
    }
    if block.is_error {
        result.status = Some(failure(&text));
    }
    let word = |key| text_field(raw, key).map(|value| value.text().into_owned());
    let number = |key| field(raw, key).and_then(|value| Cursor::new(value).number_or_skip().ok().flatten());
    result.agent = word("agentId");
    result.duration = number("totalDurationMs").filter(|value| (0.0..=LONGEST_RUN).contains(value)).map(|value| value as i64);
    result.tool_uses = number("totalToolUseCount").filter(|value| (0.0..1e9).contains(value)).map(|value| value as u32);
    result.worktree = word("worktreePath");
    let status = word("status").unwrap_or_default();
    result.background =
        matches!(status.as_str(), "async_launched" | "teammate_spawned" | "remote_launched") || field(raw, "isAsync") == Some(b"true");
    if result.status.is_none() && matches!(status.as_str(), "failed" | "error" | "killed") {
        result.status = Some(Status::Failed);
    }
    result
}

/// What an error text says happened to the call.
pub(super) fn failure(text: &str) -> Status {
    if text.contains("interrupted by user") {
        Status::Interrupted
    } else if ["User rejected", "tool use was rejected", "doesn't want to proceed", "doesn't want to take this action"]
        .iter()
        .any(|words| text.contains(words))
    {
        Status::Rejected
    } else {
        Status::Failed
    }
}

/// The agent that `agentId: …` names in the result's text.
fn tail_agent(text: &str) -> Option<String> {
    let behind = text.rsplit_once("agentId:")?.1.trim_start();
    let id: String = behind.chars().take_while(|character| character.is_ascii_alphanumeric() || matches!(character, '-' | '_')).collect();
    (!id.is_empty()).then_some(id)
}
