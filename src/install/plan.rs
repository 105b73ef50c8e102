//! What has to happen at one place where git looks for a hook, from what is there. Pure.

use super::Hook;
use super::script::{self, VERSION};

/// What stands at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// A file, a link or something else.
    pub kind: Kind,
    /// git would run it: it is executable, or leads to something that is.
    pub runs: bool,
    /// What is in it, through a link; empty where that cannot be read or is no script by its size.
    pub bytes: Vec<u8>,
}

/// What kind of thing stands at a path, without following links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A symbolic link, wherever it leads.
    Link,
    /// A folder, a pipe, a device.
    Other,
}

/// One place where git looks for a hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Which hook it is.
    pub hook: Hook,
    /// What a hooks manager put behind the name of the hook that it found ([`ASIDE`]); empty where git looks itself.
    pub aside: &'static str,
    /// What git finds there.
    pub now: Option<Found>,
    /// What is kept beside it under the name of an earlier hook.
    pub earlier: Option<Found>,
    /// The two are one file under two names: an installation was cut off between its two steps.
    pub is_one_file: bool,
}

/// What hooks managers put behind the name of a hook that was there before them: pre-commit and prek run it, lefthook does not.
pub const ASIDE: [&str; 2] = [".legacy", ".old"];

impl Place {
    /// The name of the file.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}{}", self.hook.name(), self.aside)
    }

    /// A script of ours is there, changed or not.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        self.now.as_ref().is_some_and(|now| script::recognise(self.hook, &now.bytes).is_some())
    }
}

/// What an installation does at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Nothing: paralint runs there. `why` says what is particular about it.
    InPlace {
        /// What is to be known of it.
        why: Option<&'static str>,
    },
    /// Write the script where no hook is.
    Write {
        /// It runs the gates too.
        gates: bool,
        /// An earlier hook is kept there, and will run again.
        revives: bool,
    },
    /// Keep the hook that is there under its second name, then write the script in its place.
    Chain {
        /// It runs the gates too.
        gates: bool,
        /// The hook that is kept is one that git runs.
        runs: bool,
        /// It has its second name already.
        is_kept: bool,
    },
    /// Replace a script of ours.
    Update {
        /// It runs the gates too.
        gates: bool,
        /// What is other than before.
        why: &'static str,
    },
    /// Something that only the user can do.
    ByHand {
        /// Why, and what.
        why: String,
    },
    /// It cannot be done here.
    Refused {
        /// Why.
        why: String,
        /// What to do.
        hint: String,
    },
}

/// What taking paralint away does at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undo {
    /// Nothing of ours is there.
    Nothing,
    /// Take our script away.
    Remove,
    /// Put the earlier hook back, over our script if that is there.
    PutBack,
    /// Take the second name away that the user's hook has.
    DropSecondName,
    /// Something that only the user can do.
    ByHand {
        /// Why, and what.
        why: String,
    },
}

/// What an installation has to do. `gates`: the hook is to run the gates too.
#[must_use]
pub fn step(place: &Place, gates: bool) -> Step {
    let (name, earlier) = (place.hook.name(), place.hook.earlier_name());
    let Some(now) = &place.now else {
        return Step::Write { gates, revives: place.earlier.as_ref().is_some_and(|earlier| earlier.runs) };
    };
    if now.kind == Kind::Other {
        return Step::Refused { why: format!("{name} is no file there"), hint: "move it away, then install again".to_owned() };
    }
    match script::recognise(place.hook, &now.bytes) {
        Some(ours) if ours.is_changed => Step::ByHand { why: changed(now) },
        Some(ours) => ours_is_there(now, ours, gates),
        None if place.earlier.is_none() || place.is_one_file => Step::Chain { gates, runs: now.runs, is_kept: place.is_one_file },
        None => Step::Refused {
            why: format!("there is a hook {name} that is not paralint's, and an earlier one is kept as {earlier} already"),
            hint: format!("make one of the two, without {earlier}, then install again"),
        },
    }
}

/// A script of ours that somebody changed may do anything, or nothing.
fn changed(now: &Found) -> String {
    let what = script::fault(&now.bytes).unwrap_or_else(|| "whether it still checks is not known".to_owned());
    format!("it was changed since paralint wrote it, and {what}; it is left: delete it and install again to have paralint's own")
}

/// What is to be done where a script of ours is, as it was written.
fn ours_is_there(now: &Found, ours: script::Script, gates: bool) -> Step {
    let wants_gates = gates && !ours.gates;
    let is_ours_to_write = now.kind == Kind::File && ours.version <= VERSION;
    let mend = if wants_gates {
        Some("write gates=yes in it")
    } else if !now.runs {
        Some("make it executable: git does not run it as it is")
    } else {
        None
    };
    let what = match now.kind {
        Kind::Link => "it is a link of yours",
        _ => "from a newer paralint",
    };
    match mend {
        Some(mend) if !is_ours_to_write => Step::ByHand { why: format!("{what}, so it is left as it is: {mend}") },
        Some(_) if wants_gates => Step::Update { gates: true, why: "it runs the gates too from now on" },
        Some(_) => Step::Update { gates: ours.gates, why: "it was not executable, so git did not run it" },
        None if is_ours_to_write && ours.version < VERSION => Step::Update { gates: ours.gates, why: "it was from an older paralint" },
        None => Step::InPlace { why: (!is_ours_to_write).then_some(what) },
    }
}

/// What taking paralint away has to do.
#[must_use]
pub fn undo(place: &Place) -> Undo {
    let (name, earlier) = (place.name(), place.hook.earlier_name());
    let by_hand = |why: String| Undo::ByHand { why };
    let is_aside = !place.aside.is_empty();
    let Some(now) = &place.now else {
        return if place.earlier.is_some() && !is_aside { Undo::PutBack } else { Undo::Nothing };
    };
    match (script::recognise(place.hook, &now.bytes), &place.earlier) {
        (Some(_), kept) if now.kind != Kind::File => {
            by_hand(format!("it is a link of yours: take it away yourself{}", and_back(kept, &earlier, &name)))
        }
        (Some(ours), kept) if ours.is_changed => by_hand(format!(
            "it was changed since, so it is left as it is: look what you need of it, delete it{}",
            and_back(kept, &earlier, &name)
        )),
        (Some(_), Some(_)) => Undo::PutBack,
        (Some(_), None) => Undo::Remove,
        (None, _) if is_aside => Undo::Nothing,
        (None, Some(_)) if place.is_one_file => Undo::DropSecondName,
        (None, Some(_)) => {
            by_hand(format!("it is not paralint's, and the script of paralint that ran {earlier} is gone: make one hook {name} of the two"))
        }
        (None, None) => Undo::Nothing,
    }
}

/// What to do with an earlier hook, as the end of a sentence.
fn and_back(kept: &Option<Found>, earlier: &str, name: &str) -> String {
    if kept.is_some() { format!(", and rename {earlier} back to {name}") } else { String::new() }
}
