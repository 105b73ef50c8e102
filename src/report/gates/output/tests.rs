use super::{LONGEST, Show, last_line, lines};
use crate::report::text::{command_at, visible};
use proptest::prelude::*;

const PLAIN: Show = Show { unicode: true, colour: false };
const ASCII: Show = Show { unicode: false, colour: false };
const COLOUR: Show = Show { unicode: true, colour: true };

fn plain(text: &str) -> Vec<String> {
    lines(text.as_bytes(), PLAIN)
}

#[test]
fn lines_are_what_they_were() {
    assert_eq!(plain("one\ntwo\r\n\n  three"), ["one", "two", "", "  three"]);
    assert_eq!(plain(""), [""; 0]);
    assert_eq!(plain("a\tb\n漢\tc"), ["a       b", "漢      c"]);
    assert_eq!(lines(b"caf\xe9 \xff", PLAIN), ["caf\u{fffd} \u{fffd}"]);
    assert_eq!(lines("✓ café".as_bytes(), ASCII), ["[ok] caf\\u{e9}"]);
}

#[test]
fn colours_stay_where_they_can_be_shown() {
    let painted = "\u{1b}[1;31merror\u{1b}[0m: x\n\u{1b}[38;5;9ma\nb\u{1b}[m c\n\u{1b}[38:2::1:2:3;48;2;4;5;6mrgb";
    assert_eq!(plain(painted), ["error: x", "a", "b c", "rgb"]);
    let expected = [
        "\u{1b}[1;31merror\u{1b}[0m: x",
        "\u{1b}[38;5;9ma\u{1b}[0m",
        "\u{1b}[38;5;9mb\u{1b}[0m c",
        "\u{1b}[38;2;1;2;3;48;2;4;5;6mrgb\u{1b}[0m",
    ];
    assert_eq!(lines(painted.as_bytes(), COLOUR), expected);
    // Hidden and blinking text is neither.
    assert_eq!(lines(b"\x1b[5;8mx\x1b[97;4:3my\x1b[24;39mz", COLOUR), ["x\u{1b}[4;97my\u{1b}[0mz"]);
}

#[test]
fn what_else_acts_on_a_terminal_is_gone() {
    assert_eq!(
        plain("a\u{1b}[2J\u{1b}[10;10Hb\u{1b}]0;title\u{7}c\u{1b}]8;;http://x\u{1b}\\link\u{1b}]8;;\u{1b}\\\u{1b}Pq#0\u{1b}\\d\u{1b}c"),
        ["abclinkd"]
    );
    assert_eq!(plain("\u{7}\u{9b}2J\u{202e}"), ["\\u{7}\\u{9b}2J\\u{202e}"]);
    // What never ends does not swallow the next line.
    assert_eq!(plain("a\u{1b}]0;title\nb\u{1b}[\nc\u{1b}P\nd"), ["a", "b", "c", "d"]);
}

#[test]
fn of_a_line_that_was_written_over_the_last_state_counts() {
    assert_eq!(plain("10%\r20%\r\u{1b}[Kdone\r\n"), ["done"]);
    assert_eq!(plain("10%\r\u{1b}[K\nx"), ["", "x"]);
    assert_eq!(plain("10%\r\nx"), ["10%", "x"]);
    assert_eq!(plain("10%\u{1b}[2K\u{1b}[1Gnew"), ["new"]);
    assert_eq!(plain("|\u{8}/\u{8}-\u{8}ok"), ["ok"]);
    assert_eq!(plain("ab\u{8}"), ["ab"]);
    assert_eq!(plain("\u{8}\u{8}x"), ["x"]);
    // Its colours hold on.
    assert_eq!(lines(b"\x1b[32m1\r2", COLOUR), ["\u{1b}[32m2\u{1b}[0m"]);
}

#[test]
fn nuls_take_little_room() {
    assert_eq!(lines(&[b'x', 0, 0, 0, 0, b'y', 0], PLAIN), ["x\\u{0}×4y\\u{0}"]);
    assert_eq!(lines(&[0, 0, 0, 1], ASCII), ["\\u{0}*3\\u{1}"]);
    assert_eq!(lines(&vec![0; 1_000_000], PLAIN), ["\\u{0}×1000000"]);
}

#[test]
fn a_long_line_says_how_much_is_missing() {
    let cut = &plain(&"x".repeat(LONGEST + 5_000))[0];
    assert_eq!(*cut, format!("{}… (5000 more characters)", "x".repeat(LONGEST)));
    assert_eq!(plain(&"x".repeat(LONGEST))[0].len(), LONGEST);
    assert!(lines(&"é".repeat(LONGEST + 1).into_bytes(), ASCII)[0].ends_with("... (1 more character)"));
    // All that could be made quadratic, at a size at which it would not end.
    for unit in ["\t", "x\r", "x\u{8}", "\u{1b}[31mx\u{1b}[32my", "\0\u{1}", "\u{1b}]", "e\u{301}\u{301}"] {
        let many = unit.repeat(2_000_000 / unit.len());
        assert_eq!(plain(&many).len(), 1, "{unit:?}");
    }
}

#[test]
fn a_runner_obeys_no_line() {
    assert_eq!(
        plain("::error::x\n  ::group::\na ##[error]b\n\u{a0}::x\n\u{1b}[31m::y\n#\u{1b}[1m#[z"),
        ["\\u{3a}:error::x", "  \\u{3a}:group::", "a ##\\u{5b}error]b", "\u{a0}\\u{3a}:x", "\\u{3a}:y", "##\\u{5b}z",]
    );
    assert_eq!(lines(b"\x1b[31m:\x1b[32m:error::", COLOUR), ["\\u{3a}:error::"]);
    assert_eq!(plain("x\r::error::y"), ["\\u{3a}:error::y"]);
}

#[test]
fn the_last_line_is_the_last_that_shows_something() {
    assert_eq!(last_line(b"one\ntwo\n \n", true), "two");
    assert_eq!(last_line(b"\x1b[32m Compiling\x1b[0m x\r", true), "Compiling x");
    assert_eq!(last_line(b"", true), "");
}

/// The text without the one kind of sequence that may be in it.
fn without_colours(line: &str) -> Option<String> {
    let mut bare = String::new();
    let mut rest = line;
    let mut open = false;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        bare += before;
        let (codes, after) = after.split_once('m')?;
        codes.chars().all(|letter| letter.is_ascii_digit() || letter == ';').then_some(())?;
        open = codes != "0";
        rest = after;
    }
    (!open).then(|| bare + rest)
}

fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let known: Vec<&[u8]> = vec![
        b"::error::",
        b"::",
        b":",
        b"##[group]",
        b"##",
        b"[",
        b"\x1b[31m",
        b"\x1b[0m",
        b"\x1b[38;5;",
        b"\x1b[",
        b"\x1b]0;",
        b"\x1bP",
        b"\x1b\\",
        b"\x07",
        b"\x1b[K",
        b"\x1b[2K",
        b"\x1b[G",
        b"\x9b2J",
        b"\xc2\x9b2J",
        b"\r",
        b"\n",
        b"\r\n",
        b"\t",
        b"\0\0",
        b"\x08",
        b"\xe2\x80\xae",
        b"\xc2\xad",
        b"\xcc\x81",
        b"\xc2\xa0",
        b"\xe6\xbc\xa2",
        b" ",
        b"m",
        b"\xff",
        b"\xc3",
    ];
    let piece = prop_oneof![
        4 => prop::sample::select(known).prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 0..6),
        1 => any::<char>().prop_map(|letter| letter.to_string().into_bytes()),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn nothing_active_survives(bytes in hostile(), unicode: bool) {
        let shown = lines(&bytes, Show { unicode, colour: false });
        let painted = lines(&bytes, Show { unicode, colour: true });
        prop_assert_eq!(shown.len(), painted.len());
        for (line, painted) in shown.iter().zip(&painted) {
            prop_assert!(!line.chars().any(char::is_control), "{line:?}");
            prop_assert!(unicode || line.is_ascii());
            prop_assert_eq!(&*visible(line), line.as_str());
            prop_assert!(command_at(line).is_none(), "{line:?}");
            prop_assert_eq!(line.trim_end(), line);
            prop_assert_eq!(without_colours(painted), Some(line.clone()), "{:?}", painted);
        }
    }

    #[test]
    fn plain_text_stays_as_it_is(text in "([a-zA-Z0-9 .,;()é漢-]{0,20}\n){0,6}") {
        let expected: Vec<&str> = text.lines().map(|line| line.trim_end_matches(' ')).collect();
        prop_assert_eq!(plain(&text), expected);
    }
}
