//! How the action gets the program: what is there, a release with its checksum, a build.

use super::composite::{Ran, Runner, executable, stand_in};
use super::repository::Repository;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::process::Command;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A workspace in which `check --staged` passes.
fn workspace() -> Repository {
    let repository = Repository::new();
    repository.write("a", "x\n");
    repository.commit_all("first");
    repository
}

/// A runner without the program, with a stand-in for curl that serves what lies in `releases`.
fn runner(workspace: &Repository) -> Runner {
    let mut runner = Runner::bare(workspace.path());
    runner.without.push("cargo");
    let folder = runner.folder.path().display().to_string();
    let curl = r#"#!/bin/bash
printf '%s\n' "$*" >>'FOLDER/curl.log'
while [ $# -gt 0 ]; do
    case $1 in
        --output) out=$2; shift ;;
        --write-out | --retry | --retry-delay | --connect-timeout | --max-time | --proto) shift ;;
        --) url=$2; shift ;;
    esac
    shift
done
[ ! -e 'FOLDER/offline' ] || { echo 'curl: (6) Could not resolve host' >&2; exit 6; }
case $url in */releases/latest) if [ "$url" = https://github.com/owner/paralint/releases/latest ]; then cat 'FOLDER/latest'; else cat 'FOLDER/renamed'; fi; exit 0 ;; esac
file="FOLDER/releases/${url#*/releases/download/}"
if [ -e "$file.status" ]; then cat "$file.status"
elif [ -e "$file" ]; then cp "$file" "$out"; printf 200
else echo 'Not Found' >"$out"; printf 404; fi
"#;
    runner.program("curl", &curl.replace("FOLDER", &folder));
    runner
}

/// A release as it is published.
fn release(runner: &Runner, version: &str, target: &str, program: &str) {
    let name = format!("paralint-{version}-{target}");
    let folder = runner.folder.path().join("releases").join(format!("v{version}"));
    std::fs::create_dir_all(folder.join(&name)).unwrap();
    std::fs::write(folder.join(&name).join("paralint"), program).unwrap();
    executable(&folder.join(&name).join("paralint"));
    let status = Command::new("tar").args(["-czf", &format!("{name}.tar.gz"), &name]).current_dir(&folder).status().unwrap();
    assert!(status.success());
    let bytes = std::fs::read(folder.join(format!("{name}.tar.gz"))).unwrap();
    let sum = Sha256::digest(&bytes).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    });
    std::fs::write(folder.join(format!("{name}.tar.gz.sha256")), format!("{sum}  {name}.tar.gz\n")).unwrap();
}

fn run(runner: &Runner, version: &str) -> Ran {
    runner.run(&[("args", "--staged --session none"), ("version", version)])
}

fn log(runner: &Runner) -> String {
    std::fs::read_to_string(runner.folder.path().join("curl.log")).unwrap_or_default()
}

/// Says that nothing was built and nothing ran.
fn refused(ran: &Ran, why: &str) {
    let errors = ran.errors();
    assert!(ran.code == 2 && errors.len() == 1 && errors[0].contains(why), "{}: {}", ran.code, ran.printed);
    assert!(ran.cache.is_none() && ran.paths.is_empty(), "{}", ran.printed);
    assert_eq!((ran.outputs["exit-code"].as_str(), ran.outputs["findings"].as_str()), ("2", "0"));
}

const X86: &str = "x86_64-unknown-linux-musl";

#[test]
fn a_release_is_taken_with_its_checksum_and_put_on_the_path() {
    let workspace = workspace();
    for (machine, target) in [(("Linux", "X64"), X86), (("Linux", "ARM64"), "aarch64-unknown-linux-musl")] {
        for version in ["", VERSION, &format!("v{VERSION}"), "latest"] {
            let mut runner = runner(&workspace);
            runner.machine = machine;
            release(&runner, VERSION, target, &stand_in());
            std::fs::write(runner.folder.path().join("latest"), format!("302 https://github.com/owner/paralint/releases/tag/v{VERSION}"))
                .unwrap();
            let ran = run(&runner, version);
            assert_eq!((ran.code, ran.outputs["exit-code"].as_str()), (0, "0"), "{}", ran.printed);
            assert!(ran.printed.contains("checksum verified") && ran.cache.is_none(), "{}", ran.printed);
            assert!(std::path::Path::new(ran.paths.trim_end()).join("paralint").exists(), "{}", ran.paths);
            let log = log(&runner);
            assert!(log.contains("https://github.com/owner/paralint/releases/download/") && log.contains("--proto =https"), "{log}");
        }
    }
}

#[test]
fn another_release_is_taken_too() {
    let workspace = workspace();
    let other = "#!/bin/sh\necho paralint 7.8.9\n";
    for version in ["7.8.9", "latest"] {
        let runner = runner(&workspace);
        release(&runner, "7.8.9", X86, other);
        std::fs::write(runner.folder.path().join("latest"), "302 https://github.com/owner/paralint/releases/tag/v7.8.9").unwrap();
        let ran = run(&runner, version);
        assert_eq!(ran.code, 0, "{}", ran.printed);
        assert!(ran.printed.contains("paralint 7.8.9: https://"), "{}", ran.printed);
    }
}

#[test]
fn the_newest_release_is_never_guessed() {
    let workspace = workspace();
    let home = "https://github.com/owner/paralint";
    // Nothing was published yet: the version of the action, said aloud.
    for answer in [format!("302 {home}/releases"), "404 ".to_owned()] {
        let runner = runner(&workspace);
        release(&runner, VERSION, X86, &stand_in());
        std::fs::write(runner.folder.path().join("latest"), &answer).unwrap();
        let ran = run(&runner, "latest");
        assert_eq!(ran.code, 0, "{}", ran.printed);
        assert!(ran.printed.contains("::warning title=paralint::owner/paralint has no release"), "{}", ran.printed);
    }
    // A repository that has another name by now.
    let one = runner(&workspace);
    release(&one, "7.8.9", X86, "#!/bin/sh\necho paralint 7.8.9\n");
    std::fs::write(one.folder.path().join("latest"), "301 https://github.com/new/name/releases/latest").unwrap();
    std::fs::write(one.folder.path().join("renamed"), "302 https://github.com/new/name/releases/tag/v7.8.9").unwrap();
    assert!(run(&one, "latest").printed.contains("paralint 7.8.9: https://"));
    std::fs::write(one.folder.path().join("renamed"), "301 https://github.com/new/name/releases/latest").unwrap();
    refused(&run(&one, "latest"), "for its newest release: status 301");
    let others =
        ["200 ", "429 ", "503 ", "000 ", "", "302 ", "302 http://github.com/owner/paralint/releases/tag/v1.0.0", "302 https://x/login"];
    for answer in others {
        let one = runner(&workspace);
        release(&one, VERSION, X86, &stand_in());
        std::fs::write(one.folder.path().join("latest"), answer).unwrap();
        refused(&run(&one, "latest"), "failed to ask https://github.com/owner/paralint for its newest release: status");
    }
}

/// Only these programs are on the path, and those of the runner.
fn with_only(runner: &mut Runner, programs: &[&str]) {
    let tools = runner.folder.path().join("tools");
    std::fs::create_dir(&tools).unwrap();
    for program in programs {
        let path = std::env::var_os("PATH").unwrap();
        let found = std::env::split_paths(&path).map(|folder| folder.join(program)).find(|path| path.exists()).unwrap();
        std::os::unix::fs::symlink(found, tools.join(program)).unwrap();
    }
    runner.variables.push(("PATH".to_owned(), format!("{}:{}", runner.folder.path().join("bin").display(), tools.display())));
}

#[test]
fn a_tool_that_is_missing_is_named() {
    let workspace = workspace();
    let tools = ["bash", "sed", "head", "mktemp", "dirname", "od", "tr", "readlink", "cut"];
    let mut one = runner(&workspace);
    with_only(&mut one, &tools);
    refused(&run(&one, ""), "neither sha256sum nor shasum is there");
    let mut one = runner(&workspace);
    std::fs::remove_file(one.folder.path().join("bin/curl")).unwrap();
    with_only(&mut one, &[&tools[..], &["sha256sum"]].concat());
    for version in ["", "latest"] {
        refused(&run(&one, version), "curl is not there");
    }
}

#[test]
fn a_program_of_the_workspace_is_not_used() {
    let workspace = workspace();
    let evil = format!("#!/bin/sh\necho >'{}'\necho paralint {VERSION}\n", workspace.beside("ran").display());
    for name in ["paralint", "sed", "curl", "git"] {
        workspace.write(&format!("node_modules/.bin/{name}"), &evil);
        executable(&workspace.path().join("node_modules/.bin").join(name));
    }
    let system = std::env::var("PATH").unwrap();
    let folder = workspace.path().join("node_modules/.bin");
    let outside = workspace.beside("outside");
    std::os::unix::fs::symlink(&folder, &outside).unwrap();
    let linked = workspace.beside("linked");
    std::fs::create_dir(&linked).unwrap();
    std::os::unix::fs::symlink(folder.join("paralint"), linked.join("paralint")).unwrap();
    let folders = [&folder, &outside, &linked].map(|path| path.display().to_string());
    for first in folders.into_iter().chain(["node_modules/.bin".to_owned(), "./node_modules/.bin".to_owned()]) {
        let mut one = runner(&workspace);
        release(&one, VERSION, X86, &stand_in());
        let own = one.folder.path().join("bin").display().to_string();
        one.variables.push(("PATH".to_owned(), format!("{first}:{own}:{system}")));
        let ran = run(&one, "");
        assert_eq!(ran.code, 0, "{first}: {}", ran.printed);
        assert!(ran.printed.contains("checksum verified"), "{first}: {}", ran.printed);
        assert!(!workspace.beside("ran").exists(), "{first}");
    }
}

#[test]
fn a_checksum_that_differs_is_never_a_reason_to_build() {
    let workspace = workspace();
    let cases: [(&str, &str); 5] = [
        ("sum of something else", "is no checksum of"),
        ("", "is no checksum of"),
        ("0000000000000000000000000000000000000000000000000000000000000000  NAME\n", "it is not used"),
        ("0000000000000000000000000000000000000000000000000000000000000000  other.tar.gz\n", "is no checksum of"),
        ("$(touch x)  NAME\n", "is no checksum of"),
    ];
    for (text, why) in cases {
        let runner = runner(&workspace);
        runner.program("cargo", "#!/bin/sh\nexit 9\n");
        release(&runner, VERSION, X86, &stand_in());
        let name = format!("paralint-{VERSION}-{X86}.tar.gz");
        let sums = runner.folder.path().join(format!("releases/v{VERSION}/{name}.sha256"));
        std::fs::write(&sums, text.replace("NAME", &name)).unwrap();
        refused(&run(&runner, ""), why);
    }
    // A release without one, one whose archive holds something else, and one that is another version.
    let one = runner(&workspace);
    release(&one, VERSION, X86, &stand_in());
    std::fs::remove_file(one.folder.path().join(format!("releases/v{VERSION}/paralint-{VERSION}-{X86}.tar.gz.sha256"))).unwrap();
    refused(&run(&one, ""), "status 404");
    let one = runner(&workspace);
    release(&one, VERSION, X86, "#!/bin/sh\necho paralint 0.0.1\n");
    refused(&run(&one, ""), "holds is no paralint");
}

#[test]
fn a_network_that_fails_is_no_reason_to_build() {
    let workspace = workspace();
    let one = runner(&workspace);
    std::fs::write(one.folder.path().join("offline"), "").unwrap();
    refused(&run(&one, ""), "failed to download https://github.com/owner/paralint/releases/download/");
    refused(&run(&one, "latest"), "failed to ask https://github.com/owner/paralint for its newest release");
    let one = runner(&workspace);
    release(&one, VERSION, X86, &stand_in());
    let status = one.folder.path().join(format!("releases/v{VERSION}/paralint-{VERSION}-{X86}.tar.gz.status"));
    std::fs::write(status, "503").unwrap();
    refused(&run(&one, ""), "status 503");
    // Never without encryption.
    let mut one = runner(&workspace);
    one.variables.push(("GITHUB_SERVER_URL".to_owned(), "http://example.org".to_owned()));
    refused(&run(&one, ""), "only downloaded through https");
    assert_eq!(log(&one), "");
}

#[test]
fn where_there_is_no_release_the_action_is_built_once() {
    let workspace = workspace();
    let cargo = |runner: &Runner| {
        let folder = runner.folder.path().display();
        let text = format!(
            "#!/bin/bash\nprintf '%s ' \"$PWD\" \"$@\" >>'{folder}/cargo.log'\nwhile [ $# -gt 0 ]; do [ \"$1\" != --root ] || root=$2; shift; done\nmkdir -p \"$root/bin\"\ncat >\"$root/bin/paralint\" <<'END'\n{}END\nchmod +x \"$root/bin/paralint\"\n",
            stand_in()
        );
        runner.program("cargo", &text);
    };
    let cases: [(&'static str, (&'static str, &'static str), &str); 4] = [
        ("owner/paralint", ("Linux", "X64"), "there is no https://"),
        ("", ("Linux", "X64"), "a local one"),
        ("owner/paralint", ("macOS", "ARM64"), "Linux on x86_64 and aarch64 only"),
        ("owner/paralint", ("Linux", "ARM"), "Linux on x86_64 and aarch64 only"),
    ];
    for (owner, machine, why) in cases {
        let mut one = runner(&workspace);
        (one.owner, one.machine) = (owner, machine);
        cargo(&one);
        let ran = run(&one, "");
        assert_eq!((ran.code, ran.outputs["exit-code"].as_str()), (0, "0"), "{}", ran.printed);
        assert!(ran.printed.contains("is built from source") && ran.printed.contains(why), "{}", ran.printed);
        let log = std::fs::read_to_string(one.folder.path().join("cargo.log")).unwrap();
        let root = env!("CARGO_MANIFEST_DIR");
        assert!(log.starts_with(&format!("{root} install --locked --force --path {root} --root ")), "{log}");
        let cache = ran.cache.unwrap();
        let key = cache["key"].as_str().unwrap();
        let expected = regex::Regex::new(&format!("^paralint-{}-{}-{VERSION}-[0-9a-f]{{64}}$", machine.0, machine.1)).unwrap();
        assert!(expected.is_match(key), "{key}");
        assert_eq!(ran.paths.trim_end(), format!("{}/bin", cache["path"].as_str().unwrap()));
        assert_eq!(ran.kept, Some(cache));
    }
    // The cache brought it, and no cargo is needed; what does not run is built again.
    let mut one = runner(&workspace);
    one.owner = "";
    one.cached = Some(("bin/paralint", stand_in()));
    let ran = run(&one, "");
    assert_eq!(ran.code, 0, "{}", ran.printed);
    assert!(ran.printed.contains("comes from the cache") && ran.kept.is_none(), "{}", ran.printed);
    one.cached = Some(("bin/paralint", "#!/bin/sh\nexit 1\n".to_owned()));
    let ran = run(&one, "");
    assert!(ran.code == 2 && ran.errors()[0].contains("no cargo to build it"), "{}", ran.printed);
    cargo(&one);
    assert_eq!(run(&one, "").code, 0);
    one.program("cargo", "#!/bin/sh\nexit 101\n");
    assert!(run(&one, "").errors()[0].contains("could not be built"));
}

#[test]
fn a_version_that_is_nowhere_is_an_error() {
    let workspace = workspace();
    let one = runner(&workspace);
    one.program("cargo", "#!/bin/sh\nexit 9\n");
    refused(&run(&one, "99.0.0"), "there is no release 99.0.0 for this runner");
    for version in ["1", "main", "1.2.3; touch x", "../../1.2.3", "1.2.3/../..", "--help", "1.2.3\nx"] {
        refused(&run(&one, version), "version is neither latest nor one such as");
    }
    let mut one = runner(&workspace);
    one.owner = "owner/name/more";
    refused(&run(&one, ""), "this is no name of a repository");
}

#[test]
fn a_program_that_is_there_is_used_where_it_has_that_version() {
    let workspace = workspace();
    let one = runner(&workspace);
    one.program("paralint", &stand_in());
    let ran = run(&one, "");
    assert_eq!(ran.code, 0, "{}", ran.printed);
    assert!(ran.printed.contains(&format!("paralint {VERSION} is there: ")), "{}", ran.printed);
    assert_eq!(log(&one), "", "nothing was asked for");
    for other in ["#!/bin/sh\necho paralint 0.0.1\n", "#!/bin/sh\nexit 1\n", "#!/bin/sh\necho something else\n"] {
        one.program("paralint", other);
        release(&one, VERSION, X86, &stand_in());
        let ran = run(&one, "");
        assert_eq!(ran.code, 0, "{}", ran.printed);
        assert!(ran.printed.contains("checksum verified"), "{}", ran.printed);
    }
}
