//! A bar on standard error while a long audit runs.
#![allow(clippy::disallowed_methods)] // The clock decides only whether a bar is drawn.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How long a run may take without a bar: one that flashes by is noise.
const PATIENCE: Duration = Duration::from_millis(400);

/// The bar, drawn only on a terminal and only where the run takes its time.
pub(super) struct Progress {
    bar: ProgressBar,
    began: Instant,
    bytes: AtomicU64,
}

impl Progress {
    pub(super) fn new(total: u64, unicode: bool) -> Progress {
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template("reading {wide_bar} {bytes}/{total_bytes}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars(if unicode { "█░" } else { "#." }));
        Progress { bar, began: Instant::now(), bytes: AtomicU64::new(0) }
    }

    /// Hears of a log that was read.
    pub(super) fn advance(&self, bytes: u64) {
        let all = self.bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if self.bar.is_hidden() && self.began.elapsed() > PATIENCE && std::io::stderr().is_terminal() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_position(all);
    }

    /// Takes the bar away before anything else is printed.
    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
