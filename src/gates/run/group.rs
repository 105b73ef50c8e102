//! Process groups: whether one is there, who lives in it, and its end.
#![allow(clippy::disallowed_methods)]

use crate::model::gate::Leftover;
use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};

/// How many processes that were left behind are told by name.
#[cfg(target_os = "linux")]
const TOLD: usize = 20;

/// The most of a command line that is told, in bytes.
#[cfg(target_os = "linux")]
const COMMAND: u64 = 300;

/// Whether any process, be it a dead one that nobody has waited for, is in the group.
pub(super) fn exists(group: Pid) -> bool {
    match test_kill_process_group(group) {
        Ok(()) => true,
        // Linux says so of processes that changed their user; other systems of groups in which only the dead are.
        Err(Errno::PERM) => cfg!(target_os = "linux"),
        Err(_) => false,
    }
}

/// Asks a group to end. A stopped process hears of it only when it goes on.
pub(super) fn end(group: Pid) {
    // A group that ended meanwhile is what is wanted.
    let _ = kill_process_group(group, Signal::TERM);
    let _ = kill_process_group(group, Signal::CONT);
}

/// Ends a group.
pub(super) fn kill(group: Pid) {
    let _ = kill_process_group(group, Signal::KILL);
}

/// The living processes of a group, as many as are told. `None` where the system does not tell.
#[cfg(target_os = "linux")]
pub(super) fn members(group: Pid) -> Option<Vec<Leftover>> {
    let mut members = Vec::new();
    for entry in std::fs::read_dir("/proc").ok()? {
        let Ok(entry) = entry else { return None };
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let stat = match std::fs::read(entry.path().join("stat")) {
            Ok(stat) => stat,
            // Nothing can be said of the group where this process could not open one more file.
            Err(error) if matches!(Errno::from_io_error(&error), Some(Errno::MFILE | Errno::NFILE)) => return None,
            Err(_) => continue,
        };
        if let Some(name) = living_member(&stat, group.as_raw_pid()) {
            members.push(Leftover { pid, command: command(&entry.path()).unwrap_or(name) });
        }
        if members.len() == TOLD {
            break;
        }
    }
    Some(members)
}

/// The living processes of a group: only Linux tells without further privileges or tools.
#[cfg(not(target_os = "linux"))]
pub(super) fn members(_group: Pid) -> Option<Vec<Leftover>> {
    None
}

/// The name in a line of `/proc/PID/stat` where it is of the group and lives: `42 (name) S 1 42 …`, whose name may hold
/// anything, parentheses and line ends too.
#[cfg(target_os = "linux")]
fn living_member(stat: &[u8], group: i32) -> Option<String> {
    let stat = String::from_utf8_lossy(stat);
    let (start, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_ascii_whitespace();
    let state = fields.next()?;
    let of_group = fields.nth(1)?.parse() == Ok(group);
    let name = start.split_once('(').map_or("", |(_, name)| name);
    (of_group && !matches!(state, "Z" | "X" | "x")).then(|| name.to_owned())
}

/// The command line of a process; a process without one, such as a thread of the kernel, has a name alone.
#[cfg(target_os = "linux")]
fn command(process: &std::path::Path) -> Option<String> {
    use std::io::Read;
    let mut line = Vec::new();
    std::fs::File::open(process.join("cmdline")).ok()?.take(COMMAND).read_to_end(&mut line).ok()?;
    let line = String::from_utf8_lossy(&line).replace('\0', " ");
    Some(line.trim().to_owned()).filter(|line| !line.is_empty())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::living_member;

    #[test]
    fn a_line_of_stat_is_read_whatever_the_name() {
        assert_eq!(living_member(b"7 (sleep) S 1 42 42 0", 42).as_deref(), Some("sleep"));
        assert_eq!(living_member(b"7 (a) Z 9 9 (b\n) R 1 42 42 0", 42).as_deref(), Some("a) Z 9 9 (b\n"));
        assert_eq!(living_member(b"7 (sleep) S 1 43 42 0", 42), None, "of another group");
        assert_eq!(living_member(b"7 (sleep) Z 1 42 42 0", 42), None, "dead");
        assert_eq!(living_member(b"", 42), None);
        assert_eq!(living_member(b"7 (\xff) S 1 42", 42).as_deref(), Some("\u{fffd}"));
    }
}
