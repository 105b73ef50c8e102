//! Lines of CODEOWNERS as patterns of ours. There the last line that matches wins; here all that later lines give to others is
//! taken out of an area by `!`, so that each path, whether it is there yet or not, is in the area of its last line alone.

use super::codeowners::{Line, Owners};
use crate::policy::patterns::Pattern;
use crate::policy::proposal::escaped;

/// What becomes one area.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) owners: Owners,
    pub(super) paths: Vec<String>,
}

/// More patterns than this nobody reads.
const MOST_PATHS: usize = 300;

/// A line, translated.
struct Translated<'l> {
    line: &'l Line,
    pattern: Pattern,
    text: String,
    /// The folders (and the file) that it begins with, as far as they are no globs; nothing where it matches at any depth.
    beginning: Vec<String>,
    /// `docs/*`: the files right in a folder, and none below. Ours reaches below, so that has to be taken out of it.
    below: Option<String>,
}

/// The areas, in the order of their first lines. Lines that match no file only take away, since a pattern that matches nothing
/// is found by a rule. `None` where a line has no counterpart, or it takes too many patterns.
pub(super) fn translate(lines: &[Line], alive: &[bool]) -> Option<Vec<Group>> {
    let lines: Vec<Translated<'_>> = lines.iter().map(translated).collect::<Option<_>>()?;
    let is_repeated = |index: usize| lines[index + 1..].iter().any(|later| later.text == lines[index].text);
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for index in 0..lines.len() {
        if !is_told(&lines, index) {
            return None;
        }
        if lines[index].line.owners.is_empty() || !alive.get(index).copied().unwrap_or(false) || is_repeated(index) {
            continue;
        }
        match groups.iter_mut().rev().find(|group| joins(&lines, group, index)) {
            Some(group) => group.push(index),
            None => groups.push(vec![index]),
        }
    }
    let groups: Vec<Group> = groups.iter().map(|group| written(&lines, group)).collect();
    (groups.iter().map(|group| group.paths.len()).sum::<usize>() <= MOST_PATHS).then_some(groups)
}

/// What is taken out for a line is exactly what it names. Of the files of one folder that cannot be said: there the line has to
/// win by being more specific.
fn is_told(lines: &[Translated<'_>], index: usize) -> bool {
    let line = &lines[index];
    let earlier = lines[..index].iter().filter(|earlier| may_meet(earlier, line) && !earlier.line.owners.is_empty());
    let mut earlier = earlier.filter(|earlier| earlier.line.owners != line.line.owners || line.below.is_some());
    line.below.is_none()
        || earlier.all(|earlier| !line.line.owners.is_empty() && earlier.pattern.specificity() < line.pattern.specificity())
}

/// A line may be written into a group: it has the same owners, and nothing that is taken out of the group lies in it.
fn joins(lines: &[Translated<'_>], group: &[usize], index: usize) -> bool {
    let line = &lines[index];
    let first = group[0];
    let is_flat = |index: usize| lines[index].below.is_some();
    let between = (first + 1..index).filter(|other| !group.contains(other));
    lines[first].line.owners == line.line.owners
        && !is_flat(index)
        && !is_flat(first)
        && between.into_iter().all(|other| !may_meet(&lines[other], line))
}

fn written(lines: &[Translated<'_>], group: &[usize]) -> Group {
    let own = group.iter().map(|index| lines[*index].text.clone());
    let is_later = |other: &usize| {
        !group.contains(other)
            && lines[*other].below.is_none()
            && group.iter().any(|own| own < other && may_meet(&lines[*own], &lines[*other]))
    };
    let below = group.iter().filter_map(|index| lines[*index].below.as_ref()).map(|below| format!("!{below}"));
    let later: Vec<&Translated<'_>> = (0..lines.len()).filter(is_later).map(|other| &lines[other]).collect();
    // What lies in a folder that is taken out need not be taken out once more.
    let is_inside = |line: &&&Translated<'_>| {
        let outer = |other: &&Translated<'_>| other.pattern.literal().is_some() && other.text.ends_with('/') && other.text != line.text;
        later.iter().any(|other| outer(other) && line.text.starts_with(&other.text))
    };
    let later = later.iter().filter(|line| !is_inside(line)).map(|line| format!("!{}", line.text));
    let mut paths: Vec<String> = Vec::new();
    for path in own.chain(below).chain(later) {
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    Group { owners: lines[group[0]].line.owners.clone(), paths }
}

/// Some path may match both, for all that their beginnings tell.
fn may_meet(one: &Translated<'_>, other: &Translated<'_>) -> bool {
    one.beginning.iter().zip(&other.beginning).all(|(one, other)| one == other)
}

fn translated(line: &Line) -> Option<Translated<'_>> {
    let is_folder = line.pattern.ends_with('/');
    let body = line.pattern.trim_end_matches('/');
    let is_rooted = body.contains('/');
    let parts: Vec<&str> = body.split('/').filter(|part| !part.is_empty()).collect();
    // Ours has no word for the current folder; and whatever lies in any folder is not told well enough.
    let is_any_folder = is_folder && !parts.is_empty() && parts.iter().all(|part| part.chars().all(|letter| letter == '*'));
    if is_any_folder || parts.iter().any(|part| matches!(*part, "." | "..")) {
        return None;
    }
    let translated_parts: Vec<String> = parts.iter().map(|part| if *part == "**" { "**".to_owned() } else { glob(part) }).collect();
    let is_everything = !is_folder && matches!(parts.as_slice(), [] | ["*" | "**"]) || parts.is_empty();
    let is_flat = is_rooted && parts.len() > 1 && parts.last() == Some(&"*") && !is_folder;
    // Behind `**` a row of `*` takes a path of any depth, as ours does; of anything else ours cannot say that it lies right in it.
    let behind = parts.iter().rposition(|part| *part == "**").map(|at| &parts[at + 1..]);
    let is_deep = behind.is_some_and(|behind| behind.iter().all(|part| *part == "*"));
    if is_flat && behind.is_some() && !is_deep {
        return None;
    }
    let is_flat = is_flat && !is_deep;
    let joined = translated_parts.join("/");
    let text = match () {
        () if is_everything => "/".to_owned(),
        () if !is_rooted && joined.contains('*') && !is_folder => joined.clone(),
        () if is_rooted => format!("/{joined}{}", if is_folder { "/" } else { "" }),
        // A bare word could be an area's name, and then mean that area.
        () => format!("**/{joined}{}", if is_folder { "/" } else { "" }),
    };
    let mut patterns = Pattern::parse(&text).ok()?;
    let (pattern, None) = (patterns.pop()?, patterns.pop()) else { return None };
    if pattern.negated {
        return None;
    }
    let prefix = pattern.prefix();
    let beginning = prefix.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let below = is_flat.then(|| format!("/{joined}/"));
    Some(Translated { line, pattern, text, beginning, below })
}

/// A part of a pattern: `*` and `?` mean the same, all else is itself.
fn glob(part: &str) -> String {
    let mut text = String::new();
    let mut letters = part.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '*' if text.ends_with('*') && !text.ends_with("\\*") => {}
            '*' | '?' => text.push(letter),
            '\\' => text.push_str(&escaped(letters.next().unwrap_or('\\').encode_utf8(&mut [0; 4]).as_bytes())),
            _ => text.push_str(&escaped(letter.encode_utf8(&mut [0; 4]).as_bytes())),
        }
    }
    text
}
