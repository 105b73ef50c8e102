//! What was seen in a repository: names and a few texts, as they were found. Nothing is decided here.

use crate::model::path::RepoPath;
use std::collections::{BTreeMap, BTreeSet};

/// What was seen.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    /// Every file that counts, sorted: the tracked ones, or where nothing is tracked yet those that could be.
    pub files: Vec<RepoPath>,
    /// Nothing is tracked yet.
    pub is_untracked: bool,
    /// The texts of the files that `wanted` names, by path.
    pub texts: BTreeMap<String, String>,
    /// Files that `wanted` names and that are in the work tree, but cannot be read as a text of the size of a manifest.
    pub unread: Vec<String>,
    /// Names of branches, without `refs/heads/`.
    pub branches: Vec<String>,
    /// Names of the folders of linked worktrees.
    pub worktrees: Vec<String>,
    /// What of `AGENT_FILES` is there, tracked or not.
    pub agent_files: Vec<&'static str>,
    /// There is a folder `.claude` in the work tree.
    pub has_claude_folder: bool,
    /// A paralint.toml is there already, so that none is made.
    pub has_configuration: bool,
    /// A BOUNDARIES.json is there already, so that none is made.
    pub has_boundaries: bool,
}

/// Files and folders by which agents are told how to work.
pub const AGENT_FILES: &[&str] = &[
    ".claude/agents",
    ".claude/commands",
    ".claude/context",
    ".claude/settings.json",
    ".codex",
    ".cursor",
    ".cursorrules",
    ".github/copilot-instructions.md",
    "AGENTS.md",
    "CLAUDE.md",
    "GEMINI.md",
    "opencode.json",
    "WORKFLOW_STATE.json",
    "PARALLEL_STATUS.json",
    "RESOURCE_LOCKS.json",
    "DEPENDENCY_GRAPH.json",
    ".claude/WORKFLOW_STATE.json",
    ".claude/PARALLEL_STATUS.json",
    ".claude/RESOURCE_LOCKS.json",
    ".claude/DEPENDENCY_GRAPH.json",
];

/// Where CODEOWNERS may lie; the first one counts, in the order in which GitHub looks.
pub(super) const CODEOWNERS: &[&str] = &[".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/// Files by which projects are known and configured. Their names, in whatever folder.
const READ: &[&str] = &[
    "Cargo.toml",
    "composer.json",
    "Gemfile",
    "go.work",
    "justfile",
    "Justfile",
    "Makefile",
    "makefile",
    "GNUmakefile",
    "package.json",
    "pnpm-workspace.yaml",
    "pyproject.toml",
    "Rakefile",
    "setup.cfg",
    "tox.ini",
    ".gitlab-ci.yml",
];

/// More texts than this are not read: what they say would not fit one file that people read.
const MOST_TEXTS: usize = 400;

/// Folders whose files are not the repository's own work, or only look like projects.
const FOREIGN: &[&str] = &[
    "node_modules",
    "vendor",
    "vendored",
    "external",
    "extern",
    "deps",
    "third_party",
    "third-party",
    "fixtures",
    "fixture",
    "__fixtures__",
    "testdata",
    "test-data",
    "templates",
    "template",
    "examples",
    "example",
    "target",
    "dist",
    "build",
    ".git",
    ".venv",
    "venv",
];

/// Whether a path lies in a folder whose files are not the repository's own work.
pub(super) fn is_foreign(path: &str) -> bool {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    folder.split('/').any(|part| FOREIGN.contains(&part))
}

/// The files whose texts are needed, of all files (sorted): those that are nearest to the root first.
pub fn wanted(files: &[RepoPath]) -> Vec<String> {
    let texts = files.iter().filter_map(|file| std::str::from_utf8(file.as_bytes()).ok());
    let mut wanted: Vec<&str> = texts.filter(|path| is_wanted(path)).collect();
    wanted.sort_by_key(|path| (path.matches('/').count(), *path));
    wanted.into_iter().take(MOST_TEXTS).map(str::to_owned).collect()
}

/// A list of packages that Python needs: `requirements-dev.txt`, `requirements/test.txt`.
pub(super) fn is_requirements(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_list = name.contains("requirements") || folder.rsplit('/').next() == Some("requirements");
    is_list && (name.ends_with(".txt") || name.ends_with(".in"))
}

fn is_wanted(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_workflow = folder == ".github/workflows" && (name.ends_with(".yml") || name.ends_with(".yaml"));
    is_workflow || CODEOWNERS.contains(&path) || ((READ.contains(&name) || is_requirements(path)) && !is_foreign(path))
}

impl Survey {
    /// Whether a file of that path is there.
    pub(super) fn has(&self, path: &str) -> bool {
        self.files.binary_search_by(|one| one.as_bytes().cmp(path.as_bytes())).is_ok()
    }

    /// Whether a folder of that path is there, without `/` at its end; the root is where anything is.
    pub(super) fn has_folder(&self, path: &str) -> bool {
        !self.below(path).is_empty()
    }

    /// The files below a folder; an empty path is the root.
    pub(super) fn below(&self, folder: &str) -> &[RepoPath] {
        if folder.is_empty() {
            return &self.files;
        }
        let beginning = format!("{folder}/");
        let start = self.files.partition_point(|one| one.as_bytes() < beginning.as_bytes());
        let count = self.files[start..].partition_point(|one| one.as_bytes().starts_with(beginning.as_bytes()));
        &self.files[start..start + count]
    }

    /// The folders directly in a folder that hold files, sorted: paths from the root. Names that are no text are left out.
    pub(super) fn folders_in(&self, folder: &str) -> Vec<String> {
        let skip = if folder.is_empty() { 0 } else { folder.len() + 1 };
        let mut folders: Vec<String> = Vec::new();
        for file in self.below(folder) {
            let Some(end) = file.as_bytes()[skip..].iter().position(|byte| *byte == b'/') else { continue };
            let Ok(path) = std::str::from_utf8(&file.as_bytes()[..skip + end]) else { continue };
            if folders.last().is_none_or(|last| last != path) {
                folders.push(path.to_owned());
            }
        }
        folders.sort();
        folders.dedup();
        folders
    }

    /// The folders whose names are no text, outermost only, as they can be shown.
    pub(super) fn unnamed(&self) -> BTreeSet<String> {
        let folder = |file: &RepoPath| {
            let bytes = file.as_bytes();
            let invalid = std::str::from_utf8(bytes).err()?.valid_up_to();
            let end = invalid + bytes[invalid..].iter().position(|byte| *byte == b'/')?;
            Some(RepoPath::new(&bytes[..end]).shown().into_owned())
        };
        self.files.iter().filter_map(folder).collect()
    }

    /// The text of a file, where it was read.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }
}
