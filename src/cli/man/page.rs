//! A manual page, made from what `--help` says of a command and from `facts`.

use crate::cli::man::facts::{self, Entry};
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, italic, roman};
use std::io;

/// How every page begins.
pub(super) const MARK: &str = ".\\\" Printed by `paralint man`.\n";

/// The name of a command's page: `paralint-check`.
pub(super) fn name(command: &clap::Command) -> String {
    command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned()
}

/// The page of a command, or of the whole, in roff. Fails only where the page cannot be put together.
pub(super) fn page(command: &clap::Command, whole: &clap::Command) -> Result<String, String> {
    let is_whole = command.get_name() == whole.get_name();
    let source = format!("paralint {}", whole.get_version().unwrap_or_default());
    let man =
        Man::new(command.clone().subcommand_help_heading("COMMANDS")).title(name(command).to_uppercase()).source(source).manual("paralint");
    let help = Help::read(&command.get_after_help().map(ToString::to_string).unwrap_or_default());
    let mut page = MARK.to_owned();
    // One beginning is enough; each part would come with its own.
    let mut beginning = Vec::new();
    Roff::new().to_writer(&mut beginning).map_err(|why| why.to_string())?;
    let beginning = String::from_utf8_lossy(&beginning).into_owned();
    let mut add = |part: &dyn Fn(&mut Vec<u8>) -> io::Result<()>| {
        let mut bytes = Vec::new();
        part(&mut bytes).map_err(|why| format!("failed to make the page: {why}"))?;
        let text = String::from_utf8_lossy(&bytes);
        page.push_str(if page.len() == MARK.len() { &text } else { text.strip_prefix(beginning.as_str()).unwrap_or(&text) });
        Ok::<(), String>(())
    };
    add(&|out| man.render_title(out))?;
    // Ragged at the right: names that are long cannot be spread over a line that is short.
    add(&|out| Roff::new().control("ad", ["l"]).to_writer(out))?;
    add(&|out| man.render_name_section(out))?;
    add(&|out| synopsis(command).to_writer(out))?;
    add(&|out| man.render_description_section(out))?;
    add(&|out| paragraphs(&help.remarks).to_writer(out))?;
    if is_whole {
        add(&|out| man.render_subcommands_section(out))?;
    }
    add(&|out| options(&man, out))?;
    add(&|out| examples(&help.examples).to_writer(out))?;
    let about = |entry: &&Entry| is_whole || entry.is_about(command.get_name());
    for (heading, entries) in facts::SECTIONS {
        // Of what several commands say in their own way, the main page says it in the way of the first.
        let mut entries: Vec<Entry> = entries.iter().filter(about).copied().collect();
        entries.dedup_by_key(|entry| entry.name);
        if !entries.is_empty() {
            add(&|out| section(heading, &entries).to_writer(out))?;
        }
    }
    add(&|out| see_also(command, whole).to_writer(out))?;
    // Devices without Unicode have no such sign.
    Ok(page.replace('…', "..."))
}

/// What stands below the options in `--help`: examples, each with what it does, and remarks.
#[derive(Debug, Default, PartialEq, Eq)]
struct Help {
    examples: Vec<(String, String)>,
    remarks: Vec<String>,
}

impl Help {
    fn read(text: &str) -> Help {
        let mut help = Help::default();
        for part in text.split("\n\n") {
            match part.strip_prefix("Examples:\n").or_else(|| part.strip_prefix("Example:\n")) {
                Some(lines) => help.examples.extend(lines.lines().map(example)),
                // How it ends has a section of its own.
                None if part.trim().is_empty() || part.starts_with("Exit codes:") => {}
                None => help.remarks.push(part.split_whitespace().collect::<Vec<_>>().join(" ")),
            }
        }
        help
    }
}

/// The command and, behind two spaces or more, what it does.
fn example(line: &str) -> (String, String) {
    let (command, does) = line.trim().split_once("  ").unwrap_or((line.trim(), ""));
    (command.to_owned(), does.trim().to_owned())
}

/// How the command is called, as its help says it: the options are listed below.
fn synopsis(command: &clap::Command) -> Roff {
    let usage = command.clone().render_usage().to_string();
    let called = command.get_bin_name().unwrap_or_else(|| command.get_name());
    let mut roff = Roff::new();
    roff.control("SH", ["SYNOPSIS"]);
    for (index, line) in usage.trim_start_matches("Usage:").lines().map(str::trim).enumerate() {
        if index > 0 {
            roff.control("br", []);
        }
        match line.strip_prefix(called) {
            Some(rest) => roff.text([bold(called), roman(rest)]),
            None => roff.text([roman(line)]),
        };
    }
    roff
}

/// The options in one section, their groups below it.
fn options(man: &Man, out: &mut dyn io::Write) -> io::Result<()> {
    let mut bytes = Vec::new();
    man.render_options_section(&mut bytes)?;
    for line in String::from_utf8_lossy(&bytes).lines() {
        match line.strip_prefix(".SH ").filter(|heading| *heading != "OPTIONS") {
            Some(heading) => writeln!(out, ".SS {}", facts::sentence_case(heading))?,
            None => writeln!(out, "{line}")?,
        }
    }
    Ok(())
}

fn paragraphs(remarks: &[String]) -> Roff {
    let mut roff = Roff::new();
    for remark in remarks {
        roff.control("PP", []).text([roman(remark.as_str())]);
    }
    roff
}

fn examples(examples: &[(String, String)]) -> Roff {
    let mut roff = Roff::new();
    if examples.is_empty() {
        return roff;
    }
    roff.control("SH", ["EXAMPLES"]);
    for (command, does) in examples {
        roff.control("TP", []).text([bold(command.as_str())]).text([roman(does.as_str())]);
    }
    roff
}

fn section(heading: &str, entries: &[Entry]) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", [heading]);
    for entry in entries {
        roff.control("TP", []).text([bold(entry.name)]).text([roman(entry.says)]);
    }
    roff
}

/// The pages of the other commands; the main one for each of them.
fn see_also(command: &clap::Command, whole: &clap::Command) -> Roff {
    let is_whole = command.get_name() == whole.get_name();
    let all = std::iter::once(whole).chain(whole.get_subcommands().filter(|_| is_whole));
    let mut pages: Vec<String> = all.filter(|other| other.get_name() != command.get_name()).map(name).collect();
    pages.extend(facts::related(command.get_name()).iter().map(|other| format!("paralint-{other}")));
    pages.push("git".to_owned());
    let mut line: Vec<Inline> = Vec::new();
    for page in pages {
        if !line.is_empty() {
            line.push(roman(", "));
        }
        line.extend([bold(page), roman("(1)")]);
    }
    let mut roff = Roff::new();
    // Names are not to be broken.
    roff.control("SH", ["SEE ALSO"]).control("nh", []).text(line);
    if is_whole {
        roff.control("PP", []).text([roman("The rules: "), italic("paralint rule"), roman(".")]);
    }
    roff
}

#[cfg(test)]
mod tests {
    use super::Help;

    #[test]
    fn examples_and_remarks_are_told_apart() {
        let help = Help::read("Examples:\n  paralint a 'b c'    does it\n  paralint d\n\nOne\nremark.\n\nExit codes: 0 clean");
        let examples = [("paralint a 'b c'".to_owned(), "does it".to_owned()), ("paralint d".to_owned(), String::new())];
        assert_eq!(help, Help { examples: examples.to_vec(), remarks: vec!["One remark.".to_owned()] });
        assert_eq!(Help::read(""), Help::default());
    }
}
