//! Blocks of a console to what a session keeps.

use super::block::{Block, Call, Ended, Group, Phase, Prose};
use super::outcome::{Outcome, State};
use super::rows::{Shape, asked, plain, read_row};
use super::tool::{self, Kind};
use super::words;
use crate::input::session::text::builder::{Asked, Builder, Returned};
use crate::input::session::thread::hash;
use crate::model::session::{Means, Status};
use rustc_hash::FxHashSet;
use std::cmp::Ordering;
use std::collections::VecDeque;

/// A call or a group of the present turn that a console may draw once more, further down.
#[derive(Debug)]
struct Shown {
    /// What its agents are for.
    descriptions: Vec<String>,
    /// Indices of their dispatches.
    members: Vec<usize>,
    /// Where, for a group: it may have grown since.
    line: Option<u64>,
    /// The assistant spoke since: the same words may be another call.
    spoken_over: bool,
}

/// A background agent without an end so far.
#[derive(Debug)]
struct AtWork {
    dispatch: usize,
    /// Where it was launched.
    line: u64,
    /// What it is for.
    description: String,
}

/// The most agents of each kind that are kept in mind: nobody has more at work, and a hostile text may.
const MOST: usize = 512;

/// Tells blocks to a builder.
#[derive(Debug)]
pub(super) struct Teller<'b> {
    out: &'b mut Builder,
    /// How wide the terminal is, by a rule across it, in columns.
    rule: Option<usize>,
    /// The widest of the assistant's lines so far, margin left out.
    widest: usize,
    /// Agents at work when they were drawn. What is drawn once more is the same agent.
    at_work: Vec<Shown>,
    /// Background agents without an end so far.
    background: VecDeque<AtWork>,
    /// The last line that counts as many agents at work as are known.
    counted: u64,
    /// Where agents were drawn that may not be all.
    partial: Option<u64>,
    /// How many more agents are believed in that a header counts and no row shows.
    unseen: usize,
    /// Texts of the present turn: a screen that is drawn once more says nothing anew.
    said: FxHashSet<u64>,
    /// The assistant's turn was seen to end.
    turn_over: bool,
    /// A paste ended here, and another one may follow.
    cut: Option<u64>,
}

impl<'b> Teller<'b> {
    pub(super) fn new(out: &'b mut Builder) -> Teller<'b> {
        Teller {
            out,
            rule: None,
            widest: 0,
            at_work: Vec::new(),
            background: VecDeque::new(),
            counted: 0,
            partial: None,
            unseen: MOST,
            said: FxHashSet::default(),
            turn_over: false,
            cut: None,
        }
    }

    /// A rule across the terminal is this wide.
    pub(super) fn rule(&mut self, columns: usize) {
        self.rule = Some(columns);
    }

    pub(super) fn block(&mut self, block: Block) {
        if let Some(line) = self.cut.take() {
            self.next_paste(line);
        }
        self.turn_over = match block {
            Block::TurnEnd { .. } => true,
            Block::Ended(_) | Block::Waiting { .. } | Block::PasteEnd { .. } => self.turn_over,
            _ => false,
        };
        match block {
            Block::Prompt { line } => {
                self.leave_turn();
                self.out.prompt(line);
            }
            Block::Prose(prose) => self.prose(&prose),
            Block::Call(call) => self.call(&call),
            Block::Group(group) => self.group(&group),
            Block::Tally { line, shell } => self.tally(line, shell),
            Block::Ended(ended) => self.ended(&ended),
            Block::OtherMeans { line, what } => self.out.other_means(line, what),
            Block::Waiting { line, count } => self.waiting(line, count),
            Block::TurnEnd { line } => self.out.turn_end(line),
            Block::Interrupted { line } => self.out.interruption(line),
            Block::PasteEnd { line } => self.cut = Some(line),
        }
    }

    /// Another paste of one document may be of another day: nothing goes on from one to the next.
    fn next_paste(&mut self, line: u64) {
        if !self.turn_over {
            self.out.interruption(line);
        }
        self.leave_all();
        self.out.prompt(line);
    }

    /// A turn is over: what is drawn from now on is something new.
    fn leave_turn(&mut self) {
        let drawn = self.at_work.drain(..).filter_map(|shown| shown.line).next();
        if let Some(line) = self.partial.take().or(drawn) {
            self.out.other_means(line, Means::Hidden);
        }
        self.said.clear();
    }

    /// The console is over, or what follows is another one.
    pub(super) fn leave_all(&mut self) {
        self.leave_turn();
        while let Some(agent) = self.background.pop_front() {
            self.leave(&agent);
        }
    }

    /// Nothing more will be known of an agent: until the last count it was at work.
    fn leave(&mut self, agent: &AtWork) {
        if self.counted > agent.line {
            self.out.at_work(agent.dispatch, self.counted);
        }
    }

    fn prose(&mut self, prose: &Prose) {
        self.widest = self.widest.max(words::widest(prose));
        let width = self.rule.map_or(self.widest, |rule| rule.saturating_sub(2));
        let text = words::join(prose, width);
        let is_new = self.said.insert(hash(text.text.as_str()));
        if is_new {
            self.at_work.iter_mut().for_each(|shown| shown.spoken_over = true);
        }
        if text.text.len() < 40 || is_new {
            self.out.said_wrapped(&text.text, &text.lines);
        }
    }

    fn call(&mut self, call: &Call) {
        // Beneath tools whose names are known stands nothing that tells of an agent: their output is not looked at.
        let beneath = match tool::kind(&call.name, false) {
            Kind::Shell | Kind::Edit(_) => Outcome::default(),
            Kind::Agent(_) | Kind::Other => Outcome::read(call.output.iter().map(String::as_str)),
        };
        // What a program writes is no word of the console: of a tool only the first line of each result tells.
        let outcome = Outcome::read(call.results.iter().filter_map(|index| call.output.get(*index)).map(String::as_str));
        match tool::kind(&call.name, beneath.of_an_agent) {
            Kind::Agent(kind) => self.agent(call, kind, beneath),
            Kind::Shell => self.shell(call, outcome),
            Kind::Edit(name) => self.edit(call, name, outcome),
            Kind::Other => {
                let id = self.out.call(call.line, &call.name);
                if !call.results.is_empty() {
                    self.out.result(call.last_line, &id, &tool::result(outcome, ""));
                }
            }
        }
    }

    fn agent(&mut self, call: &Call, kind: Option<&str>, outcome: Outcome) {
        let description = tool::description(call);
        let index = match self.drawn_before(std::slice::from_ref(&description), 1) {
            Some(members) => members[0],
            None => {
                let asked = Asked {
                    line: call.line,
                    description: Some(description.clone()).filter(|text| !text.is_empty()),
                    agent_type: kind.map(str::to_owned),
                    background: false,
                };
                let Some(index) = self.out.dispatches(vec![asked]).first().copied() else { return };
                index
            }
        };
        for (path, name) in tool::nested_edits(&call.output) {
            self.out.agent_edit(index, call.line, path, name);
        }
        self.settle(index, call.last_line, &description, outcome);
        if matches!(outcome.state, State::AtWork | State::Unsaid) {
            self.shown(Shown { descriptions: vec![description], members: vec![index], line: None, spoken_over: false });
        }
    }

    fn shown(&mut self, shown: Shown) {
        if self.at_work.len() >= 32 {
            self.at_work.remove(0);
        }
        self.at_work.push(shown);
    }

    /// Notes how an agent stands.
    fn settle(&mut self, index: usize, line: u64, description: &str, outcome: Outcome) {
        let status = match outcome.state {
            State::Background => {
                self.out.backgrounded(index);
                self.partial = Some(self.partial.unwrap_or(line));
                self.background.push_back(AtWork { dispatch: index, line, description: plain(description) });
                if self.background.len() > MOST
                    && let Some(oldest) = self.background.pop_front()
                {
                    self.leave(&oldest);
                }
                return;
            }
            State::Unsaid | State::AtWork => return,
            State::Done => Status::Completed,
            State::Failed | State::NeverRan => Status::Failed,
            State::Rejected => Status::Rejected,
            State::Interrupted => Status::Interrupted,
        };
        self.out.returned(index, line, Returned { status, duration: milliseconds(outcome), tool_uses: outcome.tool_uses });
    }

    /// The dispatches of agents that were at work when the console drew them the last time in this turn: all of them are
    /// among these. Where the assistant spoke in between nobody knows whether they are the same.
    fn drawn_before(&mut self, descriptions: &[String], count: usize) -> Option<Vec<usize>> {
        let among = |shown: &Shown| {
            shown.members.len() <= count && !descriptions.is_empty() && shown.descriptions.iter().all(|known| descriptions.contains(known))
        };
        let position = self.at_work.iter().rposition(among)?;
        let shown = self.at_work.remove(position);
        if shown.spoken_over {
            let line = shown.members.first().and_then(|index| self.out.dispatch(*index)).map(|dispatch| dispatch.line);
            self.partial = self.partial.or(line);
            return None;
        }
        Some(shown.members)
    }

    fn group(&mut self, group: &Group) {
        let rows: Vec<Shape> = group.rows.iter().map(|row| read_row(row, group)).collect();
        let descriptions: Vec<String> = rows.iter().map(|(description, ..)| description.clone()).collect();
        let unseen = (group.count as usize).saturating_sub(rows.len()).min(self.unseen);
        self.unseen -= unseen;
        let count = rows.len() + unseen;
        let members = match self.drawn_before(&descriptions, count) {
            Some(known) => self.grown(group, &rows, known, count),
            None => self.out.dispatches(asked(group, &rows, 0..count)),
        };
        for (index, (description, ..)) in members.iter().zip(&rows) {
            self.out.describe(*index, description);
        }
        for (number, index) in members.iter().enumerate() {
            let mut outcome = rows.get(number).map(|(.., outcome)| *outcome).unwrap_or_default();
            outcome.state = match (group.phase, outcome.state) {
                (Phase::Launched, State::Unsaid | State::AtWork | State::Done) => State::Background,
                (Phase::Finished, State::Unsaid | State::AtWork) => State::Done,
                (_, state) => state,
            };
            let (line, description) =
                rows.get(number).map_or((group.line, ""), |(text, ..)| (group.rows.get(number).map_or(group.line, |row| row.line), text));
            self.settle(*index, line, description, outcome);
        }
        match group.phase {
            Phase::Running => self.shown(Shown { descriptions, members, line: Some(group.line), spoken_over: false }),
            Phase::Launched => self.partial = Some(self.partial.unwrap_or(group.line)),
            Phase::Finished => {}
        }
    }

    /// A group that was drawn before with fewer agents has the others beside them, each row in its place.
    fn grown(&mut self, group: &Group, rows: &[Shape], known: Vec<usize>, count: usize) -> Vec<usize> {
        let Some(first) = known.first().copied() else { return known };
        let place_of = |index: usize| {
            let description = self.out.dispatch(index).and_then(|dispatch| dispatch.description.as_deref());
            rows.iter().position(|(row, ..)| Some(row.as_str()) == description)
        };
        let mut places: Vec<Option<usize>> = vec![None; count];
        let mut others = Vec::new();
        for index in known {
            match place_of(index).filter(|place| places.get(*place) == Some(&None)) {
                Some(place) => places[place] = Some(index),
                None => others.push(index),
            }
        }
        let mut others = others.into_iter();
        for place in places.iter_mut().filter(|place| place.is_none()) {
            *place = others.next();
        }
        let open: Vec<usize> = (0..count).filter(|place| places[*place].is_none()).collect();
        let new = self.out.dispatches_beside(first, asked(group, rows, open.iter().copied()));
        for (place, index) in open.into_iter().zip(new) {
            places[place] = Some(index);
        }
        places.into_iter().flatten().collect()
    }

    fn ended(&mut self, ended: &Ended) {
        let wanted = plain(&ended.description);
        let position = self.background.iter().position(|agent| {
            let known = agent.description.as_str();
            let cut = known.strip_suffix('…').unwrap_or(known);
            known == wanted || (cut.len() >= 8 && cut.len() < known.len() && wanted.starts_with(cut))
        });
        match position.and_then(|position| self.background.remove(position)) {
            Some(agent) => {
                self.leave(&agent);
                self.settle(agent.dispatch, ended.line, "", ended.outcome);
            }
            None => self.out.other_means(ended.line, Means::Hidden),
        }
    }

    /// So many background agents are at work at this moment: where as many are known, these are.
    fn waiting(&mut self, line: u64, count: u32) {
        match self.background.len().cmp(&(count as usize)) {
            Ordering::Equal => (self.counted, self.partial) = (line, None),
            Ordering::Less => {
                self.partial = None;
                self.out.other_means(line, Means::Hidden);
            }
            Ordering::Greater => {}
        }
    }

    fn tally(&mut self, line: u64, shell: bool) {
        let id = self.out.call(line, "tools");
        self.out.result(line, &id, &tool::result(Outcome::default(), ""));
        if shell {
            self.out.maybe_tests(line, "a shell command that the console does not show");
        }
    }

    fn shell(&mut self, call: &Call, outcome: Outcome) {
        let command = tool::command(call);
        let id = self.out.call(call.line, "Bash");
        self.out.shell(call.line, &id, "Bash", &command);
        if call.results.is_empty() {
            return;
        }
        let output = if self.out.runs(&id) { call.output.join("\n") } else { String::new() };
        let mut result = tool::result(outcome, &output);
        // Sent to the background, its end is not beneath it: what it proves is not known.
        if outcome.state == State::Background {
            (result.failed, result.output) = (true, "");
        }
        self.out.result(call.last_line, &id, &result);
        if command.ends_with('…') {
            self.out.maybe_tests(call.line, "a shell command that the console cuts off");
        }
    }

    fn edit(&mut self, call: &Call, name: &str, outcome: Outcome) {
        let path = tool::path(call);
        let id = self.out.call(call.line, name);
        if !path.is_empty() {
            self.out.edit(call.line, &id, name, &path);
        }
        if !call.results.is_empty() {
            self.out.result(call.last_line, &id, &tool::result(outcome, ""));
        }
    }
}

fn milliseconds(outcome: Outcome) -> Option<i64> {
    // A console prints no duration near the end of what an i64 holds.
    outcome.ran.map(|seconds| (seconds * 1000.0).round() as i64)
}
