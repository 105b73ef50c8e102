//! `objects/info/alternates`: the stores that a store is read on top of.

use std::path::{Path, PathBuf};

/// The whole file for a store on top of that of a repository, and of what the environment of a hook adds to it.
pub(crate) fn of(common_dir: &Path) -> std::io::Result<Vec<u8>> {
    let mut lines = line(&std::path::absolute(common_dir.join("objects"))?);
    // A hook of a push has what was pushed in a store of its own.
    let own = std::env::var_os("GIT_OBJECT_DIRECTORY").into_iter().map(PathBuf::from);
    let others = std::env::var_os("GIT_ALTERNATE_OBJECT_DIRECTORIES").unwrap_or_default();
    for store in own.chain(std::env::split_paths(&others)).filter(|store| !store.as_os_str().is_empty()) {
        lines.extend(line(&std::path::absolute(store)?));
    }
    Ok(lines)
}

/// One line; a path that would be misread is quoted as in C.
fn line(path: &Path) -> Vec<u8> {
    let bytes = path.as_os_str().as_encoded_bytes();
    let mut line = Vec::with_capacity(bytes.len() + 1);
    if matches!(bytes.first(), Some(b'"' | b'#')) || bytes.contains(&b'\n') {
        line.push(b'"');
        for byte in bytes {
            match byte {
                b'\n' => line.extend(b"\\n"),
                b'"' | b'\\' => line.extend([b'\\', *byte]),
                _ => line.push(*byte),
            }
        }
        line.push(b'"');
    } else {
        line.extend(bytes);
    }
    line.push(b'\n');
    line
}

#[cfg(test)]
mod tests {
    use super::line;
    use std::path::Path;

    #[test]
    fn a_store_with_an_odd_name_is_found() {
        assert_eq!(line(Path::new("/a b/c\"d")), b"/a b/c\"d\n");
        assert_eq!(line(Path::new("/a\nb\\c")), b"\"/a\\nb\\\\c\"\n");
    }
}
