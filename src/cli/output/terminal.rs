//! What is known of the terminal and the locale.
#![allow(clippy::disallowed_methods)]

/// Columns of the terminal; `None` where there is none.
pub(super) fn columns() -> Option<usize> {
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}

/// The locale, as the C library resolves it: the first of these that is set and not empty.
pub(super) fn locale_is_utf8() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(std::env::var_os).find(|value| !value.is_empty());
    locale.is_none_or(|value| {
        let value = value.to_string_lossy().to_ascii_lowercase();
        value.contains("utf-8") || value.contains("utf8")
    })
}
