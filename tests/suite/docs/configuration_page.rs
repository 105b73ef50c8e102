//! docs/configuration.md, made from the JSON Schema of paralint.toml.

use super::same_or_written;
use paralint::config::{Config, schema};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write;

/// Every key in one file, as it stands at the top of the page.
const COMPLETE: &str = include_str!("complete.toml");

const HEAD: &str = "<!-- Made from the code. To write it anew: PARALINT_WRITE_DOCS=1 cargo test --test suite docs -->
# Configuration

The nearest `paralint.toml` is read, from the current folder up to the root of the repository. `--config FILE` names another one,
`--no-config` uses none. No key is needed. An unknown key is an error, with its line and the nearest name.

`paralint init` writes a first one. `paralint schema config` prints the JSON Schema of the file, for an editor.
In `paralint check --range` the file is that of the base revision, so that nobody loosens it in his own branch.

Every key at once:

";

/// One key of a table, as the page tells it.
struct Key<'s> {
    name: String,
    schema: &'s Value,
}

/// The keys of a table, those that have to be there first; those of a table within it follow it: `when.changed`.
fn keys(table: &Value) -> Vec<Key<'_>> {
    let mut all = Vec::new();
    for (name, schema) in table["properties"].as_object().into_iter().flatten() {
        all.push(Key { name: name.clone(), schema });
        all.extend(keys(schema).into_iter().map(|inner| Key { name: format!("{name}.{}", inner.name), schema: inner.schema }));
    }
    all.sort_by_key(|key| !is_required(table, &key.name));
    all
}

fn is_required(table: &Value, key: &str) -> bool {
    table["required"].as_array().into_iter().flatten().any(|name| name == key)
}

/// The table of a section's keys: that of `[section]`, of `[section.NAME]`, or of an entry of `[[section]]`.
fn section(schema: &Value) -> Option<(&'static str, &Value)> {
    match schema["type"].as_str()? {
        "array" if schema["items"]["type"] == "object" => Some(("list", &schema["items"])),
        "object" if schema["additionalProperties"]["type"] == "object" => Some(("named", &schema["additionalProperties"])),
        "object" if schema["properties"].is_object() => Some(("table", schema)),
        _ => None,
    }
}

fn page() -> String {
    let schema = schema();
    let mut text = format!("{HEAD}```toml\n{COMPLETE}```\n");
    for (name, part) in schema["properties"].as_object().unwrap() {
        let about = part["description"].as_str().unwrap();
        let _ = write!(text, "\n## {name}\n\n{about}\n\n");
        match section(part) {
            Some((kind, table)) => {
                let head = match kind {
                    "list" => format!("[[{name}]]"),
                    "named" => format!("[{name}.NAME]"),
                    _ => format!("[{name}]"),
                };
                let _ = write!(text, "| in `{head}` | is | default | means | example |\n| --- | --- | --- | --- | --- |\n");
                for key in keys(table) {
                    let default = if is_required(table, &key.name) { "has to be there".to_owned() } else { default(key.schema) };
                    let (about, example) = (key.schema["description"].as_str().unwrap(), example(&key));
                    let _ = writeln!(text, "| `{}` | {} | {default} | {about} | {example} |", key.name, kind_of(key.schema));
                }
            }
            None => {
                let _ = writeln!(text, "It is {}. For example:\n\n```toml\n{}```", kind_of(part), alone(name, &part["examples"][0]));
            }
        }
    }
    text
}

/// What may be written for a key.
fn kind_of(schema: &Value) -> String {
    if let Some(several) = schema["anyOf"].as_array() {
        return several.iter().map(kind_of).collect::<Vec<_>>().join(", or ");
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<String> = words.iter().map(|word| format!("`\"{}\"`", word.as_str().unwrap())).collect();
        return if words.len() > 9 { "the name of a rule".to_owned() } else { words.join(", ") };
    }
    let number = |key: &str| schema[key].as_f64().filter(|number| *number < f64::from(u32::MAX));
    let between = match (number("minimum"), number("maximum")) {
        (Some(least), Some(most)) => format!(", {least} to {most}"),
        (Some(least), None) => format!(", at least {least}"),
        _ => String::new(),
    };
    match schema["type"].as_str().unwrap() {
        "integer" => format!("a whole number{between}"),
        "number" => format!("a number{between}"),
        "boolean" => "`true` or `false`".to_owned(),
        "string" => "a text".to_owned(),
        "array" if schema["items"]["enum"].is_array() => format!("a list of {}", kind_of(&schema["items"])),
        "array" => "a list of texts".to_owned(),
        _ if schema["additionalProperties"]["enum"].is_array() => {
            format!("a table; each value is {}", kind_of(&schema["additionalProperties"]))
        }
        _ => "a table".to_owned(),
    }
}

fn default(schema: &Value) -> String {
    if schema["default"].is_null() { "–".to_owned() } else { format!("`{}`", written(&schema["default"])) }
}

/// `when.changed = ["**/*.rs"]`; a table whose keys follow has no example of its own.
fn example(key: &Key<'_>) -> String {
    match (&key.schema["examples"][0], key.schema["properties"].is_object()) {
        (_, true) => "–".to_owned(),
        (Value::Null, _) => panic!("{} has no example", key.name),
        (example, _) => format!("`{} = {}`", key.name, written(example)),
    }
}

/// A section without keys of its own: a table with free keys, or a list.
fn alone(name: &str, example: &Value) -> String {
    match example.as_object() {
        Some(table) => table.iter().fold(format!("[{name}]\n"), |text, (key, value)| format!("{text}{key} = {}\n", written(value))),
        None => format!("{name} = {}\n", written(example)),
    }
}

/// A value as TOML. The texts of the schema hold nothing that JSON would escape in another way.
fn written(value: &Value) -> String {
    match value {
        Value::Array(list) => format!("[{}]", list.iter().map(written).collect::<Vec<_>>().join(", ")),
        Value::Object(table) => {
            format!("{{ {} }}", table.iter().map(|(key, value)| format!("{key} = {}", written(value))).collect::<Vec<_>>().join(", "))
        }
        plain => plain.to_string(),
    }
}

/// Every key that a file sets: `limits.max_parallel`; names of gates, phases and rules are left out.
fn set(schema: &Value, value: &toml::Value, before: &str, all: &mut BTreeSet<String>) {
    let one = |table: &Value, value: &toml::Value, all: &mut BTreeSet<String>| {
        for (key, value) in value.as_table().into_iter().flatten() {
            all.insert(format!("{before}.{key}"));
            set(&table["properties"][key], value, &format!("{before}.{key}"), all);
        }
    };
    match section(schema) {
        Some(("list", table)) => value.as_array().unwrap().iter().for_each(|value| one(table, value, all)),
        Some(("named", table)) => value.as_table().unwrap().values().for_each(|value| one(table, value, all)),
        Some((_, table)) => one(table, value, all),
        None => {}
    }
}

#[test]
fn the_page_is_what_the_schema_says() {
    same_or_written("docs/configuration.md", &page());
}

#[test]
fn the_complete_example_is_accepted_and_sets_every_key() {
    let read = Config::parse("paralint.toml", COMPLETE);
    assert!(read.is_ok(), "{:?}", read.err());
    let written: toml::Table = COMPLETE.parse().unwrap();
    let schema = schema();
    for (name, part) in schema["properties"].as_object().unwrap() {
        let value = written.get(name).unwrap_or_else(|| panic!("{name} is not in the complete example"));
        let mut all = BTreeSet::new();
        set(part, value, name, &mut all);
        for key in section(part).map(|(_, table)| keys(table)).into_iter().flatten() {
            assert!(all.contains(&format!("{name}.{}", key.name)), "{name}.{} is not in the complete example", key.name);
        }
    }
}

/// Each example is accepted where it stands, and each default is what the program takes.
#[test]
fn every_example_and_default_of_the_schema_is_accepted() {
    let schema = schema();
    for (name, part) in schema["properties"].as_object().unwrap() {
        let Some((kind, table)) = section(part) else { continue };
        for key in keys(table).iter().filter(|key| !key.schema["properties"].is_object()) {
            let own = |needed: &str, line: &str| if key.name == needed { "" } else { line }.to_owned();
            let (head, rest) = match kind {
                "list" => ("[[suppress]]".to_owned(), own("rule", "rule = \"idle-agent\"\n") + &own("reason", "reason = \"x\"\n")),
                "named" if name == "gates" => {
                    let mut rest = own("run", "run = \"true\"\n");
                    rest += if key.name == "backoff" { "retries = 1\n" } else { "" };
                    rest += if key.name == "cache" { "inputs = \"index\"\n" } else { "" };
                    ("[gates.x]".to_owned(), rest)
                }
                "named" => (format!("[{name}.x]"), String::new()),
                _ => (format!("[{name}]"), String::new()),
            };
            let others = "[gates.fmt]\nrun = \"true\"\n[gates.clippy]\nrun = \"true\"\n[phases.implementation]\nparallel = true\n";
            for value in [&key.schema["examples"][0], &key.schema["default"]].into_iter().filter(|value| !value.is_null()) {
                let text = format!("{others}{head}\n{rest}{} = {}\n", key.name, written(value));
                let read = Config::parse("paralint.toml", &text);
                assert!(read.is_ok(), "{name}.{}: {:?}\n{text}", key.name, read.err());
            }
        }
    }
    let defaults = Config::default();
    assert_eq!(schema["properties"]["limits"]["properties"]["max_parallel"]["default"], Value::from(defaults.limits.max_parallel));
    assert_eq!(schema["properties"]["locks"]["properties"]["max_age"]["default"], Value::from(defaults.locks.max_age));
}
