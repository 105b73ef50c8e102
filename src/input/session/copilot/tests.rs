//! Small logs, and what they come to.

use super::builder::Builder;
use crate::model::moment::Moment;
use crate::model::session::{Session, Status, Timing};
use proptest::prelude::*;

fn read(lines: &[String]) -> Session {
    let mut builder = Builder::new("events.jsonl");
    for (index, line) in lines.iter().enumerate() {
        builder.line(index as u64 + 1, line.as_bytes());
    }
    super::session(builder, "s".to_owned())
}

fn stamp(second: i64) -> String {
    Moment(1_770_000_000_000 + second * 1000).to_string()
}

/// An event; `data` without its braces. The identifier is made of time, kind and agent.
fn event(second: i64, kind: &str, agent: &str, data: &str) -> String {
    let of = if agent.is_empty() { String::new() } else { format!("\"agentId\":\"{agent}\",") };
    format!("{{\"type\":\"{kind}\",{of}\"data\":{{{data}}},\"id\":\"e{second}{kind}{agent}\",\"timestamp\":\"{}\"}}", stamp(second))
}

fn start(second: i64, agent: &str, call: &str, tool: &str, arguments: &str) -> String {
    let data = format!("\"toolCallId\":\"{call}\",\"toolName\":\"{tool}\",\"arguments\":{arguments}");
    event(second, "tool.execution_start", agent, &data)
}

fn complete(second: i64, agent: &str, call: &str, output: &str) -> String {
    let data = format!("\"toolCallId\":\"{call}\",\"success\":true,\"result\":{{\"content\":\"{output}\"}}");
    event(second, "tool.execution_complete", agent, &data)
}

fn begun(second: i64, agent: &str, call: &str, mode: &str) -> String {
    event(second, "subagent.started", agent, &format!("\"toolCallId\":\"{call}\",\"agentName\":\"explore\",\"executionMode\":\"{mode}\""))
}

fn ended(second: i64, agent: &str, call: &str) -> String {
    event(second, "subagent.completed", agent, &format!("\"toolCallId\":\"{call}\""))
}

fn said(second: i64, agent: &str, text: &str) -> String {
    event(second, "assistant.message", agent, &format!("\"content\":\"{text}\",\"toolRequests\":[],\"messageId\":\"m{second}{agent}\""))
}

/// Start and end of a session's dispatch, in seconds.
fn ran(session: &Session, index: usize) -> Option<(i64, i64)> {
    let second = |moment: Moment| (moment.0 - 1_770_000_000_000) / 1000;
    let dispatch = &session.dispatches[index];
    dispatch.started.map(second).zip(dispatch.ended.map(second))
}

#[test]
fn one_that_is_waited_for_ends_with_its_return_or_its_own_end_whichever_comes_first() {
    for (end, back, wanted) in [(40, 41, 40), (43, 41, 41)] {
        let mut lines = vec![start(1, "", "c", "task", "{}"), begun(2, "a", "c", "sync"), said(3, "a", "done")];
        lines.push(complete(back, "", "c", "fine"));
        lines.push(ended(end, "a", "c"));
        let session = read(&lines);
        assert_eq!(ran(&session, 0), Some((2, wanted)));
        assert_eq!((session.dispatches[0].background, session.dispatches[0].status), (false, Status::Completed));
    }
}

#[test]
fn without_a_word_of_the_agent_itself_there_are_bounds_only() {
    let session = read(&[start(1, "", "c", "task", "{}"), complete(30, "", "c", "fine")]);
    let dispatch = &session.dispatches[0];
    assert_eq!((ran(&session, 0), dispatch.timing, dispatch.status), (None, Timing::Bounds, Status::Completed));
}

#[test]
fn an_end_in_the_background_counts_once_the_agent_was_seen_at_work() {
    let launch = [start(1, "", "c", "task", "{\"mode\":\"background\"}"), begun(2, "a", "c", "background")];
    let launched = complete(3, "", "c", "Agent started in background with agent_id: a.");
    let mute = read(&[launch[0].clone(), launch[1].clone(), launched.clone(), ended(4, "a", "c")]);
    assert_eq!((ran(&mute, 0), mute.dispatches[0].timing), (None, Timing::None));
    let seen = read(&[launch[0].clone(), launch[1].clone(), launched.clone(), said(20, "a", "done"), ended(21, "a", "c")]);
    assert_eq!(ran(&seen, 0), Some((2, 21)));
    // It works on after its end: the end came too early, and no later one is known.
    let view = start(30, "a", "v", "view", "{}");
    let on = read(&[launch[0].clone(), launch[1].clone(), launched, said(20, "a", "one"), ended(21, "a", "c"), view]);
    assert_eq!(ran(&on, 0), None);
}

#[test]
fn a_launch_is_one_whatever_its_words() {
    let launch = start(1, "", "c", "task", "{\"mode\":\"background\"}");
    let silent = event(2, "subagent.started", "a", "\"toolCallId\":\"c\"");
    let session = read(&[launch, silent, complete(3, "", "c", "It is under way."), ended(40, "a", "c")]);
    assert_eq!((ran(&session, 0), session.dispatches[0].background, session.dispatches[0].timing), (None, true, Timing::None));
}

#[test]
fn one_that_was_waited_for_and_moved_to_the_background_runs_on() {
    let session = read(&[
        start(1, "", "c", "task", "{\"mode\":\"sync\"}"),
        begun(2, "a", "c", "sync"),
        complete(10, "", "c", "The agent goes on in the background."),
        start(11, "a", "v", "view", "{}"),
        complete(12, "a", "v", "x"),
        said(50, "a", "done"),
        ended(51, "a", "c"),
    ]);
    assert_eq!((ran(&session, 0), session.dispatches[0].background), (Some((2, 51)), true));
}

#[test]
fn a_woken_agent_runs_again_and_a_busy_one_only_gets_a_message() {
    let first = [
        start(1, "", "c", "task", "{\"mode\":\"background\"}"),
        begun(2, "a", "c", "background"),
        complete(3, "", "c", "Agent started in background with agent_id: a."),
        start(4, "a", "v", "view", "{}"),
    ];
    let write = [start(5, "", "w", "write_agent", "{\"agent_id\":\"a\",\"message\":\"more\"}"), complete(6, "", "w", "ok")];
    let busy = read(&[&first[..], &write, &[said(9, "a", "done"), ended(10, "a", "c")]].concat());
    assert_eq!((busy.dispatches.len(), ran(&busy, 0)), (1, Some((2, 10))));
    let idle =
        read(&[&first[..], &[said(4, "a", "done"), ended(5, "a", "c")], &write, &[said(20, "a", "again"), ended(21, "a", "c")]].concat());
    assert_eq!((idle.dispatches.len(), ran(&idle, 0), ran(&idle, 1)), (2, Some((2, 5)), Some((20, 21))));
    assert_eq!(idle.dispatches[1].agent.as_deref(), Some("a"));
}

#[test]
fn a_tool_that_is_an_agent_is_a_dispatch() {
    let session =
        read(&[start(1, "", "c", "my-reviewer", "{}"), begun(2, "a", "c", "sync"), said(8, "a", "ok"), complete(9, "", "c", "ok")]);
    assert_eq!((session.dispatches.len(), ran(&session, 0)), (1, Some((2, 9))));
    assert!(session.transcripts[0].calls.iter().all(|call| call.waits));
}

#[test]
fn what_an_agent_says_and_does_is_its_own() {
    let lines = [
        event(1, "user.message", "", "\"content\":\"go\""),
        said(2, "nobody-started-me", "I launched three agents in parallel."),
        event(3, "user.message", "", "\"content\":\"<system_notification>x</system_notification>\""),
        event(4, "user.message", "", "\"content\":\"x\",\"source\":\"skill-pdf\""),
        event(5, "user.message", "", "\"content\":\"x\",\"source\":\"skills\""),
    ];
    let session = read(&lines);
    assert!(session.transcripts[0].claims.is_empty());
    assert_eq!(session.transcripts[1].claims.len(), 1);
    assert_eq!(session.transcripts[0].prompts.len(), 2);
}

#[test]
fn agents_that_start_one_another_have_no_circle_of_parents() {
    let nested = |second, agent: &str, call: &str| {
        let data = format!("\"toolCallId\":\"{call}\",\"toolName\":\"task\",\"arguments\":{{}},\"parentToolCallId\":\"{agent}\"");
        event(second, "tool.execution_start", "", &data)
    };
    let session =
        read(&[nested(1, "x", "y"), nested(2, "y", "x"), nested(3, "z", "z"), begun(4, "", "x", "sync"), begun(5, "", "y", "sync")]);
    for dispatch in &session.dispatches {
        let mut parent = dispatch.parent.as_deref();
        let mut steps = 0;
        while let Some(id) = parent {
            steps += 1;
            assert!(steps < 5, "{:?}", session.dispatches);
            parent = session.dispatches.iter().find(|other| other.id == id).and_then(|other| other.parent.as_deref());
        }
    }
}

#[test]
fn exit_codes_are_read_from_blocks_and_last_lines() {
    let runs = |result: &str| {
        let data = format!("\"toolCallId\":\"c\",\"success\":true,\"result\":{result}");
        let lines = [start(1, "", "c", "bash", "{\"command\":\"cargo test\"}"), event(2, "tool.execution_complete", "", &data)];
        read(&lines).transcripts[0].runs.iter().map(|run| run.passed).collect::<Vec<_>>()
    };
    for (result, passed) in [
        ("{\"content\":\"ok\\n<exited with exit code 0>\"}", Some(true)),
        ("{\"content\":\"no\\n<shellId: 4 completed with exit code 101>\"}", Some(false)),
        ("{\"content\":\"no\",\"contents\":[{\"type\":\"shell_exit\",\"exitCode\":2}]}", Some(false)),
        ("{\"content\":\"<command started in background with shellId: 7>\"}", None),
        ("{\"content\":\"it said: exited with exit code 0\"}", None),
        ("\"test result: ok. 3 passed; 0 failed\"", Some(true)),
        ("7", None),
    ] {
        assert_eq!(runs(result), [passed], "{result}");
    }
}

const KINDS: [&str; 12] = [
    "session.resume",
    "session.shutdown",
    "user.message",
    "assistant.message",
    "assistant.turn_end",
    "tool.execution_start",
    "tool.execution_complete",
    "tool.user_requested",
    "subagent.started",
    "subagent.completed",
    "subagent.failed",
    "abort",
];

proptest! {
    /// Whatever events come in whatever order: every dispatch stands once, its indexes lead somewhere, and no run ends before it begins.
    #[test]
    fn any_order_of_events_gives_a_sound_session(
        steps in prop::collection::vec((0usize..KINDS.len(), 0u8..4, 0u8..4, 0u8..4, 0i64..90, 0u8..4), 0..60),
    ) {
        let tools = ["task", "bash", "write_agent", "view"];
        let lines: Vec<String> = steps.iter().enumerate().map(|(index, (kind, call, agent, tool, second, more))| {
            let agent = ["", "a0", "a1", "c1"][usize::from(*agent)];
            let tool = tools[usize::from(*tool)];
            let parent = if *more == 0 { format!(",\"parentToolCallId\":\"c{}\"", (call + 1) % 4) } else { String::new() };
            let data = format!(
                "\"toolCallId\":\"c{call}\",\"toolName\":\"{tool}\",\"success\":{},\"content\":\"p{call}\",\"arguments\":{{\"agent_id\":\"a0\",\"prompt\":\"p{call}\"}},\
                 \"toolRequests\":[{{\"toolCallId\":\"c{call}\",\"name\":\"{tool}\"}}]{parent}",
                *more != 1,
            );
            event(*second, KINDS[*kind], agent, &data).replace("\"id\":\"e", &format!("\"id\":\"{index}-"))
        }).collect();
        let session = read(&lines);
        prop_assert_eq!(session.records as usize, lines.len());
        prop_assert_eq!(session.damage.count, 0);
        let mut ids: Vec<&str> = session.dispatches.iter().map(|dispatch| dispatch.id.as_str()).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len(), count);
        for dispatch in &session.dispatches {
            prop_assert!(dispatch.transcript < session.transcripts.len());
            prop_assert_eq!(dispatch.started.is_some(), dispatch.ended.is_some());
            prop_assert!(dispatch.started <= dispatch.ended);
            prop_assert_eq!(dispatch.started.is_some(), dispatch.timing == Timing::Transcript);
            prop_assert!(dispatch.timing != Timing::Bounds || dispatch.requested.is_some() && dispatch.returned.is_some());
        }
        for transcript in &session.transcripts {
            prop_assert!(transcript.dispatch.is_none_or(|index| index < count));
        }
    }
}
