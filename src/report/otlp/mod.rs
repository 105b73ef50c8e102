//! The timeline as OTLP/JSON: a trace for each session and one for the gates, spans by the GenAI semantic conventions.
//!
//! Source: the JSON encoding of `ExportTraceServiceRequest` in the OpenTelemetry protocol: times and whole numbers of 64 bits are
//! strings, ids hexadecimal in lower case, what is empty is left out. All of it is one line, as files of OTLP and their readers have it.

mod attribute;
mod decimal;
mod gates;
mod id;
mod session;
mod span;

use super::pieces::side_by_side;
use super::threads::{self, Found, Threads};
use super::{Context, Format, v1};
use attribute::{Attribute, int, maybe, text};
use id::Traces;
use serde::Serialize;
use span::Stream;
use std::io::{Result, Write};

/// The format.
pub const FORMAT: Format = Format { name: "otlp", summary: "OTLP/JSON spans, by the GenAI semantic conventions", write };

/// The version of the semantic conventions whose names are used: `invoke_agent` and `execute_tool` with `gen_ai.provider.name`.
///
/// Source: `docs/gen-ai/gen-ai-agent-spans.md` and `gen-ai-spans.md` of `open-telemetry/semantic-conventions`, v1.37.0.
const CONVENTIONS: &str = "https://opentelemetry.io/schemas/1.37.0";

#[derive(Serialize)]
struct Scope<'r> {
    name: &'r str,
    version: &'r str,
}

#[derive(Serialize)]
struct Resource<'r> {
    attributes: Vec<Attribute<'r>>,
}

/// One set of spans for each program whose work they are; what the run says as a whole stands with each of them.
fn write(report: &v1::Report, _context: &Context, out: &mut dyn Write) -> Result<()> {
    let sessions: Vec<Threads<'_>> = report.sessions.iter().flatten().map(Threads::new).collect();
    let found = Found::new(report);
    let mut traces = Traces::default();
    let ids: Vec<id::Trace> = sessions.iter().map(|threads| traces.of(&threads.session.id)).collect();
    let mut services: Vec<&str> = Vec::new();
    for threads in &sessions {
        if !services.contains(&threads.session.format.as_str()) {
            services.push(&threads.session.format);
        }
    }
    let has_gates = report.gates.is_some() || services.is_empty();
    let mut stream = Stream::new(out);
    stream.text("{\"resourceSpans\":[")?;
    for (place, service) in services.iter().enumerate() {
        begin(&mut stream, place, service, report, &sessions)?;
        let its: Vec<usize> = (0..sessions.len()).filter(|index| sessions[*index].session.format == *service).collect();
        let render = |index: &usize, part: &mut Vec<u8>| {
            let mut stream = Stream::new(part);
            session::write(&mut stream, *index, &sessions[*index], &found, ids[*index])?;
            stream.finish()
        };
        side_by_side(&its, render, |part| stream.part(part))?;
        end(&mut stream)?;
    }
    if has_gates {
        begin(&mut stream, services.len(), &report.tool.name, report, &sessions)?;
        gates::write(&mut stream, report, &mut traces)?;
        end(&mut stream)?;
    }
    stream.text("]}\n")?;
    stream.finish()
}

fn begin(stream: &mut Stream<'_>, place: usize, service: &str, report: &v1::Report, sessions: &[Threads<'_>]) -> Result<()> {
    stream.text(if place == 0 { "{\"resource\":" } else { ",{\"resource\":" })?;
    stream.value(&Resource { attributes: resource(service, report, sessions) })?;
    stream.text(",\"scopeSpans\":[{\"scope\":")?;
    stream.value(&Scope { name: &report.tool.name, version: &report.tool.version })?;
    stream.begin_spans()
}

fn end(stream: &mut Stream<'_>) -> Result<()> {
    stream.text("],\"schemaUrl\":")?;
    stream.value(&CONVENTIONS)?;
    stream.text("}],\"schemaUrl\":")?;
    stream.value(&CONVENTIONS)?;
    stream.text("}")
}

/// Whose spans they are, and what no span can say.
fn resource<'r>(service: &'r str, report: &'r v1::Report, sessions: &[Threads<'_>]) -> Vec<Attribute<'r>> {
    let summary = report.summary;
    let mut attributes = vec![
        text("service.name", if service.is_empty() { "unknown_service" } else { service }),
        text("paralint.command", &report.command),
        int("paralint.exit_code", i64::from(report.exit_code)),
        int("paralint.findings.error", clamp(summary.error)),
        int("paralint.findings.warning", clamp(summary.warning)),
        int("paralint.findings.note", clamp(summary.note)),
    ];
    let words: Vec<String> = threads::verdicts(report).into_iter().map(|(verdict, count)| format!("{verdict}: {count}")).collect();
    attributes.extend(list("paralint.verdicts", words));
    let missing = report.not_checked.iter().map(|missing| format!("{}: {}", missing.what, missing.why)).collect();
    attributes.extend(list("paralint.not_checked", missing));
    let told = sessions
        .iter()
        .enumerate()
        .flat_map(|(index, threads)| threads.left_out.told().map(move |what| format!("session {}: {what}", index + 1)).collect::<Vec<_>>());
    let gates = report.gates.iter().flatten().filter(|gate| gate.started.is_none());
    let gates = gates.map(|gate| format!("gate {}: {}", gate.name, gate.status.word()));
    attributes.extend(list("paralint.not_drawn", told.chain(gates).collect()));
    if let Some(error) = &report.error {
        attributes.push(text("paralint.error", &error.message));
        attributes.extend(maybe("paralint.error.hint", error.hint.as_deref()));
        if let Some(place) = &error.location {
            attributes.extend(maybe("paralint.error.path", Some(&place.path)));
            attributes.extend(place.line.map(|line| int("paralint.error.line", clamp(line))));
        }
    }
    attributes
}

/// Nothing where there is nothing.
fn list(key: &'static str, values: Vec<String>) -> Option<Attribute<'static>> {
    (!values.is_empty()).then(|| attribute::list(key, values))
}

fn clamp(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
