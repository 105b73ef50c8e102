//! A log that holds, wherever a log can hold words, what hurts those who show them.

use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Stands for half of a character that needs two, which only an escape of JSON can hold.
const HALF: &str = "half-of-a-character";

/// What would run in a page; all of it would leave a trace in `window.injected`.
pub(crate) const SCRIPTS: [&str; 5] = [
    "<script>window.injected = 1; document.title = 'injected'</script>",
    "</script><script>window.injected = 2</script>",
    "<img src=x onerror=\"window.injected = 3\"><svg onload='window.injected = 4'>",
    "[a](javascript:window.injected=5) javascript:window.injected=6",
    "--><!-- ]]> <![CDATA[ &lt;b&gt; &#0; \" ' ` </style></title></textarea>",
];

/// What would act on a terminal, on a runner, or on whoever reads markdown.
const OTHERS: [&str; 8] = [
    "\u{1b}[31mred\u{1b}[0m \u{9b}2J \u{7}\u{8}\u{7f}",
    "\u{202e}gnp.exe\u{2066} \u{200f}\u{feff}\u{200b}\u{e0041}",
    "one\n::error::forged\r\n::set-output name=x::y\n##[error]forged",
    "::stop-commands::x ##[group]y %0A::error::z",
    "NUL \u{0} and half-of-a-character | a | b |",
    "```\n# heading\n|---|\n@everyone #1 <details> ~~~",
    "%%{init: {}}%% section : a, b; click x href \"javascript:1\"",
    "../../etc/passwd {{7*7}} ${x} `x` \u{2028}\u{2029}\u{fffe}",
];

/// All of them, and one that is a megabyte long and has no blank.
pub(crate) fn texts() -> Vec<String> {
    let short = SCRIPTS.iter().chain(&OTHERS).map(|text| (*text).to_owned());
    short.chain(["x".repeat(1 << 20)]).collect()
}

/// Writes the log into a folder, with the transcripts of its agents. Each text is a claim's words, the description of an
/// agent, the name of a tool that it used, and the path of a file that it and the next agent edited at the same time.
pub(crate) fn write(folder: &Path) -> PathBuf {
    let texts = texts();
    let calls: Vec<Value> = texts.iter().enumerate().map(|(index, text)| call(index, text)).collect();
    let mut main = vec![record("user", 0, json!({"role": "user", "content": "Please look at it."}))];
    for (index, text) in texts.iter().enumerate() {
        let claim = format!("I'll launch thirty agents in parallel {text}.");
        main.push(assistant(index, json!([{"type": "text", "text": claim}])));
    }
    main.push(assistant(texts.len(), Value::Array(calls)));
    for (index, text) in texts.iter().enumerate() {
        main.push(result(index, text));
    }
    let last = json!({"id": "msg_last", "role": "assistant", "stop_reason": "end_turn", "content": [{"type": "text", "text": "Done."}]});
    main.push(record("assistant", 58, last));
    let agents = folder.join("hostile/subagents");
    std::fs::create_dir_all(&agents).unwrap();
    for (index, text) in texts.iter().enumerate() {
        let next = &texts[(index + 1) % texts.len()];
        write_lines(&agents.join(format!("agent-{}.jsonl", agent(index))), &transcript(index, text, next));
    }
    let path = folder.join("hostile.jsonl");
    write_lines(&path, &main);
    path
}

fn write_lines(path: &Path, records: &[Value]) {
    let lines = records.iter().enumerate().map(|(number, record)| {
        let mut record = record.clone();
        record["uuid"] = format!("{}-{number}", path.file_stem().unwrap().to_string_lossy()).into();
        record.to_string().replace(HALF, "\\ud83d") + "\n"
    });
    std::fs::write(path, lines.collect::<String>()).unwrap();
}

fn agent(index: usize) -> String {
    format!("a{index:016x}")
}

fn record(kind: &str, second: usize, message: Value) -> Value {
    json!({"parentUuid": null, "isSidechain": false, "cwd": "/w", "sessionId": "<script>window.injected = 7</script>", "version": "2.1.100",
        "type": kind, "message": message, "timestamp": format!("2026-03-11T10:00:{second:02}.000Z")})
}

fn assistant(number: usize, content: Value) -> Value {
    record("assistant", 2, json!({"id": format!("msg_{number}"), "role": "assistant", "stop_reason": "tool_use", "content": content}))
}

/// The call that starts an agent.
fn call(index: usize, text: &str) -> Value {
    let input = json!({"description": text, "prompt": format!("{index}: {text}"), "subagent_type": text});
    json!({"type": "tool_use", "id": format!("toolu_{index}"), "name": "Agent", "input": input})
}

/// What the agent's call brought.
fn result(index: usize, text: &str) -> Value {
    let content = json!([{"type": "tool_result", "tool_use_id": format!("toolu_{index}"), "content": text}]);
    let mut record = record("user", 40 + index, json!({"role": "user", "content": content}));
    record["toolUseResult"] = json!({"status": "completed", "agentId": agent(index), "prompt": format!("{index}: {text}")});
    record
}

/// What the agent did: it used a tool, and it edited its own file and that of the next agent.
fn transcript(index: usize, text: &str, next: &str) -> Vec<Value> {
    let mine = |kind: &str, second: usize, content: Value| {
        let message = json!({"id": format!("msg_{index}_{second}"), "role": kind, "content": content});
        let mut record = record(kind, second, message);
        record["isSidechain"] = true.into();
        record["agentId"] = agent(index).into();
        record
    };
    let mut records = vec![mine("user", 4, format!("{index}: {text}").into())];
    let edit = |path: &str| json!({"file_path": format!("/w/{path}"), "old_string": "a", "new_string": "b"});
    let uses = [(text, json!({"command": text})), ("Edit", edit(text)), ("Edit", edit(next))];
    for (number, (tool, input)) in uses.into_iter().enumerate() {
        let (id, second) = (format!("toolu_{index}_{number}"), 5 + 2 * number);
        records.push(mine("assistant", second, json!([{"type": "tool_use", "id": id, "name": tool, "input": input}])));
        records.push(mine("user", second + 1, json!([{"type": "tool_result", "tool_use_id": id, "content": "done"}])));
    }
    records.push(mine("assistant", 20 + index, json!([{"type": "text", "text": "Done."}])));
    records
}
