//! What revisions mean: the ends of a range, and names that could mean two things.

use super::commit::Commit;
use super::error::GitError;
use super::files::is_id;
use super::source::Source;

/// What a short name can stand for, in this order.
const KINDS: [&str; 3] = ["refs/heads/", "refs/tags/", "refs/remotes/"];

/// The two ends of a range. Without a base nothing would differ: a script whose variable is not set must not pass.
pub(super) fn ends(range: &str) -> Result<(&str, &str), GitError> {
    let (base, head) = match range.split_once("...").or_else(|| range.split_once("..")) {
        Some(ends) => ends,
        None if matches!(range, "HEAD" | "@") => return Err(no_base(range)),
        None => (range, "HEAD"),
    };
    if base.trim().is_empty() {
        return Err(no_base(range));
    }
    Ok((base, if head.is_empty() { "HEAD" } else { head }))
}

fn no_base(range: &str) -> GitError {
    GitError::new(
        format!("the range `{range}` has no BASE"),
        "BASE is empty: an unset variable? Name what the work started from: BASE..HEAD",
    )
}

/// The commits that names mean; `None` for what names none. A branch is meant before anything else that is called alike,
/// and what is a branch and a tag is an error: git would take the tag. A whole id is that commit, whatever is called like it.
pub(super) fn commits(source: &dyn Source, names: &[&str]) -> Result<Vec<Option<Commit>>, GitError> {
    let mut asked = Vec::new();
    for name in names {
        let (short, rest) = split(name);
        asked.push((*name).to_owned());
        for kind in KINDS {
            asked.push(format!("{kind}{short}"));
            asked.push(format!("{kind}{short}{rest}"));
        }
    }
    let mut found = source.commits(&asked)?.into_iter();
    let mut meant = Vec::with_capacity(names.len());
    for name in names {
        let plain = found.next().flatten();
        let mut known = Vec::new();
        for kind in KINDS {
            let (reference, commit) = (found.next().flatten(), found.next().flatten());
            known.extend(reference.map(|_| (kind, commit)));
        }
        let short = split(name).0;
        if matches!(short, "HEAD" | "@" | "") || is_id(short) {
            known.clear();
        }
        // An id of the other kind is none here: what is called so is a branch or a tag.
        let plain = plain.filter(|commit| !is_id(short) || commit.id.len() == short.len());
        meant.push(match known.len() {
            0 => plain,
            1 => known.pop().and_then(|(_, commit)| commit),
            _ => return Err(ambiguous(name, &known.iter().map(|(kind, _)| *kind).collect::<Vec<_>>())),
        });
    }
    Ok(meant)
}

fn ambiguous(name: &str, kinds: &[&str]) -> GitError {
    let (short, rest) = split(name);
    let all: Vec<String> = kinds.iter().map(|kind| format!("{kind}{short}")).collect();
    let written = format!("{}{short}{rest}", kinds.first().unwrap_or(&""));
    GitError::new(format!("`{name}` means {}", all.join(" and ")), format!("write which one is meant: `{written}`"))
}

/// The name of a ref, and what goes on from there: `main` and `~2`.
fn split(name: &str) -> (&str, &str) {
    let end = name.find(['^', '~', ':']).into_iter().chain(name.find("@{")).min();
    name.split_at(end.unwrap_or(name.len()))
}

/// The whole id that a revision begins with.
pub(super) fn id(revision: &str) -> Option<&str> {
    Some(split(revision).0).filter(|name| is_id(name))
}

#[cfg(test)]
mod tests {
    use super::{ends, split};

    #[test]
    fn a_range_without_a_base_is_none() {
        for range in ["", "..", "...", "..HEAD", "...x", "HEAD", "@", " ..HEAD"] {
            assert!(ends(range).is_err(), "{range:?}");
        }
        assert_eq!(ends("main").ok(), Some(("main", "HEAD")));
        assert_eq!(ends("main...x").ok(), Some(("main", "x")));
        assert_eq!(ends("HEAD..").ok(), Some(("HEAD", "HEAD")));
    }

    #[test]
    fn a_name_ends_where_a_step_begins() {
        assert_eq!(split("main~2^{commit}"), ("main", "~2^{commit}"));
        assert_eq!(split("main@{1}"), ("main", "@{1}"));
        assert_eq!(split("origin/main"), ("origin/main", ""));
    }
}
