//! What identifies a tree.

use super::paths::is_bookkeeping;
use crate::model::gate::{TreeEntry, TreeKey};
use git2::{ObjectType, Oid};

/// The key of a tree: a hash over its entries, policy, state and configuration files aside. `entries` are sorted by path.
pub fn key(entries: &[TreeEntry]) -> TreeKey {
    let mut text = Vec::new();
    for entry in entries.iter().filter(|entry| !is_bookkeeping(&entry.path)) {
        // Neither a mode nor an id holds a blank, no path holds the byte zero: no two lists are one text.
        text.extend_from_slice(format!("{:o} {}\0", entry.mode, entry.id).as_bytes());
        text.extend_from_slice(entry.path.as_bytes());
        text.push(0);
    }
    TreeKey(digest(&text))
}

/// What tells contents apart, in hexadecimal digits.
pub(crate) fn digest(text: &[u8]) -> String {
    // Hashing fails only for a kind of object that is none.
    Oid::hash_object(ObjectType::Blob, text).unwrap_or(Oid::ZERO_SHA1).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::path::RepoPath;
    use proptest::prelude::*;

    fn entry(path: &[u8], mode: u32, id: &str) -> TreeEntry {
        TreeEntry { path: RepoPath::new(path), mode, id: id.to_owned() }
    }

    #[test]
    fn a_mode_counts_and_a_state_file_does_not() {
        let plain = [entry(b"a", 0o100_644, "1")];
        assert_ne!(key(&plain), key(&[entry(b"a", 0o100_755, "1")]));
        assert_ne!(key(&plain), key(&[entry(b"a", 0o100_644, "2")]));
        assert_eq!(key(&plain), key(&[entry(b"WORKFLOW_STATE.json", 0o100_644, "7"), plain[0].clone()]));
        assert_ne!(key(&plain), key(&[]));
        assert_eq!(key(&plain).0.len(), 40);
    }

    fn any_entries() -> impl Strategy<Value = Vec<TreeEntry>> {
        let one = (prop::collection::vec(1..4_u8, 1..3), prop_oneof![Just(0o100_644), Just(0o100_755)], "[01]{1,2}");
        prop::collection::vec(one.prop_map(|(path, mode, id)| entry(&path, mode, &id)), 0..4)
    }

    proptest! {
        #[test]
        fn no_two_trees_have_one_key(one in any_entries(), other in any_entries()) {
            prop_assert_eq!(one == other, key(&one) == key(&other));
        }
    }
}
