//! One process: its start, with everything that can go wrong, what it prints, and how it ended.
#![allow(clippy::disallowed_methods)]

use super::Job;
use super::capture::Capture;
use super::group;
use crate::gates::command::Invocation;
use crate::input::git::command::LOCAL_NAMES;
use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, waitid};
use std::ffi::{OsStr, OsString};
use std::io::{ErrorKind, PipeReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;
use wait4::{ResUse, Wait4};

/// How many full buffers are read at most of what a process left in its pipe: pipes hold no more.
const DRAINS: usize = 32;

/// How often, and after which wait, a program is tried again that is being written.
const BUSY: (u32, Duration) = (10, Duration::from_millis(3));

/// What is the same for all processes of a run.
#[derive(Debug)]
pub(super) struct Surroundings {
    /// Of the variables that are there, those that bind to one repository.
    bound: Vec<OsString>,
}

impl Surroundings {
    /// Of this process.
    pub(super) fn new() -> Surroundings {
        Surroundings { bound: std::env::vars_os().map(|(name, _)| name).filter(|name| binds(name)).collect() }
    }
}

/// Whether a variable binds a process to one repository; `GIT_CONFIG_COUNT` brings numbered names with it.
fn binds(name: &OsStr) -> bool {
    let Some(name) = name.to_str() else { return false };
    let numbered = ["GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_"].iter().find_map(|start| name.strip_prefix(start));
    LOCAL_NAMES.contains(&name) || numbered.is_some_and(|number| number.bytes().all(|digit| digit.is_ascii_digit()))
}

/// Why a process did not start.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// It never will.
    Unavailable(String),
    /// Its arguments are more than the system takes.
    TooLong,
    /// The system has no room for it now.
    NoRoom(String),
}

/// What a look at a process told.
#[derive(Debug)]
pub(super) enum Look {
    /// It runs.
    Runs,
    /// It was stopped because it turned to the terminal, and would wait for ever.
    WantsTerminal,
    /// It has ended; where its end cannot be learnt, it is not known how.
    Ended(Option<ResUse>),
}

/// A process, the leader of a group of its own.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    /// Its group.
    pub(super) group: Pid,
    /// What it prints; `None` from its end on.
    pub(super) pipe: Option<PipeReader>,
    /// Somebody waited for it.
    waited: bool,
    /// Nobody of the group is left: its number may be another's by now.
    pub(super) gone: bool,
}

impl Process {
    /// Starts a process of a job.
    ///
    /// # Errors
    ///
    /// Why it did not start.
    pub(super) fn start(job: &Job, invocation: &Invocation, surroundings: &Surroundings) -> Result<Process, Refused> {
        let (pipe, write) = std::io::pipe().map_err(|error| no_room(&error))?;
        let second = write.try_clone().map_err(|error| no_room(&error))?;
        rustix::io::ioctl_fionbio(&pipe, true).map_err(|error| no_room(&error.into()))?;
        let mut command = Command::new(&invocation.program);
        if let Some(found) = own_search(job, &invocation.program)? {
            command = Command::new(found);
            command.arg0(&invocation.program);
        }
        command.args(&invocation.arguments).current_dir(&job.folder).process_group(0);
        command.stdin(Stdio::null()).stdout(write).stderr(second);
        if !job.git_env {
            for name in &surroundings.bound {
                command.env_remove(name);
            }
        }
        command.envs(&job.env).env("PARALINT_GATE", &job.name);
        let child = spawn(&mut command).map_err(|error| refusal(&error, job, invocation))?;
        Ok(Process { group: Pid::from_child(&child), child, pipe: Some(pipe), waited: false, gone: false })
    }

    /// Reads once what it printed. Returns whether there may be more at once.
    pub(super) fn read(&mut self, buffer: &mut [u8], capture: &mut Capture) -> bool {
        let Some(pipe) = &mut self.pipe else { return false };
        match pipe.read(buffer) {
            Ok(0) => self.pipe = None,
            Ok(read) => {
                capture.push(&buffer[..read]);
                return true;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => return true,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            // A pipe of our own that cannot be read is at its end.
            Err(_) => self.pipe = None,
        }
        false
    }

    /// Reads what is in the pipe, without waiting for more.
    pub(super) fn drain(&mut self, buffer: &mut [u8], capture: &mut Capture) {
        for _ in 0..DRAINS {
            if !self.read(buffer, capture) {
                return;
            }
        }
    }

    /// Whether it has ended and was waited for.
    pub(super) fn is_over(&self) -> bool {
        self.waited
    }

    /// Looks whether it runs; after its end was told, it must not be looked at again.
    pub(super) fn look(&mut self) -> Look {
        let options = WaitIdOptions::EXITED | WaitIdOptions::STOPPED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        match waitid(WaitId::Pid(self.group), options) {
            Ok(None) => Look::Runs,
            Ok(Some(status)) if status.stopped() => {
                let terminal = [Signal::TTIN.as_raw(), Signal::TTOU.as_raw()];
                if status.stopping_signal().is_some_and(|signal| terminal.contains(&signal)) { Look::WantsTerminal } else { Look::Runs }
            }
            Ok(Some(_)) => {
                self.waited = true;
                Look::Ended(self.child.wait4().ok())
            }
            Err(Errno::INTR) => Look::Runs,
            Err(_) => {
                self.waited = true;
                Look::Ended(None)
            }
        }
    }
}

/// Whatever happens to a run, none of its processes outlives it.
impl Drop for Process {
    fn drop(&mut self) {
        if !self.gone {
            group::kill(self.group);
        }
        if !self.waited {
            // It is dead, or as good as: a process that not even KILL ends at once is left to the system.
            let _ = self.child.try_wait();
        }
    }
}

/// Starts a command. A program that was written a moment ago may be held open for writing by a process that is about to
/// become another one: that is over at once.
fn spawn(command: &mut Command) -> std::io::Result<Child> {
    for _ in 0..BUSY.0 {
        match command.spawn() {
            Err(error) if error.kind() == ErrorKind::ExecutableFileBusy => std::thread::sleep(BUSY.1),
            other => return other,
        }
    }
    command.spawn()
}

/// Where the job has a PATH of its own, the program is looked for there: the standard library would otherwise start it in
/// another way, in which a script without an interpreter runs in some shell.
fn own_search(job: &Job, program: &OsStr) -> Result<Option<PathBuf>, Refused> {
    let Some(paths) = job.env.get("PATH").filter(|_| !is_path(program)) else { return Ok(None) };
    let mut candidates = std::env::split_paths(paths).map(|folder| job.folder.join(folder).join(program));
    let runs = |path: &PathBuf| path.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0);
    candidates.find(runs).map(Some).ok_or_else(|| Refused::Unavailable(format!("no such command: {}", program.display())))
}

fn is_path(program: &OsStr) -> bool {
    program.as_encoded_bytes().contains(&b'/')
}

fn refusal(error: &std::io::Error, job: &Job, invocation: &Invocation) -> Refused {
    let program = invocation.program.display();
    let errno = Errno::from_io_error(error);
    match errno {
        Some(Errno::TOOBIG) => return Refused::TooLong,
        Some(Errno::MFILE | Errno::NFILE | Errno::AGAIN | Errno::NOMEM) => return no_room(error),
        _ => {}
    }
    let why = if !job.folder.is_dir() {
        format!("its folder {} is not there", job.folder.display())
    } else if rustix::fs::access(&job.folder, rustix::fs::Access::EXEC_OK).is_err() {
        format!("its folder {} cannot be entered", job.folder.display())
    } else {
        match errno {
            Some(Errno::NOENT) if is_path(&invocation.program) && job.folder.join(&invocation.program).is_file() => {
                format!("the interpreter of {program} is not there")
            }
            Some(Errno::NOENT | Errno::NOTDIR) => format!("no such command: {program}"),
            Some(Errno::ACCESS) => format!("not executable: {program}"),
            Some(Errno::NOEXEC) => format!("{program} is no program and no script with an interpreter line"),
            _ => format!("failed to start {program}: {error}"),
        }
    };
    Refused::Unavailable(why)
}

fn no_room(error: &std::io::Error) -> Refused {
    let hint = match Errno::from_io_error(error) {
        Some(Errno::MFILE) => ": raise `ulimit -n`",
        Some(Errno::AGAIN) => ": raise `ulimit -u`",
        _ => "",
    };
    Refused::NoRoom(format!("the system has no room for another process ({error}){hint}"))
}

/// Why a process ended as it did, where its exit code does not tell.
pub(super) fn why(status: ExitStatus) -> Option<String> {
    use std::os::unix::process::ExitStatusExt;
    let signal = status.signal()?;
    let name = signal_hook::low_level::signal_name(signal).map_or_else(|| format!("signal {signal}"), str::to_owned);
    let guess = if signal == Signal::KILL.as_raw() { " (out of memory?)" } else { "" };
    Some(format!("killed by {name}{guess}"))
}

#[cfg(test)]
mod tests {
    use super::binds;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    #[test]
    fn every_variable_that_git_calls_local_is_stripped() {
        let printed = std::process::Command::new("git").args(["rev-parse", "--local-env-vars"]).output().unwrap();
        let printed = String::from_utf8(printed.stdout).unwrap();
        assert!(printed.lines().count() > 5);
        for name in printed.lines() {
            assert!(binds(OsStr::new(name)), "{name}");
        }
    }

    #[test]
    fn what_binds_to_no_repository_stays() {
        for name in ["GIT_CONFIG_KEY_0", "GIT_CONFIG_VALUE_12"] {
            assert!(binds(OsStr::new(name)), "{name}");
        }
        for name in ["PATH", "GIT_AUTHOR_NAME", "GIT_SSH_COMMAND", "GIT_CONFIG_KEY_x", "GIT_CONFIG_GLOBAL"] {
            assert!(!binds(OsStr::new(name)), "{name}");
        }
        assert!(!binds(OsStr::from_bytes(b"GIT_DIR\xff")));
    }
}
