//! Texts of a rollout that are not what they seem: the program's own words in the user's role, mail between agents in
//! the assistant's, and what they say about agents.
//!
//! Sources: openai/codex, codex-rs/core/src/context/ (the fragments and their markers), session_prefix.rs,
//! protocol/src/protocol.rs (`AgentStatus`, `InterAgentCommunication`).

use super::record::{Fields, Key};
use crate::input::skim::fields::as_text;
use crate::input::skim::{Cursor, Kind};
use crate::model::session::Status;
use std::borrow::Cow;

/// How a text begins that the program put into a user message without a pair of tags around all of it.
const PROGRAM_TEXT: [&str; 8] = [
    "# AGENTS.md instructions",
    "<environment_context>",
    "<user_instructions>",
    "<turn_aborted>",
    "<subagent_notification>",
    "Warning: The maximum number of unified exec processes",
    "Warning: apply_patch was requested via",
    "Another language model started to solve this problem",
];

/// The longest name of a tag that the program writes.
const LONGEST_TAG: usize = 200;

/// Whether a user message is the program's own: a known beginning, or one element such as `<skill>…</skill>` from the
/// first character to the last. New kinds of it come with every version, so their names are not listed.
pub(super) fn is_program_text(text: &str) -> bool {
    let text = text.trim();
    PROGRAM_TEXT.iter().any(|start| text.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start)))
        || element(text).is_some_and(|name| name.contains(['_', ' ', '-']) || matches!(name, "skill" | "INSTRUCTIONS"))
}

/// The name of the one element that a text is. Some names have a space in them; behind others stand attributes.
fn element(text: &str) -> Option<&str> {
    let head = text.strip_prefix('<')?;
    let end = head.bytes().take(LONGEST_TAG).position(|byte| byte == b'>')?;
    let whole = head.get(..end)?;
    let plain =
        |name: &&str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b' '));
    let closed = |name: &&str| text.strip_suffix('>').and_then(|text| text.strip_suffix(*name)).is_some_and(|text| text.ends_with("</"));
    [whole, whole.split(' ').next().unwrap_or_default()].into_iter().filter(plain).find(closed)
}

/// The texts in a message's `content`: its one string, or the texts of its parts.
pub(super) fn texts(content: Option<&[u8]>) -> Vec<Cow<'_, str>> {
    let Some(content) = content else { return Vec::new() };
    if let Some(text) = as_text(content) {
        return vec![text.text()];
    }
    let mut texts = Vec::new();
    let mut cursor = Cursor::new(content);
    if cursor.kind() == Ok(Kind::Array) {
        let _ = cursor.array(|cursor| {
            texts.extend(part_text(cursor.skip()?).map(crate::input::skim::Raw::text));
            Ok(())
        });
    }
    texts
}

/// The `text` of one part of a message.
fn part_text(part: &[u8]) -> Option<crate::input::skim::Raw<'_>> {
    let mut found = None;
    let mut cursor = Cursor::new(part);
    if cursor.kind() == Ok(Kind::Object) {
        let _ = cursor.object(|cursor, key| {
            if key.is("text") {
                found = cursor.string_or_skip()?;
            }
            Ok(())
        });
    }
    found
}

/// Whether a message holds something beside text, such as an image.
pub(super) fn has_attachment(content: Option<&[u8]>) -> bool {
    content.is_some_and(|content| memchr::memmem::find(content, b"\"input_image\"").is_some())
}

/// Mail between agents stands in some versions as an assistant message whose whole text is its JSON.
pub(super) fn is_mail(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('{') && text.ends_with('}') && {
        let fields = Fields::of(text.as_bytes());
        fields.text(Key::Author).is_some() && fields.text(Key::Recipient).is_some() && fields.json(Key::Content).is_some()
    }
}

/// What one end of an agent is known by: its thread, its path, or its nickname.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Report {
    /// The agent.
    pub(super) agent: String,
    /// How it ended.
    pub(super) status: Status,
}

/// An `AgentStatus` that is final: `{"completed": text}`, `{"errored": text}`, `"shutdown"`, `"interrupted"`, `"not_found"`.
pub(super) fn final_status(json: &[u8]) -> Option<Status> {
    if let Some(word) = as_text(json) {
        return final_word(&word.text());
    }
    let mut found = None;
    let mut cursor = Cursor::new(json);
    if cursor.kind() == Ok(Kind::Object) {
        let _ = cursor.object(|_, key| {
            found = found.or(final_word(&key.text()));
            Ok(())
        });
        // Items of app servers write the status as a field of its own.
        found = found.or_else(|| Fields::of(json).text(Key::Status).and_then(|word| final_word(&word.text())));
    }
    found
}

fn final_word(word: &str) -> Option<Status> {
    match word {
        "completed" => Some(Status::Completed),
        // `not_found` is the answer for a thread that is gone: it ended, and nobody knows how.
        "errored" | "failed" | "shutdown" | "not_found" | "interrupted" => Some(Status::Failed),
        _ => None,
    }
}

/// The final statuses in an object of agents, such as the result of a wait.
pub(super) fn final_statuses(json: &[u8]) -> Vec<Report> {
    let mut reports = Vec::new();
    let mut cursor = Cursor::new(json);
    if cursor.kind() == Ok(Kind::Object) {
        let _ = cursor.object(|cursor, agent| {
            let status = final_status(cursor.skip()?);
            reports.extend(status.map(|status| Report { agent: agent.text().into_owned(), status }));
            Ok(())
        });
    }
    reports
}

/// The notice of an agent's end in a user message (the first tools for agents): `<subagent_notification>` around
/// `{"agent_path": …, "status": …}`, which was `agent_id` at first.
pub(super) fn notification(text: &str) -> Option<Report> {
    let body = text.trim().strip_prefix("<subagent_notification>")?.trim_end().strip_suffix("</subagent_notification>")?.trim();
    let status = final_status(Fields::of(body.as_bytes()).json(Key::Status)?)?;
    let agent = first_text(body, &["agent_path", "agent_id"])?;
    Some(Report { agent, status })
}

/// How an agent ended, where a letter to its parent is its last word (the second tools for agents). The program writes
/// that letter for an agent that failed.
pub(super) fn final_answer(text: &str) -> Option<Status> {
    let letter = text.trim_start().strip_prefix("Message Type: FINAL_ANSWER")?;
    let payload = letter.split_once("Payload:").map_or("", |(_, payload)| payload).trim_start();
    let failed = ["Agent errored:", "Agent shut down.", "Agent was not found."].iter().any(|words| payload.starts_with(words));
    Some(if failed { Status::Failed } else { Status::Completed })
}

/// The first of some keys that holds a string, in the JSON of a small object.
pub(super) fn first_text(json: &str, keys: &[&str]) -> Option<String> {
    let mut found: Vec<Option<String>> = vec![None; keys.len()];
    let mut cursor = Cursor::new(json.as_bytes());
    if cursor.kind() != Ok(Kind::Object) {
        return None;
    }
    let _ = cursor.object(|cursor, key| {
        if let Some(index) = keys.iter().position(|wanted| key.is(wanted)) {
            found[index] = cursor.string_or_skip()?.map(|raw| raw.text().into_owned());
        }
        Ok(())
    });
    found.into_iter().flatten().find(|text| !text.is_empty())
}

/// The JSON behind a key of a small object.
pub(super) fn inner<'j>(json: &'j [u8], wanted: &str) -> Option<&'j [u8]> {
    let mut found = None;
    let mut cursor = Cursor::new(json);
    if cursor.kind() == Ok(Kind::Object) {
        let _ = cursor.object(|cursor, key| {
            if key.is(wanted) {
                found = Some(cursor.skip()?);
            }
            Ok(())
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_s_words_are_told_from_a_human_s() {
        for text in [
            "<environment_context>\n  <cwd>/w</cwd>\n</environment_context>",
            "# AGENTS.md instructions for /w\n\n<INSTRUCTIONS>\nx\n</INSTRUCTIONS>",
            " <subagent_notification>{}</subagent_notification> ",
            "<permissions instructions>\nx\n</permissions instructions>",
            "<skill>\n<name>a</name>\n</skill>",
            "<codex_internal_words>x</codex_internal_words>",
            "<hook_prompt hook_run_id=\"1\">go on</hook_prompt>",
        ] {
            assert!(is_program_text(text), "{text}");
        }
        for text in ["<b>fix this</b>", "why does <environment_context> stand there?", "<my_tag>", "", "< a_b >x</ a_b", "<a_b>x</a_c>"] {
            assert!(!is_program_text(text), "{text}");
        }
    }

    #[test]
    fn mail_is_json_with_an_author() {
        assert!(is_mail(
            r#"{"author":"/root","recipient":"/root/a","other_recipients":[],"content":"I'll launch five agents","trigger_turn":true}"#
        ));
        assert!(!is_mail(r#"{"author":"me","title":"x"}"#));
        assert!(!is_mail("three agents are running"));
    }

    #[test]
    fn a_final_status_is_told_from_one_that_goes_on() {
        for (json, wanted) in [
            (r#"{"completed":"done"}"#, Some(Status::Completed)),
            (r#"{"completed":null}"#, Some(Status::Completed)),
            (r#"{"errored":"no"}"#, Some(Status::Failed)),
            (r#""shutdown""#, Some(Status::Failed)),
            (r#""running""#, None),
            (r#""pending_init""#, None),
            (r#"{"status":"completed","message":"x"}"#, Some(Status::Completed)),
            ("7", None),
            ("", None),
        ] {
            assert_eq!(final_status(json.as_bytes()), wanted, "{json}");
        }
    }

    #[test]
    fn a_last_letter_says_how_an_agent_ended() {
        let letter = |payload: &str| format!("Message Type: FINAL_ANSWER\nTask name: /root\nSender: /root/a\nPayload:\n{payload}");
        assert_eq!(final_answer(&letter("All is well.")), Some(Status::Completed));
        assert_eq!(final_answer(&letter("Agent errored: no more credit")), Some(Status::Failed));
        assert_eq!(final_answer("Message Type: MESSAGE\nPayload:\nMessage Type: FINAL_ANSWER"), None);
    }

    #[test]
    fn notifications_name_the_agent_in_both_ways() {
        for key in ["agent_id", "agent_path"] {
            let text = format!(
                "<subagent_notification>\n{{\"{key}\":\"a\",\"status\":{{\"completed\":\"</subagent_notification>\"}}}}\n</subagent_notification>"
            );
            assert_eq!(notification(&text), Some(Report { agent: "a".into(), status: Status::Completed }));
        }
        assert_eq!(notification("<subagent_notification>{\"agent_path\":\"a\",\"status\":\"running\"}</subagent_notification>"), None);
    }
}
