//! Where reports go: whole files or none, the verdict whatever happens to them, and every format also for a run that failed.

use super::every_format::{Written, assert_well_formed, names};
use super::program::{code, fixture, paralint, run, small_log, stderr, stdout};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder with a log that has a finding.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("log.jsonl"), small_log("s1", "/w", "I launched three agents in parallel.", 0)).unwrap();
    folder
}

/// Audits the log with these targets.
fn audit(folder: &Path, targets: &[&str]) -> Output {
    let mut command = paralint(folder);
    command.args(["audit", "--no-config", "log.jsonl"]);
    for target in targets {
        command.args(["--output", target]);
    }
    command.output().unwrap()
}

/// The files below a folder.
fn files(folder: &Path) -> Vec<String> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten();
    let files = entries.filter(|entry| !entry.file_type().is_dir());
    files.map(|entry| entry.path().strip_prefix(folder).unwrap().to_string_lossy().into_owned()).collect()
}

fn assert_is_report(path: &Path) {
    let report: serde_json::Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    assert_eq!((&report["exit_code"], &report["findings"][0]["rule"]), (&1.into(), &"narrated-agents".into()));
}

#[cfg(unix)]
#[test]
fn a_target_that_cannot_be_written_is_exit_2_and_all_others_are_whole() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let place = folder.path();
    let expected = stdout(&audit(place, &[]));
    fs::create_dir_all(place.join("taken")).unwrap();
    fs::create_dir(place.join("locked")).unwrap();
    fs::set_permissions(place.join("locked"), fs::Permissions::from_mode(0o555)).unwrap();
    let mut bad = vec!["missing/r.json", "taken", "log.jsonl/r.json"];
    // The superuser may write into any folder.
    if fs::write(place.join("locked/probe"), "").is_err() {
        bad.push("locked/r.json");
    } else {
        fs::remove_file(place.join("locked/probe")).unwrap();
    }
    if Path::new("/dev/full").exists() {
        bad.push("/dev/full");
    }
    for target in bad {
        let output = audit(place, &["json=before.json", &format!("json={target}"), "human=after.txt"]);
        assert_eq!(code(&output), 2, "{target}");
        let said = stderr(&output);
        assert!(said.contains(&format!("failed to write {target}")) && said.contains("help:"), "{target}: {said}");
        assert_eq!(stdout(&output), expected, "{target}");
        assert_is_report(&place.join("before.json"));
        assert_eq!(fs::read_to_string(place.join("after.txt")).unwrap(), expected, "{target}");
        assert_eq!(files(place), ["after.txt", "before.json", "log.jsonl"], "{target}: nothing half is left");
        assert!(place.join("taken").is_dir());
    }
}

/// Runs the program where no file may grow beyond a kilobyte.
#[cfg(unix)]
fn audit_in_little_room(folder: &Path, target: &str) -> Output {
    let limited = "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\"";
    let mut command = Command::new("sh");
    command.args(["-c", limited, env!("CARGO_BIN_EXE_paralint"), "audit", "--no-config", "--output", target]);
    command.arg(fixture("")).current_dir(folder).output().unwrap()
}

#[cfg(unix)]
#[test]
fn what_was_there_before_stays_whole_where_writing_fails_midway() {
    for format in names() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("report"), "from before").unwrap();
        let output = audit_in_little_room(folder.path(), &format!("{format}=report"));
        assert_eq!(code(&output), 2, "{format}: {}", stderr(&output));
        assert!(stdout(&output).contains("claimed-serial"), "{format}");
        assert_eq!(fs::read_to_string(folder.path().join("report")).unwrap(), "from before", "{format}");
        assert_eq!(files(folder.path()), ["report"], "{format}");
    }
}

#[cfg(unix)]
#[test]
fn links_stay_links_and_lead_where_they_led() {
    let folder = folder();
    let place = folder.path();
    fs::create_dir(place.join("elsewhere")).unwrap();
    fs::write(place.join("elsewhere/real.json"), "old").unwrap();
    for (target, link) in [("elsewhere/real.json", "link.json"), ("link.json", "chain.json"), ("elsewhere", "folder")] {
        std::os::unix::fs::symlink(target, place.join(link)).unwrap();
    }
    for link in ["link.json", "chain.json", "folder/real.json"] {
        fs::write(place.join("elsewhere/real.json"), "old").unwrap();
        assert_eq!(code(&audit(place, &[&format!("json={link}")])), 1, "{link}");
        assert_is_report(&place.join("elsewhere/real.json"));
    }
    assert!(["link.json", "chain.json", "folder"].iter().all(|link| place.join(link).symlink_metadata().unwrap().is_symlink()));
    assert_eq!(files(place), ["chain.json", "elsewhere/real.json", "folder", "link.json", "log.jsonl"]);
}

#[test]
fn two_reports_for_one_file_are_refused_and_neither_is_mixed() {
    let folder = folder();
    for second in ["report", "./report", "../here/report"] {
        let place = folder.path().join("here");
        fs::create_dir_all(&place).unwrap();
        fs::copy(folder.path().join("log.jsonl"), place.join("log.jsonl")).unwrap();
        let targets = ["json=report", "json=other", &format!("sarif={second}")];
        for before in [None, Some("from before")] {
            if let Some(before) = before {
                fs::write(place.join("report"), before).unwrap();
            }
            let output = audit(&place, &targets);
            let said = format!("json and sarif would both be written to {second}");
            assert_eq!((code(&output), stdout(&output).as_str()), (2, ""), "{second}");
            assert!(stderr(&output).contains(&said), "{second}: {}", stderr(&output));
            assert_eq!(fs::read_to_string(place.join("report")).ok().as_deref(), before, "{second}");
            assert!(!place.join("other").exists(), "{second}: it is known before anything is written");
        }
        fs::remove_dir_all(&place).unwrap();
    }
}

#[test]
fn standard_output_and_a_file_hold_the_same() {
    let place = folder();
    // A token that nobody can guess differs from one writing to the next.
    let token = regex::Regex::new("paralint-[0-9a-f]{32}").unwrap();
    for format in names() {
        let arguments = ["audit", "--no-config", "log.jsonl", "--format", &format, "--output", &format!("{format}=file")];
        let output = run(place.path(), &arguments);
        let (shown, written) = (stdout(&output), fs::read_to_string(place.path().join("file")).unwrap());
        assert_eq!(token.replace_all(&shown, "T"), token.replace_all(&written, "T"), "{format}");
        assert_eq!(code(&output), 1, "{format}");
    }
}

/// Runs that fail, each with a word that the error holds.
fn failing_runs() -> Vec<(tempfile::TempDir, Vec<&'static str>, &'static str)> {
    let bad_configuration = folder();
    fs::write(bad_configuration.path().join("paralint.toml"), "nonsensekey = 1\n").unwrap();
    let broken_configuration = folder();
    fs::write(broken_configuration.path().join("paralint.toml"), "[gates\n").unwrap();
    vec![
        (bad_configuration, vec!["audit", "log.jsonl"], "nonsensekey"),
        (broken_configuration, vec!["audit", "log.jsonl"], "paralint.toml"),
        (folder(), vec!["audit", "nowheretobefound"], "nowheretobefound"),
        (tempfile::tempdir().unwrap(), vec!["audit", "."], "log"),
        (tempfile::tempdir().unwrap(), vec!["check"], "repository"),
    ]
}

#[test]
fn a_run_that_failed_says_so_in_every_format() {
    for (folder, arguments, word) in failing_runs() {
        let written = Written::by(folder.path(), &arguments);
        assert_eq!((written.code, written.json()["exit_code"].as_i64()), (2, Some(2)), "{arguments:?}");
        assert!(!written.json()["error"].is_null(), "{arguments:?}");
        assert!(stderr(&written.output).contains(word), "{arguments:?}: {}", stderr(&written.output));
        for (format, text) in written.all() {
            assert_well_formed(format, text);
            // Markdown may put a backslash before a full stop.
            assert!(text.replace('\\', "").contains(word), "{arguments:?}: {format} does not say {word}: {text}");
        }
    }
}

#[test]
fn wrong_words_are_told_in_the_format_that_was_asked_for_and_in_words() {
    let folder = folder();
    for format in names() {
        let output = run(folder.path(), &["audit", "--fail-on", "sometimes", "--format", &format]);
        assert_eq!(code(&output), 2, "{format}");
        assert!(stderr(&output).contains("sometimes") && stderr(&output).contains("possible values"), "{format}: {}", stderr(&output));
        if format == "human" {
            assert_eq!(stdout(&output), "");
        } else {
            assert_well_formed(&format, &stdout(&output));
            assert!(stdout(&output).contains("sometimes"), "{format}: {}", stdout(&output));
        }
    }
}

#[test]
fn an_unknown_format_is_told_the_known_ones() {
    let folder = folder();
    for arguments in [["--format", "sarfi"], ["--output", "sarfi=x"]] {
        let output = run(folder.path(), &[&["audit", "log.jsonl"][..], &arguments].concat());
        assert_eq!((code(&output), stdout(&output).as_str()), (2, ""), "{arguments:?}");
        let said = stderr(&output);
        assert!(names().iter().all(|name| said.contains(name.as_str())), "{arguments:?}: {said}");
    }
    for target in ["json", "json=", "=x"] {
        let output = run(folder.path(), &["audit", "log.jsonl", "--output", target]);
        assert_eq!(code(&output), 2, "{target}: {}", stderr(&output));
    }
    assert_eq!(files(folder.path()), ["log.jsonl"]);
}

/// Starts an audit in a format: of all fixtures that are sure to be read, as one that is not ends as a lost report does.
fn started(format: &str) -> std::process::Child {
    let names = std::fs::read_dir(fixture("")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let named = names.filter(|name| name.starts_with("overlap-") || name.starts_with("demo-"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_paralint"));
    command.args(["audit", "--no-config", "--format", format]).args(named.map(|name| fixture(&name)));
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[test]
fn a_reader_that_goes_away_changes_no_verdict() {
    use std::io::{BufRead, BufReader, Read};
    for format in names() {
        for lines in [0, 1] {
            let mut child = started(&format);
            let mut reader = BufReader::new(child.stdout.take().unwrap());
            for _ in 0..lines {
                reader.read_line(&mut String::new()).unwrap();
            }
            drop(reader);
            let mut complaint = String::new();
            child.stderr.take().unwrap().read_to_string(&mut complaint).unwrap();
            assert_eq!((child.wait().unwrap().code(), complaint.as_str()), (Some(1), ""), "{format} after {lines} lines");
        }
    }
}

/// What a terminal, a runner or a reader's eye would obey.
fn is_active(letter: char) -> bool {
    let bends = matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}');
    bends || (letter.is_control() && letter != '\n' && letter != '\t')
}

#[test]
fn a_hostile_log_is_harmless_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let log: PathBuf = super::hostile_log::write(folder.path());
    let written = Written::by(folder.path(), &["audit", "--no-config", "--fail-on", "note", "--verbose", log.to_str().unwrap()]);
    let report = written.json();
    let session = &report["sessions"][0];
    let texts = super::hostile_log::texts();
    assert_eq!(session["dispatches"].as_array().unwrap().len(), texts.len(), "what is hostile arrives");
    assert_eq!(session["dispatches"][0]["description"], texts[0]);
    assert!(session["claims"].as_array().unwrap().len() >= 5, "{}", session["claims"]);
    let about = |rule: &str| report["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"] == rule).count();
    assert!(about("claimed-count") >= 3, "{}", about("claimed-count"));
    assert!(about("overlapping-edits") >= texts.len() - 1, "{}", about("overlapping-edits"));
    for (format, text) in written.all() {
        assert_well_formed(format, text);
        assert_eq!(text.chars().find(|letter| is_active(*letter)), None, "{format}");
        let commands: Vec<&str> = text.lines().filter(|line| line.trim_start().starts_with("::")).collect();
        assert!(format == "github" || commands.is_empty(), "{format}: {:?}", commands.first());
        assert!(commands.iter().all(|line| !line.contains("forged::") && !line.starts_with("::set-output")), "{format}");
        assert!(!text.contains("##["), "{format}: what a runner obeys in the middle of a line");
    }
    let off = super::reports_agree::disagreements("a hostile log", &written);
    assert!(off.is_empty(), "{off:#?}");
}

#[cfg(unix)]
#[test]
fn a_file_that_is_there_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let place = folder.path();
    let mode = |name: &str| fs::metadata(place.join(name)).unwrap().permissions().mode() & 0o777;
    fs::write(place.join("plain"), "").unwrap();
    for wanted in [0o600, 0o640, 0o664, 0o444] {
        fs::write(place.join("r.json"), "old").unwrap();
        fs::set_permissions(place.join("r.json"), fs::Permissions::from_mode(wanted)).unwrap();
        assert_eq!(code(&audit(place, &["json=r.json"])), 1);
        assert_is_report(&place.join("r.json"));
        assert_eq!(mode("r.json"), wanted, "{wanted:o}");
        fs::remove_file(place.join("r.json")).unwrap();
    }
    assert_eq!(code(&audit(place, &["json=new.json"])), 1);
    assert_eq!(mode("new.json"), mode("plain"), "a new file is like any other");
}

#[cfg(unix)]
#[test]
fn a_link_to_a_file_that_is_not_there_yet_is_followed() {
    let folder = folder();
    let place = folder.path();
    fs::create_dir(place.join("elsewhere")).unwrap();
    for (to, link) in
        [("elsewhere/new.json", "link"), ("link", "chain"), ("nowhere/new.json", "lost"), ("round", "about"), ("about", "round")]
    {
        std::os::unix::fs::symlink(to, place.join(link)).unwrap();
    }
    for link in ["link", "chain"] {
        assert_eq!(code(&audit(place, &[&format!("json={link}")])), 1, "{link}");
        assert_is_report(&place.join("elsewhere/new.json"));
        fs::remove_file(place.join("elsewhere/new.json")).unwrap();
    }
    let clash = audit(place, &["json=chain", "sarif=elsewhere/new.json"]);
    assert!(code(&clash) == 2 && stderr(&clash).contains("would both be written"), "{}", stderr(&clash));
    for link in ["lost", "about"] {
        let output = audit(place, &[&format!("json={link}")]);
        assert!(code(&output) == 2 && stderr(&output).contains(&format!("failed to write {link}")), "{link}: {}", stderr(&output));
    }
    assert!(["link", "chain", "lost", "about", "round"].iter().all(|link| place.join(link).symlink_metadata().unwrap().is_symlink()));
    assert_eq!(files(place), ["about", "chain", "link", "log.jsonl", "lost", "round"]);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_written_where_somebody_reads_and_not_waited_for_where_nobody_does() {
    let folder = folder();
    let place = folder.path();
    assert!(Command::new("mkfifo").arg(place.join("pipe")).status().unwrap().success());
    let output = audit(place, &["json=pipe"]);
    assert!(code(&output) == 2 && stderr(&output).contains("failed to write pipe: nobody reads from this pipe"), "{}", stderr(&output));
    // Both ends open, so that the reader is there whenever the program comes; more than a pipe holds.
    let mut kept = fs::OpenOptions::new().read(true).write(true).open(place.join("pipe")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_paralint"));
    command.current_dir(place).args(["audit", "--no-config", "log.jsonl", "--output", "html=pipe"]).stdout(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut page = Vec::new();
    let mut piece = [0; 4096];
    while !page.ends_with(b"</html>\n") && !page.ends_with(b"</html>") {
        let read = std::io::Read::read(&mut kept, &mut piece).unwrap();
        page.extend_from_slice(&piece[..read]);
    }
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert!(page.len() > 65_536, "more than a pipe holds: {}", page.len());
}

#[cfg(unix)]
#[test]
fn a_standard_stream_is_no_file_for_a_report() {
    let folder = folder();
    let place = folder.path();
    let refused = |target: &str, shell: &str| {
        let mut command = Command::new("sh");
        command.current_dir(place).args(["-c", &format!("\"$0\" audit --no-config log.jsonl --output json={target} {shell}")]);
        let output = command.arg(env!("CARGO_BIN_EXE_paralint")).output().unwrap();
        let said = stderr(&output) + &fs::read_to_string(place.join("errors")).unwrap_or_default();
        assert_eq!(code(&output), 2, "{target} {shell}: {said}");
        assert!(said.contains("and no file for a report: --format json prints it to standard output"), "{target} {shell}: {said}");
    };
    for target in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/dev/stderr"] {
        if Path::new(target).exists() {
            refused(target, "");
            refused(target, "> shown 2> errors");
            let _ = fs::remove_file(place.join("errors"));
        }
    }
    refused("shown", "> shown");
    assert_eq!(fs::read_to_string(place.join("shown")).unwrap(), "");
    fs::remove_file(place.join("shown")).unwrap();
    assert_eq!(code(&audit(place, &["json=/dev/null"])), 1);
}

#[test]
fn what_is_wrong_with_outputs_is_told_with_the_usage_of_the_command() {
    let folder = folder();
    let said = stderr(&audit(folder.path(), &["json=a", "sarif=a"]));
    assert!(said.contains("Usage: paralint audit ") && !said.contains("paralint <COMMAND>"), "{said}");
}
