//! BOUNDARIES.json: boundaries at the top, under `boundaries`, or in groups, also mixed.
//!
//! A policy that is half understood is a hole nobody sees, so whatever cannot be a boundary, a group of them or a comment
//! is an error.

use super::fields::{Fields, Remarks, is_comment};
use super::json::{Member, Value};
use super::points::points;
use super::source::Hinted;
use crate::config::nearest;
use crate::model::mark::Located;
use crate::model::state::{Boundary, ParallelGroup, Policy, StateError};
use rustc_hash::FxHashMap;

/// The keys of a boundary that say who may do what.
const KEYS: &[&str] =
    &["owner", "paths", "can_modify", "can_create", "cannot_modify", "dependencies", "conflicts_with", "locked", "parallel_safe"];

/// Of these each boundary has at least one.
const CLAIMS: &[&str] = &["paths", "can_modify", "can_create", "cannot_modify", "dependencies"];

/// Further keys of a boundary that people write for people.
const BOUNDARY_COMMENTS: &[&str] = &["status", "team", "contact"];

/// Top-level keys that are no boundaries.
const SECTIONS: &[&str] = &["boundaries", "parallel_groups", "synchronization_points", "conflict_resolution"];

const SHAPES: &str = "write `{\"NAME\": {\"owner\": …, \"paths\": [\"/src/x/\"]}}`, the same under `boundaries`, or in groups: \
                      `{\"GROUP\": {\"NAME\": {…}}}`; `paralint schema boundaries` prints the schema";

/// Reads the file.
pub(super) fn read(root: Value<'_>, remarks: &mut Remarks) -> Result<Policy, StateError> {
    if !root.is_object() {
        return Err(unknown_shape(root.unexpected("an object of boundaries").hinted(SHAPES)));
    }
    let mut reader = Reader { policy: Policy { path: root.path().to_owned(), ..Policy::default() }, names: FxHashMap::default(), remarks };
    for member in root.members("an object of boundaries")? {
        reader.top(&member)?;
    }
    if reader.policy.boundaries.is_empty() {
        return Err(unknown_shape(root.error("no boundary is in it").hinted(SHAPES)));
    }
    Ok(reader.policy)
}

fn unknown_shape(mut error: StateError) -> StateError {
    error.message = format!("unknown shape: {}", error.message);
    error
}

struct Reader<'d, 'r> {
    policy: Policy,
    names: FxHashMap<String, Value<'d>>,
    remarks: &'r mut Remarks,
}

impl<'d> Reader<'d, '_> {
    /// One key of the whole file.
    fn top(&mut self, member: &Member<'d>) -> Result<(), StateError> {
        let value = member.value;
        match member.key.as_str() {
            "boundaries" => self.group(value),
            "parallel_groups" => self.parallel_groups(value),
            "synchronization_points" => {
                self.policy.points = points(value, false, self.remarks)?;
                Ok(())
            }
            // How agents settle a quarrel among themselves; nothing here asks for it.
            "conflict_resolution" if !claims(value) => Ok(()),
            "conflict_resolution" => {
                Err(member.written.error("`conflict_resolution` is no name for a boundary").hinted("give it another name"))
            }
            _ if is_comment(member) => {
                self.passed_over(member);
                Ok(())
            }
            _ if value.is_object() && is_group(value) => self.group(value),
            _ if value.is_object() => self.boundary(member),
            key => {
                let near = nearest(key, SECTIONS.iter().copied()).map(|near| format!("did you mean `{near}`?"));
                Err(unknown_shape(
                    value.unexpected(&format!("an object for the boundary `{key}`")).hinted(near.unwrap_or_else(|| SHAPES.to_owned())),
                ))
            }
        }
    }

    /// Boundaries by name, one level.
    fn group(&mut self, value: Value<'d>) -> Result<(), StateError> {
        for member in value.members("an object of boundaries")? {
            if is_comment(&member) {
                self.passed_over(&member);
                continue;
            }
            if !member.value.is_object() {
                return Err(member.value.unexpected(&format!("an object for the boundary `{}`", member.key)).hinted(SHAPES));
            }
            if is_group(member.value) {
                return Err(member
                    .written
                    .error(format!("`{}` holds boundaries inside of a group", member.key))
                    .hinted("groups go one level deep; move these boundaries up"));
            }
            self.boundary(&member)?;
        }
        Ok(())
    }

    /// Whoever takes a boundary out by a `_` in front of its name should know that it does not count.
    fn passed_over(&mut self, member: &Member<'d>) {
        if looks_like_boundary(member.value) || member.value.is_object() && is_group(member.value) {
            self.remarks.add(member, format!("`{}` is a comment by its name: what it holds does not count", member.key));
        }
    }

    fn boundary(&mut self, member: &Member<'d>) -> Result<(), StateError> {
        if let Some(first) = self.names.insert(member.key.clone(), member.written) {
            let hint = format!("the other one is on line {}; give each its own name", first.line());
            return Err(member.written.error(format!("two boundaries are named `{}`", member.key)).hinted(hint));
        }
        if member.key.trim().is_empty() {
            return Err(member.written.error("a boundary without a name"));
        }
        let boundary = boundary(member)?;
        self.policy.boundaries.push(boundary);
        Ok(())
    }

    fn parallel_groups(&mut self, value: Value<'d>) -> Result<(), StateError> {
        for member in value.members("an object of groups")? {
            if is_comment(&member) {
                continue;
            }
            let fields = Fields::read(member.value, "a parallel group", &["members", "can_run_parallel", "max_parallel"], self.remarks)?;
            self.policy.groups.push(ParallelGroup {
                name: member.name(),
                members: fields.required("members")?.strings()?,
                can_run_parallel: fields.boolean("can_run_parallel")?,
                max_parallel: fields.get("max_parallel").map(Value::count).transpose()?,
            });
        }
        Ok(())
    }
}

/// Some key of a boundary has a value that only a boundary gives it.
fn is_boundary(value: Value<'_>) -> bool {
    let Ok(members) = value.members("") else { return false };
    members.iter().any(|member| KEYS.contains(&member.key.as_str()) && !looks_like_boundary(member.value))
}

/// An object by which a boundary would claim something.
fn claims(value: Value<'_>) -> bool {
    value.members("").is_ok_and(|members| members.iter().any(|member| CLAIMS.contains(&member.key.as_str())))
}

/// An object of which some key is a boundary's.
fn looks_like_boundary(value: Value<'_>) -> bool {
    value.members("").is_ok_and(|members| members.iter().any(|member| KEYS.contains(&member.key.as_str())))
}

/// An object of boundaries: no key of a boundary, and objects for all that is no comment.
fn is_group(value: Value<'_>) -> bool {
    if is_boundary(value) {
        return false;
    }
    let Ok(members) = value.members("") else { return false };
    let mut entries = members.iter().filter(|member| !is_comment(member)).peekable();
    entries.peek().is_some() && entries.all(|member| member.value.is_object())
}

fn boundary(member: &Member<'_>) -> Result<Boundary, StateError> {
    let mut boundary = Boundary { name: member.name(), ..Boundary::default() };
    let members = member.value.members("an object for a boundary")?;
    for field in &members {
        let value = field.value;
        match field.key.as_str() {
            "owner" => boundary.owner = owner(value)?,
            key @ ("paths" | "can_modify") => {
                boundary.paths.extend(paths(value)?);
                // Where both are there, either will do: the same one whatever their order.
                boundary.paths_key = boundary.paths_key.max(Some(if key == "paths" { "paths" } else { "can_modify" }));
            }
            "can_create" => boundary.can_create = paths(value)?,
            "cannot_modify" => boundary.cannot_modify = paths(value)?,
            "dependencies" => boundary.dependencies = paths(value)?,
            "conflicts_with" => boundary.conflicts_with = paths(value)?,
            "locked" => boundary.locked = Some(value.boolean()?),
            "parallel_safe" => boundary.parallel_safe = Some(value.boolean()?),
            _ if is_comment(field) => {}
            key if BOUNDARY_COMMENTS.contains(&key) && value.is_scalar() => {}
            key => return Err(unknown_key(key, field, member)),
        }
    }
    if !members.iter().any(|field| CLAIMS.contains(&field.key.as_str())) {
        let message = format!("the boundary `{}` claims nothing", member.key);
        return Err(member.written.error(message).hinted("give it `paths`, or remove it"));
    }
    Ok(boundary)
}

fn unknown_key(key: &str, field: &Member<'_>, member: &Member<'_>) -> StateError {
    let known = KEYS.iter().chain(&["description"]).copied();
    let near = nearest(key, known.clone()).or_else(|| nearest(&key.to_lowercase().replace('-', "_"), known));
    let hint = match near {
        Some(near) if near != key => format!("did you mean `{near}`?"),
        _ if field.value.is_object() => "boundaries do not nest; groups of them go one level deep".to_owned(),
        _ => format!("known: {}, description; `comment` for remarks", KEYS.join(", ")),
    };
    field.written.error(format!("unknown key `{key}` in the boundary `{}`", member.key)).hinted(hint)
}

/// Nobody, where the file says so or says nothing.
fn owner(value: Value<'_>) -> Result<Option<Located<String>>, StateError> {
    if value.is_null() {
        return Ok(None);
    }
    let owner = value.string("the name of an owner")?;
    let nobody = matches!(owner.value.trim().to_lowercase().as_str(), "" | "unassigned" | "none");
    Ok((!nobody).then_some(owner))
}

fn paths(value: Value<'_>) -> Result<Vec<Located<String>>, StateError> {
    Ok(value.strings()?.into_iter().map(rooted).collect())
}

/// A literal `{working_directory}` is the root of the repository.
pub(super) fn rooted(mut path: Located<String>) -> Located<String> {
    if let Some(rest) = path.value.strip_prefix("{working_directory}")
        && (rest.is_empty() || rest.starts_with('/'))
    {
        path.value = format!("/{}", rest.trim_start_matches('/'));
    }
    path
}

#[cfg(test)]
#[path = "boundaries_tests.rs"]
mod tests;
