//! A rollout of Codex CLI.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| paralint_fuzz::audit_bytes("codex", "jsonl", bytes));
