#![allow(clippy::disallowed_methods)]
use super::{Capture, Room, shorten, stem};
use crate::model::gate::Captured;
use proptest::prelude::*;

const SMALL: Room = Room { head: 8, tail: 8 };

fn captured(chunks: &[&[u8]]) -> Captured {
    let mut capture = Capture::new("lint", None, SMALL);
    chunks.iter().for_each(|chunk| capture.push(chunk));
    capture.finish().0
}

fn last_line(chunks: &[&[u8]]) -> Vec<u8> {
    let mut capture = Capture::new("lint", None, SMALL);
    chunks.iter().for_each(|chunk| capture.push(chunk));
    capture.last_line().to_vec()
}

#[test]
fn a_short_output_is_kept_whole() {
    let output = captured(&[b"ab", b"cd"]);
    assert_eq!((output.head, output.tail, output.omitted), (b"abcd".to_vec(), Vec::new(), 0));
    let output = captured(&[b"0123456789abcdef"]);
    assert_eq!((&output.head[..], &output.tail[..], output.omitted), (&b"01234567"[..], &b"89abcdef"[..], 0));
    assert_eq!(output.file_error, None, "nothing was due");
}

#[test]
fn a_long_output_keeps_both_ends_and_says_why_there_is_no_file() {
    let output = captured(&[b"0123456789", b"abcdefghijklmnopqrstuvwxyz"]);
    assert_eq!((&output.head[..], &output.tail[..], output.omitted), (&b"01234567"[..], &b"stuvwxyz"[..], 20));
    assert!(output.file_error.is_some());
}

#[test]
fn all_of_a_long_output_is_in_a_file_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let outputs = folder.path().join("not/there/yet");
    for _ in 0..2 {
        let mut capture = Capture::new("lint: a/b", Some(&outputs), SMALL);
        [&b"0123456789"[..], b"ab", b"cdefghi", b"\0\xff\n"].iter().for_each(|chunk| capture.push(chunk));
        let (output, file) = capture.finish();
        assert_eq!(std::fs::read(file.unwrap()).unwrap(), b"0123456789abcdefghi\0\xff\n");
        assert_eq!(output.total(), 22);
    }
    let mut names: Vec<_> = std::fs::read_dir(&outputs).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["lint__a_b-2.log", "lint__a_b.log"]);
}

#[test]
fn a_folder_that_cannot_be_written_is_no_end() {
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().join("file");
    std::fs::write(&taken, "").unwrap();
    let mut capture = Capture::new("lint", Some(&taken), SMALL);
    capture.push(&[b'x'; 100]);
    capture.push(b"end");
    let (output, file) = capture.finish();
    assert_eq!((file, output.total(), &output.tail[..]), (None, 103, &b"xxxxxend"[..]));
    assert!(output.file_error.unwrap().contains("failed to write"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_takes_the_half_written_file_away() {
    let folder = tempfile::tempdir().unwrap();
    let mut capture = Capture::new("lint", Some(folder.path()), SMALL);
    capture.push(&[b'x'; 100]);
    let path = folder.path().join("lint.log");
    assert!(path.exists());
    // The device that is always full stands for the disk.
    capture.file = super::Whole::File(std::fs::File::options().write(true).open("/dev/full").unwrap(), path.clone());
    capture.push(b"more");
    assert!(!path.exists());
    assert!(capture.finish().0.file_error.unwrap().contains("failed to write"));
}

#[test]
fn names_of_files_are_plain() {
    assert_eq!(stem("../../etc/passwd"), "_.._etc_passwd");
    assert_eq!(stem("-rf\u{202e}\n"), "rf__");
    assert_eq!(stem("..."), "gate");
    assert_eq!(stem(&"x".repeat(500)).len(), 80);
}

#[test]
fn the_last_line_is_the_last_that_says_something() {
    assert_eq!(last_line(&[b"one\ntwo\n\n  \n"]), b"two");
    assert_eq!(last_line(&[b"one\n", b"tw", b"o"]), b"two");
    assert_eq!(last_line(&[b"on", b"e\n"]), b"one");
    assert_eq!(last_line(&[b"\r10%", b"\r20%", b"\r"]), b"20%");
    assert_eq!(last_line(&[b"one\n\n", b"\n \r\n"]), b"one");
    assert_eq!(last_line(&[b""]), b"");
    assert_eq!(last_line(&[&[b'x'; 100_000], b"\n"]), [b'x'; 300]);
}

proptest! {
    #[test]
    fn how_an_output_is_cut_into_reads_changes_nothing(text in "[ab \r\n]{0,60}", cuts in prop::collection::vec(0usize..60, 0..6)) {
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(text.len())).chain([0, text.len()]).collect();
        cuts.sort_unstable();
        let chunks: Vec<&[u8]> = cuts.windows(2).map(|pair| &text.as_bytes()[pair[0]..pair[1]]).collect();
        prop_assert_eq!(last_line(&chunks), last_line(&[text.as_bytes()]));
        let output = captured(&chunks);
        prop_assert_eq!(output.total(), text.len() as u64);
        prop_assert_eq!(&output.head[..], &text.as_bytes()[..text.len().min(8)]);
        prop_assert!(text.as_bytes().ends_with(&output.tail));
        let said = text.split(['\r', '\n']).rfind(|line| !line.trim().is_empty()).unwrap_or_default();
        prop_assert_eq!(last_line(&chunks), said.as_bytes());
    }

    #[test]
    fn what_is_shortened_keeps_its_ends_and_its_count(printed in prop::collection::vec(any::<u8>(), 0..80), keep in 1usize..12) {
        let mut output = captured(&[&printed]);
        let whole = output.clone();
        shorten(&mut output, keep);
        prop_assert_eq!(output.total(), whole.total());
        prop_assert!(printed.starts_with(&output.head));
        prop_assert!(printed.ends_with(&output.tail));
        prop_assert!(output.head.len() + output.tail.len() <= (2 * keep).max(whole.head.len().min(2 * keep)));
    }
}
