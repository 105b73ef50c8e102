use super::builder::Builder;
use super::head::Head;
use super::pieces::{Piece, Seen, each_piece};
use super::record::Info;
use super::source::{RawMessage, RawPart};
use crate::model::moment::Moment;
use crate::model::session::{Dispatch, Numbering, Status, Timing};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::io::Read;

/// Hands out a few bytes at a time, as a slow disk or a pipe does.
struct Drip<'a>(&'a [u8], usize);

impl Read for Drip<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.1.min(self.0.len()).min(buffer.len());
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

fn pieces(source: impl Read) -> (Vec<Value>, Vec<RawMessage>, Seen) {
    let (mut infos, mut messages) = (Vec::new(), Vec::new());
    let seen = each_piece(source, |piece| match piece {
        Piece::Info(bytes) => infos.push(serde_json::from_slice(&bytes).unwrap_or(Value::Null)),
        Piece::Message(message) => messages.push(message),
    })
    .unwrap();
    (infos, messages, seen)
}

/// Any JSON that a field may hold, quotes, brackets and line ends in texts included.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-z\"\\\\{}\\[\\]:,\n é]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        let key = prop_oneof![Just("info".to_owned()), Just("messages".to_owned()), Just("parts".to_owned()), "[a-z\"\\\\]{0,5}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(key, inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn export() -> impl Strategy<Value = Value> {
    let message = (value(), prop::collection::vec(value(), 0..4)).prop_map(|(extra, parts)| {
        let parts: Vec<Value> = parts.into_iter().map(|part| json!({"type": "x", "more": part})).collect();
        json!({"info": {"role": "user", "extra": extra}, "parts": parts})
    });
    (value(), prop::collection::vec(message, 0..4))
        .prop_map(|(extra, messages)| json!({"info": {"id": "ses_1", "extra": extra}, "messages": messages}))
}

proptest! {
    #[test]
    fn a_document_falls_into_its_pieces(export in export(), pretty: bool, drip in 1usize..60, before: bool) {
        let mut text = if pretty { serde_json::to_string_pretty(&export).unwrap() } else { export.to_string() };
        if before {
            text.insert_str(0, "Exporting session: {\"ses_1\"}\n\n");
        }
        let (infos, messages, seen) = pieces(Drip(text.as_bytes(), drip));
        prop_assert_eq!(&infos, &[export["info"].clone()]);
        let wanted = export["messages"].as_array().unwrap();
        prop_assert_eq!(messages.len(), wanted.len());
        for (message, wanted) in messages.iter().zip(wanted) {
            prop_assert_eq!(&serde_json::from_slice::<Value>(&message.info).unwrap(), &wanted["info"]);
            let parts: Vec<Value> = message.parts.iter().map(|part| serde_json::from_slice(&part.bytes).unwrap()).collect();
            prop_assert_eq!(&parts, wanted["parts"].as_array().unwrap());
            let numbers: Vec<u64> = message.parts.iter().map(|part| part.line).collect();
            let in_order = if pretty { numbers.is_sorted() } else { numbers.iter().all(|line| *line == 0) };
            prop_assert!(in_order);
        }
        prop_assert_eq!(seen, Seen { cut: false, more_behind: false, in_lines: pretty, lines_before: if before { 2 } else { 0 } });
    }

    #[test]
    fn a_document_that_is_cut_keeps_what_is_whole(export in export(), at in 0.0f64..1.0, drip in 1usize..60) {
        let text = serde_json::to_string_pretty(&export).unwrap();
        let cut = &text.as_bytes()[..(text.len() as f64 * at) as usize];
        let (_, messages, seen) = pieces(Drip(cut, drip));
        prop_assert_eq!(seen.cut, !cut.is_empty());
        let wanted = export["messages"].as_array().unwrap();
        prop_assert!(messages.len() <= wanted.len());
        for (message, wanted) in messages.iter().zip(wanted) {
            for (part, wanted) in message.parts.iter().zip(wanted["parts"].as_array().unwrap()) {
                prop_assert_eq!(&serde_json::from_slice::<Value>(&part.bytes).unwrap(), wanted);
            }
        }
    }

    #[test]
    fn nothing_makes_the_reader_panic(bytes in prop::collection::vec(prop_oneof![Just(b'{'), Just(b'}'), Just(b'['), Just(b']'), Just(b'"'), Just(b'\\'), Just(b':'), Just(b','), Just(b'\n'), any::<u8>()], 0..200)) {
        let mut document = b"{\"info\":{\"id\":\"ses_1\"},\"messages\":[{\"info\":{\"role\":\"assistant\"},\"parts\":[".to_vec();
        document.extend_from_slice(&bytes);
        for source in [&document, &bytes] {
            let mut builder = Builder::new("x");
            let thread = builder.begin(Info::default(), "x");
            let (_, messages, _) = pieces(source.as_slice());
            messages.iter().for_each(|message| builder.message(thread, message));
            builder.dispatches();
            let _ = Head::of(source);
        }
    }
}

#[test]
fn a_million_brackets_are_no_obstacle() {
    let deep = format!("{}{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
    let text = format!(
        "{{\"info\":{{\"id\":\"ses_1\",\"x\":{deep}}},\"other\":{deep},\"messages\":[{{\"info\":{{\"role\":\"user\"}},\"parts\":[{{\"type\":\"text\",\"text\":\"go\",\"x\":{deep}}}]}}]}}"
    );
    let (infos, messages, seen) = pieces(text.as_bytes());
    assert_eq!((infos.len(), messages.len(), messages[0].parts.len(), seen.cut), (1, 1, 1, false));
    let mut builder = Builder::new("x");
    let thread = builder.begin(Info::default(), "x");
    builder.message(thread, &messages[0]);
    assert_eq!((builder.records, builder.damage.count, builder.threads[0].thread.transcript.prompts.len()), (1, 0, 1));
}

#[test]
fn files_are_told_by_what_they_hold() {
    let session =
        json!({"id": "ses_1", "version": "1.0", "projectID": "p", "directory": "/w", "title": "t", "time": {"created": 1, "updated": 1}});
    let cases = [
        (json!({"info": session, "messages": []}), Head::Export),
        (session.clone(), Head::Session),
        (json!({"id": "msg_1", "sessionID": "ses_1", "role": "user", "time": {"created": 1}}), Head::Message),
        (json!({"id": "prt_1", "sessionID": "ses_1", "messageID": "msg_1", "type": "text", "text": "x"}), Head::Part),
        (json!({"info": {"title": "Shop API", "version": "1"}, "openapi": "3.0.0"}), Head::Other),
        (json!({"openapi": "3.0.0", "info": {"id": "x", "title": "Shop API", "version": "1"}}), Head::Other),
        (json!({"id": "project", "worktree": "/w"}), Head::Other),
        (json!({"type": "user", "uuid": "u", "sessionId": "s"}), Head::Other),
    ];
    for (value, wanted) in cases {
        for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            assert_eq!(Head::of(text.as_bytes()), wanted, "{text}");
        }
    }
    let export = serde_json::to_string_pretty(&json!({"info": session, "messages": [{"info": {"role": "user"}, "parts": []}]})).unwrap();
    let whole = |text: &str| Head::of(text.as_bytes());
    assert_eq!(whole(&format!("\u{feff}{export}")), Head::Export);
    assert_eq!(whole(&format!("Exporting session: ses_1\r\n{export}")), Head::Export);
    // The beginning alone tells it, wherever it breaks off behind the first facts.
    assert!((export.find("\"messages\"").unwrap()..export.len()).all(|end| whole(&export[..end]) == Head::Export));
    assert_eq!(whole("SQLite format 3\0..."), Head::Store);
    assert_eq!(whole("# Notes\n\nSome {\"info\": 1} text"), Head::Other);
}

/// A session of two threads: the main one with these parts in one message, and one agent's with these messages.
fn session(parts: &[Value], agent: &[Value]) -> (Builder, Vec<Dispatch>) {
    let mut builder = Builder::new("log");
    let info = |id: &str, parent: Option<&str>| Info { id: Some(id.into()), parent: parent.map(str::to_owned), ..Info::default() };
    let raw = |info: Value, parts: &[Value]| RawMessage {
        info: info.to_string().into_bytes(),
        parts: parts.iter().map(|part| RawPart { bytes: part.to_string().into_bytes(), ..RawPart::default() }).collect(),
        ..RawMessage::default()
    };
    let main = builder.begin(info("ses_m", None), "log");
    builder.message(main, &raw(json!({"id": "m1", "role": "assistant", "time": {"created": 1_000_000, "completed": 9_000_000}}), parts));
    if !agent.is_empty() {
        let child = builder.begin(info("ses_a", Some("ses_m")), "log");
        for message in agent {
            builder.message(child, &raw(message["info"].clone(), message["parts"].as_array().unwrap()));
        }
    }
    let dispatches = builder.dispatches();
    (builder, dispatches)
}

fn task(id: &str, state: Value) -> Value {
    let mut state = state;
    state["input"] = json!({"description": "look", "prompt": "Look at it.", "subagent_type": "explore"});
    json!({"id": id, "type": "tool", "tool": "task", "callID": "call_0", "state": state})
}

fn agent(from: i64, to: Option<i64>) -> Vec<Value> {
    let mut time = json!({"created": from + 10});
    if let Some(to) = to {
        time["completed"] = json!(to);
    }
    vec![
        json!({"info": {"id": "a1", "role": "user", "time": {"created": from}}, "parts": [{"type": "text", "text": "Look at it."}]}),
        json!({"info": {"id": "a2", "role": "assistant", "time": time}, "parts": [{"type": "tool", "tool": "read", "state": {"status": "completed", "time": {"start": from + 20, "end": from + 30}}}]}),
    ]
}

fn told(one: &Dispatch) -> (Timing, Status, Option<i64>, Option<i64>) {
    (one.timing, one.status, one.started.map(|at| at.0), one.ended.map(|at| at.0))
}

#[test]
fn a_call_is_timed_by_the_best_source() {
    let completed =
        |start: i64, end: i64| json!({"status": "completed", "metadata": {"sessionId": "ses_a"}, "time": {"start": start, "end": end}});
    let (_, by_agent) = session(&[task("p1", completed(2_000_000, 3_000_000))], &agent(2_000_100, Some(2_999_900)));
    assert_eq!(told(&by_agent[0]), (Timing::Transcript, Status::Completed, Some(2_000_100), Some(2_999_900)));
    assert_eq!((by_agent[0].tool_uses, by_agent[0].agent_type.as_deref()), (Some(1), Some("explore")));
    // Without the agent's session, or where that was cut, the call's own times are exact.
    for messages in [vec![], agent(2_000_100, None), agent(2_000_100, Some(2_500_000))] {
        let (_, by_call) = session(&[task("p1", completed(2_000_000, 3_000_000))], &messages);
        assert_eq!(told(&by_call[0]), (Timing::Duration, Status::Completed, Some(2_000_000), Some(3_000_000)));
    }
    // A call that comes back long before its agent is done did not wait for it.
    let (_, background) = session(&[task("p1", completed(2_000_000, 2_000_050))], &agent(2_000_010, Some(5_000_000)));
    assert_eq!(told(&background[0]), (Timing::Transcript, Status::Completed, Some(2_000_010), Some(5_000_000)));
    assert!(background[0].background);
    // An end before the start is none.
    let (_, odd) = session(&[task("p1", completed(3_000_000, 2_000_000))], &[]);
    assert_eq!(told(&odd[0]), (Timing::None, Status::Completed, None, None));
}

#[test]
fn a_call_that_failed_is_bounded_unless_its_agent_is_known() {
    let error = |text: &str, start: i64, metadata: Value| json!({"status": "error", "error": text, "metadata": metadata, "time": {"start": start, "end": 3_000_000}});
    let one = |state: Value, messages: &[Value]| told(&session(&[task("p1", state)], messages).1[0]);
    let bounds = |status| (Timing::Bounds, status, None, None);
    assert_eq!(one(error("Error: Unknown agent type: x", 2_000_000, Value::Null), &[]), bounds(Status::Failed));
    assert_eq!(one(error("Tool execution aborted", 3_000_000, Value::Null), &[]), bounds(Status::Interrupted));
    assert_eq!(one(error("x", 2_000_000, json!({"interrupted": true})), &[]), bounds(Status::Interrupted));
    let named = json!({"sessionId": "ses_a", "interrupted": true});
    assert_eq!(
        one(error("Tool execution aborted", 2_000_000, named), &[]),
        (Timing::Duration, Status::Interrupted, Some(2_000_000), Some(3_000_000))
    );
    // An old abort, with its own time as the start: the agent ran at some time since the message began, not for no time.
    let (_, old) = session(&[task("p1", error("Tool execution aborted", 3_000_000, json!({"sessionId": "ses_a"})))], &[]);
    assert_eq!(told(&old[0]), bounds(Status::Interrupted));
    assert_eq!((old[0].requested, old[0].returned), (Some(Moment(1_000_000)), Some(Moment(3_000_000))));
    // The agent of a call that does not name it is known by its prompt.
    let by_prompt = one(error("Tool execution aborted", 3_000_000, Value::Null), &agent(2_000_000, Some(2_999_000)));
    assert_eq!(by_prompt, (Timing::Transcript, Status::Interrupted, Some(2_000_000), Some(2_999_000)));
    let refused = error("The user rejected permission to use this specific tool call.", 2_000_000, Value::Null);
    assert_eq!(one(refused, &[]), (Timing::None, Status::Rejected, None, None));
}

#[test]
fn a_call_without_an_end_is_open() {
    for state in [json!({"status": "pending", "raw": ""}), json!({"status": "running", "time": {"start": 2_000_000}}), json!({})] {
        let (builder, open) = session(&[task("p1", state)], &[]);
        assert_eq!(told(&open[0]), (Timing::None, Status::NoResult, None, None));
        assert!(builder.threads[0].thread.transcript.ends_mid_turn);
    }
}

#[test]
fn calls_with_one_identifier_are_several() {
    let state = |start: i64| json!({"status": "completed", "time": {"start": start, "end": start + 10}});
    let (_, dispatches) = session(&[task("p1", state(2_000_000)), task("p2", state(3_000_000))], &[]);
    assert_eq!(dispatches.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["p1", "p2"]);
    assert!(dispatches.iter().all(|one| one.response.as_deref() == Some("m1") && one.requested.is_some_and(|at| at >= Moment(2_000_000))));
}

#[test]
fn a_plugins_tool_that_made_a_session_starts_an_agent() {
    let part = json!({"id": "p1", "type": "tool", "tool": "call_omo_agent", "state": {"status": "completed", "input": {"prompt": "Look at it.", "description": "look"},
        "metadata": {"sessionId": "ses_a"}, "time": {"start": 2_000_000, "end": 3_000_000}}});
    let (_, dispatches) = session(&[part], &agent(2_000_000, Some(2_999_999)));
    assert_eq!((dispatches.len(), dispatches[0].timing), (1, Timing::Transcript));
    let part = json!({"id": "p1", "type": "tool", "tool": "background_output", "state": {"status": "completed", "input": {"task_id": "bg_1"}, "metadata": {"sessionId": "ses_a"}}});
    let (builder, dispatches) = session(&[part], &[]);
    assert!(dispatches.is_empty() && builder.threads[0].thread.transcript.calls[0].waits);
}

#[test]
fn a_line_end_behind_a_damaged_document_does_not_make_it_one_in_lines() {
    let whole =
        json!({"info": {"id": "ses_1"}, "messages": [{"info": {"role": "user"}, "parts": [{"type": "text", "text": "go"}]}]}).to_string();
    let (_, messages, seen) = pieces(format!("{}\n", &whole[..whole.len() - 1]).as_bytes());
    assert_eq!((messages[0].line, messages[0].parts[0].line, seen.in_lines, seen.cut), (0, 0, false, true));
}

#[test]
fn where_one_export_has_no_lines_the_session_has_none() {
    let export = |id: &str, parent: Option<&str>| {
        let info = json!({"id": id, "parentID": parent, "version": "1.0", "projectID": "p", "directory": "/w", "title": "t", "time": {"created": 1, "updated": 1}});
        json!({"info": info, "messages": [{"info": {"role": "user"}, "parts": [{"type": "text", "text": "go"}]}]})
    };
    let (main, agent) = (export("ses_m", None), export("ses_a", Some("ses_m")));
    let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let numbering = |main: String, agent: String| {
        let (one, other) = (folder.path().join("main.json"), folder.path().join("agent.json"));
        std::fs::write(&one, main).unwrap();
        std::fs::write(&other, agent).unwrap();
        let files = super::LogFiles {
            main: one,
            agents: vec![other],
            part: None,
            id: None,
            agent_ids: Vec::new(),
            named: true,
            bytes: 0,
            format: None,
        };
        super::read(&files).unwrap().numbering
    };
    assert_eq!(numbering(pretty(&main), pretty(&agent)), Numbering::Lines);
    assert_eq!(numbering(pretty(&main), agent.to_string()), Numbering::Records);
    assert_eq!(numbering(main.to_string(), pretty(&agent)), Numbering::Records);
}
