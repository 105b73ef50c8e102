//! Source folders, by where they usually lie.

use super::survey::{Survey, is_foreign};

/// Folders whose folders are areas; the first that holds more than one counts, and others of its line.
const CONTAINERS: &[&[&str]] = &[
    &["src/features", "src/modules", "features"],
    &["packages", "apps", "services", "crates", "plugins", "modules", "projects", "components"],
    &["internal", "cmd", "pkg"],
    &["src", "app", "lib"],
];

/// Endings of sources.
const SOURCES: &[&str] = &[
    "c", "cc", "clj", "cpp", "cs", "cxx", "dart", "erl", "ex", "exs", "fs", "go", "h", "hpp", "hs", "java", "jl", "js", "jsx", "kt", "lua",
    "m", "mjs", "ml", "mts", "php", "pl", "py", "r", "rb", "rs", "scala", "sh", "sol", "sql", "svelte", "swift", "tf", "ts", "tsx", "vue",
    "zig",
];

/// Folders at the root that hold no work of their own.
const ASIDE: &[&str] =
    &["doc", "docs", "test", "tests", "spec", "specs", "e2e", "scripts", "tools", "bin", "benches", "fuzz", "assets", "public"];

/// So far down a folder that is alone is followed.
const DEEPEST: usize = 3;

/// The folders, and what they are.
pub(super) fn folders(survey: &Survey) -> (Vec<String>, String) {
    for line in CONTAINERS {
        let found: Vec<(&str, Vec<String>)> =
            line.iter().map(|container| (*container, with_sources(survey, container))).filter(|(_, all)| !all.is_empty()).collect();
        if found.iter().map(|(_, all)| all.len()).sum::<usize>() > 1 {
            let names: Vec<String> = found.iter().map(|(container, _)| format!("{container}/")).collect();
            return (found.into_iter().flat_map(|(_, all)| all).collect(), format!("the folders in {}", names.join(", ")));
        }
    }
    let top: Vec<String> = with_sources(survey, "").into_iter().filter(|folder| !ASIDE.contains(&folder.as_str())).collect();
    // A copy of somebody else's project has its own licence.
    let (copies, own): (Vec<String>, Vec<String>) = top.into_iter().partition(|folder| has_licence(survey, folder));
    let top = if own.is_empty() && copies.len() > 1 { copies } else { own };
    // A package that is named as the project, and has its parts inside: `pack/a`, `lib/pack/a`.
    if let [one] = top.as_slice() {
        let mut folder = one.clone();
        for _ in 0..DEEPEST {
            let inside = with_sources(survey, &folder);
            match inside.as_slice() {
                [] => break,
                [only] => folder = only.clone(),
                _ => return (inside, format!("the folders in {folder}/")),
            }
        }
    }
    (top, "the source folders at the root".to_owned())
}

/// The folders of a folder that hold sources.
fn with_sources(survey: &Survey, container: &str) -> Vec<String> {
    let folders = survey.folders_in(container).into_iter();
    // A package's own folder of tests stands beside its sources.
    let is_own = |folder: &String| {
        !folder.rsplit('/').next().unwrap_or(folder).starts_with('.')
            && !is_foreign(&format!("{folder}/x"))
            && !matches!(folder.rsplit('/').next(), Some("__pycache__" | "tests" | "test" | "bin") if !container.is_empty())
    };
    folders.filter(is_own).filter(|folder| has_sources(survey, folder)).collect()
}

/// Sources lie in a folder, or below it.
pub(super) fn has_sources(survey: &Survey, folder: &str) -> bool {
    survey.below(folder).iter().any(|file| is_source(file.file_name()))
}

fn has_licence(survey: &Survey, folder: &str) -> bool {
    let is_licence = |name: &[u8]| [&b"license"[..], b"licence", b"copying"].iter().any(|word| name.to_ascii_lowercase().starts_with(word));
    survey.below(folder).iter().any(|file| !file.as_bytes()[folder.len() + 1..].contains(&b'/') && is_licence(file.file_name()))
}

fn is_source(name: &[u8]) -> bool {
    let ending = name.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    ending.len() < name.len() && SOURCES.iter().any(|source| source.as_bytes() == ending)
}
