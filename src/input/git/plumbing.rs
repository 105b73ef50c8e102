//! Reading through git's own commands: few processes, raw output, bytes as they are.

use super::command::{self, Scope};
use super::commit::Commit;
use super::error::GitError;
use super::objects::{Object, above, is_one_line, lacking, next_object, quote, short_blob};
use super::raw::{self, RawChange, RawChanges};
use super::source::{Comparison, FAR, Listed, Node, Reference, Source, Uncommitted, Version, path_of};
use super::store::Store;
use super::{Facts, broken, entries, files, status};
use crate::model::gate::TreeEntry;
use crate::model::path::RepoPath;
use rustc_hash::FxHashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What every comparison says, so that no configuration changes what it prints.
const RAW: &[&str] = &["--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-relative"];
const EMPTY_TREES: [&str; 2] =
    ["4b825dc642cb6eb9a060e54bf8d69288fbee4904", "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321"];

/// git's commands, for one repository.
pub(super) struct Plumbing {
    folder: PathBuf,
    empty_tree: &'static str,
    /// Variables that git gets beside its own.
    environment: Vec<(&'static str, OsString)>,
    /// Where objects go that git makes only to read.
    store: Option<Store>,
}

impl Plumbing {
    /// For a repository that was opened by other means.
    pub(super) fn for_folder(folder: &Path) -> Plumbing {
        Plumbing { folder: folder.to_path_buf(), empty_tree: EMPTY_TREES[0], environment: Vec::new(), store: None }
    }

    /// Opens the repository of a folder: two processes.
    pub(super) fn open(folder: &Path) -> Result<(Plumbing, Facts), GitError> {
        let arguments = [
            "rev-parse",
            "--path-format=absolute",
            "--is-bare-repository",
            "--is-inside-work-tree",
            "--is-shallow-repository",
            "--show-object-format",
            "--git-dir",
            "--git-common-dir",
            "--show-toplevel",
        ];
        let output = command::output(folder, Scope::Own, &arguments, None)?;
        let lines: Vec<&[u8]> = output.stdout.strip_suffix(b"\n").unwrap_or(&output.stdout).split(|byte| *byte == b'\n').collect();
        // Without a work tree the last question fails, and all others are answered.
        let count = if output.status.success() { 7 } else { 6 };
        if lines.len() < 6 {
            return Err(command::failed(folder, &arguments, &output));
        }
        let paths = if lines.len() == count {
            lines[4..].iter().map(|line| path_of(line)).collect()
        } else {
            command::paths_with_newlines(folder)?
        };
        let empty_tree = if lines[3] == b"sha256" { EMPTY_TREES[1] } else { EMPTY_TREES[0] };
        let mut plumbing = Plumbing { folder: folder.to_path_buf(), empty_tree, environment: Vec::new(), store: None };
        let mut facts = Facts {
            root: paths.get(2).cloned().filter(|_| lines[1] == b"true"),
            git_dir: paths[0].clone(),
            common_dir: paths[1].clone(),
            bare: lines[0] == b"true",
            shallow: lines[2] == b"true",
            ..Facts::default()
        };
        facts.branch = plumbing.branch(&facts.git_dir);
        let head = plumbing.commits(&["HEAD".to_owned()])?.swap_remove(0);
        if head.is_none() {
            plumbing.unborn(&facts)?;
        }
        facts.head_time = head.as_ref().and_then(|head| head.committed);
        facts.head = head.map(|head| head.id);
        plumbing.keep_apart(&facts.git_dir)?;
        Ok((plumbing, facts))
    }

    /// What git makes of a sparse index while it reads goes where it leaves no trace.
    pub(super) fn keep_apart(&mut self, git_dir: &Path) -> Result<(), GitError> {
        self.store = Store::for_sparse(git_dir)?;
        self.environment.extend(self.store.as_ref().map(Store::environment).unwrap_or_default());
        Ok(())
    }

    /// The same with variables in git's environment.
    pub(super) fn with_environment(self, environment: Vec<(&'static str, OsString)>) -> Plumbing {
        Plumbing { environment, ..self }
    }

    /// Runs a command of git for this repository.
    pub(super) fn run(&self, arguments: &[&str], input: Option<&[u8]>) -> Result<Vec<u8>, GitError> {
        command::run_with(&self.folder, Scope::Own, &self.environment, arguments, input)
    }

    /// The same for a command whose exit code 1 is an answer.
    pub(super) fn run_any(&self, arguments: &[&str]) -> Result<Vec<u8>, GitError> {
        let output = command::output_with(&self.folder, Scope::Own, &self.environment, arguments, None)?;
        match output.status.code() {
            Some(0 | 1) => Ok(output.stdout),
            _ => Err(command::failed(&self.folder, arguments, &output)),
        }
    }

    /// The branch that is checked out. The file says it, but where refs are kept in another way.
    fn branch(&self, git_dir: &Path) -> Option<String> {
        let text = files::text(&git_dir.join("HEAD"))?;
        let name = text.trim_end().strip_prefix("ref: ")?.trim_start().to_owned();
        let name = match name.as_str() {
            "refs/heads/.invalid" => String::from_utf8_lossy(&self.run(&["symbolic-ref", "-q", "HEAD"], None).ok()?).trim_end().to_owned(),
            _ => name,
        };
        Some(name.strip_prefix("refs/heads/").unwrap_or(&name).to_owned())
    }

    /// Every branch where one of them cannot be read: its commit, if it is asked for, will be found to be missing.
    fn references_unread(&self) -> Result<Vec<Reference>, GitError> {
        let format = "--format=%(refname)%00%(objectname)%00%(symref)";
        let output = self.run(&["for-each-ref", format, "refs/heads", "refs/remotes"], None)?;
        let text = String::from_utf8_lossy(&output);
        let fields = text.lines().map(|line| line.split('\0').map(str::to_owned).collect::<Vec<_>>());
        let read = fields.filter_map(|fields| <[String; 3]>::try_from(fields).ok()).map(|[name, id, target]| {
            let target = Some(target).filter(|target| !target.is_empty());
            Reference { name, id, target }
        });
        Ok(read.collect())
    }

    /// Whether there is no commit because the branch is not born yet.
    fn unborn(&self, facts: &Facts) -> Result<(), GitError> {
        broken::unborn_or_error(&facts.git_dir, &facts.common_dir)?;
        let name = facts.branch.as_deref().map(|branch| format!("refs/heads/{branch}"));
        match name.filter(|name| self.run(&["rev-parse", "--verify", "--quiet", name], None).is_ok()) {
            Some(name) => Err(broken::head_error(format!("HEAD names {name}, and its commit is not here"))),
            None => Ok(()),
        }
    }

    /// The own index against a tree.
    fn indexed(&self, tree: &str) -> Result<RawChanges, GitError> {
        let arguments = [&["diff-index", "--cached", "--ita-invisible-in-index", "--ignore-submodules=none"], RAW, &[tree, "--"]].concat();
        // git prints what it takes for names in an index that was cut short.
        raw::parse(&self.run(&arguments, None)?).map_err(|_| broken::broken_index("git finds no paths in it"))
    }

    /// Asks `cat-file` for objects; `None` for what is not there or too long, a kind and bytes for the rest.
    fn objects(&self, names: &[String]) -> Result<Vec<Option<Object>>, GitError> {
        // One line is one question.
        let asked: Vec<&String> = names.iter().filter(|name| is_one_line(name)).collect();
        let input: String = asked.iter().flat_map(|name| [name.as_str(), "\n"]).collect();
        let output = if asked.is_empty() { Vec::new() } else { self.run(&["cat-file", "--batch"], Some(input.as_bytes()))? };
        let mut rest = output.as_slice();
        let mut objects = Vec::with_capacity(names.len());
        for name in names {
            objects.push(if is_one_line(name) { next_object(&mut rest).ok_or_else(|| GitError::garbled("cat-file"))? } else { None });
        }
        Ok(objects)
    }
}

impl Source for Plumbing {
    fn name(&self) -> &'static str {
        "git"
    }

    fn commits(&self, revisions: &[String]) -> Result<Vec<Option<Commit>>, GitError> {
        let names: Vec<String> = revisions.iter().map(|revision| format!("{revision}^{{commit}}")).collect();
        let objects = self.objects(&names)?;
        Ok(objects.into_iter().map(|object| object.map(|object| Commit::parse(&object.id, &object.bytes))).collect())
    }

    fn references(&self) -> Result<Vec<Reference>, GitError> {
        let format = "--format=%(refname)%00%(objectname)%00%(objecttype)%00%(symref)";
        let Ok(output) = self.run(&["for-each-ref", format, "refs/heads", "refs/remotes"], None) else { return self.references_unread() };
        let mut references = Vec::new();
        for line in output.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let line = String::from_utf8_lossy(line);
            let fields: Vec<&str> = line.split('\0').collect();
            let [name, id, kind, target] = fields[..] else { return Err(GitError::garbled("for-each-ref")) };
            if kind == "commit" {
                let target = Some(target.to_owned()).filter(|target| !target.is_empty());
                references.push(Reference { name: name.to_owned(), id: id.to_owned(), target });
            }
        }
        Ok(references)
    }

    fn between(&self, tips: &[String], base: &str) -> Result<Vec<Node>, GitError> {
        let mut input: String = tips.iter().flat_map(|tip| [tip.as_str(), "\n"]).collect();
        input.push_str(&format!("^{base}\n"));
        let output = self.run(&["rev-list", "--parents", "--stdin"], Some(input.as_bytes()))?;
        let text = String::from_utf8_lossy(&output);
        let mut nodes = Vec::new();
        for line in text.lines() {
            let mut words = line.split(' ').map(str::to_owned);
            let Some(id) = words.next() else { continue };
            nodes.push(Node { id, parents: words.collect() });
        }
        Ok(nodes)
    }

    fn merge_bases(&self, one: &str, other: &str) -> Result<Vec<String>, GitError> {
        let arguments = ["merge-base", "--all", one, other];
        let output = command::output(&self.folder, Scope::Own, &arguments, None)?;
        match output.status.code() {
            Some(0) => Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()),
            Some(1) => Ok(Vec::new()),
            _ => Err(command::failed(&self.folder, &arguments, &output)),
        }
    }

    fn compare(&self, comparisons: &[Comparison]) -> Result<Vec<Vec<RawChange>>, GitError> {
        if comparisons.is_empty() {
            return Ok(Vec::new());
        }
        let mut input = String::new();
        for comparison in comparisons {
            input.push_str(&comparison.commit);
            for with in &comparison.with {
                input.push(' ');
                input.push_str(with);
            }
            input.push('\n');
        }
        let arguments = [&["diff-tree", "--stdin", "--always", "-r", "-c", "--root", "--ignore-submodules=none"], RAW].concat();
        let all = raw::parse_stream(&self.run(&arguments, Some(input.as_bytes()))?)?;
        if !all.iter().map(|(id, _)| id).eq(comparisons.iter().map(|comparison| &comparison.commit)) {
            return Err(GitError::garbled("diff-tree"));
        }
        Ok(all.into_iter().map(|(_, found)| found.changes).collect())
    }

    fn staged(&self, against: Option<&str>) -> Result<Vec<RawChange>, GitError> {
        let found = self.indexed(against.unwrap_or(self.empty_tree))?;
        if found.unmerged.is_empty() { Ok(found.changes) } else { Err(GitError::unmerged(&found.unmerged)) }
    }

    fn main_root(&self, common_dir: &Path) -> Option<PathBuf> {
        let ask = |arguments: &[&str]| {
            let output = command::run(common_dir, Scope::Other, arguments, None).ok()?;
            Some(output.strip_suffix(b"\n").unwrap_or(&output).to_vec())
        };
        if ask(&["rev-parse", "--is-bare-repository"])? != b"false" {
            return None;
        }
        match ask(&["config", "--get", "core.worktree"]) {
            Some(root) => Some(files::tidy(&common_dir.join(path_of(&root)))),
            None => common_dir.parent().filter(|_| common_dir.ends_with(".git")).map(Path::to_path_buf),
        }
    }

    fn worktrees(&self) -> Result<Vec<Listed>, GitError> {
        Ok(status::worktrees(&command::run(&self.folder, Scope::Other, &["worktree", "list", "--porcelain", "-z"], None)?))
    }

    fn uncommitted(&self, tree: &Listed) -> Result<Uncommitted, GitError> {
        let arguments = [
            // A monitor that lies would hide a change.
            "-c",
            "core.fsmonitor=false",
            // An order file that is missing would end it.
            "-c",
            "diff.orderFile=/dev/null",
            "status",
            "--porcelain=v2",
            "-z",
            "--untracked-files=all",
            "--ignored=no",
            "--no-renames",
            "--ignore-submodules=dirty",
        ];
        let (scope, mut environment) = tree.surroundings();
        let store = Store::for_sparse(&tree.own.as_ref().map_or_else(|| files::git_dir(&tree.root), |own| own.git_dir.clone()))?;
        environment.extend(store.as_ref().map(Store::environment).unwrap_or_default());
        let output = command::run_with(&tree.root, scope, &environment, &arguments, None)?;
        let mut found = status::parse(&output)?;
        for parent in &tree.merged {
            let arguments =
                [&["diff-index", "--cached", "--ita-invisible-in-index", "--ignore-submodules=none"], RAW, &[parent.as_str(), "--"]]
                    .concat();
            let other = raw::parse(&command::run_with(&tree.root, scope, &environment, &arguments, None)?)?;
            found.staged = raw::in_all(vec![found.staged, other.changes]);
        }
        Ok(found)
    }

    fn hash(&self, tree: &Listed, paths: &[RepoPath]) -> Result<Vec<Option<String>>, GitError> {
        let (scope, environment) = tree.surroundings();
        let run = |arguments: &[&str], input: &[u8]| command::output_with(&tree.root, scope, &environment, arguments, Some(input));
        let mut ids = vec![None; paths.len()];
        let mut input = Vec::new();
        let mut asked = Vec::new();
        for (index, path) in paths.iter().enumerate() {
            let whole = tree.root.join(path_of(path.as_bytes()));
            match files::kind(&whole) {
                // `hash-object` would follow it.
                files::Kind::Symlink(target) => {
                    let id = run(&["hash-object", "--stdin"], &target)?.stdout;
                    ids[index] = Some(String::from_utf8_lossy(&id).trim_end().to_owned()).filter(|id| !id.is_empty());
                }
                files::Kind::Readable => {
                    quote(path.as_bytes(), &mut input);
                    asked.push(index);
                }
                files::Kind::Other => {}
            }
        }
        if asked.is_empty() {
            return Ok(ids);
        }
        // A file that goes away meanwhile ends it early; what was hashed until then still counts.
        let output = run(&["hash-object", "--stdin-paths"], &input)?;
        for (index, id) in asked.iter().zip(String::from_utf8_lossy(&output.stdout).lines()) {
            ids[*index] = Some(id.to_owned());
        }
        Ok(ids)
    }

    fn blobs(&self, ids: &[String], longest: u64) -> Result<FxHashMap<String, Vec<u8>>, GitError> {
        if ids.is_empty() {
            return Ok(FxHashMap::default());
        }
        let input: String = ids.iter().flat_map(|id| [id.as_str(), "\n"]).collect();
        let sizes = self.run(&["cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)"], Some(input.as_bytes()))?;
        let short: Vec<String> = String::from_utf8_lossy(&sizes).lines().filter_map(|line| short_blob(line, longest)).collect();
        let objects = self.objects(&short)?;
        Ok(objects.into_iter().flatten().map(|object| (object.id, object.bytes)).collect())
    }

    fn tracked(&self, revision: Option<&str>) -> Result<Vec<RepoPath>, GitError> {
        let output = match revision {
            None => self.run(&["ls-files", "-z", "--full-name", "--", ":/"], None)?,
            Some(revision) => {
                let commit = self.commits(&[revision.to_owned()])?.swap_remove(0).ok_or_else(|| super::unknown_revision(revision))?;
                self.run(&["ls-tree", "-r", "-z", "--name-only", "--full-tree", &commit.id], None)?
            }
        };
        Ok(output.split(|byte| *byte == 0).filter(|path| !path.is_empty()).map(RepoPath::new).collect())
    }

    fn unmerged(&self) -> Result<Vec<RepoPath>, GitError> {
        Ok(self.indexed(self.empty_tree)?.unmerged)
    }

    fn entries(&self, commit: Option<&str>) -> Result<Vec<TreeEntry>, GitError> {
        match commit {
            Some(commit) => entries::parse(&self.run(&["ls-tree", "-r", "-z", "--full-tree", commit], None)?),
            // `ls-files --stage` does not tell what is only to be added some day.
            None => Ok(entries::of_changes(self.indexed(self.empty_tree)?.changes)),
        }
    }

    fn versions(&self, commit: &str, path: &str, limit: usize) -> Result<Vec<Version>, GitError> {
        let too_far = self.run(&["rev-list", "--first-parent", "-n", "1", &format!("--skip={FAR}"), commit, "--"], None)?;
        let too_far = format!("^{}", String::from_utf8_lossy(&too_far).trim_end());
        let (count, file) = (limit.to_string(), format!(":(top,literal){path}"));
        let mut arguments = [&entries::LOG[..], &["-n", &count], RAW, &[commit]].concat();
        arguments.extend((too_far.len() > 1).then_some(too_far.as_str()));
        arguments.extend(["--", &file]);
        entries::versions(&self.run(&arguments, None)?, path)
    }

    fn files_at(&self, revision: &str, paths: &[&str]) -> Result<Vec<Option<Vec<u8>>>, GitError> {
        let mut names = vec![format!("{revision}^{{commit}}")];
        for path in paths {
            // The folders above say whether it is there: of what is not here and what is not there git says the same.
            names.extend(above(path).map(|folder| format!("{revision}:{folder}")));
            names.push(format!("{revision}:{path}"));
        }
        let mut objects = self.objects(&names)?.into_iter();
        let commit = objects.next().flatten().ok_or_else(|| super::unknown_revision(revision))?;
        let mut files = Vec::with_capacity(paths.len());
        for path in paths {
            let trees: Vec<Option<Object>> = objects.by_ref().take(path.split('/').count()).collect();
            let file = objects.next().flatten();
            if file.is_none()
                && let Some(id) = lacking(path, &trees, commit.id.len() / 2)
            {
                return Err(broken::missing(&self.folder, &id.unwrap_or_else(|| format!("{revision}:"))));
            }
            files.push(file.filter(|object| object.kind == "blob").map(|object| object.bytes));
        }
        Ok(files)
    }

    fn has_filters(&self) -> bool {
        true
    }

    fn config(&self, key: &str) -> Option<String> {
        let output = self.run(&["config", "--get", key], None).ok()?;
        Some(String::from_utf8_lossy(&output).trim_end_matches('\n').to_owned()).filter(|value| !value.is_empty())
    }
}
