//! A store of OpenCode: its rows as lines of text, or the file of a database as it is.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use paralint_fuzz::{audit_bytes, audit_file, path_of, store};

fuzz_target!(|bytes: &[u8]| {
    if store::is_store(bytes) {
        return audit_bytes("opencode", "db", bytes);
    }
    let path = path_of("db");
    // What SQLite does not let in cannot be in a store either.
    if store::write(&path, bytes).is_ok() {
        audit_file("opencode", &path);
    }
});

// The seeds are exports: the first change of one makes rows of it.
fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, _seed: u32| {
    match store::rows(&data[..size]) {
        Some(rows) if rows.len() <= max_size => {
            data[..rows.len()].copy_from_slice(&rows);
            rows.len()
        }
        _ => fuzzer_mutate(data, size, max_size),
    }
});
