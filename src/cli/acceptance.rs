//! What is accepted: waivers, and a baseline to compare with or to write.
#![allow(clippy::disallowed_methods)]

use super::setup::{Failure, config_failure, failure};
use super::{output, skip};
use crate::audit::Outcome;
use crate::config::Config;
use crate::config::baseline::{Baseline, Entry};
use crate::input::acceptance;
use crate::settle::fingerprint;
use std::path::{Path, PathBuf};

/// Arguments about a baseline.
#[derive(Debug, clap::Args)]
pub(super) struct Acceptance {
    /// Do not count what this file holds
    #[arg(long, value_name = "FILE", help_heading = "Configuration")]
    baseline: Option<PathBuf>,
    /// Write all findings to a file, for --baseline, and count none of them
    #[arg(long, value_name = "FILE", conflicts_with = "baseline", help_heading = "Configuration")]
    write_baseline: Option<PathBuf>,
}

impl Acceptance {
    /// Reads the waivers of the repository around `folder`, and the baseline. Fails where one is to be written that would not
    /// be complete.
    pub(super) fn read(&self, folder: &Path, config: &mut Config) -> Result<(), Failure> {
        if self.write_baseline.is_some() {
            skip::refuse_to_write_baseline(config)?;
        }
        config.waivers = acceptance::waivers(&acceptance::root(folder)).map_err(config_failure)?;
        if let Some(path) = &self.baseline {
            config.baseline = Some(acceptance::baseline(path).map_err(config_failure)?);
        }
        Ok(())
    }

    /// Writes the baseline, where one is asked for; what it holds counts no more.
    pub(super) fn write(&self, outcome: &mut Outcome) -> Result<(), Failure> {
        let Some(path) = &self.write_baseline else { return Ok(()) };
        let entries = outcome.findings.iter().map(|finding| Entry {
            rule: finding.rule.to_owned(),
            path: finding.location.path.clone(),
            message: finding.message.clone(),
            fingerprint: fingerprint(&finding.identity),
        });
        let text = Baseline::render(entries.collect());
        output::write_beside(path, |out| out.write_all(text.as_bytes())).map_err(|why| {
            let message = format!("failed to write the baseline {}: {why}", path.display());
            failure("output", message, Some("check the folder and its permissions".to_owned()), None)
        })?;
        outcome.suppressed += outcome.findings.len() as u64;
        outcome.findings.clear();
        Ok(())
    }
}
