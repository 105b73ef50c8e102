//! Finding and reading `paralint.toml`.

use crate::config::{Config, ConfigError};
use std::path::{Path, PathBuf};

/// The configuration's file name.
pub const FILE_NAME: &str = "paralint.toml";

/// A configuration above this is refused: nobody writes one by hand.
const LARGEST: u64 = 16 * 1024 * 1024;

/// The nearest `paralint.toml`, from `folder` upward to the root of the repository that holds it.
pub fn find(folder: &Path) -> Option<PathBuf> {
    for folder in folder.ancestors() {
        let candidate = folder.join(FILE_NAME);
        // A link that leads nowhere is a mistake to be told, not an absent configuration.
        if candidate.symlink_metadata().is_ok() {
            return Some(candidate);
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}

/// Reads a configuration. `shown` is the path for messages.
pub fn read(path: &Path, shown: &str) -> Result<Config, ConfigError> {
    let fail = |message: String| ConfigError {
        path: shown.to_owned(),
        line: 1,
        column: 1,
        message,
        hint: Some("name another file with --config, or leave it out with --no-config".to_owned()),
    };
    let data = std::fs::metadata(path).map_err(|error| fail(format!("failed to read the configuration: {error}")))?;
    if !data.is_file() {
        return Err(fail("the configuration is no regular file".to_owned()));
    }
    if data.len() > LARGEST {
        return Err(fail(format!("the configuration is larger than {} MiB", LARGEST >> 20)));
    }
    let bytes = std::fs::read(path).map_err(|error| fail(format!("failed to read the configuration: {error}")))?;
    parse(shown, bytes)
}

/// A configuration from its bytes.
pub fn parse(shown: &str, bytes: Vec<u8>) -> Result<Config, ConfigError> {
    let text = String::from_utf8(bytes).map_err(|_| ConfigError {
        path: shown.to_owned(),
        line: 1,
        column: 1,
        message: "the configuration is not UTF-8".to_owned(),
        hint: Some("write it as UTF-8".to_owned()),
    })?;
    Config::parse(shown, text.strip_prefix('\u{feff}').unwrap_or(&text))
}
