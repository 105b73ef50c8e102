//! What would have to be written into a policy so that a path comes to another boundary.

use super::ownership::Look;
use super::{Compiled, List};
use crate::model::path::RepoPath;
use rustc_hash::FxHashSet;

/// Where the patterns that give paths begin, to tell folders in which no boundary has anything of its own.
#[derive(Debug)]
pub struct Beginnings {
    /// Literal beginnings, with `/` at the end, sorted.
    all: Vec<String>,
    /// Those of globs, which may match anything below.
    globs: FxHashSet<String>,
}

/// A place that a boundary could be given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Proposal {
    /// The pattern, without `!`.
    pub pattern: String,
    /// The path that it names, without `/` at its end.
    plain: String,
}

/// A change of one list of one boundary.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    /// The boundary, by index.
    pub boundary: usize,
    /// The key of the list.
    pub key: &'static str,
    /// The item is taken out, else it is added.
    pub is_taken_out: bool,
    /// The item.
    pub item: String,
}

impl Beginnings {
    /// Those of a policy.
    pub fn new(policy: &Compiled) -> Beginnings {
        let gives = |list: List| matches!(list, List::Paths | List::Create);
        let given = || policy.entries().iter().filter(|entry| gives(entry.list) && !entry.pattern.negated);
        let slashed = |prefix: String| if prefix.is_empty() { prefix } else { prefix + "/" };
        let mut all: Vec<String> = given().map(|entry| slashed(entry.pattern.prefix())).collect();
        all.sort();
        let globs = given().filter(|entry| entry.pattern.literal().is_none()).map(|entry| slashed(entry.pattern.prefix()));
        Beginnings { all, globs: globs.collect() }
    }

    /// The folder of a path, where no boundary has anything in it that it has not as a whole; else the path itself.
    pub fn proposal(&self, path: &RepoPath) -> Proposal {
        let (shown, bytes) = (path.shown(), path.as_bytes());
        let folder = bytes.iter().rposition(|byte| *byte == b'/').map(|end| &bytes[..end]).and_then(|one| std::str::from_utf8(one).ok());
        match folder.filter(|folder| self.is_free(&format!("{folder}/"))) {
            Some(folder) => Proposal { pattern: format!("/{}/", escaped(folder.as_bytes())), plain: folder.to_owned() },
            None => Proposal { pattern: format!("/{}", escaped(bytes)), plain: shown.into_owned() },
        }
    }

    fn is_free(&self, folder: &str) -> bool {
        let start = self.all.partition_point(|one| one.as_str() < folder);
        let begins = self.all.get(start).is_some_and(|one| one.starts_with(folder));
        let mut above = folder.match_indices('/').map(|(end, _)| &folder[..=end]).chain([""]);
        !begins && !above.any(|one| self.globs.contains(one))
    }
}

/// A path as a pattern names it: what means something in a pattern has a `\` before it. Bytes that no text can hold become
/// a `*`.
pub fn escaped(path: &[u8]) -> String {
    let mut pattern = String::with_capacity(path.len());
    for chunk in path.utf8_chunks() {
        for letter in chunk.valid().chars() {
            if matches!(letter, '\\' | '*' | '?' | '[' | '{' | '}') {
                pattern.push('\\');
            }
            pattern.push(letter);
        }
        if !chunk.invalid().is_empty() {
            pattern.push('*');
        }
    }
    pattern
}

impl Compiled {
    /// The key by which a boundary lists the paths that its agents may change.
    pub fn paths_key(&self, boundary: usize) -> &'static str {
        self.policy.boundaries.get(boundary).and_then(|one| one.paths_key).unwrap_or("paths")
    }

    /// What is to be written so that a path becomes a boundary's, and nobody else's, sorted.
    pub fn steps(&self, path: &RepoPath, creates: bool, own: usize, proposal: &Proposal) -> Vec<Step> {
        let look = self.look(path);
        let mut steps = self.own_steps(path, own, proposal);
        let owners: Vec<usize> = look.owners(creates).iter().map(|one| one.index).collect();
        for other in look.claimants(creates).iter().filter(|one| one.index != own) {
            let is_owner = owners.contains(&other.index);
            if is_owner || other.boundary.shared().is_none() {
                steps.extend(self.other_steps(&look, path, other.index, List::Paths, proposal));
            }
            if is_owner && creates {
                steps.extend(self.other_steps(&look, path, other.index, List::Create, proposal));
            }
        }
        steps.sort();
        steps.dedup();
        steps
    }

    fn own_steps(&self, path: &RepoPath, own: usize, proposal: &Proposal) -> Vec<Step> {
        let key = self.paths_key(own);
        let (negated, given): (Vec<_>, Vec<_>) = self.matching(path, own, List::Paths).partition(|(_, negated, _)| *negated);
        let taken_out = |(item, _, _): (&str, bool, bool)| Step { boundary: own, key, is_taken_out: true, item: item.to_owned() };
        let mut steps: Vec<Step> = negated.into_iter().map(taken_out).collect();
        if given.is_empty() {
            steps.push(Step { boundary: own, key, is_taken_out: false, item: proposal.pattern.clone() });
        }
        steps
    }

    fn other_steps(&self, look: &Look<'_>, path: &RepoPath, other: usize, list: List, proposal: &Proposal) -> Vec<Step> {
        if !look.holds(other, list) {
            return Vec::new();
        }
        let key = if list == List::Create { "can_create" } else { self.paths_key(other) };
        let step = |is_taken_out: bool, item: String| Step { boundary: other, key, is_taken_out, item };
        let giving: Vec<(&str, bool)> = self
            .matching(path, other, list)
            .filter(|(_, negated, _)| !negated)
            .map(|(item, _, is_plain)| (item, is_plain && self.is_plain(item, proposal)))
            .collect();
        let mut steps: Vec<Step> = giving.iter().filter(|(_, is_it)| *is_it).map(|(item, _)| step(true, (*item).to_owned())).collect();
        // Anything broader, or the name of another boundary, stays: the place is taken out of it.
        if giving.is_empty() || giving.iter().any(|(_, is_it)| !is_it) {
            steps.push(step(false, format!("!{}", proposal.pattern)));
        }
        steps
    }

    /// The items of a list that match a path: as written, whether they take it out, whether they are plain paths.
    fn matching(&self, path: &RepoPath, boundary: usize, list: List) -> impl Iterator<Item = (&str, bool, bool)> {
        let matching = self.matcher.matching(path.as_bytes()).into_iter().filter_map(|number| self.entries.get(number as usize));
        let of_list = matching.filter(move |entry| entry.boundary == boundary && entry.list == list);
        of_list.map(move |entry| {
            let item = self.item(boundary, list, entry.item).value.as_str();
            (item, entry.pattern.negated, entry.pattern.literal().is_some())
        })
    }

    /// An item names just the place that is proposed.
    fn is_plain(&self, item: &str, proposal: &Proposal) -> bool {
        let patterns = super::Pattern::parse(item).unwrap_or_default();
        matches!(patterns.as_slice(), [one] if one.literal().as_deref() == Some(proposal.plain.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Pattern;
    use crate::policy::tests::{boundary, compiled};

    #[test]
    fn a_proposal_is_the_folder_where_it_is_free_and_else_the_file() {
        let policy = compiled(vec![boundary("a", &[(List::Paths, &["/src/a/", "/x/*.rs"])]), boundary("b", &[(List::Create, &["/c/d"])])]);
        let of = |path: &str| Beginnings::new(&policy).proposal(&RepoPath::from(path)).pattern;
        assert_eq!(of("src/z.rs"), "/src/z.rs");
        assert_eq!(of("src/a/z.rs"), "/src/a/z.rs");
        assert_eq!(of("src/a/deep/z.rs"), "/src/a/deep/");
        assert_eq!(of("docs/z.md"), "/docs/");
        assert_eq!((of("z.md"), of("c/z"), of("x/y/z")), ("/z.md".to_owned(), "/c/z".to_owned(), "/x/y/z".to_owned()));
    }

    #[test]
    fn what_means_something_in_patterns_is_escaped() {
        for name in ["[x].txt", "a{b,c}", "*", "**", "?", "a\\", "\\[", "!a", "plain", "{working_directory}"] {
            let pattern = format!("/d/{}", escaped(name.as_bytes()));
            let read = Pattern::parse(&pattern).unwrap();
            assert_eq!(read.len(), 1, "{pattern}");
            assert_eq!(read[0].literal(), Some(format!("d/{name}")), "{pattern}");
        }
        assert_eq!(escaped(b"a\xff\xfe.rs"), "a**.rs");
    }
}
