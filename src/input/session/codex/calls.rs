//! Calls of tools and their outputs: commands, patches, scripts, and the tools for agents.
//!
//! Sources: openai/codex, codex-rs/core/src/tools/handlers/ (shell, unified exec, apply_patch, multi_agents,
//! multi_agents_v2), codex-rs/protocol/src/items.rs.

use super::agents::{Agents, Asking};
use super::output::{self, Output};
use super::record::{Fields, Key};
use super::rollout::{Responding, Rollout};
use super::script::{self, ScriptCall};
use super::{commands, patch, words};
use crate::input::session::foreign;
use crate::input::session::thread::{Command, Folders, Outcome, Thread, hash};
use crate::input::skim::fields::as_text;
use crate::model::session::{Edit, Means, Place};

/// A call that waits for its output.
#[derive(Debug)]
pub(super) enum Asked {
    /// It starts an agent.
    Spawn,
    /// It waits for agents, or talks about them; the agents that it names.
    About(AboutAgents),
    /// It runs a command. Its output is read where tests may run.
    Command { tests: bool },
    /// It applies a patch.
    Patch { edits: Vec<Edit> },
    /// It runs a script that calls tools.
    Script(Script),
    /// It asks what became of a command or a script that went on.
    Goes { on: Option<String> },
    /// Anything else.
    Other,
}

/// What a call does with agents.
#[derive(Debug)]
pub(super) struct AboutAgents {
    /// The agents that it names.
    targets: Vec<String>,
    /// It closes or interrupts them.
    stops: bool,
}

/// A script, as it stands there.
#[derive(Debug)]
pub(super) struct Script {
    calls: Vec<ScriptCall>,
    place: Place,
    /// How many events had told of commands and changes before it began.
    told_before: usize,
}

/// Tools that only wait for agents, or talk about them: no work beside an agent.
const ABOUT_AGENTS: [&str; 9] =
    ["wait_agent", "close_agent", "interrupt_agent", "send_input", "send_message", "followup_task", "resume_agent", "list_agents", "wait"];

/// Tools that run a shell command, and the key of the command.
const SHELLS: [(&str, &str); 6] = [
    ("shell", "command"),
    ("shell_command", "command"),
    ("exec_command", "cmd"),
    ("local_shell", "command"),
    ("container.exec", "cmd"),
    ("unified_exec", "input"),
];

impl Rollout {
    /// A call of the model.
    pub(super) fn call(&mut self, agents: &mut Agents, item: &Fields<'_>, place: Place) {
        let responding = self.respond(place);
        let Some(id) = item.word(Key::CallId).or_else(|| item.word(Key::Id)) else { return };
        self.known.insert(hash(&id));
        let local = item.is(Key::Type, "local_shell_call");
        let name = item.word(Key::Name).unwrap_or_else(|| if local { "local_shell".to_owned() } else { String::new() });
        // The tools of servers came with their server's name in front, and since 2026 with it beside them.
        let server = item.word(Key::Namespace).filter(|space| space.starts_with("mcp__"));
        let name = server.map_or(name.clone(), |server| format!("{}__{name}", server.trim_end_matches('_')));
        let name = plain_name(&name);
        let given = item.json(Key::Arguments).or(item.json(Key::Input)).or(item.json(Key::Action)).unwrap_or_default();
        // Functions take their arguments as JSON in a string.
        let arguments = as_text(given).map(|text| text.text().into_owned()).unwrap_or_else(|| String::from_utf8_lossy(given).into_owned());
        if name == "spawn_agent" {
            self.thread.dispatch(responding.index);
            self.spawn(agents, &id, &arguments, &responding, place);
            self.asked.insert(id, Asked::Spawn);
            return;
        }
        let asked = self.asked_by(agents, name, &id, &arguments, &responding, place);
        let waits = match &asked {
            Asked::About(_) => true,
            Asked::Script(script) => !script.calls.is_empty() && script.calls.iter().all(|call| is_about_agents(&call.tool)),
            _ => false,
        };
        self.thread.call(place, responding.index, &id, name, waits);
        self.asked.insert(id, asked);
    }

    fn spawn(&mut self, agents: &mut Agents, id: &str, arguments: &str, responding: &Responding, place: Place) {
        let asking = Asking {
            id: id.to_owned(),
            place,
            turn: self.thread.turn(),
            response: responding.id.clone(),
            description: words::first_text(arguments, &["task_name"])
                .or_else(|| words::first_text(arguments, &["message"]).map(|text| short(&text))),
            agent_type: words::first_text(arguments, &["agent_type"]),
        };
        agents.spawn(asking);
    }

    /// What a call that starts no agent by itself will have done.
    fn asked_by(&mut self, agents: &mut Agents, name: &str, id: &str, arguments: &str, responding: &Responding, place: Place) -> Asked {
        if let Some((_, key)) = SHELLS.iter().find(|(tool, _)| *tool == name) {
            return self.command(id, name, arguments, key, place);
        }
        match name {
            "apply_patch" => {
                let text = words::first_text(arguments, &["input", "patch"]).unwrap_or_else(|| arguments.to_owned());
                Asked::Patch { edits: self.patch(id, &text, place, false) }
            }
            "write_stdin" => Asked::Goes { on: output::asked_for(arguments.as_bytes()) },
            "wait" if words::inner(arguments.as_bytes(), "cell_id").is_some() => {
                Asked::Goes { on: output::asked_for(arguments.as_bytes()) }
            }
            "exec" => self.script(agents, arguments, responding, place),
            _ if is_about_agents(name) => {
                let about = AboutAgents { targets: targets(arguments), stops: matches!(name, "close_agent" | "interrupt_agent") };
                if matches!(name, "send_input" | "followup_task") {
                    for target in &about.targets {
                        agents.follow_up(target, self.asking(id, responding, place));
                    }
                }
                Asked::About(about)
            }
            _ => Asked::Other,
        }
    }

    fn asking(&self, id: &str, responding: &Responding, place: Place) -> Asking {
        Asking { id: id.to_owned(), place, turn: self.thread.turn(), response: responding.id.clone(), description: None, agent_type: None }
    }

    fn folders<'f>(own: Option<&'f str>, session: Option<&'f str>) -> Folders<'f> {
        Folders { own, session }
    }

    fn command(&mut self, id: &str, tool: &str, arguments: &str, key: &str, place: Place) -> Asked {
        let Some(text) = commands::text(arguments, key) else { return Asked::Other };
        let at = words::first_text(arguments, &["workdir", "working_directory"]);
        self.run(id, tool, &text, at.as_deref(), place)
    }

    /// Reads a command line: a patch in it is a patch, the rest is a shell's.
    fn run(&mut self, id: &str, tool: &str, text: &str, at: Option<&str>, place: Place) -> Asked {
        let (rest, patch) = commands::without_patch(text);
        let folder = commands::folder(at, self.folder.as_deref());
        let session = self.thread.transcript.cwd.clone();
        let command =
            Command { id, tool, text: &rest, background: false, folders: Rollout::folders(folder.as_deref(), session.as_deref()) };
        if self.thread.shell(place, command) {
            self.starts_agents.get_or_insert(place.line);
        }
        match patch {
            Some(patch) => Asked::Patch { edits: self.patch_in(id, patch, folder.as_deref(), place) },
            None => Asked::Command { tests: commands::may_test(&rest) },
        }
    }

    fn patch(&mut self, id: &str, text: &str, place: Place, inferred: bool) -> Vec<Edit> {
        let folder = self.folder.clone();
        let mut edits = self.patch_in(id, text, folder.as_deref(), place);
        edits.iter_mut().for_each(|edit| edit.inferred = inferred);
        edits
    }

    fn patch_in(&mut self, id: &str, text: &str, folder: Option<&str>, place: Place) -> Vec<Edit> {
        let session = self.thread.transcript.cwd.clone();
        let folders = Rollout::folders(folder, session.as_deref());
        let mut edits = Vec::new();
        for file in patch::files(text) {
            if let Some(content) = &file.content {
                let record = format!("{}:{id}", self.name());
                self.thread.will_write(id, place, file.path, content, &record, folders);
            }
            edits.push(Thread::edit(place, file.path, "apply_patch", false, folders));
        }
        edits
    }

    fn script(&mut self, agents: &mut Agents, text: &str, responding: &Responding, place: Place) -> Asked {
        let calls = script::calls(text);
        if calls.iter().any(|call| call.tool.ends_with("spawn_agent")) {
            agents.script(self.asking("", responding, place));
        }
        if calls.iter().any(|call| !call.tool.ends_with("spawn_agent") && foreign::starts_agents(&call.tool)) {
            self.thread.other_means(place, Means::Script);
        }
        Asked::Script(Script { calls, place, told_before: self.told_of_scripts })
    }

    /// The output of a call.
    pub(super) fn output(&mut self, agents: &mut Agents, item: &Fields<'_>, place: Place) {
        self.answered();
        let Some(id) = item.word(Key::CallId).or_else(|| item.word(Key::Id)) else { return };
        let json = item.json(Key::Output).unwrap_or_default();
        let Some(asked) = self.asked.remove(&id) else {
            // The call is lost: that it names an agent is all that it tells. Such an answer is short.
            if json.len() < 1000 && memchr::memmem::find(json, b"agent_id").is_some() {
                agents.spawned(&id, &Output::read(json), place);
            }
            return;
        };
        if let Asked::Command { tests: false } | Asked::Other = &asked {
            // Most outputs are long, and nobody asks for what they say.
            let output = Output::glance(json);
            return self.answer(&id, asked, output, place);
        }
        let output = Output::read(json);
        match asked {
            Asked::Spawn => agents.spawned(&id, &output, place),
            Asked::About(about) => {
                self.thread.result(place, &id, &Outcome { failed: output.failed, refused: output.refused, ..Outcome::default() });
                tell_agents(agents, &about, &output, place);
            }
            Asked::Goes { on } => self.went_on(&id, on, output, place),
            asked => self.answer(&id, asked, output, place),
        }
    }

    /// Takes the output of a command, a patch or a script, or keeps it waiting where it goes on.
    fn answer(&mut self, id: &str, asked: Asked, output: Output, place: Place) {
        if let Some(on) = &output.goes_on {
            self.going_on.insert(on.clone(), id.to_owned());
            self.unended.insert(hash(id));
            self.asked.insert(id.to_owned(), asked);
            return;
        }
        let mut exit_code = output.exit_code;
        match asked {
            Asked::Patch { edits } if !self.told.contains(&hash(id)) && output.succeeded() => self.thread.will_edit(id, edits),
            // What the script says it calls is a guess, and worse than what events told.
            Asked::Script(script) if self.told_of_scripts == script.told_before && output.succeeded() => self.guess(id, &script),
            Asked::Script(_) => exit_code = None,
            _ => {}
        }
        let failed = output.failed || exit_code.is_some_and(|code| code != 0);
        self.thread.result(place, id, &Outcome { failed, refused: output.refused, exit_code, output: &output.text, unfinished: false });
    }

    /// What the commands and patches in a script may have done.
    fn guess(&mut self, id: &str, script: &Script) {
        for call in &script.calls {
            let Some(text) = &call.text else { continue };
            if call.tool == "apply_patch" {
                let edits = self.patch(id, text, script.place, true);
                self.thread.will_edit(id, edits);
            } else if SHELLS.iter().any(|(tool, _)| *tool == call.tool)
                && let Asked::Patch { edits } = self.run(id, "exec", text, None, script.place)
            {
                self.thread.will_edit(id, edits.into_iter().map(|edit| Edit { inferred: true, ..edit }));
            }
        }
    }

    /// What became of a command or a script that went on.
    fn went_on(&mut self, id: &str, on: Option<String>, output: Output, place: Place) {
        self.thread.result(place, id, &Outcome { refused: output.refused, ..Outcome::default() });
        if output.goes_on.is_some() {
            return;
        }
        let Some(first) = on.and_then(|on| self.going_on.remove(&on)) else { return };
        self.ended(&first, output, place);
    }

    /// A command that went on has ended.
    pub(super) fn ended(&mut self, id: &str, output: Output, place: Place) {
        self.unended.remove(&hash(id));
        if let Some(asked) = self.asked.remove(id) {
            self.answer(id, asked, output, place);
        }
    }

    /// Calls that never got their answer: nobody knows whether they did anything.
    pub(super) fn give_up_waiting(&mut self) {
        let going: Vec<String> = self.going_on.drain().map(|(_, id)| id).collect();
        let place = Place { line: self.thread.transcript.last_line, at: self.thread.transcript.last };
        let open_end = self.thread.transcript.ends_mid_turn;
        for id in going {
            if self.asked.remove(&id).is_some() {
                self.thread.result(place, &id, &Outcome { failed: true, ..Outcome::default() });
            }
        }
        self.thread.transcript.ends_mid_turn = open_end;
    }
}

/// Whether a tool only waits for agents, or talks about them.
fn is_about_agents(tool: &str) -> bool {
    ABOUT_AGENTS.contains(&tool)
}

/// A tool's name without the namespace that some versions write in front of it.
fn plain_name(name: &str) -> &str {
    ["multi_agent_v1", "multi_agent_v2", "multi_agents", "collaboration", "collab", "functions"]
        .iter()
        .find_map(|space| name.strip_prefix(space))
        .map_or(name, |rest| rest.trim_start_matches(['.', '_', '/']))
}

/// The agents that a call names.
fn targets(arguments: &str) -> Vec<String> {
    if let Some(one) = words::first_text(arguments, &["target", "id", "agent_id"]) {
        return vec![one];
    }
    let many = ["targets", "ids", "agent_ids"].iter().find_map(|key| words::inner(arguments.as_bytes(), key));
    many.map(commands::strings).unwrap_or_default()
}

/// What a call says of the agents that it names: a wait their ends, a stop their last status.
fn tell_agents(agents: &mut Agents, about: &AboutAgents, output: &Output, place: Place) {
    let json = output.text.as_bytes();
    if let Some(statuses) = words::inner(json, "status").filter(|_| !about.stops) {
        for report in words::final_statuses(statuses) {
            agents.report(&report.agent, report.status, place, false);
        }
    }
    if about.stops && output.succeeded() {
        let before = words::inner(json, "previous_status").or_else(|| words::inner(json, "status")).and_then(words::final_status);
        for target in &about.targets {
            agents.report(target, before.unwrap_or(crate::model::session::Status::Failed), place, false);
        }
    }
}

/// The first line of a prompt, as a description.
fn short(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default().trim();
    let cut: String = line.chars().take(80).collect();
    if cut.len() < line.len() { format!("{}…", cut.trim_end()) } else { cut }
}
