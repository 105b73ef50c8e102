//! Which records of a rollout are copies of another thread's history.
//!
//! A fork, by a human (`codex fork`) or for an agent (`spawn_agent` with history), begins with its own `session_meta`;
//! then comes the parent's history, often with the parent's `session_meta`, its messages and its turns. The copies bear the
//! time of the fork or their own old ones, by version. What they claim and do is the parent's. Sources: openai/codex,
//! codex-rs/core/src/agent/control/spawn.rs (`spawn_forked_thread`, `keep_forked_rollout_item`); rollouts of 0.142 to 0.153
//! as github.com/junhoyeo/tokscale#896, kenn-io/agentsview#1381 and steipete/CodexBar#3524 describe them.

use super::record::{Fields, Key, Line, LineKind};
use crate::model::moment::Moment;

/// Milliseconds by which the identifier of a thread's first turn may be older than the thread.
const SLACK: i64 = 500;

/// A pause this long within the beginning of a fork is no pause of a copying program.
const PAUSE: i64 = 1000;

/// How long after the fork nothing is taken for the end of the copies but a proof.
const COPYING_TIME: i64 = 3000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    /// Nothing is copied, or all copies have passed.
    #[default]
    Own,
    /// The thread was started by another one: its first turn will tell whether history was copied.
    Doubtful,
    /// What comes is copied until something is proven to be the thread's own.
    Copying,
}

/// Tells copies from a thread's own records, in the order of the lines.
#[derive(Debug, Default)]
pub(super) struct Replay {
    state: State,
    own: Option<String>,
    created: Option<Moment>,
    /// The first ordinal that is the thread's own, where the rollout says so (mid-2026).
    start: Option<f64>,
    previous: Option<Moment>,
    /// Some records were copies.
    pub(super) copied: bool,
}

impl Replay {
    /// Whether a line is a copy.
    pub(super) fn is_copy(&mut self, line: &Line<'_>, at: Option<Moment>) -> bool {
        let paused = at.zip(self.previous).is_some_and(|(at, previous)| at.0.saturating_sub(previous.0) >= PAUSE);
        self.previous = at.max(self.previous);
        if line.kind == LineKind::SessionMeta {
            return self.session(&line.payload, at);
        }
        match self.state {
            State::Own => {}
            State::Doubtful => self.state = self.doubt(line),
            State::Copying if self.proves_own(line, at, paused) => self.state = State::Own,
            State::Copying => {}
        }
        let copy = self.state == State::Copying;
        self.copied |= copy;
        copy
    }

    /// A `session_meta`: the first is the thread's own, one of another thread among the first lines comes with its history.
    fn session(&mut self, meta: &Fields<'_>, at: Option<Moment>) -> bool {
        let id = meta.word(Key::Id);
        if self.own.is_none() {
            let stamp = meta.text(Key::Timestamp).and_then(|raw| Moment::parse(&raw.text()));
            self.created = stamp.or_else(|| id.as_deref().and_then(born)).or(at);
            self.start = meta.number(Key::HistoryStart);
            let by_another = meta.text(Key::ParentThreadId).is_some() || meta.json(Key::Source).is_some_and(|json| json.starts_with(b"{"));
            self.state = match (meta.text(Key::ForkedFrom).is_some() || self.start.is_some(), by_another) {
                (true, _) => State::Copying,
                (false, true) => State::Doubtful,
                (false, false) => State::Own,
            };
            self.own = id.or(Some(String::new()));
            return false;
        }
        if id.is_some() && id != self.own && (self.state != State::Own || !self.copied) {
            self.state = State::Copying;
            self.copied = true;
            return true;
        }
        false
    }

    /// What the first turn, or the model's first word, of a thread that another one started says.
    fn doubt(&self, line: &Line<'_>) -> State {
        match self.turn_is_own(line) {
            Some(false) => State::Copying,
            Some(true) => State::Own,
            None if line.kind == LineKind::Mail || is_turn(line) || is_of_the_model(line) => State::Own,
            None => State::Doubtful,
        }
    }

    fn proves_own(&self, line: &Line<'_>, at: Option<Moment>, paused: bool) -> bool {
        if let Some((start, ordinal)) = self.start.zip(line.ordinal) {
            return ordinal >= start;
        }
        let after_the_fork = at.zip(self.created).is_some_and(|(at, created)| at >= created.plus(COPYING_TIME));
        line.kind == LineKind::Mail || self.turn_is_own(line) == Some(true) || paused && after_the_fork
    }

    /// Whether the turn that a line begins is younger than the thread; `None` where it does not tell.
    fn turn_is_own(&self, line: &Line<'_>) -> Option<bool> {
        if !is_turn(line) {
            return None;
        }
        let created = self.created?;
        let by_id = line.payload.text(Key::TurnId).and_then(|id| born(&id.text()));
        // `started_at` counts whole seconds.
        let by_clock = || {
            line.payload
                .number(Key::StartedAt)
                .filter(|seconds| (0.0..1e11).contains(seconds))
                .map(|seconds| Moment((seconds as i64) * 1000 + 999))
        };
        Some(by_id.or_else(by_clock)? >= created.plus(-SLACK))
    }
}

fn is_turn(line: &Line<'_>) -> bool {
    line.kind == LineKind::TurnContext
        || line.kind == LineKind::Event && (line.payload.is(Key::Type, "task_started") || line.payload.is(Key::Type, "turn_started"))
}

fn is_of_the_model(line: &Line<'_>) -> bool {
    let payload = &line.payload;
    let words = payload.is(Key::Type, "message") && payload.is(Key::Role, "assistant");
    line.kind == LineKind::ResponseItem && (words || payload.text(Key::Type).is_some_and(|word| word.text().ends_with("_call")))
}

/// When an identifier was made: the first 48 bits of a UUID of version 7 are milliseconds.
fn born(id: &str) -> Option<Moment> {
    let bytes = id.as_bytes();
    if bytes.len() != 36 || bytes[8] != b'-' || bytes[13] != b'-' || bytes[14] != b'7' {
        return None;
    }
    let digits: String = [id.get(..8)?, id.get(9..13)?].concat();
    i64::from_str_radix(&digits, 16).ok().map(Moment)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::skim::Cursor;

    /// Whether each line of a rollout is a copy.
    fn copies(lines: &[&str]) -> Vec<bool> {
        let mut replay = Replay::default();
        let read = |text: &&str| {
            let line = Line::read(&mut Cursor::new(text.as_bytes())).unwrap();
            let at = line.timestamp.and_then(|raw| Moment::parse(&raw.text()));
            replay.is_copy(&line, at)
        };
        lines.iter().map(read).collect()
    }

    const CHILD: &str = r#"{"timestamp":"2026-03-01T10:00:00.100Z","type":"session_meta","payload":{"id":"019ca8d7-2d64-7000-8000-000000000001","timestamp":"2026-03-01T10:00:00.100Z","source":{"subagent":{"thread_spawn":{"parent_thread_id":"p"}}}}}"#;
    const PARENT: &str = r#"{"timestamp":"2026-03-01T10:00:00.101Z","type":"session_meta","payload":{"id":"p"}}"#;
    const OLD_TURN: &str = r#"{"timestamp":"2026-03-01T10:00:00.102Z","type":"event_msg","payload":{"type":"task_started","turn_id":"019ca8d0-0000-7000-8000-000000000002"}}"#;
    const OWN_TURN: &str = r#"{"timestamp":"2026-03-01T10:00:00.103Z","type":"event_msg","payload":{"type":"task_started","turn_id":"019ca8d7-2d70-7000-8000-000000000003"}}"#;
    const TEXT: &str =
        r#"{"timestamp":"2026-03-01T10:00:00.103Z","type":"response_item","payload":{"type":"message","role":"assistant","content":[]}}"#;

    #[test]
    fn identifiers_tell_their_birth() {
        assert_eq!(born("019ca8d7-2d64-7000-8000-000000000001"), Moment::parse("2026-03-01T10:00:00.100Z"));
        assert_eq!(born("019ca8d7-2d64-4000-8000-000000000001"), None);
        assert_eq!(born("\u{e9}19ca8e6-4a64-7000-8000-00000000000"), None);
    }

    #[test]
    fn history_is_copied_up_to_the_first_own_turn() {
        assert_eq!(copies(&[CHILD, PARENT, OLD_TURN, TEXT, OWN_TURN, TEXT]), [false, true, true, true, false, false]);
        assert_eq!(copies(&[CHILD, OLD_TURN, TEXT, OWN_TURN, TEXT]), [false, true, true, false, false]);
    }

    #[test]
    fn a_thread_without_history_is_all_its_own() {
        assert_eq!(copies(&[CHILD, OWN_TURN, TEXT]), [false, false, false]);
        assert_eq!(copies(&[CHILD, TEXT]), [false, false]);
    }

    #[test]
    fn seconds_mail_ordinals_and_pauses_end_the_copies() {
        let seconds =
            r#"{"timestamp":"2026-03-01T10:00:00.103Z","type":"event_msg","payload":{"type":"task_started","started_at":1772359200}}"#;
        assert_eq!(copies(&[CHILD, PARENT, TEXT, seconds, TEXT]), [false, true, true, false, false]);
        let mail =
            r#"{"timestamp":"2026-03-01T10:00:00.103Z","type":"inter_agent_communication_metadata","payload":{"trigger_turn":true}}"#;
        assert_eq!(copies(&[CHILD, PARENT, TEXT, mail, TEXT]), [false, true, true, false, false]);
        let later =
            r#"{"timestamp":"2026-03-01T10:00:09.000Z","type":"response_item","payload":{"type":"message","role":"user","content":[]}}"#;
        assert_eq!(copies(&[CHILD, PARENT, TEXT, later, TEXT]), [false, true, true, false, false]);
        let fork = r#"{"ordinal":0,"timestamp":"2026-03-01T10:00:00.100Z","type":"session_meta","payload":{"id":"c","subagent_history_start_ordinal":3}}"#;
        let numbered = |ordinal: u8| {
            format!(
                r#"{{"ordinal":{ordinal},"timestamp":"2026-03-01T10:00:09.000Z","type":"event_msg","payload":{{"type":"agent_message","message":"x"}}}}"#
            )
        };
        assert_eq!(copies(&[fork, &numbered(1), &numbered(2), &numbered(3)]), [false, true, true, false]);
        // A number that no line has proves nothing: the first turn does.
        let numbered_child = CHILD.replace(r#""source""#, r#""subagent_history_start_ordinal":3,"source""#);
        assert_eq!(copies(&[&numbered_child, OLD_TURN, TEXT, OWN_TURN, TEXT]), [false, true, true, false, false]);
    }

    #[test]
    fn copies_may_keep_their_old_times() {
        let old = r#"{"timestamp":"2026-03-01T09:00:00.000Z","type":"response_item","payload":{"type":"message","role":"assistant","content":[]}}"#;
        assert_eq!(copies(&[CHILD, PARENT, old, old, OWN_TURN, TEXT]), [false, true, true, true, false, false]);
    }

    #[test]
    fn a_resumed_thread_names_itself_again() {
        let own = r#"{"timestamp":"2026-03-01T10:00:00.100Z","type":"session_meta","payload":{"id":"m","timestamp":"2026-03-01T10:00:00.100Z","source":"cli"}}"#;
        assert_eq!(copies(&[own, TEXT, own, TEXT]), [false, false, false, false]);
    }
}
