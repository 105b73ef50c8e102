//! A session as a process: a track for each thread, what it did, what it said, and whom it called.

use super::event::{Span, Stream, Track, micros};
use super::tracks::Tracks;
use crate::model::session::{Status, Timing};
use crate::report::lane::{self, Bar, Interval, Known, moment};
use crate::report::threads::{Call, Found, Said, Thread, Threads};
use crate::report::v1::{Dispatch, Finding};
use serde::Serialize;
use std::io::Result;

/// The time for which a call that started an agent is shown: the resolution of the log. How long the agent took to start is
/// what the flow shows.
const CALL: i64 = 1_000;

/// What is known of a dispatch beside its time.
#[derive(Serialize)]
struct AgentArgs<'s> {
    dispatch: &'s str,
    agent: Option<&'s str>,
    agent_type: Option<&'s str>,
    description: Option<&'s str>,
    status: Status,
    timing: Timing,
    /// How far the drawn time is known.
    drawn: &'static str,
    background: bool,
    turn: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    batch: Option<usize>,
    tool_uses: Option<u32>,
    edits: usize,
    findings: Vec<FindingArgs<'s>>,
}

#[derive(Serialize)]
struct FindingArgs<'s> {
    rule: &'s str,
    severity: &'static str,
    message: &'s str,
    fingerprint: &'s str,
}

#[derive(Serialize)]
struct CallArgs {
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    failed: bool,
    /// No end is known.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    open: bool,
}

#[derive(Serialize)]
struct LaunchArgs<'s> {
    dispatch: &'s str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
}

#[derive(Serialize)]
struct ClaimArgs<'s> {
    text: &'s str,
    verdict: &'static str,
    why: &'s str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    path: Option<&'s str>,
    batch: Option<usize>,
    findings: Vec<FindingArgs<'s>>,
}

#[derive(Serialize)]
struct Agents {
    agents: u32,
}

/// Something that a thread did.
enum Act<'s> {
    Called(Call<'s>),
    /// Index of the dispatch.
    Launched(usize),
}

/// Writes the session of an index.
pub(super) fn write(stream: &mut Stream<'_>, index: usize, threads: &Threads<'_>, found: &Found<'_>) -> Result<()> {
    let pid = index + 1;
    let session = threads.session;
    stream.process(pid, &format!("session {} ({})", session.id, session.path))?;
    let order = threads.order();
    let launches = launches(threads);
    let mut drawing = Drawing { pid, index, threads, found, launches: &launches, next: order.len() + 1, sort: 0 };
    for (place, thread) in order.into_iter().enumerate() {
        drawing.thread(stream, thread, place + 1)?;
    }
    for (at, agents) in lane::concurrency(session) {
        stream.event(&Track { pid, tid: 0 }.counter("agents at once", at, Agents { agents }))?;
    }
    Ok(())
}

/// The calls that started an agent: thread, time and dispatch, by thread and time. None of them begins after its agent.
fn launches(threads: &Threads<'_>) -> Vec<(Thread, Span, usize)> {
    let dispatches = threads.session.dispatches.iter().enumerate();
    let launch = |(index, dispatch): (usize, &Dispatch)| {
        let start = threads.bars[index]?.interval.start;
        let at = moment(dispatch.requested)?.min(start);
        Some((threads.callers[index], Span { ts: micros(at), dur: CALL }, index))
    };
    let mut launches: Vec<(Thread, Span, usize)> = dispatches.filter_map(launch).collect();
    launches.sort_by_key(|(thread, span, index)| (*thread, span.ts, *index));
    launches
}

struct Drawing<'d, 's> {
    pid: usize,
    index: usize,
    threads: &'d Threads<'s>,
    found: &'d Found<'s>,
    launches: &'d [(Thread, Span, usize)],
    /// The next track that no thread has as its first.
    next: usize,
    sort: usize,
}

impl<'d, 's> Drawing<'d, 's> {
    fn thread(&mut self, stream: &mut Stream<'_>, thread: Thread, tid: usize) -> Result<()> {
        let first = Track { pid: self.pid, tid };
        let own = self.threads.bar(thread);
        if let (Some(dispatch), Some(bar)) = (thread, own) {
            self.agent(stream, first, dispatch, bar)?;
        }
        let mut tracks = Tracks::new(own.map(|bar| bar.interval.into()));
        let mut tids = vec![tid];
        for (span, act) in self.acts(thread) {
            let place = tracks.place(span, matches!(act, Act::Launched(_)));
            while tids.len() < tracks.count() {
                tids.push(self.next);
                self.next += 1;
            }
            self.act(stream, Track { tid: tids[place], ..first }, span, &act)?;
        }
        for said in self.threads.claims(thread) {
            self.claim(stream, first, said)?;
        }
        self.names(stream, thread, &tids)
    }

    /// What a thread did, by its start.
    fn acts(&self, thread: Thread) -> impl Iterator<Item = (Span, Act<'s>)> + use<'d, 's> {
        let from = self.launches.partition_point(|launch| launch.0 < thread);
        let mut launches = self.launches[from..].iter().take_while(move |launch| launch.0 == thread).peekable();
        let mut calls = self.threads.calls(thread).iter().map(|call| (Span::from(call.interval), *call)).peekable();
        std::iter::from_fn(move || {
            let launch = launches.peek().map(|launch| launch.1.ts);
            if launch.is_some_and(|launch| calls.peek().is_none_or(|(span, _)| launch <= span.ts)) {
                return launches.next().map(|(_, span, index)| (*span, Act::Launched(*index)));
            }
            calls.next().map(|(span, call)| (span, Act::Called(call)))
        })
    }

    fn act(&self, stream: &mut Stream<'_>, track: Track, span: Span, act: &Act<'_>) -> Result<()> {
        match act {
            Act::Called(call) => {
                let cat = if call.call.failed { "tool,failed" } else { "tool" };
                let args = CallArgs { line: self.threads.session.line(call.call.line), failed: call.call.failed, open: call.open };
                stream.event(&track.slice(&call.call.tool, cat, span, args))
            }
            Act::Launched(index) => {
                let dispatch = &self.threads.session.dispatches[*index];
                let name = format!("Task: {}", lane::label(dispatch));
                let args = LaunchArgs { dispatch: &dispatch.id, line: self.threads.session.line(dispatch.line) };
                stream.event(&track.slice(&name, "call", span, args))?;
                stream.event(&track.flow_start(self.flow(*index), span.ts))
            }
        }
    }

    /// The number of the flow to an agent: one for each dispatch of each session.
    fn flow(&self, dispatch: usize) -> u64 {
        ((self.pid as u64) << 32) | dispatch as u64
    }

    fn agent(&self, stream: &mut Stream<'_>, track: Track, index: usize, bar: Bar) -> Result<()> {
        let dispatch = &self.threads.session.dispatches[index];
        let Interval { start, .. } = bar.interval;
        let args = AgentArgs {
            dispatch: &dispatch.id,
            agent: dispatch.agent.as_deref(),
            agent_type: dispatch.agent_type.as_deref(),
            description: dispatch.description.as_deref(),
            status: dispatch.status,
            timing: dispatch.timing,
            drawn: drawn(bar.known),
            background: dispatch.background,
            turn: dispatch.turn,
            line: self.threads.session.line(dispatch.line),
            batch: self.threads.batches[index],
            tool_uses: dispatch.tool_uses,
            edits: dispatch.edits.len(),
            findings: findings(self.found.of_dispatch(self.index, &dispatch.id)),
        };
        stream.event(&track.slice(&agent_name(dispatch, bar), category(bar), bar.interval.into(), args))?;
        if dispatch.requested.is_some() {
            stream.event(&track.flow_end(self.flow(index), micros(start)))?;
        }
        Ok(())
    }

    fn claim(&self, stream: &mut Stream<'_>, track: Track, said: &Said<'_>) -> Result<()> {
        let claim = said.claim;
        let args = ClaimArgs {
            text: &claim.text,
            verdict: claim.verdict.word(),
            why: &claim.why,
            line: self.threads.session.line(claim.line),
            path: claim.path.as_deref(),
            batch: claim.batch,
            findings: findings(self.found.of_claim(self.index, said.index)),
        };
        stream.event(&track.instant(&format!("claim: {}", claim.verdict.word()), "claim", said.at, args))
    }

    fn names(&mut self, stream: &mut Stream<'_>, thread: Thread, tids: &[usize]) -> Result<()> {
        let name = match thread.and_then(|index| self.threads.session.dispatches.get(index)) {
            None => "main thread".to_owned(),
            Some(dispatch) => track_name(dispatch),
        };
        for (place, tid) in tids.iter().enumerate() {
            let name = if place == 0 { name.clone() } else { format!("{name} ({})", place + 1) };
            stream.track(Track { pid: self.pid, tid: *tid }, &name, self.sort)?;
            self.sort += 1;
        }
        Ok(())
    }
}

fn track_name(dispatch: &Dispatch) -> String {
    let label = lane::label(dispatch);
    match dispatch.agent_type.as_deref().filter(|kind| *kind != label) {
        Some(kind) => format!("{label}, {kind}"),
        None => label.to_owned(),
    }
}

/// Nothing that is not known looks as if it were: its name says so.
fn agent_name(dispatch: &Dispatch, bar: Bar) -> String {
    let label = lane::label(dispatch);
    let trouble = lane::trouble(dispatch.status);
    let known = match bar.known {
        Known::Exactly | Known::Point => None,
        Known::Bounds => Some("somewhere within"),
        Known::Open => Some("no end known"),
    };
    match (known, trouble) {
        (None, None) => label.to_owned(),
        (Some(word), None) | (None, Some(word)) => format!("{label} ({word})"),
        (Some(known), Some(trouble)) => format!("{label} ({known}; {trouble})"),
    }
}

fn drawn(known: Known) -> &'static str {
    match known {
        Known::Exactly => "exactly",
        Known::Bounds => "bounds",
        Known::Open => "open",
        Known::Point => "point",
    }
}

fn category(bar: Bar) -> &'static str {
    match (bar.known, bar.trouble) {
        (Known::Exactly, false) => "agent",
        (Known::Exactly, true) => "agent,trouble",
        (Known::Bounds, false) => "agent,bounds",
        (Known::Bounds, true) => "agent,bounds,trouble",
        (Known::Open, _) => "agent,open",
        (Known::Point, false) => "agent,point",
        (Known::Point, true) => "agent,point,trouble",
    }
}

fn findings<'s>(found: &[&'s Finding]) -> Vec<FindingArgs<'s>> {
    let args = |finding: &&'s Finding| FindingArgs {
        rule: &finding.rule,
        severity: finding.severity.word(),
        message: &finding.message,
        fingerprint: &finding.fingerprint,
    };
    found.iter().map(args).collect()
}
