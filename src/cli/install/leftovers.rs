//! What an installation that was killed left beside the files that it was about to write.
#![allow(clippy::disallowed_methods)]

use crate::install::Hook;
use crate::install::script;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

/// What stands between the name of a file and the process that writes it.
const PART: &str = ".paralint-";

/// A file above this size is none of ours.
const LONGEST: u64 = 16 << 20;

/// The name under which this process writes what is to become a file.
pub(super) fn part_of(name: &OsStr) -> OsString {
    let mut part = OsString::from(".");
    part.push(name);
    part.push(format!("{PART}{}", std::process::id()));
    part
}

/// Takes such files of other processes away; gives their paths back. Only for who has the turn: then nobody else is at work on them.
pub(super) fn sweep(folder: &Path, name: &OsStr, is_ours: impl Fn(&[u8]) -> bool) -> Vec<PathBuf> {
    let Some(start) = name.to_str().map(|name| format!(".{name}{PART}")) else { return Vec::new() };
    let is_part = |name: &OsStr| {
        let number = name.to_str().and_then(|name| name.strip_prefix(&start));
        number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let mut swept = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten().filter(|entry| is_part(&entry.file_name())) {
        let path = entry.path();
        let is_file = fs::symlink_metadata(&path).is_ok_and(|data| data.is_file() && data.len() <= LONGEST);
        if is_file && fs::read(&path).is_ok_and(|bytes| is_ours(&bytes)) && fs::remove_file(&path).is_ok() {
            swept.push(path);
        }
    }
    swept
}

/// The same for the script of a hook.
pub(in crate::cli) fn sweep_scripts(folder: &Path, hook: Hook) -> Vec<PathBuf> {
    sweep(folder, OsStr::new(hook.name()), |bytes| {
        // It may be cut off anywhere.
        let is_start = [false, true].iter().any(|gates| script::text(hook, *gates).as_bytes().starts_with(bytes));
        is_start || script::recognise(hook, bytes).is_some()
    })
}
