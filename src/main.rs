//! The `paralint` binary: arguments in, exit code out.

use std::process::ExitCode;

/// musl's own allocator has one lock for all threads, and asks the kernel for each larger piece.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(paralint::cli::run(std::env::args_os()))
}
