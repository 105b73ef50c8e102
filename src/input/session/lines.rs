//! Lines of a file that may be gigantic, grow, or be cut while it is read.

use memchr::memchr;
use std::io::Read;
use std::ops::ControlFlow;

/// How much is read at once: large enough to make system calls rare, small enough to stay in the cache.
const CHUNK: usize = 256 * 1024;

/// How much is read to learn what a file is.
const GLANCE: usize = 8 * 1024;

/// Calls `line` with each line's number (from 1) and bytes, without its end. Memory holds one chunk or, where that is
/// longer, one line. `line` may break off.
pub(super) fn each_line(source: impl Read, line: impl FnMut(u64, &[u8]) -> ControlFlow<()>) -> std::io::Result<()> {
    in_chunks(source, CHUNK, line)
}

/// The same for a look at the first lines: it reads no more than it must.
pub(super) fn first_lines(source: impl Read, line: impl FnMut(u64, &[u8]) -> ControlFlow<()>) -> std::io::Result<()> {
    in_chunks(source, GLANCE, line)
}

fn in_chunks(mut source: impl Read, chunk: usize, mut line: impl FnMut(u64, &[u8]) -> ControlFlow<()>) -> std::io::Result<()> {
    let mut buffer = vec![0; chunk];
    let (mut begin, mut end, mut number) = (0, 0, 0u64);
    // Bytes from `begin` on that are known to hold no line end: a line longer than a chunk is searched only once.
    let mut searched = 0;
    loop {
        while let Some(found) = memchr(b'\n', &buffer[begin + searched..end]) {
            let stop = begin + searched + found;
            number += 1;
            if line(number, &buffer[begin..stop]).is_break() {
                return Ok(());
            }
            begin = stop + 1;
            searched = 0;
        }
        searched = end - begin;
        if begin > 0 {
            buffer.copy_within(begin..end, 0);
            (begin, end) = (0, searched);
        }
        if end == buffer.len() {
            buffer.resize(buffer.len() * 2, 0);
        }
        // Never more than a chunk at once: after one very long line the buffer is large, and filling all of it would
        // push every byte out of the cache before it is looked at.
        let room = buffer.len().min(end + chunk);
        let got = match source.read(&mut buffer[end..room]) {
            Ok(got) => got,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if got == 0 {
            if end > 0 {
                let _ = line(number + 1, &buffer[..end]);
            }
            return Ok(());
        }
        end += got;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Hands out a few bytes at a time, as a slow disk or a pipe does.
    struct Drip<'a>(&'a [u8], usize);

    impl Read for Drip<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let count = self.1.min(self.0.len()).min(buffer.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn lines(source: impl Read) -> Vec<(u64, Vec<u8>)> {
        let mut all = Vec::new();
        each_line(source, |number, bytes| {
            all.push((number, bytes.to_vec()));
            ControlFlow::Continue(())
        })
        .unwrap();
        all
    }

    proptest! {
        #[test]
        fn lines_are_those_of_a_split(parts in prop::collection::vec("[a-z]{0,9}", 1..40), drip in 1usize..50) {
            let text = parts.join("\n");
            let mut wanted: Vec<&str> = text.split('\n').collect();
            if wanted.last() == Some(&"") { wanted.pop(); }
            let got = lines(Drip(text.as_bytes(), drip));
            prop_assert_eq!(got.iter().map(|(_, bytes)| std::str::from_utf8(bytes).unwrap()).collect::<Vec<_>>(), wanted);
            prop_assert!(got.iter().enumerate().all(|(index, (number, _))| *number == index as u64 + 1));
        }
    }

    #[test]
    fn a_line_longer_than_a_chunk_is_whole() {
        let long = "x".repeat(3 * CHUNK + 17);
        let got = lines(format!("a\n{long}\nb").as_bytes());
        assert_eq!(got.iter().map(|(_, bytes)| bytes.len()).collect::<Vec<_>>(), [1, long.len(), 1]);
    }
}
