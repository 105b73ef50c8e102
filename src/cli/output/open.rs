//! The report as a page in a browser: where the page lies, and that nobody waits for the browser.
#![allow(clippy::disallowed_methods)]

use super::targets::Target;
use super::{complain, remark};
use crate::report::{Context, html, text, v1};
use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Arguments of the commands whose report may be looked at in a browser.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub(in crate::cli) struct Opening {
    /// Open the report as a page in a browser, too
    ///
    /// The page is the file of `--output html=FILE`, or else a new one in the temporary folder, which stays there and which
    /// only you can read. Standard error says where it is, also where no browser opens; the exit code stays what it is.
    #[arg(long)]
    open: bool,
}

/// How long what opens browsers may take to say that it cannot. One that runs longer is left to itself.
const PATIENCE: Duration = Duration::from_secs(1);

/// As many characters are shown of a browser's name.
const MOST_OF_A_NAME: usize = 60;

/// Opens the page of a report where that was asked for. Returns whether it could not be written.
pub(super) fn open(opening: &Opening, targets: &[Target], report: &v1::Report, context: &Context) -> bool {
    if !opening.open {
        return false;
    }
    let written = targets.iter().find(|target| *target.format == html::FORMAT && target.path.is_file());
    let page = match written.map_or_else(|| own_page(report, context), |target| std::path::absolute(&target.path)) {
        Ok(page) => page,
        Err(error) => {
            complain(&format!("failed to write the page to open: {error}"), Some("name a place for it: --output html=FILE"));
            return true;
        }
    };
    let shown = page.display();
    match shown_in_browser(&page) {
        Ok(()) => remark(&format!("opening in a browser: {shown}")),
        Err(why) => remark(&format!("not opened in a browser ({why}); open it yourself: {shown}")),
    }
    false
}

/// The page in a new file of the temporary folder: nobody can foresee its name or read it, and it stays, since the browser
/// reads it when it likes.
fn own_page(report: &v1::Report, context: &Context) -> io::Result<PathBuf> {
    let mut file = tempfile::Builder::new().prefix("paralint-").suffix(".html").tempfile()?;
    let mut out = io::BufWriter::new(file.as_file_mut());
    (html::FORMAT.write)(report, context, &mut out)?;
    out.flush()?;
    drop(out);
    let (_, path) = file.keep().map_err(|error| error.error)?;
    std::path::absolute(path)
}

/// Hands the page to what opens files here; or says why not. The browser shares no stream with this process, and lives on.
fn shown_in_browser(page: &Path) -> Result<(), String> {
    if !has_display(&|name| std::env::var_os(name).is_some_and(|value| !value.is_empty())) {
        return Err("there is no display".to_owned());
    }
    open::that_detached_with_timeout(page, PATIENCE).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "nothing here opens files, such as xdg-open".to_owned(),
        _ => failed(&error, std::env::var_os("BROWSER").filter(|value| !value.is_empty()).as_deref()),
    })
}

/// That what opens files failed: how it ended, and the browser that it was told to take.
fn failed(error: &io::Error, browser: Option<&OsStr>) -> String {
    let code = exit_code(&error.to_string()).map(|code| format!(" with exit code {code}")).unwrap_or_default();
    // What else it was started with says nothing about why it failed.
    let browser = browser.map(|name| format!("; BROWSER is {}", text::shown(&name.to_string_lossy(), MOST_OF_A_NAME, true)));
    format!("what opens files here failed{code}{}", browser.unwrap_or_default())
}

/// The exit code that is left of a status in an error's text, the only place that has it.
#[cfg(unix)]
fn exit_code(error: &str) -> Option<i32> {
    use std::os::unix::process::ExitStatusExt;
    let (_, behind) = error.rsplit_once("unix_wait_status(")?;
    std::process::ExitStatus::from_raw(behind.split(')').next()?.parse().ok()?).code()
}

#[cfg(not(unix))]
fn exit_code(_: &str) -> Option<i32> {
    None
}

/// Whether a browser could show anything. Without a display, as over SSH, only one that runs in the terminal would start, and
/// it would neither see nor show anything.
fn has_display(is_set: &dyn Fn(&str) -> bool) -> bool {
    let has_its_own = cfg!(any(windows, target_os = "macos", target_os = "android"));
    // A browser that was named may well be elsewhere, as in a container that an editor looks into; that of Windows is, too.
    has_its_own || ["DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "WSL_DISTRO_NAME"].into_iter().any(is_set)
}

#[cfg(test)]
mod tests {
    use super::has_display;

    #[cfg(target_os = "linux")]
    #[test]
    fn a_display_or_a_browser_that_was_named_is_needed() {
        assert!(!has_display(&|_| false));
        assert!(!has_display(&|name| name == "SSH_CONNECTION"));
        for name in ["DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "WSL_DISTRO_NAME"] {
            assert!(has_display(&|asked| asked == name), "{name}");
        }
    }
}
