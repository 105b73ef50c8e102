//! A store of OpenCode: the file of its database, of which one value at a time is changed.
//!
//! Bytes changed anywhere would only try SQLite, which says that the file is malformed and is done; one change in eight does.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

fuzz_target!(|bytes: &[u8]| paralint_fuzz::audit_bytes("opencode", "db", bytes));

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let changed = if seed.is_multiple_of(8) { None } else { paralint_fuzz::mutated_store(&data[..size], seed) };
    match changed {
        None => fuzzer_mutate(data, size, max_size),
        Some(changed) if changed.len() <= max_size => {
            data[..changed.len()].copy_from_slice(&changed);
            changed.len()
        }
        Some(_) => size,
    }
});
