//! One name for one file: absolute, relative and worktree paths made one.

/// Folder names below which tools put the worktrees of agents, each in a folder of its own.
const WORKTREE_FOLDERS: [&str; 2] = [".claude/worktrees", ".worktrees"];

/// A file as the session knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// Relative to the session's folder (or the worktree) where it lies inside, else absolute.
    pub(super) path: String,
    /// The worktree that it lies in, where that is not the session's own folder.
    pub(super) worktree: Option<String>,
}

/// Names `raw`, written by a thread that works in `thread_folder`, in a session that works in `session_folder`.
pub(super) fn name(raw: &str, thread_folder: Option<&str>, session_folder: Option<&str>) -> Named {
    let folder = thread_folder.or(session_folder).unwrap_or_default();
    let absolute = clean(&if is_absolute(raw) { raw.to_owned() } else { format!("{folder}/{raw}") });
    let session = session_folder.map(clean).unwrap_or_default();
    let thread = thread_folder.map(clean).unwrap_or_default();
    // A thread that works beside the session's folder, or in a worktree inside it, works in a tree of its own.
    let own_tree =
        thread != session && (below(&session, &thread).is_none() && below(&thread, &session).is_none() || holds_worktree(&thread));
    if let Some(path) = below(&absolute, &thread).filter(|_| own_tree) {
        return Named { path, worktree: Some(thread) };
    }
    if let Some((worktree, path)) = in_worktree(&absolute, &session) {
        return Named { path, worktree: Some(worktree) };
    }
    match below(&absolute, &session) {
        Some(path) => Named { path, worktree: None },
        None => Named { path: absolute, worktree: None },
    }
}

fn holds_worktree(folder: &str) -> bool {
    WORKTREE_FOLDERS.iter().any(|marker| folder.contains(&format!("/{marker}/")))
}

/// The worktree and the path inside it, where the path leads through a folder of worktrees below the session's own.
fn in_worktree(absolute: &str, session: &str) -> Option<(String, String)> {
    WORKTREE_FOLDERS.iter().find_map(|marker| {
        let marker = format!("/{marker}/");
        let start = absolute.find(&marker)? + marker.len();
        let (name, path) = absolute.get(start..)?.split_once('/')?;
        let root = format!("{}{name}", &absolute[..start]);
        // The session itself may work in that worktree: then it is its own folder.
        (!session.starts_with(&root) && !path.is_empty()).then(|| (root, path.to_owned()))
    })
}

fn is_absolute(path: &str) -> bool {
    let bytes = path.as_bytes();
    path.starts_with(['/', '\\'])
        || (bytes.len() > 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':' && matches!(bytes[2], b'/' | b'\\'))
}

/// With `/`, and without `.`, `..` and empty parts.
fn clean(path: &str) -> String {
    let mut slashed = path.to_owned();
    if path.as_bytes().get(1) == Some(&b':') || path.starts_with("\\\\") {
        slashed = path.replace('\\', "/");
        // The letter of a drive is the same in both cases.
        slashed.get_mut(..1).unwrap_or_default().make_ascii_lowercase();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in slashed.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    let joined = parts.join("/");
    if slashed.starts_with('/') { format!("/{joined}") } else { joined }
}

fn below(path: &str, folder: &str) -> Option<String> {
    if folder.is_empty() || folder == "/" {
        return None;
    }
    path.strip_prefix(folder)?.strip_prefix('/').filter(|rest| !rest.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(raw: &str, thread: &str) -> (String, Option<String>) {
        let named = name(raw, Some(thread), Some("/home/dev/shop"));
        (named.path, named.worktree)
    }

    #[test]
    fn absolute_relative_and_dotted_paths_are_one() {
        for raw in ["/home/dev/shop/src/a.rs", "src/a.rs", "./src/../src/a.rs", "/home/dev//shop/src/a.rs"] {
            assert_eq!(named(raw, "/home/dev/shop"), ("src/a.rs".into(), None), "{raw}");
        }
        assert_eq!(named("a.rs", "/home/dev/shop/src"), ("src/a.rs".into(), None));
    }

    #[test]
    fn a_file_of_a_worktree_is_the_same_path_in_another_tree() {
        let tree = "/home/dev/shop/.claude/worktrees/agent-1";
        assert_eq!(named(&format!("{tree}/src/a.rs"), "/home/dev/shop"), ("src/a.rs".into(), Some(tree.into())));
        assert_eq!(named("src/a.rs", tree), ("src/a.rs".into(), Some(tree.into())));
        assert_eq!(named("src/a.rs", "/home/dev/shop-wt-1"), ("src/a.rs".into(), Some("/home/dev/shop-wt-1".into())));
    }

    #[test]
    fn a_session_inside_a_worktree_is_at_home_there() {
        let home = "/home/dev/cli/.worktrees/alex/fix";
        let got = name("/home/dev/cli/.worktrees/alex/fix/a.go", Some(home), Some(home));
        assert_eq!(got, Named { path: "a.go".into(), worktree: None });
    }

    #[test]
    fn outside_paths_stay_absolute_and_windows_paths_get_slashes() {
        assert_eq!(named("/etc/hosts", "/home/dev/shop"), ("/etc/hosts".into(), None));
        let got = name("C:\\work\\shop\\src\\a.rs", Some("C:\\work\\shop"), Some("C:\\work\\shop"));
        assert_eq!(got.path, "src/a.rs");
    }
}
