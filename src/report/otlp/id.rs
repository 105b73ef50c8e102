//! Ids of traces and spans: the same for the same session, run after run.

use rustc_hash::FxHashMap;
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

/// The ids that were given out.
#[derive(Default)]
pub(super) struct Traces {
    /// How often each name came already.
    seen: FxHashMap<String, u64>,
}

/// A trace: its own id, and what those of its spans begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Trace {
    pub(super) id: Id<16>,
    base: u64,
}

/// Bytes as hexadecimal digits; never all zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Id<const LENGTH: usize>([u8; LENGTH]);

impl Traces {
    /// The trace of a session's id, or of what else tells it from others; another one where the same comes again.
    pub(super) fn of(&mut self, name: &str) -> Trace {
        let times = self.seen.entry(name.to_owned()).or_default();
        let mut hash = Sha256::new();
        hash.update(b"paralint\0");
        hash.update(times.to_be_bytes());
        hash.update(name.as_bytes());
        *times += 1;
        let digest = hash.finalize();
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        // A zero id means none; so unlikely that nobody ever sees this bit set by it.
        id[15] |= u8::from(id == [0; 16]);
        let mut base = [0; 8];
        base.copy_from_slice(&digest[16..24]);
        Trace { id: Id(id), base: u64::from_be_bytes(base) }
    }
}

impl Trace {
    /// The span of a number. Spans of different numbers have different ids, and none is zero.
    pub(super) fn span(self, number: usize) -> Id<8> {
        // The upper half tells traces apart and has at least one bit, the lower half is the number.
        let upper = (self.base & 0xffff_ffff_0000_0000) | 1 << 63;
        let lower = number as u64 & 0xffff_ffff;
        Id((upper | lower).to_be_bytes())
    }
}

impl<const LENGTH: usize> Serialize for Id<LENGTH> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0_u8; 32];
        for (place, byte) in self.0.iter().enumerate().take(16) {
            text[2 * place] = DIGITS[usize::from(byte >> 4)];
            text[2 * place + 1] = DIGITS[usize::from(byte & 15)];
        }
        serializer.serialize_str(str::from_utf8(&text[..2 * LENGTH.min(16)]).unwrap_or_default())
    }
}
