//! The JSON Schema of `paralint.toml`, for editors.

use crate::rules::RULES;
use serde_json::{Value, json};

/// The schema, with the names of all rules.
pub fn schema() -> Value {
    let mut schema: Value = serde_json::from_str(include_str!("schema.json")).unwrap_or_default();
    let names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    for place in ["/properties/rules/propertyNames/enum", "/properties/suppress/items/properties/rule/enum"] {
        if let Some(list) = schema.pointer_mut(place) {
            *list = json!(names);
        }
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::schema;
    use crate::config::Config;
    use serde_json::Value;

    fn agree(text: &str) -> bool {
        let accepted = jsonschema::validator_for(&schema()).unwrap().is_valid(&toml::from_str::<Value>(text).unwrap());
        assert_eq!(accepted, Config::parse("paralint.toml", text).is_ok(), "{text}");
        accepted
    }

    #[test]
    fn it_accepts_the_example_of_the_readme() {
        let readme = include_str!("../../README.md");
        let example = readme.split("<!-- configuration -->").nth(1).unwrap().split("```").nth(1).unwrap();
        assert!(agree(example.strip_prefix("toml").unwrap()));
        assert!(agree(""));
    }

    #[test]
    fn it_accepts_every_key_of_a_gate() {
        let all = "resources = [\"cargo-target\"]\n[gates.fmt]\nrun = [\"rustfmt\", \"--check\", \"{files}\"]\n[gates.test]\nrun = \"cargo test\"\n\
                   when = { changed = [\"**/*.rs\", \"!gen/\"], phases = [\"implementation\", \"wave-2\"], exists = [\"Cargo.toml\"] }\n\
                   needs = [\"fmt\"]\nresources = [\"cargo-target\"]\nweight = 2\ntimeout = \"1h 30m\"\nretries = 2\nbackoff = \"5s\"\n\
                   profiles = [\"draft\", \"bulletproof\"]\nenv = { RUST_BACKTRACE = \"1\" }\ninputs = \"index\"\ndir = \"/web/\"\ngit_env = true\n\
                   cache = false\n[phases.implementation]\ngates = [\"test\"]\n";
        assert!(agree(all));
    }

    #[test]
    fn it_rejects_what_the_program_rejects() {
        for wrong in [
            "[rules]\nclaimed-serail = \"off\"",
            "[rules]\nclaimed-serial = \"warn\"",
            "[limits]\nmax_paralel = 3",
            "[limits]\nmax_parallel = 0",
            "[limits]\nmax_parallel = \"3\"",
            "[limits]\nmin_utilisation = 3.0",
            "[limits]\nmax_imbalance = 0.5",
            "[[suppress]]\nrule = \"idle-agent\"\nreason = \" \"",
            "[[suppress]]\nrule = \"idle-agent\"",
            "[[suppress]]\nrule = \"idel-agent\"\nreason = \"x\"",
            "[identity]\nbranch = \"agent/\"",
            "[identity]\nworktree = \"{agent}{agent}\"",
            "[phases.x]\nparalel = true",
            "[phases.x]\nneeds = \"y\"",
            "[locks]\nmax_age = \"soon\"",
            "[changes]\ngenerated = [1]",
            "[lock]\nmax_age = \"1h\"",
            "resources = [\"\"]",
            "[gates]\nfmt = \"cargo fmt\"",
            "[gates]\nfmt = [\"cargo\", \"fmt\"]",
            "[gates.fmt]\nneeds = []",
            "[gates.fmt]\nrun = \" \"",
            "[gates.fmt]\nrun = []",
            "[gates.fmt]\nrun = [\" \", \"x\"]",
            "[gates.fmt]\nrun = [\"x\", 1]",
            "[gates.fmt]\nrun = \"a\\u0000\"",
            "[gates.fmt]\nrun = \"a\"\nneed = []",
            "[gates.fmt]\nrun = \"a\"\nweight = 0",
            "[gates.fmt]\nrun = \"a\"\nretries = 101",
            "[gates.fmt]\nrun = \"a\"\nretries = -1",
            "[gates.fmt]\nrun = \"a\"\ntimeout = \"0s\"",
            "[gates.fmt]\nrun = \"a\"\ntimeout = \"-5s\"",
            "[gates.fmt]\nrun = \"a\"\ntimeout = 5",
            "[gates.fmt]\nrun = \"a\"\nbackoff = \"soon\"",
            "[gates.fmt]\nrun = \"a\"\nprofiles = []",
            "[gates.fmt]\nrun = \"a\"\nprofiles = [\"prod\"]",
            "[gates.fmt]\nrun = \"a\"\nenv = { A = 1 }",
            "[gates.fmt]\nrun = \"a\"\nenv = { \"A=B\" = \"1\" }",
            "[gates.fmt]\nrun = \"a\"\nenv = { \"\" = \"1\" }",
            "[gates.fmt]\nrun = \"a\"\ninputs = \"both\"",
            "[gates.fmt]\nrun = \"a\"\ndir = \"../x\"",
            "[gates.fmt]\nrun = \"a\"\ndir = \"x/..\"",
            "[gates.fmt]\nrun = \"a\"\ndir = \"/../x\"",
            "[gates.fmt]\nrun = \"a\"\nbackoff = \"1s\"",
            "[gates.fmt]\nrun = \"a\"\ncache = true",
            "[gates.fmt]\nrun = \"a\"\ncache = false\ninputs = \"worktree\"",
            "[gates.fmt]\nrun = \"a\"\nresources = [\"b\", \"b\"]",
            "[gates.fmt]\nrun = \"a\"\nweight = 1001",
            "[gates.fmt]\nrun = \"a\"\ndir = \"C:/x\"",
            "[gates.fmt]\nrun = \"a\"\ndir = \"\"",
            "[gates.fmt]\nrun = \"a\"\ngit_env = 1",
            "[gates.fmt]\nrun = \"a\"\nwhen = [\"x\"]",
            "[gates.fmt]\nrun = \"a\"\nwhen = { changed = [] }",
            "[gates.fmt]\nrun = \"a\"\nwhen = { phases = [\" \"] }",
            "[gates.fmt]\nrun = \"a\"\nwhen = { exists = [\"!x\"] }",
            "[gates.fmt]\nrun = \"a\"\nwhen = { file = [\"x\"] }",
            "[gates.\"\"]\nrun = \"a\"",
            "[gates.\" \"]\nrun = \"a\"",
            "[gates.-x]\nrun = \"a\"",
            "[gates.\"a\\nb\"]\nrun = \"a\"",
        ] {
            assert!(!agree(wrong), "{wrong}");
        }
    }
}
