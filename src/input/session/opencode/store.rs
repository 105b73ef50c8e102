//! The SQLite store, `opencode.db`: tables `session`, `message` and `part`, the last two with the JSON of an export in `data`
//! (`packages/core/src/session/sql.ts` of anomalyco/opencode, versions 1.2 to 1.18).
//!
//! OpenCode keeps it in WAL mode. SQLite creates files beside a store in that mode even where it only reads, so the
//! way in (`way`) depends on what lies there; nothing is ever written or created beside it.

mod way;

use super::record::{Info, moment};
use super::source::{RawMessage, RawPart};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, Row};
use rustc_hash::FxHashSet;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use way::Way;

/// What every SQLite database begins with.
pub(super) const MAGIC: &[u8] = b"SQLite format 3\0";

/// Sessions deeper than this below another one are no agents of agents but a cycle or nonsense.
const DEEPEST: usize = 64;

/// Why a store cannot be read.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The system, or SQLite, does not give it.
    Unreadable(std::io::Error),
    /// It is a database, but not one of OpenCode whose tables are known.
    Unknown(String),
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Refusal {
        use std::io::ErrorKind as Kind;
        let extended = error.sqlite_error().map(|error| error.extended_code);
        let (kind, what) = match error.sqlite_error_code() {
            Some(ErrorCode::ReadOnly) if extended == Some(rusqlite::ffi::SQLITE_READONLY_ROLLBACK) => {
                let what = "a transaction was left unfinished; once OpenCode has opened the store it can be read";
                return Refusal::Unreadable(std::io::Error::other(what));
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (Kind::WouldBlock, "another program holds it locked"),
            Some(ErrorCode::DatabaseCorrupt) => (Kind::InvalidData, "the database is damaged"),
            Some(ErrorCode::NotADatabase) => (Kind::InvalidData, "it is no SQLite database, or an encrypted one"),
            _ => (Kind::Other, "SQLite cannot read it"),
        };
        Refusal::Unreadable(std::io::Error::new(kind, format!("{what} ({error})")))
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Refusal {
        Refusal::Unreadable(error)
    }
}

/// A session of a store.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub(super) info: Info,
    /// How many messages it has.
    pub(super) messages: u64,
}

/// An open store.
#[derive(Debug)]
pub(super) struct Store {
    connection: Connection,
    columns: Columns,
    /// The copy that is read in its place.
    _copy: Option<Arc<TempDir>>,
    /// It also holds sessions of OpenCode 2, whose tables are others.
    pub(super) holds_others: bool,
}

/// Columns that some versions lack.
#[derive(Debug, Clone, Copy, Default)]
struct Columns {
    session_parent: bool,
    session_revert: bool,
    session_created: bool,
    message_created: bool,
}

impl Store {
    /// Opens a store for reading and looks at its tables.
    ///
    /// Errors: it cannot be opened or read, or its tables are not those of OpenCode.
    pub(super) fn open(path: &Path) -> Result<Store, Refusal> {
        let Way { connection, copy, wal_is_missing } = way::find(path)?;
        let mut store = Store { connection, columns: Columns::default(), _copy: copy, holds_others: false };
        store.learn_tables().map_err(|refusal| match refusal {
            Refusal::Unknown(saw) if wal_is_missing => {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                Refusal::Unknown(format!("{saw}; where it was copied while in use, {name}-wal belongs to it"))
            }
            other => other,
        })?;
        Ok(store)
    }

    fn learn_tables(&mut self) -> Result<(), Refusal> {
        let tables: FxHashSet<String> = self.names("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
        self.holds_others = tables.contains("session_v2");
        let wanted =
            [("session", &["id", "directory"][..]), ("message", &["id", "session_id", "data"]), ("part", &["id", "message_id", "data"])];
        let missing: Vec<&str> = wanted.iter().map(|(table, _)| *table).filter(|table| !tables.contains(*table)).collect();
        if !missing.is_empty() {
            let more = if self.holds_others { "; the tables of OpenCode 2 are not read" } else { "" };
            let plural = if missing.len() == 1 { "table" } else { "tables" };
            return Err(Refusal::Unknown(format!("it is a SQLite database without the {plural} {} of OpenCode{more}", missing.join(", "))));
        }
        for (table, columns) in wanted {
            let there = self.names(&format!("SELECT name FROM pragma_table_info('{table}')"))?;
            if let Some(column) = columns.iter().find(|column| !there.contains(**column)) {
                return Err(Refusal::Unknown(format!("its table {table} has no column {column}")));
            }
            match table {
                "session" => {
                    self.columns.session_parent = there.contains("parent_id");
                    self.columns.session_revert = there.contains("revert");
                    self.columns.session_created = there.contains("time_created");
                }
                "message" => self.columns.message_created = there.contains("time_created"),
                _ => {}
            }
        }
        Ok(())
    }

    fn names(&self, query: &str) -> Result<FxHashSet<String>, Refusal> {
        let mut statement = self.connection.prepare(query)?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Holds one state of the store for all reads that follow, whatever OpenCode writes meanwhile.
    ///
    /// Errors: SQLite cannot read it.
    pub(super) fn hold(&self) -> Result<(), Refusal> {
        Ok(self.connection.execute_batch("BEGIN")?)
    }

    fn session_columns(&self) -> String {
        let or_null = |there: bool, name: &'static str| if there { name } else { "NULL" };
        format!(
            "id, {}, directory, {}, {}",
            or_null(self.columns.session_parent, "parent_id"),
            or_null(self.columns.session_created, "time_created"),
            or_null(self.columns.session_revert, "revert")
        )
    }

    /// Every session, in the order of their identifiers.
    ///
    /// Errors: SQLite cannot read it.
    pub(super) fn sessions(&self) -> Result<Vec<Listed>, Refusal> {
        let counted: rustc_hash::FxHashMap<String, u64> = {
            let mut statement = self.connection.prepare("SELECT session_id, count(*) FROM message GROUP BY session_id")?;
            let rows = statement.query_map([], |row| Ok((text(row, 0).unwrap_or_default(), row.get::<_, i64>(1)?)))?;
            rows.map(|row| row.map(|(id, count)| (id, u64::try_from(count).unwrap_or_default()))).collect::<Result<_, _>>()?
        };
        let mut statement = self.connection.prepare(&format!("SELECT {} FROM session ORDER BY id", self.session_columns()))?;
        let mut rows = statement.query([])?;
        let mut sessions = Vec::new();
        while let Some(row) = rows.next()? {
            let info = info(row);
            let messages = info.id.as_ref().and_then(|id| counted.get(id)).copied().unwrap_or_default();
            sessions.push(Listed { info, messages });
        }
        Ok(sessions)
    }

    /// A session and all sessions below it: its agents, theirs, and so on; each once, parents before children.
    ///
    /// Errors: SQLite cannot read it.
    pub(super) fn family(&self, id: &str) -> Result<Vec<Info>, Refusal> {
        let columns = self.session_columns();
        let mut one = self.connection.prepare(&format!("SELECT {columns} FROM session WHERE id = ?1"))?;
        let mut family: Vec<Info> = Vec::new();
        let mut rows = one.query([id])?;
        while let Some(row) = rows.next()? {
            family.push(info(row));
        }
        if !self.columns.session_parent {
            return Ok(family);
        }
        let order = if self.columns.session_created { "time_created, id" } else { "id" };
        let mut below = self.connection.prepare(&format!("SELECT {columns} FROM session WHERE parent_id = ?1 ORDER BY {order}"))?;
        let mut known: FxHashSet<String> = family.iter().filter_map(|info| info.id.clone()).collect();
        let mut generation: Vec<String> = known.iter().cloned().collect();
        for _ in 0..DEEPEST {
            let mut next = Vec::new();
            for parent in &generation {
                let mut rows = below.query([parent])?;
                while let Some(row) = rows.next()? {
                    let child = info(row);
                    if let Some(id) = child.id.clone().filter(|id| known.insert(id.clone())) {
                        next.push(id);
                        family.push(child);
                    }
                }
            }
            if next.is_empty() {
                break;
            }
            generation = next;
        }
        Ok(family)
    }

    /// Hands out the messages of a session in the order in which they began.
    ///
    /// Errors: SQLite cannot read it.
    pub(super) fn messages(&self, session: &str, mut each: impl FnMut(RawMessage)) -> Result<(), Refusal> {
        // OpenCode reads them in this order; identifiers alone wrap around every 795 days.
        let order = if self.columns.message_created { "time_created, id" } else { "id" };
        let mut messages = self.connection.prepare(&format!("SELECT id, data FROM message WHERE session_id = ?1 ORDER BY {order}"))?;
        let mut parts = self.connection.prepare("SELECT id, data FROM part WHERE message_id = ?1 ORDER BY id")?;
        let mut rows = messages.query([session])?;
        while let Some(row) = rows.next()? {
            let mut message = RawMessage { line: 0, id: text(row, 0), info: bytes(row, 1).to_vec(), parts: Vec::new() };
            let mut its = parts.query([message.id.as_deref().unwrap_or_default()])?;
            while let Some(row) = its.next()? {
                message.parts.push(RawPart { line: 0, id: text(row, 0), bytes: bytes(row, 1).to_vec() });
            }
            each(message);
        }
        Ok(())
    }
}

fn info(row: &Row<'_>) -> Info {
    let mut info = Info { id: text(row, 0), parent: text(row, 1), directory: text(row, 2), is_session: true, ..Info::default() };
    info.created = match row.get_ref(3) {
        Ok(ValueRef::Integer(number)) => moment(number as f64),
        Ok(ValueRef::Real(number)) => moment(number),
        _ => None,
    };
    info.read_revert(bytes(row, 4));
    info
}

/// A text, or what stands in its place as bytes; nothing for a value of another kind.
fn bytes<'r>(row: &'r Row<'_>, column: usize) -> &'r [u8] {
    match row.get_ref(column) {
        Ok(ValueRef::Text(bytes) | ValueRef::Blob(bytes)) => bytes,
        _ => &[],
    }
}

fn text(row: &Row<'_>, column: usize) -> Option<String> {
    match row.get_ref(column) {
        Ok(ValueRef::Text(bytes)) => Some(String::from_utf8_lossy(bytes).into_owned()),
        _ => None,
    }
}
