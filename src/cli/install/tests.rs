//! What is shown and written for a manager, with one that exists only here.

use super::managers;
use super::told::Told;
use super::{Arguments, Hook};
use crate::input::hooks::{Home, Hooks, RealGround};
use crate::install::manager::{Edit, Ground, InUse};
use std::fs;
use std::path::Path;

fn edit(path: &str, before: Option<&str>, after: Result<&str, &str>) -> Edit {
    Edit {
        path: path.to_owned(),
        hooks: vec![Hook::PreCommit],
        lines: "run:\n\tparalint \u{1b}check\n".to_owned(),
        before: before.map(str::to_owned),
        after: after.map(str::to_owned).map_err(str::to_owned),
        is_done: false,
        executable: false,
    }
}

fn in_use(edits: Vec<Edit>) -> Vec<InUse> {
    let then = Some("testman install".to_owned());
    vec![InUse {
        manager: "testman",
        seen: "testman.yml".to_owned(),
        is_in_place: true,
        edits,
        then,
        notes: vec!["it is for tests".to_owned()],
    }]
}

fn told(root: &Path, uses: &[InUse], write: bool, dry_run: bool) -> Told {
    let mut told = Told::default();
    managers::install(
        &mut told,
        root,
        uses,
        &[Hook::PreCommit],
        &Arguments { write, dry_run, ..Arguments::default() },
        &["more".to_owned()],
    );
    told
}

#[test]
fn without_write_it_shows_what_belongs_where() {
    let folder = tempfile::tempdir().unwrap();
    let uses = in_use(vec![edit("testman.yml", None, Ok("new\n"))]);
    let told = told(folder.path(), &uses, false, false);
    assert!(told.is_left && !told.is_written && told.errors.is_empty());
    let expected = [
        "testman runs the hooks here (testman.yml)",
        "testman.yml needs",
        "    run:",
        "        paralint \\u{1b}check",
        "note: it is for tests",
        "note: more",
        "`paralint install --write` writes that",
        "then: testman install",
    ];
    assert_eq!(told.lines, expected);
    assert!(!folder.path().join("testman.yml").exists());
}

#[test]
fn with_write_it_writes_and_a_dry_run_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("testman.yml");
    fs::write(&path, "old\n").unwrap();
    let uses = in_use(vec![edit("testman.yml", Some("old\n"), Ok("old\nnew\n")), edit("sub/hook", None, Ok("made\n"))]);
    let dry = told(folder.path(), &uses, true, true);
    assert!(dry.lines.contains(&"would be added to testman.yml".to_owned()) && !dry.is_written, "{:?}", dry.lines);
    assert_eq!(fs::read_to_string(&path).unwrap(), "old\n");
    let done = told(folder.path(), &uses, true, false);
    assert!(
        done.lines.contains(&"added to testman.yml".to_owned()) && done.lines.contains(&"wrote sub/hook".to_owned()),
        "{:?}",
        done.lines
    );
    assert!(done.is_left, "`then` is for the user: {:?}", done.lines);
    assert!(done.errors.is_empty() && done.is_written);
    assert_eq!(fs::read_to_string(&path).unwrap(), "old\nnew\n");
    assert_eq!(fs::read_to_string(folder.path().join("sub/hook")).unwrap(), "made\n");
    // What is other than it was read is not written over.
    let again = told(folder.path(), &uses, true, false);
    assert_eq!(again.errors.len(), 2);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left beside");
}

#[test]
fn what_is_done_and_what_only_the_user_can_do_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let done = Edit { is_done: true, ..edit("testman.yml", Some(""), Ok("")) };
    let other = Edit { hooks: vec![Hook::PrePush], ..edit("other.yml", None, Ok("x")) };
    let told_done = told(folder.path(), &in_use(vec![done, other]), false, false);
    assert!(told_done.lines.iter().any(|line| line == "testman.yml: paralint is in it"), "{:?}", told_done.lines);
    assert!(!told_done.lines.iter().any(|line| line.contains("other.yml") || line == "note: it is for tests"));
    assert!(told_done.is_left && told_done.lines.last().is_some_and(|line| line == "then: testman install"), "{:?}", told_done.lines);
    let by_hand = told(folder.path(), &in_use(vec![edit("testman.js", None, Err("it is a program"))]), true, false);
    assert!(by_hand.is_left && by_hand.lines.iter().any(|line| line.contains("since it is a program")), "{:?}", by_hand.lines);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_outside_and_modes_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::write(outside.path().join("file"), "old\n").unwrap();
    symlink(outside.path(), folder.path().join("link")).unwrap();
    symlink(outside.path().join("file"), folder.path().join("file-link")).unwrap();
    symlink(outside.path().join("new"), folder.path().join("dangling")).unwrap();
    for path in ["link/file", "file-link", "dangling", "../file", "link/new"] {
        let before = (path.ends_with("file") || path.ends_with("file-link")).then_some("old\n");
        let told = told(folder.path(), &in_use(vec![edit(path, before, Ok("new\n"))]), true, false);
        assert_eq!(told.errors.len(), 1, "{path}: {:?}", told.lines);
    }
    assert_eq!(fs::read_to_string(outside.path().join("file")).unwrap(), "old\n");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
    // A link within stays a link.
    fs::write(folder.path().join("real"), "old\n").unwrap();
    fs::set_permissions(folder.path().join("real"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real", folder.path().join("inner")).unwrap();
    let executable = Edit { executable: true, ..edit("inner", Some("old\n"), Ok("new\n")) };
    assert!(told(folder.path(), &in_use(vec![executable]), true, false).errors.is_empty());
    assert!(folder.path().join("inner").is_symlink());
    let mode = fs::metadata(folder.path().join("real")).unwrap().permissions().mode() & 0o777;
    assert_eq!((fs::read_to_string(folder.path().join("real")).unwrap().as_str(), mode), ("new\n", 0o750));
}

#[test]
fn the_ground_reads_what_lies_within() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".husky")).unwrap();
    fs::write(folder.path().join("package.json"), "{}").unwrap();
    fs::write(folder.path().join("binary"), [0xff]).unwrap();
    let hooks = Hooks {
        folder: folder.path().join(".husky/_"),
        home: Home::WorkTree,
        configured: Some(("local".to_owned(), "./.husky/_".to_owned())),
    };
    let ground = RealGround::new(folder.path(), &hooks);
    assert_eq!(ground.text("package.json"), Some(Ok("{}".to_owned())));
    assert_eq!(ground.text("nothing"), None);
    assert!(matches!(ground.text("binary"), Some(Err(_))) && matches!(ground.text("../x/y"), None | Some(Err(_))));
    assert!(ground.is_folder(".husky") && !ground.is_folder("package.json") && !ground.is_folder("/"));
    assert_eq!((ground.hooks_path(), ground.hook(Hook::PreCommit)), (Some(".husky/_"), None));
}
