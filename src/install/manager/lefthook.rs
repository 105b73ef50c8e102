//! lefthook: lefthook.yml and its many other names.

use super::mention::Run;
use super::yaml::{Entry, Yaml};
use super::{Change, Edit, Ground, InUse, Manager, Wanted, edit_of_all, first_file, is_in_place, mention, not_installed, toml_text};
use crate::install::Hook;
use toml::{Table, Value};

pub(super) const MANAGER: Manager = Manager { name: "lefthook", recognise };

/// The names of its file without their ending; those of a user's own file come last, because they only add to the others.
const STEMS: [&str; 6] = ["lefthook", ".lefthook", ".config/lefthook", "lefthook-local", ".lefthook-local", ".config/lefthook-local"];
const ENDINGS: [&str; 5] = ["yml", "yaml", "toml", "json", "jsonc"];
/// A word in each hook that lefthook puts in place.
const WORD: &str = "call_lefthook";

/// Where its configuration may lie, the first one first.
fn paths() -> impl Iterator<Item = String> {
    STEMS.iter().flat_map(|stem| ENDINGS.iter().map(move |ending| format!("{stem}.{ending}")))
}

/// The lines that name the file they stand in, for each file that they may stand in.
pub(super) fn lines_with_paths() -> impl Iterator<Item = String> {
    paths().flat_map(|path| [yaml_files(&path), toml_files(&path)])
}

fn yaml_files(file: &str) -> String {
    format!("files: echo {file}")
}

fn toml_files(file: &str) -> String {
    format!("files = \"echo {file}\"")
}

fn recognise(ground: &dyn Ground, wanted: &Wanted) -> Option<InUse> {
    let (path, text) = first_file(ground, paths())?;
    Some(InUse {
        manager: MANAGER.name,
        seen: path.clone(),
        is_in_place: is_in_place(ground, WORD),
        edits: vec![edit(path, text, wanted)],
        then: (!not_installed(ground, wanted, WORD).is_empty()).then(|| "lefthook install".to_owned()),
        notes: vec![
            "unstaged changes of a file that is partly staged are put aside while pre-commit runs, so gates see what is staged of it; \
             a kill in that time can leave them aside"
                .to_owned(),
            "a commit that changes no file (--allow-empty) runs no job".to_owned(),
            "SKIP=paralint passes paralint over, LEFTHOOK=0 all of lefthook".to_owned(),
        ],
    })
}

/// How a file writes what a hook runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// A list, since lefthook 1.10.
    Jobs,
    /// A map from names, in every version.
    Commands,
}

impl Style {
    fn key(self) -> &'static str {
        match self {
            Style::Jobs => "jobs",
            Style::Commands => "commands",
        }
    }

    /// The entry in YAML, without its key.
    fn entry(self, job: &Job) -> String {
        let command = &job.command;
        let lines = match &job.file {
            None => format!("run: {command}\n"),
            Some(file) => format!("run: \"{command}\"\n{}\nuse_stdin: true\n", yaml_files(file)),
        };
        match self {
            Style::Jobs => format!("- name: paralint\n{}", indented(&lines)),
            Style::Commands => format!("paralint:\n{}", indented(&lines)),
        }
    }

    /// The entry in YAML, below its key.
    fn whole(self, job: &Job) -> String {
        format!("{}:\n{}", self.key(), indented(&self.entry(job)))
    }

    fn toml(self, hook: Hook, job: &Job) -> String {
        let more = job.file.as_ref().map(|file| format!("{}\nuse_stdin = true\n", toml_files(file))).unwrap_or_default();
        let command = &job.command;
        match self {
            Style::Jobs => format!("[[{}.jobs]]\nname = \"paralint\"\nrun = \"{command}\"\n{more}", hook.name()),
            Style::Commands => format!("[{}.commands.paralint]\nrun = \"{command}\"\n{more}", hook.name()),
        }
    }
}

/// What a hook runs.
struct Job {
    command: String,
    /// A file that is surely there. Before a push lefthook passes over every job that names no file, where what is checked out has
    /// nothing to push; what else is pushed it does not look at. So the job names one, behind a `#`.
    file: Option<String>,
}

impl Job {
    fn new(hook: Hook, path: &str, wanted: &Wanted) -> Job {
        let command = wanted.command(hook);
        match hook {
            Hook::PrePush => Job { command: format!("{command} # {{files}}"), file: Some(path.to_owned()) },
            Hook::PreCommit | Hook::PreMergeCommit => Job { command, file: None },
        }
    }
}

fn indented(lines: &str) -> String {
    lines.lines().map(|line| format!("  {line}\n")).collect()
}

fn edit(path: String, text: Result<String, String>, wanted: &Wanted) -> Edit {
    let ending = path.rsplit('.').next().unwrap_or_default().to_owned();
    let text_now = text.as_deref().unwrap_or_default();
    let yaml = |style: Style| -> String {
        let whole = |hook: Hook| indented(&style.whole(&Job::new(hook, &path, wanted)));
        wanted.hooks.iter().map(|hook| format!("{}:\n{}", hook.name(), whole(*hook))).collect()
    };
    match ending.as_str() {
        "toml" => {
            let style = toml_text::read(text_now).map_or(Style::Commands, |table| style_of_toml(&table));
            let (lines, at) = (toml_lines(&wanted.hooks, style, &path, wanted), path.clone());
            edit_of_all(path, text, wanted, lines, |text| in_toml(text, style, &at, wanted))
        }
        "json" | "jsonc" => edit_of_all(path.clone(), text, wanted, in_json_lines(&path, wanted), |text| {
            let whole = serde_json::from_str::<serde_json::Value>(text).unwrap_or_default();
            let mut states = wanted.hooks.iter().map(|hook| judged(whole.get(hook.name()).cloned(), *hook));
            let no_comments = || Err("JSON has no comments that could tell paralint's lines from yours".to_owned());
            let all = states.try_for_each(|state| state.unwrap_or_else(no_comments));
            all.map_or_else(Change::Refused, |()| Change::Done)
        }),
        _ => {
            let style = Yaml::read(text_now).map_or(Style::Commands, |yaml| style_of_yaml(&yaml));
            edit_of_all(path.clone(), text, wanted, yaml(style), |text| in_yaml(text, style, &path, wanted))
        }
    }
}

/// The style that the hooks use; commands, where they do not tell: an old lefthook passes over jobs without a word.
fn style_of_yaml(yaml: &Yaml<'_>) -> Style {
    let Ok(Some(root)) = yaml.root() else { return Style::Commands };
    let hooks = yaml.entries(root).into_iter().flat_map(|hook| yaml.entries(hook.value));
    style_of(hooks.filter_map(|entry| yaml.scalar(entry.key)))
}

fn style_of_toml(table: &Table) -> Style {
    style_of(table.values().filter_map(Value::as_table).flat_map(|hook| hook.keys().map(String::as_str)))
}

fn style_of<'t>(keys: impl Iterator<Item = &'t str>) -> Style {
    let keys: Vec<&str> = keys.collect();
    if keys.contains(&"jobs") && !keys.contains(&"commands") { Style::Jobs } else { Style::Commands }
}

/// Hook by hook, since each may be written in its own way.
fn in_yaml(before: &str, style: Style, path: &str, wanted: &Wanted) -> Change {
    let mut text = before.to_owned();
    for hook in &wanted.hooks {
        text = match Yaml::read(&text).and_then(|yaml| hook_in_yaml(&yaml, *hook, style, &Job::new(*hook, path, wanted))) {
            Ok(Some(after)) => after,
            Ok(None) => continue,
            Err(reason) => return Change::Refused(reason),
        };
    }
    if text == before { Change::Done } else { Change::After(text) }
}

/// The text with one hook that runs paralint; `None` where it does so already.
fn hook_in_yaml(yaml: &Yaml<'_>, hook: Hook, style: Style, job: &Job) -> Result<Option<String>, String> {
    let whole = || yaml.with_at_end(&format!("{}:\n{}", hook.name(), indented(&style.whole(job)))).map(Some);
    let Some(root) = yaml.root()? else { return whole() };
    let Some(entry) = yaml.find(root, hook.name())? else { return whole() };
    if let Some(judged) = mention::judged(misfits_in_yaml(yaml, entry.value, hook)) {
        return judged.map(|()| None);
    }
    if yaml.is_nothing(entry.value) {
        return yaml.with_below(entry, &style.whole(job)).map(Some);
    }
    let map = yaml.open(entry.value)?;
    for style in [Style::Jobs, Style::Commands] {
        let Some(entries) = yaml.find(map, style.key())? else { continue };
        let fits = if style == Style::Jobs { yaml.is_list(entries.value) } else { yaml.is_map(entries.value) };
        if fits || yaml.is_nothing(entries.value) {
            return yaml.with_below(entries, &style.entry(job)).map(Some);
        }
        yaml.open(entries.value)?;
        return Err(format!("{} of {} is not what lefthook expects there", style.key(), hook.name()));
    }
    if !yaml.is_map(map) {
        return Err(format!("its {} is no map", hook.name()));
    }
    yaml.with_below(entry, &style.whole(job)).map(Some)
}

/// Of each line in a value that runs paralint, why it checks nothing there.
fn misfits_in_yaml(yaml: &Yaml<'_>, value: usize, hook: Hook) -> Vec<Option<String>> {
    let mut all = Vec::new();
    for at in value..yaml.after(value) {
        let runs = yaml.scalar(at).map(mention::runs).unwrap_or_default();
        if runs.is_empty() {
            continue;
        }
        // What a map takes from another one is not known.
        let feeds = |entry: &Entry| match yaml.scalar(entry.key) {
            Some("use_stdin") => yaml.scalar(entry.value).is_some_and(|value| value.eq_ignore_ascii_case("true")),
            key => key == Some("<<"),
        };
        let is_fed = yaml.container(at).is_some_and(|job| yaml.entries(job).iter().any(feeds));
        all.extend(runs.into_iter().map(|run| misfit(run, hook, is_fed)));
    }
    all
}

/// The same of TOML and JSON.
fn misfits(value: &serde_json::Value, hook: Hook, is_fed: bool, all: &mut Vec<Option<String>>) {
    match value {
        serde_json::Value::String(text) => all.extend(mention::runs(text).into_iter().map(|run| misfit(run, hook, is_fed))),
        serde_json::Value::Array(values) => values.iter().for_each(|value| misfits(value, hook, false, all)),
        serde_json::Value::Object(map) => {
            let is_fed = map.get("use_stdin").and_then(serde_json::Value::as_bool).unwrap_or_default();
            map.values().for_each(|value| misfits(value, hook, is_fed, all));
        }
        _ => {}
    }
}

fn judged(value: Option<serde_json::Value>, hook: Hook) -> Option<Result<(), String>> {
    let mut all = Vec::new();
    misfits(&value?, hook, false, &mut all);
    mention::judged(all)
}

/// Why a line checks nothing. lefthook gives a job nothing on standard input that does not ask for it.
fn misfit(run: Run, hook: Hook, is_fed: bool) -> Option<String> {
    let is_starved = run == Run::Hook(Hook::PrePush) && !is_fed;
    let starved = || "`paralint hook pre-push` is not told what is pushed without `use_stdin: true`".to_owned();
    run.misfit(hook).or_else(|| is_starved.then(starved))
}

fn in_toml(before: &str, style: Style, path: &str, wanted: &Wanted) -> Change {
    let table = match toml_text::read(before) {
        Ok(table) => table,
        Err(reason) => return Change::Refused(reason),
    };
    let mut missing = Vec::new();
    for hook in &wanted.hooks {
        match judged(table.get(hook.name()).and_then(|value| serde_json::to_value(value).ok()), *hook) {
            None => missing.push(*hook),
            Some(Ok(())) => {}
            Some(Err(reason)) => return Change::Refused(reason),
        }
    }
    if missing.is_empty() {
        return Change::Done;
    }
    let lines = toml_lines(&missing, style, path, wanted);
    toml_text::with_at_end(before, &lines, |whole| {
        for hook in &missing {
            let hook_table = whole.entry(hook.name()).or_insert_with(|| Value::Table(Table::new())).as_table_mut()?;
            let ours =
                toml_text::read(&style.toml(*hook, &Job::new(*hook, path, wanted))).ok()?.remove(hook.name())?.get(style.key())?.clone();
            match (hook_table.get_mut(style.key()), ours) {
                (None, ours) => drop(hook_table.insert(style.key().to_owned(), ours)),
                (Some(Value::Array(jobs)), Value::Array(ours)) => jobs.extend(ours),
                (Some(Value::Table(commands)), Value::Table(ours)) => commands.extend(ours),
                _ => return None,
            }
        }
        Some(())
    })
    .into()
}

fn toml_lines(hooks: &[Hook], style: Style, path: &str, wanted: &Wanted) -> String {
    hooks.iter().map(|hook| style.toml(*hook, &Job::new(*hook, path, wanted))).collect::<Vec<_>>().join("\n")
}

fn in_json_lines(path: &str, wanted: &Wanted) -> String {
    let job = |hook: Hook| match Job::new(hook, path, wanted) {
        Job { command, file: None } => serde_json::json!({"run": command}),
        Job { command, file: Some(file) } => serde_json::json!({"run": command, "files": format!("echo {file}"), "use_stdin": true}),
    };
    let hooks = wanted.hooks.iter().map(|hook| (hook.name().to_owned(), serde_json::json!({"commands": {"paralint": job(*hook)}})));
    format!("{:#}\n", serde_json::Value::Object(hooks.collect()))
}
