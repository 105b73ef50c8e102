//! hk: hk.pkl, a program in Pkl.

use super::{Change, Ground, InUse, Manager, Wanted, edit_of_all, first_file, is_in_place, mention, not_installed};
use crate::install::Hook;

pub(super) const MANAGER: Manager = Manager { name: "hk", recognise };

/// In the order in which hk looks for them; the first one counts.
const FILES: [&str; 4] = ["hk.local.pkl", ".config/hk.local.pkl", "hk.pkl", ".config/hk.pkl"];
/// A word in each hook that hk puts in place.
const WORD: &str = "hk run";

fn recognise(ground: &dyn Ground, wanted: &Wanted) -> Option<InUse> {
    let (path, text) = first_file(ground, FILES)?;
    let is_in_place = is_in_place(ground, WORD);
    let seen = if is_in_place { format!("{path}, and the hook that hk put in place") } else { path.clone() };
    let edit = edit_of_all(path, text, wanted, lines(wanted), |text| {
        if mention::runs_check(text) {
            return Change::Done;
        }
        Change::Refused("it is a program in Pkl, and paralint cannot tell what another line does in it".to_owned())
    });
    Some(InUse {
        manager: MANAGER.name,
        seen,
        is_in_place,
        edits: vec![edit],
        then: (!not_installed(ground, wanted, WORD).is_empty()).then(|| "hk install".to_owned()),
        notes: vec![
            "keep the steps that a hook has, and add this one to them".to_owned(),
            "with `stash` hk puts unstaged changes aside while its steps run; a kill in that time can leave them there".to_owned(),
            "steps are not told what is pushed, so what is checked out is checked".to_owned(),
            "HK_SKIP_STEPS=paralint passes this step over, HK=0 all of hk".to_owned(),
        ],
    })
}

/// hk reads itself what git says of a push, and hands nothing of it on.
fn command(hook: Hook, wanted: &Wanted) -> String {
    let nobody_says = if hook == Hook::PrePush { " --checked-out" } else { "" };
    format!("{}{nobody_says}", wanted.command(hook))
}

fn lines(wanted: &Wanted) -> String {
    let hooks = wanted.hooks.iter().map(|hook| {
        format!(
            "    [\"{}\"] {{\n        steps {{\n            [\"paralint\"] {{ check = \"{}\" }}\n        }}\n    }}\n",
            hook.name(),
            command(*hook, wanted)
        )
    });
    format!("hooks {{\n{}}}\n", hooks.collect::<String>())
}
