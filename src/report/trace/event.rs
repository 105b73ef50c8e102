//! Events, and the stream that they are written to.

use crate::model::moment::Moment;
use crate::report::json;
use crate::report::lane::Interval;
use crate::report::pieces::Pieces;
use serde::Serialize;
use std::io::{Result, Write};

/// Writes JSON in large pieces.
pub(super) struct Stream<'o> {
    out: Pieces<'o>,
    /// An event was written: the next one needs a comma before it.
    has_events: bool,
}

/// One event. What is `None` is left out.
#[derive(Serialize)]
pub(super) struct Event<'e, A: Serialize> {
    pub(super) name: &'e str,
    pub(super) ph: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) cat: &'static str,
    pub(super) pid: usize,
    pub(super) tid: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ts: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) dur: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<u64>,
    /// `e`: a flow ends at the slice around it, not at the next one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bp: Option<&'static str>,
    /// `t`: an instant belongs to its track.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) s: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) args: Option<A>,
}

/// Where an event stands: its process and its track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Track {
    pub(super) pid: usize,
    pub(super) tid: usize,
}

impl Track {
    fn event<'e, A: Serialize>(self, ph: &'static str, name: &'e str, args: Option<A>) -> Event<'e, A> {
        let Track { pid, tid } = self;
        Event { name, ph, cat: "", pid, tid, ts: None, dur: None, id: None, bp: None, s: None, args }
    }

    /// From a start, for a duration, both in microseconds.
    pub(super) fn slice<'e, A: Serialize>(self, name: &'e str, cat: &'static str, span: Span, args: A) -> Event<'e, A> {
        Event { cat, ts: Some(span.ts), dur: Some(span.dur), ..self.event("X", name, Some(args)) }
    }

    pub(super) fn instant<'e, A: Serialize>(self, name: &'e str, cat: &'static str, at: Moment, args: A) -> Event<'e, A> {
        Event { cat, ts: Some(micros(at)), s: Some("t"), ..self.event("i", name, Some(args)) }
    }

    /// Where a flow begins.
    pub(super) fn flow_start(self, id: u64, ts: i64) -> Event<'static, ()> {
        Event { cat: FLOW, ts: Some(ts), id: Some(id), ..self.event("s", FLOW, None) }
    }

    /// Where it ends.
    pub(super) fn flow_end(self, id: u64, ts: i64) -> Event<'static, ()> {
        Event { cat: FLOW, ts: Some(ts), id: Some(id), bp: Some("e"), ..self.event("f", FLOW, None) }
    }

    pub(super) fn counter<'e, A: Serialize>(self, name: &'e str, at: Moment, args: A) -> Event<'e, A> {
        Event { ts: Some(micros(at)), ..self.event("C", name, Some(args)) }
    }

    pub(super) fn metadata<'e, A: Serialize>(self, name: &'e str, args: A) -> Event<'e, A> {
        self.event("M", name, Some(args))
    }
}

const FLOW: &str = "dispatch";

/// A start and a duration in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) ts: i64,
    pub(super) dur: i64,
}

impl From<Interval> for Span {
    fn from(interval: Interval) -> Span {
        let ts = micros(interval.start);
        Span { ts, dur: micros(interval.end).saturating_sub(ts).max(0) }
    }
}

/// Microseconds since 1970.
pub(super) fn micros(at: Moment) -> i64 {
    at.0.saturating_mul(1000)
}

/// The arguments of metadata that name something.
#[derive(Serialize)]
pub(super) struct Name<'n> {
    pub(super) name: &'n str,
}

/// The arguments of metadata that put tracks into an order.
#[derive(Serialize)]
pub(super) struct SortIndex {
    pub(super) sort_index: usize,
}

impl<'o> Stream<'o> {
    pub(super) fn new(out: &'o mut dyn Write) -> Stream<'o> {
        Stream { out: Pieces::new(out), has_events: false }
    }

    pub(super) fn text(&mut self, text: &str) -> Result<()> {
        self.out.write_all(text.as_bytes())
    }

    pub(super) fn value(&mut self, value: &impl Serialize) -> Result<()> {
        json::write_compact(value, &mut self.out)
    }

    pub(super) fn event<A: Serialize>(&mut self, event: &Event<'_, A>) -> Result<()> {
        self.text(if self.has_events { ",\n" } else { "\n" })?;
        self.has_events = true;
        self.value(event)
    }

    /// Names a track and gives it a place among the others.
    pub(super) fn track(&mut self, track: Track, name: &str, sort_index: usize) -> Result<()> {
        self.event(&track.metadata("thread_name", Name { name }))?;
        self.event(&track.metadata("thread_sort_index", SortIndex { sort_index }))
    }

    /// Names a process and gives it a place among the others.
    pub(super) fn process(&mut self, pid: usize, name: &str) -> Result<()> {
        let track = Track { pid, tid: 0 };
        self.event(&track.metadata("process_name", Name { name }))?;
        self.event(&track.metadata("process_sort_index", SortIndex { sort_index: pid }))
    }

    /// Takes in events that a stream of their own has written.
    pub(super) fn part(&mut self, part: &[u8]) -> Result<()> {
        if part.is_empty() {
            return Ok(());
        }
        if self.has_events {
            self.text(",")?;
        }
        self.has_events = true;
        self.out.write_all(part)
    }

    pub(super) fn finish(self) -> Result<()> {
        self.out.finish()
    }
}
