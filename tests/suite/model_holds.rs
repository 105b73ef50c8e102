//! What is true of every session, whatever its log is: what the rules and the reports rely on without asking.
//!
//! The fuzz targets of `fuzz/` include this file, so it stands alone.

use paralint::model::session::{Clock, Dispatch, Numbering, Place, Session, Timing, Transcript};

/// What does not hold, one fragment each. `lines` tells how many lines a file has, by the path that the session knows it by.
pub(crate) fn broken(session: &Session, lines: impl Fn(&str) -> Option<u64>) -> Vec<String> {
    let mut off = Wrong { session, lines: Box::new(lines), found: Vec::new() };
    off.session();
    for (index, transcript) in session.transcripts.iter().enumerate() {
        off.transcript(&format!("transcript {index}"), transcript);
    }
    for (index, dispatch) in session.dispatches.iter().enumerate() {
        off.dispatch(&format!("dispatch {index}"), dispatch);
    }
    off.found
}

/// How many lines a file has.
type LinesOf<'s> = Box<dyn Fn(&str) -> Option<u64> + 's>;

struct Wrong<'s> {
    session: &'s Session,
    lines: LinesOf<'s>,
    found: Vec<String>,
}

impl Wrong<'_> {
    fn must(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.found.push(what());
        }
    }

    fn session(&mut self) {
        let session = self.session;
        self.must(paralint::input::session::names().contains(&session.format), || format!("no format is called {:?}", session.format));
        self.must(!session.id.is_empty(), || "the session has no identifier".to_owned());
        self.must(session.records > 0, || "a session without a record".to_owned());
        self.must(session.transcripts.first().is_some_and(|main| main.agent.is_none()), || {
            "the first transcript is not the main one".to_owned()
        });
        self.must(session.started.is_some() == session.ended.is_some(), || "a session that began or ended, not both".to_owned());
        self.must(session.started <= session.ended, || "the session ended before it began".to_owned());
        for notice in &session.notices {
            self.must(!notice.what.is_empty(), || "a notice without words".to_owned());
            self.number("notice", &notice.path, notice.line, true);
        }
    }

    /// The number of a place lies in its file. `whole`: 0 stands for the file as a whole.
    fn number(&mut self, what: &str, path: &str, line: u64, whole: bool) {
        self.must(whole || line > 0, || format!("{what}: a place without a line in {path}"));
        if self.session.numbering == Numbering::Lines
            && let Some(last) = (self.lines)(path)
        {
            self.must(line <= last, || format!("{what}: line {line} of {path}, which has {last}"));
        }
    }

    fn transcript(&mut self, what: &str, transcript: &Transcript) {
        let dispatches = self.session.dispatches.len();
        self.must(transcript.dispatch.is_none_or(|index| index < dispatches), || format!("{what}: there is no such dispatch"));
        self.must(transcript.first.is_some() == transcript.last.is_some(), || format!("{what}: a first or a last record, not both"));
        self.must(transcript.first <= transcript.last, || format!("{what}: its last record is older than its first"));
        self.must(transcript.prompts.is_sorted_by_key(|prompt| prompt.line), || format!("{what}: prompts that do not ascend"));
        self.number(what, &transcript.path, transcript.last_line, true);
        for (kind, place) in places(transcript) {
            self.number(&format!("{what}, {kind}"), &transcript.path, place.line, false);
        }
        self.statements(what, transcript);
    }

    fn statements(&mut self, what: &str, transcript: &Transcript) {
        let turns = transcript.prompts.len() as u64;
        for claim in &transcript.claims {
            self.must(claim.response_index < transcript.responses.len(), || format!("{what}: a claim in no response"));
            self.must(u64::from(claim.turn) <= turns, || format!("{what}: a claim in a turn that never began"));
            self.must(!claim.text.is_empty(), || format!("{what}: a claim without words"));
        }
        for denial in &transcript.denials {
            self.must(u64::from(denial.turn) <= turns, || format!("{what}: a denial in a turn that never began"));
        }
        let calls = transcript.calls.len() as u64;
        self.must(u64::from(transcript.tool_uses) >= calls, || format!("{what}: {calls} calls, {} uses", transcript.tool_uses));
        self.must(transcript.edits.iter().all(|edit| !edit.path.is_empty()), || format!("{what}: an edit of no file"));
    }

    fn dispatch(&mut self, what: &str, dispatch: &Dispatch) {
        let session = self.session;
        match session.transcripts.get(dispatch.transcript) {
            None => self.found.push(format!("{what} stands in transcript {}, which there is not", dispatch.transcript)),
            Some(transcript) => {
                self.number(what, &transcript.path, dispatch.line, false);
                let turns = transcript.prompts.len() as u64;
                self.must(u64::from(dispatch.turn) <= turns, || format!("{what}: in a turn that never began"));
            }
        }
        self.must(dispatch.duration.is_none_or(|duration| duration >= 0), || format!("{what}: a duration below zero"));
        self.must(dispatch.edits.iter().all(|edit| !edit.path.is_empty()), || format!("{what}: an edit of no file"));
        self.timing(what, dispatch);
        self.extent(what, dispatch);
    }

    fn timing(&mut self, what: &str, dispatch: &Dispatch) {
        let timed = dispatch.started.is_some();
        self.must(timed == dispatch.ended.is_some(), || format!("{what}: began or ended, not both"));
        self.must(dispatch.started <= dispatch.ended, || format!("{what}: ended before it began"));
        let exact = matches!(dispatch.timing, Timing::Transcript | Timing::Duration | Timing::Notification);
        self.must(timed == exact, || format!("{what}: timing {} with started {:?}", dispatch.timing.word(), dispatch.started));
        let bounds = dispatch.timing != Timing::Bounds || (dispatch.requested.is_some() && dispatch.returned.is_some());
        self.must(bounds, || format!("{what}: bounds without both ends"));
    }

    fn extent(&mut self, what: &str, dispatch: &Dispatch) {
        let Some(extent) = dispatch.extent else { return };
        let (surely, possibly) = (extent.surely, extent.possibly);
        self.must(self.session.clock == Clock::Lines, || format!("{what}: an extent in a log that has a clock"));
        self.must(surely.0 <= surely.1, || format!("{what}: {surely:?} ends before it begins"));
        self.must(possibly.0 <= surely.0 && surely.1 <= possibly.1, || format!("{what}: {surely:?} is not within {possibly:?}"));
    }
}

/// Every place of a transcript, with what stands there.
fn places(transcript: &Transcript) -> Vec<(&'static str, Place)> {
    let mut all: Vec<(&'static str, Place)> = Vec::new();
    all.extend(transcript.prompts.iter().map(|place| ("prompt", *place)));
    all.extend(transcript.responses.iter().flat_map(|response| [("response", response.first), ("response", response.last)]));
    all.extend(transcript.claims.iter().map(|claim| ("claim", claim.place)));
    all.extend(transcript.denials.iter().map(|denial| ("denial", denial.place)));
    all.extend(transcript.calls.iter().map(|call| ("call", call.place)));
    all.extend(transcript.edits.iter().map(|edit| ("edit", edit.place)));
    all.extend(transcript.runs.iter().map(|run| ("run", run.place)));
    all.extend(transcript.interruptions.iter().map(|place| ("interruption", *place)));
    all.extend(transcript.other_means.iter().map(|means| ("other means", means.place)));
    all.extend(transcript.reports.iter().map(|report| ("progress file", report.place)));
    all
}
