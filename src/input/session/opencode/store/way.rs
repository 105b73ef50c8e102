//! The way into a store, which depends on what lies beside it:
//!
//! - a WAL and its index: opened with `readonly_shm`, which takes the index as it is, or makes one in memory where nobody
//!   holds it;
//! - a WAL without an index, as copies have, and as root the store of another user: read from a copy in the temporary folder;
//! - no WAL: everything is in the store itself, which is opened as immutable, since nobody has it open for writing;
//! - no WAL mode: opened for reading.

#![allow(clippy::disallowed_methods)]

use super::Refusal;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;
use tempfile::TempDir;

/// How long another program may hold the store before it counts as locked.
const PATIENCE: Duration = Duration::from_millis(1000);

/// A way that was found.
#[derive(Debug)]
pub(super) struct Way {
    pub(super) connection: Connection,
    /// The copy that is read in its place.
    pub(super) copy: Option<Arc<TempDir>>,
    /// The store is in WAL mode and no WAL lies beside it: it was closed, or copied without.
    pub(super) wal_is_missing: bool,
}

/// The file that SQLite keeps beside a store: its name and `-wal` or `-shm`.
fn beside(store: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(store.as_os_str());
    name.push(ending);
    PathBuf::from(name)
}

/// Opens a store in the way that leaves no trace beside it.
///
/// Errors: it cannot be read.
pub(super) fn find(path: &Path) -> Result<Way, Refusal> {
    let store = &std::fs::canonicalize(path)?;
    for ending in ["", "-wal", "-shm", "-journal"] {
        // Opening a pipe waits for whoever writes to it.
        if std::fs::metadata(beside(store, ending)).is_ok_and(|data| !data.is_file()) {
            let name = beside(path, ending);
            let name = name.file_name().unwrap_or_default().to_string_lossy();
            return Err(std::io::Error::other(format!("{name} is no regular file")).into());
        }
    }
    let Ok(wal) = std::fs::metadata(beside(store, "-wal")) else {
        let in_wal_mode = is_in_wal_mode(store)?;
        let connection = attempt(store, if in_wal_mode { IMMUTABLE } else { "mode=ro" })?;
        return Ok(Way { connection, copy: None, wal_is_missing: in_wal_mode });
    };
    let direct = |connection| Way { connection, copy: None, wal_is_missing: false };
    if !would_be_given_away(store) {
        match attempt(store, "mode=ro&readonly_shm=1") {
            // Without an index, or with one that cannot be taken as it is.
            Err(error) if matches!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly)) => {
                if wal.len() == 0 {
                    return Ok(direct(attempt(store, IMMUTABLE)?));
                }
            }
            other => return Ok(direct(other?)),
        }
    }
    let copy = copied(store)?;
    let connection = attempt(&copy.path().join(COPY), "mode=rw")?;
    Ok(Way { connection, copy: Some(copy), wal_is_missing: false })
}

/// Whether SQLite would give away the files beside a store: as root it gives those that it opens to the owner of the store
/// (`robustFchown` in `os_unix.c`), which changes them even where that is their owner already.
#[cfg(unix)]
fn would_be_given_away(store: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let owners: Vec<(u32, u32)> = ["", "-wal", "-shm"]
        .iter()
        .filter_map(|ending| std::fs::metadata(beside(store, ending)).ok())
        .map(|data| (data.uid(), data.gid()))
        .collect();
    let roots_own = owners.iter().all(|owner| owner.0 == 0 && Some(owner) == owners.first());
    rustix::process::geteuid().is_root() && !roots_own
}

#[cfg(not(unix))]
fn would_be_given_away(_: &Path) -> bool {
    false
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

/// How often a store is copied anew that was written to meanwhile.
const TRIES: usize = 5;

/// The store and its WAL, copied to a folder of their own that goes away with its last reader.
fn copied(store: &Path) -> std::io::Result<Arc<TempDir>> {
    let mut copies = COPIES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    copies.retain(|(_, copy)| copy.strong_count() > 0);
    if let Some(copy) = copies.iter().find(|(path, _)| path == store).and_then(|(_, copy)| copy.upgrade()) {
        return Ok(copy);
    }
    let unusable = |error: std::io::Error| {
        std::io::Error::new(error.kind(), format!("a copy of it is read, and the temporary folder cannot be used: {error}"))
    };
    let folder = tempfile::Builder::new().prefix("paralint-").tempdir().map_err(unusable)?;
    for _ in 0..TRIES {
        let before = writing(store)?;
        for ending in ["", "-wal"] {
            let mut from = File::open(beside(store, ending))?;
            let mut to = File::create(beside(&folder.path().join(COPY), ending)).map_err(unusable)?;
            std::io::copy(&mut from, &mut to)?;
        }
        if writing(store)? == before {
            let copy = Arc::new(folder);
            copies.push((store.to_owned(), Arc::downgrade(&copy)));
            return Ok(copy);
        }
    }
    Err(std::io::Error::new(std::io::ErrorKind::WouldBlock, "another program writes to it all the time"))
}

/// What changes where a copy of a store and its WAL would not fit together: the store itself, or the head of a WAL that begins
/// anew. What is only added to the WAL fits.
fn writing(store: &Path) -> std::io::Result<(u64, std::time::SystemTime, Vec<u8>)> {
    let data = std::fs::metadata(store)?;
    let mut head = Vec::new();
    File::open(beside(store, "-wal"))?.take(32).read_to_end(&mut head)?;
    Ok((data.len(), data.modified()?, head))
}
