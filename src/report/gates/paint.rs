//! Colours in a gate's output: what a terminal would have on at a place, told again in one way only.

use std::fmt::Write as _;

/// Colours and styles. Blinking and hidden text are not among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Paint {
    foreground: Option<Colour>,
    background: Option<Colour>,
    bold: bool,
    faint: bool,
    italic: bool,
    underlined: bool,
    inverse: bool,
    struck: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Colour {
    /// One of the sixteen that a terminal names.
    Named(u8),
    /// One of the 256 of its table.
    Indexed(u8),
    Direct(u8, u8, u8),
}

impl Paint {
    /// What ends every painted piece.
    pub(super) const RESET: &str = "\u{1b}[0m";

    /// Obeys one sequence of `Select Graphic Rendition`; what it does not know changes nothing.
    pub(super) fn obey<'p>(&mut self, parameters: impl Iterator<Item = &'p [u16]>) {
        let parameters: Vec<&[u16]> = parameters.collect();
        if parameters.is_empty() {
            *self = Paint::default();
        }
        let mut rest = parameters.as_slice();
        while let Some((first, behind)) = rest.split_first() {
            rest = behind;
            match first.first().copied().unwrap_or(0) {
                code @ (38 | 48) => {
                    let (colour, taken) = if first.len() > 1 { (extended(&first[1..]), 0) } else { extended_flat(rest) };
                    rest = &rest[taken..];
                    if colour.is_some() {
                        *(if code == 38 { &mut self.foreground } else { &mut self.background }) = colour;
                    }
                }
                4 => self.underlined = first.get(1) != Some(&0),
                code => self.obey_simple(code),
            }
        }
    }

    fn obey_simple(&mut self, code: u16) {
        match code {
            0 => *self = Paint::default(),
            1 => self.bold = true,
            2 => self.faint = true,
            3 => self.italic = true,
            7 => self.inverse = true,
            9 => self.struck = true,
            22 => (self.bold, self.faint) = (false, false),
            23 => self.italic = false,
            24 => self.underlined = false,
            27 => self.inverse = false,
            29 => self.struck = false,
            30..=37 => self.foreground = Some(Colour::Named((code - 30) as u8)),
            39 => self.foreground = None,
            40..=47 => self.background = Some(Colour::Named((code - 40) as u8)),
            49 => self.background = None,
            90..=97 => self.foreground = Some(Colour::Named((code - 90 + 8) as u8)),
            100..=107 => self.background = Some(Colour::Named((code - 100 + 8) as u8)),
            _ => {}
        }
    }

    /// The piece in this paint, with a reset behind it; as it is where there is nothing to paint.
    pub(super) fn on(self, piece: &str, out: &mut String) {
        if self == Paint::default() || piece.is_empty() {
            out.push_str(piece);
            return;
        }
        let styles = [(self.bold, 1), (self.faint, 2), (self.italic, 3), (self.underlined, 4), (self.inverse, 7), (self.struck, 9)];
        let mut codes: Vec<String> = styles.iter().filter(|(is_on, _)| *is_on).map(|(_, code)| code.to_string()).collect();
        codes.extend(self.foreground.map(|colour| code(colour, 30)));
        codes.extend(self.background.map(|colour| code(colour, 40)));
        // Writing to a string cannot fail.
        let _ = write!(out, "\u{1b}[{}m{piece}{}", codes.join(";"), Paint::RESET);
    }
}

fn code(colour: Colour, base: u8) -> String {
    match colour {
        Colour::Named(number @ 0..8) => (base + number).to_string(),
        Colour::Named(number) => (base + 60 + number - 8).to_string(),
        Colour::Indexed(number) => format!("{};5;{number}", base + 8),
        Colour::Direct(red, green, blue) => format!("{};2;{red};{green};{blue}", base + 8),
    }
}

/// The colour behind `38` in the form with colons, which may hold the number of a colour space.
fn extended(parts: &[u16]) -> Option<Colour> {
    match parts {
        [5, number, ..] => Some(Colour::Indexed(u8::try_from(*number).ok()?)),
        [2, red, green, blue] | [2, _, red, green, blue, ..] => direct([*red, *green, *blue]),
        _ => None,
    }
}

/// The same in the form with semicolons, and how many parameters it took.
fn extended_flat(rest: &[&[u16]]) -> (Option<Colour>, usize) {
    let at = |index: usize| rest.get(index).and_then(|part| part.first()).copied();
    match (at(0), at(1), at(2), at(3)) {
        (Some(5), Some(number), ..) => (u8::try_from(number).ok().map(Colour::Indexed), 2),
        (Some(2), Some(red), Some(green), Some(blue)) => (direct([red, green, blue]), 4),
        // Cut short: nothing behind it can be told apart any more.
        _ => (None, rest.len()),
    }
}

fn direct(parts: [u16; 3]) -> Option<Colour> {
    let [red, green, blue] = parts.map(u8::try_from);
    Some(Colour::Direct(red.ok()?, green.ok()?, blue.ok()?))
}
