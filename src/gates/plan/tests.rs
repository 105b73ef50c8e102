use super::*;
use proptest::prelude::*;

fn config(text: &str) -> Config {
    Config::parse("paralint.toml", text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

fn paths(list: &[&str]) -> Vec<RepoPath> {
    list.iter().map(|path| RepoPath::from(*path)).collect()
}

fn entries(list: &[&str]) -> Vec<TreeEntry> {
    let entry = |path: &&str| TreeEntry { path: RepoPath::from(*path), mode: 0o100_644, id: String::new() };
    list.iter().map(entry).collect()
}

fn facts(changed: &[&str], tree: &[&str]) -> Facts {
    Facts { changed: paths(changed), index: entries(tree), worktree: paths(tree), ..Facts::default() }
}

fn names(list: &[&str]) -> Request {
    Request { names: list.iter().map(|name| (*name).to_owned()).collect(), ..Request::default() }
}

fn phases(list: &[&str]) -> Request {
    Request { phases: list.iter().map(|name| (*name).to_owned()).collect(), ..Request::default() }
}

/// `name`, `name: why` where it runs, `name! why` where it is skipped.
fn told(text: &str, request: &Request, facts: &Facts) -> Vec<String> {
    let plan = plan(&config(text), request, facts).unwrap();
    plan.gates.iter().map(|gate| format!("{}{} {}", gate.gate.name, if gate.runs { ":" } else { "!" }, gate.why)).collect()
}

/// The files of the first gate, and why it is as it is.
fn given(text: &str, request: &Request, facts: &Facts) -> (Vec<String>, String) {
    let plan = plan(&config(text), request, facts).unwrap();
    let gate = &plan.gates[0];
    assert_eq!(gate.runs, !gate.files.is_empty(), "{gate:?}");
    (gate.files.iter().map(|path| path.shown().into_owned()).collect(), gate.why.clone())
}

fn gate(name: &str, rest: &str) -> String {
    format!("[gates.{name}]\nrun = \"x\"\n{rest}\n")
}

#[test]
fn a_gate_without_conditions_always_runs() {
    assert_eq!(told(&gate("a", ""), &Request::default(), &Facts::default()), ["a: always"]);
    assert!(told("", &Request::default(), &facts(&["x"], &["x"])).is_empty());
}

#[test]
fn a_changed_file_or_one_that_is_gone_calls_for_a_gate() {
    let text = gate("a", "when = { changed = [\"**/*.rs\", \"!gen/\"] }");
    let told = |facts: &Facts| told(&text, &Request::default(), facts);
    assert_eq!(told(&facts(&["b.md", "src/a.rs"], &[])), ["a: src/a.rs changed"]);
    assert_eq!(told(&facts(&["b.md", "gen/a.rs"], &[])), ["a! no changed file matches **/*.rs, !gen/"]);
    assert_eq!(told(&Facts { gone: paths(&["x.rs"]), ..Facts::default() }), ["a: x.rs is gone"]);
    assert_eq!(told(&Facts { everything: true, ..facts(&[], &["a.rs"]) }), ["a: every file counts as changed"]);
    assert_eq!(told(&Facts { everything: true, ..facts(&["a.rs"], &["a.md"]) }), ["a! no file matches **/*.rs, !gen/"]);
    let many = gate("a", "when = { changed = [\"a\", \"b\", \"c\", \"d\", \"e\"] }");
    assert_eq!(super::tests::told(&many, &Request::default(), &facts(&["x"], &[])), ["a! no changed file matches a, b and 3 more"]);
    // Bytes, not text.
    let odd = Facts { changed: vec![RepoPath::new(b"\xff.rs".to_vec())], ..Facts::default() };
    assert_eq!(told(&odd), ["a: %FF.rs changed"]);
}

#[test]
fn a_phase_calls_for_a_gate_and_one_that_nobody_knows_does_too() {
    let told = |wanted: &str, request: &[&str]| {
        told(&gate("a", &format!("when = {{ phases = [{wanted}], changed = [\"x\"] }}")), &phases(request), &facts(&["x"], &[])).remove(0)
    };
    assert_eq!(told("\"Implementation\"", &["implementation"]), "a: x changed");
    assert_eq!(told("\"implementation\", \"wave\"", &["architecture"]), "a! phase architecture, and it runs in implementation, wave");
    assert_eq!(told("\"implementation\"", &[]), "a: the phase is not known");
    assert_eq!(told("\"final validation\"", &["validation"]), "a: x changed");
    assert_eq!(told("\"test-2a\"", &["test_definition", "test_2a_infrastructure"]), "a: x changed");
    assert!(!crate::work::phase::means("test", "test_definition"));
    assert_eq!(told("\"wave\"", &["implementation", "wave_2"]), "a: x changed");
    assert_eq!(told("\"wave-2\"", &["wave_2"]), "a: x changed");
    assert_eq!(told("\"wave-1\"", &["implementation", "wave_2"]), "a! phase implementation, wave 2, and it runs in wave-1");
    assert_eq!(told("\"wave-2\"", &["wave_21"]), "a! wave 21, and it runs in wave-2");
    assert_eq!(told("\"wave-2\"", &["wave"]), "a: x changed");
    assert_eq!(told("\"implementation\"", &["wave"]), "a! every wave, and it runs in implementation");
    let alone = super::tests::told(&gate("a", "when = { phases = [\"wave\"] }"), &phases(&["wave_3"]), &Facts::default());
    assert_eq!(alone, ["a: wave 3"]);
}

#[test]
fn each_pattern_of_exists_matches_something_that_the_gate_sees() {
    let text = |inputs: &str| gate("a", &format!("inputs = \"{inputs}\"\nwhen = {{ exists = [\"web/\", \"package.json\"] }}"));
    let told = |inputs: &str, facts: &Facts| told(&text(inputs), &Request::default(), facts).remove(0);
    assert_eq!(told("index", &facts(&[], &["package.json", "web/a"])), "a: web/ is there");
    assert_eq!(told("worktree", &facts(&[], &["package.json"])), "a! nothing matches web/");
    let ignored = Facts { on_disk: ["package.json".to_owned()].into_iter().collect(), ..facts(&[], &["web/a"]) };
    assert_eq!(told("worktree", &ignored), "a: web/ is there");
    assert_eq!(told("index", &ignored), "a! nothing matches package.json");
    let staged = Facts { worktree: Vec::new(), ..facts(&[], &["package.json", "web/a"]) };
    assert_eq!(told("worktree", &staged), "a! nothing matches web/");
}

#[test]
fn the_disk_is_asked_for_plain_paths_of_gates_on_the_work_tree() {
    let text = format!(
        "{}{}",
        gate("a", "when = { exists = [\"./web/\", \"*.json\", \"a/{b,c}\", \"x\"] }"),
        gate("b", "inputs = \"index\"\nwhen = { exists = [\"y\"] }")
    );
    let asks: Vec<(String, String)> = asks_of_disk(&config(&text)).into_iter().collect();
    assert_eq!(asks, [("./web/".to_owned(), "web".to_owned()), ("x".to_owned(), "x".to_owned())]);
}

#[test]
fn a_gate_of_another_profile_is_skipped_and_nobody_waits_for_it() {
    let text = [
        gate("install", ""),
        gate("fuzz", "profiles = [\"bulletproof\"]\nneeds = [\"install\"]"),
        gate("test", "needs = [\"fuzz\"]"),
        gate("quick", "profiles = [\"draft\", \"production\"]"),
    ]
    .concat();
    let plan = |request: &Request| plan(&config(&text), request, &Facts::default()).unwrap();
    let usual = plan(&Request::default());
    let rows: Vec<&str> = usual.gates.iter().map(|gate| gate.gate.name.as_str()).collect();
    assert_eq!(rows, ["install", "fuzz", "test", "quick"]);
    assert_eq!(told(&text, &Request::default(), &Facts::default())[1], "fuzz! profile production, and it runs in bulletproof");
    assert!(!usual.gates[1].idle && usual.row(&usual.gates[1]).uncalled);
    // What the missing one needs is still before those that need it.
    assert_eq!(usual.gates[2].needs, [0]);
    let all = plan(&Request { profile: Profile::Bulletproof, ..Request::default() });
    assert_eq!(all.gates.iter().map(|gate| gate.gate.name.as_str()).collect::<Vec<_>>(), ["install", "fuzz", "test", "quick"]);
    assert!(!all.gates[3].runs);
    assert_eq!((&all.gates[1].needs, &all.gates[2].needs), (&vec![0], &vec![1]));
    let named = |list: &[&str]| told(&text, &names(list), &Facts::default());
    assert_eq!(named(&["test"]), ["install: needed by test", "test: named"]);
    assert_eq!(named(&["test", "fuzz", "test"]), ["install: needed by fuzz", "fuzz: named", "test: named"]);
}

#[test]
fn what_is_named_runs_and_so_does_what_it_needs() {
    let text = [
        gate("a", "when = { changed = [\"a\"] }"),
        gate("b", "when = { changed = [\"b\"] }\nneeds = [\"a\"]"),
        gate("c", "when = { changed = [\"c\"], phases = [\"validation\"] }\nneeds = [\"b\"]"),
        gate("d", ""),
    ]
    .concat();
    let told = |request: &Request| told(&text, request, &facts(&["a"], &["a", "b", "c"]));
    assert_eq!(told(&names(&["c"])), ["a: needed by c", "b: needed by c", "c: named"]);
    assert_eq!(told(&phases(&["wave_1"]))[1], "b! no changed file matches b");
    assert_eq!(told(&Request { phases: vec!["wave_1".into()], ..names(&["c", "d"]) }).len(), 4);
    let unknown = |name: &str| {
        plan(&config(&text.replace("gates.d", "gates.docs")), &names(&["zzzzzz", "a", name, name]), &Facts::default()).unwrap_err()
    };
    let zeds = UnknownGate { name: "zzzzzz".into(), near: None };
    assert_eq!(unknown("dosc"), [zeds.clone(), UnknownGate { name: "dosc".into(), near: Some("docs".into()) }]);
    assert_eq!(unknown("b"), [zeds]);
}

#[test]
fn what_a_named_gate_needs_is_given_files_and_has_to_make_sense() {
    let text = "[gates.a]\nrun = \"x {files}\"\nwhen = { changed = [\"*.rs\"], phases = [\"validation\"] }\n[gates.b]\nrun = \"x\"\nneeds = [\"a\"]\n";
    let in_wave = Request { phases: vec!["wave_1".into()], ..names(&["b"]) };
    assert_eq!(given(text, &in_wave, &facts(&["b.md"], &["a.rs", "b.md"])), (vec!["a.rs".into()], "needed by b".into()));
    assert_eq!(given(text, &in_wave, &facts(&["b.md"], &["b.md"])), (Vec::new(), "no file matches *.rs".into()));
    let text = format!("{}{}", gate("a", "when = { changed = [\"x\"], exists = [\"web/\"] }"), gate("b", "needs = [\"a\"]"));
    assert_eq!(told(&text, &names(&["b"]), &facts(&[], &["c"])), ["a! nothing matches web/", "b: named"]);
    assert_eq!(told(&text, &names(&["b"]), &facts(&[], &["web/c"])), ["a: needed by b", "b: named"]);
}

#[test]
fn only_the_whole_tree_makes_a_gate_idle() {
    let idle = |text: &str, request: &Request, facts: &Facts| {
        let plan = plan(&config(text), request, facts).unwrap();
        let gate = &plan.gates[0];
        assert!(!gate.runs, "{}", gate.why);
        gate.idle
    };
    let everything = |tree: &[&str]| Facts { everything: true, ..facts(&[], tree) };
    let (usual, by_file) = (Request::default(), gate("a", "when = { changed = [\"*.rs\"] }"));
    assert!(!idle(&by_file, &usual, &facts(&["b.md"], &["a.rs", "b.md"])));
    assert!(idle(&by_file, &usual, &everything(&["b.md"])));
    let by_phase = gate("a", "when = { changed = [\"*.rs\"], phases = [\"wave\"] }");
    assert!(!idle(&by_phase, &phases(&["validation"]), &everything(&["a.rs"])));
    let by_place = gate("a", "when = { changed = [\"*.rs\"], exists = [\"web/\"] }");
    assert!(idle(&by_place, &usual, &facts(&["b.md"], &["a.rs", "b.md"])));
    assert!(!idle(&by_place, &usual, &facts(&["b.md"], &["a.rs", "b.md", "web/c"])));
    let with_files = "[gates.a]\nrun = \"x {files}\"\nwhen = { changed = [\"*.rs\"] }\n";
    assert!(!idle(with_files, &usual, &Facts { gone: paths(&["a.rs"]), ..facts(&[], &["b.rs"]) }));
    assert!(idle(with_files, &names(&["a"]), &facts(&["b.md"], &["b.md"])));
}

#[test]
fn changed_files_are_given_as_the_gate_sees_them() {
    let usual = Request::default();
    let text = "[gates.a]\nrun = \"x {files}\"\nwhen = { changed = [\"*.rs\"] }\n";
    let tree = ["a.rs", "b.md", "src/b.rs", "src/c.rs"];
    assert_eq!(
        given(text, &usual, &facts(&["a.rs", "b.md", "src/b.rs"], &tree)),
        (vec!["a.rs".into(), "src/b.rs".into()], "a.rs changed".into())
    );
    // Not staged, or gone from the work tree.
    assert_eq!(given(text, &usual, &facts(&["a.rs", "new.rs"], &tree)).0, ["a.rs"]);
    let unread = Facts { index: Vec::new(), worktree: Vec::new(), ..facts(&["a.rs", "new.rs"], &tree) };
    assert_eq!(given(text, &usual, &unread).0, ["a.rs", "new.rs"], "where nobody said what there is");
    let gone = Facts { gone: paths(&["z.rs"]), ..facts(&["b.md"], &tree) };
    assert_eq!(given(text, &usual, &gone), (Vec::new(), "what changed and would be given to it is gone".into()));
    let all = Facts { everything: true, ..facts(&["a.rs"], &tree) };
    assert_eq!(given(text, &usual, &all).0, ["a.rs", "src/b.rs", "src/c.rs"]);
    assert_eq!(given("[gates.a]\nrun = [\"x\", \"{files}\"]", &usual, &facts(&["a.rs", "b.md"], &tree)).0, ["a.rs", "b.md"]);
    assert_eq!(given("[gates.a]\nrun = [\"x\", \"{files}\"]", &usual, &facts(&[], &tree)).1, "no changed file to give it");
}

#[test]
fn files_are_relative_to_the_folder_and_never_submodules() {
    let usual = Request::default();
    let text = "[gates.a]\nrun = \"x {files}\"\ndir = \"web/app\"\nwhen = { changed = [\"*.js\"] }\n";
    let tree = ["a.js", "web/app/-b.js", "web/app/c.js", "web/apple/d.js"];
    assert_eq!(given(text, &usual, &facts(&tree, &tree)).0, ["-b.js", "c.js"]);
    assert_eq!(given(text, &usual, &facts(&["a.js"], &tree)).1, "no changed file in web/app/ matches *.js");
    let mut with_module = Facts { everything: true, ..facts(&[], &["a", "lib"]) };
    with_module.index[1].mode = 0o160_000;
    for inputs in ["index", "worktree"] {
        assert_eq!(given(&format!("[gates.a]\nrun = \"x {{files}}\"\ninputs = \"{inputs}\""), &usual, &with_module).0, ["a"]);
    }
    let odd = vec![RepoPath::new(b"web/app/\xfe.js".to_vec())];
    let odd = Facts { changed: odd.clone(), worktree: odd, ..Facts::default() };
    assert_eq!(plan(&config(text), &usual, &odd).unwrap().gates[0].files, [RepoPath::new(b"\xfe.js".to_vec())]);
}

#[test]
fn a_named_gate_is_given_all_that_match_where_nothing_changed() {
    let text = "[gates.a]\nrun = \"x {files}\"\nwhen = { changed = [\"*.rs\"] }\n";
    let tree = ["a.rs", "b.md", "c.rs"];
    assert_eq!(given(text, &names(&["a"]), &facts(&["b.md", "c.rs"], &tree)).0, ["c.rs"]);
    assert_eq!(given(text, &names(&["a"]), &facts(&["b.md"], &tree)), (vec!["a.rs".into(), "c.rs".into()], "named".into()));
    assert_eq!(given(text, &names(&["a"]), &facts(&[], &["b.md"])), (Vec::new(), "no file matches *.rs".into()));
}

#[test]
fn a_plan_becomes_tasks() {
    let text = [
        gate("install", "weight = 2\nresources = [\"net\"]"),
        gate("generate", "needs = [\"install\"]\nwhen = { changed = [\"schema\"] }"),
        gate("lint", ""),
        gate("test", "needs = [\"generate\", \"lint\"]"),
    ]
    .concat();
    let durations = [("test".to_owned(), Duration::from_secs(3))].into_iter().collect();
    let plan = plan(&config(&text), &Request::default(), &Facts { durations, ..Facts::default() }).unwrap();
    assert_eq!(plan.gates.iter().map(|gate| gate.runs).collect::<Vec<_>>(), [true, false, true, true]);
    let tasks = plan.tasks(&[0, 2, 3]);
    assert_eq!((tasks[0].weight, &tasks[0].resources, &tasks[0].needs), (2, &vec!["net".to_owned()], &Vec::new()));
    // Through the one that is skipped.
    assert_eq!((&tasks[2].needs, tasks[2].expected), (&vec![0, 1], Some(Duration::from_secs(3))));
    // What has passed is not waited for, nor is what it needed.
    assert_eq!(plan.tasks(&[0, 3])[1].needs, [0]);
    assert_eq!(plan.tasks(&[3])[0].needs, Vec::<usize>::new());
}

#[test]
fn a_list_is_in_the_order_of_starts() {
    let text = [
        gate("short", ""),
        gate("skipped", "when = { changed = [\"x\"] }"),
        gate("last", "needs = [\"long\"]"),
        gate("done", "needs = [\"short\"]"),
        gate("long", "resources = [\"db\"]"),
    ]
    .concat();
    let seconds = [("short", 1), ("long", 9), ("last", 5), ("done", 2)];
    let durations = seconds.iter().map(|(name, seconds)| ((*name).to_owned(), Duration::from_secs(*seconds))).collect();
    let plan = plan(&config(&text), &Request::default(), &Facts { durations, ..Facts::default() }).unwrap();
    let order = |jobs: u32, passed: &[&str]| {
        let passed = passed.iter().map(|name| (*name).to_owned()).collect();
        list(&plan, &passed, jobs).iter().map(|row| row.name.clone()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(order(1, &[]), "long last short done skipped");
    assert_eq!(order(2, &[]), "long short done last skipped");
    assert_eq!(order(2, &["long"]), "last short done long skipped");
    let rows = list(&plan, &["done".to_owned()].into_iter().collect(), 2);
    let row = |name: &str| rows.iter().find(|row| row.name == name).unwrap();
    assert_eq!((row("long").status, row("long").why.as_deref(), row("long").cached), (GateStatus::Planned, Some("always"), false));
    assert_eq!(
        (row("done").status, row("done").why.as_deref(), row("done").cached),
        (GateStatus::Planned, Some("passed for this tree already"), true)
    );
    assert_eq!((row("skipped").status, row("skipped").uncalled, row("long").uncalled), (GateStatus::Skipped, true, false));
    assert_eq!((row("last").needs.join(" "), row("long").resources.join(" ")), ("long".to_owned(), "db".to_owned()));
    assert_eq!((row("long").expected, row("long").mark.line), (Some(Duration::from_secs(9)), 13));
}

/// Gates that need gates of lesser numbers, by bits; some skipped, some of another profile.
fn random(shapes: &[(u32, bool, bool, u32)]) -> String {
    let gate = |(index, (needs, skipped, other, weight)): (usize, &(u32, bool, bool, u32))| {
        let needs: Vec<String> = (0..index).filter(|need| needs >> need & 1 == 1).map(|need| format!("\"g{need}\"")).collect();
        let when = if *skipped { "when = { changed = [\"x\"] }\n" } else { "" };
        let profile = if *other { "profiles = [\"draft\"]\n" } else { "" };
        format!("[gates.g{index}]\nrun = \"x\"\nneeds = [{}]\nweight = {}\n{when}{profile}", needs.join(", "), weight + 1)
    };
    shapes.iter().enumerate().map(gate).collect()
}

proptest! {
    #[test]
    fn a_list_holds_every_gate_once_and_after_its_needs(
        shapes in prop::collection::vec((any::<u32>(), any::<bool>(), any::<bool>(), 0u32..4), 0..9),
        jobs in 1u32..4,
        chosen in prop::option::of(0usize..9),
    ) {
        let config = config(&random(&shapes));
        let request = names(&chosen.map(|index| format!("g{index}")).iter().map(String::as_str).collect::<Vec<_>>());
        let Ok(plan) = plan(&config, &request, &Facts::default()) else {
            prop_assert!(chosen.is_some_and(|index| index >= shapes.len()));
            return Ok(());
        };
        let rows = list(&plan, &FxHashSet::default(), jobs);
        let mut listed: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
        let place = |name: &str| rows.iter().position(|row| row.name == name);
        for row in rows.iter().filter(|row| row.status == GateStatus::Planned) {
            for need in row.needs.iter().filter(|need| rows.iter().any(|row| row.name == **need && row.status == GateStatus::Planned)) {
                prop_assert!(place(need) < place(&row.name));
            }
        }
        listed.sort_unstable();
        let mut planned: Vec<&str> = plan.gates.iter().map(|gate| gate.gate.name.as_str()).collect();
        planned.sort_unstable();
        prop_assert_eq!(listed, planned);
        for gate in &plan.gates {
            let is_named = request.names.contains(&gate.gate.name);
            prop_assert!(gate.gate.profiles.is_empty() || is_named || !gate.runs);
            prop_assert!(gate.needs.iter().all(|need| *need < plan.gates.len()));
        }
        // Every order among those that run is kept, whatever was left out between them.
        let active: Vec<usize> = (0..plan.gates.len()).filter(|index| plan.gates[*index].runs).collect();
        let tasks = plan.tasks(&active);
        let number = |job: usize| plan.gates[active[job]].gate.name[1..].parse::<usize>().unwrap();
        for job in 0..active.len() {
            let before = ancestors(number(job), &|gate| (0..gate).filter(|need| shapes[gate].0 >> need & 1 == 1).collect());
            let in_tasks = ancestors(job, &|job| tasks[job].needs.clone());
            let wanted: BTreeSet<usize> = (0..active.len()).filter(|other| before.contains(&number(*other))).collect();
            prop_assert_eq!(in_tasks, wanted);
        }
    }
}

fn ancestors(of: usize, needs: &dyn Fn(usize) -> Vec<usize>) -> BTreeSet<usize> {
    let (mut found, mut open) = (BTreeSet::new(), needs(of));
    while let Some(next) = open.pop() {
        if found.insert(next) {
            open.extend(needs(next));
        }
    }
    found
}
