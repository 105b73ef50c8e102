//! An end for what may have none: libgit2 1.9 spins for ever on an object file that was cut short.
#![allow(clippy::disallowed_methods)]

use super::output::Output;
use super::setup::{could_not_run, failure};
use super::{FAILED, output};
use crate::input::git::Choice;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// How long libgit2 may read what is staged: it is taken for that only where the repository is small.
const STAGED: Duration = Duration::from_secs(30);

/// How long anything else may take: a long range of a large repository takes minutes.
const ANYTHING: Duration = Duration::from_secs(900);

/// Reads a repository. Where that comes to no end, the run does: with a report that says so, and exit code 2.
pub(super) fn reading<T>((way, is_staged): (Choice, bool), output: &Output, command: &'static str, read: impl FnOnce() -> T) -> T {
    let limit = match way {
        Choice::Git => return read(),
        Choice::Automatic if is_staged => STAGED,
        Choice::Automatic | Choice::Libgit2 => ANYTHING,
    };
    std::thread::scope(|threads| {
        let (done, waiting) = channel::<()>();
        threads.spawn(move || {
            // The other end goes away when the reading ends, by an error or well.
            if waiting.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
                give_up(output, command, limit);
            }
        });
        let read = read();
        drop(done);
        read
    })
}

fn give_up(output: &Output, command: &'static str, limit: Duration) -> ! {
    let message = format!("the repository could not be read within {} s: an object file may have been cut short", limit.as_secs());
    let hint = "`git fsck` names broken objects; `--git git` reads the repository without libgit2".to_owned();
    output.write(could_not_run(command, failure("repository", message, Some(hint), None)));
    output::exit(FAILED)
}
