//! Gates: what runs (`plan`), in which order (`schedule`), how (`run`), on what (`checkout`), and what is kept of it
//! (`receipts`). `plan`, `command`, `schedule` and `summary` are pure; the others start processes and write under the git directory.

pub mod checkout;
pub mod clean;
pub mod command;
pub mod definition;
mod folders;
pub mod outputs;
pub mod plan;
pub mod receipts;
pub mod run;
pub mod schedule;
pub mod summary;
