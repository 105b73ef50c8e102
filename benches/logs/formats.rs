//! The time that each format takes for a byte, as a ratio to Claude Code's for the same session in the same run.

use super::content::{Kind, Turn, turn};
use super::{best, milliseconds, opencode, paralint, records, row, texts};
use std::path::{Path, PathBuf};

/// A way of writing sessions down.
struct Written {
    name: &'static str,
    file: &'static str,
    /// Writes a session of so many bytes at least.
    write: fn(&Path, usize, Kind),
}

fn lines(path: &Path, bytes: usize, kind: Kind, one: fn(&mut records::Writer, &Turn)) {
    let mut writer = records::Writer::default();
    let mut number = 0;
    while writer.out.len() < bytes {
        number += 1;
        one(&mut writer, &turn(kind, number));
    }
    std::fs::write(path, writer.out).expect("the folder can be written to");
}

fn text(path: &Path, bytes: usize, kind: Kind, one: fn(&mut String, &Turn)) {
    let mut out = String::new();
    let mut number = 0;
    while out.len() < bytes {
        number += 1;
        one(&mut out, &turn(kind, number));
    }
    std::fs::write(path, out).expect("the folder can be written to");
}

/// Claude Code's comes first: all others are held against it.
const ALL: [Written; 8] = [
    Written { name: "claude-code", file: "claude.jsonl", write: |path, bytes, kind| lines(path, bytes, kind, records::claude_code::write) },
    Written { name: "codex", file: "codex.jsonl", write: |path, bytes, kind| lines(path, bytes, kind, records::codex::write) },
    Written { name: "copilot", file: "copilot.jsonl", write: |path, bytes, kind| lines(path, bytes, kind, records::copilot::write) },
    Written {
        name: "opencode, an export",
        file: "export.json",
        write: |path, bytes, kind| opencode::write_export(path, bytes, |number| turn(kind, number)),
    },
    Written {
        name: "opencode, a store",
        file: "opencode.db",
        write: |path, bytes, kind| opencode::write_store(path, bytes, |number| turn(kind, number)).expect("SQLite writes"),
    },
    Written { name: "text, a console", file: "console.txt", write: |path, bytes, kind| text(path, bytes, kind, texts::console) },
    Written { name: "text, a history", file: "history.md", write: |path, bytes, kind| text(path, bytes, kind, texts::markdown) },
    Written { name: "text, a chat", file: "chat.md", write: |path, bytes, kind| text(path, bytes, kind, texts::chat) },
];

/// Writes a session of each format into a folder.
pub(crate) fn write(folder: &Path, bytes: usize, kind: Kind) {
    for format in &ALL {
        let path = folder.join(format.file);
        let _ = std::fs::remove_file(&path);
        (format.write)(&path, bytes, kind);
    }
}

/// Sessions of ordinary content, and such as hold nothing but words that claims are made of.
pub(crate) fn measure(folder: &Path, bytes: usize) {
    for (kind, what) in [(Kind::Ordinary, "an ordinary session"), (Kind::Words, "words of claims only")] {
        println!("{what}, time for a byte / Claude Code's:");
        let paths: Vec<PathBuf> = ALL.iter().map(|format| folder.join(format.file)).collect();
        write(folder, bytes, kind);
        let read: Vec<bool> = paths.iter().map(|path| is_read(path)).collect();
        let mut commands: Vec<_> = paths.iter().map(|path| paralint(&["--jobs", "1"], path)).collect();
        let times = best(&mut commands);
        let per_byte = |index: usize| times[index].as_secs_f64() / std::fs::metadata(&paths[index]).map_or(1.0, |data| data.len() as f64);
        for (index, format) in ALL.iter().enumerate() {
            let size = std::fs::metadata(&paths[index]).map_or(0, |data| data.len()) >> 20;
            let detail = format!("{size} MB: {}", milliseconds(times[index]));
            let goal = if index == 0 { "1" } else { "<= 2" };
            if read[index] {
                row(&format!("  {}", format.name), per_byte(index) / per_byte(0), goal, &detail);
            } else {
                println!("  {:<42}     -     is not read: the figure would mean nothing", format.name);
            }
        }
    }
}

/// Whether the program takes a file for a log at all.
fn is_read(path: &Path) -> bool {
    paralint(&["--jobs", "1"], path).output().is_ok_and(|output| matches!(output.status.code(), Some(0 | 1)))
}
