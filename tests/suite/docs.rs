//! Every command and example of docs/, and the pages that are made from the code.
//!
//! `PARALINT_WRITE_DOCS=1` writes what is made from the code, and what the commands print, into the pages.

mod configuration_page;
mod page;
mod place;
mod rule_examples;
mod rule_pages;
mod shown;

use super::program::{code, paralint, stderr};
use page::{Block, Page, pages, root};
use std::collections::BTreeSet;

/// Programs whose commands are shown without being run.
const KNOWN_PROGRAMS: &[&str] = &[
    "paralint",
    "git",
    "cargo",
    "pip",
    "pipx",
    "uv",
    "curl",
    "tar",
    "sha256sum",
    "npm",
    "npx",
    "pre-commit",
    "prek",
    "lefthook",
    "hk",
    "man",
];

/// Whether the pages are to be written.
pub(crate) fn is_writing() -> bool {
    std::env::var_os("PARALINT_WRITE_DOCS").is_some_and(|value| value == "1")
}

/// Holds a page that is made from the code against the file, or writes the file.
fn same_or_written(path: &str, made: &str) {
    let file = root().join(path);
    if is_writing() {
        std::fs::write(&file, made).unwrap();
    }
    let there = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(there == made, "{path} is not what the code makes; run the tests `docs` with PARALINT_WRITE_DOCS=1");
}

#[test]
fn every_block_that_runs_prints_what_its_page_shows() {
    let mut all = Vec::new();
    for page in pages() {
        let (mut wrong, text) = shown::run(&page);
        if is_writing() && text != page.text {
            std::fs::write(root().join(&page.path), &text).unwrap();
            wrong = shown::run(&page::parsed(page.path.clone(), text)).0;
        }
        all.extend(wrong);
    }
    assert!(all.is_empty(), "{}", all.join("\n\n"));
}

/// A marker that nobody reads would be an example that nobody runs.
#[test]
fn every_marker_is_known() {
    for page in pages().iter().filter(|page| page.path != "README.md") {
        for block in &page.blocks {
            for marker in &block.markers {
                let name = marker.split(':').next().unwrap();
                let fits = match name {
                    "run" => block.language == "console",
                    "file" => block.language != "console",
                    "state" => block.language == "json",
                    "of" => block.language == "toml" || block.language == "yaml",
                    _ => false,
                };
                assert!(fits || marker.starts_with("Made from"), "{}: `{marker}` before a block of {}", page.path, block.language);
            }
        }
    }
}

#[test]
fn every_command_that_is_only_shown_is_known() {
    let mut wrong = Vec::new();
    for page in pages().iter().filter(|page| page.path != "README.md") {
        for block in page.blocks.iter().filter(|block| block.language == "console") {
            for command in shown::commands(block) {
                if block.marker("run").is_some() {
                    continue;
                }
                if !command.shown.is_empty() {
                    wrong.push(format!("{}: `{}` shows output that nobody compares", page.path, command.line));
                }
                wrong.extend(unknown(&command.line).map(|why| format!("{}: `{}`: {why}", page.path, command.line)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with a command that is only shown. Two spaces part it from the words about it.
fn unknown(line: &str) -> Option<String> {
    let line = line.split("  ").next().unwrap().replace("\\\n", " ");
    let mut words = shell_words(&line).into_iter().skip_while(|word| word.contains('=') && !word.starts_with('-'));
    let program = words.next().unwrap_or_default();
    if !KNOWN_PROGRAMS.contains(&program.as_str()) {
        return Some(format!("{program} is none of {KNOWN_PROGRAMS:?}"));
    }
    if program != "paralint" || line.contains(['|', '>', '&', ';']) {
        return None;
    }
    // With --help behind it, a command line is parsed in full and runs nothing.
    let output = paralint(&root()).args(words).arg("--help").output().unwrap();
    (code(&output) != 0).then(|| stderr(&output))
}

/// The words of a command line, quotes taken off.
fn shell_words(line: &str) -> Vec<String> {
    let (mut words, mut quote) = (vec![String::new()], None);
    for character in line.chars() {
        match quote {
            Some(open) if open == character => quote = None,
            None if matches!(character, '\'' | '"') => quote = Some(character),
            None if character.is_whitespace() => words.push(String::new()),
            _ => words.last_mut().unwrap().push(character),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The configurations of the pages, and those that a page writes for a run, which has them read anyway.
#[test]
fn every_configuration_is_accepted() {
    for page in pages().iter().filter(|page| page.path != "README.md") {
        for block in page.blocks.iter().filter(|block| block.language == "toml") {
            let rule_page = page.path.starts_with("docs/rules/");
            match block.marker("of") {
                // The examples of rules are in rule_examples.rs: one block of theirs may need another.
                _ if rule_page => assert!(block.text.parse::<toml::Table>().is_ok(), "{}: {}", page.path, block.text),
                None => {
                    let read = paralint::config::Config::parse("paralint.toml", &block.text);
                    assert!(read.is_ok(), "{}: {:?}\n{}", page.path, read.err(), block.text);
                }
                Some(_) => assert!(block.text.parse::<toml::Table>().is_ok(), "{}: {}", page.path, block.text),
            }
        }
    }
}

#[test]
fn every_state_file_is_accepted_and_every_other_json_and_yaml_parses() {
    for page in pages() {
        for block in &page.blocks {
            let parsed: Result<(), String> = match (block.language.as_str(), block.marker("state")) {
                ("json", Some(name)) => is_accepted(name, block),
                ("json", None) => serde_json::from_str::<serde_json::Value>(&block.text).map(drop).map_err(|error| error.to_string()),
                ("yaml", _) => saphyr_parser::Parser::new_from_str(&block.text)
                    .try_for_each(|event| event.map(drop).map_err(|error| error.to_string())),
                _ => Ok(()),
            };
            assert!(parsed.is_ok(), "{}: {parsed:?}\n{}", page.path, block.text);
        }
    }
}

/// A state file is read by the program: one that it cannot use is exit code 2.
fn is_accepted(name: &str, block: &Block) -> Result<(), String> {
    let repository = super::repository::Repository::new();
    repository.commit_all("base");
    repository.write(name, &block.text);
    let output = super::program::run(repository.path(), &["check", "--no-config", "--format", "json"]);
    if code(&output) < 2 { Ok(()) } else { Err(super::program::stdout(&output)) }
}

#[test]
fn every_link_leads_somewhere() {
    let all = pages();
    let mut wrong = Vec::new();
    for page in &all {
        for link in page.links.iter().filter(|link| !link.contains("://") && !link.starts_with("mailto:")) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let Some(target) = target(page, file) else {
                wrong.push(format!("{}: {link} leaves the repository", page.path));
                continue;
            };
            let is_there = root().join(&target).exists();
            let other = all.iter().find(|other| other.path == target);
            let has_anchor = anchor.is_empty() || other.is_some_and(|other| other.anchors.iter().any(|one| one == anchor));
            if !is_there || !has_anchor {
                wrong.push(format!("{}: {link} leads nowhere", page.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The file that a link leads to, from the root of the repository.
fn target(page: &Page, file: &str) -> Option<String> {
    if file.is_empty() {
        return Some(page.path.clone());
    }
    let mut parts: Vec<&str> = page.path.split('/').collect();
    parts.pop();
    for part in file.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[test]
fn every_page_is_reached_from_the_index() {
    let all = pages();
    let mut reached = BTreeSet::from(["docs/README.md".to_owned()]);
    let mut open = vec!["docs/README.md".to_owned()];
    while let Some(path) = open.pop() {
        let page = all.iter().find(|page| page.path == path).unwrap_or_else(|| panic!("{path} is not there"));
        for link in &page.links {
            let next = target(page, link.split('#').next().unwrap()).unwrap_or_default();
            if all.iter().any(|other| other.path == next) && reached.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    let lost: Vec<&str> =
        all.iter().map(|page| page.path.as_str()).filter(|path| path.starts_with("docs/") && !reached.contains(*path)).collect();
    assert!(lost.is_empty(), "no link leads to {lost:?}");
}

#[test]
fn no_page_names_a_place_of_some_machine() {
    for page in pages() {
        for place in ["/root/", "/work/", "/tmp/", "/home/"] {
            assert!(!page.text.contains(place), "{}: {place}", page.path);
        }
    }
}

#[test]
fn a_line_of_dots_stands_for_lines_that_are_left_out() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    assert!(shown::matches(&lines("a\n…\nd"), "a\nb\nc\nd\n", false));
    assert!(shown::matches(&lines("a\n…"), "a\n", false));
    assert!(!shown::matches(&lines("a\n…\nd"), "a\nb\nc\n", false));
    assert!(!shown::matches(&lines("a"), "a\nb\n", false) && !shown::matches(&lines("a\nb"), "a\n", false));
    assert!(shown::matches(&lines("265d 08h ago"), "9d 00h ago\n", true));
    assert!(shown::matches(&lines("ran 0.4s"), "ran 12.1s\n", true) && !shown::matches(&lines("ran 0.4s"), "ran 12.1s\n", false));
}

#[test]
fn markers_and_anchors_are_read() {
    let text = "# What `it` is: a *test*\n\n<!-- run: this exit=1 -->\n```console\n$ a\nb\n```\n\n```toml\nx = 1\n```\n";
    let page = page::parsed("docs/x.md".to_owned(), text.to_owned());
    assert_eq!(page.anchors, ["what-it-is-a-test"]);
    assert_eq!(page.blocks[0].marker("run"), Some("this exit=1"));
    assert_eq!((&text[page.blocks[0].range.clone()], page.blocks[1].marker("run")), ("$ a\nb\n", None));
}
