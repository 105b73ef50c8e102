//! What a dialect tells, line by line, to a session.
//!
//! A text has no clock. What it proves about time is the order of its lines: agents of one block ran together, agents with a
//! narration between them did not, and of everything between nothing is known. `Extent` says that of each dispatch.

mod extents;
mod parts;

use super::narration;
use crate::input::session::thread::{Command, Folders, Outcome, Said, Thread, hash};
use crate::model::damage::Damage;
use crate::model::moment::Moment;
use crate::model::session::{Clock, Dispatch, Edit, Means, Notice, Numbering, Place, Run, Session, Status, Timing};
use rustc_hash::FxHashMap;

/// An agent that the text shows to be asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    pub(super) line: u64,
    pub(super) description: Option<String>,
    pub(super) agent_type: Option<String>,
    pub(super) background: bool,
}

/// What the text prints of an agent's end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Returned {
    pub(super) status: Status,
    /// Milliseconds.
    pub(super) duration: Option<i64>,
    pub(super) tool_uses: Option<u32>,
}

/// Dispatches that stand in one block.
#[derive(Debug)]
struct Block {
    /// Indices of the dispatches.
    members: Vec<usize>,
    /// The stretch between two separations that it lies in.
    stretch: usize,
}

/// A session while its text is read.
#[derive(Debug)]
pub(super) struct Builder {
    path: String,
    /// What sets the identifiers of this text apart from those of another.
    mark: String,
    main: Thread,
    dispatches: Vec<Dispatch>,
    blocks: Vec<Block>,
    /// The block of each dispatch.
    block_of: Vec<usize>,
    /// The line at which each stretch between separations ended; the last one is open.
    separations: Vec<u64>,
    /// Where each background agent was said to have ended.
    ends: FxHashMap<usize, u64>,
    /// Where a dispatch was seen at work.
    at_work: FxHashMap<usize, u64>,
    /// The response that goes on, and whether it holds a call already: a text behind that begins a new one.
    response: Option<(usize, bool)>,
    responses: u64,
    calls: u64,
    notices: Vec<Notice>,
    records: u64,
    parts: parts::Parts,
    /// The last time that the text prints.
    now: Option<Moment>,
    first: Option<Moment>,
}

impl Builder {
    /// `content` is a hash of the text: it stands in the identifiers of the dispatches.
    pub(super) fn new(path: &str, content: u64) -> Builder {
        Builder {
            path: path.to_owned(),
            mark: format!("{:08x}", content >> 32),
            main: Thread::new(path, None),
            dispatches: Vec::new(),
            blocks: Vec::new(),
            block_of: Vec::new(),
            separations: Vec::new(),
            ends: FxHashMap::default(),
            at_work: FxHashMap::default(),
            response: None,
            responses: 0,
            calls: 0,
            notices: Vec::new(),
            records: 0,
            parts: parts::Parts::default(),
            now: None,
            first: None,
        }
    }

    /// The text prints a time: what follows happened then or later.
    pub(super) fn time(&mut self, at: Moment) {
        self.first = Some(self.first.map_or(at, |first| first.min(at)));
        self.now = self.now.max(Some(at));
    }

    fn place(&self, line: u64) -> Place {
        Place { line, at: self.now }
    }

    fn record(&mut self, line: u64) -> Place {
        self.records += 1;
        let place = self.place(line);
        self.main.record(place)
    }

    /// A human asks for something. What ran in the foreground is over.
    pub(super) fn prompt(&mut self, line: u64) {
        let place = self.record(line);
        self.main.prompt(place);
        self.response = None;
        self.separate(line);
        self.settle_times(place.at);
    }

    /// The human stopped the model or refused a tool.
    pub(super) fn interruption(&mut self, line: u64) {
        let place = self.record(line);
        self.main.interruption(place);
    }

    /// Everything that was asked for in the foreground so far is over.
    pub(super) fn separate(&mut self, line: u64) {
        if self.has_open_block() {
            self.separations.push(line);
        }
    }

    /// Something was asked for since the last separation.
    fn has_open_block(&self) -> bool {
        self.blocks.last().is_some_and(|block| block.stretch == self.separations.len())
    }

    /// Something odd, noted once for each kind.
    pub(super) fn notice(&mut self, line: u64, what: &str) {
        if !self.notices.iter().any(|notice| notice.what == what) {
            self.notices.push(Notice { path: self.path.clone(), line, what: what.to_owned() });
        }
    }

    /// The response that a line belongs to; a text behind a call begins a new one.
    fn response(&mut self, place: Place, is_text: bool) -> (usize, String) {
        if self.response.is_none_or(|(_, has_calls)| is_text && has_calls) {
            self.responses += 1;
        }
        let id = format!("response-{}", self.responses);
        let index = self.main.response(&id, place);
        let had_calls = self.response.is_some_and(|(known, has_calls)| known == index && has_calls);
        self.response = Some((index, had_calls || !is_text));
        (index, id)
    }

    /// The assistant says something in plain words: whole paragraphs, so that a sentence is never cut. `line` is its first line.
    pub(super) fn said(&mut self, line: u64, text: &str) {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let lines: Vec<(usize, u64)> = std::iter::once(0).chain(breaks).zip(line..).collect();
        self.said_wrapped(text, &lines);
    }

    /// The same where lines of the file are not lines of the text: `lines` says where each begins, offset and line, ascending.
    pub(super) fn said_wrapped(&mut self, text: &str, lines: &[(usize, u64)]) {
        let line_at = |offset: usize| lines[..lines.partition_point(|(begin, _)| *begin <= offset)].last().map_or(0, |(_, line)| *line);
        let place = self.record(line_at(0));
        let (response, id) = self.response(place, true);
        if self.has_open_block() && narration::separates(text) {
            self.separate(place.line);
        }
        let before = (self.main.transcript.claims.len(), self.main.transcript.denials.len());
        let record = format!("{:016x}", hash(text));
        self.main.text(Said { place, response, response_id: Some(&id), record: &record, text });
        self.main.transcript.ends_mid_turn = narration::goes_on(text);
        // A claim stands in the line of its sentence, not in that of its paragraph.
        for claim in &mut self.main.transcript.claims[before.0..] {
            claim.place.line = line_at(claim.what.span.start);
        }
        for denial in &mut self.main.transcript.denials[before.1..] {
            denial.place.line = line_at(text.find(&denial.text).unwrap_or(0));
        }
    }

    /// The text shows that the assistant's turn is over, and with it what ran in the foreground.
    pub(super) fn turn_end(&mut self, line: u64) {
        self.record(line);
        self.separate(line);
        if let Some((response, _)) = self.response.take() {
            self.main.ends_turn(response);
        }
    }

    /// Agents may be at work that are no dispatches of this text.
    pub(super) fn other_means(&mut self, line: u64, what: Means) {
        let place = self.record(line);
        self.main.other_means(place, what);
    }

    /// A command that the text does not show may have run tests.
    pub(super) fn maybe_tests(&mut self, line: u64, what: &str) {
        let place = self.place(line);
        let run = Run { place, ended: None, tests: false, passed: None, count: None, command: what.to_owned() };
        self.main.transcript.runs.push(run);
    }

    /// The text shows that a dispatch is at work at this line.
    pub(super) fn at_work(&mut self, dispatch: usize, line: u64) {
        self.record(line);
        let last = self.at_work.entry(dispatch).or_default();
        *last = line.max(*last);
    }

    /// Agents that are asked for in one block: they ran together. One alone is a block of one. Returns their indices.
    pub(super) fn dispatches(&mut self, asked: Vec<Asked>) -> Vec<usize> {
        let Some(first) = asked.first().map(|one| one.line) else { return Vec::new() };
        let place = self.record(first);
        let (response, _) = self.response(place, false);
        // Only what stands in one block is one response for sure.
        let block_id = format!("block-{}", self.blocks.len() + 1);
        let mut members = Vec::new();
        for one in asked {
            self.main.dispatch(response);
            members.push(self.dispatches.len());
            self.block_of.push(self.blocks.len());
            self.dispatches.push(Dispatch {
                id: format!("dispatch-{}-{}", self.mark, self.dispatches.len() + 1),
                agent: None,
                agent_type: one.agent_type,
                description: one.description,
                parent: None,
                transcript: 0,
                response: Some(block_id.clone()),
                turn: self.main.turn(),
                line: one.line,
                requested: place.at,
                returned: None,
                started: None,
                ended: None,
                extent: None,
                duration: None,
                timing: Timing::None,
                status: if one.background { Status::Running } else { Status::NoResult },
                background: one.background,
                tool_uses: None,
                edits: Vec::new(),
                worktree: None,
            });
        }
        self.blocks.push(Block { members: members.clone(), stretch: self.separations.len() });
        members
    }

    /// Further agents of the block that holds `known`.
    pub(super) fn dispatches_beside(&mut self, known: usize, asked: Vec<Asked>) -> Vec<usize> {
        let members = self.dispatches(asked);
        if let Some(own) = self.block_of.get(known).copied()
            && let Some(new) = self.blocks.pop_if(|block| block.members == members)
        {
            let response = self.dispatches.get(known).and_then(|dispatch| dispatch.response.clone());
            for index in &new.members {
                self.dispatches[*index].response.clone_from(&response);
                self.block_of[*index] = own;
            }
            self.blocks[own].members.extend(new.members);
        }
        members
    }

    /// The text prints how an agent ended.
    pub(super) fn returned(&mut self, dispatch: usize, line: u64, what: Returned) {
        let place = self.record(line);
        let Some(known) = self.dispatches.get_mut(dispatch) else { return };
        known.status = what.status;
        known.duration = what.duration.or(known.duration);
        known.tool_uses = what.tool_uses.or(known.tool_uses);
        // A text that prints no time since the call does not say when the agent came back.
        known.returned = place.at.filter(|at| known.requested.is_some_and(|requested| *at > requested));
        if known.returned.is_none() && known.requested.is_some() && !known.background {
            self.parts.untimed.push(dispatch);
        }
        if known.background {
            self.ends.entry(dispatch).or_insert(line);
        }
        if matches!(what.status, Status::Rejected | Status::Interrupted) {
            self.main.interruption(place);
        }
    }

    /// The text says that an agent works on in the background: where it ends is not known from what follows.
    pub(super) fn backgrounded(&mut self, dispatch: usize) {
        if let Some(known) = self.dispatches.get_mut(dispatch) {
            known.background = true;
            known.status = Status::Running;
        }
    }

    /// What an agent is for, where it was not told when it was asked for.
    pub(super) fn describe(&mut self, dispatch: usize, description: &str) {
        if let Some(known) = self.dispatches.get_mut(dispatch).filter(|known| known.description.is_none() && !description.is_empty()) {
            known.description = Some(description.to_owned());
        }
    }

    /// What is known of a dispatch so far.
    pub(super) fn dispatch(&self, dispatch: usize) -> Option<&Dispatch> {
        self.dispatches.get(dispatch)
    }

    /// An agent changed a file, as lines beneath its call show.
    pub(super) fn agent_edit(&mut self, dispatch: usize, line: u64, path: &str, tool: &str) {
        let edit: Edit = Thread::edit(self.place(line), path, tool, false, Folders::default());
        if let Some(known) = self.dispatches.get_mut(dispatch) {
            known.edits.push(edit);
        }
    }

    /// The assistant itself uses a tool. Returns the identifier by which its result is told.
    pub(super) fn call(&mut self, line: u64, tool: &str) -> String {
        let place = self.record(line);
        let (response, _) = self.response(place, false);
        self.calls += 1;
        let id = format!("call-{}", self.calls);
        self.main.call(place, response, &id, tool, false);
        id
    }

    /// That call runs a shell command.
    pub(super) fn shell(&mut self, line: u64, id: &str, tool: &str, command: &str) {
        let place = self.place(line);
        let starts_agents = self.main.shell(place, Command { id, tool, text: command, background: false, folders: Folders::default() });
        if starts_agents {
            self.notice(line, "a shell command starts agents; they are not in this log");
        }
    }

    /// Whether a call may have run tests: only then its output is looked at.
    pub(super) fn runs(&self, id: &str) -> bool {
        self.main.runs(id)
    }

    /// That call edits a file.
    pub(super) fn edit(&mut self, line: u64, id: &str, tool: &str, path: &str) {
        let edit = Thread::edit(self.place(line), path, tool, false, Folders::default());
        self.main.will_edit(id, [edit]);
    }

    /// What came back from a call.
    pub(super) fn result(&mut self, line: u64, id: &str, outcome: &Outcome<'_>) {
        let place = self.record(line);
        self.main.result(place, id, outcome);
    }

    /// How many events were told so far: none means that the text is no log.
    pub(super) fn records(&self) -> u64 {
        self.records
    }

    /// Gives each dispatch its extent and puts the session together.
    pub(super) fn finish(mut self, name: &str, format: &'static str) -> Session {
        self.place_dispatches();
        self.note_left_out_calls();
        self.settle_announcements();
        Session {
            id: name.to_owned(),
            path: self.path,
            format,
            clock: Clock::Lines,
            excerpt: true,
            numbering: Numbering::Lines,
            cwd: None,
            started: self.first,
            ended: self.now,
            records: self.records,
            damage: Damage::default(),
            notices: self.notices,
            transcripts: vec![self.main.transcript],
            dispatches: self.dispatches,
        }
    }
}
