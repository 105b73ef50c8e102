//! The `paralint` binary: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(paralint::cli::run(std::env::args_os()))
}
