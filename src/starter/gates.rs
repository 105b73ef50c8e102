//! The gates that fit what was seen.

use super::ci::Commands;
use super::languages::{ECOSYSTEMS, Project, projects};
use super::survey::Survey;
use std::collections::BTreeSet;

/// A gate as it will be written.
#[derive(Debug, Clone)]
pub(super) struct Gate {
    /// Its name: unique, of plain letters.
    pub(super) name: String,
    /// The program and its arguments: never through a shell.
    pub(super) run: Vec<String>,
    /// From what it was made; one sentence.
    pub(super) why: String,
    /// Patterns of changed files; always without any.
    pub(super) changed: Vec<String>,
    /// The folder that it runs in; the root without one.
    pub(super) dir: Option<String>,
    pub(super) resource: Option<&'static str>,
    pub(super) weight: u32,
    pub(super) timeout: &'static str,
    /// It is not for drafts.
    pub(super) is_thorough: bool,
    /// Why it is written as a comment.
    pub(super) example: Option<String>,
}

/// A command as its words.
pub(super) fn words(words: Vec<&str>) -> Vec<String> {
    words.into_iter().map(str::to_owned).collect()
}

impl Gate {
    pub(super) fn new(name: &str, run: Vec<String>) -> Gate {
        Gate {
            name: name.to_owned(),
            run,
            why: String::new(),
            changed: Vec::new(),
            dir: None,
            resource: None,
            weight: 1,
            timeout: "10m",
            is_thorough: false,
            example: None,
        }
    }

    pub(super) fn why(self, why: &str) -> Gate {
        Gate { why: why.to_owned(), ..self }
    }

    pub(super) fn when(self, changed: Vec<String>) -> Gate {
        Gate { changed, ..self }
    }

    pub(super) fn resource(self, resource: &'static str) -> Gate {
        Gate { resource: Some(resource), ..self }
    }

    pub(super) fn weight(self, weight: u32) -> Gate {
        Gate { weight, ..self }
    }

    pub(super) fn timeout(self, timeout: &'static str) -> Gate {
        Gate { timeout, ..self }
    }

    pub(super) fn not_in_drafts(self) -> Gate {
        Gate { is_thorough: true, ..self }
    }

    pub(super) fn only_example(self, why: &str) -> Gate {
        Gate { example: Some(why.to_owned()), ..self }
    }
}

/// Every gate, and what is to be said of what has none.
pub(super) fn gates(survey: &Survey) -> (Vec<Gate>, Vec<String>, Vec<String>) {
    let commands = Commands::new(survey);
    let (mut gates, mut seen, mut notes): (Vec<Gate>, Vec<String>, Vec<String>) = (Vec::new(), Vec::new(), Vec::new());
    let mut served: BTreeSet<String> = BTreeSet::new();
    let mut found: Vec<(&'static str, Gate)> = Vec::new();
    for ecosystem in ECOSYSTEMS {
        let (projects, said) = projects(ecosystem, survey);
        notes.extend(said);
        for (folder, manifest) in projects {
            let is_served = served.contains(&folder);
            let project = Project { survey, commands: &commands, folder: folder.clone(), manifest, is_served };
            let own = (ecosystem.gates)(&project);
            let active = own.iter().filter(|gate| gate.example.is_none()).count();
            let broken = project.broken();
            let why = || broken.as_ref().map_or_else(|| reason(ecosystem.name, &own), |_| "it cannot be read".to_owned());
            seen.push(format!("{} ({}): {}", ecosystem.name, project.path(&project.manifest), counted(active, why)));
            notes.extend(broken);
            if active > 0 {
                served.insert(folder.clone());
            }
            let dir = (!folder.is_empty()).then_some(folder);
            found.extend(own.into_iter().map(|gate| (ecosystem.name, Gate { dir: dir.clone(), ..gate })));
        }
    }
    let mut names: BTreeSet<String> = BTreeSet::new();
    let twice: BTreeSet<String> = found
        .iter()
        .filter(|(_, gate)| found.iter().filter(|(_, other)| other.name == gate.name).count() > 1)
        .map(|(_, gate)| gate.name.clone())
        .collect();
    for (ecosystem, gate) in found {
        let name = if twice.contains(&gate.name) { longer(&gate, ecosystem) } else { gate.name.clone() };
        let name = super::names::unique(&name, &mut names);
        gates.push(Gate { name, ..gate });
    }
    (gates, seen, notes)
}

fn counted(active: usize, why: impl Fn() -> String) -> String {
    match active {
        0 => format!("no gate ({})", why()),
        1 => "1 gate".to_owned(),
        _ => format!("{active} gates"),
    }
}

/// Why a project has no gate.
fn reason(ecosystem: &str, own: &[Gate]) -> String {
    if let Some(why) = own.first().and_then(|gate| gate.example.as_ref()) {
        return format!("an example only: {why}");
    }
    match ecosystem {
        "JavaScript" => "no script for lint, test or build",
        "Python" => "no tool such as pytest, ruff or mypy is configured, needed or run by CI",
        "make" | "just" => "no target lint, test or check",
        _ => "no tool for checks is configured",
    }
    .to_owned()
}

/// A name that tells the folder, or at the root the family.
fn longer(gate: &Gate, ecosystem: &str) -> String {
    let which = gate.dir.as_deref().unwrap_or(ecosystem);
    super::names::plain(&format!("{which}-{}", gate.name))
}
