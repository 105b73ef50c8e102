//! Places as URI references, for formats whose readers fetch what they name.

use super::ground::{Ground, Place};
use super::v1::{Error, Finding, Location, Report};
use std::fmt::Write as _;

/// The reference to a path of `finding`: relative to the repository, or `file:///…` outside of it. Never empty, plain ASCII.
///
/// `is_encoded` says that bytes of the path which are not UTF-8 stand as `%XX` already.
pub(super) fn of_path(ground: &Ground, report: &Report, finding: &Finding, path: &str, is_encoded: bool) -> String {
    in_step(ground, is_encoded, |ground| ground.place(report, finding, path))
}

/// The reference to the place of `error`, as `of_path` makes it.
pub(super) fn of_error(ground: &Ground, error: &Error, place: &Location) -> String {
    in_step(ground, place.path_encoded, |ground| ground.place_of_error(error, &place.path))
}

/// Asks a ground that is written as the path is: a folder above an encoded path has to be encoded too, or the two do not meet.
fn in_step(ground: &Ground, is_encoded: bool, place: impl Fn(&Ground) -> Place) -> String {
    if !is_encoded {
        return reference(&place(ground), false);
    }
    let encoded = |path: &str| path.replace('%', "%25");
    let ground = Ground { root: ground.root.as_deref().map(encoded), folder: encoded(&ground.folder) };
    reference(&place(&ground), true)
}

/// A place as a URI reference (RFC 3986).
fn reference(place: &Place, is_encoded: bool) -> String {
    match place {
        Place::Inside(path) if path.is_empty() => ".".to_owned(),
        Place::Inside(path) => escaped(path, is_encoded),
        Place::Outside(path) => format!("file://{}", escaped(path, is_encoded)),
    }
}

/// `path` with every byte escaped that has no place in a path of a URI. So is `:`, which would make a scheme of a first part.
fn escaped(path: &str, is_encoded: bool) -> String {
    let bytes = path.as_bytes();
    let mut uri = String::with_capacity(path.len() + 8);
    for (at, byte) in bytes.iter().enumerate() {
        let is_escape =
            is_encoded && *byte == b'%' && bytes[at + 1..].iter().take(2).filter(|digit| digit.is_ascii_hexdigit()).count() == 2;
        if is_escape || byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=@".contains(byte) {
            uri.push(char::from(*byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::in_step;
    use crate::report::ground::Ground;
    use proptest::prelude::*;

    fn resolved(ground: &Ground, path: &str, is_encoded: bool, from_folder: bool) -> String {
        in_step(ground, is_encoded, |ground| ground.resolve(path, from_folder))
    }

    fn ground() -> Ground {
        Ground { root: Some("/home/me/50%41/work".into()), folder: "/home/me/50%41/work/1%42".into() }
    }

    #[test]
    fn a_path_becomes_a_reference() {
        let cases = [
            ("a b#c?.rs", false, false, "a%20b%23c%3F.rs"),
            ("c:/x\\y", false, false, "c%3A/x%5Cy"),
            ("100%.rs", false, false, "100%25.rs"),
            ("100%25/%FF.rs", true, false, "100%25/%FF.rs"),
            ("100%zz/%F", true, false, "100%25zz/%25F"),
            ("%FF.jsonl", true, true, "1%2542/%FF.jsonl"),
            ("a.jsonl", false, true, "1%2542/a.jsonl"),
            ("/home/me/50%2541/work/x%FF", true, true, "x%FF"),
            ("../../x%FF", true, true, "file:///home/me/50%2541/x%FF"),
            ("/ü/\u{202e}\u{7}", false, false, "file:///%C3%BC/%E2%80%AE%07"),
            ("app/(group)/[id]@2.tsx", false, false, "app/(group)/%5Bid%5D@2.tsx"),
        ];
        for (path, is_encoded, from_folder, uri) in cases {
            assert_eq!(resolved(&ground(), path, is_encoded, from_folder), uri, "{path}");
        }
        assert_eq!(resolved(&Ground::default(), "", false, false), ".");
        assert_eq!(resolved(&Ground::default(), "/", false, false), ".");
    }

    proptest! {
        #[test]
        fn nothing_of_a_path_is_lost(path in "[ -~ü漢]{1,20}", is_encoded: bool) {
            let path: String = path.split('/').filter(|part| !matches!(*part, "" | "." | "..")).collect::<Vec<_>>().join("/");
            prop_assume!(!path.is_empty());
            let written = if is_encoded { path.replace('%', "%25") } else { path.clone() };
            let uri = resolved(&Ground { root: Some("/r".into()), folder: "/r".into() }, &written, is_encoded, false);
            let mut bytes = Vec::new();
            let mut rest = uri.as_bytes();
            while let Some((first, others)) = rest.split_first() {
                let escape = (*first == b'%').then(|| u8::from_str_radix(std::str::from_utf8(&others[..2]).unwrap(), 16).unwrap());
                bytes.push(escape.unwrap_or(*first));
                rest = if escape.is_some() { &others[2..] } else { others };
            }
            prop_assert_eq!(String::from_utf8(bytes).unwrap(), path);
        }
    }
}
