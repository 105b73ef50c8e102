use super::super::{DIALECTS, builder::Builder, dialect, example, lines};
use crate::model::claim::Topic;
use crate::model::session::{Session, Status};
use proptest::prelude::*;

/// What a person who names a text as one gets.
fn session(text: &str) -> Session {
    let lines = lines(text.as_bytes());
    let mut builder = Builder::new("text.md", 0);
    (dialect(&lines).unwrap_or_else(|| example(&lines)).read)(&lines, &mut builder);
    builder.finish("text", "text")
}

/// The sentences about agents.
fn claims(session: &Session) -> Vec<(u64, &str)> {
    let claims = session.transcripts[0].claims.iter().filter(|claim| claim.what.topic == Topic::Agents);
    claims.map(|claim| (claim.place.line, claim.text.as_str())).collect()
}

/// For each dispatch, its line and the block that it stands in.
fn blocks(session: &Session) -> Vec<(u64, &str)> {
    session.dispatches.iter().map(|one| (one.line, one.response.as_deref().unwrap_or_default())).collect()
}

fn recognised(text: &str) -> bool {
    dialect(&lines(text.as_bytes())).is_some()
}

const THREE: &str = "I'll launch three agents in parallel.";

#[test]
fn only_the_assistant_claims() {
    let text = format!(
        "## User\n\n{THREE}\n\n## Assistant\n\n> {THREE}\n\n<thinking>\n{THREE}\n</thinking>\n\n```\n{THREE}\n```\n\n{THREE}\n\n## User\n\nok\n"
    );
    assert_eq!(claims(&session(&text)), [(17, THREE)]);
    assert_eq!(session(&text).transcripts[0].prompts.len(), 2);
}

#[test]
fn marks_in_the_words_of_the_user_and_in_code_ask_for_nothing() {
    let text = "User: like this:\n[Task 1: a]\n[Task 2: b]\n\nAssistant: as in\n```\n[Task 1: a]\n```\nno.\nUser: ok\n";
    assert_eq!(session(text).dispatches, []);
}

#[test]
fn marks_of_one_block_are_numbered_or_stand_right_below_each_other() {
    let got = |text: &str| blocks(&session(text)).iter().map(|(_, block)| (*block).to_owned()).collect::<Vec<_>>();
    assert_eq!(got("[Task 1: a]\n\n[Task 2: b]\n"), ["block-1", "block-1"]);
    assert_eq!(got("[Uses Task tool for a]\n[Uses Task tool for b]\n"), ["block-1", "block-1"]);
    assert_eq!(got("[Uses Task tool for a]\n\n[Uses Task tool for b]\n"), ["block-1", "block-2"]);
    assert_eq!(got("[Task 1: a]\n[Task 2: b]\n[Task 1: c]\n"), ["block-1", "block-1", "block-2"]);
    assert_eq!(got("[Task 1: a]\nThe next one.\n[Task 2: b]\n"), ["block-1", "block-2"]);
}

#[test]
fn marks_around_an_answer_above_calls_are_the_writers() {
    for mark in ["## Assistant\n", "**Assistant:**\n", "_**Agent (claude 2026-02-03 09:00:05Z)**_\n"] {
        let user = mark.replace("Assistant", "User").replace("Agent (claude", "User (");
        let text = format!("{user}\ngo\n\n{mark}\n\"{THREE}\"\n[Uses Task tool for a]\n\"Now b.\"\n[Uses Task tool for b]\n\n{user}\nok\n");
        assert_eq!(claims(&session(&text)).len(), 1, "{text}");
        let quoted = text.replace("[Uses Task tool for a]\n", "");
        assert_eq!(claims(&session(&quoted.replace("\"Now b.\"", "\nHe said so."))), [], "{quoted}");
    }
}

#[test]
fn calls_may_begin_behind_words_or_the_name_of_the_assistant() {
    let calls = "<function_calls>\n<invoke name=\"Task\">\n</invoke>\n<invoke name=\"Task\">\n</invoke>\n</function_calls>";
    for before in ["", THREE, "Well:\n"] {
        let read = session(&format!("User: go\n\nAssistant: {before} {calls}\n\nUser: ok\n"));
        assert_eq!(blocks(&read).iter().map(|(_, block)| *block).collect::<Vec<_>>(), ["block-1", "block-1"], "{before}");
        assert_eq!(claims(&read).len(), usize::from(before == THREE));
    }
}

#[test]
fn a_tool_named_behind_its_bold_label_is_called_and_its_output_is_nobodys_word() {
    let text = "## USER (2026-01-04T07:45:00Z)\n\ngo\n\n## ASSISTANT (2026-01-04T07:45:22Z)\n\n**Tool Use:** Task\n```json\n{\"description\":\"a\"}\n```\n";
    assert_eq!(session(text).dispatches[0].description.as_deref(), Some("a"));
    let old = format!("_**User**_\n\ngo\n\n_**Agent**_\n\nTool use: **Task** A\n\n{THREE}\n\n---\n\n_**Agent**_\n\nDone.\n");
    assert_eq!((session(&old).dispatches.len(), claims(&session(&old))), (1, vec![]));
}

#[test]
fn details_below_a_mark_tell_the_kind_of_agent() {
    let session = session("[Task 1: a]\n- Agent: explore\n- Scope: src\n[Task 2]\n  description: b\n");
    let told: Vec<_> = session.dispatches.iter().map(|one| (one.agent_type.as_deref(), one.description.as_deref())).collect();
    assert_eq!(told, [(Some("explore"), Some("a")), (None, Some("b"))]);
    assert_eq!(blocks(&session)[0].1, blocks(&session)[1].1);
}

#[test]
fn results_tell_how_an_agent_ended() {
    let one = |result: &str| {
        let call = "<function_calls>\n<invoke name=\"Task\">\n</invoke>\n</function_calls>\n";
        session(&format!("{call}<function_results>\n{result}\n</function_results>\n")).dispatches[0].status
    };
    assert_eq!(one("All good."), Status::Completed);
    assert_eq!(one("Error: Agent type 'x' not found. Available agents: y"), Status::Failed);
    assert_eq!(one("The user doesn't want to proceed with this tool use."), Status::Rejected);
    assert_eq!(one("Async agent launched successfully."), Status::Running);
}

#[test]
fn an_element_without_an_end_is_said() {
    let session = session("User: a\nAssistant: b\n<function_calls>\n<invoke name=\"Task\">\n");
    assert_eq!(session.dispatches, []);
    assert_eq!(session.notices.len(), 1);
}

#[test]
fn machines_speak_under_the_name_of_the_user() {
    let mark = "_**User (2026-01-02 03:04:05Z)**_\n\n";
    let text = format!(
        "{mark}do it\n\n{mark}<task-notification>\n<task-id>a</task-id>\n\n{mark}[Request interrupted by user for tool use]\n\n{mark}\n\n---\n"
    );
    let session = session(&text);
    assert_eq!(session.transcripts[0].prompts.len(), 1);
    assert_eq!(session.transcripts[0].interruptions.len(), 1);
}

#[test]
fn a_speaker_with_a_time_ends_code_that_nobody_closed() {
    let mark = |who: &str| format!("_**{who} (2026-01-02 03:04:05Z)**_\n\n");
    let text = format!("{}```\nodd\n\n---\n\n{}{THREE}\n\n```rust\nx\n```\n", mark("User"), mark("Agent"));
    assert_eq!(claims(&session(&text)).len(), 1);
}

#[test]
fn commands_and_edits_of_the_assistant_are_kept() {
    let text = "## User\n\nx\n\n## Assistant\n\n**Tool: bash**\n\n**Input:**\n```json\n{\"command\": \"cargo test\"}\n```\n\n**Output:**\n```\ntest result: ok. 3 passed; 0 failed;\n```\n\n**Tool: edit**\n\n**Input:**\n```json\n{\"filePath\": \"src/a.rs\"}\n```\n\n**Output:**\n```\nEdit applied successfully.\n```\n\n## User\n\ny\n";
    let session = session(text);
    let transcript = &session.transcripts[0];
    assert_eq!(transcript.runs.iter().map(|run| (run.passed, run.count)).collect::<Vec<_>>(), [(Some(true), Some(3))]);
    assert_eq!(transcript.edits.len(), 1);
}

#[test]
fn a_command_that_an_export_leaves_out_may_have_been_the_tests() {
    let text = "## 👤 User\n\nx\n\n## 🤖 Claude\n\n🔧 Using tool: Bash\n\nAll tests pass.\n";
    let runs = &session(text).transcripts[0].runs;
    assert_eq!(runs.iter().map(|run| (run.tests, run.passed)).collect::<Vec<_>>(), [(false, None)]);
}

#[test]
fn documents_are_no_logs() {
    for text in [
        "# Guide\n\n[Task 1: a]\n[Task 2: b]\n",
        "---\nname: x\n---\n[Task 1: a]\n",
        "# Guide\n\n```\n[Task 1: a]\n```\n",
        "Some words.\n\n```xml\n<function_calls>\n<invoke name=\"Task\">\n</invoke>\n</function_calls>\n```\n",
        "## User\n\nA person.\n\n## Agent\n\nA program.\n",
        "### User\n\nx\n\n### Assistant\n\ny\n",
        "# API\n\n## Prompt\n\na\n\n## Response\n\nb\n\n## Prompt\n\nc\n",
        "Note: a\nUser: b\n",
        "Q: a\nA: b\n\nQ: c\nA: d\n[Task 1: e](f.md)\n",
        "2026-01-02 INFO user: logged in\n2026-01-02 INFO assistant: none\n",
        "- [Task 1: a]\n- [Task 2: b]\n",
        "",
    ] {
        assert!(!recognised(text), "{text}");
    }
}

#[test]
fn logs_are_recognised() {
    for text in [
        "<!-- Generated by SpecStory -->\n\n_**User**_\n\nx\n\n---\n\n_**Assistant**_\n",
        "# T\n\n**Session ID:** ses_a\n\n---\n\n## User\n\nx\n\n## Assistant\n\ny\n",
        "user:\n<user_query>\nx\n</user_query>\n\nassistant:\n[Tool call] Task\n  description: a\n",
        "Human: a\n\nAssistant: b\n\nHuman: c\n",
        "H: a\n\nA: b\n\nH: c\n",
        "[Task 1: a]\n[Task 2: b]\n",
        "```\n[Task 1: a]\n[Task 2: b]\n```\n",
        "# aider chat started at 2026-01-02 03:04:05\n\n#### do it\n\nDone.\n",
        "**User:** a\n\n**Claude:** b\n\n**User:** c\n",
    ] {
        assert!(recognised(text), "{text}");
    }
}

#[test]
fn hostile_lengths_are_read_in_one_go() {
    for line in [
        "<tool-use data-tool-name=\"Task\"><details>\n",
        "<function_calls>\n<function_calls>\n</function_calls>\n",
        "<invoke name=\"Task\"><parameter name=\"a\">\n",
        "[Tool call] Task\n",
        "**Tool: task**\n**Output:**\n```\n",
        "```a\n",
        "<think>\n",
        "[Thinking] a\n",
        "[Task 1: a]\n\n",
    ] {
        for head in ["_**User**_\n\nx\n\n_**Agent**_\n\n", "User: x\n\nAssistant: y\n\n", ""] {
            let session = session(&format!("{head}{}", line.repeat(6_000)));
            assert!(session.records < 200_000);
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read_and_nothing_is_counted_twice(parts in prop::collection::vec(prop::sample::select(vec![
        "## User\n", "## Assistant\n", "User: a\n", "Assistant: b\n", "_**User (2026-01-02 03:04:05Z)**_\n", "_**Agent**_\n", "---\n", "\n", "x\n",
        "I'll launch two agents in parallel.\n", "[Task 1: a]\n", "[Task 2: b]\n", "[Uses Task tool for c]\n", "- Agent: x\n", "```\n", "````md\n",
        "<tool-use data-tool-name=\"Task\"><details>\n", "</details></tool-use>\n", "<function_calls>\n", "<invoke name=\"Task\">\n", "</invoke>\n",
        "</function_calls>\n", "<function_results>\n", "</function_results>\n", "**Tool: task**\n", "**Input:**\n", "**Output:**\n", "[Tool call] Task\n",
        "  description: d\n", "[Tool result] Task\n", "**Tool Result** (ID: a)\n", "<think>\n", "</think>\n", "\"quoted\"\n", "\"open\n", "# Head\n",
        "Input: {\n", "}\n", "é", "[Thinking] \n", "<tool_call>{\"name\": \"Task\"}</tool_call>\n",
    ]), 0..60)) {
        let text = parts.concat();
        let whole = session(&text);
        let mut seen = std::collections::BTreeSet::new();
        prop_assert!(whole.dispatches.iter().all(|one| seen.insert(one.id.clone()) && one.line >= 1 && one.line <= parts.len() as u64 + 1));
        let lines: Vec<u64> = whole.transcripts[0].claims.iter().map(|claim| claim.place.line).collect();
        prop_assert!(lines.is_sorted());
        for dialect in DIALECTS {
            let lines = lines_of(&text);
            let _ = (dialect.evidence)(&lines);
        }
    }
}

fn lines_of(text: &str) -> Vec<super::Line<'_>> {
    lines(text.as_bytes())
}
