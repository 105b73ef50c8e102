//! Consoles as people paste them: what a session keeps of them.

use super::*;
use crate::model::session::{Dispatch, Session, Status};
use proptest::prelude::*;

fn lines_of(text: &str) -> Vec<Line<'_>> {
    super::super::lines(text.as_bytes())
}

fn session(text: &str) -> Session {
    let mut builder = Builder::new("console.txt", 0);
    read(&lines_of(text), &mut builder);
    builder.finish("console", "text")
}

/// Which agents a session has: kind, what each is for, how it ended.
fn agents(session: &Session) -> Vec<(Option<&str>, &str, Status)> {
    let one = |dispatch: &Dispatch| dispatch.status;
    session
        .dispatches
        .iter()
        .map(|dispatch| (dispatch.agent_type.as_deref(), dispatch.description.as_deref().unwrap_or_default(), one(dispatch)))
        .collect()
}

/// Whether two dispatches ran at once for sure, and whether they may have.
fn at_once(session: &Session, one: usize, other: usize) -> (bool, bool) {
    let extent = |index: usize| session.dispatches[index].extent.expect("it ran");
    let overlap = |one: (u64, u64), other: (u64, u64)| one.0 < other.1 && other.0 < one.1;
    let (one, other) = (extent(one), extent(other));
    (overlap(one.surely, other.surely), overlap(one.possibly, other.possibly))
}

const PAIR: &str =
    "⏺ Task(one)\n  ⎿  Done (1 tool use · 2.0k tokens · 3s)\n\n@⏺ Task(two)\n  ⎿  Done (2 tool uses · 2.0k tokens · 1m 16.7s)\n";

#[test]
fn only_words_tell_neighbours_apart() {
    for (between, wanted) in [
        ("", (false, true)),
        ("⏺ And at the same time:\n\n", (false, true)),
        ("⏺ The second one looks at the API.\n\n", (false, true)),
        ("⏺ Bash(ls)\n  ⎿  src\n\n", (false, true)),
        ("⏺ Now the second one.\n\n", (false, false)),
        ("⏺ One is done.\n\n", (false, false)),
        ("✻ Brewed for 2m 3s\n\n", (false, false)),
        ("> go on\n\n", (false, false)),
        ("✻ Thinking…\n\n  Now the second one.\n\n", (false, true)),
    ] {
        assert_eq!(at_once(&session(&PAIR.replace('@', between)), 0, 1), wanted, "{between:?}");
    }
}

#[test]
fn counts_and_durations_are_kept() {
    let session = session(&PAIR.replace('@', ""));
    let kept: Vec<_> = session.dispatches.iter().map(|dispatch| (dispatch.tool_uses, dispatch.duration)).collect();
    assert_eq!(kept, [(Some(1), Some(3000)), (Some(2), Some(76_700))]);
}

#[test]
fn a_group_ran_at_once_however_it_is_drawn() {
    for text in [
        "⏺ 2 Explore agents finished (ctrl+o to expand)\n   ├─ one · 9 tool uses · 18.5k tokens\n   │  ⎿  Done\n   └─ two · 2 tool uses\n      ⎿  Done",
        "● 2 agents finished (ctrl+o to expand)\n├ Explore (one) · 9 tool uses\n│ ⎿ Done\n└ Explore (two) · 2 tool uses\n⎿ Done",
        "● Running 2 Explore agents… (ctrl+o to expand)\n   ├ one · 1 tool use\n   │ ⎿  Initializing…\n\n● 2 Explore agents finished (ctrl+o to expand)\n   ├ one · 9 tool uses ·\n      18.5k tokens\n   │ ⎿  Done\n     two · 2 tool uses\n        Done",
    ] {
        let session = session(text);
        assert_eq!(agents(&session), [(Some("Explore"), "one", Status::Completed), (Some("Explore"), "two", Status::Completed)], "{text}");
        assert_eq!(at_once(&session, 0, 1), (true, true));
        assert_eq!(session.dispatches[0].tool_uses, Some(9));
    }
}

#[test]
fn agents_are_known_by_their_kind_or_by_what_stands_beneath() {
    for (call, kind, description) in [
        ("⏺ Agent(Look at it)", None, "Look at it"),
        ("⏺ Explore(Look at it) Haiku 4.5", Some("Explore"), "Look at it"),
        ("⏺ plugin:reviewer(Look at it)", Some("plugin:reviewer"), "Look at it"),
        ("⏺ code-writer(Look (closely) at it)", Some("code-writer"), "Look (closely) at it"),
        ("⏺ debugger(Look at it)\n  ⎿  Done (3 tool uses · 1.0k tokens · 4s)", Some("debugger"), "Look at it"),
        (
            "⏺ Task(Look at it, and at all that is  Sonnet\n      beside it)                         4.5",
            None,
            "Look at it, and at all that is beside it",
        ),
        ("⏺ Task(Task: Look at it   …\n\n      Prompt: Look at src (all of it).)", None, "Look at it"),
        ("⏺ Agent(Look at it)     ⎿ Backgrounded agent", None, "Look at it"),
    ] {
        let session = session(call);
        let known: Vec<_> = agents(&session).into_iter().map(|(kind, description, _)| (kind, description)).collect();
        assert_eq!(known, [(kind, description)], "{call}");
    }
}

#[test]
fn words_and_tools_are_no_agents() {
    for text in [
        "⏺ Task(s) completed so far: none.",
        "⏺ debugger(port) is a function.",
        "⏺ useState(0)\n  ⎿  (No content)",
        "⏺ github - create issue (MCP)(title: \"x\")\n  ⎿  Done",
        "⏺ Bash(echo \")\")\n  ⎿  Done (3 tool uses)",
        "⏺ 3 agents finished",
        "⏺ Task Output(non-blocking) b3154cd\n  ⎿  Done",
    ] {
        assert_eq!(agents(&session(text)), [], "{text}");
    }
}

#[test]
fn how_an_agent_ended_is_read_from_beneath_it() {
    for (beneath, status) in [
        ("  ⎿  Initializing…", Status::NoResult),
        ("  ⎿  In progress… · 3 tool uses · (ctrl+o to expand)", Status::NoResult),
        ("  ⎿  Read(src/a.rs)\n     Error reading file\n     +12 more tool uses (ctrl+o to expand)", Status::NoResult),
        ("  ⎿  Interrupted · What should Claude do instead?", Status::Interrupted),
        ("  ⎿  Tool use rejected with user message: no", Status::Rejected),
        ("  ⎿  Initializing…\n  ⎿  Error: Agent type 'x' not found. Available agents: Explore", Status::Failed),
        ("  ⎿  Error: it broke", Status::Failed),
        ("  ⎿  Backgrounded agent (↓ to manage · ctrl+o to expand)", Status::Running),
        ("  ⎿  Error: one read failed\n  ⎿  Done (3 tool uses · 1.0k tokens · 4s)", Status::Completed),
        ("  ⎿  Done (3 tool uses · 1.0k\n     tokens · 4s)\n     (ctrl+o to expand)", Status::Completed),
    ] {
        let session = session(&format!("⏺ Agent(Look)\n{beneath}\n\n⏺ So it is."));
        assert_eq!(agents(&session)[0].2, status, "{beneath}");
    }
}

#[test]
fn a_background_agent_ends_where_the_console_says_so() {
    let text = "⏺ Agent(one)\n  ⎿  Backgrounded agent\n⏺ Agent \"one\" finished · 44s\n⏺ Agent(two)\n  ⎿  Backgrounded agent\n";
    let session = session(text);
    assert_eq!(at_once(&session, 0, 1), (false, false));
    assert_eq!(session.dispatches[0].duration, Some(44_000));
    assert_eq!(session.dispatches[1].status, Status::Running);
}

#[test]
fn a_count_of_background_agents_shows_them_at_work() {
    let text =
        "⏺ Agent(one)\n  ⎿  Backgrounded agent\n⏺ Agent(two)\n  ⎿  Backgrounded agent\n✻ Waiting for @ background agents to finish\n";
    assert_eq!(at_once(&session(&text.replace('@', "2")), 0, 1), (true, true));
    let more = session(&text.replace('@', "3"));
    assert_eq!((at_once(&more, 0, 1), more.transcripts[0].other_means.len()), ((false, true), 1));
}

#[test]
fn edits_of_tools_and_of_agents_are_kept_where_they_succeeded() {
    let text = "⏺ Update(src/a.rs)\n  ⎿  Updated src/a.rs with 3 additions\n⏺ Write(src/b.rs)\n  ⎿  User rejected write to src/b.rs\n\
                ⏺ Edit(docs/a-long-na\n      me.md)\n  ⎿  Added 1 line\n⏺ Task(x)\n  ⎿  Write(src/c.rs)\n  ⎿  Wrote 3 lines to src/c.rs\n  ⎿  Update(src/d.rs)\n  ⎿  Error: no\n  ⎿  Done (2 tool uses · 1.0k tokens · 4s)\n";
    let session = session(text);
    let paths: Vec<&str> = session.transcripts[0].edits.iter().map(|edit| edit.path.as_str()).collect();
    assert_eq!(paths, ["/src/a.rs", "/docs/a-long-name.md"]);
    assert_eq!(session.dispatches[0].edits.iter().map(|edit| edit.path.as_str()).collect::<Vec<_>>(), ["/src/c.rs"]);
    assert_eq!(session.transcripts[0].interruptions.len(), 1);
}

#[test]
fn a_run_of_tests_counts_what_is_shown_whole() {
    let run = |beneath: &str| {
        let session = session(&format!("⏺ Bash(cargo test)\n{beneath}\n\n⏺ So it is."));
        session.transcripts[0].runs.iter().map(|run| (run.passed, run.count)).collect::<Vec<_>>()
    };
    assert_eq!(run("  ⎿  test result: ok. 12 passed; 0 failed;"), [(Some(true), Some(12))]);
    assert_eq!(run("  ⎿  test result: ok. 12 passed; 0 failed;\n     … +30 lines (ctrl+o to expand)"), [(Some(true), None)]);
    assert_eq!(run("  ⎿  Error: Exit code 101\n     … +30 lines (ctrl+o to expand)"), [(Some(false), None)]);
    assert_eq!(run("  ⎿  Running in the background (↓ to manage)"), [(None, None)]);
    assert_eq!(run("  ⎿  Interrupted by user"), []);
}

#[test]
fn a_screen_that_is_drawn_twice_says_nothing_twice() {
    let screen = "⏺ I'll launch two agents in parallel to look at both of them.\n\n⏺ Explore(one)\n  ⎿  Initializing…\n\n";
    let session = session(&format!("> look\n\n{screen}{screen}⏺ Explore(one)\n  ⎿  Done (3 tool uses · 1.0k tokens · 4s)\n"));
    assert_eq!(session.transcripts[0].claims.len(), 1);
    assert_eq!(agents(&session), [(Some("Explore"), "one", Status::Completed)]);
}

#[test]
fn a_tag_behind_a_call_hides_nothing() {
    for tag in ["Opus 5 (1M context)", "opus-4-5-20251101", "(resumed)", "Sonnet 4.5", "haiku"] {
        let read = session(&PAIR.replace('@', "").replace(")\n", &format!(") {tag}\n")));
        assert_eq!(read.dispatches.len(), 2, "{tag}");
    }
    assert_eq!(session("⏺ Agent(A) is done.\n\n⏺ Agent(B) failed\n").dispatches, []);
}

#[test]
fn what_the_assistant_spoke_over_is_no_redraw() {
    let drawn = |words: &str| {
        session(&format!(
            "⏺ Running 2 Task agents… (ctrl+o to expand)\n   ├─ Review · 0 tool uses\n   └─ Test · 0 tool uses\n\n{words}\
             ⏺ 2 Task agents finished (ctrl+o to expand)\n   ├─ Review · 5 tool uses\n   └─ Test · 5 tool uses\n\n> ok\n"
        ))
    };
    assert_eq!(drawn("").dispatches.len(), 2);
    let spoken = drawn("⏺ Both found problems.\n\n");
    assert_eq!((spoken.dispatches.len(), spoken.transcripts[0].other_means.len()), (4, 1));
}

#[test]
fn a_group_may_grow_while_it_is_drawn() {
    let text = "⏺ Explore(two)\n  ⎿  Initializing…\n\n⏺ Running 2 Explore agents… (ctrl+o to expand)\n   ├ one · 1 tool use\n   └ two · 0 tool uses\n\n\
                ⏺ 3 Explore agents finished (ctrl+o to expand)\n   ├ one · 9 tool uses\n   ├ two · 2 tool uses\n   └ three · 3 tool uses\n";
    let session = session(text);
    let kept: Vec<_> = session.dispatches.iter().map(|dispatch| (dispatch.description.as_deref(), dispatch.tool_uses)).collect();
    assert_eq!(kept, [(Some("two"), Some(2)), (Some("one"), Some(9)), (Some("three"), Some(3))]);
    assert!(at_once(&session, 0, 2).0 && session.dispatches.iter().all(|dispatch| dispatch.status == Status::Completed));
    assert_eq!(session.transcripts[0].other_means, []);
}

#[test]
fn tools_that_are_counted_are_no_words_and_words_are_no_tools() {
    let read = session(
        "⏺ Read 2 files, ran 1 shell command (ctrl+o to expand)\n\n⏺ So.\n\n  Searched for 2 patterns\n\n⏺ Ran 5 agents in parallel.\n",
    );
    let main = &read.transcripts[0];
    assert_eq!((main.calls.len(), main.runs.len(), main.claims.len()), (2, 1, 1));
}

#[test]
fn what_is_left_over_behind_a_header_makes_no_sentence() {
    let drawn = session("⏺ 2 Explore agents finished main analysis…\n   ├─ one · 5 tool uses\n   └─ two · 0 tool uses\n");
    assert_eq!(drawn.dispatches.iter().map(|dispatch| dispatch.tool_uses).collect::<Vec<_>>(), [Some(5), None]);
    assert_eq!(drawn.transcripts[0].claims, []);
    let said = session("⏺ 3 agents finished in parallel and\n  found nothing at all\n");
    assert_eq!((said.dispatches.len(), said.transcripts[0].claims.len()), (0, 1));
}

#[test]
fn what_was_drawn_in_part_leaves_a_doubt() {
    for (text, doubts) in [
        ("⏺ Running 2 Explore agents… (ctrl+o to expand)\n   ├ one · 1 tool use\n", 1),
        ("⏺ 2 background agents launched (↓ to manage)\n   ├ one\n   └ two\n", 1),
        ("⏺ 2 background agents launched (↓ to manage)\n   ├ one\n   └ two\n✻ Waiting for 2 background agents to finish\n", 0),
        ("⏺ Agent \"other\" finished · 4s\n", 1),
        ("⏺ Teammate @x finished\n", 1),
        ("⏺ 2 agents finished (ctrl+o to expand)\n   ├ one\n   └ two\n", 0),
    ] {
        assert_eq!(session(text).transcripts[0].other_means.len(), doubts, "{text}");
    }
}

#[test]
fn a_header_without_rows_makes_no_crowd() {
    let crowd = "⏺ 1000 agents finished (ctrl+o to expand)\n\n".repeat(100);
    assert!(session(&crowd).dispatches.len() <= 600);
}

#[test]
fn other_texts_bear_no_evidence() {
    for text in ["● one\n● two\n> three", "⏺ Recording…", "# Task(one)\n- Done (9 tool uses)", "plain", "", "└─ src\n  ⎿  x"]
    {
        assert_eq!(evidence(&lines_of(text)), 0, "{text}");
    }
    assert!(evidence(&lines_of("⏺ Bash(ls)\n  ⎿  src")) > 0);
    assert!(evidence(&lines_of("> ⏺ Bash(ls)\n>   ⎿  src")) > 0);
}

#[test]
fn jumps_of_the_cursor_keep_what_stands_beneath_a_call() {
    let text = PAIR.replace('@', "").replace("  ⎿  ", "\u{1b}[2C⎿\u{1b}[2C").replace("Done", "Running…\r\u{1b}[2C⎿  Done");
    assert_eq!(session(&text).dispatches, session(&PAIR.replace('@', "")).dispatches);
}

#[test]
fn a_command_that_is_only_counted_may_have_been_the_tests() {
    for (text, count) in [
        ("  Ran 2 shell commands (ctrl+o to expand)\n", 1),
        ("⏺ Ran 2 shell commands (ctrl+o to expand)\n", 1),
        ("⏺ Running 1 shell command… (ctrl+o to expand)\n  ⎿  $ cargo test\n", 1),
        ("⏺ Reading 1 file, running 1 shell command… (ctrl+o to expand)\n", 1),
        ("⏺ Running the whole suite…\n  ⎿  $ cargo test\n", 1),
        ("⏺ Read 2 files (ctrl+o to expand)\n", 0),
    ] {
        let text = format!("> go\n\n⏺ Update(a.rs)\n  ⎿  Updated a.rs with 1 addition\n\n{text}");
        assert_eq!(session(&text).transcripts[0].runs.len(), count, "{text}");
    }
}

#[test]
fn a_document_that_shows_a_console_is_none() {
    let sample = "```text\n> go\n\n⏺ Task(one)\n  ⎿  Done (1 tool use · 2.0k tokens · 3s)\n```\n";
    let words = "A sentence.\nAnother one.\n\n".repeat(4);
    for text in [
        format!("# Guide\n\n{words}{sample}"),
        format!("{words}{sample}"),
        format!("{sample}\n{words}"),
        format!("---\nname: x\n---\n{words}{sample}"),
        format!("# Guide\n\n{words}    ⏺ Task(one)\n      ⎿  Done\n\nAn end.\n"),
        format!("# Guide\n\n{words}⏺ Task(one)\n  ⎿  Done\n\nAn end.\n"),
        format!("# Changes\n\n{words}- ⏺ Task(one) is read\n⎿ as well\n"),
        format!("# Guide\n\n{words}```\n$ cargo test\n```\n{sample}"),
    ] {
        let lines = lines_of(&text);
        assert_eq!(evidence(&lines), 0, "{text}");
        assert_eq!(is_shown(&lines), text.contains("\n⏺") || text.contains("    ⏺"), "{text}");
    }
    for text in [
        sample.to_owned(),
        format!("# It runs in turn\n\nI see this:\n\n{sample}\nWhy?\n"),
        format!("It runs in turn.\n{sample}"),
        format!("# It runs in turn\n\n{}", PAIR.replace('@', "⏺ And now\n  a line\n\n")),
        format!("{}{words}{words}", PAIR.replace('@', "⏺ I'll go on.\n\n# What I found\n\n")),
        format!("> ## Plan\n> it\n\n{}", PAIR.replace('@', "")),
    ] {
        assert!(evidence(&lines_of(&text)) > 0, "{text}");
    }
}

proptest! {
    #[test]
    fn no_console_makes_it_panic(text in "([⏺●>❯⎿✻∴├└│╭╰─`~ ]{0,3}(Task\\(|Running |[23] agents |finished|launched|Done \\(|tool uses|Agent \"|\\)|…|·|\"|Waiting for 2 background agents|[a-z]{1,5}| |\t|\r|\u{1b}\\[3C){0,6}\n){0,25}") {
        let read = session(&text);
        let last = text.split('\n').count() as u64;
        for dispatch in &read.dispatches {
            prop_assert!(dispatch.line >= 1 && dispatch.line <= last);
        }
        for claim in &read.transcripts[0].claims {
            prop_assert!(claim.place.line >= 1 && claim.place.line <= last);
        }
    }

    #[test]
    fn a_margin_changes_nothing(margin in 0usize..9, end in "( {0,4}\r?)") {
        let text = PAIR.replace('@', "⏺ Now the second one, which is the API.\n\n");
        let moved: String = text.lines().map(|line| format!("{}{line}{end}\n", " ".repeat(margin))).collect();
        prop_assert_eq!(session(&moved).dispatches, session(&text).dispatches);
    }
}
