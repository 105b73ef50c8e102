use super::*;

fn page(text: &str) -> ProgressPage {
    read(&Source::new("execution-progress.md", text))
}

#[test]
fn a_page_by_headings_is_read() {
    let page = page(
        "## Feature: Consent - Parallel Execution Progress\n\n### Wave 0: Analysis ✅ (2 min)\n- [x] Specification analyzed\n\
         - [x] Plan created\n\n### Wave 1: Domain (5 Tasks) 🔄 (3 min)\n- [x] Task 1: Domain Expert - 2 entities created\n\
         - [ ] Task 4: Repository Designer - In progress...\n\n### Wave 2: Infrastructure (5 Tasks) ⏸️\n\
         - Waiting for Wave 1 completion...\n\n### Performance Metrics\n- Total elapsed: 5 minutes\n- Parallel speedup: 6.2x\n\
         - Tasks completed: 9/25\n- [x] no wave\n",
    );
    let waves: Vec<_> = page.waves.iter().map(|wave| (wave.wave.value, wave.state, wave.tasks, wave.boxes.len())).collect();
    assert_eq!(
        waves,
        [(0, Some(WaveState::Done), None, 2), (1, Some(WaveState::Running), Some(5), 2), (2, Some(WaveState::Waiting), Some(5), 0)]
    );
    assert_eq!(page.waves[1].boxes[1].value, (false, "Task 4: Repository Designer - In progress...".to_owned()));
    let completed = page.completed.unwrap();
    assert_eq!((completed.value, completed.mark.line, completed.mark.column), ((9, Some(25)), 17, 3));
    let speedup = page.speedup.unwrap();
    assert_eq!((speedup.value, speedup.mark.line, speedup.mark.column, speedup.mark.end_column), (6.2, 16, 21, 24));
    assert_eq!((page.waves[1].wave.mark.line, page.waves[1].wave.mark.column), (7, 10));
}

#[test]
fn a_page_by_entries_is_read() {
    let page = page(
        "## Feature\n\n### Current Status: Wave 2 Executing\n- Wave 0: ✅ Analysis Complete (2 min)\n- Wave 1: ✅ Domain Complete\n\
         - Wave 2: 🔄 Infrastructure (2 min elapsed)\n  - Task 1 (Repository): ✅ Complete\n  - Task 3 (Queries): 🔄 Running...\n\
         - [x] **Wave 3**: API\n- Quality ✅\n",
    );
    let mut waves: Vec<_> = page.waves.iter().map(|wave| (wave.wave.value, wave.state, wave.boxes.len())).collect();
    waves.sort_unstable();
    let (done, running) = (Some(WaveState::Done), Some(WaveState::Running));
    assert_eq!(waves, [(0, done, 0), (1, done, 0), (2, running, 2), (3, done, 0)]);
}

#[test]
fn a_wave_stands_where_its_own_entry_begins() {
    let page = page("### Current Status: Wave 2 Executing\n- Wave 1: 🔄 Domain running\n- Wave 2: 🔄 Infrastructure\n");
    let waves: Vec<_> = page.waves.iter().map(|wave| (wave.wave.value, wave.wave.mark.line)).collect();
    assert_eq!(waves, [(1, 2), (2, 3)]);
}

#[test]
fn a_status_line_speaks_of_its_wave_and_two_answers_are_none() {
    let read = page("# Wave 1\n**Status**: ✅ Complete\n## Wave 2\n- Status: running\n# Wave 3 ✅\n# Wave 3: pending\n");
    let states: Vec<_> = read.waves.iter().map(|wave| wave.state).collect();
    assert_eq!(states, [Some(WaveState::Done), Some(WaveState::Running), None]);
    assert!(page("Nothing of waves.\n- [x] a\n```\n# Wave 1 ✅\n```\n").waves.is_empty());
    assert_eq!(page("```markdown\n# Wave 1 ✅\n```\n").waves.len(), 1);
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(#|- |Wave |1|✅|🔄|\\[x\\]|\\[|:|Status|complete|\\n| |é|```|\\*){0,40}") {
        let _ = page(&text);
        let _ = completed(&text).map(|counted| counted.done);
        let _ = ticks(&text).count();
    }
}
