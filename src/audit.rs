//! From sessions to findings: what is derived, which rules run, what the configuration sets aside. Pure.

use crate::config::Config;
use crate::model::change::{Change, ChangeKind, Source};
use crate::model::finding::Finding;
use crate::model::gate::GatesRun;
use crate::model::overlap::{Overlap, Uncompared};
use crate::model::session::{Clock, Numbering, Session};
use crate::rules::{Check, Context, RULES, Subject};
use crate::settle;
use crate::timeline::{self, Batch};
use crate::verdict::{self, Judgement};
use crate::work::identity::Attributed;
use rayon::prelude::*;

/// One session with what was derived from it.
#[derive(Debug)]
pub struct Audited {
    /// The session.
    pub session: Session,
    /// Its batches.
    pub batches: Vec<Batch>,
    /// Its verdicts.
    pub judgements: Vec<Judgement>,
}

/// What a run found.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The sessions, in their order.
    pub sessions: Vec<Audited>,
    /// The findings that count: by session, then by place, worst first.
    pub findings: Vec<Finding>,
    /// How many the configuration suppresses, or a baseline holds.
    pub suppressed: u64,
    /// How many were waived in the open.
    pub waived: u64,
    /// The change sets, where a repository was checked.
    pub changes: Vec<Attributed>,
    /// Files that two of them both changed.
    pub overlaps: Vec<Overlap>,
    /// Pairs of them that could not be compared.
    pub uncompared: Vec<Uncompared>,
    /// The gates that ran, or were listed.
    pub gates: Option<GatesRun>,
}

impl Outcome {
    /// What of sessions, changes and gates this run had to look at.
    pub fn subjects(&self) -> Vec<Subject> {
        let known = || self.changes.iter().filter(|one| one.changes.problem.is_none());
        let files = || known().flat_map(|one| &one.changes.files);
        let sides = known().filter(|one| matches!(one.changes.source, Source::Branch | Source::Worktree)).count();
        let missed = self.uncompared.iter().filter(|pair| !pair.partly).count();
        let is_new = |file: &Change| matches!(file.kind, ChangeKind::Added | ChangeKind::Renamed);
        let had = [
            (Subject::Sessions, !self.sessions.is_empty()),
            (Subject::Gates, self.gates.as_ref().is_some_and(|run| !run.listed)),
            (Subject::Changes, files().next().is_some()),
            (Subject::Additions, files().any(is_new)),
            (Subject::Sides, sides * sides.saturating_sub(1) / 2 > missed),
        ];
        had.into_iter().filter(|(_, had)| *had).map(|(subject, _)| subject).collect()
    }
}

/// Audits sessions.
pub fn audit(sessions: Vec<Session>, config: &Config) -> Outcome {
    let (sessions, found) = sessions_and_findings(sessions, config);
    let mut outcome = Outcome { sessions, ..Outcome::default() };
    settle::settle(found, config, &mut outcome);
    outcome
}

/// Sessions with what is derived from them, and what the rules about sessions find.
pub fn sessions_and_findings(sessions: Vec<Session>, config: &Config) -> (Vec<Audited>, Vec<Finding>) {
    let audited: Vec<Audited> = sessions.into_par_iter().map(derive).collect();
    let found: Vec<Vec<Finding>> = audited.par_iter().enumerate().map(|(index, audited)| run_rules(index, audited, config)).collect();
    (audited, found.into_iter().flatten().collect())
}

fn derive(session: Session) -> Audited {
    let batches = timeline::batches(&session);
    let mut judgements = verdict::judge(&session, &batches);
    // The order of the report: by file, then by line.
    judgements.sort_by_key(|judgement| (judgement.transcript, line_of(&session, judgement), judgement.subject));
    for (number, judgement) in judgements.iter_mut().enumerate() {
        judgement.number = number;
    }
    Audited { session, batches, judgements }
}

fn line_of(session: &Session, judgement: &Judgement) -> u64 {
    let transcript = &session.transcripts[judgement.transcript];
    match judgement.subject {
        verdict::Subject::Claim(index) => transcript.claims[index].place.line,
        verdict::Subject::Progress(index) => transcript.reports[index].place.line,
    }
}

fn run_rules(index: usize, audited: &Audited, config: &Config) -> Vec<Finding> {
    let Audited { session, batches, judgements } = audited;
    let context = Context { index, session, batches, judgements, limits: &config.limits };
    let mut findings: Vec<Finding> = Vec::new();
    for rule in RULES {
        for check in rule.checks {
            if let Check::Session(check) = check {
                findings.extend(settle::levelled(check(&context), rule, config));
            }
        }
    }
    settle::sort(&mut findings);
    findings.iter_mut().for_each(|finding| as_the_log_tells(session, finding));
    findings
}

/// Takes from a finding what its session's log does not tell: a store of records has no lines. And every text numbers its
/// responses and agents from one, so that only with its name a finding is told from that of another text.
pub fn as_the_log_tells(session: &Session, finding: &mut Finding) {
    if session.numbering == Numbering::Records {
        let of_session = |path: &str| path == session.path || session.transcripts.iter().any(|transcript| transcript.path == path);
        let places = finding.related.iter_mut().map(|related| &mut related.location).chain([&mut finding.location]);
        places.filter(|place| of_session(&place.path)).for_each(|place| place.line = None);
    }
    if session.clock == Clock::Lines {
        finding.identity = format!("{}\n{}", finding.identity, session.id);
    }
}
