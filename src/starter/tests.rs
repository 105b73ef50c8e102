mod property;

use super::*;
use crate::config::Config;
use crate::input::state::policy_text;
use crate::model::path::RepoPath;
use crate::policy::Compiled;
use crate::policy::lint::{Files, problems};

fn survey(files: &[(&str, &str)]) -> Survey {
    let mut paths: Vec<RepoPath> = files.iter().map(|(path, _)| RepoPath::from(*path)).collect();
    paths.sort();
    paths.dedup();
    let texts = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    Survey { files: paths, texts, ..Survey::default() }
}

/// Holds what is written against our own readers and rules, and returns the configuration.
fn sound(survey: &Survey) -> Config {
    let made = starter(survey);
    let config = Config::parse("paralint.toml", &made.configuration).unwrap_or_else(|error| panic!("{error:?}\n{}", made.configuration));
    let uncommented: String = made.configuration.lines().map(|line| format!("{}\n", example(line))).collect();
    Config::parse("paralint.toml", &uncommented).unwrap_or_else(|error| panic!("{error:?}\n{uncommented}"));
    if let Some(text) = &made.boundaries {
        serde_json::from_str::<serde_json::Value>(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let policy = policy_text("BOUNDARIES.json", text.as_bytes()).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
        let compiled = Compiled::new(policy).unwrap();
        let found = problems(&compiled, Files { tracked: &survey.files, others: &[] });
        assert!(found.is_empty(), "{found:?}\n{text}");
    }
    for line in made.seen.iter().chain(&made.notes).map(String::as_str).chain(made.configuration.lines()) {
        assert!(!line.contains(quote::is_hidden), "{line:?}");
    }
    config
}

/// A line without the `#` that makes it an example.
fn example(line: &str) -> &str {
    line.strip_prefix('#').filter(|rest| rest.starts_with(|letter: char| !letter.is_whitespace())).unwrap_or(line)
}

fn commands(survey: &Survey) -> Vec<String> {
    sound(survey)
        .gates
        .iter()
        .map(|gate| format!("{}: {}{}", gate.name, gate.dir.as_ref().map_or(String::new(), |dir| format!("{dir}> ")), gate.run.shown()))
        .collect()
}

fn areas(survey: &Survey) -> Vec<String> {
    sound(survey);
    let text = starter(survey).boundaries.unwrap();
    let policy = policy_text("BOUNDARIES.json", text.as_bytes()).unwrap();
    let shown = |one: &crate::model::state::Boundary| {
        let paths: Vec<&str> = one.paths.iter().map(|path| path.value.as_str()).collect();
        let owner = one.owner.as_ref().map_or(String::new(), |owner| format!(" ({})", owner.value));
        format!("{}{owner}{} {}", one.name.value, if one.shared().is_some() { "!" } else { "" }, paths.join(" "))
    };
    policy.boundaries.iter().map(shown).collect()
}

#[test]
fn nothing_at_all_gives_examples() {
    assert_eq!(commands(&survey(&[])), [""; 0]);
    assert_eq!(areas(&survey(&[])), ["first-area "]);
    assert_eq!(areas(&survey(&[("README.md", "")])), ["first-area "]);
}

#[test]
fn cargo_takes_what_ci_runs() {
    let plain = survey(&[("Cargo.toml", "[package]\nname = \"x\"\n"), ("src/main.rs", "")]);
    assert_eq!(commands(&plain), ["fmt: cargo fmt --check", "clippy: cargo clippy --all-targets", "test: cargo test"]);
    let ci = "- run: cargo clippy --all -- -D warnings\n- run: cargo fmt\n";
    let locked = survey(&[("Cargo.toml", "[workspace]\n"), ("Cargo.lock", ""), ("a/lib.rs", ""), (".github/workflows/ci.yml", ci)]);
    let expected = ["fmt: cargo fmt --all --check", "clippy: cargo clippy --all -- -D warnings", "test: cargo test --locked --workspace"];
    assert_eq!(commands(&locked), expected);
    assert_eq!(commands(&survey(&[("Cargo.toml", "")])), [""; 0], "there is nothing to build");
}

#[test]
fn pytest_is_found_wherever_it_is_named() {
    let of = |files: &[(&str, &str)]| commands(&survey(files));
    let test = ("tests/test_x.py", "");
    for pyproject in [
        "[project.optional-dependencies]\ntest = [\"pytest>=8\"]\n",
        "[dependency-groups]\ndev = [{include-group = \"x\"}, \"pytest\"]\n",
        "[tool.poetry.group.dev.dependencies]\npytest = \"^8\"\n",
        "[tool.poetry.dev-dependencies]\nPytest = \"^8\"\n",
    ] {
        assert_eq!(of(&[("pyproject.toml", pyproject), test]), ["pytest: pytest"], "{pyproject}");
        assert_eq!(of(&[("pyproject.toml", pyproject), test, ("uv.lock", "")]), ["pytest: uv run pytest"]);
        assert_eq!(of(&[("pyproject.toml", pyproject), test, ("poetry.lock", "")]), ["pytest: poetry run pytest"]);
        // Without a test it would fail.
        assert_eq!(of(&[("pyproject.toml", pyproject)]), [""; 0]);
    }
    let needed = [("setup.py", ""), ("requirements-dev.txt", "-r x.txt\npytest==8 # x\nruff\nmypy\n"), test];
    assert_eq!(of(&needed), ["ruff: ruff check", "mypy: mypy .", "pytest: pytest"]);
    for (line, expected) in [
        ("pytest", "pytest: pytest"),
        ("python -m pytest -q tests", "pytest: python -m pytest -q tests"),
        ("uv run pytest", "pytest: uv run pytest"),
        ("poetry run pytest -x", "pytest: poetry run pytest -x"),
        ("pytest -m fast", "pytest: pytest"),
        ("tox", "tox: tox"),
    ] {
        let ci = format!("jobs:\n  x:\n    steps:\n      - run: {line}\n");
        assert_eq!(of(&[("pyproject.toml", ""), (".github/workflows/ci.yml", &ci), ("tox.ini", "")]), [expected]);
    }
}

#[test]
fn what_cannot_be_read_is_said_with_its_reason() {
    let made = starter(&survey(&[
        ("package.json", "{\n  \"scripts\": {,}\n}"),
        ("a/Cargo.toml", "[package]\nname =\n"),
        ("b/pyproject.toml", "[x\n"),
    ]));
    let notes = made.notes.join("\n");
    assert!(notes.contains("package.json cannot be read: ") && notes.contains("line 2"), "{notes}");
    assert!(notes.contains("a/Cargo.toml cannot be read: ") && notes.contains("b/pyproject.toml cannot be read: "), "{notes}");
    let made = starter(&survey(&[("pyproject.toml", "")]));
    assert_eq!(made.seen, ["Python (pyproject.toml): no gate (no tool such as pytest, ruff or mypy is configured, needed or run by CI)"]);
    assert!(!starter(&survey(&[("Cargo.toml", "")])).configuration.contains("\nresources ="));
    let codeowners = starter(&survey(&[("CODEOWNERS", "* @a\n!/x @b\n")]));
    assert!(codeowners.notes.iter().any(|note| note.contains("`2: !/x`")), "{:?}", codeowners.notes);
}

#[test]
fn lib_is_where_the_sources_are() {
    let gem = survey(&[("Gemfile", ""), ("lib/gem.rb", ""), ("lib/gem/a/x.rb", ""), ("lib/gem/b/x.rb", ""), ("Gemfile.lock", "")]);
    assert_eq!(areas(&gem), ["a /lib/gem/a/", "b /lib/gem/b/", "build-files! /Gemfile"]);
    let express = survey(&[("package.json", "{}"), ("lib/x.js", ""), ("test/x.js", ""), ("package-lock.json", "")]);
    assert_eq!(areas(&express), ["lib /lib/", "build-files! /package.json"]);
    assert_eq!(areas(&survey(&[("lib/app/x.ex", ""), ("lib/web/x.ex", "")])), ["app /lib/app/", "web /lib/web/"]);
    let npm = survey(&[
        ("package.json", "{\"workspaces\": [\"workspaces/*\"]}"),
        ("workspaces/a/package.json", ""),
        ("workspaces/b/package.json", ""),
        ("lib/x.js", ""),
    ]);
    assert_eq!(areas(&npm), ["lib /lib/", "a /workspaces/a/", "b /workspaces/b/", "build-files! /package.json"]);
    assert_eq!(areas(&survey(&[("lib/x.py", ""), ("web/x.py", "")])), ["web /web/", "shared! /lib/"]);
}

#[test]
fn copies_of_other_projects_are_no_areas() {
    let files = [
        ("Cargo.toml", "[package]\nname = \"x-sys\"\n"),
        ("src/lib.rs", ""),
        ("x/LICENSE", ""),
        ("x/.devcontainer/a.sh", ""),
        ("x/script/a.sh", ""),
        ("x/src/a.c", ""),
    ];
    assert_eq!(areas(&survey(&files)), ["src /src/", "build-files! /Cargo.toml"]);
    assert_eq!(areas(&survey(&[("lib.rs", ""), files[2], files[3], files[4], files[5]])), ["first-area "]);
}

#[test]
fn tests_that_bear_an_areas_name_belong_to_it() {
    let seen = survey(&[("src/io/x.rs", ""), ("src/net/x.rs", ""), ("tests/io.rs", ""), ("tests/net/x.rs", ""), ("tests/all.rs", "")]);
    assert_eq!(areas(&seen), ["io /src/io/ /tests/{io,test_io,io_test,io_spec}.*", "net /src/net/ /tests/net/"]);
    let made = starter(&seen);
    assert!(made.boundaries.unwrap().contains("\"can_create\": [\"/tests/{net,test_net,net_test,net_spec}.*\", \"/tests/net/\"]"));
    assert!(made.notes.iter().any(|note| note.contains("what no area holds is for people")));
}

#[test]
fn scripts_of_package_json_are_taken_by_name() {
    let scripts = r#"{"scripts": {"lint": "eslint .", "test": "echo \"Error: no test specified\" && exit 1", "build": "tsc", "typecheck": "tsc --watch", "format:check": "prettier --write ."}}"#;
    for (lock, manager) in
        [("package-lock.json", "npm"), ("pnpm-lock.yaml", "pnpm"), ("yarn.lock", "yarn"), ("bun.lock", "bun"), ("bun.lockb", "bun")]
    {
        let seen = survey(&[("package.json", scripts), (lock, ""), ("src/a.ts", "")]);
        assert_eq!(commands(&seen), [format!("lint: {manager} run lint"), format!("build: {manager} run build")]);
    }
    let named = r#"{"packageManager": "yarn@4.1.0", "scripts": {"test": "vitest"}}"#;
    assert_eq!(commands(&survey(&[("web/package.json", named), ("package-lock.json", "")])), ["test: web> yarn run test"]);
}

#[test]
fn only_configured_tools_are_gates() {
    assert_eq!(commands(&survey(&[("pyproject.toml", "[project]\nname = \"x\"\n"), ("x/a.py", "")])), [""; 0]);
    let tools = "[tool.ruff]\nline-length = 100\n[tool.mypy]\nfiles = [\"src\"]\n[tool.pytest.ini_options]\n";
    assert_eq!(commands(&survey(&[("pyproject.toml", tools)])), ["ruff: ruff check", "mypy: mypy", "pytest: pytest"]);
    let locked = survey(&[("pyproject.toml", tools), ("uv.lock", "")]);
    assert_eq!(commands(&locked), ["ruff: uv run ruff check", "mypy: uv run mypy", "pytest: uv run pytest"]);
    let cfg = survey(&[("setup.cfg", "[flake8]\nx = 1\n[tool:pytest]\n[mypy]\n")]);
    assert_eq!(commands(&cfg), ["flake8: flake8", "mypy: mypy .", "pytest: pytest"]);
}

#[test]
fn every_other_family_is_known() {
    let one = |files: &[(&str, &str)]| commands(&survey(files));
    assert_eq!(one(&[("go.mod", ""), (".golangci.yml", "")]), ["vet: go vet ./...", "test: go test ./...", "lint: golangci-lint run"]);
    assert_eq!(one(&[("build.gradle.kts", ""), ("gradlew", "")]), ["check: ./gradlew check"]);
    assert_eq!(one(&[("pom.xml", "")]), ["verify: mvn --batch-mode verify"]);
    assert_eq!(one(&[("Gemfile", ""), (".rubocop.yml", ""), (".rspec", "")]), ["rubocop: bundle exec rubocop", "rspec: bundle exec rspec"]);
    assert_eq!(
        one(&[("composer.json", "{\"scripts\": {\"test\": \"x\"}}"), ("phpstan.neon", "")]),
        ["phpstan: vendor/bin/phpstan analyse --no-progress", "test: composer run-script test"]
    );
    assert_eq!(one(&[("x.sln", "")]), ["build: dotnet build", "test: dotnet test"]);
    assert_eq!(one(&[("x.sln", ""), ("y.sln", "")]), [""; 0]);
    assert_eq!(one(&[("mix.exs", ""), (".formatter.exs", "")]), ["format: mix format --check-formatted", "test: mix test"]);
    assert_eq!(one(&[("Makefile", "lint:\n\tx\ntest: a\ncheck: lint test\n")]), ["lint: make lint", "test: make test"]);
    assert_eq!(one(&[("justfile", "@check:\n  x\n")]), ["check: just check"]);
}

#[test]
fn several_projects_have_names_and_folders_of_their_own() {
    let mixed = survey(&[
        ("core/Cargo.toml", "[package]\nname = \"x\"\n"),
        ("core/src/lib.rs", ""),
        ("web/package.json", "{\"scripts\": {\"test\": \"vitest\"}}"),
        ("web/node_modules/x/package.json", "{\"scripts\": {\"test\": \"no\"}}"),
        ("Makefile", "test:\n"),
    ]);
    let expected = [
        "fmt: core> cargo fmt --check",
        "clippy: core> cargo clippy --all-targets",
        "core-test: core> cargo test",
        "web-test: web> npm run test",
        "make-test: make test",
    ];
    assert_eq!(commands(&mixed), expected);
}

#[test]
fn workspaces_tell_the_areas() {
    let cargo = survey(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"crates/*\", \".\"]\nexclude = [\"crates/x\"]\n"),
        ("crates/a/Cargo.toml", ""),
        ("crates/b/Cargo.toml", ""),
        ("crates/common/Cargo.toml", ""),
        ("crates/x/Cargo.toml", ""),
    ]);
    assert_eq!(areas(&cargo), ["a /crates/a/", "b /crates/b/", "shared! /crates/common/", "build-files! /Cargo.toml"]);
    let npm = survey(&[
        ("package.json", "{\"workspaces\": [\"packages/**\"]}"),
        ("packages/a/package.json", ""),
        ("packages/a/inner/package.json", ""),
        ("packages/b/package.json", ""),
    ]);
    assert_eq!(
        areas(&npm),
        ["a /packages/a/ !/packages/a/inner/", "inner /packages/a/inner/", "b /packages/b/", "build-files! /package.json"]
    );
    let pnpm = survey(&[
        ("pnpm-workspace.yaml", "packages:\n  - 'apps/*' # x\n  - \"libs/**\"\n  - '!**/old'\n"),
        ("apps/a/package.json", ""),
        ("libs/b/c/package.json", ""),
        ("libs/old/package.json", ""),
    ]);
    assert_eq!(areas(&pnpm), ["a /apps/a/", "c /libs/b/c/", "build-files! /pnpm-workspace.yaml"]);
    let go = survey(&[
        ("go.work", "go 1.22\nuse (\n\t./api // x\n\t./web\n)\nuse ./cli\n"),
        ("api/go.mod", ""),
        ("web/go.mod", ""),
        ("cli/go.mod", ""),
    ]);
    assert_eq!(areas(&go), ["api /api/", "cli /cli/", "web /web/", "build-files! /go.work"]);
}

#[test]
fn folders_tell_the_areas_where_nothing_else_does() {
    let features = survey(&[("src/features/a/x.ts", ""), ("src/features/b/x.ts", ""), ("src/common/x.ts", ""), ("src/other/x.ts", "")]);
    assert_eq!(areas(&features), ["a /src/features/a/", "b /src/features/b/", "shared! /src/common/"]);
    let python = survey(&[("setup.py", ""), ("pack/a/x.py", ""), ("pack/b/x.py", ""), ("tests/x.py", "")]);
    assert_eq!(areas(&python), ["a /pack/a/", "b /pack/b/"]);
    let same = survey(&[("apps/web/x.ts", ""), ("services/web/x.ts", "")]);
    assert_eq!(areas(&same), ["apps-web /apps/web/", "services-web /services/web/"]);
}

#[test]
fn codeowners_tells_the_areas() {
    let text = "* @org/core\n/docs/ @docs\n/src/api/ @org/api @ada\n/src/api/free/\n/src/api/free/core.rs @org/core\n";
    let files = ["a.rs", "docs/x.md", "src/x.rs", "src/api/x.rs", "src/api/free/x.rs", "src/api/free/core.rs"];
    let mut all: Vec<(&str, &str)> = files.iter().map(|file| (*file, "")).collect();
    all.push((".github/CODEOWNERS", text));
    let expected = [
        "core (@org/core) / !/docs/ !/src/api/",
        "docs (@docs) /docs/",
        "api-ada (@org/api @ada) /src/api/ !/src/api/free/",
        "core-2 (@org/core) /src/api/free/core.rs",
    ];
    assert_eq!(areas(&survey(&all)), expected);
}

#[test]
fn owners_by_endings_hold_for_new_files() {
    let seen =
        survey(&[("a/x.go", ""), ("a/x.md", ""), ("docs/x.md", ""), ("CODEOWNERS", "* @all\n*.go @gopher\n/docs/ @ada\n/no/ @no\n")]);
    assert_eq!(areas(&seen), ["all (@all) / !*.go !/docs/ !/no/", "gopher (@gopher) *.go !/docs/ !/no/", "ada (@ada) /docs/"]);
    assert!(starter(&seen).notes.iter().any(|note| note.contains("`/no/ @no`")), "{:?}", starter(&seen).notes);
    let one = survey(&[("docs/x.md", ""), ("docs/a/x.md", ""), ("CODEOWNERS", "* @all\ndocs/* @ada\n")]);
    assert_eq!(areas(&one), ["all (@all) /", "ada (@ada) /docs/* !/docs/*/"]);
    // Later lines of the same owner come to the same area, where nothing lies between.
    let one = survey(&[("a/x", ""), ("b/x", ""), ("c/x", ""), ("CODEOWNERS", "docs @docs\n/a/ @ada\n/b/ @bob\n/c/ @ada\n"), ("docs", "")]);
    assert_eq!(areas(&one)[1..], ["ada (@ada) /a/ /c/", "bob (@bob) /b/"]);
}

#[test]
fn owners_by_files_are_too_many_paths() {
    let files: Vec<String> = (0..400).map(|number| format!("src/{number}/x")).collect();
    let text: String = files.iter().map(|file| format!("{file}/../x @js\n/{file} @js{file}\n")).collect();
    let mut all: Vec<(&str, &str)> = files.iter().map(|file| (file.as_str(), "")).collect();
    all.push(("CODEOWNERS", &text));
    assert!(starter(&survey(&all)).notes.iter().any(|note| note.contains("too many paths")));
    sound(&survey(&all));
}

#[test]
fn what_is_there_already_is_not_spoken_of_as_written() {
    let seen = survey(&[("Cargo.toml", ""), ("src/a/x.rs", ""), ("src/b/x.rs", "")]);
    let made = starter(&Survey { has_configuration: true, ..seen.clone() });
    assert!(made.seen.iter().all(|line| !line.contains("Rust")), "{:?}", made.seen);
    assert!(made.notes.iter().any(|line| line.contains("mixed-ownership")), "{:?}", made.notes);
    let made = starter(&Survey { has_boundaries: true, ..seen });
    assert!(made.seen.iter().all(|line| !line.contains("area")), "{:?}", made.seen);
    assert!(made.configuration.contains("#mixed-ownership"));
}

#[test]
fn the_files_of_any_folder_are_told_by_owners_or_not_at_all() {
    // `**/*/*` is every path below the top: what lies deeper is no exception.
    let lines = |pattern: &str| format!("{pattern} @x\n");
    for (pattern, file, path) in [("**/*/*", "a/a", "a/aa/a"), ("a/**/*/*", "a/b/c", "a/b/c/d/e"), ("**/*", "a/a", "b/c/d")] {
        let text = lines(pattern);
        let policy = policy_text("BOUNDARIES.json", starter(&survey(&[(file, ""), ("CODEOWNERS", &text)])).boundaries.unwrap().as_bytes());
        let compiled = Compiled::new(policy.unwrap()).unwrap();
        let asked = codeowners::CodeOwners::read(&text).owners(path.as_bytes());
        assert_eq!((asked.as_slice(), compiled.look(&RepoPath::from(path)).owners(false).len()), (&["@x".to_owned()][..], 1), "{pattern}");
    }
    // `docs/docs/x` lies right in a folder `docs`, and below another one: that has no counterpart.
    let text = lines("**/docs/*");
    let made = starter(&survey(&[("docs/a", ""), ("docs/docs/x", ""), ("CODEOWNERS", &text)]));
    assert!(made.notes.iter().any(|note| note.contains("no counterpart")), "{:?}", made.notes);
}
