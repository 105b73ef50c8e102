//! The events of a session of Copilot CLI.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| paralint_fuzz::audit_bytes("copilot", "jsonl", bytes));
