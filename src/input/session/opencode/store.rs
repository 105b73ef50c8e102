//! The SQLite store, `opencode.db`: tables `session`, `message` and `part`, the last two with the JSON of an export in `data`
//! (`packages/core/src/session/sql.ts` of anomalyco/opencode, versions 1.2 to 1.18).
//!
//! OpenCode keeps it in WAL mode. SQLite creates files beside a store in that mode even where it only reads, so the way in
//! depends on what lies there; nothing is ever written or created beside it:
//!
//! - a WAL and its index: opened with `readonly_shm`, which takes the index as it is, or makes one in memory where nobody
//!   holds it;
//! - a WAL without an index, as copies have: read from a copy in the temporary folder;
//! - no WAL: everything is in the store itself, which is opened as immutable, since nobody has it open for writing;
//! - no WAL mode: opened for reading.

#![allow(clippy::disallowed_methods)]

use super::record::{Info, moment};
use super::source::{RawMessage, RawPart};
use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OpenFlags, Row};
use rustc_hash::FxHashSet;
use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;
use tempfile::TempDir;

/// What every SQLite database begins with.
pub(super) const MAGIC: &[u8] = b"SQLite format 3\0";

/// How long another program may hold the store before it counts as locked.
const PATIENCE: Duration = Duration::from_millis(1000);

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
        let (kind, what) = match error.sqlite_error_code() {
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
        let real = std::fs::canonicalize(path)?;
        let (connection, copy) = connect(&real)?;
        let mut store = Store { connection, columns: Columns::default(), _copy: copy, holds_others: false };
        store.learn_tables()?;
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

/// The file that SQLite keeps beside a store: its name and `-wal` or `-shm`.
fn beside(store: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(store.as_os_str());
    name.push(ending);
    PathBuf::from(name)
}

/// Opens a store in the way that leaves no trace beside it.
fn connect(store: &Path) -> Result<(Connection, Option<Arc<TempDir>>), Refusal> {
    let Ok(wal) = std::fs::metadata(beside(store, "-wal")) else {
        let way = if is_in_wal_mode(store)? { IMMUTABLE } else { "mode=ro" };
        return Ok((attempt(store, way)?, None));
    };
    match attempt(store, "mode=ro&readonly_shm=1") {
        // Without an index, or with one that cannot be taken as it is.
        Err(error) if matches!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly)) => {
            if wal.len() == 0 {
                return Ok((attempt(store, IMMUTABLE)?, None));
            }
            let copy = copied(store)?;
            Ok((attempt(&copy.path().join(COPY), "mode=rw")?, Some(copy)))
        }
        other => Ok((other?, None)),
    }
}

/// The way into a store that nobody has open for writing.
const IMMUTABLE: &str = "mode=ro&immutable=1";

/// Whether the header says that the store is written by a WAL: bytes 18 and 19.
fn is_in_wal_mode(store: &Path) -> std::io::Result<bool> {
    let mut header = Vec::new();
    File::open(store)?.take(20).read_to_end(&mut header)?;
    Ok(header.get(18..20) == Some(&[2, 2]))
}

fn attempt(store: &Path, parameters: &str) -> rusqlite::Result<Connection> {
    let flags = if parameters.starts_with("mode=rw") { OpenFlags::SQLITE_OPEN_READ_WRITE } else { OpenFlags::SQLITE_OPEN_READ_ONLY };
    let flags = flags | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(address(store, parameters), flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // A store may come from anybody: nothing that its schema names is run.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.execute_batch("PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON")?;
    // Only a read finds out whether the store can be read.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(connection)
}

/// The address of a store as SQLite understands it, every special character escaped.
fn address(store: &Path, parameters: &str) -> String {
    let mut address = String::from("file:");
    let shown = store.as_os_str().as_encoded_bytes();
    let shown = shown.strip_prefix(br"\\?\").unwrap_or(shown);
    address.push_str(if shown.first() == Some(&b'/') { "//" } else { "///" });
    for byte in shown {
        match byte {
            b'\\' if std::path::MAIN_SEPARATOR == '\\' => address.push('/'),
            b'/' | b':' | b'.' | b'-' | b'_' => address.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => address.push(char::from(*byte)),
            byte => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address.push('?');
    address.push_str(parameters);
    address
}

/// The copy's name in its folder.
const COPY: &str = "store.db";

/// Copies that are in use: the sessions of one store are read side by side, and one copy serves them all.
static COPIES: Mutex<Vec<(PathBuf, Weak<TempDir>)>> = Mutex::new(Vec::new());

/// The store and its WAL, copied to a folder of their own that goes away with its last reader.
fn copied(store: &Path) -> std::io::Result<Arc<TempDir>> {
    let mut copies = COPIES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    copies.retain(|(_, copy)| copy.strong_count() > 0);
    if let Some(copy) = copies.iter().find(|(path, _)| path == store).and_then(|(_, copy)| copy.upgrade()) {
        return Ok(copy);
    }
    let folder = tempfile::Builder::new().prefix("paralint-").tempdir()?;
    for ending in ["", "-wal"] {
        let mut from = File::open(beside(store, ending))?;
        let mut to = File::create(beside(&folder.path().join(COPY), ending))?;
        std::io::copy(&mut from, &mut to)?;
    }
    let copy = Arc::new(folder);
    copies.push((store.to_owned(), Arc::downgrade(&copy)));
    Ok(copy)
}
