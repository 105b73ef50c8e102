//! `paralint uninstall`.
#![allow(clippy::disallowed_methods)]

use super::ExitStatus;
use super::install::apply::{Turn, take_away};
use super::install::files::remove_if_empty;
use super::install::leftovers::sweep_scripts;
use super::install::told::{Told, shown};
use super::install::{Ground, ground, managers};
use crate::input::hooks::{self, Home, RealGround};
use crate::install::manager::{self, InUse, Wanted};
use crate::install::plan::{self, ASIDE, Place, Undo};
use crate::install::{EARLIER, Hook};
use std::path::{Path, PathBuf};

/// Arguments of `uninstall`.
#[derive(Debug, Default, clap::Args)]
#[command(after_help = "Examples:
  paralint uninstall              the hooks as they were before
  paralint uninstall --write      also what is in files that may be tracked

What is not paralint's, or was changed since, is left and named.

Exit codes: 0 nothing of paralint is left, 1 something is left for you to do, 2 could not be done.")]
pub(super) struct Arguments {
    /// Also change files that may be tracked: hooks in the work tree, the configuration of another program
    #[arg(long)]
    write: bool,
}

pub(super) fn run(arguments: &Arguments) -> ExitStatus {
    let mut told = Told::default();
    match std::env::current_dir() {
        Ok(folder) => uninstall(&mut told, &folder, arguments),
        Err(why) => told.fail(format!("failed to read the current folder: {why}"), "go to a folder that is there"),
    }
    told.end()
}

fn uninstall(told: &mut Told, folder: &Path, arguments: &Arguments) {
    let ground = match ground(folder) {
        Ok(ground) => ground,
        Err(error) => return told.fail(error.message, error.hint.unwrap_or_default()),
    };
    let _turn = Turn::take(&ground.common_dir);
    let real = RealGround::new(&ground.root, &ground.hooks);
    // Hook by hook, since a file may have paralint in one of them alone.
    let uses: Vec<InUse> = Hook::ALL.iter().flat_map(|hook| manager::in_use(&real, &Wanted { hooks: vec![*hook], gates: false })).collect();
    managers::uninstall(told, &ground.root, &uses, arguments.write);
    // Where git looked before `core.hooksPath` was set, ours may still lie.
    let mut places: Vec<(PathBuf, Home)> = vec![(ground.hooks.folder.clone(), ground.hooks.home)];
    let own = ground.common_dir.join("hooks");
    if hooks::real(&own) != hooks::real(&ground.hooks.folder) {
        places.push((own, Home::Clone));
    }
    for (folder, home) in places {
        if home == Home::Clone || (home == Home::WorkTree && arguments.write) {
            Hook::ALL.into_iter().for_each(|hook| told.swept(&ground.root, &sweep_scripts(&folder, hook)));
        }
        let written_before = std::mem::take(&mut told.is_written);
        for hook in Hook::ALL {
            take_all(told, &ground, (&folder, home), hook, arguments);
        }
        let is_folder = std::fs::symlink_metadata(&folder).is_ok_and(|data| data.is_dir());
        if home == Home::WorkTree && told.is_written && is_folder {
            remove_if_empty(&ground.root, Some(&folder));
        }
        told.is_written |= written_before;
    }
    if told.lines.is_empty() && told.errors.is_empty() {
        told.say("paralint is not installed here: nothing to take away");
    }
}

/// Takes one hook away: where git looks for it, and where a hooks manager put it since.
fn take_all(told: &mut Told, ground: &Ground, (folder, home): (&Path, Home), hook: Hook, arguments: &Arguments) {
    let mut order = vec!["", ASIDE[0], ASIDE[1]];
    // An earlier hook belongs to the script that runs it.
    if hooks::place(folder, hook).is_ok_and(|place| place.now.is_some() && !place.is_ours()) {
        order.rotate_left(1);
    }
    for aside in order {
        match hooks::place_aside(folder, hook, aside) {
            Ok(place) => {
                let is_left = take(told, ground, (folder, home), &place, arguments);
                if is_left {
                    return;
                }
            }
            Err(why) => {
                let path = shown(&ground.root, &folder.join(format!("{}{aside}", hook.name())));
                return told.fail(format!("failed to read {path}: {why}"), "check the folder and its permissions");
            }
        }
    }
}

/// Takes away what is ours at one place. Returns whether something of it is left.
fn take(told: &mut Told, ground: &Ground, (folder, home): (&Path, Home), place: &Place, arguments: &Arguments) -> bool {
    let path = shown(&ground.root, &folder.join(place.name()));
    let undo = plan::undo(place);
    let left = match &undo {
        Undo::Nothing => return false,
        Undo::ByHand { why } => Some(why.as_str()),
        _ if home == Home::MainWorkTree => Some("it is part of the main worktree; `paralint uninstall --write` there takes it away"),
        _ if home == Home::Elsewhere => Some("other repositories may use it too; take it away yourself where none of them needs it"),
        _ if home == Home::WorkTree && !arguments.write => Some("it is part of the work tree; `paralint uninstall --write` takes it away"),
        _ => None,
    };
    if let Some(why) = left {
        told.leave(format!("{path}: {why}"));
        return true;
    }
    if let Err(why) = take_away(folder, place, &undo) {
        told.fail(format!("failed to change {path}: {why}"), "check the folder and its permissions; everything there is as it was");
        return true;
    }
    told.is_written = true;
    told.say(match undo {
        Undo::PutBack => format!("put {path} back as it was before paralint"),
        Undo::DropSecondName => format!("removed {path}{EARLIER}, a second name of {path}"),
        _ => format!("removed {path}"),
    });
    false
}
