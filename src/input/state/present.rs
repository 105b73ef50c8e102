//! Which promised files are there.

use rustc_hash::FxHashSet;
use std::path::{Component, Path};

/// Of paths relative to the repository (a leading `/` is its root), those that are in the work tree. What leads out of it
/// is not looked for.
pub fn present<'p>(root: &Path, paths: impl IntoIterator<Item = &'p str>) -> FxHashSet<String> {
    paths.into_iter().filter(|path| is_present(root, path)).map(str::to_owned).collect()
}

/// Whether a file of the work tree holds other bytes than these; one that cannot be read does.
pub fn differs(root: &Path, path: &str, bytes: &[u8]) -> bool {
    std::fs::read(root.join(path)).map_or(true, |now| now != bytes)
}

fn is_present(root: &Path, path: &str) -> bool {
    let relative = Path::new(path.trim_start_matches('/'));
    let mut here = root.to_path_buf();
    let mut parts = relative.components().filter(|part| *part != Component::CurDir).peekable();
    if parts.peek().is_none() {
        return false;
    }
    while let Some(part) = parts.next() {
        let Component::Normal(name) = part else { return false };
        here.push(name);
        let Ok(data) = here.symlink_metadata() else { return false };
        // Behind a link lies another place, maybe outside.
        if parts.peek().is_some() && !data.is_dir() && !leads_inside(root, &here) {
            return false;
        }
    }
    true
}

fn leads_inside(root: &Path, link: &Path) -> bool {
    root.canonicalize().ok().zip(link.canonicalize().ok()).is_some_and(|(root, real)| real.starts_with(root))
}

#[cfg(test)]
mod tests {
    use super::present;

    #[test]
    fn only_what_lies_in_the_work_tree_is_present() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("work");
        std::fs::create_dir_all(root.join("a/b")).unwrap();
        std::fs::write(root.join("a/b/c.rs"), "").unwrap();
        std::fs::write(folder.path().join("secret"), "").unwrap();
        let ask = |path: &str| present(&root, [path]).contains(path);
        for there in ["a/b/c.rs", "./a/b/c.rs", "/a/b/c.rs", "a/b", "a/b/"] {
            assert!(ask(there), "{there}");
        }
        for gone in ["", "/", ".", "a/x.rs", "../secret", "a/../../secret", "a/b/c.rs/d", "a\0b", "/etc/passwd"] {
            assert!(!ask(gone), "{gone}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(folder.path(), root.join("out")).unwrap();
            std::os::unix::fs::symlink("a", root.join("in")).unwrap();
            assert!(!ask("out/secret") && ask("in/b/c.rs") && ask("out"));
        }
    }
}
