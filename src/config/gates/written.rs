//! `[gates]` as it is written, every value with its place.

use super::{Inputs, Profile};
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use toml::Spanned;

/// All gates. The parser sorts them by name; their places tell the order of the file.
pub(in crate::config) type Written = BTreeMap<Spanned<String>, Table<Entry>>;

/// Texts, each with its place, and the place of the list.
pub(super) type Texts = Spanned<Vec<Spanned<String>>>;

/// One gate.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct Entry {
    /// Looked for by hand, since the parser does not say which gate lacks it.
    pub(super) run: Option<Spanned<Run>>,
    #[serde(default)]
    pub(super) when: Table<Conditions>,
    #[serde(default)]
    pub(super) needs: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) resources: Vec<Spanned<String>>,
    pub(super) weight: Option<Spanned<i64>>,
    pub(super) timeout: Option<Spanned<String>>,
    pub(super) retries: Option<Spanned<i64>>,
    pub(super) backoff: Option<Spanned<String>>,
    pub(super) profiles: Option<Spanned<Vec<Profile>>>,
    #[serde(default)]
    pub(super) env: BTreeMap<Spanned<String>, Spanned<String>>,
    #[serde(default)]
    pub(super) inputs: Inputs,
    pub(super) dir: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) git_env: bool,
    pub(super) cache: Option<Spanned<bool>>,
}

/// `when`.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Conditions {
    pub(super) changed: Option<Texts>,
    pub(super) phases: Option<Texts>,
    pub(super) exists: Option<Texts>,
}

/// `run`.
#[derive(Debug)]
pub(super) enum Run {
    Shell(String),
    Words(Vec<Spanned<String>>),
}

// By hand, since an untagged enum loses the places of what is inside.
impl<'de> Deserialize<'de> for Run {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Run, D::Error> {
        deserializer.deserialize_any(RunVisitor)
    }
}

struct RunVisitor;

impl<'de> Visitor<'de> for RunVisitor {
    type Value = Run;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a command: a string for the shell, or a list of a program and its arguments")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Run, E> {
        Ok(Run::Shell(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Run, A::Error> {
        let mut words = Vec::new();
        while let Some(word) = list.next_element()? {
            words.push(word);
        }
        Ok(Run::Words(words))
    }
}

/// A table. Without this a list would be taken for one, its elements in the order of the keys.
#[derive(Debug, Default)]
pub(in crate::config) struct Table<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Table<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Table<T>, D::Error> {
        deserializer.deserialize_any(TableVisitor(PhantomData))
    }
}

struct TableVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for TableVisitor<T> {
    type Value = Table<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a table")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Table<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Table)
    }
}
