use super::*;
use proptest::prelude::*;

fn words(list: &[&str]) -> Command {
    Command::Words(list.iter().map(|word| (*word).to_owned()).collect())
}

fn paths(list: &[&str]) -> Vec<RepoPath> {
    list.iter().map(|path| RepoPath::from(*path)).collect()
}

fn shown(invocation: &Invocation) -> Vec<String> {
    invocation.arguments.iter().map(|argument| argument.to_string_lossy().into_owned()).collect()
}

#[test]
fn a_command_without_files_is_one_process() {
    let list = invocations(&words(&["cargo", "test", ""]), &paths(&["a"]));
    assert_eq!(list.len(), 1);
    assert_eq!((list[0].program.to_str(), shown(&list[0]), list[0].shell), (Some("cargo"), vec!["test".into(), String::new()], false));
    assert!(split(&list[0]).is_none());
}

#[cfg(unix)]
#[test]
fn a_shell_is_given_files_as_parameters() {
    let list = invocations(&Command::Shell("rustfmt --check {files} && echo {files}".into()), &paths(&["a b", "-x", "$(reboot)"]));
    let [only] = list.as_slice() else { panic!("{list:?}") };
    let wanted = ["-c", "rustfmt --check \"$@\" && echo \"$@\"", "sh", "a b", "./-x", "$(reboot)"];
    assert_eq!((only.program.to_str(), shown(only), only.shell), (Some("/bin/sh"), wanted.map(str::to_owned).to_vec(), true));
    assert_eq!(only.files, 3..6);
    let plain = invocations(&Command::Shell("make".into()), &[]);
    assert_eq!(shown(&plain[0]), ["-c", "make"]);
}

#[test]
fn a_list_is_given_files_where_they_stand() {
    let list = invocations(&words(&["x", "--in", "{files}", "--out"]), &paths(&["a", "b", "c"]));
    assert_eq!((shown(&list[0]), list[0].files.clone()), (["--in", "a", "b", "c", "--out"].map(str::to_owned).to_vec(), 1..4));
    let [one, two] = split(&list[0]).unwrap();
    assert_eq!((shown(&one), one.files.clone()), (["--in", "a", "--out"].map(str::to_owned).to_vec(), 1..2));
    assert_eq!((shown(&two), two.files.clone()), (["--in", "b", "c", "--out"].map(str::to_owned).to_vec(), 1..3));
    assert!(split(&one).is_none());
    assert!(invocations(&words(&["x", "{files}"]), &[]).is_empty(), "what is written for files does not run without");
}

#[cfg(unix)]
#[test]
fn names_keep_their_bytes() {
    use std::os::unix::ffi::OsStrExt;
    let list = invocations(&words(&["x", "{files}"]), &[RepoPath::new(b"-\xff\n".to_vec())]);
    assert_eq!(list[0].arguments[0].as_bytes(), b"./-\xff\n");
}

#[test]
fn the_shell_of_windows_reads_no_name() {
    let one = of_windows("type {files}", &[b"a & b".to_vec(), b"%PATH%.txt".to_vec()]);
    assert_eq!(shown(&one), ["/C", "type \"a & b\" \"\"^%\"PATH\"^%\".txt\""]);
    assert!(split(&one).is_none());
}

#[test]
fn a_gate_is_repeated_by_its_name() {
    assert_eq!(again(&[], "test"), "paralint gates test");
    assert_eq!(again(&[], "lint:web/app"), "paralint gates lint:web/app");
    assert_eq!(again(&[], "all tests"), "paralint gates 'all tests'");
    assert_eq!(again(&[], "it's; $(x)"), r"paralint gates 'it'\''s; $(x)'");
    assert_eq!(again(&[], "~x"), "paralint gates '~x'");
    let options = ["--all".to_owned(), "--config".to_owned(), "my gates.toml".to_owned()];
    assert_eq!(again(&options, "test"), "paralint gates --all --config 'my gates.toml' test");
}

proptest! {
    #[test]
    fn every_file_is_given_once_in_order_and_within_the_budget(
        files in prop::collection::vec((prop::sample::select(&b"-a/ \xff"[..]), 1usize..4000), 0..120),
        shell in any::<bool>(),
    ) {
        let files: Vec<RepoPath> = files.into_iter().map(|(letter, length)| RepoPath::new(vec![letter; length])).collect();
        let command = if shell && cfg!(unix) { Command::Shell("x {files}".into()) } else { words(&["x", "{files}", "y"]) };
        let list = invocations(&command, &files);
        let given: Vec<OsString> = list.iter().flat_map(|one| one.arguments[one.files.clone()].to_vec()).collect();
        let wanted: Vec<OsString> = files.iter().map(|file| system_string(&name(file))).collect();
        prop_assert_eq!(&given, &wanted);
        for one in &list {
            let of_files = &one.arguments[one.files.clone()];
            prop_assert!(!of_files.is_empty());
            prop_assert!(of_files.iter().map(|file| file.len() + 1).sum::<usize>() <= BUDGET);
            prop_assert!(of_files.iter().all(|file| !file.as_encoded_bytes().starts_with(b"-")));
        }
        // No two neighbours would have fitted one process: it is not split for nothing.
        let size = |one: &Invocation| one.arguments[one.files.clone()].iter().map(|file| file.len() + 1).sum::<usize>();
        for pair in list.windows(2) {
            let first = pair[1].arguments[pair[1].files.start].len() + 1;
            prop_assert!(size(&pair[0]) + first > BUDGET);
        }
    }

    #[test]
    fn halves_are_the_whole(count in 0usize..40, shell in any::<bool>()) {
        let files: Vec<RepoPath> = (0..count).map(|index| RepoPath::from(format!("f{index}").as_str())).collect();
        let command = if shell && cfg!(unix) { Command::Shell("x {files}".into()) } else { words(&["x", "a", "{files}", "y"]) };
        for one in invocations(&command, &files) {
            match split(&one) {
                None => prop_assert!(one.files.len() < 2),
                Some([left, right]) => {
                    let part = |half: &Invocation| half.arguments[half.files.clone()].to_vec();
                    prop_assert!(!part(&left).is_empty() && !part(&right).is_empty());
                    prop_assert_eq!([part(&left), part(&right)].concat(), part(&one));
                    for half in [&left, &right] {
                        prop_assert_eq!(&half.arguments[..half.files.start], &one.arguments[..one.files.start]);
                        prop_assert_eq!(&half.arguments[half.files.end..], &one.arguments[one.files.end..]);
                        prop_assert_eq!((&half.program, half.shell), (&one.program, one.shell));
                    }
                }
            }
        }
    }
}
