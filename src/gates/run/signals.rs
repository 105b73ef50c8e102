//! Signals to this process: that a child ended, and that the run has to.
#![allow(clippy::disallowed_methods)]

use signal_hook::SigId;
use signal_hook::consts::{SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::{flag, low_level};
use std::io::{PipeReader, PipeWriter, Read};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The signals that end a run.
const ENDING: [i32; 4] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT];

/// Listens, until it is dropped, to the signals that a run has to know of.
#[derive(Debug)]
pub(super) struct Signals {
    wake: PipeReader,
    last: Arc<AtomicUsize>,
    ids: Vec<SigId>,
    _listening: Listening,
}

impl Signals {
    /// Begins to listen. A signal that was ignored when this process was started stays ignored: `nohup` means it.
    pub(super) fn listen() -> std::io::Result<Signals> {
        let (wake, write) = std::io::pipe()?;
        rustix::io::ioctl_fionbio(&wake, true)?;
        let mut signals = Signals { wake, last: Arc::default(), ids: Vec::new(), _listening: Listening::begin() };
        signals.wake_on(SIGCHLD, &write)?;
        let ignored = ignored();
        for signal in ENDING.into_iter().filter(|signal| !is_ignored(ignored, *signal)) {
            // The number must be there before anybody wakes up to read it.
            let number = usize::try_from(signal).unwrap_or_default();
            signals.ids.push(flag::register_usize(signal, Arc::clone(&signals.last), number)?);
            signals.wake_on(signal, &write)?;
        }
        Ok(signals)
    }

    fn wake_on(&mut self, signal: i32, write: &PipeWriter) -> std::io::Result<()> {
        self.ids.push(low_level::pipe::register(signal, write.try_clone()?)?);
        Ok(())
    }

    /// What becomes readable when any signal came.
    pub(super) fn wake(&self) -> BorrowedFd<'_> {
        self.wake.as_fd()
    }

    /// Forgets the signals that woke it, and returns the last one that ends a run.
    pub(super) fn take(&self) -> Option<i32> {
        let mut buffer = [0; 64];
        while (&self.wake).read(&mut buffer).is_ok_and(|read| read == buffer.len()) {}
        i32::try_from(self.last.swap(0, Ordering::SeqCst)).ok().filter(|signal| *signal != 0)
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        for id in self.ids.drain(..) {
            low_level::unregister(id);
        }
    }
}

/// A run listens. Without one, a signal does again what it does by default: a handler that was installed once stays, and
/// would swallow it.
#[derive(Debug)]
struct Listening;

/// How many runs listen; tests have several.
static RUNS: Mutex<usize> = Mutex::new(0);

/// No run listens.
static NOBODY: OnceLock<Arc<AtomicBool>> = OnceLock::new();

impl Listening {
    fn begin() -> Listening {
        let nobody = NOBODY.get_or_init(|| {
            let nobody = Arc::new(AtomicBool::new(false));
            let ignored = ignored();
            for signal in ENDING.into_iter().filter(|signal| !is_ignored(ignored, *signal)) {
                // Where this fails, so does listening, which tells.
                let _ = flag::register_conditional_default(signal, Arc::clone(&nobody));
            }
            // From here on a file above `ulimit -f` is a write that fails, which is told, and not the end of this process. What
            // it starts gets the default again.
            let _ = flag::register(rustix::process::Signal::XFSZ.as_raw(), Arc::default());
            nobody
        });
        let mut runs = RUNS.lock().unwrap_or_else(PoisonError::into_inner);
        *runs += 1;
        nobody.store(false, Ordering::SeqCst);
        Listening
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let mut runs = RUNS.lock().unwrap_or_else(PoisonError::into_inner);
        *runs -= 1;
        if let Some(nobody) = NOBODY.get() {
            nobody.store(*runs == 0, Ordering::SeqCst);
        }
    }
}

/// The signals that this process ignores, as bits from signal 1 on; none where the system does not tell.
fn ignored() -> u64 {
    let status = if cfg!(target_os = "linux") { std::fs::read_to_string("/proc/self/status").unwrap_or_default() } else { String::new() };
    read_ignored(&status)
}

fn read_ignored(status: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    line.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok()).unwrap_or_default()
}

fn is_ignored(ignored: u64, signal: i32) -> bool {
    ignored & (1 << (signal - 1)) != 0
}

#[cfg(test)]
mod tests {
    use super::{is_ignored, read_ignored};

    #[test]
    fn what_nohup_ignores_is_read() {
        let ignored = read_ignored("Name:\tsh\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\nSigCgt:\t0\n");
        assert!(is_ignored(ignored, 1) && is_ignored(ignored, 13));
        assert!(!is_ignored(ignored, 2) && !is_ignored(ignored, 15));
        assert_eq!(read_ignored(""), 0);
    }
}
