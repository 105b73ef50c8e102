//! Paths as state files write them: `/src/x/`, `./src/x`, `{working_directory}/src/**`.

use crate::model::path::RepoPath;

/// What stands for the repository's root.
const ROOT: &str = "{working_directory}";

/// A path as git would write it: no leading slash, no `.` and empty parts; a folder keeps its `/`; the root is empty. `None`
/// where it climbs out of the repository, or nothing is written.
pub fn plain(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix(ROOT).unwrap_or(text);
    if text.is_empty() {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            other => parts.push(other),
        }
    }
    let folder = if text.ends_with('/') && !parts.is_empty() { "/" } else { "" };
    Some(format!("{}{folder}", parts.join("/")))
}

/// The part before the first wildcard. Brackets are none here: `app/[id]/page.tsx` is the name of a file.
pub fn literal(plain: &str) -> &str {
    let braces = plain.contains(',');
    plain.find(|character| matches!(character, '*' | '?') || (character == '{' && braces)).map_or(plain, |at| &plain[..at])
}

/// Whether a path holds a wildcard.
pub fn is_glob(plain: &str) -> bool {
    literal(plain).len() < plain.len()
}

/// Whether a path is a policy, state or configuration file, which tools and agents keep beside their work.
pub fn is_bookkeeping(path: &RepoPath) -> bool {
    const FILES: &[&str] =
        &["BOUNDARIES.json", "WORKFLOW_STATE.json", "RESOURCE_LOCKS.json", "PARALLEL_STATUS.json", "DEPENDENCY_GRAPH.json"];
    let shown = path.shown();
    let inside = shown.strip_prefix(".claude/").unwrap_or(&shown);
    FILES.contains(&inside) || shown == "paralint.toml" || shown.starts_with(".claude/context/") || shown.starts_with(".paralint/")
}

/// Paths by which to ask who claims what a state file names: the path itself, and something below it.
pub(super) fn probes(text: &str) -> Vec<RepoPath> {
    let Some(plain) = plain(text) else { return Vec::new() };
    let prefix = literal(&plain);
    if is_glob(&plain) {
        let folder = prefix.rfind('/').map_or("", |at| &prefix[..=at]);
        return if folder.is_empty() { Vec::new() } else { vec![RepoPath::from(format!("{folder}_").as_str())] };
    }
    let bare = plain.trim_end_matches('/');
    if bare.is_empty() {
        return vec![RepoPath::from("_")];
    }
    let below = RepoPath::from(format!("{bare}/_").as_str());
    if plain.ends_with('/') { vec![below] } else { vec![RepoPath::from(bare), below] }
}

/// Whether two paths of state files can mean one file: equal, or one in the other. Globs count by what stands before their
/// first wildcard.
pub fn touch(one: &str, other: &str) -> bool {
    holds(one, other) || holds(other, one)
}

/// Whether everything that `inner` means lies in `outer`, as far as literal text says.
fn holds(outer: &str, inner: &str) -> bool {
    let (whole, prefix) = (outer, literal(outer));
    let inner = literal(inner);
    if prefix.len() < whole.len() {
        return inner.starts_with(prefix);
    }
    let bare = whole.trim_end_matches('/');
    bare.is_empty() || inner.trim_end_matches('/') == bare || inner.strip_prefix(bare).is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_path_is_one_path() {
        for text in ["/src/x/", "src/x/", "./src/x/", "{working_directory}/src/x/", " /src//y/../x/ "] {
            assert_eq!(plain(text).as_deref(), Some("src/x/"), "{text}");
        }
        assert_eq!(plain("/src/a.rs").as_deref(), Some("src/a.rs"));
        assert_eq!(plain("/").as_deref(), Some(""));
        for text in ["", " ", "../x", "a/../../x"] {
            assert_eq!(plain(text), None, "{text}");
        }
    }

    #[test]
    fn folders_hold_files_and_names_alone_do_not() {
        assert!(touch("src/x/", "src/x/a.rs") && touch("src/x/a.rs", "src/x") && touch("src/x", "src/x/"));
        assert!(!touch("src/x", "src/xy/a.rs") && !touch("src/x/", "src/xy/"));
        assert!(touch("", "src/x") && touch("a/[id]/x.ts", "a/[id]/x.ts") && !touch("a/[id]/x.ts", "a/b/x.ts"));
        assert!(touch("src/**/*.rs", "src/a/") && touch("src/", "src/*.rs") && !touch("docs/*.md", "src/"));
    }
}
