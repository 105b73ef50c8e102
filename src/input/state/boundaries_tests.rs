use super::*;
use crate::input::state::policy_text;

fn policy(text: &str) -> Policy {
    policy_text("BOUNDARIES.json", text.as_bytes()).unwrap_or_else(|error| panic!("{error:?}: {text}"))
}

fn error(text: &str) -> StateError {
    policy_text("BOUNDARIES.json", text.as_bytes()).map(|_| ()).expect_err(text)
}

fn values(list: &[Located<String>]) -> Vec<&str> {
    list.iter().map(|one| one.value.as_str()).collect()
}

#[test]
fn the_three_shapes_say_the_same() {
    let one = r#""trading": {"owner": "task-1", "paths": ["/src/t/"], "cannot_modify": ["/common/"], "locked": false}"#;
    let shapes =
        [format!("{{{one}}}"), format!("{{\"boundaries\": {{{one}}}}}"), format!("{{\"features\": {{\"description\": \"x\", {one}}}}}")];
    for shape in shapes {
        let read = policy(&shape);
        assert_eq!(read.boundaries.len(), 1, "{shape}");
        let boundary = &read.boundaries[0];
        assert_eq!((boundary.name.value.as_str(), boundary.owner.as_ref().unwrap().value.as_str()), ("trading", "task-1"));
        assert_eq!((values(&boundary.paths), values(&boundary.cannot_modify)), (vec!["/src/t/"], vec!["/common/"]));
        assert!(boundary.shared().is_none());
    }
}

#[test]
fn shapes_may_be_mixed_and_the_order_is_that_of_the_file() {
    let read = policy(
        r#"{"$schema": "x", "version": 1, "_note": {"paths": ["/no/"]}, "common": {"paths": ["/c/"], "locked": true},
            "features": {"a": {"can_modify": ["/a/"], "paths": ["/b/"], "can_create": ["/a/n/"]}},
            "boundaries": {"tests": {"paths": ["{working_directory}/t/", "{working_directory}"], "owner": "unassigned"}},
            "conflict_resolution": {"strategy": "prevent", "rules": []}}"#,
    );
    assert_eq!(read.boundaries.iter().map(|one| one.name.value.as_str()).collect::<Vec<_>>(), ["common", "a", "tests"]);
    assert_eq!(values(&read.boundaries[1].paths), ["/a/", "/b/"]);
    assert_eq!(values(&read.boundaries[2].paths), ["/t/", "/"]);
    assert!(read.boundaries[2].owner.is_none());
    assert_eq!(read.boundaries[0].shared().unwrap().line, 1);
}

#[test]
fn groups_and_points_are_read() {
    let read = policy(
        r#"{"boundaries": {"f": {"paths": ["/f/"]}},
            "parallel_groups": {"features": {"members": ["f"], "can_run_parallel": true, "max_parallel": 3, "description": "d"}},
            "synchronization_points": [{"name": "post", "after_phases": ["architecture"], "blocks_all": true, "reason": "r"},
                                       {"name": "next", "after_phases": ["x"], "blocks": ["implementation"]}]}"#,
    );
    let group = &read.groups[0];
    assert_eq!((group.name.value.as_str(), group.max_parallel.as_ref().unwrap().value), ("features", 3));
    assert!(group.can_run_parallel.as_ref().unwrap().value);
    assert!(read.points[0].blocks_all && !read.points[1].blocks_all && read.points[0].reached.is_none());
    assert_eq!(values(&read.points[1].blocks), ["implementation"]);
}

#[test]
fn marks_show_the_value_and_its_line() {
    let read = policy("{\n  \"f\": {\"paths\": [\"/ä/\",\n     \"/b/\"]}\n}");
    let second = &read.boundaries[0].paths[1].mark;
    assert_eq!((second.line, second.column, second.end_column, &*second.text), (3, 7, 10, "     \"/b/\"]}"));
    assert_eq!((read.boundaries[0].name.mark.column, read.boundaries[0].name.mark.end_column), (4, 5));
    assert_eq!(&*second.path, "BOUNDARIES.json");
}

#[test]
fn what_is_no_policy_is_a_loud_error() {
    for (text, said, hinted) in [
        ("{}", "unknown shape: no boundary is in it", "under `boundaries`"),
        ("[]", "unknown shape: expected an object of boundaries, found a list", "schema boundaries"),
        ("\"x\"", "unknown shape", ""),
        ("{\"boundaries\": {}}", "unknown shape: no boundary", ""),
        ("{\"boundaries\": []}", "expected an object of boundaries, found a list", ""),
        ("{\"a\": {}}", "`a` claims nothing", "paths"),
        ("{\"a\": {\"owner\": \"x\"}}", "`a` claims nothing", ""),
        ("{\"a\": {\"path\": [\"/a/\"]}}", "unknown key `path` in the boundary `a`", "did you mean `paths`?"),
        ("{\"a\": {\"canModify\": [\"/a/\"]}}", "unknown key `canModify`", "did you mean `can_modify`?"),
        ("{\"a\": {\"paths\": [\"/a/\"], \"readonly\": []}}", "unknown key `readonly`", "known: owner"),
        ("{\"a\": {\"paths\": \"/a/\"}}", "expected a list of strings, found a string", "write `[\"/a/\"]`"),
        ("{\"a\": {\"paths\": {\"x\": 1}}}", "expected a list of strings, found an object", ""),
        ("{\"a\": {\"paths\": [1]}}", "expected a string, found a number", ""),
        ("{\"a\": {\"paths\": null}}", "expected a list of strings, found null", ""),
        ("{\"a\": {\"paths\": [\" \"]}}", "an empty string says nothing", ""),
        ("{\"a\": {\"paths\": [\"/a/\"], \"locked\": \"yes\"}}", "expected `true` or `false`, found a string", ""),
        ("{\"a\": {\"paths\": [\"/a/\"]}, \"g\": {\"a\": {\"paths\": [\"/b/\"]}}}", "two boundaries are named `a`", "line 1"),
        ("{\"g\": {\"h\": {\"a\": {\"paths\": []}}}}", "boundaries inside of a group", "one level"),
        ("{\"a\": {\"paths\": [], \"b\": {\"paths\": []}}}", "unknown key `b`", "do not nest"),
        ("{\"boundries\": \"x\", \"a\": {\"paths\": []}}", "unknown shape", "did you mean `boundaries`?"),
        ("{\"a\": {\"paths\": []}, \"parallel_groups\": {\"g\": {\"member\": []}}}", "unknown key `member`", "members"),
        ("{\"a\": {\"paths\": []}, \"parallel_groups\": {\"g\": {\"members\": [], \"max_parallel\": -1}}}", "expected a whole number", ""),
        ("{\"a\": {\"paths\": []}, \"a\": {\"paths\": []}}", "the key `a` is there twice", ""),
        ("{\"boundaries\": {\"paths\": [\"/a/\"]}}", "expected an object for the boundary `paths`, found a list", "under `boundaries`"),
        ("{\"conflict_resolution\": {\"paths\": [\"/a/\"]}}", "no name for a boundary", ""),
        ("{\"\": {\"paths\": []}}", "without a name", ""),
    ] {
        let error = error(text);
        assert!(error.message.contains(said), "{text}: {}", error.message);
        let hint = error.hint.unwrap_or_default();
        assert!(hint.contains(hinted), "{text}: {hint}");
        assert_eq!(error.mark.line, 1, "{text}");
    }
}

#[test]
fn nobody_owns_what_is_unassigned() {
    for nobody in ["\"unassigned\"", "\"\"", "null", "\"none\"", "\"None\""] {
        let read = policy(&format!("{{\"a\": {{\"owner\": {nobody}, \"paths\": [\"/a/\"]}}}}"));
        assert!(read.boundaries[0].owner.is_none(), "{nobody}");
    }
}

proptest::proptest! {
    #[test]
    fn no_order_of_keys_changes_the_policy(order in proptest::prelude::Just(vec![0usize, 1, 2, 3]).prop_shuffle(), shape in 0usize..3) {
        let fields = ["\"owner\": \"o\"", "\"paths\": [\"/p/\"]", "\"locked\": true", "\"dependencies\": [\"b\"]"];
        let names = ["a", "b", "c", "d"];
        let body: Vec<&str> = order.iter().map(|index| fields[*index]).collect();
        let all: Vec<String> = order.iter().map(|index| format!("\"{}\": {{{}}}", names[*index], body.join(","))).collect();
        let text = match shape {
            0 => format!("{{{}}}", all.join(",")),
            1 => format!("{{\"boundaries\": {{{}}}}}", all.join(",")),
            _ => format!("{{\"group\": {{{}}}}}", all.join(",")),
        };
        let mut read: Vec<String> = policy(&text).boundaries.iter().map(|one| {
            format!("{} {:?} {:?} {:?}", one.name.value, values(&one.paths), values(&one.dependencies), one.shared().is_some())
        }).collect();
        read.sort();
        let wanted: Vec<String> = names.iter().map(|name| format!("{name} [\"/p/\"] [\"b\"] true")).collect();
        proptest::prop_assert_eq!(read, wanted);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..80)) {
        let _ = policy_text("b", &bytes);
    }
}

use proptest::strategy::Strategy;
