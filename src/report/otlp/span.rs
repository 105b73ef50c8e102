//! Spans, and the stream that they are written to.

use super::attribute::Attribute;
use super::decimal::Decimal;
use super::id::Id;
use crate::model::moment::Moment;
use crate::report::json;
use crate::report::pieces::Pieces;
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::io::{Result, Write};

/// `SPAN_KIND_INTERNAL`: what an agent does within the process of the program, and so also the agents that it invokes there.
const INTERNAL: u8 = 1;

/// `STATUS_CODE_ERROR`.
const ERROR: u8 = 2;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Span<'s> {
    pub(super) trace_id: Id<16>,
    pub(super) span_id: Id<8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) parent_span_id: Option<Id<8>>,
    pub(super) name: Cow<'s, str>,
    pub(super) kind: u8,
    pub(super) start_time_unix_nano: Nanoseconds,
    pub(super) end_time_unix_nano: Nanoseconds,
    pub(super) attributes: Vec<Attribute<'s>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) events: Vec<Event<'s>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<Status<'s>>,
}

/// Something that happened during a span.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event<'s> {
    pub(super) time_unix_nano: Nanoseconds,
    pub(super) name: &'static str,
    pub(super) attributes: Vec<Attribute<'s>>,
}

/// How a span ended; left out where nothing is to be said.
#[derive(Serialize)]
pub(super) struct Status<'s> {
    code: u8,
    message: Cow<'s, str>,
}

/// Nanoseconds since 1970. What lies before has no number there, nor what lies after the year 2554: the nearest stands for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Nanoseconds(pub(super) u64);

impl From<Moment> for Nanoseconds {
    fn from(at: Moment) -> Nanoseconds {
        Nanoseconds(u64::try_from(at.0).unwrap_or_default().saturating_mul(1_000_000))
    }
}

impl Serialize for Nanoseconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(Decimal::of(self.0).as_str())
    }
}

impl<'s> Span<'s> {
    /// A span within the program.
    pub(super) fn new(trace_id: Id<16>, span_id: Id<8>, name: impl Into<Cow<'s, str>>, times: (Nanoseconds, Nanoseconds)) -> Span<'s> {
        Span {
            trace_id,
            span_id,
            parent_span_id: None,
            name: name.into(),
            kind: INTERNAL,
            start_time_unix_nano: times.0,
            end_time_unix_nano: times.1.max(times.0),
            attributes: Vec::new(),
            events: Vec::new(),
            status: None,
        }
    }

    /// Says that it failed.
    pub(super) fn fail(&mut self, kind: &'s str, message: impl Into<Cow<'s, str>>) {
        self.attributes.push(super::attribute::text("error.type", kind));
        self.status = Some(Status { code: ERROR, message: message.into() });
    }
}

/// Writes JSON in large pieces.
pub(super) struct Stream<'o> {
    out: Pieces<'o>,
    /// A span of the present list was written: the next one needs a comma before it.
    has_spans: bool,
}

impl<'o> Stream<'o> {
    pub(super) fn new(out: &'o mut dyn Write) -> Stream<'o> {
        Stream { out: Pieces::new(out), has_spans: false }
    }

    pub(super) fn text(&mut self, text: &str) -> Result<()> {
        self.out.write_all(text.as_bytes())
    }

    pub(super) fn value(&mut self, value: &impl Serialize) -> Result<()> {
        json::write_compact(value, &mut self.out)
    }

    /// Begins a list of spans.
    pub(super) fn begin_spans(&mut self) -> Result<()> {
        self.has_spans = false;
        self.text(",\"spans\":[")
    }

    pub(super) fn span(&mut self, span: &Span<'_>) -> Result<()> {
        if self.has_spans {
            self.text(",")?;
        }
        self.has_spans = true;
        self.value(span)
    }

    /// Takes in spans that a stream of their own has written.
    pub(super) fn part(&mut self, part: &[u8]) -> Result<()> {
        if part.is_empty() {
            return Ok(());
        }
        if self.has_spans {
            self.text(",")?;
        }
        self.has_spans = true;
        self.out.write_all(part)
    }

    pub(super) fn finish(self) -> Result<()> {
        self.out.finish()
    }
}
