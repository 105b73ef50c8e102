//! What `cat-file --batch` prints, and what trees say of objects that it did not find.

/// An object as `cat-file` prints it.
pub(super) struct Object {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) bytes: Vec<u8>,
}

/// Takes one answer of `cat-file --batch`; `None` where it is no answer.
#[allow(clippy::option_option)]
pub(super) fn next_object(rest: &mut &[u8]) -> Option<Option<Object>> {
    let end = memchr::memchr(b'\n', rest)?;
    let (line, after) = (&rest[..end], &rest[end + 1..]);
    if [b" missing".as_slice(), b" ambiguous"].iter().any(|word| line.ends_with(word)) {
        *rest = after;
        return Some(None);
    }
    let words: Vec<&str> = std::str::from_utf8(line).ok()?.split(' ').collect();
    let [id, kind, size] = words[..] else { return None };
    let size: usize = size.parse().ok()?;
    let bytes = after.get(..size)?.to_vec();
    *rest = after.get(size + 1..)?;
    Some(Some(Object { id: id.to_owned(), kind: kind.to_owned(), bytes }))
}

/// The folders above a path, from the root: ``, `.claude`.
pub(super) fn above(path: &str) -> impl Iterator<Item = &str> {
    std::iter::once("").chain(path.match_indices('/').map(|(end, _)| &path[..end]))
}

/// The object that is named on the way to a path and was not found; `None` inside where it is the root. Nothing, where the
/// path is just not there.
#[allow(clippy::option_option)]
pub(super) fn lacking(path: &str, trees: &[Option<Object>], id_length: usize) -> Option<Option<String>> {
    let mut named = None;
    for (part, tree) in path.split('/').zip(trees) {
        let Some(tree) = tree else { return Some(named) };
        if tree.kind != "tree" {
            return None;
        }
        named = Some(tree_entry(&tree.bytes, part.as_bytes(), id_length)?);
    }
    // A submodule's commit is never here.
    Some(named)
}

/// The id of an entry of a tree object, but for submodules.
fn tree_entry(mut bytes: &[u8], name: &[u8], id_length: usize) -> Option<String> {
    while let Some(end) = memchr::memchr(0, bytes) {
        let space = memchr::memchr(b' ', &bytes[..end])?;
        let id = bytes.get(end + 1..end + 1 + id_length)?;
        if &bytes[space + 1..end] == name {
            return (&bytes[..space] != b"160000").then(|| id.iter().map(|byte| format!("{byte:02x}")).collect());
        }
        bytes = &bytes[end + 1 + id_length..];
    }
    None
}

/// Whether a name can be asked for: one line is one question.
pub(super) fn is_one_line(name: &str) -> bool {
    !name.is_empty() && !name.bytes().any(|byte| matches!(byte, b'\n' | b'\r' | 0))
}

/// The id of a line `ID blob SIZE` that is short enough.
pub(super) fn short_blob(line: &str, longest: u64) -> Option<String> {
    let words: Vec<&str> = line.split(' ').collect();
    let [id, "blob", size] = words[..] else { return None };
    (size.parse::<u64>().ok()? <= longest).then(|| id.to_owned())
}

/// A path as `--stdin-paths` takes it: quoted where it would be misread.
pub(super) fn quote(path: &[u8], line: &mut Vec<u8>) {
    if path.first() != Some(&b'"') && !path.contains(&b'\n') && path.last() != Some(&b'\r') {
        line.extend_from_slice(path);
    } else {
        line.push(b'"');
        for byte in path {
            match byte {
                b'\n' => line.extend_from_slice(b"\\n"),
                b'\r' => line.extend_from_slice(b"\\r"),
                b'"' | b'\\' => line.extend_from_slice(&[b'\\', *byte]),
                _ => line.push(*byte),
            }
        }
        line.push(b'"');
    }
    line.push(b'\n');
}
