//! Holds what a page shows against what the commands print, and writes it anew where that is asked for.

use super::page::{Block, Page};
use super::place::{Place, Wanted};

/// A command of a block, and the lines that it shows.
pub(crate) struct Command {
    pub(crate) line: String,
    pub(crate) shown: Vec<String>,
}

/// The commands of a block. A `\` at the end of a line goes on in the next.
pub(crate) fn commands(block: &Block) -> Vec<Command> {
    let mut commands: Vec<Command> = Vec::new();
    let mut goes_on = false;
    for line in block.text.lines() {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (_, Some(last)) if goes_on => last.line = format!("{}\n{line}", last.line),
            (Some(command), _) => commands.push(Command { line: command.to_owned(), shown: Vec::new() }),
            (None, Some(last)) => last.shown.push(line.to_owned()),
            (None, None) => panic!("a block begins with no command: {line}"),
        }
        goes_on = line.ends_with('\\');
    }
    commands
}

/// Runs the blocks of a page that say where. What is wrong comes out, and the page with what was truly printed.
pub(crate) fn run(page: &Page) -> (Vec<String>, String) {
    let (mut wrong, mut text) = (Vec::new(), page.text.clone());
    let mut place: Option<Place> = None;
    let mut files: Vec<(&str, &str)> = Vec::new();
    let mut moved = 0_isize;
    for block in &page.blocks {
        if let Some(path) = block.marker("file") {
            files.push((path, &block.text));
        }
        let Some(marker) = block.marker("run") else { continue };
        let wanted = Wanted::parse(marker);
        if !wanted.same {
            place = Some(Place::new(&wanted));
        }
        let place = place.as_ref().unwrap_or_else(|| panic!("{}: the first block runs in no `same` place", page.path));
        files.drain(..).for_each(|(path, text)| place.write(path, text));
        if wanted.committed {
            place.commit();
        }
        let commands = commands(block);
        let mut real = String::new();
        for (index, command) in commands.iter().enumerate() {
            let (printed, code) = place.run(&command.line, wanted.only_report);
            let expected = wanted.exit(index, commands.len());
            let shown = command.shown.join("\n");
            if code != expected {
                wrong.push(format!("{}: `{}`: exit code {code}, not {expected}:\n{printed}", page.path, command.line));
            } else if !matches(&command.shown, &printed, wanted.times) {
                wrong.push(format!("{}: `{}` shows\n{shown}\nand prints\n{printed}", page.path, command.line));
            }
            real.push_str(&format!("$ {}\n{printed}", command.line));
        }
        // What is left out of a page cannot be told, so a block with `…` is written by hand.
        let is_whole = commands.iter().all(|command| !command.shown.iter().any(|line| line == "…"));
        let is_right = commands.iter().all(|command| !wrong.iter().any(|one| one.contains(&format!("`{}` shows", command.line))));
        if is_whole && !is_right {
            let at = |place: usize| place.checked_add_signed(moved).unwrap();
            text.replace_range(at(block.range.start)..at(block.range.end), &real);
            moved += real.len() as isize - block.range.len() as isize;
        }
    }
    (wrong, text)
}

/// Whether lines are what was printed; a line `…` stands for any number of lines.
pub(crate) fn matches(shown: &[String], printed: &str, any_time: bool) -> bool {
    let time = regex::Regex::new(r"\b(\d+m )?\d+(\.\d+)?(m?s\b| at once)|\b\d+d \d+h\b").unwrap();
    let plain = |line: &str| if any_time { time.replace_all(line.trim_end(), "#").into_owned() } else { line.to_owned() };
    let shown: Vec<String> = shown.iter().map(|line| plain(line)).collect();
    let printed: Vec<String> = printed.lines().map(plain).collect();
    fits(&shown, &printed)
}

fn fits(shown: &[String], printed: &[String]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((line, rest)) if line == "…" => (0..=printed.len()).any(|skipped| fits(rest, &printed[skipped..])),
        Some((line, rest)) => printed.first() == Some(line) && fits(rest, &printed[1..]),
    }
}
