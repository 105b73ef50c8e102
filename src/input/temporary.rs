//! Where temporary files lie.

/// Where an empty TMPDIR leaves them.
#[cfg(unix)]
const USUAL: &str = "/tmp";

/// An empty TMPDIR counts as none: the standard library would take the current folder for it.
pub fn settle() {
    #[cfg(unix)]
    if std::env::var_os("TMPDIR").is_some_and(|value| value.is_empty()) {
        // Fails only where it was settled before.
        let _ = tempfile::env::override_temp_dir(std::path::Path::new(USUAL));
    }
}

/// Whether TMPDIR names a folder.
pub fn is_named() -> bool {
    std::env::var_os("TMPDIR").is_some_and(|value| !value.is_empty())
}
