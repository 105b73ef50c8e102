//! Large outputs: written in large pieces, and rendered side by side where their parts do not depend on each other.

use rayon::prelude::*;
use std::io::{Result, Write};

/// Written to the output when so many bytes are there.
const FULL: usize = 1 << 16;

/// So many parts for each core are rendered before they are written: enough to keep all of them at work, few enough for the memory.
const PARTS: usize = 4;

/// A buffer before an output. A report is written in millions of calls; those that only fill the buffer are inlined.
pub(super) struct Pieces<'o> {
    out: &'o mut dyn Write,
    buffer: Vec<u8>,
}

impl<'o> Pieces<'o> {
    pub(super) fn new(out: &'o mut dyn Write) -> Pieces<'o> {
        Pieces { out, buffer: Vec::with_capacity(FULL + FULL / 4) }
    }

    /// Writes what is left in the buffer.
    pub(super) fn finish(mut self) -> Result<()> {
        self.empty()
    }

    #[cold]
    fn empty(&mut self) -> Result<()> {
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
}

impl Write for Pieces<'_> {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> Result<()> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= FULL { self.empty() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        self.empty()?;
        self.out.flush()
    }
}

/// Renders each of `all` on its own, several at once, and hands the parts over in their order.
pub(super) fn side_by_side<T: Sync>(
    all: &[T],
    render: impl Fn(&T, &mut Vec<u8>) -> Result<()> + Sync,
    mut take: impl FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    for some in all.chunks(PARTS * rayon::current_num_threads()) {
        let parts: Vec<Result<Vec<u8>>> = some
            .par_iter()
            .with_max_len(1)
            .map(|one| {
                let mut part = Vec::new();
                render(one, &mut part).map(|()| part)
            })
            .collect();
        for part in parts {
            take(&part?)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{FULL, Pieces, side_by_side};
    use std::io::{Error, Write};

    #[test]
    fn nothing_is_lost_between_pieces() {
        let text: String = (0..FULL).map(|number| number.to_string()).collect();
        let mut out = Vec::new();
        let mut pieces = Pieces::new(&mut out);
        for part in text.as_bytes().chunks(7) {
            pieces.write_all(part).unwrap();
        }
        pieces.finish().unwrap();
        assert_eq!(out, text.as_bytes());
    }

    #[test]
    fn parts_keep_their_order_and_an_error_is_told() {
        let numbers: Vec<usize> = (0..1000).collect();
        let mut out = Vec::new();
        let render = |number: &usize, part: &mut Vec<u8>| write!(part, "{number} ");
        side_by_side(&numbers, render, |part| out.write_all(part)).unwrap();
        let expected: String = numbers.iter().map(|number| format!("{number} ")).collect();
        assert_eq!(String::from_utf8(out).unwrap(), expected);
        let broken = |number: &usize, _: &mut Vec<u8>| if *number == 999 { Err(Error::other("full")) } else { Ok(()) };
        assert!(side_by_side(&numbers, broken, |_| Ok(())).is_err());
    }
}
