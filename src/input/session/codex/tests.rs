//! Rollouts in small: what is kept of them, whatever stands in them.

use super::*;
use crate::model::session::{Dispatch, Status, Timing};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A session of these rollouts; each line is its time in seconds, its type and its payload.
fn session(rollouts: &[&[(u32, &str, Value)]]) -> Session {
    let texts: Vec<String> = rollouts
        .iter()
        .map(|lines| {
            let line = |(second, kind, payload): &(u32, &str, Value)| {
                json!({"timestamp": stamp(*second), "type": kind, "payload": payload}).to_string()
            };
            lines.iter().map(line).collect::<Vec<_>>().join("\n")
        })
        .collect();
    read_texts(&texts.iter().map(String::as_bytes).collect::<Vec<_>>())
}

fn read_texts(texts: &[&[u8]]) -> Session {
    let mut builder = Builder::default();
    for (number, text) in texts.iter().enumerate() {
        let path = format!("rollout-{number}.jsonl");
        builder.begin(&path, (number > 0).then_some(path.as_str()));
        for (number, line) in text.split(|byte| *byte == b'\n').enumerate() {
            builder.line(&path, number as u64 + 1, line);
        }
    }
    builder.finish("rollout-0.jsonl".to_owned())
}

fn stamp(second: u32) -> String {
    format!("2026-04-14T10:{:02}:{:02}.000Z", second / 60 % 60, second % 60)
}

fn meta(id: &str, parent: Option<&str>) -> Value {
    let source = parent.map_or(json!("cli"), |parent| json!({"subagent": {"thread_spawn": {"parent_thread_id": parent, "depth": 1}}}));
    json!({"id": id, "cwd": "/w", "source": source})
}

fn prompt(text: &str) -> Value {
    json!({"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]})
}

fn said(text: &str) -> Value {
    json!({"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text}]})
}

fn call(id: &str, name: &str, arguments: Value) -> Value {
    json!({"type": "function_call", "name": name, "call_id": id, "arguments": arguments.to_string()})
}

fn output(id: &str, text: &str) -> Value {
    json!({"type": "function_call_output", "call_id": id, "output": text})
}

fn spawned(id: &str, agent: &str) -> Value {
    output(id, &json!({"agent_id": agent, "nickname": "Ada"}).to_string())
}

/// A child that worked from one second to another.
fn child(id: &str, from: u32, to: u32) -> Vec<(u32, &'static str, Value)> {
    vec![
        (from, "session_meta", meta(id, Some("m"))),
        (from, "event_msg", json!({"type": "task_started"})),
        (to, "event_msg", json!({"type": "task_complete"})),
    ]
}

fn told(dispatch: &Dispatch) -> (Status, Timing, Option<i64>) {
    (dispatch.status, dispatch.timing, dispatch.started.zip(dispatch.ended).map(|(start, end)| (end.0 - start.0) / 1000))
}

#[test]
fn an_agent_ran_as_long_as_its_own_turn_says() {
    let main = [
        (0, "session_meta", meta("m", None)),
        (1, "response_item", prompt("go")),
        (2, "response_item", call("c", "spawn_agent", json!({"message": "Look.\nAt all of it."}))),
        (3, "response_item", spawned("c", "a")),
        (4, "response_item", call("w", "wait", json!({"ids": ["a"]}))),
        (40, "response_item", output("w", r#"{"status":{"a":{"completed":"x"}},"timed_out":false}"#)),
    ];
    let session = session(&[&main, &child("a", 3, 33)]);
    assert_eq!(session.dispatches.len(), 1);
    let dispatch = &session.dispatches[0];
    assert_eq!(told(dispatch), (Status::Completed, Timing::Transcript, Some(30)));
    assert_eq!((dispatch.agent.as_deref(), dispatch.description.as_deref(), dispatch.turn), (Some("a"), Some("Look."), 1));
    assert_eq!(session.transcripts[1].dispatch, Some(0));
    assert!(session.transcripts[0].calls.iter().all(|call| call.waits));
}

#[test]
fn the_first_end_that_is_told_counts() {
    let main = [
        (0, "session_meta", meta("m", None)),
        (2, "response_item", call("c", "spawn_agent", json!({"message": "x"}))),
        (3, "response_item", spawned("c", "a")),
        (20, "response_item", prompt(r#"<subagent_notification>{"agent_path":"a","status":{"completed":null}}</subagent_notification>"#)),
        (30, "response_item", call("k", "close_agent", json!({"target": "a"}))),
        (31, "response_item", output("k", r#"{"previous_status":{"completed":null}}"#)),
    ];
    let dispatch = session(&[&main]).dispatches.remove(0);
    assert_eq!(told(&dispatch), (Status::Completed, Timing::Bounds, None));
    assert_eq!(dispatch.returned.map(|at| at.to_string()), Some(stamp(20)));
}

#[test]
fn an_agent_without_an_end_runs_on() {
    let main = [
        (0, "session_meta", meta("m", None)),
        (2, "response_item", call("c", "spawn_agent", json!({"message": "x"}))),
        (3, "response_item", spawned("c", "a")),
        (4, "response_item", call("d", "spawn_agent", json!({"message": "y"}))),
    ];
    let session = session(&[&main]);
    assert_eq!(
        session.dispatches.iter().map(told).collect::<Vec<_>>(),
        [(Status::Running, Timing::None, None), (Status::NoResult, Timing::None, None)]
    );
}

#[test]
fn a_rollout_that_was_cut_off_times_nothing() {
    let main = [
        (0, "session_meta", meta("m", None)),
        (2, "response_item", call("c", "spawn_agent", json!({"message": "x"}))),
        (3, "response_item", spawned("c", "a")),
        (50, "response_item", prompt(r#"<subagent_notification>{"agent_path":"a","status":{"completed":null}}</subagent_notification>"#)),
    ];
    let mut cut = child("a", 3, 9);
    cut[2] = (9, "response_item", call("s", "exec_command", json!({"cmd": "ls"})));
    assert_eq!(told(&session(&[&main, &cut]).dispatches[0]), (Status::Completed, Timing::Bounds, None));
}

#[test]
fn a_message_to_an_agent_at_work_is_no_dispatch() {
    let main = [
        (0, "session_meta", meta("m", None)),
        (2, "response_item", call("c", "spawn_agent", json!({"message": "x"}))),
        (3, "response_item", spawned("c", "a")),
        (9, "response_item", call("s", "send_input", json!({"target": "a", "message": "y"}))),
        (60, "response_item", call("t", "send_input", json!({"target": "a", "message": "z"}))),
    ];
    let mut own = child("a", 3, 33);
    own.extend([
        (61, "event_msg", json!({"type": "task_started"})),
        (70, "event_msg", json!({"type": "turn_aborted", "reason": "interrupted"})),
    ]);
    let session = session(&[&main, &own]);
    let ids: Vec<&str> = session.dispatches.iter().map(|dispatch| dispatch.id.as_str()).collect();
    assert_eq!(ids, ["c", "t"]);
    assert_eq!(told(&session.dispatches[0]), (Status::Completed, Timing::Transcript, Some(30)));
    assert_eq!(told(&session.dispatches[1]), (Status::Interrupted, Timing::Transcript, Some(9)));
    assert_eq!(session.transcripts[0].other_means.len(), 1);
}

#[test]
fn an_agent_whose_call_is_lost_stands_where_the_log_first_speaks_of_it() {
    let answered = [(0, "session_meta", meta("m", None)), (3, "response_item", spawned("c", "a"))];
    let silent = [(0, "session_meta", meta("m", None))];
    let child = child("a", 4, 9);
    for (main, line) in [(&answered[..], 2), (&silent[..], 1)] {
        let dispatches = session(&[main, &child]).dispatches;
        assert_eq!(dispatches.iter().map(|dispatch| dispatch.line).collect::<Vec<_>>(), [line]);
    }
}

#[test]
fn an_activity_has_the_end_s_own_time() {
    let activity = |kind: &str, second: u32| {
        let at = Moment::parse(&stamp(second)).unwrap().0;
        json!({"type": "sub_agent_activity", "event_id": "c", "agent_thread_id": "a", "agent_path": "/root/x", "kind": kind, "occurred_at_ms": at})
    };
    let main = [
        (0, "session_meta", meta("m", None)),
        (2, "response_item", call("c", "spawn_agent", json!({"task_name": "x", "message": "gAAA"}))),
        (3, "event_msg", activity("started", 3)),
        (3, "response_item", output("c", r#"{"task_name":"/root/x"}"#)),
        (90, "event_msg", activity("completed", 43)),
    ];
    let dispatch = session(&[&main]).dispatches.remove(0);
    assert_eq!(told(&dispatch), (Status::Completed, Timing::Notification, Some(40)));
    assert_eq!((dispatch.agent.as_deref(), dispatch.description.as_deref()), (Some("a"), Some("x")));
}

#[test]
fn scripts_start_agents_that_only_their_rollouts_show() {
    let script = |text: &str| json!({"type": "custom_tool_call", "name": "exec", "call_id": "x", "input": text});
    let main = [
        (0, "session_meta", meta("m", None)),
        (1, "response_item", prompt("go")),
        (2, "response_item", script("await tools.spawn_agent({task_name: 'a'})")),
    ];
    let seen = session(&[&main, &child("a", 3, 33)]);
    assert_eq!(seen.dispatches.iter().map(told).collect::<Vec<_>>(), [(Status::Completed, Timing::Transcript, Some(30))]);
    assert_eq!((seen.dispatches[0].line, seen.dispatches[0].turn, seen.transcripts[0].other_means.len()), (3, 1, 0));
    let unseen = session(&[&main]);
    assert_eq!((unseen.dispatches.len(), unseen.transcripts[0].other_means.len()), (0, 1));
}

#[test]
fn one_text_of_two_records_is_one_claim_in_either_order() {
    let text = "I have launched three agents in parallel.";
    let event = (2, "event_msg", json!({"type": "agent_message", "message": text}));
    let item = (2, "response_item", said(text));
    for pair in [[event.clone(), item.clone()], [item, event]] {
        let [one, other] = pair;
        let session = session(&[&[(0, "session_meta", meta("m", None)), one, (2, "event_msg", json!({"type": "token_count"})), other]]);
        assert_eq!(session.transcripts[0].claims.len(), 1);
        assert_eq!(session.transcripts[0].responses.len(), 1);
    }
}

#[test]
fn one_prompt_of_two_records_is_one_turn() {
    let event = |text: &str| json!({"type": "user_message", "message": text});
    let lines = [
        (0, "session_meta", meta("m", None)),
        (1, "response_item", prompt("again")),
        (1, "event_msg", event("again")),
        (2, "response_item", said("Done.")),
        (3, "event_msg", event("again")),
        (3, "response_item", prompt("again")),
        (4, "response_item", prompt("<environment_context><cwd>/w</cwd></environment_context>")),
    ];
    assert_eq!(session(&[&lines]).transcripts[0].prompts.iter().map(|place| place.line).collect::<Vec<_>>(), [2, 5]);
}

#[test]
fn a_test_run_is_counted_once_however_often_it_is_told() {
    let ended = |id: &str| json!({"type": "exec_command_end", "call_id": id, "command": ["bash", "-lc", "cargo test"], "cwd": "/w", "exit_code": 0, "aggregated_output": "test result: ok. 7 passed; 0 failed"});
    let started = (2, "response_item", call("c", "exec_command", json!({"cmd": "cargo test"})));
    let running = (3, "response_item", output("c", "Wall time: 1 seconds\nProcess running with session ID 5\nOutput:\n"));
    let whole =
        (3, "response_item", output("c", "Wall time: 1 seconds\nProcess exited with code 0\nOutput:\ntest result: ok. 7 passed; 0 failed"));
    let meta = (0, "session_meta", meta("m", None));
    for lines in [
        vec![meta.clone(), started.clone(), whole.clone()],
        vec![meta.clone(), started.clone(), (3, "event_msg", ended("c")), whole],
        vec![meta.clone(), started.clone(), running.clone(), (8, "event_msg", ended("c"))],
        vec![meta.clone(), (3, "event_msg", ended("nested"))],
    ] {
        let session = session(&[&lines]);
        let runs: Vec<_> = session.transcripts[0].runs.iter().map(|run| (run.passed, run.count)).collect();
        assert_eq!(runs, [(Some(true), Some(7))], "{lines:?}");
    }
    let endless = session(&[&[meta, started, running]]);
    assert_eq!(endless.transcripts[0].runs.iter().map(|run| run.passed).collect::<Vec<_>>(), [None]);
}

#[test]
fn a_rollout_without_times_goes_by_its_lines() {
    let lines = [
        r#"{"id":"m","timestamp":"2025-06-01T09:00:00Z","instructions":null}"#,
        r#"{"type":"message","role":"assistant","content":[{"type":"output_text","text":"x"}]}"#,
    ];
    let session = read_texts(&[lines.join("\n").as_bytes()]);
    assert_eq!((session.clock, session.id.as_str(), session.records), (Clock::Lines, "m", 2));
    assert!(session.started.is_some() && session.transcripts[0].responses[0].ends_turn);
}

#[test]
fn agents_that_name_each_other_end() {
    let circle = |id: &str, parent: &str| vec![(1, "session_meta", meta(id, Some(parent))), (2, "response_item", said("x"))];
    let session = session(&[&circle("a", "b"), &circle("b", "a"), &circle("b", "b")]);
    assert_eq!(session.transcripts.len(), 3);
}

/// A piece of a line that may mean something.
fn piece() -> impl Strategy<Value = String> {
    let words = [
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"",
        "\\",
        "null",
        "7",
        "\n",
        "{\"timestamp\":\"2026-04-14T10:00:00.000Z\",\"type\":\"response_item\",\"payload\":",
        "{\"type\":\"event_msg\",\"payload\":",
        "\"type\":\"session_meta\"",
        "\"type\":\"function_call\"",
        "\"type\":\"task_started\"",
        "\"call_id\":\"c\"",
        "\"name\":\"spawn_agent\"",
        "\"name\":\"exec\"",
        "\"arguments\":\"{}\"",
        "\"output\":\"{\\\"agent_id\\\":\\\"a\\\"}\"",
        "\"id\":\"m\"",
        "\"source\":{\"subagent\":",
    ];
    prop::sample::select(words.to_vec()).prop_map(str::to_owned)
}

proptest! {
    #[test]
    fn nothing_makes_it_panic(one in prop::collection::vec(piece(), 0..60), other in prop::collection::vec(any::<u8>(), 0..300)) {
        let one = one.concat();
        let session = read_texts(&[one.as_bytes(), &other]);
        prop_assert!(session.dispatches.iter().all(|dispatch| dispatch.transcript < session.transcripts.len()));
    }

    #[test]
    fn lines_in_any_order_keep_every_interval_in_order(seed in prop::collection::vec((0u32..3000, 0usize..14), 0..40)) {
        let main: Vec<(u32, &str, Value)> = seed.iter().map(|(second, what)| {
            let (kind, payload) = match what {
                0 => ("session_meta", meta("m", None)),
                1 => ("response_item", call("c", "spawn_agent", json!({"message": "x"}))),
                2 => ("response_item", spawned("c", "a")),
                3 => ("response_item", call("s", "send_input", json!({"target": "a"}))),
                4 => ("response_item", output("w", r#"{"status":{"a":"shutdown"}}"#)),
                5 => ("response_item", call("w", "wait_agent", json!({"targets": ["a"]}))),
                6 => ("event_msg", json!({"type": "task_started", "started_at": second})),
                7 => ("event_msg", json!({"type": "task_complete"})),
                8 => ("event_msg", json!({"type": "sub_agent_activity", "event_id": "c", "agent_thread_id": "a", "kind": "completed"})),
                9 => ("response_item", call("k", "close_agent", json!({"target": "a"}))),
                10 => ("response_item", output("k", "{}")),
                11 => ("session_meta", meta("a", Some("m"))),
                12 => ("response_item", prompt("go")),
                _ => ("response_item", said("I launched two agents in parallel.")),
            };
            (*second, kind, payload)
        }).collect();
        let session = session(&[&main, &main]);
        for dispatch in &session.dispatches {
            prop_assert!(dispatch.started.is_none_or(|start| dispatch.ended.is_some_and(|end| start <= end)), "{dispatch:?}");
            prop_assert_eq!(dispatch.started.is_some(), matches!(dispatch.timing, Timing::Transcript | Timing::Notification));
        }
    }
}

#[test]
fn an_agent_that_an_error_ended_has_failed() {
    let main = |status: Value| {
        [
            (0, "session_meta", meta("m", None)),
            (2, "response_item", call("c", "spawn_agent", json!({"message": "x"}))),
            (3, "response_item", spawned("c", "a")),
            (4, "response_item", call("w", "wait", json!({"ids": ["a"]}))),
            (40, "response_item", output("w", &json!({"status": {"a": status}, "timed_out": false}).to_string())),
        ]
    };
    let child = |error: bool, last: Value| {
        let mut lines = vec![(3, "session_meta", meta("a", Some("m"))), (3, "event_msg", json!({"type": "task_started"}))];
        lines.extend(error.then(|| (20, "event_msg", json!({"type": "error", "message": "no"}))));
        lines.push((21, "event_msg", json!({"type": "task_complete", "last_agent_message": last})));
        lines
    };
    for (status, child, wanted) in [
        (json!({"errored": "no"}), child(false, Value::Null), Status::Failed),
        (json!("running"), child(true, Value::Null), Status::Failed),
        (json!({"completed": "x"}), child(true, json!("x")), Status::Completed),
        (json!({"completed": null}), child(false, Value::Null), Status::Completed),
    ] {
        let dispatch = session(&[&main(status), &child]).dispatches.remove(0);
        assert_eq!(told(&dispatch), (wanted, Timing::Transcript, Some(18)));
    }
}

#[test]
fn what_a_claim_is_known_by_holds_the_thread_and_no_line() {
    let names = |thread: &str, before: usize| {
        let mut lines = vec![(0, "session_meta", meta(thread, None))];
        lines.extend((0..before).map(|_| (1, "turn_context", json!({"cwd": "/w"}))));
        lines.push((1, "response_item", prompt("go")));
        lines.push((2, "response_item", said("I launched two agents in parallel.")));
        let claim = session(&[&lines]).transcripts.remove(0).claims.remove(0);
        (claim.response, claim.record)
    };
    assert_eq!(names("one", 0), names("one", 3));
    assert_ne!(names("one", 0), names("two", 0));
    assert_ne!(names("one", 0).0, names("two", 0).0);
}
