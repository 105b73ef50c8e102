//! The fields of an object of which some are known by name.

use super::json::{Member, Value};
use super::source::Hinted;
use super::time;
use crate::model::mark::Located;
use crate::model::moment::Moment;
use crate::model::state::StateError;
use rustc_hash::FxHashSet;

/// Keys that people write for people. They hold no policy and no state.
pub(super) const COMMENTS: &[&str] = &[
    "description",
    "comment",
    "comments",
    "note",
    "notes",
    "reason",
    "title",
    "version",
    "created",
    "created_at",
    "updated",
    "updated_at",
    "last_updated",
];

/// More remarks than this help nobody.
const MOST_REMARKS: usize = 100;

/// What was read over.
#[derive(Default)]
pub(super) struct Remarks {
    seen: FxHashSet<String>,
    /// In the order in which it was met.
    pub(super) found: Vec<Located<String>>,
}

impl Remarks {
    fn ignored(&mut self, member: &Member<'_>, what: &str) {
        self.add(member, format!("unknown key `{}` in {what} is ignored", member.key));
    }

    /// Says something of a key, once.
    pub(super) fn add(&mut self, member: &Member<'_>, said: String) {
        if self.found.len() < MOST_REMARKS && self.seen.insert(said.clone()) {
            self.found.push(Located { value: said, mark: member.name().mark });
        }
    }
}

/// Whether a key is a comment by its look, whatever it holds.
pub(super) fn is_hidden(key: &str) -> bool {
    key.starts_with(['_', '$']) || key.starts_with("//")
}

/// Whether an entry is a comment: by the look of its key, or by its name where the value holds nothing further.
pub(super) fn is_comment(member: &Member<'_>) -> bool {
    is_hidden(&member.key) || COMMENTS.contains(&member.key.as_str()) && member.value.is_scalar()
}

/// An object's entries.
pub(super) struct Fields<'d> {
    object: Value<'d>,
    what: &'static str,
    members: Vec<Member<'d>>,
}

impl<'d> Fields<'d> {
    /// Reads an object: `what` it is (`a lock`), and the keys that it may have. A key that is nearly a known one is an
    /// error, since it would be lost; any other is read over and remarked.
    pub(super) fn read(object: Value<'d>, what: &'static str, known: &[&str], remarks: &mut Remarks) -> Result<Fields<'d>, StateError> {
        let members = object.members(&format!("an object for {what}"))?;
        let missing: Vec<&str> = known.iter().copied().filter(|name| members.iter().all(|member| member.key != *name)).collect();
        for member in &members {
            if known.contains(&member.key.as_str()) || is_hidden(&member.key) || COMMENTS.contains(&member.key.as_str()) {
                continue;
            }
            if let Some(near) = nearly(&member.key, &missing) {
                let message = format!("unknown key `{}` in {what}", member.key);
                return Err(member.written.error(message).hinted(format!("did you mean `{near}`?")));
            }
            remarks.ignored(member, what);
        }
        Ok(Fields { object, what, members })
    }

    /// Whether a key is there, be it `null`.
    pub(super) fn has(&self, key: &str) -> bool {
        self.members.iter().any(|member| member.key == key)
    }

    /// The value of a key; `null` is no value.
    pub(super) fn get(&self, key: &str) -> Option<Value<'d>> {
        self.members.iter().find(|member| member.key == key).map(|member| member.value).filter(|value| !value.is_null())
    }

    /// The value of a key that has to be there.
    pub(super) fn required(&self, key: &str) -> Result<Value<'d>, StateError> {
        self.get(key).ok_or_else(|| self.object.error(format!("{} has no `{key}`", self.what)).hinted(format!("add `\"{key}\": …`")))
    }

    /// A list of strings; none where the key is missing.
    pub(super) fn strings(&self, key: &str) -> Result<Vec<Located<String>>, StateError> {
        self.get(key).map_or(Ok(Vec::new()), Value::strings)
    }

    /// A string; an empty one is none.
    pub(super) fn string(&self, key: &str) -> Result<Option<Located<String>>, StateError> {
        let text = self.get(key).map(|value| value.string("a string")).transpose()?;
        Ok(text.filter(|text| !text.value.trim().is_empty()))
    }

    /// A string's text for show. What is no string is none: nothing is decided by it.
    pub(super) fn remark(&self, key: &str) -> Option<String> {
        self.string(key).ok().flatten().map(|text| text.value)
    }

    /// `true` or `false`.
    pub(super) fn boolean(&self, key: &str) -> Result<Option<Located<bool>>, StateError> {
        self.get(key).map(Value::boolean).transpose()
    }

    /// A time; an empty string is none.
    pub(super) fn time(&self, key: &str) -> Result<Option<Located<Moment>>, StateError> {
        let Some(text) = self.string(key)? else { return Ok(None) };
        let moment = time::moment(&text.value).ok_or_else(|| StateError {
            message: format!("`{key}` is no time"),
            mark: text.mark.clone(),
            hint: Some("write it as 2026-03-01T10:02:00Z, or without `Z` for local time".to_owned()),
        })?;
        Ok(Some(Located { value: moment, mark: text.mark }))
    }
}

/// The key that a misspelt one most likely stands for. Stricter than for a configuration: other keys are nobody's mistake.
fn nearly<'n>(wrong: &str, names: &[&'n str]) -> Option<&'n str> {
    let plain = |text: &str| text.to_lowercase().replace(['-', ' ', '_'], "");
    if wrong.len() > 64 {
        return None;
    }
    let typed = plain(wrong);
    let scored = names.iter().map(|name| (strsim::damerau_levenshtein(&typed, &plain(name)), *name));
    scored.filter(|(distance, name)| *distance <= slips(name)).min().map(|(_, name)| name)
}

/// How many slips of the finger still leave a name to be seen.
fn slips(name: &str) -> usize {
    match name.len() {
        0..=2 => 0,
        3..=5 => 1,
        6..=9 => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::nearly;

    #[test]
    fn slips_are_seen_and_other_words_are_not() {
        let task = ["id", "name", "agent", "status", "paths", "started", "completed"];
        for (wrong, right) in [
            ("stauts", "status"),
            ("Status", "status"),
            ("agents", "agent"),
            ("path", "paths"),
            ("complete", "completed"),
            ("start", "started"),
        ] {
            assert_eq!(nearly(wrong, &task), Some(right), "{wrong}");
        }
        for other in ["wave", "date", "type", "progress", "priority", "ip", "owner", "result", "duration"] {
            assert_eq!(nearly(other, &task), None, "{other}");
        }
        assert_eq!(nearly("currentPhase", &["current_phase"]), Some("current_phase"));
    }
}
