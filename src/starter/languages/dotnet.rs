//! .NET: build and test of a solution, or of the one project in a folder.

use super::{Ecosystem, Project};
use crate::starter::gates::{Gate, words};

pub(super) const ECOSYSTEM: Ecosystem =
    Ecosystem { name: ".NET", manifests: &[".sln", ".slnx", ".csproj", ".fsproj", ".vbproj"], nests: false, gates };

fn gates(project: &Project<'_>) -> Vec<Gate> {
    let changed = || project.changed(&["**/*.{cs,fs,vb,csproj,fsproj,vbproj,props,targets}", "**/*.{sln,slnx,razor,cshtml}"]);
    let gate = |name: &str, why: &str| {
        Gate::new(name, words(vec!["dotnet", name])).why(why).when(changed()).resource("dotnet").weight(2).timeout("20m").not_in_drafts()
    };
    // Where there are several, the program asks which one is meant.
    let (ending, own) = (project.manifest.rsplit('.').next().unwrap_or_default(), project.survey.below(&project.folder));
    let skip = if project.folder.is_empty() { 0 } else { project.folder.len() + 1 };
    let is_alike = |path: &[u8]| !path[skip..].contains(&b'/') && path.ends_with(format!(".{ending}").as_bytes());
    let gates = vec![gate("build", "Everything compiles."), gate("test", "The tests.")];
    if own.iter().filter(|file| is_alike(file.as_bytes())).count() > 1 {
        return gates.into_iter().map(|gate| gate.only_example("several solutions lie there: name the one that is meant")).collect();
    }
    gates
}
