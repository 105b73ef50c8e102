//! Rules that one run leaves out, as `PARALINT_SKIP` names them. The text comes from `cli`; nothing here reads the environment.

use super::nearest;
use crate::rules::{self, RULES, Rule};

/// The rule that cannot be left out: a file that cannot be used leaves unknown what it says.
const KEPT: &str = "invalid-state";

/// The rules that a list names, each once, in the order of `paralint rule`: `claimed-serial, overlap/mixed-ownership`.
///
/// Spaces and empty entries do not count. Fails with a message and a hint where a name is no rule's, or of a rule that
/// cannot be left out.
pub fn parse(list: &str) -> Result<Vec<&'static str>, (String, String)> {
    let mut named = Vec::new();
    for name in list.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let rule = find(name).ok_or_else(|| (format!("unknown rule `{name}`"), instead(name)))?;
        if rule.name == KEPT {
            let hint = format!("mend the file, or take `{name}` out of the list");
            return Err((format!("`{name}` cannot be skipped: what a file that cannot be used would say is not known"), hint));
        }
        named.push(rule.name);
    }
    Ok(RULES.iter().map(|rule| rule.name).filter(|name| named.contains(name)).collect())
}

/// The rule of a name, with or without its family. A wrong family is a wrong name.
fn find(name: &str) -> Option<&'static Rule> {
    match name.split_once('/') {
        None => rules::find(name),
        Some((family, plain)) => rules::find(plain).filter(|rule| rule.family == family),
    }
}

/// What somebody may have meant who named no rule.
fn instead(name: &str) -> String {
    let family = name.trim_end_matches('*').trim_end_matches('/');
    let of_family: Vec<&str> = RULES.iter().filter(|rule| rule.family == family).map(|rule| rule.name).collect();
    if !of_family.is_empty() {
        return format!("`{family}` is a family; name its rules: {}", of_family.join(", "));
    }
    let plain = name.rsplit('/').next().unwrap_or(name);
    match nearest(plain, RULES.iter().map(|rule| rule.name)).and_then(rules::find) {
        Some(near) if name.contains('/') => format!("did you mean `{}/{}`?", near.family, near.name),
        Some(near) => format!("did you mean `{}`?", near.name),
        None => "`paralint rule` lists them all".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{KEPT, parse};
    use crate::rules::RULES;
    use proptest::prelude::*;

    #[test]
    fn names_are_taken_with_and_without_their_family_and_once_each() {
        assert_eq!(parse(""), Ok(Vec::new()));
        assert_eq!(parse(" , ,"), Ok(Vec::new()));
        let both = parse(" overlap/mixed-ownership , claimed-serial,claims/claimed-serial,");
        assert_eq!(both, Ok(vec!["claimed-serial", "mixed-ownership"]));
    }

    #[test]
    fn a_name_that_is_no_rules_comes_with_the_nearest() {
        let hint = |list: &str| parse(list).unwrap_err().1;
        assert_eq!(hint("claimed-serail"), "did you mean `claimed-serial`?");
        assert_eq!(hint("idle-agent,overlap/claimed-serial"), "did you mean `claims/claimed-serial`?");
        assert!(hint("limits/*").ends_with("name its rules: too-many-agents, low-utilisation"));
        assert_eq!(hint("limits"), hint("limits/*"));
        assert_eq!(hint("zzzzzzzzzzzz"), "`paralint rule` lists them all");
        assert_eq!(hint("*"), "`paralint rule` lists them all");
    }

    #[test]
    fn what_cannot_be_used_cannot_be_skipped_away() {
        for name in [KEPT, "state/invalid-state"] {
            assert!(parse(name).unwrap_err().0.contains("cannot be skipped"), "{name}");
        }
    }

    proptest! {
        #[test]
        fn every_list_of_rules_is_taken_whatever_stands_between(
            picked in prop::collection::vec((0..RULES.len(), any::<bool>(), " {0,3}"), 0..8)
        ) {
            let picked: Vec<_> = picked.into_iter().filter(|(index, ..)| RULES[*index].name != KEPT).collect();
            let entry = |(index, with_family, space): &(usize, bool, String)| {
                let rule = RULES[*index];
                let family = if *with_family { format!("{}/", rule.family) } else { String::new() };
                format!("{space}{family}{}{space}", rule.name)
            };
            let list = picked.iter().map(entry).collect::<Vec<_>>().join(",");
            let parsed = parse(&list).unwrap();
            prop_assert!(picked.iter().all(|(index, ..)| parsed.contains(&RULES[*index].name)));
            prop_assert!(parsed.iter().all(|name| picked.iter().any(|(index, ..)| RULES[*index].name == *name)));
        }

        #[test]
        fn no_text_is_taken_for_a_rule_that_it_does_not_name(text in "\\PC{0,40}") {
            if let Ok(named) = parse(&text) {
                prop_assert!(named.iter().all(|name| text.contains(name)));
            }
        }
    }
}
