//! Single fields of an object, where a handful is asked for and speed does not matter.

use super::{Cursor, Kind, Raw};

/// The value of one key of an object; `None` where it is absent or the bytes are no object. Where the key stands twice, the
/// last one wins.
pub fn field<'a>(object: &'a [u8], wanted: &str) -> Option<&'a [u8]> {
    let mut found = None;
    let mut cursor = Cursor::new(object);
    if cursor.kind() != Ok(Kind::Object) {
        return None;
    }
    let _ = cursor.object(|cursor, key| {
        if key.is(wanted) {
            found = Some(cursor.skip()?);
        }
        Ok(())
    });
    found
}

/// The value of one key of an object, where it is a string.
pub fn text_field<'a>(object: &'a [u8], wanted: &str) -> Option<Raw<'a>> {
    field(object, wanted).and_then(as_text)
}

/// The value of one key of an object, where it is a number.
pub fn number_field(object: &[u8], wanted: &str) -> Option<f64> {
    field(object, wanted).and_then(|value| Cursor::new(value).number_or_skip().ok().flatten())
}

/// Whether one key of an object is `true`.
pub fn is_true(object: &[u8], wanted: &str) -> bool {
    field(object, wanted) == Some(b"true")
}

/// The value as a string, where it is one.
pub fn as_text(value: &[u8]) -> Option<Raw<'_>> {
    Cursor::new(value).string_or_skip().ok().flatten()
}
