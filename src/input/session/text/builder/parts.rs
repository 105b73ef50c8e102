//! What texts in which nobody is named, and announcements without agents, need beyond a conversation.

use super::super::announced;
use super::{Builder, Moment, Place};
use crate::model::session::{Claim, Means};

/// What a builder keeps for it.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// Nobody is named: the text has parts of its own.
    sections: bool,
    /// Announcements with the count of the blocks before them: the next block is right below.
    announced: Vec<(Claim, usize)>,
    /// Agents that came back before the text printed another time.
    pub(super) untimed: Vec<usize>,
}

impl Builder {
    /// A part of a text in which nobody is named: an example, or a section of a report. It counts as a turn of its own.
    pub(in crate::input::session::text) fn section(&mut self, line: u64) {
        self.parts.sections = true;
        let place = self.place(line);
        self.main.prompt(place);
        self.response = None;
        self.separate(line);
    }

    /// A text that was said right above a call. If it announces work in parallel without a word of agents, and agents are what
    /// follows, it is a claim about them.
    pub(in crate::input::session::text) fn announced(&mut self, line: u64, text: &str) {
        let Some(what) = announced::read(text) else { return };
        let line = line + text[..what.span.start].bytes().filter(|byte| *byte == b'\n').count() as u64;
        let sentence = text[what.span.clone()].to_owned();
        let known = self.main.transcript.claims.iter().rev().take_while(|claim| claim.place.line >= line);
        let Some((response, _)) = self.response.filter(|_| known.count() == 0) else { return };
        let claim = Claim {
            place: self.place(line),
            response: None,
            response_index: response,
            turn: self.main.turn(),
            record: format!("{:016x}", super::hash(&sentence)),
            text: sentence,
            what,
        };
        self.parts.announced.push((claim, self.blocks.len()));
    }

    /// Announcements above two agents or more of their turn become claims; with one they may be about other work.
    pub(super) fn settle_announcements(&mut self) {
        for (claim, block) in std::mem::take(&mut self.parts.announced) {
            let follows = |index: &usize| self.dispatches[*index].turn == claim.turn;
            let agents = self.blocks.get(block..).unwrap_or_default().iter().flat_map(|block| &block.members);
            if agents.take_while(|index| follows(index)).take(2).count() == 2 {
                let claims = &mut self.main.transcript.claims;
                let at = claims.partition_point(|known| known.place.line <= claim.place.line);
                claims.insert(at, claim);
            }
        }
    }

    /// A prompt is printed with a time that comes after everything which it waited for.
    pub(super) fn settle_times(&mut self, at: Option<Moment>) {
        for index in std::mem::take(&mut self.parts.untimed) {
            self.dispatches[index].returned = at;
        }
    }

    /// A part of a text in which nobody is named may tell of agents whose calls stand in another part: that none stands in it
    /// proves nothing.
    pub(super) fn note_left_out_calls(&mut self) {
        if !self.parts.sections {
            return;
        }
        let used: Vec<u64> = self.dispatches.iter().map(|dispatch| dispatch.line).collect();
        let starts: Vec<Place> = std::iter::once(Place { line: 1, at: None }).chain(self.main.transcript.prompts.iter().copied()).collect();
        for (index, start) in starts.iter().enumerate() {
            let end = starts.get(index + 1).map_or(u64::MAX, |next| next.line);
            let from = used.partition_point(|line| *line < start.line);
            if used.get(from).is_none_or(|line| *line >= end) {
                self.main.other_means(*start, Means::LeftOut);
            }
        }
    }
}
