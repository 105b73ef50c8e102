//! What could not be read: a verdict that rests on something missing does not hold where it may have stood.

use super::agents::Case;
use super::{Cause, Ruling};
use crate::model::claim::ClaimKind;
use crate::model::finding::Verdict;
use crate::model::session::{Claim, Means, Numbering, ProgressReport, Session, Transcript};

/// Whether something that is missing in the log makes a verdict of this cause.
fn rests_on_absence(cause: Cause) -> bool {
    match cause {
        Cause::Single
        | Cause::NoDispatch
        | Cause::Fewer
        | Cause::NothingBeside
        | Cause::TooFast
        | Cause::TestsFailed
        | Cause::TestsNotRun
        | Cause::TestsCountOtherwise
        | Cause::ProgressOtherwise => true,
        Cause::Serial | Cause::DispatchFailed | Cause::Holds | Cause::Unknown => false,
    }
}

fn is_shaken(ruling: &Ruling) -> bool {
    rests_on_absence(ruling.cause) && matches!(ruling.verdict, Verdict::Contradicted | Verdict::Unbacked | Verdict::Overstated)
}

/// The ruling on a claim about agents, or that it cannot be told.
pub(super) fn agents(case: &Case<'_>, ruling: Ruling) -> Ruling {
    if !is_shaken(&ruling) {
        return ruling;
    }
    let (from, to) = match case.claim.what.kind {
        ClaimKind::Past | ClaimKind::Speedup if case.turn().members.is_empty() => (0, case.last_line()),
        ClaimKind::Past | ClaimKind::Speedup | ClaimKind::Present | ClaimKind::Roleplay => (case.turn_start(), case.next_prompt()),
        _ => (case.first_line(), case.next_prompt()),
    };
    doubted(case.session, case.session.damage.within(&case.transcript().path, from, to), ruling)
}

/// The ruling on a claim about tests: agents run them too, so every file matters.
pub(super) fn tests(session: &Session, transcript: &Transcript, claim: &Claim, edited: bool, ruling: Ruling) -> Ruling {
    if !is_shaken(&ruling) {
        return ruling;
    }
    let own = transcript.edits.iter().filter(|edit| edited && !edit.inferred).map(|edit| edit.place.line);
    let since = own.filter(|line| *line < claim.place.line).max().unwrap_or(0);
    let damage = &session.damage;
    let count = damage.within(&transcript.path, since, claim.place.line) + damage.elsewhere(&transcript.path);
    doubted(session, count, ruling)
}

/// The ruling on a progress file.
pub(super) fn progress(session: &Session, transcript: &Transcript, report: &ProgressReport, ruling: Ruling) -> Ruling {
    if !is_shaken(&ruling) {
        return ruling;
    }
    let main = session.damage.within(&session.path, 0, u64::MAX);
    let count = if transcript.path == session.path { session.damage.within(&session.path, 0, report.place.line) } else { main };
    doubted(session, count, ruling)
}

fn doubted(session: &Session, count: u64, ruling: Ruling) -> Ruling {
    if count == 0 {
        return ruling;
    }
    let what = match session.numbering {
        Numbering::Lines => "line",
        Numbering::Records => "record",
    };
    let why =
        if count == 1 { format!("1 {what} of the log could not be read") } else { format!("{count} {what}s of the log could not be read") };
    Ruling { verdict: Verdict::Unverifiable, cause: Cause::Unknown, why, ..ruling }
}

/// Why agents that were started by other means leave a claim open.
pub(super) fn unseen(means: Means) -> &'static str {
    match means {
        Means::Shell => "a shell command started agents, whose runs are not in this log",
        Means::Tool | Means::Script => "a tool or a script started agents, whose runs are not in this log",
        Means::Team => "an agent team was at work, whose runs are not in this log",
        Means::Workflow => "a workflow was at work, whose runs are not in this log",
        Means::Message => "an agent at work was given more to do, and that is no run of its own in this log",
        Means::Uncalled => "an agent ran that no call in this log started",
        Means::Hidden => "agents may have been at work that the text does not show",
        Means::LeftOut => "this part of the text shows no calls, and may tell of another part",
    }
}
