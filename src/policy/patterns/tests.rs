use super::*;
use crate::model::path::RepoPath;
use crate::policy::PathList;
use proptest::prelude::*;

fn matches(pattern: &str, path: &str) -> bool {
    PathList::new([pattern]).unwrap().find(&RepoPath::from(path)).is_some()
}

#[test]
fn patterns_match_as_documented() {
    for (pattern, hit, miss) in [
        ("/src/x", &["src/x", "src/x/a.rs"][..], &["src/xy", "lib/src/x", "src"][..]),
        ("/src/x/", &["src/x/a", "src/x"], &["src/xa", "a/src/x/b"]),
        ("src/x", &["src/x", "src/x/deep/a"], &["a/src/x"]),
        ("x", &["x", "a/x", "a/x/b"], &["xa", "a/bx"]),
        ("x/", &["x/b", "a/x/b"], &["x", "a/x"]),
        ("*.rs", &["a.rs", "b/a.rs", "a.rs/b"], &["a.rsx", "rs"]),
        ("/*.rs", &["a.rs"], &["b/a.rs"]),
        ("/src/*.rs", &["src/a.rs", "src/.rs"], &["src/b/a.rs", "a.rs"]),
        ("/src/*", &["src/a", "src/a/b"], &["src", "srca"]),
        ("/src/*/", &["src/a/b"], &["src/a"]),
        ("/src/**", &["src/a", "src/a/b"], &["srca/b"]),
        ("/src/**/gen", &["src/gen", "src/a/b/gen/x"], &["src/agen", "gen"]),
        ("**/gen", &["gen", "a/gen/b"], &["agen"]),
        ("/src/**/*", &["src/a", "src/a/b"], &["lib/a"]),
        ("*", &["a", "a/b"], &[]),
        ("/", &["a", "a/b"], &[]),
        ("a?c", &["abc", "aüc"], &["ac", "a/c"]),
        ("/a[!b]c", &["acc"], &["abc", "a/c"]),
        ("/a[+-9]c", &["a0c", "a+c"], &["a/c"]),
        ("/a[[:punct:]]c", &["a.c"], &["a/c", "abc"]),
        ("/a[]x]c", &["a]c", "axc"], &["abc"]),
        ("\\!a", &["!a"], &["a"]),
        ("/a\\*", &["a*"], &["ab"]),
        ("./a", &["a"], &["b/a"]),
        ("/a/../b", &["b"], &["a/b"]),
        ("/a//b/./c", &["a/b/c"], &["a"]),
        ("{working_directory}/src/", &["src/a"], &["a"]),
        ("/src/*.{ts,tsx}", &["src/a.ts", "src/a.tsx"], &["src/a.t"]),
        ("/{a,b/{c,d}}/x", &["a/x", "b/c/x", "b/d/x"], &["b/x"]),
        ("/{{name}}/x", &["{{name}}/x"], &["name/x"]),
        ("Readme", &["Readme"], &["README"]),
    ] {
        for path in hit {
            assert!(matches(pattern, path), "{pattern} does not match {path}");
        }
        for path in miss {
            assert!(!matches(pattern, path), "{pattern} matches {path}");
        }
    }
}

#[test]
fn bytes_that_are_no_text_match_too() {
    let list = PathList::new(["/src/", "*.rs"]).unwrap();
    assert_eq!(list.find(&RepoPath::new(b"src/\xff".to_vec())), Some(0));
    assert_eq!(list.find(&RepoPath::new(b"lib/\xff.rs".to_vec())), Some(1));
    assert_eq!(list.find(&RepoPath::new(b"lib/\xff".to_vec())), None);
}

#[test]
fn what_is_no_pattern_is_an_error() {
    for (text, why) in [
        ("", "empty"),
        (" ", "empty"),
        ("!", "empty"),
        ("../x", "out of the repository"),
        ("/a/../../b", "out of the repository"),
        ("/a/**/..", "`**`"),
        ("/a[b", "no `]`"),
        ("/a[b/c]", "no `]`"),
        ("/a[z-b]", "no range"),
        ("/a[[:nothing:]]", "no class"),
        ("a\\", "lone"),
        ("{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}", "more than 64"),
    ] {
        let error = Pattern::parse(text).expect_err(text);
        assert!(error.message.contains(why), "{text}: {error}");
    }
    assert!(Pattern::parse(&"a".repeat(5000)).is_err());
}

#[test]
fn the_more_specific_pattern_is_greater() {
    let specificity = |text: &str| Pattern::parse(text).unwrap()[0].specificity();
    let ascending = ["/", "*.rs", "Makefile", "/src/*.rs", "/src/", "/src/a/*.rs", "/src/a/", "/src/a/x.rs"];
    for pair in ascending.windows(2) {
        assert!(specificity(pair[0]) < specificity(pair[1]), "{pair:?}");
    }
    assert_eq!(specificity("/src"), specificity("/src/**"));
}

proptest! {
    #[test]
    fn nothing_makes_it_panic(text in "\\PC*", path in any::<Vec<u8>>()) {
        if let Ok(list) = PathList::new([text.as_str()]) {
            list.find(&RepoPath::new(path));
        }
    }

    #[test]
    fn strange_globs_compile_or_fail(text in "[a/*?\\[\\]!^\\-{},.\\\\:]{1,24}", path in "[a/.\\-]{0,12}") {
        if let Ok(list) = PathList::new([text.as_str()]) {
            list.find(&RepoPath::from(path.as_str()));
        }
    }

    #[test]
    fn a_folder_matches_exactly_what_begins_with_it(folder in "[ab]{1,2}(/[ab]{1,2}){0,2}", path in "[ab]{1,2}(/[ab]{1,2}){0,3}") {
        let expected = path == folder || path.starts_with(&format!("{folder}/"));
        for form in [format!("/{folder}/"), format!("/{folder}"), format!("/{folder}/**"), format!("./{folder}/")] {
            prop_assert_eq!(matches(&form, &path), expected, "{} {}", form, path);
        }
    }

    #[test]
    fn a_folder_lies_in_the_folder_above(folder in "[ab*]{1,2}(/[ab*?]{1,2}){1,2}", path in "[ab]{1,2}(/[ab]{1,2}){0,3}") {
        // `**` stands for any number of folders, none of them included: it has no folder above.
        prop_assume!(!folder.contains("**"));
        let (above, _) = folder.rsplit_once('/').unwrap();
        if matches(&format!("/{folder}/"), &path) {
            prop_assert!(matches(&format!("/{above}/"), &path) || above == "*", "{}", folder);
        }
    }
}
