//! Much output, odd output, many jobs.
#![allow(clippy::disallowed_methods)]

use super::{Event, Job, Observer, all, one, options, passes, run, sh, text};
use crate::gates::schedule::{Schedule, Task};
use crate::model::gate::GateStatus;
use std::os::unix::fs::MetadataExt;

#[test]
fn two_hundred_megabytes_are_kept_in_a_file_and_not_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let options = super::Options { output_folder: Some(folder.path().to_owned()), ..options() };
    let script = "echo first; head -c 200000000 /dev/zero; echo; echo last; exit 1";
    let (ran, _) = all(&[sh("lint", script), sh("other", "echo here")], 2, &options);
    let output = &ran.jobs[0].output;
    assert_eq!(output.total(), 200_000_000 + 12);
    assert!(output.head.starts_with(b"first\n\0\0") && output.tail.ends_with(b"\0\nlast\n"));
    assert!(output.head.len() + output.tail.len() <= 512 << 10);
    let file = output.file.as_ref().unwrap();
    assert_eq!(std::fs::metadata(file).unwrap().size(), output.total());
    assert_eq!(ran.jobs[1].status, GateStatus::Passed);
}

#[test]
fn any_bytes_are_kept_as_they_came() {
    let ended = one(sh("lint", r"printf '\000\377\033[31m::error::\r\n'"));
    assert_eq!(ended.output.head, b"\0\xff\x1b[31m::error::\r\n");
}

#[test]
fn five_hundred_jobs_end() {
    let jobs: Vec<Job> = (0..500).map(|number| sh(&format!("job {number}"), "echo $PARALINT_GATE")).collect();
    let (ran, heard) = all(&jobs, 100, &options());
    for (number, ended) in ran.jobs.iter().enumerate() {
        assert_eq!((ended.status, text(ended)), (GateStatus::Passed, format!("job {number}\n")));
    }
    assert_eq!(heard.iter().filter(|said| said.starts_with("started")).count(), 500);
    assert_eq!(heard.len(), 1000);
}

/// The part of the test below that runs in a process of its own, since the limit is one of the process.
#[test]
#[ignore = "run by the test of few open files"]
fn inner_few_open_files() {
    let mut jobs: Vec<Job> = (0..500).map(|_| sh("lint", "sleep 0.02; echo done")).collect();
    // Its second process needs room, too, while others take it.
    jobs.iter_mut().step_by(5).for_each(|job| job.invocations.push(job.invocations[0].clone()));
    let (ran, _) = all(&jobs, 100, &options());
    for (number, ended) in ran.jobs.iter().enumerate() {
        assert_eq!(ended.status, GateStatus::Passed, "{:?}", ended.why);
        assert_eq!(text(ended), if number % 5 == 0 { "done\ndone\n" } else { "done\n" });
    }
}

#[test]
fn few_open_files_are_enough_for_many_jobs() {
    passes("ulimit -n 64;", "limits::inner_few_open_files");
}

#[test]
fn where_not_even_one_process_has_room_it_is_said() {
    passes("", "limits::inner_no_open_files");
}

/// From the end of the first job on, the process may open no file.
struct Full;

impl Observer for Full {
    fn hear(&mut self, event: &Event<'_>) {
        use rustix::process::{Resource, Rlimit, setrlimit};
        if matches!(event, Event::Ended { job: 0, .. }) {
            setrlimit(Resource::Nofile, Rlimit { current: Some(3), maximum: Some(3) }).unwrap();
        }
    }
}

#[test]
#[ignore = "run by the test of no open files"]
fn inner_no_open_files() {
    let jobs = [sh("a", "true"), sh("b", "true"), sh("c", "true"), sh("d", "true")];
    let tasks = [vec![], vec![0], vec![0], vec![0]].map(|needs| Task { needs, weight: 1, ..Task::default() }).to_vec();
    let ran = run(&jobs, Schedule::new(tasks, 2), &options(), &mut Full);
    for ended in &ran.jobs[1..] {
        assert_eq!(ended.status, GateStatus::Unavailable, "{ended:?}");
        assert!(ended.why.as_ref().unwrap().contains("ulimit -n"), "{ended:?}");
    }
}
