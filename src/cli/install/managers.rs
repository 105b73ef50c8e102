//! What belongs into the configuration of a manager of hooks, shown or written.

use super::files::{Change, sweep_beside};
use super::told::Told;
use super::{Arguments, Tense, again};
use crate::install::Hook;
use crate::install::manager::{Edit, InUse, is_all_ours, is_changed, runs_check, runs_gates, without_paralint};
use crate::report::text;
use std::path::Path;

/// Shows or writes what a manager needs. Of several that are in use, the first one gets it.
pub(super) fn install(told: &mut Told, root: &Path, uses: &[InUse], wanted: &[Hook], arguments: &Arguments, more: &[String]) {
    let Some((first, others)) = uses.split_first() else { return };
    let runs = if first.is_in_place { "runs" } else { "is to run" };
    told.say(format!("{} {runs} the hooks here ({})", first.manager, first.seen));
    for other in others {
        let why = if first.is_in_place {
            format!("git runs the hooks of {}", first.manager)
        } else {
            format!("none has put its hooks in place in this clone, so this is for {}", first.manager)
        };
        told.say(format!("note: {} is here too ({}); {why}", other.manager, other.seen));
    }
    let edits = first.edits.iter().filter(|edit| edit.hooks.iter().any(|hook| wanted.contains(hook)));
    let outcomes: Vec<Outcome> = edits.map(|edit| one(told, root, edit, arguments)).collect();
    if outcomes.iter().any(|outcome| *outcome != Outcome::InPlace) {
        for note in &first.notes {
            told.say(format!("note: {note}"));
        }
    }
    for note in more {
        told.say(format!("note: {note}"));
    }
    // What to do next comes last, where it is seen.
    if outcomes.contains(&Outcome::Shown) {
        told.say(format!("`{}` writes that", again(arguments)));
    }
    if outcomes.contains(&Outcome::Written) && !arguments.dry_run {
        told.say("commit the change, so that everybody has it; `paralint uninstall --write` takes it out again");
    }
    if let Some(then) = first.then.as_ref().filter(|_| told.errors.is_empty()) {
        told.leave(format!("then: {then}"));
    }
}

/// What came of an edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Nothing is to be written.
    InPlace,
    /// It is written, or would be.
    Written,
    /// It is shown, and can be written.
    Shown,
    /// It is for the user, or failed.
    Other,
}

fn one(told: &mut Told, root: &Path, edit: &Edit, arguments: &Arguments) -> Outcome {
    let path = text::path(&edit.path).into_owned();
    if arguments.write && !arguments.dry_run {
        swept(told, root, edit);
    }
    if edit.is_done {
        return in_place(told, &path, edit, arguments);
    }
    let after = match &edit.after {
        Ok(after) => after,
        Err(why) => {
            told.leave(format!("{path}: only you can change it, since {why}; it needs"));
            show(told, &edit.lines);
            return Outcome::Other;
        }
    };
    if !arguments.write {
        told.leave(format!("{path} needs"));
        show(told, &edit.lines);
        return Outcome::Shown;
    }
    let change = Change { path: &edit.path, before: edit.before.as_deref(), after: Some(after), executable: edit.executable };
    if let Err(why) = if arguments.dry_run { Ok(()) } else { change.make(root) } {
        told.fail(format!("failed to write {path}: {why}"), "check the file, its folder and their permissions");
        return Outcome::Other;
    }
    told.is_written |= !arguments.dry_run;
    let verb = if edit.before.is_some() { ("added to", "would be added to") } else { ("wrote", "would write") };
    told.say(format!("{} {path}", Tense(arguments.dry_run).choose(verb)));
    show(told, &edit.lines);
    Outcome::Written
}

/// paralint is in the file, but maybe without the gates that are wanted now.
fn in_place(told: &mut Told, path: &str, edit: &Edit, arguments: &Arguments) -> Outcome {
    let before = edit.before.as_deref().unwrap_or_default();
    if !arguments.gates || runs_gates(before) {
        told.say(format!("{path}: paralint is in it"));
        return Outcome::InPlace;
    }
    let how = if without_paralint(&edit.path, before).is_some() {
        format!("`paralint uninstall --write` and then `{}` put it there", again(arguments))
    } else {
        "add `--gates` to your `paralint check` there".to_owned()
    };
    told.leave(format!("{path}: paralint is in it without the gates; {how}"));
    Outcome::InPlace
}

/// Shows what belongs into a file, one line each.
fn show(told: &mut Told, lines: &str) {
    for line in lines.lines() {
        told.lines.push(format!("    {}", text::visible(&line.replace('\t', "    "))));
    }
}

/// Takes away what a run that was killed left beside a file.
fn swept(told: &mut Told, root: &Path, edit: &Edit) {
    told.swept(root, &sweep_beside(root, &edit.path, [edit.before.as_deref(), edit.after.as_deref().ok()]));
}

/// Takes our lines out of the files of managers.
pub(in crate::cli) fn uninstall(told: &mut Told, root: &Path, uses: &[InUse], write: bool) {
    let edits: Vec<&Edit> = uses.iter().flat_map(|one| &one.edits).collect();
    for (index, edit) in edits.iter().enumerate() {
        if edits[..index].iter().any(|other| other.path == edit.path) {
            continue;
        }
        let is_done = edits.iter().any(|other| other.path == edit.path && other.is_done);
        if write {
            swept(told, root, edit);
        }
        let Some(before) = &edit.before else { continue };
        let path = text::path(&edit.path).into_owned();
        match without_paralint(&edit.path, before) {
            None if is_done || runs_check(before) => told.leave(format!("{path}: lines of yours run paralint; take them out yourself")),
            None => {}
            Some(_) if is_changed(before) => told.leave(format!(
                "{path}: what stands between `# paralint: begin` and `# paralint: end` was changed since, so it is left: take out yourself \
                 what you do not need of it"
            )),
            Some(_) if !write => told.leave(format!("{path}: `paralint uninstall --write` takes our lines out of it")),
            Some(after) => {
                let after = Some(after.as_str()).filter(|_| !is_all_ours(before));
                let change = Change { path: &edit.path, before: Some(before), after, executable: false };
                match change.make(root) {
                    Ok(()) => {
                        told.is_written = true;
                        told.say(if after.is_some() { format!("took our lines out of {path}") } else { format!("removed {path}") });
                    }
                    Err(why) => told.fail(format!("failed to change {path}: {why}"), "check the file, its folder and their permissions"),
                }
            }
        }
    }
}
