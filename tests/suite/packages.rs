//! What is packed: the crate, the wheel, the archive.
//!
//! The scripts of `.ci/` run on a copy of what they read, with a program that only looks like paralint; `.ci/package` itself
//! tries the real ones.
#![cfg(target_os = "linux")]

use regex::Regex;
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const VERSION: &str = env!("CARGO_PKG_VERSION");
const TARGETS: [&str; 2] = ["x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl"];
/// A program that answers what an archive asks of paralint.
const PROGRAM: &str = "#!/bin/sh
case $1 in
    --help) printf 'Usage: paralint\\n\\nCommands:\\n  check        Check\\n  two-words    Two\\n  help         Help\\n\\nOptions:\\n  none  None\\n' ;;
    *) echo \"$@\" ;;
esac
";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn table(path: &str) -> toml::Table {
    text(path).parse().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// What `cargo package` would pack, as paths from the root.
fn packed() -> BTreeSet<PathBuf> {
    let output = Command::new(env!("CARGO"))
        .args(["package", "--list", "--allow-dirty", "--offline", "--locked"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
    String::from_utf8(output.stdout).unwrap().lines().map(PathBuf::from).collect()
}

/// `a/../b` without the step back.
fn straight(path: &Path) -> PathBuf {
    let mut parts = Vec::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => drop(parts.pop()),
            std::path::Component::CurDir => {}
            other => parts.push(other),
        }
    }
    parts.into_iter().collect()
}

#[test]
fn the_crate_holds_every_file_that_its_code_includes() {
    let packed = packed();
    let included = Regex::new(r#"\binclude(?:_str|_bytes)?!\(\s*([^)]*?)\s*\)"#).unwrap();
    let mut seen = 0;
    for source in packed.iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs")) {
        // What only tests include needs not be packed: the tests' fixtures are not.
        let whole = text(source.to_str().unwrap());
        let code = if source.ends_with("tests.rs") { "" } else { whole.split("\n#[cfg(test)]\nmod tests {").next().unwrap() };
        for found in included.captures_iter(code) {
            let named = found[1].trim_matches('"');
            assert_ne!(named, &found[1], "{}: this test reads literal paths only: {}", source.display(), &found[0]);
            let path = straight(&source.parent().unwrap().join(named));
            assert!(packed.contains(&path), "{} includes {}, which is not packed", source.display(), path.display());
            seen += 1;
        }
    }
    assert!(seen > 40, "the rules' documents alone are more than {seen}");
}

#[test]
fn the_crate_holds_what_it_needs_and_nothing_large() {
    let packed = packed();
    for needed in ["Cargo.toml", "Cargo.lock", "README.md", "LICENSE-MIT", "LICENSE-APACHE", "src/main.rs", "src/lib.rs"] {
        assert!(packed.contains(Path::new(needed)), "{needed} is not packed");
    }
    for path in &packed {
        let top = path.iter().next().unwrap();
        assert!(!["fixtures", "tests", "benches", "target", ".ci", ".github"].iter().any(|folder| top == *folder), "{}", path.display());
        let Ok(size) = fs::metadata(root().join(path)).map(|metadata| metadata.len()) else {
            assert!(["Cargo.toml.orig", ".cargo_vcs_info.json"].iter().any(|made| path == Path::new(made)), "{}", path.display());
            continue;
        };
        assert!(size < 200_000, "{} has {size} bytes", path.display());
    }
}

#[test]
fn the_version_stands_in_one_place() {
    let wheel = table("pyproject.toml");
    let project = wheel["project"].as_table().unwrap();
    assert!(!project.contains_key("version"), "maturin takes it from Cargo.toml");
    assert_eq!(project["dynamic"].as_array().unwrap(), &[toml::Value::from("version")]);
    assert_eq!(wheel["tool"]["maturin"]["bindings"].as_str(), Some("bin"));

    let lock = table("Cargo.lock");
    let own = lock["package"].as_array().unwrap().iter().find(|package| package["name"].as_str() == Some("paralint")).unwrap();
    assert_eq!(own["version"].as_str(), Some(VERSION));

    let script = Command::new("bash").args(["-c", "source .ci/common.sh; version"]).current_dir(root()).output().unwrap();
    assert_eq!(said(&script).trim(), VERSION);
}

#[test]
fn the_wheel_says_of_itself_what_the_crate_says() {
    let (cargo, wheel) = (table("Cargo.toml"), table("pyproject.toml"));
    for key in ["name", "description", "license", "readme", "keywords"] {
        assert_eq!(cargo["package"][key], wheel["project"][key], "{key}");
    }
    for licence in wheel["project"]["license-files"].as_array().unwrap() {
        assert!(root().join(licence.as_str().unwrap()).is_file(), "{licence:?}");
    }
}

#[test]
fn the_readmes_test_command_is_a_gate() {
    // .ci/run leaves the gate out for that.
    let readme = text("README.md");
    let command = readme.split("<!-- second-command -->").nth(1).unwrap().lines().find_map(|line| line.strip_prefix("$ ")).unwrap();
    assert_eq!(table("paralint.toml")["gates"]["tests"]["run"].as_str(), Some(command));
}

/// A folder with what the scripts read, and a changelog that knows this version.
fn copy() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for inner in [".ci", "hooks", "tools"] {
        fs::create_dir(folder.path().join(inner)).unwrap();
    }
    for entry in fs::read_dir(root().join(".ci")).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, folder.path().join(".ci").join(path.file_name().unwrap())).unwrap();
    }
    for file in ["Cargo.toml", "README.md", "LICENSE-MIT", "LICENSE-APACHE"] {
        fs::copy(root().join(file), folder.path().join(file)).unwrap();
    }
    let changelog =
        format!("# Changelog\n\n## Unreleased\n\n- later\n\n## {VERSION} (2026-01-01)\n\n- this one\n\n## 0.0.1\n\n- earlier\n");
    fs::write(folder.path().join("CHANGELOG.md"), changelog).unwrap();
    fs::write(folder.path().join("hooks/pre-commit"), "#!/bin/sh\n").unwrap();
    program(&folder.path().join("tools/paralint"), PROGRAM);
    folder
}

fn program(path: &Path, script: &str) {
    fs::write(path, script).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Runs a script of the copy, which finds the programs of `tools/` first.
fn script(copy: &Path, words: &[&str]) -> Output {
    let path = format!("{}:{}", copy.join("tools").display(), std::env::var("PATH").unwrap());
    Command::new("bash")
        .args(words)
        .current_dir(copy)
        .env("PATH", path)
        .env_remove("PARALINT_REQUIRE_TOOLS")
        .env_remove("SOURCE_DATE_EPOCH")
        .output()
        .unwrap()
}

fn pack(copy: &Path, target: &str, folder: &str) {
    let output = script(copy, &[".ci/package-archive", "tools/paralint", target, folder]);
    assert!(output.status.success(), "{}", said(&output));
}

fn listed(archive: &Path) -> Vec<String> {
    let output = Command::new("tar").arg("-tzf").arg(archive).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn an_archive_has_the_names_that_the_action_and_the_documents_expect() {
    let copy = copy();
    pack(copy.path(), TARGETS[0], "dist");
    let name = format!("paralint-{VERSION}-{}", TARGETS[0]);
    let archive = copy.path().join(format!("dist/{name}.tar.gz"));
    let inside = listed(&archive);
    let expected = [
        "",
        "CHANGELOG.md",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "completions/",
        "completions/_paralint",
        "completions/_paralint.ps1",
        "completions/paralint.bash",
        "completions/paralint.elv",
        "completions/paralint.fish",
        "hooks/",
        "hooks/pre-commit",
        "man/",
        "man/paralint-check.1",
        "man/paralint-two-words.1",
        "man/paralint.1",
        "paralint",
    ];
    assert_eq!(inside.iter().collect::<BTreeSet<_>>(), expected.map(|path| format!("{name}/{path}")).iter().collect::<BTreeSet<_>>());

    let sum = fs::read_to_string(copy.path().join(format!("dist/{name}.tar.gz.sha256"))).unwrap();
    let shape = Regex::new(&format!("^[0-9a-f]{{64}}  {}\n$", regex::escape(&format!("{name}.tar.gz")))).unwrap();
    assert!(shape.is_match(&sum), "{sum}");
    let checked =
        Command::new("sha256sum").arg("--check").arg(format!("{name}.tar.gz.sha256")).current_dir(copy.path().join("dist")).output();
    assert!(checked.unwrap().status.success());
}

/// The scripts that name the targets: those that build and release, and the one that installs in a workflow.
#[test]
fn everybody_means_the_same_targets() {
    let named = Regex::new(r"\b\w+-unknown-linux-\w+\b").unwrap();
    let expected: BTreeSet<&str> = TARGETS.into();
    let mut scripts = vec![".ci/common.sh", ".ci/release"];
    if root().join("action.yml").is_file() {
        scripts.push(".github/action/install.sh");
    }
    for script in scripts {
        let text = text(script);
        assert_eq!(named.find_iter(&text).map(|found| found.as_str()).collect::<BTreeSet<_>>(), expected, "{script}");
    }
}

#[test]
fn the_same_program_packed_twice_is_the_same_bytes() {
    let copy = copy();
    pack(copy.path(), TARGETS[0], "first");
    // Another time, other rights for the group, another order of making.
    let touched = Command::new("touch").args(["-d", "2001-01-01", "README.md", "hooks/pre-commit"]).current_dir(copy.path()).status();
    assert!(touched.unwrap().success());
    fs::set_permissions(copy.path().join("README.md"), fs::Permissions::from_mode(0o664)).unwrap();
    pack(copy.path(), TARGETS[0], "second");
    let name = format!("paralint-{VERSION}-{}.tar.gz", TARGETS[0]);
    let [first, second] = ["first", "second"].map(|folder| copy.path().join(folder).join(&name));
    assert_eq!(fs::read(&first).unwrap(), fs::read(second).unwrap());

    // Packed within one second, both would have one time in any case.
    let verbose = Command::new("tar").args(["--utc", "-tvzf"]).arg(first).output().unwrap();
    for line in said(&verbose).lines() {
        assert!(line.contains(" 0/0 ") && line.contains(" 1980-01-01 00:00 "), "{line}");
    }
}

#[test]
fn a_program_that_prints_no_completions_is_not_packed() {
    let refuses = PROGRAM.replace("    --help)", "    completions) exit 2 ;;\n    --help)");
    let silent = PROGRAM.replace("    --help)", "    completions) ;;\n    --help)");
    for broken in [&refuses, &silent, "#!/bin/sh\n"] {
        let copy = copy();
        program(&copy.path().join("tools/paralint"), broken);
        let output = script(copy.path(), &[".ci/package-archive", "tools/paralint", TARGETS[0], "dist"]);
        assert!(!output.status.success(), "{}", said(&output));
        assert!(!copy.path().join("dist").exists());
    }
}

#[test]
fn a_program_that_needs_a_library_is_not_static() {
    // The tests' own program is linked with the system's libc, unless the tests are built for musl.
    if cfg!(target_env = "musl") {
        return;
    }
    let output = script(root(), &[".ci/package-static", env!("CARGO_BIN_EXE_paralint")]);
    assert!(!output.status.success(), "{}", said(&output));
}

#[test]
fn a_tag_is_the_version_or_there_is_no_release() {
    let copy = copy();
    let tag = format!("v{VERSION}");
    assert!(script(copy.path(), &[".ci/release", "check", &tag]).status.success());
    for other in ["v9.9.9", VERSION, "", "v", "--help"] {
        let output = script(copy.path(), &[".ci/release", "check", other]);
        assert!(!output.status.success(), "{other}");
        assert!(said(&output).contains("Cargo.toml says version"), "{}", said(&output));
    }
    assert_eq!(said(&script(copy.path(), &[".ci/release", "notes", &tag])).trim(), "- this one");
    fs::write(copy.path().join("CHANGELOG.md"), "# Changelog\n\n## Unreleased\n\n- later\n").unwrap();
    assert!(said(&script(copy.path(), &[".ci/release", "check", &tag])).contains("no section"));
}

/// Both archives and both wheels in `dist`, and a `gh` that writes down what it was asked.
fn ready_to_release() -> tempfile::TempDir {
    let copy = copy();
    for target in TARGETS {
        pack(copy.path(), target, "dist");
        let architecture = target.split('-').next().unwrap();
        let wheel = format!("paralint-{VERSION}-py3-none-musllinux_1_1_{architecture}.whl");
        fs::write(copy.path().join("dist").join(&wheel), "wheel").unwrap();
        let sum = Command::new("sha256sum").arg(&wheel).current_dir(copy.path().join("dist")).output().unwrap();
        fs::write(copy.path().join(format!("dist/{wheel}.sha256")), sum.stdout).unwrap();
    }
    program(&copy.path().join("tools/gh"), "#!/bin/sh\nprintf '%s\\n' \"$@\" >asked\ncat >notes\n");
    copy
}

#[test]
fn a_release_is_created_with_everything_and_nothing_else() {
    let copy = ready_to_release();
    let create = [".ci/release", "create", &format!("v{VERSION}"), "dist"].map(str::to_owned);
    let create: Vec<&str> = create.iter().map(String::as_str).collect();
    let output = script(copy.path(), &create);
    assert!(output.status.success(), "{}", said(&output));
    let asked = fs::read_to_string(copy.path().join("asked")).unwrap();
    assert!(asked.starts_with(&format!("release\ncreate\nv{VERSION}\n--verify-tag\n")), "{asked}");
    assert_eq!(asked.lines().filter(|line| line.starts_with("dist/paralint-")).count(), 8, "{asked}");
    assert_eq!(fs::read_to_string(copy.path().join("notes")).unwrap().trim(), "- this one");

    let archive = copy.path().join(format!("dist/paralint-{VERSION}-{}.tar.gz", TARGETS[1]));
    let wheel = copy.path().join(format!("dist/paralint-{VERSION}-py3-none-musllinux_1_1_x86_64.whl"));
    let breakages: [&dyn Fn(); 4] = [
        &|| fs::write(&wheel, "another wheel").unwrap(),
        &|| fs::write(copy.path().join("dist/more"), "").unwrap(),
        &|| fs::write(&archive, "another program").unwrap(),
        &|| fs::remove_file(&archive).unwrap(),
    ];
    for breakage in breakages {
        fs::remove_file(copy.path().join("asked")).ok();
        breakage();
        assert!(!script(copy.path(), &create).status.success());
        assert!(!copy.path().join("asked").exists(), "gh was asked");
        fs::remove_file(copy.path().join("dist/more")).ok();
        fs::write(&wheel, "wheel").unwrap();
    }
}

#[test]
fn the_release_workflow_runs_the_scripts_and_trusts_only_what_is_pinned() {
    let workflow = text(".github/workflows/release.yml");
    for call in [".ci/release check", ".ci/run", ".ci/package dist", ".ci/release create", "dist/paralint-*"] {
        assert!(workflow.contains(call), "{call}");
    }
    // A tag of a branch that nobody reviewed is no release, and somebody lets a release out.
    assert!(workflow.contains("git merge-base --is-ancestor HEAD ") && workflow.contains("    environment: release\n"));
    let wheel = text(".ci/package-wheel");
    assert!(wheel.contains("--require-hashes") && text(".ci/wheel-requirements.txt").matches("--hash=sha256:").count() >= 4);
    let pinned = Regex::new(r"^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$").unwrap();
    let used: Vec<&str> = workflow.lines().filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix("uses: ")).collect();
    assert!(used.len() > 5);
    for action in used {
        assert!(pinned.is_match(action), "{action}");
    }
    // Nothing is allowed but what a job asks for.
    assert!(workflow.contains("\npermissions: {}\n"));
}
