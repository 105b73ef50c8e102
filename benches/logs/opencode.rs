//! Invented sessions as OpenCode keeps them: an export, and a store.

use super::content::{Agent, Step, Turn};
use super::json::{Json, and, ordered, pretty};
use std::path::Path;

/// Parts of messages: how many there were, and the time.
struct Clock {
    now: i64,
    parts: usize,
}

/// A message with its parts.
struct Message {
    id: String,
    info: Json,
    parts: Vec<(String, Json)>,
}

const SESSION: &str = "ses_7e3a4c119f602d8e71c0a9b4";

/// The messages of one turn.
fn messages(turn: &Turn, clock: &mut Clock) -> Vec<Message> {
    let asked = part(clock, ordered!({"type": "text", "text": (turn.prompt)}));
    let mut all = vec![message(clock, "user", vec![asked])];
    for step in &turn.steps {
        let mut parts = vec![part(clock, ordered!({"type": "step-start", "snapshot": "9f602d8e71c0a9b4"}))];
        match step {
            Step::Said(text) => parts.push(part(clock, ordered!({"type": "text", "text": text}))),
            Step::Shell { command, output } => {
                let metadata = ordered!({"output": output, "exit": 0, "description": "Look for it"});
                parts.push(tool(clock, "bash", &ordered!({"command": command}), output, metadata, 400));
            }
            Step::Edit { path, before, after } => {
                let metadata = ordered!({"diff": (format!("-{before}\n+{after}")), "diagnostics": {}});
                let input = ordered!({"filePath": path, "oldString": before, "newString": after});
                parts.push(tool(clock, "edit", &input, "Updated.", metadata, 100));
            }
            Step::Agents(agents) => {
                let start = clock.now;
                for agent in agents {
                    clock.now = start;
                    parts.push(task(clock, agent));
                }
            }
        }
        parts
            .push(part(clock, ordered!({"type": "step-finish", "reason": "tool-calls", "cost": 0, "tokens": {"input": 2, "output": 369}})));
        all.push(message(clock, "assistant", parts));
    }
    all
}

fn message(clock: &mut Clock, role: &str, parts: Vec<(String, Json)>) -> Message {
    clock.now += 300;
    let id = format!("msg_{:024x}", clock.parts);
    let info = ordered!({"role": role, "time": {"created": (clock.now), "completed": (clock.now + 100)}, "mode": "build", "modelID": "claude-opus-4-6",
        "providerID": "anthropic", "path": {"cwd": "/home/dev/garden", "root": "/home/dev/garden"}, "cost": 0, "finish": "tool-calls"});
    Message { id, info, parts }
}

fn part(clock: &mut Clock, data: Json) -> (String, Json) {
    clock.parts += 1;
    (format!("prt_{:024x}", clock.parts), data)
}

fn tool(clock: &mut Clock, name: &str, input: &Json, output: &str, metadata: Json, took: i64) -> (String, Json) {
    let start = clock.now;
    clock.now += took;
    let call = format!("call_{:020x}", clock.parts);
    let state = ordered!({"status": "completed", "input": input, "output": output, "title": name, "metadata": metadata,
        "time": {"start": start, "end": (clock.now)}});
    part(clock, ordered!({"type": "tool", "callID": call, "tool": name, "state": state}))
}

fn task(clock: &mut Clock, agent: &Agent) -> (String, Json) {
    let input = ordered!({"description": (agent.description), "prompt": (agent.prompt), "subagent_type": "explore"});
    let metadata = ordered!({"sessionId": (format!("ses_c{:023x}", clock.parts))});
    tool(clock, "task", &input, &agent.answer, metadata, agent.seconds as i64 * 1000)
}

/// Writes an export with as many turns as make `bytes`.
pub(crate) fn write_export(path: &Path, bytes: usize, turn: impl Fn(usize) -> Turn) {
    let mut clock = Clock { now: 1_770_714_000_000, parts: 0 };
    let mut written = Vec::new();
    let (mut size, mut number) = (0, 0);
    while size < bytes {
        number += 1;
        for message in messages(&turn(number), &mut clock) {
            let session = || ("sessionID", ordered!(SESSION));
            let info = and(&message.info, &[("id", ordered!((message.id))), session()]);
            let owned = |(id, data): &(String, Json)| and(data, &[("id", ordered!(id)), session(), ("messageID", ordered!((message.id)))]);
            let parts: Vec<Json> = message.parts.iter().map(owned).collect();
            let text = pretty(&ordered!({"info": info, "parts": parts}), 2);
            size += text.len() + 6;
            written.push(text);
        }
    }
    let info = ordered!({"id": (SESSION), "directory": "/home/dev/garden", "title": "The garden", "version": "1.1.0",
        "time": {"created": 1_770_714_000_000_i64, "updated": (clock.now)}});
    let info = pretty(&info, 1);
    let messages = written.join(",\n    ");
    std::fs::write(path, format!("{{\n  \"info\": {info},\n  \"messages\": [\n    {messages}\n  ]\n}}\n"))
        .expect("the folder can be written to");
}

const TABLES: &str = "
    create table session (id text primary key, project_id text not null, parent_id text, slug text not null, directory text not null,
        title text not null, version text not null, revert text, time_created integer not null, time_updated integer not null);
    create table message (id text primary key, session_id text not null, time_created integer not null, time_updated integer not null,
        data text not null);
    create table part (id text primary key, message_id text not null, session_id text not null, time_created integer not null,
        time_updated integer not null, data text not null);
    create index message_session_idx on message (session_id);
    create index part_message_idx on part (message_id);
    create index part_session_idx on part (session_id);
";

/// Writes a store with one session of as many turns as make `bytes`.
///
/// Errors: what SQLite says.
pub(crate) fn write_store(path: &Path, bytes: usize, turn: impl Fn(usize) -> Turn) -> rusqlite::Result<()> {
    let mut clock = Clock { now: 1_770_714_000_000, parts: 0 };
    let mut store = rusqlite::Connection::open(path)?;
    store.execute_batch(TABLES)?;
    let rows = store.transaction()?;
    let session = "insert into session values (?1, 'p', null, 'garden', '/home/dev/garden', 'The garden', '1.1.0', null, ?2, ?2)";
    rows.execute(session, rusqlite::params![SESSION, clock.now])?;
    let (mut size, mut number) = (0, 0);
    while size < bytes {
        number += 1;
        for message in messages(&turn(number), &mut clock) {
            let info = message.info.to_string();
            size += info.len();
            let values = rusqlite::params![message.id, SESSION, clock.now, info];
            rows.execute("insert into message values (?1, ?2, ?3, ?3, ?4)", values)?;
            for (id, data) in message.parts {
                let data = data.to_string();
                size += data.len();
                let values = rusqlite::params![id, message.id, SESSION, clock.now, data];
                rows.execute("insert into part values (?1, ?2, ?3, ?4, ?4, ?5)", values)?;
            }
        }
    }
    rows.commit()
}
