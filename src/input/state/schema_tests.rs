//! What the schemas accept the program reads; what it refuses they refuse.

use super::*;
use crate::input::state::boundaries;
use crate::input::state::fields::Remarks;
use crate::input::state::json::blanked;
use crate::input::state::source::Source;
use crate::input::state::{graph, locks, parse, status, workflow};
use crate::model::state::StateError;
use proptest::prelude::*;
use serde_json::json;
use std::sync::LazyLock;

/// A file's name, its schema, and its reader: how many keys were read over.
type Format = (&'static str, &'static str, fn(&Source) -> Result<usize, StateError>);

const FORMATS: &[Format] = &[
    ("BOUNDARIES.json", BOUNDARIES, |source| remarks(|remarks| parse(source, boundaries::read, remarks).map(|_| ()))),
    ("WORKFLOW_STATE.json", WORKFLOW, |source| remarks(|remarks| parse(source, workflow::read, remarks).map(|_| ()))),
    ("RESOURCE_LOCKS.json", LOCKS, |source| remarks(|remarks| parse(source, locks::read, remarks).map(|_| ()))),
    ("PARALLEL_STATUS.json", STATUS, |source| remarks(|remarks| parse(source, status::read, remarks).map(|_| ()))),
    ("DEPENDENCY_GRAPH.json", GRAPH, |source| remarks(|remarks| parse(source, graph::read, remarks).map(|_| ()))),
];

fn remarks(read: impl FnOnce(&mut Remarks) -> Result<(), StateError>) -> Result<usize, StateError> {
    let mut remarks = Remarks::default();
    read(&mut remarks).map(|()| remarks.found.len())
}

static VALIDATORS: LazyLock<Vec<jsonschema::Validator>> =
    LazyLock::new(|| FORMATS.iter().map(|(_, schema, _)| jsonschema::validator_for(&value(schema)).unwrap()).collect());

/// Whether the schema and the reader accept a value of the format of this index.
fn accepted(format: usize, value: &Value) -> (bool, bool) {
    let (name, _, read) = FORMATS[format];
    (VALIDATORS[format].is_valid(value), read(&Source::new(name, &value.to_string())).is_ok())
}

/// The shapes of the documents, each full of what it may hold.
fn documented() -> Vec<(usize, Value)> {
    vec![
        (0, json!({"feature-trading": {"dependencies": ["/common/types"], "can_modify": ["/src/t/"], "cannot_modify": ["/common/"]}})),
        (
            0,
            json!({"$schema": "x", "version": 1, "boundaries": {"trading": {"owner": "unassigned", "paths": ["/src/t/"], "locked": false,
                "parallel_safe": true, "description": "d", "dependencies": [], "conflicts_with": ["all"], "_since": {"x": 1}}},
            "parallel_groups": {"features": {"members": ["trading"], "can_run_parallel": true, "max_parallel": 3}},
            "synchronization_points": [{"name": "post", "after_phases": ["architecture"], "blocks_all": true, "reason": "r"},
                {"name": "next", "after_phases": ["test_definition"], "blocks": ["implementation"]}],
            "conflict_resolution": {"strategy": "prevent", "rules": [{"type": "file_lock"}]}}),
        ),
        (
            0,
            json!({"common-infra": {"owner": "architecture-planner", "paths": ["/common/"], "locked": true, "status": "done"},
            "features": {"description": "all", "feature-a": {"owner": null, "paths": ["/src/a/"], "can_create": ["/src/a/new/"]}}}),
        ),
        (1, json!({"current_phase": "architecture", "completed_phases": ["proof_of_life"]})),
        (
            1,
            json!({"$schema": "x", "current_phase": "test_definition", "current_subphase": null, "completed_phases": [], "completed_subphases": [],
            "active_parallel_tasks": ["task-1", {"id": "task-2", "agent": "x"}, {"task_id": 3}], "synchronization_points": ["post",
                {"name": "next", "reached": false, "after_phases": ["a"], "blocks_all": true}], "phase_details":
                {"architecture": {"parallel_allowed": false, "notes": "n"}}}),
        ),
        (
            2,
            json!({"locks": [{"agent_id": "task-123", "locked_paths": ["/src/t/"], "lock_time": "2024-01-10T10:00:00Z", "expires": null},
                {"agent_id": 7, "locked_paths": [], "lock_time": "2024-01-10 10:00:00"}]}),
        ),
        (
            3,
            json!({"execution_id": "exec-123", "phase": "implementation", "started": "2024-01-10T10:00:00Z", "tasks": [
                {"id": "task-1", "name": "Trading", "agent": "general-purpose", "status": "in_progress", "paths": ["/src/t/"],
                 "started": "2024-01-10T10:00:00Z", "completed": ""}, {"id": 2, "status": "failed"}]}),
        ),
        (
            4,
            json!({"execution_strategy": {"parallel_groups": [{"group": 1, "components": ["a"]},
                {"group": "2", "components": [], "depends_on": [1, "x"]}]}}),
        ),
    ]
}

#[test]
fn the_schemas_are_schemas() {
    for (name, schema, _) in FORMATS {
        assert!(value(schema).is_object(), "{name}");
        assert!(jsonschema::meta::is_valid(&value(schema)), "{name}");
    }
}

#[test]
fn every_documented_shape_is_accepted_by_both() {
    for (format, value) in documented() {
        assert_eq!(accepted(format, &value), (true, true), "{value:#}");
    }
}

#[test]
fn mistakes_are_refused_by_both() {
    let wrong = [
        (0, json!({})),
        (0, json!([])),
        (0, json!({"version": 1})),
        (0, json!({"boundaries": {}})),
        (0, json!({"a": {}})),
        (0, json!({"a": {"owner": "x"}})),
        (0, json!({"a": {"path": ["/a/"]}})),
        (0, json!({"a": {"paths": "/a/"}})),
        (0, json!({"a": {"paths": [""]}})),
        (0, json!({"a": {"paths": ["/a/"], "locked": 1}})),
        (0, json!({"a": {"paths": ["/a/"], "notes": ["x"]}})),
        (0, json!({"boundaries": [{"name": "a"}]})),
        (0, json!({"g": {"h": {"a": {"paths": []}}}})),
        (0, json!({"a": {"paths": []}, "parallel_groups": {"g": {"members": [], "max_paralel": 3}}})),
        (0, json!({"a": {"paths": []}, "synchronization_points": [{"after_phases": []}]})),
        (0, json!({"a": {"paths": []}, "sync": "x"})),
        (1, json!({})),
        (1, json!({"current_phse": "x", "completed_phases": []})),
        (1, json!({"completed_phases": "x"})),
        (1, json!({"current_phase": 3})),
        (1, json!({"active_parallel_tasks": [{"name": null}]})),
        (1, json!({"active_parallel_tasks": [true]})),
        (1, json!({"phase_details": {"a": {"parallel_allowed": "no"}}})),
        (1, json!({"phase_details": {"a": {"parallel_alowed": true}}})),
        (2, json!({"locks": {}})),
        (2, json!({"lock": []})),
        (2, json!([])),
        (2, json!({"locks": [{"agent": "x", "locked_paths": []}]})),
        (2, json!({"locks": [{"agent_id": "x", "locked_paths": "/a/"}]})),
        (2, json!({"locks": [{"agent_id": "x", "locked_paths": [], "lock_time": 17}]})),
        (2, json!({"locks": [{"agent_id": "x", "locked_paths": [], "lock_time": "soon"}]})),
        (3, json!({"tasks": [{"id": "a", "status": "done"}]})),
        (3, json!({"tasks": [{"id": "a", "status": "in-progress"}]})),
        (3, json!({"tasks": [{"id": "a"}]})),
        (3, json!({"tasks": [{"status": "pending"}]})),
        (3, json!({"task": []})),
        (3, json!({"tasks": [{"id": "a", "status": "pending", "path": ["x"]}]})),
        (4, json!({"execution_strategy": {"parallel_groups": [{"components": []}]}})),
        (4, json!({"execution_strategy": {"parallel_groups": [{"group": 1, "components": [1]}]}})),
        (4, json!({"execution_strategy": {"parallel_group": []}})),
        (4, json!({"groups": []})),
    ];
    for (format, value) in wrong {
        assert_eq!(accepted(format, &value), (false, false), "{value}");
    }
}

#[test]
fn what_is_only_read_over_is_marked_in_an_editor() {
    let value = json!({"locks": [], "generated_by": "a hook"});
    assert_eq!(accepted(2, &value), (false, true));
}

/// Every state file of the fixtures: what is read without a remark is valid, what is refused is not.
#[test]
fn the_state_files_of_the_fixtures_agree() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/check");
    let times = regex::Regex::new(r"\{\{now[^}]*\}\}").unwrap();
    let mut read_files = 0;
    for entry in walkdir::WalkDir::new(root).into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
        let Some(format) = FORMATS.iter().position(|(name, _, _)| entry.file_name() == *name) else { continue };
        let Ok(text) = std::fs::read_to_string(entry.path()) else { continue };
        let text = times.replace_all(text.trim_start_matches('\u{feff}'), "2026-03-01T10:00:00Z").into_owned();
        let Ok(value) = blanked(&text).map_err(|_| ()).and_then(|text| serde_json::from_str::<Value>(&text).map_err(|_| ())) else {
            continue;
        };
        let valid = VALIDATORS[format].is_valid(&value);
        match FORMATS[format].2(&Source::new("f", &text)) {
            Ok(0) => assert!(valid, "{} is read and not valid", entry.path().display()),
            Ok(_) => {}
            // Of one name given twice a schema cannot know.
            Err(error) => assert!(!valid || error.message.contains("twice"), "{} is valid: {error}", entry.path().display()),
        }
        read_files += 1;
    }
    assert!(read_files > 10, "{read_files}");
}

/// A value near one of the documented ones: one entry is taken out, renamed, doubled under another name, or replaced.
fn changed(mut value: Value, picks: &[usize], kind: usize, with: &Value) -> Value {
    let mut place = &mut value;
    for pick in picks {
        let count = match &*place {
            Value::Object(map) => map.len(),
            Value::Array(list) => list.len(),
            _ => 0,
        };
        if count == 0 {
            break;
        }
        place = match place {
            Value::Object(map) => map.values_mut().nth(pick % count).unwrap(),
            Value::Array(list) => &mut list[pick % count],
            _ => unreachable!(),
        };
    }
    match (kind, &mut *place) {
        (0, Value::Object(map)) => {
            let key = map.keys().next().cloned();
            key.and_then(|key| map.remove(&key));
        }
        (1, Value::Object(map)) => {
            if let Some((key, value)) = map.iter().next().map(|(key, value)| (key.clone(), value.clone())) {
                map.remove(&key);
                map.insert(key[..key.len() - 1].to_owned(), value);
            }
        }
        (2, Value::Array(list)) => list.push(with.clone()),
        _ => *place = with.clone(),
    }
    value
}

fn replacement() -> impl Strategy<Value = Value> {
    let plain = ["", "x", "all", "/src/", "pending", "2026-03-01T10:00:00Z"];
    prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|value| json!(value)),
        (0u32..3).prop_map(|value| json!(value)),
        (0usize..plain.len()).prop_map(move |index| json!(plain[index])),
        Just(json!([])),
        Just(json!(["x"])),
        Just(json!([[]])),
        Just(json!({})),
        Just(json!({"paths": ["/x/"]})),
        Just(json!({"a": {"paths": ["/x/"]}})),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn what_a_schema_accepts_is_read(
        index in 0usize..8, picks in proptest::collection::vec(0usize..8, 0..6), kind in 0usize..4, with in replacement()
    ) {
        let (format, value) = documented().swap_remove(index);
        let value = changed(value, &picks, kind, &with);
        let (valid, read) = accepted(format, &value);
        prop_assert!(!valid || read, "valid and not read: {}", value);
        let (name, _, reader) = FORMATS[format];
        if reader(&Source::new(name, &value.to_string())).is_ok_and(|remarks| remarks == 0) {
            prop_assert!(valid, "read without a remark and not valid: {}", value);
        }
    }
}
