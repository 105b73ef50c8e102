use super::*;
use proptest::prelude::*;

fn seconds(count: u64) -> Option<Duration> {
    Some(Duration::from_secs(count))
}

fn task(needs: &[usize], expected: Option<Duration>) -> Task {
    Task { needs: needs.to_vec(), weight: 1, expected, ..Task::default() }
}

#[test]
fn the_longest_chain_comes_first() {
    // 2 needs 1; alone 0 is the longest, but 1 and 2 together are longer.
    let tasks = vec![task(&[], seconds(5)), task(&[], seconds(3)), task(&[1], seconds(4))];
    let mut schedule = Schedule::new(tasks, 1);
    assert_eq!(schedule.start(), [1]);
    assert!(schedule.start().is_empty(), "there is no room");
    schedule.finish(1, true);
    assert_eq!(schedule.start(), [0]);
    schedule.finish(0, true);
    assert_eq!(schedule.start(), [2]);
}

#[test]
fn without_recorded_times_the_longest_chain_counts() {
    let tasks = vec![task(&[], None), task(&[], None), task(&[1], None), task(&[2], None)];
    assert_eq!(Schedule::new(tasks, 1).start(), [1]);
}

#[test]
fn a_weight_above_the_cap_counts_as_all_of_it() {
    let heavy = Task { weight: 9, ..task(&[], seconds(9)) };
    let mut schedule = Schedule::new(vec![heavy, task(&[], seconds(1))], 4);
    assert_eq!(schedule.start(), [0]);
    schedule.finish(0, true);
    assert_eq!(schedule.start(), [1]);
}

#[test]
fn what_needs_a_failed_job_never_runs() {
    let mut schedule = Schedule::new(vec![task(&[], None), task(&[0], None), task(&[1], None), task(&[], None)], 8);
    assert_eq!(schedule.start(), [0, 3]);
    assert_eq!(schedule.finish(0, false), [1, 2]);
    schedule.finish(3, true);
    assert!(schedule.is_done());
}

#[test]
fn a_paused_job_holds_nothing() {
    let held = |needs: &[usize]| Task { resources: vec!["database".to_owned()], ..task(needs, None) };
    let mut schedule = Schedule::new(vec![held(&[]), held(&[])], 8);
    assert_eq!(schedule.start(), [0]);
    assert_eq!(schedule.waits_for(1), Wait::Resource("database"));
    schedule.pause(0);
    assert_eq!(schedule.start(), [1]);
    schedule.resume(0);
    assert!(schedule.start().is_empty(), "the other one holds the resource now");
    schedule.finish(1, true);
    assert_eq!(schedule.start(), [0]);
}

#[test]
fn a_circle_is_told_and_not_waited_for() {
    let schedule = Schedule::new(vec![task(&[1], None), task(&[0], None)], 2);
    assert_eq!(schedule.unstartable(), [0, 1]);
}

#[test]
fn a_job_is_postponed_only_where_another_one_runs() {
    let mut schedule = Schedule::new(vec![task(&[], None), task(&[], None)], 2);
    assert_eq!(schedule.start(), [0, 1]);
    assert!(schedule.postpone(1));
    schedule.finish(0, true);
    assert_eq!(schedule.start(), [1]);
    assert!(!schedule.postpone(1));
}

#[test]
fn the_longest_chain_is_named_from_first_to_last() {
    let times = [3, 1, 4, 2].map(Duration::from_secs);
    assert_eq!(longest_chain(&[vec![], vec![], vec![1], vec![2, 0]], &times), (Duration::from_secs(7), vec![1, 2, 3]));
    assert_eq!(longest_chain(&[], &[]), (Duration::ZERO, vec![]));
}

#[derive(Debug, Clone)]
struct World {
    tasks: Vec<Task>,
    cap: u32,
}

/// Needs lead to earlier jobs only, so every graph is without circles.
fn worlds() -> impl Strategy<Value = World> {
    let one = (
        proptest::collection::vec(any::<prop::sample::Index>(), 0..3),
        proptest::collection::btree_set(0_u8..4, 0..3),
        0_u32..6,
        proptest::option::of(0_u64..50),
    );
    (proptest::collection::vec(one, 0..14), 0_u32..6).prop_map(|(raw, cap)| {
        let tasks = raw.into_iter().enumerate().map(|(job, (needs, resources, weight, expected))| Task {
            needs: if job == 0 { Vec::new() } else { needs.iter().map(|need| need.index(job)).collect() },
            resources: resources.into_iter().map(|resource| format!("r{resource}")).collect(),
            weight,
            expected: expected.map(Duration::from_secs),
        });
        World { tasks: tasks.collect(), cap }
    })
}

proptest! {
    /// Plays a run with jobs that end in any order, fail, or pause, and holds every promise of the schedule at each step.
    #[test]
    fn a_run_keeps_every_promise(world in worlds(), choices in proptest::collection::vec((any::<prop::sample::Index>(), 0_u8..6), 300)) {
        let World { tasks, cap } = world;
        let real_cap = cap.max(1);
        let weight = |job: usize| tasks[job].weight.clamp(1, real_cap);
        let mut schedule = Schedule::new(tasks.clone(), cap);
        let (mut running, mut paused): (Vec<usize>, Vec<usize>) = Default::default();
        let (mut passed, mut failed): (Vec<usize>, Vec<usize>) = Default::default();
        let mut choices = choices.into_iter();
        let mut starts = 0;
        while !schedule.is_done() {
            let begun = schedule.start();
            for job in &begun {
                prop_assert!(tasks[*job].needs.iter().all(|need| passed.contains(need)), "never before its needs");
            }
            starts += begun.len();
            running.extend(begun);
            prop_assert!(running.iter().map(|job| weight(*job)).sum::<u32>() <= real_cap, "never over the cap");
            let mut held: Vec<&String> = running.iter().flat_map(|job| &tasks[*job].resources).collect();
            let all = held.len();
            held.sort();
            held.dedup();
            prop_assert_eq!(held.len(), all, "never two holders of a resource");
            let room = real_cap - running.iter().map(|job| weight(*job)).sum::<u32>();
            for (job, task) in tasks.iter().enumerate() {
                let known = running.contains(&job) || paused.contains(&job) || passed.contains(&job) || failed.contains(&job);
                let could = !known && weight(job) <= room && task.needs.iter().all(|need| passed.contains(need))
                    && task.resources.iter().all(|resource| !held.contains(&resource));
                prop_assert!(!could, "never idle while something could run: {job}");
            }
            let Some((which, what)) = choices.next() else { return Ok(()) };
            if running.is_empty() || (what == 5 && !paused.is_empty()) {
                prop_assert!(!paused.is_empty(), "it stands still");
                schedule.resume(paused.remove(which.index(paused.len())));
                continue;
            }
            let job = running.remove(which.index(running.len()));
            match what {
                1 => {
                    failed.push(job);
                    failed.extend(schedule.finish(job, false));
                }
                2 if starts < 100 => {
                    schedule.pause(job);
                    paused.push(job);
                }
                _ => {
                    prop_assert!(schedule.finish(job, true).is_empty());
                    passed.push(job);
                }
            }
        }
        prop_assert_eq!(passed.len() + failed.len(), tasks.len(), "every job ends");
    }

    #[test]
    fn the_longest_chain_bounds_every_schedule(world in worlds()) {
        let needs: Vec<Vec<usize>> = world.tasks.iter().map(|task| task.needs.clone()).collect();
        let times: Vec<Duration> = world.tasks.iter().map(|task| task.expected.unwrap_or_default()).collect();
        let (total, chain) = longest_chain(&needs, &times);
        prop_assert_eq!(chain.iter().map(|job| times[*job]).sum::<Duration>(), total);
        prop_assert!(chain.windows(2).all(|pair| needs[pair[1]].contains(&pair[0])));
        prop_assert!(total <= times.iter().sum());
    }
}
