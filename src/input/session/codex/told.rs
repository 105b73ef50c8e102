//! Events that tell what really happened: changes, commands, agents that began and ended.
//!
//! Which of them are written depends on the version and on its mode. Sources: openai/codex, codex-rs/rollout/src/policy.rs
//! (what is persisted), protocol/src/protocol.rs and items.rs (the events and the items of app servers).

use super::agents::{Agents, Asking};
use super::output::Output;
use super::record::{Fields, Key};
use super::rollout::Rollout;
use super::{commands, words};
use crate::input::session::thread::{Command, Folders, Outcome, Thread, hash};
use crate::input::skim::{Cursor, Kind};
use crate::model::moment::Moment;
use crate::model::session::{Edit, Place, Status};

impl Rollout {
    /// An event, or an item of an app server, by its kind.
    pub(super) fn told(&mut self, agents: &mut Agents, kind: &str, told: &Fields<'_>, place: Place) {
        match kind {
            "patch_apply_end" | "FileChange" => self.changed(told, place),
            "exec_command_end" | "CommandExecution" => self.ran(told, place),
            "sub_agent_activity" | "SubAgentActivity" => self.activity(agents, told, place),
            "collab_agent_spawn_end" => {
                if let Some((call, agent)) = told.word(Key::CallId).zip(told.word(Key::NewThreadId)) {
                    agents.link(&call, &agent);
                }
            }
            "collab_waiting_end" => {
                for report in told.json(Key::Statuses).map(words::final_statuses).unwrap_or_default() {
                    agents.report(&report.agent, report.status, place, false);
                }
            }
            "collab_close_end" => {
                if let Some(agent) = told.word(Key::ReceiverThreadId) {
                    let before = told.json(Key::Status).and_then(words::final_status);
                    agents.report(&agent, before.unwrap_or(Status::Failed), place, false);
                }
            }
            "CollabAgentToolCall" => self.called_about_agents(agents, told, place),
            _ => {}
        }
    }

    /// The files that a patch changed, with absolute paths.
    fn changed(&mut self, told: &Fields<'_>, place: Place) {
        let id = told.word(Key::CallId).or_else(|| told.word(Key::Id)).unwrap_or_default();
        let done = told.flag(Key::Success) != Some(false) && !told.is(Key::Status, "failed") && !told.is(Key::Status, "declined");
        let Some(changes) = told.json(Key::Changes) else { return };
        self.note(&id);
        if !done {
            return;
        }
        let mut paths = Vec::new();
        let mut cursor = Cursor::new(changes);
        if cursor.kind() == Ok(Kind::Object) {
            let _ = cursor.object(|cursor, path| {
                let change = cursor.skip()?;
                paths.push(path.text().into_owned());
                let moved = words::inner(change, "move_path").or_else(|| words::inner(words::inner(change, "update")?, "move_path"));
                paths.extend(moved.and_then(crate::input::skim::fields::as_text).map(|path| path.text().into_owned()));
                Ok(())
            });
        }
        let session = self.thread.transcript.cwd.clone();
        let folders = Folders { own: self.folder.as_deref(), session: session.as_deref() };
        let edits: Vec<Edit> =
            paths.iter().map(|path| Thread::edit(place, commands::plain_folder(path), "apply_patch", false, folders)).collect();
        self.thread.transcript.edits.extend(edits);
    }

    /// Notes that an event told of a call; of one that no item made, a script did.
    fn note(&mut self, id: &str) {
        self.told.insert(hash(id));
        if !self.known.contains(&hash(id)) {
            self.told_of_scripts += 1;
        }
    }

    /// A command that a script ran. That of a call of its own is told by its output.
    fn ran(&mut self, told: &Fields<'_>, place: Place) {
        let id = told.word(Key::CallId).or_else(|| told.word(Key::Id)).unwrap_or_default();
        let output = told.word(Key::Stdout).or_else(|| told.word(Key::AggregatedOutput)).unwrap_or_default();
        let exit_code = told.number(Key::ExitCode).map(|code| code as i64);
        if self.known.contains(&hash(&id)) {
            // The end of a command that went on when its call was answered.
            if self.unended.remove(&hash(&id)) {
                self.ended(&id, Output { text: output, exit_code, ..Output::default() }, place);
            }
            return;
        }
        if self.told.contains(&hash(&id)) {
            return;
        }
        // What a human typed behind an exclamation mark is not the agent's.
        if told.is(Key::Source, "user_shell") || told.is(Key::Source, "userShell") {
            return;
        }
        let Some(text) = told.json(Key::Command).and_then(commands::of_event) else { return };
        self.note(&id);
        let at = told.word(Key::Cwd);
        let folder = at.as_deref().map(commands::plain_folder).or(self.folder.as_deref());
        let session = self.thread.transcript.cwd.clone();
        let command = Command {
            id: &id,
            tool: "exec_command",
            text: &text,
            background: false,
            folders: Folders { own: folder, session: session.as_deref() },
        };
        if self.thread.shell(place, command) {
            self.starts_agents.get_or_insert(place.line);
        }
        let refused = told.is(Key::Status, "declined");
        let failed = told.is(Key::Status, "failed") || exit_code.is_some_and(|code| code != 0);
        self.thread.result(place, &id, &Outcome { failed, refused, exit_code, output: &output, unfinished: false });
    }

    /// An agent began, got a message, or ended (the second tools for agents).
    fn activity(&mut self, agents: &mut Agents, told: &Fields<'_>, place: Place) {
        let Some(thread) = told.word(Key::AgentThreadId) else { return };
        let id = told.word(Key::EventId).or_else(|| told.word(Key::Id)).unwrap_or_default();
        let path = told.word(Key::AgentPath);
        if let Some(path) = &path {
            agents.names(path, &thread);
        }
        let at = told.number(Key::OccurredAt).filter(|at| (1e12..1e14).contains(at)).map(|at| Moment(at as i64));
        let place = Place { at: at.or(place.at), ..place };
        let asking = |rollout: &Rollout| Asking {
            id: id.clone(),
            place,
            turn: rollout.thread.turn(),
            response: rollout.latest_response(),
            description: path.as_deref().and_then(|path| path.rsplit('/').next()).map(str::to_owned),
            agent_type: None,
        };
        match told.text(Key::Kind).map(|kind| kind.text().into_owned()).as_deref() {
            // A script starts agents without a call that is logged.
            Some("started") if !agents.link(&id, &thread) => agents.started(asking(self), &thread),
            Some("interacted") if !self.known.contains(&hash(&id)) && !agents.is_follow_up(&id) => agents.follow_up(&thread, asking(self)),
            Some("completed" | "finished") => agents.report(&thread, Status::Completed, place, true),
            Some("failed" | "errored" | "interrupted") => agents.report(&thread, Status::Failed, place, true),
            _ => {}
        }
    }

    fn called_about_agents(&mut self, agents: &mut Agents, told: &Fields<'_>, place: Place) {
        let receivers = told.json(Key::ReceiverThreadIds).map(commands::strings).unwrap_or_default();
        if let ([agent], Some(id)) = (receivers.as_slice(), told.word(Key::Id))
            && told.is(Key::Tool, "spawn_agent")
        {
            agents.link(&id, agent);
        }
        for report in told.json(Key::AgentsStates).map(words::final_statuses).unwrap_or_default() {
            agents.report(&report.agent, report.status, place, false);
        }
    }
}
