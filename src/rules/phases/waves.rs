//! Waves that began too early, as execution-progress.md and the wave files say.

use super::unsynchronised::RULE;
use crate::model::finding::Finding;
use crate::model::state::{ProgressWave, Wave, WaveState};
use crate::rules::RepositoryContext;
use crate::rules::tell::{are, listed, place, prove, show};

pub(super) fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = context.state.progress.iter().flat_map(|page| series(&page.waves)).flat_map(early_waves).collect();
    found.extend(early_files(&context.state.waves));
    found
}

/// A page may tell of several features: where the numbers begin anew, so does the count.
fn series(waves: &[ProgressWave]) -> Vec<Vec<&ProgressWave>> {
    let mut all: Vec<Vec<&ProgressWave>> = Vec::new();
    for wave in waves {
        match all.last_mut() {
            Some(last) if last.last().is_some_and(|before| before.wave.value < wave.wave.value) => last.push(wave),
            _ => all.push(vec![wave]),
        }
    }
    all
}

/// Waves that began while an earlier one of their series was not done.
fn early_waves(series: Vec<&ProgressWave>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut open: Option<&ProgressWave> = None;
    for wave in series {
        if let Some(open) = open.filter(|_| has_begun(wave)) {
            found.push(early_wave(open, wave));
        }
        // One early wave is a finding; those after it wait for the same.
        open = if is_open(wave) { Some(open.unwrap_or(wave)) } else { open };
    }
    found
}

fn has_begun(wave: &ProgressWave) -> bool {
    matches!(wave.state, Some(WaveState::Done | WaveState::Running)) || wave.boxes.iter().any(|one| one.value.0)
}

/// Not done: it says so, or a box is not ticked. What says that it is done and is not is another rule's.
fn is_open(wave: &ProgressWave) -> bool {
    match wave.state {
        Some(WaveState::Done) => false,
        Some(WaveState::Running | WaveState::Waiting) => true,
        None => wave.boxes.iter().any(|one| !one.value.0),
    }
}

fn early_wave(open: &ProgressWave, wave: &ProgressWave) -> Finding {
    let (earlier, later) = (open.wave.value, wave.wave.value);
    let message = format!("wave {later} began while wave {earlier} is not done");
    let identity = format!("{}\n{}\n{earlier}\n{later}", RULE.name, wave.wave.mark.path);
    let mut finding = Finding::new(RULE.name, RULE.severity, message, place(&wave.wave.mark), identity);
    let ticked = wave.boxes.iter().find(|one| one.value.0);
    match ticked.filter(|_| !matches!(wave.state, Some(WaveState::Done | WaveState::Running))) {
        Some(one) => show(&mut finding, &one.mark, format!("of wave {later}")),
        None => show(&mut finding, &wave.wave.mark, "began"),
    }
    let unticked: Vec<_> = open.boxes.iter().filter(|one| !one.value.0).collect();
    match unticked.first() {
        Some(one) => show(&mut finding, &one.mark, format!("of wave {earlier}, not ticked")),
        None => show(&mut finding, &open.wave.mark, "not done"),
    }
    prove(&mut finding, "waves", vec![earlier, later]);
    prove(&mut finding, "open_boxes", unticked.len());
    finding.help = format!("wait for all tasks of wave {earlier} before you start wave {later}");
    finding
}

/// Wave files that are older than those of the wave before. Another feature has waves of its own.
fn early_files(waves: &[Wave]) -> Vec<Finding> {
    let mut dated: Vec<(&Wave, _)> = waves.iter().filter_map(|wave| wave.timestamp.as_ref().map(|stamp| (wave, stamp))).collect();
    dated.sort_by_key(|(wave, stamp)| (&wave.feature, wave.wave.value, stamp.value, &wave.path));
    let mut found = Vec::new();
    for pair in dated.windows(2) {
        let [(before, ended), (after, began)] = pair else { continue };
        if before.feature != after.feature || before.wave.value == after.wave.value || began.value >= ended.value {
            continue;
        }
        let (earlier, later) = (before.wave.value, after.wave.value);
        let message = format!("wave {later} was written before wave {earlier}");
        let identity = format!("{}\n{}\n{earlier}\n{later}", RULE.name, after.path);
        let mut finding = Finding::new(RULE.name, RULE.severity, message, place(&began.mark), identity);
        show(&mut finding, &began.mark, format!("of wave {later}"));
        show(&mut finding, &ended.mark, format!("of wave {earlier}"));
        prove(&mut finding, "waves", vec![earlier, later]);
        prove(&mut finding, "early_seconds", ended.value.seconds_since(began.value));
        finding.paths = vec![before.path.clone(), after.path.clone()];
        let paths = [before.path.as_str(), after.path.as_str()];
        finding.help = format!("wait for wave {earlier}; if {} {} wrong, mend the timestamps", listed(&paths), are(paths.len()));
        found.push(finding);
    }
    found
}
