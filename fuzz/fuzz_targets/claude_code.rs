//! A transcript of Claude Code.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| paralint_fuzz::audit_bytes("claude-code", "jsonl", bytes));
