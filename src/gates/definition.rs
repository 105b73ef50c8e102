//! What a gate's definition comes to, so that a receipt speaks of one command alone. Pure.

use crate::config::{Command, Gate, Inputs};
use crate::model::path::RepoPath;
use crate::work::tree::digest;

/// What a gate's definition comes to, for receipts: command, folder, variables, kind of inputs and the files it is given. How
/// long it may take, how often it is tried and when it runs do not change what passing means.
pub fn definition(gate: &Gate, files: &[RepoPath]) -> String {
    let mut text = Text(b"gate 1\n".to_vec());
    match &gate.run {
        Command::Shell(line) => text.list("shell", std::iter::once(line.as_bytes())),
        Command::Words(words) => text.list("words", words.iter().map(String::as_bytes)),
    }
    text.list("dir", gate.dir.iter().map(String::as_bytes));
    text.list("env", gate.env.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]));
    text.list(if gate.inputs == Inputs::Index { "index" } else { "worktree" }, std::iter::empty());
    text.list(if gate.git_env { "git env" } else { "no git env" }, std::iter::empty());
    let what = digest(&text.0);
    if files.is_empty() {
        return what;
    }
    let mut given = Text(Vec::new());
    given.list("files", files.iter().map(RepoPath::as_bytes));
    format!("{what}+{}", digest(&given.0))
}

/// Whether a definition is that of the gate as it is configured now, whatever files it was given.
pub fn is_of(definition: &str, gate: &Gate) -> bool {
    definition.split('+').next() == Some(self::definition(gate, &[]).as_str())
}

/// Lists of texts, each with its length, so that no two are written alike.
struct Text(Vec<u8>);

impl Text {
    fn list<'t>(&mut self, name: &str, parts: impl Iterator<Item = &'t [u8]>) {
        self.0.extend_from_slice(name.as_bytes());
        for part in parts {
            self.0.extend_from_slice(format!(" {}:", part.len()).as_bytes());
            self.0.extend_from_slice(part);
        }
        self.0.push(b'\n');
    }
}
