//! The patches of `apply_patch`: which files one changes, and what it puts into a new one.
//!
//! Source: openai/codex, codex-rs/apply-patch (the grammar `*** Begin Patch` … `*** End Patch`).

/// One file that a patch names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Patched<'p> {
    /// The path as it is written.
    pub(super) path: &'p str,
    /// What a new file will hold.
    pub(super) content: Option<String>,
}

/// The files that a patch changes, moves or removes, in order. Nothing where the text is no patch.
pub(super) fn files(text: &str) -> Vec<Patched<'_>> {
    let mut files: Vec<Patched<'_>> = Vec::new();
    let Some((_, patch)) = text.split_once("*** Begin Patch") else { return files };
    for line in patch.lines() {
        if line.starts_with("*** End Patch") {
            break;
        }
        let named = |mark: &str| line.strip_prefix(mark).map(str::trim).filter(|path| !path.is_empty());
        if let Some(path) = named("*** Add File: ") {
            files.push(Patched { path, content: Some(String::new()) });
        } else if let Some(path) = ["*** Update File: ", "*** Delete File: ", "*** Move to: "].iter().find_map(|mark| named(mark)) {
            files.push(Patched { path, content: None });
        } else if let Some(Patched { content: Some(content), .. }) = files.last_mut()
            && let Some(added) = line.strip_prefix('+')
        {
            content.push_str(added);
            content.push('\n');
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_file_of_a_patch_is_named() {
        let text = "*** Begin Patch\n*** Add File: a.md\n+one\n+two\n*** Update File: b.rs\n*** Move to: c.rs\n@@\n-x\n+y\n*** Delete File: d.rs\n*** End Patch\n*** Add File: e.rs";
        let all = files(text);
        assert_eq!(all.iter().map(|file| file.path).collect::<Vec<_>>(), ["a.md", "b.rs", "c.rs", "d.rs"]);
        assert_eq!(all[0].content.as_deref(), Some("one\ntwo\n"));
        assert!(files("*** Add File: a").is_empty());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(\\*\\*\\* (Begin Patch|Add File: |Update File: )?|[+@a\\n\u{e9}]){0,40}") {
            let _ = files(&text);
        }
    }
}
