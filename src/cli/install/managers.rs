//! What belongs into the configuration of a manager of hooks, shown or written.

use super::files::Change;
use super::told::Told;
use super::{Arguments, Tense};
use crate::install::Hook;
use crate::install::manager::{Edit, InUse, without_paralint};
use crate::report::text;
use std::path::Path;

/// Shows or writes what a manager needs. Of several that are in use, the one that git reaches first gets it.
pub(super) fn install(told: &mut Told, root: &Path, uses: &[InUse], wanted: &[Hook], arguments: &Arguments) {
    let Some((first, others)) = uses.split_first() else { return };
    told.say(format!("{} runs the hooks here ({})", first.manager, first.seen));
    for other in others {
        told.say(format!("note: {} is here too ({}), and git reaches {} first", other.manager, other.seen, first.manager));
    }
    let edits: Vec<&Edit> = first.edits.iter().filter(|edit| edit.hooks.iter().any(|hook| wanted.contains(hook))).collect();
    let mut is_new = false;
    for edit in edits {
        let path = text::path(&edit.path).into_owned();
        if edit.is_done {
            told.say(format!("{path}: paralint is in it"));
            continue;
        }
        match &edit.after {
            Err(why) => {
                told.leave(format!("{path}: only you can change it, since {why}; it needs"));
                show(told, &edit.lines);
            }
            Ok(after) if arguments.write => {
                let change = Change { path: &edit.path, before: edit.before.as_deref(), after: Some(after), executable: edit.executable };
                let made = if arguments.dry_run { Ok(()) } else { change.make(root) };
                match made {
                    Ok(()) => {
                        is_new = true;
                        told.is_written |= !arguments.dry_run;
                        let verb = if edit.before.is_some() { ("added to", "would be added to") } else { ("wrote", "would write") };
                        told.say(format!("{} {path}", Tense(arguments.dry_run).choose(verb)));
                        show(told, &edit.lines);
                    }
                    Err(why) => told.fail(format!("failed to write {path}: {why}"), "check the file, its folder and their permissions"),
                }
            }
            Ok(_) => {
                told.leave(format!("{path} needs"));
                show(told, &edit.lines);
                is_new = true;
            }
        }
    }
    if is_new {
        if !arguments.write {
            told.say("`paralint install --write` writes that");
        }
        if let Some(then) = &first.then {
            told.say(format!("then: {then}"));
        }
    }
    for note in &first.notes {
        told.say(format!("note: {note}"));
    }
}

/// Shows what belongs into a file, one line each.
fn show(told: &mut Told, lines: &str) {
    for line in lines.lines() {
        told.lines.push(format!("    {}", text::visible(&line.replace('\t', "    "))));
    }
}

/// Takes our lines out of the files of managers.
pub(in crate::cli) fn uninstall(told: &mut Told, root: &Path, uses: &[InUse], write: bool) {
    for edit in uses.iter().flat_map(|one| &one.edits) {
        let Some(before) = &edit.before else { continue };
        let path = text::path(&edit.path).into_owned();
        match without_paralint(&edit.path, before) {
            None if edit.is_done => told.leave(format!("{path}: lines of yours run paralint; take them out yourself")),
            None => {}
            Some(_) if !write => told.leave(format!("{path}: `paralint uninstall --write` takes our lines out of it")),
            Some(after) => {
                // What is empty without our lines was made by us.
                let after = Some(after.as_str()).filter(|after| !after.is_empty());
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
