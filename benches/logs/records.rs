//! Formats of one record a line, and OpenCode's export: invented sessions written down as these programs do.

use super::content::{Agent, Step, Turn};
use super::json::{Json, and, ordered, raw};

/// Writes turns one after another; remembers what the next record needs.
#[derive(Default)]
pub(crate) struct Writer {
    pub(crate) out: Vec<u8>,
    /// Milliseconds since the session began.
    clock: usize,
    records: usize,
    responses: usize,
}

impl Writer {
    fn line(&mut self, record: &Json) {
        serde_json::to_writer(&mut self.out, record).expect("memory takes everything");
        self.out.push(b'\n');
    }

    /// The time of the next record, `later` milliseconds after the one before it.
    fn stamp(&mut self, later: usize) -> String {
        self.clock += later;
        let moment = 1_770_714_000_000 + self.clock as i64;
        format!("{:.3}", jiff::Timestamp::from_millisecond(moment).expect("a time of this century"))
    }

    fn id(&mut self, prefix: &str) -> String {
        self.records += 1;
        format!("{prefix}{:022x}", self.records)
    }
}

fn result_of(agents: &[Agent]) -> usize {
    agents.iter().map(|agent| agent.seconds).max().unwrap_or_default() * 1000
}

/// A transcript of Claude Code.
pub(crate) mod claude_code {
    use super::*;

    pub(crate) fn write(writer: &mut Writer, turn: &Turn) {
        message(writer, "user", ordered!({"role": "user", "content": (turn.prompt)}), None);
        for step in &turn.steps {
            writer.responses += 1;
            match step {
                Step::Said(text) => assistant(writer, ordered!({"type": "text", "text": text})),
                Step::Shell { command, output } => {
                    let id = call(writer, "Bash", ordered!({"command": command, "description": "Look for it"}));
                    let extra = ordered!({"stdout": output, "stderr": "", "interrupted": false, "isImage": false});
                    result(writer, &id, &ordered!(output), extra);
                }
                Step::Edit { path, before, after } => {
                    let id = call(writer, "Edit", ordered!({"file_path": path, "old_string": before, "new_string": after}));
                    let extra = ordered!({"filePath": path, "oldString": before, "newString": after, "structuredPatch": []});
                    result(writer, &id, &ordered!((format!("The file {path} has been updated."))), extra);
                }
                Step::Agents(agents) => dispatch(writer, agents),
            }
        }
    }

    fn message(writer: &mut Writer, kind: &str, message: Json, result: Option<Json>) {
        let (uuid, stamp) = (writer.id("0000-"), writer.stamp(700));
        let record = ordered!({"parentUuid": uuid, "isSidechain": false, "userType": "external", "cwd": "/home/dev/garden",
            "sessionId": "5b1c1652-7e3a-4c11-9f60-2d8e71c0a9b4", "version": "2.1.143", "gitBranch": "main", "type": kind,
            "message": message, "uuid": uuid, "timestamp": stamp});
        let more = result.map(|result| ("toolUseResult", result));
        writer.line(&and(&record, more.as_slice()));
    }

    fn assistant(writer: &mut Writer, block: Json) {
        let usage =
            ordered!({"input_tokens": 2, "cache_creation_input_tokens": 3935, "cache_read_input_tokens": 21046, "output_tokens": 369});
        let body = ordered!({"model": "claude-opus-4-6", "id": (format!("msg_{:020}", writer.responses)), "type": "message", "role": "assistant",
            "content": [block], "stop_reason": "tool_use", "stop_sequence": null, "usage": usage});
        message(writer, "assistant", body, None);
    }

    fn call(writer: &mut Writer, tool: &str, input: Json) -> String {
        let id = writer.id("toolu_");
        assistant(writer, ordered!({"type": "tool_use", "id": id, "name": tool, "input": input}));
        id
    }

    fn result(writer: &mut Writer, id: &str, content: &Json, extra: Json) {
        let body = ordered!({"role": "user", "content": [{"tool_use_id": id, "type": "tool_result", "content": content}]});
        message(writer, "user", body, Some(extra));
    }

    fn dispatch(writer: &mut Writer, agents: &[Agent]) {
        let input = |agent: &Agent| ordered!({"description": (agent.description), "prompt": (agent.prompt), "subagent_type": "Explore"});
        let calls: Vec<String> = agents.iter().map(|agent| call(writer, "Agent", input(agent))).collect();
        writer.clock += result_of(agents);
        for (id, agent) in calls.iter().zip(agents) {
            let extra = ordered!({"status": "completed", "prompt": (agent.prompt), "agentId": (format!("a{}", &id[12..])),
                "content": [{"type": "text", "text": (agent.answer)}], "totalDurationMs": (agent.seconds * 1000), "totalToolUseCount": 9});
            result(writer, id, &ordered!([{"type": "text", "text": (agent.answer)}]), extra);
        }
    }
}

/// A rollout of Codex CLI.
pub(crate) mod codex {
    use super::*;

    pub(crate) fn write(writer: &mut Writer, turn: &Turn) {
        if writer.out.is_empty() {
            let meta = ordered!({"id": "019a1f00-7e3a-7c11-9f60-2d8e71c0a9b4", "timestamp": "2026-02-10T09:00:00.000Z", "cwd": "/home/dev/garden",
                "originator": "codex_cli_rs", "cli_version": "0.101.0", "source": "cli", "instructions": null});
            record(writer, "session_meta", meta);
        }
        record(writer, "turn_context", ordered!({"cwd": "/home/dev/garden", "approval_policy": "on-request", "model": "gpt-5.3-codex"}));
        message(writer, "user", "input_text", &turn.prompt);
        record(writer, "event_msg", ordered!({"type": "user_message", "message": (turn.prompt), "images": []}));
        for step in &turn.steps {
            match step {
                Step::Said(text) => {
                    record(writer, "event_msg", ordered!({"type": "agent_message", "message": text}));
                    message(writer, "assistant", "output_text", text);
                }
                Step::Shell { command, output } => {
                    let id = call(writer, "exec_command", &ordered!({"cmd": command, "workdir": "/home/dev/garden"}));
                    let text = format!("Chunk ID: a1\nWall time: 0.4 seconds\nProcess exited with code 0\nOutput:\n{output}");
                    result(writer, &id, &text);
                }
                Step::Edit { path, before, after } => edit(writer, path, before, after),
                Step::Agents(agents) => dispatch(writer, agents),
            }
            let usage = ordered!({"total_token_usage": {"input_tokens": 21046, "output_tokens": 369, "total_tokens": 21415}});
            record(writer, "event_msg", ordered!({"type": "token_count", "info": usage}));
        }
    }

    fn record(writer: &mut Writer, kind: &str, payload: Json) {
        let stamp = writer.stamp(350);
        writer.line(&ordered!({"timestamp": stamp, "type": kind, "payload": payload}));
    }

    fn message(writer: &mut Writer, role: &str, kind: &str, text: &str) {
        record(writer, "response_item", ordered!({"type": "message", "role": role, "content": [{"type": kind, "text": text}]}));
    }

    fn call(writer: &mut Writer, name: &str, arguments: &Json) -> String {
        let id = writer.id("call_");
        let call = ordered!({"type": "function_call", "name": name, "arguments": (arguments.to_string()), "call_id": id});
        record(writer, "response_item", call);
        id
    }

    fn result(writer: &mut Writer, id: &str, output: &str) {
        record(writer, "response_item", ordered!({"type": "function_call_output", "call_id": id, "output": output}));
    }

    fn edit(writer: &mut Writer, path: &str, before: &str, after: &str) {
        let id = writer.id("call_");
        let signed = |sign: char, text: &str| text.lines().map(|line| format!("{sign}{line}\n")).collect::<String>();
        let diff = format!("{}{}", signed('-', before), signed('+', after));
        let patch = format!("*** Begin Patch\n*** Update File: {path}\n@@\n{diff}*** End Patch\n");
        let call = ordered!({"type": "custom_tool_call", "status": "completed", "call_id": id, "name": "apply_patch", "input": patch});
        record(writer, "response_item", call);
        let change = ordered!({"type": "update", "unified_diff": diff, "move_path": null});
        let changes = raw(format!("{{{path:?}:{change}}}"));
        record(
            writer,
            "event_msg",
            ordered!({"type": "patch_apply_end", "call_id": id, "stdout": "Success.", "success": true, "changes": changes}),
        );
        let output = ordered!({"output": "Success.", "metadata": {"exit_code": 0, "duration_seconds": 0.1}}).to_string();
        record(writer, "response_item", ordered!({"type": "custom_tool_call_output", "call_id": id, "output": output}));
    }

    fn dispatch(writer: &mut Writer, agents: &[Agent]) {
        let spawn = |agent: &Agent| ordered!({"message": (agent.prompt), "agent_type": "explorer"});
        let calls: Vec<String> = agents.iter().map(|agent| call(writer, "spawn_agent", &spawn(agent))).collect();
        let ids: Vec<String> = calls.iter().map(|id| format!("019a1f01-0000-7000-8000-{}", &id[15..])).collect();
        for ((call, id), agent) in calls.iter().zip(&ids).zip(agents) {
            result(writer, call, &ordered!({"agent_id": id, "nickname": (agent.description)}).to_string());
        }
        let wait = call(writer, "wait_agent", &ordered!({"targets": ids, "timeout_ms": 300_000}));
        writer.clock += result_of(agents);
        let told = |(id, agent): (&String, &Agent)| format!("{id:?}:{}", ordered!({"completed": (agent.answer)}));
        let status = raw(format!("{{{}}}", ids.iter().zip(agents).map(told).collect::<Vec<_>>().join(",")));
        result(writer, &wait, &ordered!({"status": status, "timed_out": false}).to_string());
    }
}

/// The events of a session of Copilot CLI.
pub(crate) mod copilot {
    use super::*;

    pub(crate) fn write(writer: &mut Writer, turn: &Turn) {
        if writer.out.is_empty() {
            let start = ordered!({"sessionId": "5b1c1652-7e3a-4c11-9f60-2d8e71c0a9b4", "version": 1, "producer": "copilot-agent",
                "copilotVersion": "1.0.92", "startTime": "2026-02-10T09:00:00.000Z", "context": {"cwd": "/home/dev/garden"}});
            event(writer, "session.start", start);
        }
        let asked = ordered!({"content": (turn.prompt), "transformedContent": (format!("<now/>\n\n{}", turn.prompt)), "attachments": []});
        event(writer, "user.message", asked);
        for step in &turn.steps {
            writer.responses += 1;
            match step {
                Step::Said(text) => said(writer, text, ordered!([])),
                Step::Shell { command, output } => tool(writer, "bash", &ordered!({"command": command, "mode": "sync"}), output),
                Step::Edit { path, before, after } => {
                    tool(writer, "edit", &ordered!({"path": path, "old_str": before, "new_str": after}), "Updated.")
                }
                Step::Agents(agents) => dispatch(writer, agents),
            }
        }
    }

    fn event(writer: &mut Writer, kind: &str, data: Json) {
        let (id, stamp) = (writer.id("0000-"), writer.stamp(350));
        writer.line(&ordered!({"type": kind, "data": data, "id": id, "timestamp": stamp, "parentId": id}));
    }

    fn said(writer: &mut Writer, text: &str, requests: Json) {
        let response = writer.responses;
        let data = ordered!({"messageId": (format!("m-{response}")), "model": "claude-sonnet-4.6", "content": text, "toolRequests": requests,
            "interactionId": "i1", "turnId": (response.to_string()), "apiCallId": (format!("api-{response}")), "outputTokens": 40});
        event(writer, "assistant.message", data);
    }

    fn start(writer: &mut Writer, name: &str, id: &str, arguments: &Json) {
        event(writer, "tool.execution_start", ordered!({"toolCallId": id, "toolName": name, "arguments": arguments}));
    }

    fn complete(writer: &mut Writer, id: &str, output: &str) {
        let result = ordered!({"content": output, "detailedContent": output});
        event(writer, "tool.execution_complete", ordered!({"toolCallId": id, "success": true, "result": result, "toolTelemetry": {}}));
    }

    fn tool(writer: &mut Writer, name: &str, arguments: &Json, output: &str) {
        let id = writer.id("call_");
        said(writer, "", ordered!([{"toolCallId": id, "name": name, "arguments": arguments, "type": "function"}]));
        start(writer, name, &id, arguments);
        let exit = if name == "bash" { "\n<exited with exit code 0>" } else { "" };
        complete(writer, &id, &format!("{output}{exit}"));
    }

    fn dispatch(writer: &mut Writer, agents: &[Agent]) {
        let arguments = |agent: &Agent| ordered!({"agent_type": "explore", "description": (agent.description), "prompt": (agent.prompt), "mode": "sync"});
        let calls: Vec<String> = agents.iter().map(|_| writer.id("call_")).collect();
        let request = |(id, agent): (&String, &Agent)| ordered!({"toolCallId": id, "name": "task", "arguments": (arguments(agent)), "type": "function"});
        let requests: Vec<Json> = calls.iter().zip(agents).map(request).collect();
        said(writer, "", ordered!(requests));
        for (id, agent) in calls.iter().zip(agents) {
            start(writer, "task", id, &arguments(agent));
            event(
                writer,
                "subagent.started",
                ordered!({"toolCallId": id, "agentName": "explore", "agentDescription": (agent.description)}),
            );
        }
        writer.clock += result_of(agents);
        for (id, agent) in calls.iter().zip(agents) {
            let done = ordered!({"toolCallId": id, "agentName": "explore", "durationMs": (agent.seconds * 1000), "totalToolCalls": 9});
            event(writer, "subagent.completed", done);
            complete(writer, id, &agent.answer);
        }
    }
}
