//! Attributes of spans, events and resources.

use super::decimal::Decimal;
use serde::{Serialize, Serializer};
use std::borrow::Cow;

/// A name and its value.
#[derive(Serialize)]
pub(super) struct Attribute<'a> {
    key: &'static str,
    value: Value<'a>,
}

/// `AnyValue` of the protocol.
#[derive(Serialize)]
enum Value<'a> {
    #[serde(rename = "stringValue")]
    Text(Cow<'a, str>),
    #[serde(rename = "boolValue")]
    Flag(bool),
    #[serde(rename = "intValue", serialize_with = "as_text")]
    Int(i64),
    #[serde(rename = "doubleValue")]
    Double(f64),
    #[serde(rename = "arrayValue")]
    List(Array),
}

#[derive(Serialize)]
struct Array {
    values: Vec<Value<'static>>,
}

/// Whole numbers of 64 bits are strings in the JSON encoding.
fn as_text<S: Serializer>(number: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    match u64::try_from(*number) {
        Ok(number) => serializer.serialize_str(Decimal::of(number).as_str()),
        Err(_) => serializer.collect_str(number),
    }
}

pub(super) fn text<'a>(key: &'static str, value: &'a str) -> Attribute<'a> {
    Attribute { key, value: Value::Text(Cow::Borrowed(value)) }
}

pub(super) fn flag(key: &'static str, value: bool) -> Attribute<'static> {
    Attribute { key, value: Value::Flag(value) }
}

pub(super) fn int(key: &'static str, value: i64) -> Attribute<'static> {
    Attribute { key, value: Value::Int(value) }
}

/// What is no number is 0: JSON has no word for it.
pub(super) fn double(key: &'static str, value: f64) -> Attribute<'static> {
    Attribute { key, value: Value::Double(if value.is_finite() { value } else { 0.0 }) }
}

pub(super) fn list(key: &'static str, values: Vec<String>) -> Attribute<'static> {
    let values = values.into_iter().map(|value| Value::Text(Cow::Owned(value))).collect();
    Attribute { key, value: Value::List(Array { values }) }
}

/// A text that may be missing or empty: then there is no attribute.
pub(super) fn maybe<'a>(key: &'static str, value: Option<&'a str>) -> Option<Attribute<'a>> {
    value.filter(|value| !value.is_empty()).map(|value| text(key, value))
}
