//! An export of OpenCode.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| paralint_fuzz::audit_bytes("opencode", "json", bytes));
