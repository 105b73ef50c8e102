//! What came of an attempt.

use super::{Attempt, Ending};
use crate::gates::run::process::why;
use crate::model::gate::{Captured, GateStatus, Leak};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::time::Duration;

/// What came of an attempt.
#[derive(Debug)]
pub(in crate::gates::run) struct Outcome {
    pub(in crate::gates::run) status: GateStatus,
    pub(in crate::gates::run) exit_code: Option<i32>,
    pub(in crate::gates::run) signal: Option<i32>,
    pub(in crate::gates::run) why: Option<String>,
    pub(in crate::gates::run) cpu: Duration,
    pub(in crate::gates::run) peak: u64,
    pub(in crate::gates::run) leak: Option<Leak>,
    pub(in crate::gates::run) output: Captured,
    /// The file that `output` names.
    pub(in crate::gates::run) file: Option<PathBuf>,
}

impl Attempt<'_> {
    /// What came of it.
    pub(in crate::gates::run) fn conclude(mut self) -> Outcome {
        let (status, why) = self.judge();
        // A process that is still there is one that nothing could end.
        self.process = None;
        let (output, file) = self.capture.finish();
        Outcome {
            status,
            exit_code: self.last.and_then(|last| last.code()),
            signal: self.last.and_then(|last| last.signal()),
            why,
            cpu: self.cpu,
            peak: self.peak,
            leak: self.leak,
            output,
            file,
        }
    }

    fn judge(&self) -> (GateStatus, Option<String>) {
        match &self.ending {
            Some(Ending::Timeout) => return (GateStatus::Timeout, Some(format!("still running after {}", self.timeout()))),
            Some(Ending::Terminal) => {
                return (GateStatus::Failed, Some("it turned to the terminal, which gates do not have".to_owned()));
            }
            Some(Ending::Cancelled(why)) => return (GateStatus::Cancelled, Some(why.clone())),
            None => {}
        }
        if let Some(refused) = &self.refused {
            return (GateStatus::Unavailable, Some(refused.clone()));
        }
        match self.last.map(|last| (last, last.code())) {
            None => (GateStatus::Failed, Some("how it ended is not known".to_owned())),
            Some((_, Some(0))) if self.leak.is_some() => (GateStatus::Leaked, None),
            Some((_, Some(0))) => (GateStatus::Passed, None),
            Some((_, Some(code @ (126 | 127)))) if self.shell => (GateStatus::Unavailable, Some(self.shell_said(code))),
            Some((last, _)) => (GateStatus::Failed, why(last)),
        }
    }

    fn timeout(&self) -> String {
        let timeout = self.job.timeout.unwrap_or_default();
        if timeout.subsec_millis() == 0 { format!("{}s", timeout.as_secs()) } else { format!("{:.1}s", timeout.as_secs_f64()) }
    }

    fn shell_said(&self, code: i32) -> String {
        let what = if code == 127 { "command not found" } else { "not executable" };
        let line = String::from_utf8_lossy(self.capture.last_line());
        let line = line.trim();
        if line.is_empty() { format!("{what} (exit {code})") } else { format!("{what} (exit {code}): {line}") }
    }
}
