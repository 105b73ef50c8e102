//! Blocks of a console to what a session keeps.

use super::block::{Block, Call, Ended, Group, Phase, Prose, Row};
use super::outcome::{Outcome, State, tool_uses};
use super::tool::{self, Kind};
use super::words;
use crate::input::session::text::builder::{Asked, Builder, Returned};
use crate::input::session::thread::hash;
use crate::model::session::Status;
use rustc_hash::FxHashSet;
use std::cmp::Ordering;
use std::collections::VecDeque;

/// A call or a group of the present turn that a console may draw once more, further down.
#[derive(Debug)]
struct Shown {
    /// What its agents are for.
    descriptions: Vec<String>,
    /// How many agents it has.
    count: usize,
    /// Indices of their dispatches.
    members: Vec<usize>,
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
    /// How many more agents are believed in that a header counts and no row shows.
    unseen: usize,
    /// Texts of the present turn: a screen that is drawn once more says nothing anew.
    said: FxHashSet<u64>,
    /// The assistant's turn was seen to end.
    turn_over: bool,
    /// A paste ended here, and another one may follow.
    cut: Option<u64>,
}

/// The group of background agents is drawn when its first calls come back; further ones are then not in it.
const HIDDEN: &str = "background agents that the console does not show";

impl<'b> Teller<'b> {
    pub(super) fn new(out: &'b mut Builder) -> Teller<'b> {
        Teller {
            out,
            rule: None,
            widest: 0,
            at_work: Vec::new(),
            background: VecDeque::new(),
            counted: 0,
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
                self.out.prompt(line);
                self.said.clear();
                self.at_work.clear();
            }
            Block::Prose(prose) => self.prose(&prose),
            Block::Call(call) => self.call(&call),
            Block::Group(group) => self.group(&group),
            Block::Tally { line, shell } => self.tally(line, shell),
            Block::Ended(ended) => self.ended(&ended),
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
        self.out.prompt(line);
        self.said.clear();
        self.at_work.clear();
        self.leave_all();
    }

    /// The console is over, or what follows is another one.
    pub(super) fn leave_all(&mut self) {
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
        if text.text.len() < 40 || self.said.insert(hash(text.text.as_str())) {
            self.out.said_wrapped(&text.text, &text.lines);
        }
    }

    fn call(&mut self, call: &Call) {
        let beneath = Outcome::read(call.output.iter().map(String::as_str));
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
            self.shown(Shown { descriptions: vec![description], count: 1, members: vec![index] });
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

    /// The dispatches of agents that were at work when the console drew them the last time in this turn.
    fn drawn_before(&mut self, descriptions: &[String], count: usize) -> Option<Vec<usize>> {
        let same = |shown: &Shown| {
            shown.count == count && !descriptions.is_empty() && shown.descriptions.iter().all(|known| descriptions.contains(known))
        };
        let position = self.at_work.iter().rposition(same)?;
        Some(self.at_work.remove(position).members)
    }

    fn group(&mut self, group: &Group) {
        let rows: Vec<(String, Option<String>, Outcome)> = group.rows.iter().map(|row| read_row(row, group)).collect();
        let descriptions: Vec<String> = rows.iter().map(|(description, ..)| description.clone()).collect();
        let unseen = (group.count as usize).saturating_sub(rows.len()).min(self.unseen);
        self.unseen -= unseen;
        let count = rows.len() + unseen;
        let members = match self.drawn_before(&descriptions, count) {
            Some(members) => members,
            None => self.ask(group, &rows, count),
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
            Phase::Running => self.shown(Shown { descriptions, count, members }),
            Phase::Launched => self.out.other_means(group.line, HIDDEN),
            Phase::Finished => {}
        }
    }

    fn ask(&mut self, group: &Group, rows: &[(String, Option<String>, Outcome)], count: usize) -> Vec<usize> {
        let asked = (0..count).map(|number| {
            let row = rows.get(number);
            Asked {
                line: group.rows.get(number).map_or(group.line, |row| row.line),
                description: row.map(|(description, ..)| description.clone()).filter(|text| !text.is_empty()),
                agent_type: row.and_then(|(_, kind, _)| kind.clone()).or_else(|| group.kind.clone()),
                background: false,
            }
        });
        self.out.dispatches(asked.collect())
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
            None => self.out.other_means(ended.line, HIDDEN),
        }
    }

    /// So many background agents are at work at this moment: where as many are known, these are.
    fn waiting(&mut self, line: u64, count: u32) {
        match self.background.len().cmp(&(count as usize)) {
            Ordering::Equal => self.counted = line,
            Ordering::Less => self.out.other_means(line, HIDDEN),
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
        let output = call.output.join("\n");
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

/// One blank between words, so that a text that the terminal wrapped is the same.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What an agent of a group is for, of which kind it is, and how it stands.
fn read_row(row: &Row, group: &Group) -> (String, Option<String>, Outcome) {
    let mut outcome = Outcome::read(row.output.iter().map(String::as_str));
    let (text, counts) = row.text.split_once(" · ").unwrap_or((&row.text, ""));
    outcome.tool_uses = tool_uses(counts).or(outcome.tool_uses);
    // Where the agents differ the kind stands in front: `Explore (Look at the cart)`.
    let kinded =
        text.strip_suffix(')').and_then(|text| text.split_once(" (")).filter(|(kind, _)| group.kind.is_none() && !kind.contains(' '));
    match kinded {
        Some((kind, description)) => (plain(description), Some(kind.to_owned()), outcome),
        None => (plain(text), None, outcome),
    }
}
