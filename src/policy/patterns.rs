//! One pattern of a policy: what it names, and how specific it is.
//!
//! A leading `/` means the repository root, a trailing `/` a folder, `!` takes paths out of the same list. A plain path
//! names the file or the folder and everything below. Otherwise globs as in gitignore: without a `/` inside, a pattern
//! matches at any depth; `*` and `?` stop at `/`, `**` does not; what matches a folder matches everything below.
//! Beyond gitignore, `{a,b}` stands for either.

mod braces;
mod glob;

#[cfg(test)]
mod tests;

/// Longer than any path that a file system takes.
const LONGEST: usize = 4096;

/// A pattern, normalised.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pattern {
    components: Vec<Component>,
    /// It matches at any depth; it has exactly one component then.
    floating: bool,
    /// It names folders only.
    folder: bool,
    /// It takes paths out of its list.
    pub negated: bool,
}

/// What stands between two `/`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Component {
    /// Exactly this name.
    Literal(String),
    /// A glob: the regular expression that it stands for, and as written.
    Glob(String, String),
    /// `**`: any number of folders.
    Any,
}

/// How much a pattern says about where a path is; the greater one decides. A longer literal beginning beats a shorter one,
/// so that a file beats its folder; of equal beginnings a plain path beats a glob, and a glob beats "everything".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Specificity {
    prefix: usize,
    rank: Rank,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Rank {
    Everything,
    Glob,
    Literal,
}

/// Why a pattern cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PatternError {
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub hint: Option<String>,
}

fn wrong(message: impl Into<String>, hint: impl Into<String>) -> PatternError {
    PatternError { message: message.into(), hint: Some(hint.into()) }
}

impl Pattern {
    /// Reads a pattern; more than one where it holds `{a,b}`. Fails where it is empty, climbs out of the repository, or is
    /// no glob.
    pub fn parse(text: &str) -> Result<Vec<Pattern>, PatternError> {
        if text.len() > LONGEST {
            return Err(wrong(format!("this pattern is longer than {LONGEST} bytes"), "no path is that long"));
        }
        let (negated, rest) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
        if rest.trim().is_empty() {
            return Err(wrong("this pattern is empty", "name a path, such as `/src/`, or leave it out"));
        }
        let rest = rest.strip_prefix("{working_directory}").map_or(rest, |below| if below.is_empty() { "/" } else { below });
        let mut patterns = braces::expand(rest)?.iter().map(|one| Pattern::one(one, negated)).collect::<Result<Vec<_>, _>>()?;
        patterns.sort();
        patterns.dedup();
        Ok(patterns)
    }

    /// Reads a word that is a path from the root whether it begins with `/` or not: a dependency, a lock.
    pub fn parse_rooted(text: &str) -> Result<Vec<Pattern>, PatternError> {
        let plain = text.starts_with('/') || text.starts_with('!') || text.contains(['*', '?', '[', '{']);
        if plain || text.trim().is_empty() { Pattern::parse(text) } else { Pattern::parse(&format!("/{text}")) }
    }

    fn one(text: &str, negated: bool) -> Result<Pattern, PatternError> {
        if text.ends_with('\\') && !text.ends_with("\\\\") {
            return Err(wrong(format!("`{text}` ends in a lone `\\`"), "write `/` between folders, and `\\\\` for a backslash"));
        }
        let folder = text.ends_with('/');
        let rooted = text.trim_end_matches('/').contains('/') || text.starts_with("./") || text == "." || text.starts_with('/');
        let mut components: Vec<Component> = Vec::new();
        for part in text.split('/') {
            match part {
                "" | "." => {}
                ".." => climb(&mut components, text)?,
                "**" if components.last() == Some(&Component::Any) => {}
                "**" => components.push(Component::Any),
                _ => components.push(glob::component(part).map_err(|why| glob_error(text, &why))?),
            }
        }
        Ok(Pattern { components, floating: !rooted, folder, negated }.simplified())
    }

    /// The same in fewer words: `x/**/*` and `x/**` name what `x/` names, `**/x` what `x` names, `*` everything.
    fn simplified(mut self) -> Pattern {
        let is_star = |component: Option<&Component>| matches!(component, Some(Component::Glob(_, text)) if text == "*");
        let before_last = self.components.iter().rev().nth(1);
        if !self.folder && is_star(self.components.last()) && before_last == Some(&Component::Any) {
            self.components.pop();
        }
        if self.components.last() == Some(&Component::Any) && !self.folder {
            let (_, before) = self.components.split_last().unwrap_or((&Component::Any, &[]));
            if before.iter().all(|component| matches!(component, Component::Literal(_))) {
                self.components.pop();
                (self.floating, self.folder) = (false, true);
            }
        }
        if self.components.len() == 1 && is_star(self.components.first()) && self.floating && !self.folder {
            self.components.clear();
        }
        if self.components.len() == 2 && self.components.first() == Some(&Component::Any) {
            self.components.remove(0);
            self.floating = true;
        }
        if self.components.is_empty() {
            (self.floating, self.folder) = (false, true);
        }
        self
    }

    /// The path that it names, where it is a plain path from the root: without `/` at either end.
    pub fn literal(&self) -> Option<String> {
        (!self.floating && self.literal_components() == self.components.len()).then(|| self.prefix())
    }

    /// The name that it matches at any depth, where it is a plain name.
    pub(super) fn name(&self) -> Option<&str> {
        match self.components.as_slice() {
            [Component::Literal(name)] if self.floating => Some(name),
            _ => None,
        }
    }

    /// The folders at its beginning that are no globs, joined; empty where it may match anywhere.
    pub fn prefix(&self) -> String {
        let mut prefix = String::new();
        for component in self.components.iter().take(self.literal_components()) {
            if let Component::Literal(name) = component {
                if !prefix.is_empty() {
                    prefix.push('/');
                }
                prefix.push_str(name);
            }
        }
        prefix
    }

    fn literal_components(&self) -> usize {
        if self.floating {
            return 0;
        }
        self.components.iter().take_while(|component| matches!(component, Component::Literal(_))).count()
    }

    /// How specific it is.
    pub fn specificity(&self) -> Specificity {
        let rank = match () {
            () if self.components.is_empty() => Rank::Everything,
            () if self.name().is_some() || self.literal_components() == self.components.len() => Rank::Literal,
            () => Rank::Glob,
        };
        Specificity { prefix: self.prefix().len(), rank }
    }

    /// The same pattern without its `!`.
    pub(super) fn positive(&self) -> Pattern {
        Pattern { negated: false, ..self.clone() }
    }

    /// It matches at any depth.
    pub(super) fn is_floating(&self) -> bool {
        self.floating
    }

    /// It names folders only.
    pub(super) fn is_folder(&self) -> bool {
        self.folder
    }

    /// The regular expression, on bytes, that a glob stands for: of one part of a path where it is floating, else of the
    /// whole path.
    pub(super) fn regex(&self) -> String {
        let mut regex = String::from(r"(?s-u)\A");
        for (index, component) in self.components.iter().enumerate() {
            let is_last = index + 1 == self.components.len();
            match component {
                Component::Any if is_last => regex.push_str(".+"),
                Component::Any => regex.push_str("(?:[^/]+/)*"),
                Component::Literal(name) => regex.push_str(&regex::escape(name)),
                Component::Glob(expression, _) => regex.push_str(expression),
            }
            if !is_last && *component != Component::Any {
                regex.push('/');
            }
        }
        regex.push_str(match (self.floating, self.folder) {
            (true, _) => r"\z",
            (false, true) => r"/.*\z",
            (false, false) => r"(?:/.*)?\z",
        });
        regex
    }
}

impl Specificity {
    /// It comes from a plain path from the root, or from the root itself.
    pub(super) fn is_rooted(self) -> bool {
        self.rank == Rank::Everything || (self.rank == Rank::Literal && self.prefix > 0)
    }

    /// Of patterns that match all of a folder, it comes from one that names just this one.
    pub(super) fn is_of(self, folder: &str) -> bool {
        self.prefix == folder.len()
    }
}

fn climb(components: &mut Vec<Component>, text: &str) -> Result<(), PatternError> {
    match components.pop() {
        Some(Component::Any) => Err(wrong(format!("`{text}` goes up from a `**`"), "write the folder that is meant")),
        Some(_) => Ok(()),
        None => Err(wrong(format!("`{text}` leads out of the repository"), "patterns begin at the root of the repository")),
    }
}

fn glob_error(text: &str, why: &str) -> PatternError {
    wrong(format!("`{text}` is no valid pattern: {why}"), "write `\\[` where the name itself holds the character")
}
