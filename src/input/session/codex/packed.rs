//! Rollouts as they lie on the disk: plain, or packed with Zstandard.
//!
//! Codex packs rollouts that were not used for long, as one frame (openai/codex, codex-rs/rollout/src/compression.rs, mid-2026).

use ruzstd::decoding::{FrameDecoder, StreamingDecoder};
use std::fs::File;
use std::io::{BufReader, Error, ErrorKind, Read};
use std::path::Path;

/// The largest window of a packed rollout: what every reader of Zstandard has to hold, and the most that its usual levels use.
const LARGEST_WINDOW: u64 = 8 << 20;

/// The longest line that is unpacked. A small file may hold one of any length, and a line is held in memory.
const LONGEST_LINE: usize = 256 << 20;

/// Whether a file is a packed rollout, by its name.
pub(super) fn is_packed(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("rollout-") && name.to_string_lossy().ends_with(".jsonl.zst"))
}

/// Opens a rollout, packed or not, to read its lines.
///
/// Errors: the file cannot be read, or its first bytes are not those of a packed file that can be unpacked in little memory.
pub(super) fn open(path: &Path) -> std::io::Result<Box<dyn Read>> {
    let file = File::open(path)?;
    if !is_packed(path) {
        return Ok(Box::new(file));
    }
    Ok(Box::new(Unpacked::new(BufReader::new(file), LONGEST_LINE)?))
}

struct Unpacked<R: Read> {
    decoder: StreamingDecoder<R, FrameDecoder>,
    longest_line: usize,
    /// The length of the line so far.
    line: usize,
}

impl<R: Read> Unpacked<R> {
    fn new(source: R, longest_line: usize) -> std::io::Result<Unpacked<R>> {
        let decoder = StreamingDecoder::new_with_max_window_size(source, LARGEST_WINDOW).map_err(broken)?;
        Ok(Unpacked { decoder, longest_line, line: 0 })
    }
}

fn broken(why: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::InvalidData, format!("it cannot be unpacked (Zstandard): {why}"))
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let got = self.decoder.read(buffer).map_err(broken)?;
        self.line = match memchr::memrchr(b'\n', &buffer[..got]) {
            Some(end) => got - end - 1,
            None => self.line + got,
        };
        if self.line > self.longest_line {
            return Err(broken(format!("a line of it is longer than {} MB", self.longest_line >> 20)));
        }
        Ok(got)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A frame without compression: a window of 1 kB, one block of one byte that is repeated.
    fn frame(window: u8, byte: u8, count: u32) -> Vec<u8> {
        let mut bytes = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, window];
        bytes.extend(&(count << 3 | 0b011).to_le_bytes()[..3]);
        bytes.push(byte);
        bytes
    }

    fn unpack(bytes: &[u8], longest_line: usize) -> std::io::Result<Vec<u8>> {
        let mut all = Vec::new();
        Unpacked::new(bytes, longest_line)?.read_to_end(&mut all)?;
        Ok(all)
    }

    #[test]
    fn a_line_and_a_window_have_an_end_and_a_file_has_none() {
        assert_eq!(unpack(&frame(0, b'x', 900), 900).unwrap(), [b'x'; 900]);
        assert_eq!(unpack(&frame(0, b'\n', 900), 10).unwrap().len(), 900);
        assert!(unpack(&frame(0, b'x', 900), 899).unwrap_err().to_string().contains("longer than"));
        // 2 to the 10 + 14 bytes.
        assert!(unpack(&frame(14 << 3, b'x', 900), 900).unwrap_err().to_string().contains("cannot be unpacked"));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, window in 0u8..90) {
            let _ = unpack(&bytes, 1 << 20);
            let mut begun = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, window];
            begun.extend(bytes);
            let _ = unpack(&begun, 1 << 20);
        }
    }
}
