use super::*;
use crate::config::{Config, ConfigError};
use command::{Misplaced, misplaced};
use proptest::prelude::*;

fn config(text: &str) -> Config {
    Config::parse("paralint.toml", text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

fn error(text: &str) -> ConfigError {
    Config::parse("paralint.toml", text).map(|config| config.gates).expect_err(text)
}

/// Line, column, what the message holds, what the hint holds.
fn check(text: &str, line: u64, column: u64, message: &str, hint: &str) {
    let error = error(text);
    assert_eq!((error.line, error.column), (line, column), "{text}\n{error:?}");
    assert!(error.message.contains(message), "{text}\n{error:?}");
    assert!(error.hint.clone().unwrap_or_default().contains(hint), "{text}\n{error:?}");
}

#[test]
fn every_key_is_read() {
    let text = "[gates.zebra]\nrun = [\"cargo\", \"fmt\", \"{files}\"]\n  [gates.\"all tests\"]  # last\nrun = \"cargo test\"\n\
                when = { changed = [\"**/*.rs\"], phases = [\"wave-2\"], exists = [\"Cargo.toml\"] }\nneeds = [\"zebra\", \"zebra\"]\n\
                resources = [\"cargo-target\"]\nweight = 2\ntimeout = \"1h 30m\"\nretries = 2\nbackoff = \"500ms\"\n\
                profiles = [\"draft\", \"bulletproof\"]\nenv = { RUST_BACKTRACE = \"1\" }\ninputs = \"index\"\ndir = \"./web//app/\"\n\
                git_env = true\ncache = false\n";
    let gates = config(text).gates;
    let names: Vec<&str> = gates.iter().map(|gate| gate.name.as_str()).collect();
    assert_eq!(names, ["zebra", "all tests"], "in the order of the file");
    let gate = &gates[1];
    assert_eq!(gate.run, Command::Shell("cargo test".into()));
    let list = |text: &str| vec![text.to_owned()];
    assert_eq!(gate.when, When { changed: list("**/*.rs"), phases: list("wave-2"), exists: list("Cargo.toml") });
    assert_eq!((&gate.needs, &gate.resources), (&list("zebra"), &list("cargo-target")));
    assert_eq!((gate.weight, gate.retries), (2, 2));
    assert_eq!((gate.timeout, gate.backoff), (Some(Duration::from_secs(5400)), Duration::from_millis(500)));
    assert_eq!(gate.profiles, [Profile::Draft, Profile::Bulletproof]);
    assert_eq!(gate.env.get("RUST_BACKTRACE").map(String::as_str), Some("1"));
    assert_eq!((gate.inputs, gate.dir.as_deref(), gate.git_env, gate.cache), (Inputs::Index, Some("web/app"), true, false));
    let mark = Mark { path: "paralint.toml".into(), line: 3, column: 10, end_column: 21, text: "  [gates.\"all tests\"]  # last".into() };
    assert_eq!(gate.mark, mark);
}

#[test]
fn what_is_not_said_is_the_usual() {
    let gates = config("gates.a.run = \"x\"\r\n[gates.b]\r\nrun = \"y\"\ndir = \".\"").gates;
    let [gate, other] = gates.as_slice() else { panic!("{gates:?}") };
    assert_eq!((gate.weight, gate.retries, gate.timeout, gate.backoff), (1, 0, None, Duration::from_secs(1)));
    assert_eq!((gate.inputs, gate.git_env, gate.cache, &gate.dir), (Inputs::Worktree, false, true, &None));
    assert!(gate.profiles.is_empty() && gate.env.is_empty() && gate.when == When::default());
    assert_eq!((gate.mark.line, gate.mark.column, &*gate.mark.text), (1, 7, "gates.a.run = \"x\""));
    assert_eq!((other.dir.as_deref(), &*other.mark.text), (None, "[gates.b]"));
    assert!(config("").gates.is_empty());
}

#[test]
fn needs_are_gates_and_go_in_no_circle() {
    let three = |fmt: &str, clippy: &str, test: &str| {
        format!(
            "[gates.fmt]\nrun = \"a\"\nneeds = {fmt}\n[gates.clippy]\nrun = \"a\"\nneeds = {clippy}\n[gates.test]\nrun = \"a\"\nneeds = {test}\n"
        )
    };
    check(&three("[]", "[\"fmt\", \"tset\"]", "[]"), 6, 17, "`clippy` needs `tset`", "did you mean `test`?");
    check(&three("[]", "[\"nowhere-near\"]", "[]"), 6, 10, "is no gate", "known here: fmt, test");
    check(&three("[\"fmt\"]", "[]", "[]"), 3, 10, "`fmt` needs itself", "needs");
    check(&three("[\"test\", \"clippy\"]", "[\"fmt\"]", "[]"), 3, 18, "these gates need each other: fmt -> clippy -> fmt", "out");
    // The circle is found behind what only leads to it, and begins with its first gate.
    check(&three("[\"test\"]", "[\"test\"]", "[\"clippy\"]"), 6, 10, "other: clippy -> test -> clippy", "");
    assert_eq!(config(&three("[]", "[\"fmt\"]", "[\"fmt\", \"clippy\"]")).gates.len(), 3);
}

#[test]
fn a_circle_of_five_hundred_is_named_as_a_whole() {
    let gate = |index: usize| format!("[gates.g{index}]\nrun = \"a\"\nneeds = [\"g{}\"]\n", (index + 1) % 500);
    let text: String = (0..500).map(gate).collect();
    assert_eq!(error(&text).message.matches(" -> ").count(), 500);
}

#[test]
fn commands_that_are_none_are_refused() {
    let gate = |run: &str| format!("[gates.a]\nrun = {run}");
    check(&gate("\"\""), 2, 7, "the command of `a` is empty", "run");
    check(&gate("\"  \\n\""), 2, 7, "is empty", "");
    check(&gate("[]"), 2, 7, "is empty", "");
    check(&gate("[\" \", \"x\"]"), 2, 8, "has no program", "first word");
    check(&gate("[\"a\", \"b\\u0000\"]"), 2, 13, "NUL", "");
    check(&gate("\"b\\u0000\""), 2, 7, "NUL", "");
    check(&gate("3"), 2, 7, "expected a command", "");
    check("[gates.a]\nneeds = []", 1, 8, "`a` has no command", "add `run");
    check("[gates]\na = [\"cargo\"]", 2, 5, "expected a table", "");
}

#[test]
fn files_stand_where_they_are_arguments_of_their_own() {
    let gate = |run: &str| format!("[gates.a]\nrun = {run}");
    let unquoted = "write {files} without quotes: each file is an argument of its own";
    check(&gate("'rustfmt \"{files}\"'"), 2, 7, "inside quotes", unquoted);
    check(&gate("\"rustfmt '{files}'\""), 2, 7, "inside quotes", unquoted);
    check(&gate("'x \\{files}'"), 2, 7, "backslash", "");
    check(&gate("'x ${files}'"), 2, 7, "placeholder", "$files");
    check(&gate("' {files} x'"), 2, 7, "program", "rustfmt");
    check(&gate("[\"{files}\", \"x\"]"), 2, 8, "program", "");
    check(&gate("[\"x\", \"--in={files}\"]"), 2, 13, "part of `--in={files}`", "element of its own");
    for glued in ["a{files}", "x {files}.rs", "x --in={files}", "x {files}{files}", "x \'a\'{files}", "x {files}\'a\'"] {
        check(&gate(&format!("\"{glued}\"")), 2, 7, "only a part of a word", "blanks around it");
    }
    check(&gate("[\"x\", \"{files}\", \"{files}\"]"), 2, 24, "twice", "");
    assert!(config(&gate("[\"x\", \"{files}\"]")).gates[0].run.takes_files());
    assert!(config(&gate("'it=\"a\" x {files} # don`t'")).gates[0].run.takes_files());
}

#[test]
fn quotes_are_read_as_a_shell_reads_them() {
    for (text, wanted) in [
        ("a {files}", None),
        ("a 'b' \"c\" {files}", None),
        ("a '\"' {files}", None),
        ("a \"'\" {files}", None),
        (r#"a \" {files}"#, None),
        (r"a '\' {files}", None),
        (r#"a "\"" {files}"#, None),
        ("a # don't\nb {files}", None),
        ("(a {files})|b $(c {files});d {files}&&e {files}>f", None),
        ("a # b{files}\n", None),
        ("a {files}\\\nb", Some(Misplaced::Glued)),
        ("a # b\nc '{files}'", Some(Misplaced::Quoted)),
        ("a b#c' {files}'", Some(Misplaced::Quoted)),
        (r#"a "\" {files}""#, Some(Misplaced::Quoted)),
        ("a \"$(b {files})\"", Some(Misplaced::Quoted)),
        ("a {files} '{files}'", Some(Misplaced::Quoted)),
        (r"a \\{files}", Some(Misplaced::Glued)),
        (r"a \\\{files}", Some(Misplaced::Escaped)),
        ("a \"${files}\"", Some(Misplaced::Variable)),
    ] {
        assert_eq!(misplaced(text), wanted, "{text}");
    }
}

#[test]
fn numbers_and_times_are_within_their_bounds() {
    let gate = |line: &str| format!("[gates.a]\nrun = \"x\"\n{line}");
    check(&gate("weight = 0"), 3, 10, "`weight` must be at least 1", "");
    check(&gate("weight = -1"), 3, 10, "at least 1", "");
    check(&gate("weight = 1001"), 3, 10, "at most 1000", "");
    check(&gate("weight = 99999999999999999999"), 3, 10, "the number `99999999999999999999` is too large", "from 1 to 1000");
    check(&gate("retries = \"2\""), 3, 11, "expected a whole number", "from 0 to 100, without quotes");
    check(&gate("weight = 1.5"), 3, 10, "expected a whole number", "from 1 to 1000");
    check(&gate("retries = 101"), 3, 11, "at most 100", "");
    check(&gate("retries = -1"), 3, 11, "at least 0", "");
    check(&gate("timeout = \"soon\""), 3, 11, "`soon` is no length of time", "`10m`");
    check(&gate("timeout = \"10\""), 3, 11, "no length of time", "`10m`");
    check(&gate("timeout = \"0s\""), 3, 11, "`timeout` must be longer than nothing", "");
    check(&gate("timeout = \"-5m\""), 3, 11, "longer than nothing", "");
    check(&gate("timeout = \"1 month\""), 3, 11, "no fixed length", "");
    check(&gate("timeout = \"9000d\""), 3, 11, "longer than a year", "");
    check(&gate("backoff = \"\"\nretries = 1"), 3, 11, "no length of time", "");
    check(&gate("timeout = 600"), 3, 11, "expected a string", "write `timeout = \"600s\"`");
    check(&gate("backoff = \"1s\""), 3, 11, "only with `retries`", "add `retries");
    for (written, seconds) in [("10m", 600), ("90s", 90), ("1h 30m", 5400), ("1h30m", 5400), ("2d", 172_800)] {
        let gates = config(&gate(&format!("timeout = \"{written}\""))).gates;
        assert_eq!(gates[0].timeout, Some(Duration::from_secs(seconds)), "{written}");
    }
}

#[test]
fn names_can_be_told_apart_and_typed() {
    let gate = |name: &str| format!("[gates.{name}]\nrun = \"x\"\n");
    check(&gate("\"\""), 1, 8, "is empty", "");
    check(&gate("\" \""), 1, 8, "is empty", "");
    check(&gate("-x"), 1, 8, "begins with `-`", "option");
    for hidden in ["\\n", "\\u001b", "\\u202e", "\\u200b", "\\u0000"] {
        check(&gate(&format!("\"a{hidden}\"")), 1, 8, "cannot be seen", "");
    }
    check(&gate(&"x".repeat(101)), 1, 8, "longer than 100 characters", "");
    assert_eq!(config(&gate(&format!("\"{}\"", "ü".repeat(100)))).gates.len(), 1);
    let two = |one: &str, other: &str| format!("{}{}", gate(one), gate(other));
    check(&two("fmt", "Fmt"), 3, 8, "`Fmt` is hard to tell from the gate `fmt`", "case");
    check(&two("\" zeta\"", "zeta"), 3, 8, "from the gate ` zeta`", "");
    check(&two("\"\\u00fc\"", "\"u\\u0308\""), 3, 8, "hard to tell", "");
    check(&two("fmt", "fmt"), 3, 8, "`fmt` is there twice", "in line 1");
    check(&format!("[limits]\n{}{}", two("a", "\"b c\""), gate("'b c'")), 6, 8, "is there twice", "in line 4");
    check("[gates.a]\nrun = \"x\"\nrun = \"y\"", 3, 1, "`run` is there twice", "once");
    assert_eq!(config(&two("fmt", "fmt2")).gates.len(), 2);
}

#[test]
fn resources_are_those_that_are_declared() {
    let declared = |list: &str| format!("resources = {list}\n[gates.a]\nrun = \"x\"\nresources = [\"database\", \"cargo-tagret\"]");
    check(&declared("[\"cargo-target\", \"database\"]"), 4, 26, "`a` holds `cargo-tagret`", "did you mean `cargo-target`?");
    check(&declared("[\"database\"]"), 4, 26, "not among the `resources`", "known here: database");
    check(&declared("[]"), 4, 14, "`database`", "");
    check(&declared("[\"\"]"), 1, 14, "the name of a resource is empty", "");
    check("resources = \"x\"", 1, 13, "expected a sequence", "write `resources = [\"x\"]`");
    check("[gates.a]\nrun = \"x\"\nresources = [\"a\", \"b\", \"a\"]", 3, 24, "`a` holds `a` twice", "");
}

#[test]
fn resources_that_are_not_declared_are_not_nearly_those_of_others() {
    let two =
        |one: &str, other: &str| format!("[gates.a]\nrun = \"x\"\nresources = [{one}]\n[gates.b]\nrun = \"x\"\nresources = [{other}]\n");
    check(&two("\"cargo-target\"", "\"cargo-tagret\""), 6, 14, "only `b` holds `cargo-tagret`", "did you mean `cargo-target`?");
    check(&two("\"cargo-target\"", "\"Cargo_Target\""), 6, 14, "Cargo_Target", "did you mean `cargo-target`?");
    // The one that two gates hold is right, wherever the other one stands.
    let third = "[gates.c]\nrun = \"x\"\nresources = [\"database\"]\n";
    check(&format!("{}{third}", two("\"databse\"", "\"database\"")), 3, 14, "only `a` holds `databse`", "did you mean `database`?");
    for (one, other) in [
        ("\"database\"", "\"cargo-target\""),
        ("\"port-8080\"", "\"port-8081\""),
        ("\"a\"", "\"b\""),
        ("\"db\"", "\"dbs\""),
        ("\"reads\", \"reeds\"", "\"other\""),
    ] {
        assert_eq!(config(&two(one, other)).gates.len(), 2, "{one} {other}");
    }
    let both = format!("resources = [\"reads\", \"reeds\"]\n{}", two("\"reads\"", "\"reeds\""));
    assert_eq!(config(&both).gates.len(), 2, "what is declared is meant");
}

#[test]
fn patterns_phases_and_folders_are_checked_at_load() {
    let gate = |line: &str| format!("[gates.a]\nrun = \"x\"\n{line}");
    check(&gate("when = { changed = [\"ok\", \"a[\"] }"), 3, 27, "`a[` is no valid pattern", "");
    check(&gate("when = { changed = [\"../x\"] }"), 3, 21, "../x", "");
    check(&gate("when = { exists = [\"\"] }"), 3, 20, "empty", "");
    check(&gate("when = { exists = [\"!x\"] }"), 3, 20, "takes paths out", "match something");
    check(&gate("when = { changed = [\"!x\"] }"), 3, 21, "only takes paths out", "`**`");
    check(&gate("when = { changed = [] }"), 3, 20, "`changed` lists nothing", "leave it out");
    check(&gate("when = { phases = [\"\"] }"), 3, 20, "phase is empty", "");
    check(&gate("when = { chagned = [\"x\"] }"), 3, 10, "unknown field", "did you mean `changed`?");
    check(&gate("when = [\"x\"]"), 3, 8, "expected a table", "");
    check(&gate("profiles = []"), 3, 12, "lists nothing", "");
    check(&gate("profiles = [\"drfat\"]"), 3, 13, "drfat", "did you mean `draft`?");
    check(&gate("inputs = \"idnex\""), 3, 10, "idnex", "did you mean `index`?");
    check(&gate("dir = \"a/../..\""), 3, 7, "climbs out", "root of the repository");
    for outside in ["~/a", "C:/a"] {
        check(&gate(&format!("dir = \"{outside}\"")), 3, 7, "no folder of the repository", "");
    }
    check(&gate("dir = \"/../a\""), 3, 7, "climbs out", "");
    for (written, meant) in [("/web", Some("web")), ("//web/./app", Some("web/app")), ("/", None)] {
        assert_eq!(config(&gate(&format!("dir = \"{written}\""))).gates[0].dir.as_deref(), meant, "{written}");
    }
    check(&gate("dir = 'a\\b'"), 3, 7, "holds a `\\`", "write `/`");
    check(&gate("dir = \" \""), 3, 7, "`dir` is empty", "");
    check(&gate("dir = \"a\\u0000\""), 3, 7, "NUL", "");
    check(&gate("env = { \"A=B\" = \"1\" }"), 3, 9, "holds `=`", "env");
    check(&gate("env = { \"\" = \"1\" }"), 3, 9, "is empty", "");
    check(&gate("env = { A = \"\\u0000\" }"), 3, 13, "NUL", "");
    check(&gate("env = { \"A\\u0000\" = \"\" }"), 3, 9, "NUL", "");
    check(&gate("env = { A = 1 }"), 3, 13, "expected a string", "write `A = \"1\"`");
    check(&gate("tiemout = \"1s\""), 3, 1, "unknown field", "did you mean `timeout`?");
}

#[test]
fn keys_that_change_nothing_are_refused() {
    let gate = |lines: &str| format!("[gates.a]\nrun = \"x\"\n{lines}");
    for lines in ["cache = true", "cache = false", "cache = true\ninputs = \"worktree\""] {
        check(&gate(lines), 3, 9, "`cache` means something only with inputs = \"index\"", "inputs");
    }
    assert!(!config(&gate("cache = false\ninputs = \"index\"")).gates[0].cache);
    assert!(config(&gate("inputs = \"index\"")).gates[0].cache);
}

#[test]
fn a_value_of_a_wrong_type_is_told_with_the_right_form() {
    let gate = |line: &str| format!("[gates.a]\nrun = \"x\"\n{line}");
    check(&gate("resources = \"db\""), 3, 13, "expected a sequence", "write `resources = [\"db\"]`");
    check(&gate("needs = [\"a\", 3]"), 3, 15, "expected a string", "write `\"3\"`");
    check(&gate("dir = [\"web\"]"), 3, 7, "expected a string", "write `dir = \"…\"`");
    check(&gate("when.changed = \"*.rs\""), 3, 16, "expected a sequence", "write `changed = [\"*.rs\"]`");
    check(&gate("when = [\"x\"]"), 3, 8, "expected a table", "write `when = {");
    check(&gate("env = [\"A=1\"]"), 3, 7, "expected a map", "write `env = {");
    check(&gate("git_env = \"yes\""), 3, 11, "expected a boolean", "write `git_env = true` or `false`");
    check(&gate("inputs = [\"index\"]"), 3, 10, "", "write `inputs = \"worktree\"` or");
    check("[gates]\na = \"true\"", 2, 5, "expected a table", "write `[gates.a]`, and in the line below it `run = \"true\"`");
    check("[gates.a]\nrun = 3", 2, 7, "expected a command", "for example");
    for array in ["[[gates]]\nrun = \"x\"", "gates = [\"a\"]"] {
        check(array, 1, if array.starts_with('[') { 1 } else { 9 }, "expected a map", "write `[gates.NAME]`");
    }
    check("[phases.x]\ngates = \"a\"", 2, 9, "expected a sequence", "write `gates = [\"a\"]`");
    check("[gates.a]\nrun = \"x\"\nneeds = [\"b\"]", 3, 10, "is no gate", "it is the only gate");
}

#[test]
fn the_phases_of_a_gate_are_phases() {
    let gate = |name: &str| format!("[gates.a]\nrun = \"x\"\nwhen = {{ phases = [\"validation\", \"{name}\"] }}\n");
    let own = "[phases.\"Load Test\"]\nparallel = true\n[phases.wave-2]\n";
    for name in ["Implementation", "final validation", "test-2a", "test_2c_implementation", "proof of life", "wave", "wave-3", "Wave 12"] {
        assert_eq!(config(&gate(name)).gates.len(), 1, "{name}");
    }
    assert_eq!(config(&format!("{}{own}", gate("load-test"))).gates.len(), 1);
    check(&gate("implementaton"), 3, 34, "`implementaton` is no phase", "did you mean `implementation`?");
    check(&format!("{}{own}", gate("laod_test")), 3, 34, "is no phase", "did you mean `Load Test`?");
    check(&gate("zzzzzzzz"), 3, 34, "is no phase", "known here: proof_of_life, architecture");
    for name in ["wave-x", "wave-", "waves", "wave--2"] {
        check(&gate(name), 3, 34, "is no phase", "write `wave-2` for one wave");
    }
    check(&gate("test"), 3, 34, "is no phase", "did you mean `test_definition`?");
}

#[test]
fn a_phase_that_is_added_is_no_misspelling_of_a_built_in_one() {
    let phase = |name: &str| format!("\n[phases.\"{name}\"]\nparallel = true\n");
    for (wrong, near) in [
        ("implementaton", "implementation"),
        ("Implemenattoin", "implementation"),
        ("valdation", "validation"),
        ("test-definitoin", "test_definition"),
        ("test_2c_implementaton", "test_2c_implementation"),
        ("wvae", "wave"),
    ] {
        check(&phase(wrong), 2, 9, &format!("`{wrong}` is no built-in phase"), &format!("did you mean `{near}`?"));
    }
    for right in [
        "implementation_2",
        "pre-validation",
        "test_2e_validation",
        "test_2a",
        "rework",
        "final validation",
        "wave",
        "wave-2",
        "migration",
        "evaluation",
    ] {
        assert_eq!(config(&phase(right)).phases.len(), 1, "{right}");
    }
}

#[test]
fn the_gates_of_a_phase_are_gates() {
    let text = |name: &str| {
        format!("[phases.implementation]\ngates = [\"fmt\", \"{name}\"]\n[gates.fmt]\nrun = \"a\"\n[gates.test]\nrun = \"a\"\n")
    };
    check(&text("tset"), 2, 17, "`tset` is no gate", "did you mean `test`?");
    assert_eq!(config(&text("test")).phases["implementation"].gates, ["fmt", "test"]);
    check("[phases.x]\ngates = [\"a\"]", 2, 10, "`a` is no gate", "[gates.a]");
    check("[phases.x]\nagents = [\"a\"]\npaths = [\"ok\", \"../x\"]", 3, 16, "../x", "");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(\\[gates\\.[a-c\"-]{1,3}\\]\n|run = |needs = |\"[a-c{}'\"\\\\$ #files]{0,9}\"|\\[|\\]|,|\n){0,20}") {
        let _ = Config::parse("paralint.toml", &text).is_ok();
    }

    #[test]
    fn a_placeholder_between_whole_words_is_right(words in prop::collection::vec("[a-z]{1,3}|'[a-z\" $#]{0,3}'|\"[a-z' #]{0,3}\"|\\\\[\"'#]", 1..6), at in 0usize..6) {
        let mut words = words;
        words.insert(at.min(words.len()), Command::FILES.to_owned());
        prop_assert_eq!(misplaced(&words.join(" ")), None);
    }
}
