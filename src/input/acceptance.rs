//! Reading and adding to `.paralint/waivers.toml`, and reading baselines.

use crate::config::ConfigError;
use crate::config::baseline::Baseline;
use crate::config::waivers::{self, Waivers};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Files above this are refused.
const LARGEST: u64 = 16 * 1024 * 1024;

fn error(path: &str, message: String, hint: &str) -> ConfigError {
    ConfigError { path: path.to_owned(), line: 1, column: 1, message, hint: Some(hint.to_owned()) }
}

/// The text of a file that has to be regular and of a sane size.
fn text(path: &Path, shown: &str) -> Result<String, ConfigError> {
    let hint = "check the file, or name another one";
    let data = std::fs::metadata(path).map_err(|why| error(shown, format!("failed to read it: {why}"), hint))?;
    if !data.is_file() || data.len() > LARGEST {
        return Err(error(shown, "it is no regular file of a sane size".to_owned(), hint));
    }
    let bytes = std::fs::read(path).map_err(|why| error(shown, format!("failed to read it: {why}"), hint))?;
    String::from_utf8(bytes).map_err(|_| error(shown, "it is not UTF-8".to_owned(), hint))
}

/// The waivers of the repository whose work tree is `root`; none where there is no file.
pub fn waivers(root: &Path) -> Result<Waivers, ConfigError> {
    let path = root.join(waivers::PATH);
    if path.symlink_metadata().is_err() {
        return Ok(Waivers::default());
    }
    Waivers::parse(waivers::PATH, &text(&path, waivers::PATH)?)
}

/// A baseline.
pub fn baseline(path: &Path) -> Result<Baseline, ConfigError> {
    let shown = path.to_string_lossy().into_owned();
    Baseline::parse(&shown, &text(path, &shown)?)
}

/// The folder that holds `.paralint`: the work tree that `folder` lies in, else `folder` itself.
pub fn root(folder: &Path) -> PathBuf {
    let top = folder.ancestors().find(|folder| folder.join(".git").exists());
    top.unwrap_or(folder).to_path_buf()
}

/// Adds an entry to the waivers. What is there is not touched: the entry is appended, under a lock.
pub fn add_waiver(root: &Path, entry: &str) -> Result<(), String> {
    let folder = root.join(".paralint");
    std::fs::create_dir_all(&folder).map_err(|why| format!("failed to make {}: {why}", folder.display()))?;
    let path = root.join(waivers::PATH);
    for part in [&folder, &path] {
        // A repository may have been made by somebody else: a link could lead to any file of the user's.
        if part.symlink_metadata().is_ok_and(|data| data.is_symlink()) {
            return Err(format!("{} is a symbolic link; paralint does not write through it", part.display()));
        }
    }
    let fail = |why: std::io::Error| format!("failed to write {}: {why}", path.display());
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(&path).map_err(fail)?;
    file.lock().map_err(fail)?;
    let before = std::fs::read(&path).map_err(fail)?;
    let gap = match before.last() {
        None => "# Findings about the past that were accepted. Reviewed like code; `paralint rule unused-waiver` tells more.\n\n",
        Some(b'\n') => "\n",
        Some(_) => "\n\n",
    };
    file.write_all(format!("{gap}{entry}").as_bytes()).map_err(fail)?;
    file.sync_data().map_err(fail)
}

/// Who is at work, as git knows it (`Name <email>`), else the user's name.
pub fn user(folder: &Path) -> String {
    let config = super::git::discover(folder).and_then(|repository| repository.config().ok()).or_else(|| git2::Config::open_default().ok());
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    let value = |key: &str| config.as_ref().and_then(|config| config.get_string(key).ok());
    let name = set("GIT_AUTHOR_NAME").or_else(|| value("user.name"));
    match (name, set("GIT_AUTHOR_EMAIL").or_else(|| value("user.email"))) {
        (Some(name), Some(email)) => format!("{name} <{email}>"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => std::env::var("USER").or_else(|_| std::env::var("USERNAME")).unwrap_or_else(|_| "somebody".to_owned()),
    }
}
