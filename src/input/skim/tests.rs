//! The cursor against a full parser, and on bytes that are no JSON.

use super::*;
use proptest::prelude::*;
use serde_json::Value;

/// Rebuilds a value through the cursor, to be compared with what serde_json reads.
fn rebuild(cursor: &mut Cursor<'_>) -> Step<Value> {
    Ok(match cursor.kind()? {
        Kind::String => Value::String(cursor.string()?.text().into_owned()),
        Kind::Plain => serde_json::from_slice(cursor.skip()?).unwrap(),
        Kind::Array => {
            let mut items = Vec::new();
            cursor.array(|inner| {
                items.push(rebuild(inner)?);
                Ok(())
            })?;
            Value::Array(items)
        }
        Kind::Object => {
            let mut fields = serde_json::Map::new();
            cursor.object(|inner, key| {
                fields.insert(key.text().into_owned(), rebuild(inner)?);
                Ok(())
            })?;
            Value::Object(fields)
        }
    })
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[a-z\\\\\"\\n]{0,40}".prop_map(Value::from)
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..6).prop_map(|map| Value::Object(map.into_iter().collect()))
        ]
    })
}

proptest! {
    #[test]
    fn it_reads_what_a_full_parser_reads(value in value(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        prop_assert_eq!(rebuild(&mut Cursor::new(text.as_bytes())).unwrap(), value);
    }

    #[test]
    fn skipping_ends_where_the_value_ends(value in value()) {
        let text = serde_json::to_string(&value).unwrap();
        let line = format!("{text} ,");
        prop_assert_eq!(Cursor::new(line.as_bytes()).skip().unwrap(), text.as_bytes());
    }

    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>) {
        let _ = Cursor::new(&bytes).skip();
        let _ = rebuild_loosely(&bytes);
        let _ = Raw::new(&bytes).text();
    }

    #[test]
    fn a_cut_object_is_broken(value in value(), cut in any::<prop::sample::Index>()) {
        let text = serde_json::to_string(&serde_json::json!({"a": value})).unwrap();
        let cut = cut.index(text.len());
        prop_assert!(Cursor::new(&text.as_bytes()[..cut]).skip().is_err());
    }
}

fn rebuild_loosely(bytes: &[u8]) -> Step<()> {
    Cursor::new(bytes).object(|inner, _| inner.string_or_skip().map(|_| ()))
}

#[test]
fn a_million_brackets_are_skipped_without_a_deep_stack() {
    let mut text = b"[".repeat(1_000_000);
    text.extend(b"]".repeat(1_000_000));
    assert_eq!(Cursor::new(&text).skip().unwrap().len(), 2_000_000);
    text.pop();
    assert!(Cursor::new(&text).skip().is_err());
}

#[test]
fn brackets_that_do_not_match_are_broken() {
    assert!(Cursor::new(b"{\"a\":[}").skip().is_err());
    assert!(Cursor::new(b"[}").skip().is_err());
}

#[test]
fn escapes_and_lone_surrogates_are_resolved() {
    assert_eq!(Raw::new(br"t\u0079pe \ud83d\ude00 \ud83d \n").text(), "type \u{1f600} \u{fffd} \n");
    assert!(Raw::new(br"t\u0079pe").is("type"));
}

#[test]
fn an_unknown_escape_before_a_wide_character_keeps_it() {
    assert_eq!(Raw::new("a\\\u{e9}b".as_bytes()).text(), "a\u{e9}b");
}

#[test]
fn control_characters_are_seen() {
    assert!(has_control(b"a\x01b"));
    assert!(!has_control(b"a\tb\r\n"));
}
