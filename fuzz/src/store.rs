//! A store of OpenCode from lines of text, so that a changed byte is a changed value and not a malformed file.
//!
//! A line is a row: the first letter of its table, then its values, with tabs between them.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::path::Path;

const TABLES: &str = "
    pragma journal_mode = off; pragma synchronous = off;
    create table session (id, parent_id, directory, revert, time_created);
    create table message (id, session_id, time_created, data);
    create table part (id, message_id, session_id, data);
";

/// Whether bytes are the file of a store.
pub fn is_store(bytes: &[u8]) -> bool {
    bytes.starts_with(b"SQLite format 3\0")
}

/// Writes a store with these rows.
///
/// Errors: what SQLite says.
pub fn write(path: &Path, rows: &[u8]) -> rusqlite::Result<()> {
    let _ = std::fs::remove_file(path);
    let mut store = Connection::open(path)?;
    store.execute_batch(TABLES)?;
    let all = store.transaction()?;
    for row in rows.split(|byte| *byte == b'\n') {
        let mut values = row.split(|byte| *byte == b'\t');
        let table = match values.next() {
            Some(b"s") => ("insert into session values (?1, ?2, ?3, ?4, ?5)", 5),
            Some(b"m") => ("insert into message values (?1, ?2, ?3, ?4)", 4),
            Some(b"p") => ("insert into part values (?1, ?2, ?3, ?4)", 4),
            _ => continue,
        };
        let mut values: Vec<Value> = values.map(value).collect();
        values.resize(table.1, Value::Null);
        all.execute(table.0, params_from_iter(values))?;
    }
    all.commit()
}

fn value(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok("") => Value::Null,
        Ok(text) => text.parse().map_or_else(|_| Value::Text(text.to_owned()), Value::Integer),
        Err(_) => Value::Blob(bytes.to_vec()),
    }
}

/// The rows of an export; nothing where the bytes are none.
pub fn rows(export: &[u8]) -> Option<Vec<u8>> {
    let export: serde_json::Value = serde_json::from_slice(export).ok()?;
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let info = &export["info"];
    let session = text(info.get("id")?);
    let parent = info.get("parentID").map(text).unwrap_or_default();
    let revert = info.get("revert").map(ToString::to_string).unwrap_or_default();
    let mut rows = format!("s\t{session}\t{parent}\t{}\t{revert}\t{}\n", text(&info["directory"]), info["time"]["created"]);
    for message in export["messages"].as_array()? {
        let id = text(&message["info"]["id"]);
        rows.push_str(&format!("m\t{id}\t{session}\t{}\t{}\n", message["info"]["time"]["created"], message["info"]));
        for part in message["parts"].as_array().into_iter().flatten() {
            rows.push_str(&format!("p\t{}\t{id}\t{session}\t{part}\n", text(&part["id"])));
        }
    }
    Some(rows.into_bytes())
}
