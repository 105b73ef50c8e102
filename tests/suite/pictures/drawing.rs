//! A terminal window as SVG, from what a program wrote to a terminal.
//!
//! Every run of characters stands at its column and is as wide as its columns, whatever font draws it. Blocks and lines are
//! drawn, since fonts leave gaps between them.

use std::fmt::Write;

/// Columns of the terminal.
const COLUMNS: usize = 80;
/// One character, in pixels.
const WIDTH: f64 = 8.4;
const HEIGHT: f64 = 18.0;
/// Around the text, and the bar above it.
const MARGIN: f64 = 18.0;
const BAR: f64 = 34.0;

/// The colours of a window.
pub(crate) struct Scheme {
    pub(crate) name: &'static str,
    window: &'static str,
    bar: &'static str,
    border: &'static str,
    text: &'static str,
    dim: &'static str,
    /// Of the codes 31 to 36.
    colours: [&'static str; 6],
}

pub(crate) const SCHEMES: [Scheme; 2] = [
    Scheme {
        name: "light",
        window: "#ffffff",
        bar: "#f6f8fa",
        border: "#d0d7de",
        text: "#1f2328",
        dim: "#656d76",
        colours: ["#cf222e", "#116329", "#9a6700", "#0550ae", "#8250df", "#1b7c83"],
    },
    Scheme {
        name: "dark",
        window: "#0d1117",
        bar: "#161b22",
        border: "#3d444d",
        text: "#e6edf3",
        dim: "#9198a1",
        colours: ["#ff7b72", "#7ee787", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd"],
    },
];

/// How characters look.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Style {
    bold: bool,
    dim: bool,
    colour: Option<usize>,
}

impl Style {
    fn take(&mut self, code: &str) {
        match code {
            "" | "0" => *self = Style::default(),
            "1" => self.bold = true,
            "2" => self.dim = true,
            "22" => (self.bold, self.dim) = (false, false),
            "39" => self.colour = None,
            "31" | "32" | "33" | "34" | "35" | "36" => self.colour = Some(usize::from(code.as_bytes()[1] - b'1')),
            other => panic!("the drawing knows no code {other}"),
        }
    }

    fn fill<'s>(&self, scheme: &Scheme) -> &'s str {
        match self.colour {
            Some(colour) => scheme.colours[colour],
            None if self.dim => scheme.dim,
            None => scheme.text,
        }
    }
}

/// Characters with their styles, in lines.
fn cells(captured: &str) -> Vec<Vec<(char, Style)>> {
    let (mut lines, mut style) = (vec![Vec::new()], Style::default());
    let mut rest = captured.trim_end_matches(['\r', '\n']).chars();
    while let Some(character) = rest.next() {
        match character {
            '\x1b' => {
                assert_eq!(rest.next(), Some('['), "a sequence that is no style");
                let codes: String = rest.by_ref().take_while(|character| *character != 'm').collect();
                codes.split(';').for_each(|code| style.take(code));
            }
            '\n' => lines.push(Vec::new()),
            '\r' => {}
            plain => {
                assert!(!plain.is_control(), "{plain:?} in what was captured");
                lines.last_mut().unwrap().push((plain, style));
            }
        }
    }
    lines
}

/// The picture of a window in which a command was given and printed this.
pub(crate) fn window(command: &str, captured: &str, scheme: &Scheme) -> String {
    let lines = cells(&format!("\x1b[2m$\x1b[0m {command}\n{captured}"));
    let width = 2.0 * MARGIN + COLUMNS as f64 * WIDTH;
    let height = BAR + 2.0 * MARGIN + lines.len() as f64 * HEIGHT;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n"
    );
    let _ = writeln!(svg, "<title>{}</title>", escaped(command));
    svg.push_str("<style>text { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace; font-size: 14px; white-space: pre }</style>\n");
    let _ = writeln!(
        svg,
        "<rect x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\" rx=\"9\" fill=\"{}\" stroke=\"{}\"/>",
        width - 1.0,
        height - 1.0,
        scheme.window,
        scheme.border
    );
    let bar = format!("M0.5 {BAR}V9.5a9 9 0 0 1 9-9H{}a9 9 0 0 1 9 9V{BAR}Z", width - 9.5);
    let _ = writeln!(svg, "<path d=\"{bar}\" fill=\"{}\" stroke=\"{}\"/>", scheme.bar, scheme.border);
    for (index, colour) in ["#ff5f57", "#febc2e", "#28c840"].iter().enumerate() {
        let _ = writeln!(svg, "<circle cx=\"{}\" cy=\"17\" r=\"6\" fill=\"{colour}\"/>", 20 + 20 * index);
    }
    for (row, line) in lines.iter().enumerate() {
        assert!(line.len() <= COLUMNS, "a line is cut: {}", line.iter().map(|(character, _)| character).collect::<String>());
        draw(line, BAR + MARGIN + row as f64 * HEIGHT, scheme, &mut svg);
    }
    svg + "</svg>\n"
}

/// Draws one line whose upper edge is at `top`: runs of one style, parted at two spaces and at what is drawn.
fn draw(line: &[(char, Style)], top: f64, scheme: &Scheme, svg: &mut String) {
    let mut at = 0;
    while at < line.len() {
        let (character, style) = line[at];
        let drawn = is_drawn(character);
        let mut end = at + 1;
        while end < line.len() && line[end].1 == style && is_drawn(line[end].0) == drawn && (!drawn || line[end].0 == character) {
            if !drawn && line[end].0 == ' ' && line.get(end + 1).is_none_or(|next| next.0 == ' ') {
                break;
            }
            end += 1;
        }
        if drawn {
            shape(character, at, end - at, top, style.fill(scheme), svg);
        } else {
            text(line, at, end, top, scheme, svg);
        }
        at = end;
    }
}

fn is_drawn(character: char) -> bool {
    matches!(character, '█' | '─' | '┊' | '▼')
}

fn text(line: &[(char, Style)], start: usize, end: usize, top: f64, scheme: &Scheme, svg: &mut String) {
    let is_space = |index: &usize| line[*index].0 == ' ';
    let start = start + (start..end).take_while(is_space).count();
    let end = end - (start..end).rev().take_while(is_space).count();
    if start == end {
        return;
    }
    let style = line[start].1;
    let words: String = line[start..end].iter().map(|(character, _)| character).collect();
    let weight = if style.bold { " font-weight=\"bold\"" } else { "" };
    let (x, y, length) = (pixels(start), top + 13.5, (end - start) as f64 * WIDTH);
    let _ = writeln!(
        svg,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" textLength=\"{length:.1}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{}\"{weight}>{}</text>",
        style.fill(scheme),
        escaped(&words)
    );
}

fn pixels(column: usize) -> f64 {
    MARGIN + column as f64 * WIDTH
}

/// A run of one character that is drawn.
fn shape(character: char, start: usize, count: usize, top: f64, fill: &str, svg: &mut String) {
    let (x, width) = (pixels(start), count as f64 * WIDTH);
    let (middle, centre) = (top + HEIGHT / 2.0, x + WIDTH / 2.0);
    let _ = match character {
        '█' => writeln!(svg, "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"14\" fill=\"{fill}\"/>", top + 2.0),
        '─' => writeln!(svg, "<path d=\"M{x:.1} {middle:.1}h{width:.1}\" stroke=\"{fill}\"/>"),
        '┊' => writeln!(svg, "<path d=\"M{centre:.1} {top:.1}v{HEIGHT:.1}\" stroke=\"{fill}\" stroke-dasharray=\"3 3\"/>"),
        _ => writeln!(svg, "<path d=\"M{x:.1} {:.1}h{WIDTH}l-{:.1} 8Z\" fill=\"{fill}\"/>", middle - 4.0, WIDTH / 2.0),
    };
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
