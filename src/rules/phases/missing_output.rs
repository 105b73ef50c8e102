//! A file that a wave promised and that is not there.

use crate::model::change::ChangeKind;
use crate::model::finding::{Finding, Severity};
use crate::model::path::RepoPath;
use crate::rules::tell::{place, prove, show};
use crate::rules::{Check, RepositoryContext, Rule, Subject};
use crate::work::paths;
use crate::work::promises::{Kind, Promise, promises};
use globset::GlobBuilder;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "missing-output",
    family: "phases",
    severity: Severity::Warning,
    summary: "a file that a wave promised and that is not there",
    document: include_str!("missing_output.md"),
    checks: &[Check::Repository(check)],
    needs: &[&[Subject::Waves]],
};

fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    let added: FxHashSet<&RepoPath> = context
        .changes
        .iter()
        .flat_map(|set| &set.changes.files)
        .filter(|change| change.kind != ChangeKind::Deleted)
        .map(|change| &change.path)
        .collect();
    // One file may be promised by several lines; the first one speaks.
    let mut missing: BTreeMap<(String, String), Promise> = BTreeMap::new();
    for promise in promises(context.state) {
        if promise.path.as_deref().is_none_or(|path| !is_there(context, &added, path)) {
            let key = (promise.mark.path.to_string(), promise.path.clone().unwrap_or_else(|| promise.text.clone()));
            let known = missing.entry(key).or_insert_with(|| promise.clone());
            if promise.mark < known.mark {
                *known = promise;
            }
        }
    }
    missing.into_values().map(|promise| finding(&promise)).collect()
}

/// Tracked, in the work tree, or added by a change set; of a folder or a glob one file is enough.
fn is_there(context: &RepositoryContext<'_>, added: &FxHashSet<&RepoPath>, path: &str) -> bool {
    let exact = RepoPath::from(path.trim_end_matches('/'));
    if path.is_empty() || context.present.contains(path) || added.contains(&exact) || context.tracked.binary_search(&exact).is_ok() {
        return true;
    }
    if !paths::is_glob(path) {
        let folder = format!("{}/", path.trim_end_matches('/'));
        return below(context, added, &folder).next().is_some();
    }
    let whole = if path.ends_with('/') { format!("{path}**") } else { path.to_owned() };
    let Ok(glob) = GlobBuilder::new(&whole).literal_separator(true).build() else { return true };
    let matcher = glob.compile_matcher();
    below(context, added, paths::literal(path)).any(|one| matcher.is_match(one.shown().as_ref()))
}

/// Tracked and added files whose paths begin with `prefix`.
fn below<'p>(context: &'p RepositoryContext<'_>, added: &'p FxHashSet<&RepoPath>, prefix: &'p str) -> impl Iterator<Item = &'p RepoPath> {
    let begins = move |path: &&RepoPath| path.as_bytes().starts_with(prefix.as_bytes());
    let from = context.tracked.partition_point(|tracked| tracked.as_bytes() < prefix.as_bytes());
    context.tracked.iter().skip(from).take_while(begins).chain(added.iter().copied().filter(begins))
}

fn finding(promise: &Promise) -> Finding {
    let wave = promise.wave.map_or_else(|| "the wave".to_owned(), |wave| format!("wave {wave}"));
    let text = &promise.text;
    let message = match (&promise.path, promise.kind) {
        (None, _) => format!("{wave} promised {text}, which leads out of the repository"),
        (Some(_), Kind::Created) => format!("{wave} says that it made {text}, which is not there"),
        (Some(_), Kind::Planned) => format!("{wave} is called done, but its output {text} is not there"),
        (Some(_), Kind::WaveFile) => format!("{wave} is called done, but {text} was not written"),
    };
    let identity = format!("{}\n{}\n{text}", RULE.name, promise.mark.path);
    let mut finding = Finding::new(RULE.name, RULE.severity, message, place(&promise.mark), identity);
    let label = if promise.kind == Kind::WaveFile { "called done" } else { "promised here" };
    show(&mut finding, &promise.mark, label);
    finding.paths = vec![promise.path.clone().unwrap_or_else(|| text.clone())];
    if let Some(wave) = promise.wave {
        prove(&mut finding, "wave", wave);
    }
    finding.help = match promise.kind {
        Kind::Created => format!("make the file, or take it out of {}", promise.mark.path),
        Kind::Planned => "make the file, or change the plan".to_owned(),
        Kind::WaveFile => "let the wave write its output file before it is called done".to_owned(),
    };
    finding
}
