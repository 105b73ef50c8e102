//! One thread of a session while it is read: what all formats keep of it in the same way.
//!
//! A format tells what it read in the order of its records; a call waits here for its result, since an edit that failed
//! is no edit and a test run counts only once it ended.

use super::shell::{self, Tests};
use super::{foreign, paths, progress, test_output};
use crate::claims;
use crate::model::moment::Moment;
use crate::model::session::{Claim, Denial, Edit, Means, OtherMeans, Place, ProgressReport, Response, Run, ToolCall, Transcript};
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A thread while it is read.
#[derive(Debug, Default)]
pub(super) struct Thread {
    /// What is kept so far.
    pub(super) transcript: Transcript,
    /// The latest time stamp so far: within a thread the order of the records is the order of things.
    clock: Option<Moment>,
    responses: FxHashMap<u64, usize>,
    said: FxHashSet<u64>,
    open: FxHashMap<u64, Open>,
    tools: FxHashSet<Arc<str>>,
}

/// A call without a result so far, and what it will have done if it succeeds.
#[derive(Debug, Default)]
struct Open {
    /// Its index among the transcript's calls.
    call: Option<usize>,
    edits: Vec<Edit>,
    run: Option<(Run, Exit)>,
    report: Option<ProgressReport>,
}

/// What the exit code of a command line says about the tests in it.
#[derive(Debug, Clone, Copy)]
struct Exit {
    /// Zero means that the tests passed.
    zero_counts: bool,
    /// Anything else means that they failed.
    failure_counts: bool,
}

/// A text of the assistant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said<'s> {
    pub(super) place: Place,
    /// Index of its response among the transcript's.
    pub(super) response: usize,
    /// The identifier of that response, by which dispatches of the same response are known.
    pub(super) response_id: Option<&'s str>,
    /// The record's own identifier, for a fingerprint that survives copies of the log.
    pub(super) record: &'s str,
    pub(super) text: &'s str,
}

/// Where a path of a call is to be understood.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Folders<'f> {
    /// The folder that the call worked in.
    pub(super) own: Option<&'f str>,
    /// The session's folder.
    pub(super) session: Option<&'f str>,
}

/// A shell command that was called.
#[derive(Debug, Clone, Copy)]
pub(super) struct Command<'c> {
    /// The call's identifier.
    pub(super) id: &'c str,
    /// The tool that runs it.
    pub(super) tool: &'c str,
    pub(super) text: &'c str,
    /// Its result comes before it has ended.
    pub(super) background: bool,
    pub(super) folders: Folders<'c>,
}

/// What came back from a call.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Outcome<'o> {
    /// It is an error.
    pub(super) failed: bool,
    /// The user refused or interrupted it: it did nothing.
    pub(super) refused: bool,
    /// The exit code of a command, where the log gives it.
    pub(super) exit_code: Option<i64>,
    /// What a command wrote; test runners are read from it.
    pub(super) output: &'o str,
    /// It came back before the command had ended: that nothing failed so far proves nothing.
    pub(super) unfinished: bool,
}

/// A hash for identities; collisions of 64 bits do not occur in logs of this size.
pub(super) fn hash(value: impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

impl Thread {
    /// The main thread, or that of an agent, as the file `path` tells it.
    pub(super) fn new(path: &str, agent: Option<&str>) -> Thread {
        let transcript = Transcript { path: path.to_owned(), agent: agent.map(str::to_owned), ..Transcript::default() };
        Thread { transcript, ..Thread::default() }
    }

    /// Notes a record of the conversation. The place that comes back has a time that never steps back within the thread.
    pub(super) fn record(&mut self, place: Place) -> Place {
        let transcript = &mut self.transcript;
        transcript.last_line = transcript.last_line.max(place.line);
        if let Some(at) = place.at {
            transcript.first = Some(transcript.first.map_or(at, |first| first.min(at)));
            transcript.last = Some(transcript.last.map_or(at, |last| last.max(at)));
        }
        self.clock = place.at.max(self.clock);
        Place { at: self.clock, ..place }
    }

    /// The turn that the thread is in, from 1; 0 before its first prompt.
    pub(super) fn turn(&self) -> u32 {
        u32::try_from(self.transcript.prompts.len()).unwrap_or(u32::MAX)
    }

    /// A human asks for something: a new turn.
    pub(super) fn prompt(&mut self, place: Place) {
        self.transcript.ends_mid_turn = false;
        self.transcript.prompts.push(place);
    }

    /// The human stopped the model or refused a tool.
    pub(super) fn interruption(&mut self, place: Place) {
        self.transcript.interruptions.push(place);
    }

    /// Agents may be at work that are no dispatches.
    pub(super) fn other_means(&mut self, place: Place, what: Means) {
        self.transcript.other_means.push(OtherMeans { place, what });
    }

    /// The index of the response with this identifier, which begins or goes on at `place`.
    pub(super) fn response(&mut self, id: &str, place: Place) -> usize {
        self.response_by(hash(id), place)
    }

    /// The same for a response that is known by a `hash`.
    pub(super) fn response_by(&mut self, key: u64, place: Place) -> usize {
        let responses = &mut self.transcript.responses;
        let index = *self.responses.entry(key).or_insert_with(|| {
            responses.push(Response { first: place, ..Response::default() });
            responses.len() - 1
        });
        responses[index].last = place;
        self.transcript.ends_mid_turn = false;
        index
    }

    /// The model ended its turn with this response.
    pub(super) fn ends_turn(&mut self, response: usize) {
        self.transcript.ends_mid_turn = false;
        if let Some(response) = self.transcript.responses.get_mut(response) {
            response.ends_turn = true;
        }
    }

    /// Reads a text of the assistant for claims and denials. A sentence that is logged twice in one response is said once.
    pub(super) fn text(&mut self, said: Said<'_>) {
        let goes_on = said.text.trim_end().ends_with([':', '…']);
        // What announces something has not ended the turn, unless the log says so.
        if goes_on && self.transcript.responses.get(said.response).is_some_and(|response| !response.ends_turn) {
            self.transcript.ends_mid_turn = true;
        }
        let reading = claims::read(said.text);
        let turn = self.turn();
        let sentence = |span: &std::ops::Range<usize>| said.text.get(span.clone()).unwrap_or_default().trim().to_owned();
        for what in reading.claims {
            let text = sentence(&what.span);
            if self.said.insert(hash((said.response, &text, what.kind, what.topic))) {
                self.transcript.claims.push(Claim {
                    place: said.place,
                    response: said.response_id.map(str::to_owned),
                    response_index: said.response,
                    turn,
                    text,
                    record: said.record.to_owned(),
                    what,
                });
            }
        }
        for denial in reading.denials {
            let text = sentence(&denial.span);
            if self.said.insert(hash((said.response, &text, "denial"))) {
                let denial = Denial { place: said.place, turn, text, record: said.record.to_owned(), form: denial.form };
                self.transcript.denials.push(denial);
            }
        }
    }

    /// Counts a call that starts an agent; the dispatch itself is the format's to keep.
    pub(super) fn dispatch(&mut self, response: usize) {
        self.used_a_tool(response);
    }

    /// A tool is called that starts no agent. `waits`: it only waits for agents, or talks about them.
    pub(super) fn call(&mut self, place: Place, response: usize, id: &str, tool: &str, waits: bool) {
        self.used_a_tool(response);
        if foreign::starts_agents(tool) {
            self.other_means(place, Means::Tool);
        }
        let tool = self.tool_name(tool);
        self.open.entry(hash(id)).or_default().call = Some(self.transcript.calls.len());
        self.transcript.calls.push(ToolCall { tool, place, ended: None, failed: false, waits });
    }

    fn used_a_tool(&mut self, response: usize) {
        self.transcript.tool_uses = self.transcript.tool_uses.saturating_add(1);
        self.transcript.ends_mid_turn = true;
        if let Some(response) = self.transcript.responses.get_mut(response) {
            response.has_calls = true;
        }
    }

    /// A tool's name, kept once.
    fn tool_name(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.tools.get(name) {
            return known.clone();
        }
        let new: Arc<str> = name.into();
        self.tools.insert(new.clone());
        new
    }

    /// An edit of `path` by a tool, as it counts once it succeeds.
    pub(super) fn edit(place: Place, path: &str, tool: &str, inferred: bool, folders: Folders<'_>) -> Edit {
        let named = paths::name(path, folders.own, folders.session);
        Edit { place, path: named.path, tool: tool.to_owned(), inferred, worktree: named.worktree }
    }

    /// The call `id` will have made these edits if it succeeds.
    pub(super) fn will_edit(&mut self, id: &str, edits: impl IntoIterator<Item = Edit>) {
        self.open.entry(hash(id)).or_default().edits.extend(edits);
    }

    /// The call `id` writes `content` to `path`: kept where that is a progress file. `record` is the record's identifier.
    pub(super) fn will_write(&mut self, id: &str, place: Place, path: &str, content: &str, record: &str, folders: Folders<'_>) {
        if !progress::is_progress_file(path) {
            return;
        }
        let path = paths::name(path, folders.own, folders.session).path;
        self.open.entry(hash(id)).or_default().report = progress::read(&path, content).map(|seen| ProgressReport {
            place,
            path: path.clone(),
            record: record.to_owned(),
            completed: seen.completed,
            running: seen.running,
            text: seen.text,
        });
    }

    /// Reads a shell command: the files that it edits, the tests that it runs. `true` where it starts agents, which is noted.
    pub(super) fn shell(&mut self, place: Place, command: Command<'_>) -> bool {
        let effect = shell::read(command.text);
        if effect.starts_agents {
            self.other_means(place, Means::Shell);
        }
        let edits: Vec<Edit> = effect.edits.iter().map(|path| Thread::edit(place, path, command.tool, true, command.folders)).collect();
        let open = self.open.entry(hash(command.id)).or_default();
        open.edits.extend(edits);
        if effect.tests > Tests::No {
            let first_line = command.text.trim().lines().next().unwrap_or_default().to_owned();
            let run = Run { place, ended: None, tests: effect.tests == Tests::Yes, passed: None, count: None, command: first_line };
            let exit = Exit { zero_counts: effect.exit_counts && !command.background, failure_counts: effect.tests_last };
            open.run = Some((run, exit));
        }
        effect.starts_agents
    }

    /// Whether a call without a result so far may have run tests: only then its output is looked at.
    pub(super) fn runs(&self, id: &str) -> bool {
        self.open.get(&hash(id)).is_some_and(|open| open.run.is_some())
    }

    /// Takes the result of a call: what it did counts now, unless it failed. A result without a call, or a second one, is nothing.
    pub(super) fn result(&mut self, place: Place, id: &str, outcome: &Outcome<'_>) {
        self.transcript.ends_mid_turn = true;
        let Some(open) = self.open.remove(&hash(id)) else { return };
        let failed = outcome.failed || outcome.refused;
        if let Some(call) = open.call.and_then(|index| self.transcript.calls.get_mut(index)) {
            call.ended = place.at.max(call.place.at);
            call.failed = failed;
        }
        if outcome.refused {
            return self.interruption(place);
        }
        if let Some((run, exit)) = open.run {
            self.transcript.runs.push(finished(run, exit, place, outcome));
        }
        if !failed {
            self.transcript.edits.extend(open.edits);
            self.transcript.reports.extend(open.report);
        }
    }
}

/// Completes a run with its exit code and what its output says.
fn finished(mut run: Run, exit: Exit, place: Place, outcome: &Outcome<'_>) -> Run {
    let counts = test_output::read(outcome.output);
    let failed = outcome.failed || outcome.exit_code.is_some_and(|code| code != 0);
    // A call that a permission, a hook or a failed sibling stopped never ran: only an exit code proves a failure.
    let executed = outcome.exit_code.is_some() || test_output::has_exit_code(outcome.output);
    run.ended = place.at;
    run.tests |= counts.summary;
    run.count = counts.passed;
    // A pipe or a fallback hides the exit code, and another part of the line may have failed: then only the runner's
    // own summary tells.
    run.passed = match (failed, counts.summary) {
        (_, true) if counts.failed => Some(false),
        (true, false) if exit.failure_counts && executed => Some(false),
        (true, _) => None,
        (false, true) => Some(true),
        (false, false) => (exit.zero_counts && !outcome.unfinished).then_some(true),
    };
    run
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::claim::Topic;

    fn at(line: u64) -> Place {
        Place { line, at: Some(Moment(line as i64 * 1000)) }
    }

    fn shell(thread: &mut Thread, line: u64, text: &str, outcome: &Outcome<'_>) {
        let response = thread.response(&format!("r{line}"), at(line));
        let id = format!("c{line}");
        thread.call(at(line), response, &id, "shell", false);
        thread.shell(at(line), Command { id: &id, tool: "shell", text, background: false, folders: Folders::default() });
        thread.result(at(line + 1), &id, outcome);
    }

    #[test]
    fn an_edit_counts_once_it_succeeded() {
        let mut thread = Thread::new("log", None);
        let response = thread.response("r", at(1));
        for (id, failed, refused) in [("a", false, false), ("b", true, false), ("c", false, true)] {
            thread.call(at(1), response, id, "edit", false);
            thread.will_edit(id, [Thread::edit(at(1), &format!("src/{id}.rs"), "edit", false, Folders::default())]);
            thread.result(at(2), id, &Outcome { failed, refused, ..Outcome::default() });
        }
        thread.result(at(3), "a", &Outcome::default());
        let paths: Vec<&str> = thread.transcript.edits.iter().map(|edit| edit.path.as_str()).collect();
        assert_eq!(paths, ["/src/a.rs"]);
        assert_eq!(thread.transcript.interruptions, [at(2)]);
        assert_eq!(thread.transcript.calls.iter().map(|call| call.failed).collect::<Vec<_>>(), [false, true, true]);
    }

    #[test]
    fn a_run_passes_by_its_exit_code_or_its_summary() {
        let mut thread = Thread::new("log", None);
        shell(&mut thread, 1, "cargo test", &Outcome { exit_code: Some(0), ..Outcome::default() });
        shell(&mut thread, 3, "cargo test", &Outcome { exit_code: Some(101), failed: true, ..Outcome::default() });
        shell(&mut thread, 5, "cargo test | tail", &Outcome { exit_code: Some(0), ..Outcome::default() });
        shell(&mut thread, 7, "cargo test", &Outcome { output: "test result: ok. 12 passed; 0 failed;", ..Outcome::default() });
        let runs: Vec<_> = thread.transcript.runs.iter().map(|run| (run.passed, run.count)).collect();
        assert_eq!(runs, [(Some(true), None), (Some(false), None), (None, None), (Some(true), Some(12))]);
    }

    #[test]
    fn a_sentence_is_said_once_in_a_response() {
        let mut thread = Thread::new("log", None);
        thread.prompt(at(1));
        for response in ["r", "r", "s"] {
            let response = thread.response(response, at(2));
            let text = "I'll launch three agents in parallel.";
            thread.text(Said { place: at(2), response, response_id: None, record: "x", text });
        }
        assert_eq!(thread.transcript.claims.len(), 2);
        assert!(thread.transcript.claims.iter().all(|claim| claim.turn == 1 && claim.what.topic == Topic::Agents));
    }

    #[test]
    fn time_never_steps_back_in_a_thread() {
        let mut thread = Thread::new("log", None);
        thread.record(at(5));
        assert_eq!(thread.record(Place { line: 6, at: Some(Moment(1000)) }).at, Some(Moment(5000)));
        assert_eq!((thread.transcript.first, thread.transcript.last), (Some(Moment(1000)), Some(Moment(5000))));
    }
}
