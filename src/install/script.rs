//! The scripts of `hooks/`, and telling them from everybody else's.

use super::Hook;
use sha2::{Digest, Sha256};

/// The version of the scripts: one more whenever their text changes.
pub const VERSION: u32 = 1;

const WITHOUT_GATES: &str = "gates=no";
const WITH_GATES: &str = "gates=yes";
const ZEROS: &str = "0000000000000000";

/// A script of paralint, of this version or another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Script {
    /// Which version of it.
    pub version: u32,
    /// It runs the gates too.
    pub gates: bool,
    /// Somebody changed more in it than that. Where it is, we cannot know what is lost when it goes.
    pub is_changed: bool,
}

/// The text of a hook's script.
#[must_use]
pub fn text(hook: Hook, gates: bool) -> String {
    let plain = match hook {
        Hook::PreCommit => include_str!("../../hooks/pre-commit"),
        Hook::PreMergeCommit => include_str!("../../hooks/pre-merge-commit"),
        Hook::PrePush => include_str!("../../hooks/pre-push"),
    };
    if gates { plain.replacen(&format!("\n{WITHOUT_GATES}\n"), &format!("\n{WITH_GATES}\n"), 1) } else { plain.to_owned() }
}

/// Recognises a script of paralint for this hook by its second line, and whether it is as it was written by the digest in that line:
/// so every version knows the scripts of all others.
#[must_use]
pub fn recognise(hook: Hook, bytes: &[u8]) -> Option<Script> {
    let text = String::from_utf8_lossy(bytes);
    let head = text.lines().nth(1)?;
    let rest = head.strip_prefix(&format!("# {} hook of paralint, version ", hook.name()))?;
    let (version, digest) = rest.split_once(", digest ")?;
    let gates = text.lines().any(|line| line == WITH_GATES);
    let is_changed = std::str::from_utf8(bytes).is_err() || digest_of(&text).as_deref() != Some(digest);
    Some(Script { version: version.parse().ok()?, gates, is_changed })
}

/// What is known to be wrong with a script that was changed, as a part of a sentence.
#[must_use]
pub fn fault(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    if text.split_inclusive('\n').next().is_some_and(|line| line.ends_with("\r\n")) {
        return Some("its lines end in carriage returns, so git cannot start it".to_owned());
    }
    let gates = text.lines().find(|line| line.starts_with("gates="))?;
    let is_known = [WITH_GATES, WITHOUT_GATES].contains(&gates);
    (!is_known).then(|| format!("its line {} is not understood (gates=yes or gates=no)", gates.trim()))
}

/// The digest of a script: of its text without gates, and with nothing where the digest stands. `None` where it has no such lines.
fn digest_of(text: &str) -> Option<String> {
    let (before, rest) = text.split_once(", digest ")?;
    let (_, after) = rest.split_once('\n')?;
    let plain = after.replacen(&format!("\n{WITH_GATES}\n"), &format!("\n{WITHOUT_GATES}\n"), 1);
    let digest = Sha256::digest(format!("{before}, digest {ZEROS}\n{plain}").as_bytes());
    Some(digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::install::plan::{Found, Kind, Place, Step, Undo, step, undo};

    #[test]
    fn the_scripts_are_what_their_digests_say() {
        for hook in Hook::ALL {
            let plain = text(hook, false);
            let digest = digest_of(&plain).unwrap();
            let known = Script { version: VERSION, gates: false, is_changed: false };
            assert_eq!(recognise(hook, plain.as_bytes()), Some(known), "{}: raise VERSION, and write digest {digest}", hook.name());
            let with_gates = text(hook, true);
            assert_ne!(with_gates, plain, "{}", hook.name());
            assert_eq!(recognise(hook, with_gates.as_bytes()), Some(Script { gates: true, ..known }));
        }
    }

    #[test]
    fn a_script_that_was_changed_is_known_as_changed() {
        let plain = text(Hook::PreCommit, false);
        for changed in [plain.replace("exec", "exec "), format!("{plain}\n"), plain.replace("gates=no", "gates=maybe")] {
            assert!(recognise(Hook::PreCommit, changed.as_bytes()).unwrap().is_changed, "{changed}");
        }
        let mut broken = plain.clone().into_bytes();
        broken.push(0xff);
        assert!(recognise(Hook::PreCommit, &broken).unwrap().is_changed);
    }

    #[test]
    fn a_script_of_an_older_paralint_is_updated_and_keeps_its_options() {
        let other = |version: u32, gates: bool| {
            let text = text(Hook::PreCommit, gates).replace("exec", "exec ").replacen("version 1", &format!("version {version}"), 1);
            let (before, rest) = text.split_once(", digest ").unwrap();
            let digest = digest_of(&text).unwrap();
            let bytes = format!("{before}, digest {digest}{}", &rest[ZEROS.len()..]).into_bytes();
            let now = Some(Found { kind: Kind::File, runs: true, bytes });
            Place { hook: Hook::PreCommit, aside: "", now, earlier: None, is_one_file: false }
        };
        assert!(matches!(step(&other(0, true), false), Step::Update { gates: true, .. }));
        assert!(matches!(step(&other(0, false), false), Step::Update { gates: false, .. }));
        assert_eq!(step(&other(VERSION + 1, false), false), Step::InPlace { why: Some("from a newer paralint") });
        assert!(matches!(step(&other(VERSION + 1, false), true), Step::ByHand { .. }));
        assert_eq!((undo(&other(0, true)), undo(&other(VERSION + 1, false))), (Undo::Remove, Undo::Remove));
    }

    #[test]
    fn what_is_not_ours_is_not_recognised() {
        for other in ["", "\n", "#!/bin/sh\nexec paralint check\n", "#!/bin/sh\n# pre-commit hook of paralint, version x, digest 0\n"] {
            assert_eq!(recognise(Hook::PreCommit, other.as_bytes()), None, "{other:?}");
        }
        assert_eq!(recognise(Hook::PrePush, text(Hook::PreCommit, false).as_bytes()), None);
    }

    #[test]
    fn what_the_scripts_share_is_the_same_in_all() {
        let shared = |hook: Hook| {
            let text = text(hook, false);
            let start = text.find("\nis_program()").unwrap();
            let end = text.find("\nif is_program").into_iter().chain(text.find("\n# git says on standard input")).min().unwrap();
            // Which command runs the hook is all that may differ.
            text[start..end]
                .replace("git merge --no-verify", "git commit --no-verify")
                .replace("git push --no-verify", "git commit --no-verify")
        };
        assert_eq!(shared(Hook::PreCommit), shared(Hook::PreMergeCommit));
        assert_eq!(shared(Hook::PreCommit), shared(Hook::PrePush));
    }
}
