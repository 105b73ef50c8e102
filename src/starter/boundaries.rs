//! The text of BOUNDARIES.json: plain JSON without comments, since agents and other tools read it, too. What it means stands in
//! descriptions.

use super::areas::Area;
use super::quote::json;
use std::fmt::Write;

const DESCRIPTION: &str = "Who may change what. Made by `paralint init`; change it freely, and `paralint check` tells what is wrong with it. \
    A leading / is the root of the repository, a trailing / a folder, a leading ! takes paths out; otherwise globs as in .gitignore. \
    An agent is known by the name of its area (--agent, PARALINT_AGENT, `git config paralint.agent`, a branch). \
    It may change what its area holds, and make what can_create names. Whatever is in no area is forbidden to it, and so is what has \
    parallel_safe: false: that is for people. Lock files that no area holds are only a warning.";

const EXAMPLE: &str = "There was nothing to make areas from. Give this one a name and paths, such as \\\"/src/features/login/\\\", and add one for each part \
    that an agent may work on by itself.";

/// The text.
pub(super) fn text(areas: &[Area]) -> String {
    let mut text = format!("{{\n  \"description\": {},\n  \"boundaries\": {{\n", json(DESCRIPTION));
    if areas.is_empty() {
        let _ = write!(
            text,
            "    \"first-area\": {{\n      \"description\": \"{EXAMPLE}\",\n      \"owner\": \"unassigned\",\n      \"paths\": []\n    }}"
        );
    }
    for (index, area) in areas.iter().enumerate() {
        text.push_str(if index == 0 { "" } else { ",\n" });
        write_area(&mut text, area);
    }
    text.push_str("\n  }\n}\n");
    text
}

fn write_area(text: &mut String, area: &Area) {
    let owner = area.owner.as_deref().unwrap_or("unassigned");
    let _ = writeln!(text, "    {}: {{", json(&area.name));
    let _ = writeln!(text, "      \"description\": {},", json(&area.description));
    let _ = writeln!(text, "      \"owner\": {},", json(owner));
    write_list(text, "paths", &area.paths);
    if !area.can_create.is_empty() {
        write_list(text, "can_create", &area.can_create);
    }
    let _ = write!(text, "      \"parallel_safe\": {}\n    }}", !area.is_shared);
}

fn write_list(text: &mut String, key: &str, items: &[String]) {
    let items: Vec<String> = items.iter().map(|item| json(item)).collect();
    let on_one_line = items.join(", ");
    if on_one_line.len() <= 100 {
        let _ = writeln!(text, "      \"{key}\": [{on_one_line}],");
    } else {
        let _ = writeln!(text, "      \"{key}\": [\n        {}\n      ],", items.join(",\n        "));
    }
}
