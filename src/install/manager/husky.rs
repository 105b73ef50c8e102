//! husky: scripts in a folder of the repository that `core.hooksPath` leads to; in its fourth version and before, package.json.

use super::{Edit, Ground, InUse, Manager, Wanted, mention, script};
use crate::install::Hook;
use serde_json::Value;

pub(super) const MANAGER: Manager = Manager { name: "husky", recognise };

const PACKAGE: &str = "package.json";

/// Where husky's scripts are, and how it reaches them.
struct Layout {
    /// The folder with the scripts.
    folder: String,
    seen: String,
    /// git runs the scripts themselves (husky 5 to 8), so they must be executable.
    runs_itself: bool,
    /// `core.hooksPath` leads there in this clone.
    is_installed: bool,
}

fn recognise(ground: &dyn Ground, wanted: &Wanted) -> Option<InUse> {
    if let Some(layout) = layout(ground) {
        return Some(with_scripts(ground, &layout, wanted));
    }
    let text = ground.text(PACKAGE)?.ok()?;
    let package: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    let hooks = package.get("husky")?.get("hooks").filter(|hooks| hooks.is_object())?;
    Some(in_package(text.clone(), hooks, wanted))
}

fn layout(ground: &dyn Ground) -> Option<Layout> {
    if let Some(path) = ground.hooks_path() {
        let path = path.trim_end_matches('/');
        let seen = format!("core.hooksPath is {path}");
        if let Some(folder) = path.strip_suffix("/_").filter(|folder| !folder.is_empty()) {
            let is_husky = folder.rsplit('/').next() == Some(".husky") || ground.text(&format!("{path}/h")).is_some();
            return is_husky.then(|| Layout { folder: folder.to_owned(), seen, runs_itself: false, is_installed: true });
        }
        let is_husky = path.rsplit('/').next() == Some(".husky") || ground.text(&format!("{path}/_/husky.sh")).is_some();
        return is_husky.then(|| Layout { folder: path.to_owned(), seen, runs_itself: true, is_installed: true });
    }
    let uses_husky = ground.text(PACKAGE).is_some_and(|text| text.is_ok_and(|text| text.contains("\"husky\"")));
    (uses_husky && ground.is_folder(".husky")).then(|| Layout {
        folder: ".husky".to_owned(),
        seen: "a folder .husky, and package.json names husky".to_owned(),
        runs_itself: Hook::ALL.iter().any(|hook| {
            ground.text(&format!(".husky/{}", hook.name())).is_some_and(|text| text.is_ok_and(|text| text.contains("husky.sh")))
        }),
        is_installed: false,
    })
}

fn with_scripts(ground: &dyn Ground, layout: &Layout, wanted: &Wanted) -> InUse {
    let edits = wanted.hooks.iter().map(|hook| of_script(ground, layout, *hook, wanted)).collect();
    let name = layout.folder.as_str();
    let notes = if layout.runs_itself {
        vec![
            format!("git runs a script in {name} only while it is executable"),
            format!("a linked worktree has no {name}/_/husky.sh, so scripts that start it fail there until `npx husky install` ran in it"),
        ]
    } else {
        vec![
            "HUSKY=0 in the environment switches all of husky's hooks off, paralint's among them".to_owned(),
            format!("git ignores {name}/_, so a linked worktree runs no hook at all until `npx husky` ran in it"),
        ]
    };
    let then = (!layout.is_installed || !is_here(ground, layout)).then(|| {
        let command = if layout.is_installed && layout.runs_itself { "npx husky install" } else { "npx husky" };
        format!("{command} (npm's `prepare` script mostly does it)")
    });
    InUse { manager: MANAGER.name, seen: layout.seen.clone(), is_in_place: layout.is_installed, edits, then, notes }
}

/// What husky itself puts beside the scripts is in this worktree, and not only in another one of the clone.
fn is_here(ground: &dyn Ground, layout: &Layout) -> bool {
    let name = layout.folder.as_str();
    if !layout.runs_itself {
        return Hook::ALL.into_iter().any(|hook| ground.hook(hook).is_some());
    }
    let starts_it =
        |hook: Hook| ground.text(&format!("{name}/{}", hook.name())).is_some_and(|text| text.is_ok_and(|text| text.contains("husky.sh")));
    ground.text(&format!("{name}/_/husky.sh")).is_some() || !Hook::ALL.into_iter().any(starts_it)
}

fn of_script(ground: &dyn Ground, layout: &Layout, hook: Hook, wanted: &Wanted) -> Edit {
    let path = format!("{}/{}", layout.folder, hook.name());
    let lines = script::lines(hook, wanted);
    let (before, after, is_done) = match ground.text(&path) {
        None => (None, Ok(script::new(hook, wanted)), false),
        Some(Err(reason)) => (None, Err(reason), false),
        Some(Ok(text)) => match mention::judged(mention::runs(&text).into_iter().map(|run| run.misfit(hook))) {
            Some(Ok(())) => (Some(text.clone()), Ok(text), true),
            Some(Err(reason)) => (Some(text), Err(reason), false),
            None => {
                let after = script::with_paralint(&text, hook, wanted);
                (Some(text), after, false)
            }
        },
    };
    Edit { path, hooks: vec![hook], lines, before, after, is_done, executable: layout.runs_itself }
}

/// husky 4: commands in package.json.
fn in_package(text: String, hooks: &Value, wanted: &Wanted) -> InUse {
    let old = |hook: Hook| hooks.get(hook.name()).and_then(Value::as_str);
    let is_done = wanted.hooks.iter().all(|hook| old(*hook).is_some_and(mention::runs_check));
    let commands = wanted.hooks.iter().map(|&hook| {
        let command = wanted.command(hook);
        let whole = match old(hook) {
            Some(old) if mention::runs_check(old) => old.to_owned(),
            Some(old) => format!("{command} && {old}"),
            None => command,
        };
        (hook.name().to_owned(), Value::String(whole))
    });
    let lines = serde_json::json!({"husky": {"hooks": commands.collect::<serde_json::Map<_, _>>()}});
    let lines = format!("{lines:#}\n");
    let after = if is_done { Ok(text.clone()) } else { Err("JSON has no comments that could tell paralint's lines from yours".to_owned()) };
    let hooks = wanted.hooks.clone();
    InUse {
        manager: MANAGER.name,
        seen: "package.json has husky.hooks (husky 4 and before)".to_owned(),
        is_in_place: false,
        edits: vec![Edit { path: PACKAGE.to_owned(), hooks, lines, before: Some(text), after, is_done, executable: false }],
        then: None,
        notes: Vec::new(),
    }
}
