//! CODEOWNERS: whose a path is. The last line that matches wins; there is no `!`, and no `[a-z]`.
//!
//! Lines are translated into patterns of ours that mean the same (`translate`), so that files yet to be made get the right
//! owner, too. Where that cannot be done every folder and file is asked for its owners, and the fewest plain paths that say
//! the same are written (`cover`).

use super::areas::Area;
use super::names::plain;
use super::survey::Survey;
use super::{cover, translate};
use regex::bytes::{RegexBuilder, RegexSet, RegexSetBuilder};

/// Owners that stand on one line, in its order; empty for nobody.
pub(super) type Owners = Vec<String>;

/// More lines than this are not read.
const MOST_LINES: usize = 3_000;
/// All patterns of a section together.
const LARGEST_SET: usize = 1 << 26;
/// A pattern's regular expression may take so many bytes.
const LARGEST: usize = 1 << 18;

/// The lines of the file.
#[derive(Debug)]
pub(super) struct CodeOwners {
    /// By section, of which GitHub's files have one. The owners of all sections count.
    sections: Vec<Section>,
    /// Lines that are no patterns, by number and text.
    unread: Vec<String>,
}

/// Patterns, and the owners of each.
#[derive(Debug, Default)]
struct Section {
    patterns: RegexSet,
    lines: Vec<Line>,
}

/// A pattern, and the owners that stand behind it.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// As written.
    pub(super) pattern: String,
    /// Its owners; empty for nobody.
    pub(super) owners: Owners,
}

/// So many lines are named of those that could not be read, or match nothing.
const NAMED: usize = 3;

/// The areas; and what is to be said about them.
pub(super) fn areas(text: &str, survey: &Survey) -> (Vec<Area>, Vec<String>) {
    let codeowners = CodeOwners::read(text);
    let mut notes = Vec::new();
    if !codeowners.unread.is_empty() {
        notes.push(format!("no patterns, and left out: {}", some(&codeowners.unread)));
    }
    if let Some((areas, idle)) = translated(&codeowners, survey) {
        if !idle.is_empty() {
            notes.push(format!("left out, as no file matches yet, so that what is made there is nobody's: {}", some(&idle)));
        }
        return (areas, notes);
    }
    let Some(parts) = cover::cover(survey, |path| codeowners.owners(path)) else {
        notes.push(
            "it tells owners by files rather than by folders, which would be too many paths; the areas are folders instead".to_owned(),
        );
        return (Vec::new(), notes);
    };
    notes.push("its patterns have no counterpart, so the paths are those of today: a new file may come to another owner".to_owned());
    if parts.left_out > 0 {
        notes.push(format!("{} paths were left out, whose names are no text", parts.left_out));
    }
    (parts.parts.into_iter().map(|part| area(&part.owners, part.paths)).collect(), notes)
}

/// The areas by translated lines, and the lines that match no file; `None` where ours would decide otherwise.
fn translated(codeowners: &CodeOwners, survey: &Survey) -> Option<(Vec<Area>, Vec<String>)> {
    let mut sections = codeowners.sections.iter().filter(|section| !section.lines.is_empty());
    let (section, None) = (sections.next()?, sections.next()) else { return None };
    let mut alive = vec![false; section.lines.len()];
    survey.files.iter().for_each(|file| section.patterns.matches(file.as_bytes()).iter().for_each(|index| alive[index] = true));
    let groups = translate::translate(&section.lines, &alive)?;
    let areas: Vec<Area> = groups.into_iter().map(|group| area(&group.owners, group.paths)).collect();
    let areas = super::sound::sound(areas, survey);
    let idle = section.lines.iter().zip(alive).filter(|(line, is_alive)| !is_alive && !line.owners.is_empty());
    let idle = idle.map(|(line, _)| format!("{} {}", line.pattern, line.owners.join(" "))).collect();
    super::sound::is_owned(&areas, survey, |path| codeowners.owners(path).join(" ")).then_some((areas, idle))
}

fn area(owners: &Owners, paths: Vec<String>) -> Area {
    let names: Vec<String> = owners.iter().map(|owner| short(owner)).collect();
    let verb = if owners.len() == 1 { "owns" } else { "own" };
    Area {
        name: plain(&names.join("-")),
        owner: Some(owners.join(" ")),
        paths,
        description: format!("What {} {verb} by CODEOWNERS", owners.join(" and ")),
        ..Area::default()
    }
}

/// The first of them, and how many more there are.
fn some(all: &[String]) -> String {
    let first: Vec<String> = all.iter().take(NAMED).map(|one| format!("`{one}`")).collect();
    let more = all.len() - first.len();
    first.join(", ") + &if more > 0 { format!(" and {more} more") } else { String::new() }
}

/// `@org/team` is `team`, `@ada` is `ada`, `ada@example.org` is `ada`.
fn short(owner: &str) -> String {
    let name = owner.trim_start_matches('@');
    let name = name.rsplit('/').next().unwrap_or(name);
    name.split('@').next().unwrap_or(name).to_owned()
}

impl CodeOwners {
    pub(super) fn read(text: &str) -> CodeOwners {
        let mut sections: Vec<Vec<(String, Line)>> = vec![Vec::new()];
        let (mut default, mut unread): (Owners, Vec<String>) = (Vec::new(), Vec::new());
        for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate().take(MOST_LINES) {
            let mut words = words(line).into_iter();
            let Some(first) = words.next() else { continue };
            if let Some(owners) = section(line) {
                default = owners;
                sections.push(Vec::new());
                continue;
            }
            let rest: Owners = words.collect();
            // An exclusion of GitLab, and what GitHub does not read.
            match regex(&first).filter(|_| !first.starts_with('!')) {
                Some(regex) => {
                    let owners = if rest.is_empty() { default.clone() } else { rest };
                    let line = Line { pattern: first, owners };
                    sections.last_mut().into_iter().for_each(|section| section.push((regex.clone(), line.clone())));
                }
                None => unread.push(format!("{}: {first}", number + 1)),
            }
        }
        let mut read = CodeOwners { sections: Vec::new(), unread };
        for lines in sections {
            let (patterns, lines): (Vec<String>, Vec<Line>) = lines.into_iter().unzip();
            match RegexSetBuilder::new(&patterns).unicode(false).dot_matches_new_line(true).size_limit(LARGEST_SET).build() {
                Ok(patterns) => read.sections.push(Section { patterns, lines }),
                Err(_) => read.unread.extend(lines.into_iter().map(|line| line.pattern)),
            }
        }
        read
    }

    /// Whose a path is.
    pub(super) fn owners(&self, path: &[u8]) -> Owners {
        let mut all: Owners = Vec::new();
        for section in &self.sections {
            let last = section.patterns.matches(path).iter().next_back().and_then(|index| section.lines.get(index));
            for owner in last.map_or(&[][..], |line| line.owners.as_slice()) {
                if !all.contains(owner) {
                    all.push(owner.clone());
                }
            }
        }
        all
    }
}

/// The heading of one of GitLab's sections, `[Name]`, `^[Name][2] @default`: its default owners.
fn section(line: &str) -> Option<Owners> {
    let line = line.trim();
    let heading = line.strip_prefix('^').unwrap_or(line);
    if !heading.starts_with('[') {
        return None;
    }
    let (_, rest) = heading.rsplit_once(']')?;
    Some(rest.split_whitespace().map(str::to_owned).filter(|owner| is_owner(owner)).collect())
}

fn is_owner(word: &str) -> bool {
    word.contains('@') && !word.chars().any(super::quote::is_hidden)
}

/// The pattern, and the owners behind it, up to a comment. A blank of the pattern has a `\` before it.
fn words(line: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut letters = line.trim().chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => {
                word.push('\\');
                word.extend(letters.next());
            }
            '#' if word.is_empty() => break,
            _ if letter.is_whitespace() => words.extend((!word.is_empty()).then(|| std::mem::take(&mut word))),
            _ => word.push(letter),
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    let mut words = words.into_iter();
    let pattern = words.next();
    pattern.into_iter().chain(words.filter(|word| is_owner(word))).collect()
}

/// The regular expression of a pattern, on the bytes of a whole path.
fn regex(pattern: &str) -> Option<String> {
    let is_folder = pattern.ends_with('/');
    let body = pattern.trim_end_matches('/');
    let is_rooted = body.contains('/');
    let body = body.trim_start_matches('/');
    if pattern.is_empty() || (body.is_empty() && pattern != "/") {
        return None;
    }
    let mut text = String::from(if is_rooted || body.is_empty() { "^" } else { "^(?:.*/)?" });
    let parts: Vec<&str> = body.split('/').filter(|part| !part.is_empty()).collect();
    for (index, part) in parts.iter().enumerate() {
        let is_last = index + 1 == parts.len();
        match (*part, is_last) {
            ("**", false) => text.push_str("(?:.*/)?"),
            ("**", true) => text.push_str(".*"),
            _ => {
                text.push_str(&glob(part));
                text.push_str(if is_last { "" } else { "/" });
            }
        }
    }
    // `docs/*` are the files of the folder, and none below.
    let is_flat = is_rooted && parts.len() > 1 && parts.last() == Some(&"*") && !is_folder;
    text.push_str(match (is_folder, is_flat) {
        (true, _) => {
            if body.is_empty() {
                ""
            } else {
                "/"
            }
        }
        (false, true) => "$",
        (false, false) => "(?:/|$)",
    });
    let is_sound = RegexBuilder::new(&text).unicode(false).size_limit(LARGEST).build().is_ok();
    is_sound.then_some(text)
}

fn glob(part: &str) -> String {
    let mut text = String::new();
    let mut letters = part.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '*' => text.push_str("[^/]*"),
            '?' => text.push_str("[^/]"),
            '\\' => push_literal(&mut text, letters.next().unwrap_or('\\')),
            _ => push_literal(&mut text, letter),
        }
    }
    text
}

fn push_literal(text: &mut String, letter: char) {
    for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
        text.push_str(&format!("(?-u:\\x{byte:02X})"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(text: &str, path: &str) -> String {
        CodeOwners::read(text).owners(path.as_bytes()).join(" ")
    }

    #[test]
    fn patterns_mean_what_they_mean_on_github() {
        for (pattern, hit, miss) in [
            ("*", &["a", "a/b"][..], &[][..]),
            ("*.js", &["a.js", "b/a.js"], &["a.jsx", "js"]),
            ("/build/logs/", &["build/logs/a", "build/logs/b/c"], &["x/build/logs/a", "build/logs"]),
            ("docs/*", &["docs/a.md"], &["docs/b/a.md", "x/docs/a.md"]),
            ("apps/", &["apps/a", "x/apps/a/b"], &["apps", "apps2/a"]),
            ("/docs/", &["docs/a"], &["x/docs/a"]),
            ("/scripts", &["scripts", "scripts/a"], &["x/scripts"]),
            ("**/logs", &["logs/a", "build/logs/a", "deeply/nested/logs"], &["xlogs/a"]),
            ("/apps/**/x", &["apps/x", "apps/a/b/x", "apps/a/x/y"], &["x", "apps/ax"]),
            ("/apps/**", &["apps/a", "apps/a/b"], &["apps2/a"]),
            ("foo", &["foo", "a/foo", "foo/a"], &["food"]),
            ("a\\ b", &["a b"], &["a"]),
            ("/a[b]c", &["a[b]c"], &["abc"]),
            ("/ü?", &["üx"], &["ü/"]),
        ] {
            let text = format!("{pattern} @x");
            hit.iter().for_each(|path| assert_eq!(owner(&text, path), "@x", "{pattern} {path}"));
            miss.iter().for_each(|path| assert_eq!(owner(&text, path), "", "{pattern} {path}"));
        }
    }

    #[test]
    fn the_last_line_wins_and_may_name_nobody() {
        let text = "* @core # all\n\n# comment\n/docs/ @docs ada@example.org\n/docs/free/\n!/docs/x @no\n";
        assert_eq!(owner(text, "src/a"), "@core");
        assert_eq!(owner(text, "docs/a"), "@docs ada@example.org");
        assert_eq!(owner(text, "docs/free/a"), "");
        assert_eq!(owner(text, "docs/x"), "@docs ada@example.org");
        assert_eq!(CodeOwners::read(text).unread, ["6: !/docs/x"]);
    }

    #[test]
    fn sections_of_gitlab_add_up() {
        let text = "* @all\n[Docs] @writers\n*.md\n^[Data base][2]\n/db/ @dba\n";
        assert_eq!(owner(text, "a.rs"), "@all");
        assert_eq!(owner(text, "db/a.md"), "@all @writers @dba");
    }
}
