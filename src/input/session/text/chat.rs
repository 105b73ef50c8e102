//! Chat transcripts: names at the beginning of lines, calls in brackets.

use super::builder::Builder;
use super::{Dialect, Line};

/// The dialect's entry in the registry.
pub(super) const DIALECT: Dialect = Dialect { name: "chat", evidence, read };

fn evidence(_lines: &[Line<'_>]) -> u32 {
    0
}

fn read(_lines: &[Line<'_>], _out: &mut Builder) {}
