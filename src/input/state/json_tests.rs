use super::{Document, blanked};
use crate::input::state::source::Source;

fn error_of(text: &str) -> (u64, u64, String) {
    let source = Source::new("a.json", text);
    let error = Document::new(&source).map(|_| ()).unwrap_err();
    (error.mark.line, error.mark.column, error.message)
}

#[test]
fn comments_and_last_commas_become_spaces_and_nothing_moves() {
    let text = "{ // ö\n \"a//b\": [1, 2, /* x,\n */ ], \"c\\\"/*\": {\"d\": 1,},\n}";
    let blank = blanked(text).unwrap();
    assert_eq!(blank.len(), text.len());
    assert_eq!(blank.find("\"c"), text.find("\"c"));
    let value: serde_json::Value = serde_json::from_str(&blank).unwrap();
    assert_eq!(value, serde_json::json!({"a//b": [1, 2], "c\"/*": {"d": 1}}));
    for wrong in ["[,]", "[1,,]", "{,}", "{\"a\":,}", ","] {
        assert!(serde_json::from_str::<serde_json::Value>(&blanked(wrong).unwrap()).is_err(), "{wrong}");
    }
}

#[test]
fn mistakes_of_syntax_have_their_place() {
    assert_eq!(error_of("{\n  \"ä\": nul\n}").0, 2);
    assert_eq!(error_of("{\"a\": 1"), (1, 7, "not valid JSON: EOF while parsing an object".to_owned()));
    assert_eq!(error_of("{\"a\": 1} x").2, "not valid JSON: trailing characters");
    assert_eq!(error_of("{\"ä\": 1} x").1, 10);
    assert_eq!(error_of("{\n /* open").0, 2);
    assert!(error_of("{\"a\": \"b\n\"}").2.contains("control character"));
    assert_eq!(error_of(" // nothing\n").2, "the file is empty");
    assert_eq!(error_of("").0, 0);
}

#[test]
fn depth_is_bounded_before_anything_descends() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(blanked(&nested(128)).is_ok());
    assert_eq!(error_of(&nested(129)), (1, 129, "nested deeper than 128".to_owned()));
    assert_eq!(error_of(&"[".repeat(1_000_000)).1, 129);
    assert!(blanked(&"{}".repeat(100_000)).is_ok());
}

#[test]
fn a_key_that_is_there_twice_is_an_error_that_names_both_lines() {
    let source = Source::new("a.json", "{\"a\": 1,\n \"b\": 2,\n \"\\u0061\": 3}");
    let document = Document::new(&source).unwrap();
    let error = document.root().members("an object").map(|_| ()).unwrap_err();
    assert_eq!((error.mark.line, error.message.as_str()), (3, "the key `a` is there twice"));
    assert!(error.hint.unwrap().contains("line 1"));
}

#[test]
fn half_a_surrogate_pair_is_an_error_and_no_panic() {
    let source = Source::new("a.json", "{\"a\": [\"\\ud800\"]}");
    let document = Document::new(&source).unwrap();
    let members = document.root().members("an object").unwrap();
    assert!(members[0].value.strings().unwrap_err().message.starts_with("not a valid string"));
    let source = Source::new("a.json", "{\"\\udc00\": 1}");
    assert!(Document::new(&source).unwrap().root().members("an object").is_err());
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[\\[\\]{}:,\"\\\\/*a1 \\n\\r\u{e9}]{0,60}") {
        if let Ok(blank) = blanked(&text) {
            proptest::prop_assert_eq!(blank.len(), text.len());
        }
        let source = Source::new("a.json", &text);
        if let Ok(document) = Document::new(&source) {
            let _ = document.root().members("an object");
            let _ = document.root().strings();
        }
    }

    #[test]
    fn json_stays_what_it_is(text in "(\\{\"a\": ?\\[1, 2\\]\\}|\\[\"//\", \"/\\*\"\\]|\"\\\\\"//\")") {
        let before: serde_json::Value = serde_json::from_str(&text).unwrap();
        proptest::prop_assert_eq!(before, serde_json::from_str::<serde_json::Value>(&blanked(&text).unwrap()).unwrap());
    }
}
