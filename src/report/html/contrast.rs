//! Texts and pictures are legible in both colour schemes: contrasts after WCAG 2.2, level AA.

use std::collections::BTreeMap;

const STYLE: &str = include_str!("style.css");
const TEXTS: [&str; 7] = ["--ink", "--faint", "--accent", "--error", "--warning", "--note", "--ok"];
/// Edges and lines that carry meaning; what fills a bar has an edge.
const LINES: [&str; 4] = ["--lane-edge", "--main", "--claim-line", "--focus"];
const FILLS: [&str; 3] = ["--lane", "--lane-unsure", "--line"];

/// The colours of the two blocks of the style, light and dark.
fn schemes() -> [BTreeMap<&'static str, [u8; 3]>; 2] {
    let (light, rest) = STYLE.split_once("@media screen and (prefers-color-scheme: dark)").unwrap();
    let (dark, _) = rest.split_once("\n}\n").unwrap();
    [light, dark].map(|block| block.lines().filter_map(colour).collect())
}

fn colour(line: &'static str) -> Option<(&'static str, [u8; 3])> {
    let (name, value) = line.trim().strip_suffix(';')?.split_once(": #")?;
    let part = |at: usize| u8::from_str_radix(&value[at..at + 2], 16).unwrap();
    Some((name, [part(0), part(2), part(4)]))
}

fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn contrast_is_computed_as_the_guideline_does() {
    assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
    assert!((contrast([0x77; 3], [255; 3]) - 4.48).abs() < 0.01);
}

#[test]
fn everything_is_legible_in_both_schemes() {
    for (scheme, name) in schemes().iter().zip(["light", "dark"]) {
        for ground in ["--paper", "--card"] {
            for text in TEXTS {
                let contrast = contrast(scheme[text], scheme[ground]);
                assert!(contrast >= 4.5, "{name}: {text} on {ground} has {contrast:.2}");
            }
            for line in LINES {
                let contrast = contrast(scheme[line], scheme[ground]);
                assert!(contrast >= 3.0, "{name}: {line} on {ground} has {contrast:.2}");
            }
        }
        // A label inside of a bar stays legible, too.
        for fill in ["--lane", "--lane-unsure"] {
            let contrast = contrast(scheme["--ink"], scheme[fill]);
            assert!(contrast >= 4.5, "{name}: --ink on {fill} has {contrast:.2}");
        }
        assert!(FILLS.iter().all(|fill| scheme.contains_key(fill)), "{name}");
    }
}

#[test]
fn both_schemes_name_the_same_colours() {
    let [light, dark] = schemes();
    assert_eq!(light.keys().collect::<Vec<_>>(), dark.keys().collect::<Vec<_>>());
}
