//! A pasted console, an export, a history or a chat transcript.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| paralint_fuzz::audit_bytes("text", "md", bytes));
