//! The timeline as Chrome trace JSON, which Perfetto opens: a process for each session and one for the gates, a track for each thread.
//!
//! Source: "Trace Event Format", the JSON object form. Times are microseconds since 1970, so that sessions and gates share a clock.

mod event;
mod gates;
mod session;
mod tail;
mod tracks;

use super::pieces::side_by_side;
use super::threads::{Found, Threads};
use super::{Context, Format, v1};
use event::Stream;
use std::io::{Result, Write};

/// The format.
pub const FORMAT: Format = Format { name: "trace", summary: "Chrome trace JSON, for Perfetto", write };

fn write(report: &v1::Report, _context: &Context, out: &mut dyn Write) -> Result<()> {
    let sessions: Vec<Threads<'_>> = report.sessions.iter().flatten().map(Threads::new).collect();
    let found = Found::new(report);
    let mut stream = Stream::new(out);
    stream.text("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[")?;
    let numbered: Vec<(usize, &Threads<'_>)> = sessions.iter().enumerate().collect();
    let render = |(index, threads): &(usize, &Threads<'_>), part: &mut Vec<u8>| {
        let mut stream = Stream::new(part);
        session::write(&mut stream, *index, threads, &found)?;
        stream.finish()
    };
    side_by_side(&numbered, render, |part| stream.part(part))?;
    if let Some(gates) = &report.gates {
        gates::write(&mut stream, sessions.len() + 1, gates, report.gates_summary.as_ref())?;
    }
    stream.text("\n],\n\"otherData\":")?;
    stream.value(&tail::tail(report, &sessions))?;
    stream.text("}\n")?;
    stream.finish()
}

#[cfg(test)]
mod tests;
