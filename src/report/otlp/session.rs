//! A session as a trace: the main thread at its root, a span for each agent and each call of a tool.

use super::attribute::{Attribute, double, flag, int, list, maybe, text};
use super::id::Trace;
use super::span::{Event, Span, Stream};
use crate::model::session::{Status, Timing};
use crate::report::lane::{Bar, Interval, Known};
use crate::report::threads::{Call, Found, Said, Thread, Threads};
use crate::report::v1::Finding;
use std::io::Result;

/// Writes the session of an index; nothing of one without any time.
pub(super) fn write(stream: &mut Stream<'_>, index: usize, threads: &Threads<'_>, found: &Found<'_>, trace: Trace) -> Result<()> {
    let Some(whole) = threads.whole else { return Ok(()) };
    let work = Work { index, threads, found, trace };
    stream.span(&work.root(whole))?;
    let order = threads.order();
    for (thread, bar) in order.iter().filter_map(|thread| Some((*thread, threads.bar(*thread)?))) {
        stream.span(&work.agent(thread, bar))?;
    }
    let mut number = threads.bars.len();
    for call in order.iter().flat_map(|thread| threads.calls(*thread)) {
        number += 1;
        stream.span(&work.call(call, number))?;
    }
    Ok(())
}

struct Work<'w, 's> {
    index: usize,
    threads: &'w Threads<'s>,
    found: &'w Found<'s>,
    trace: Trace,
}

impl<'s> Work<'_, 's> {
    fn span<'n>(&self, number: usize, name: impl Into<std::borrow::Cow<'n, str>>, interval: Interval) -> Span<'n> {
        Span::new(self.trace.id, self.trace.span(number), name, (interval.start.into(), interval.end.into()))
    }

    fn root(&self, whole: Interval) -> Span<'s> {
        let session = self.threads.session;
        let mut span = self.span(number(None), format!("invoke_agent {}", session.format), whole);
        span.attributes = agent_attributes(&session.format, &session.id, &session.format);
        span.attributes.extend([
            text("paralint.path", &session.path),
            int("paralint.peak", i64::from(session.peak)),
            int("paralint.records", super::clamp(session.records)),
            int("paralint.bad_lines", super::clamp(session.bad_lines)),
        ]);
        span.events = self.events(None);
        span
    }

    fn agent(&self, thread: Thread, bar: Bar) -> Span<'s> {
        let (session, index) = (self.threads.session, thread.unwrap_or_default());
        let dispatch = &session.dispatches[index];
        let name = dispatch.agent_type.as_deref().unwrap_or_default();
        let title = if name.is_empty() { "invoke_agent".to_owned() } else { format!("invoke_agent {name}") };
        let mut span = self.span(number(thread), title, bar.interval);
        span.parent_span_id = Some(self.trace.span(number(self.threads.callers[index])));
        span.attributes = agent_attributes(&session.format, &session.id, name);
        let optional = [
            maybe("gen_ai.agent.id", dispatch.agent.as_deref()),
            maybe("gen_ai.agent.description", dispatch.description.as_deref()),
            maybe("paralint.dispatch", Some(&dispatch.id)),
            self.threads.batches[index].map(|batch| int("paralint.batch", super::clamp(batch as u64))),
            dispatch.tool_uses.map(|uses| int("paralint.tool_uses", i64::from(uses))),
            rules(self.found.of_dispatch(self.index, &dispatch.id)),
        ];
        span.attributes.extend(optional.into_iter().flatten());
        span.attributes.extend([
            text("paralint.status", dispatch.status.word()),
            text("paralint.timing", timing(bar.known, dispatch.timing)),
            flag("paralint.background", dispatch.background),
        ]);
        span.attributes.extend(self.line(dispatch.line));
        span.attributes
            .extend([int("paralint.turn", i64::from(dispatch.turn)), int("paralint.edits", super::clamp(dispatch.edits.len() as u64))]);
        if dispatch.status == Status::Failed {
            span.fail("failed", "the agent failed");
        }
        span.events = self.events(thread);
        span
    }

    fn call(&self, call: &Call<'s>, number_of_call: usize) -> Span<'s> {
        let tool = call.call;
        let mut name = String::with_capacity(13 + tool.tool.len());
        name.push_str("execute_tool ");
        name.push_str(&tool.tool);
        let mut span = self.span(number_of_call, name, call.interval);
        span.parent_span_id = Some(self.trace.span(number(call.thread)));
        span.attributes.reserve_exact(6);
        span.attributes.extend([
            text("gen_ai.operation.name", "execute_tool"),
            text("gen_ai.tool.name", &tool.tool),
            text("gen_ai.tool.type", "function"),
        ]);
        span.attributes.extend(self.line(tool.line));
        if call.open {
            span.attributes.push(text("paralint.timing", "none"));
        }
        if tool.failed {
            span.fail("failed", "its result is an error, or it was refused");
        }
        span
    }

    /// The line of something, where the log has lines.
    fn line(&self, number: u64) -> Option<Attribute<'static>> {
        self.threads.session.line(number).map(|line| int("paralint.line", super::clamp(line)))
    }

    /// What a thread claimed.
    fn events(&self, thread: Thread) -> Vec<Event<'s>> {
        self.threads.claims(thread).iter().map(|said| self.event(said)).collect()
    }

    fn event(&self, said: &Said<'s>) -> Event<'s> {
        let claim = said.claim;
        let mut attributes = vec![
            text("paralint.claim.text", &claim.text),
            text("paralint.claim.verdict", claim.verdict.word()),
            text("paralint.claim.why", &claim.why),
        ];
        attributes.extend(self.line(claim.line));
        attributes.extend(maybe("paralint.path", claim.path.as_deref()));
        attributes.extend(claim.agents.map(|agents| int("paralint.claim.agents", i64::from(agents))));
        attributes.extend(claim.speedup.map(|speedup| double("paralint.claim.speedup", speedup)));
        attributes.extend(claim.batch.map(|batch| int("paralint.batch", super::clamp(batch as u64))));
        let found = self.found.of_claim(self.index, said.index);
        attributes.extend(rules(found));
        if !found.is_empty() {
            let fingerprints = found.iter().map(|finding| finding.fingerprint.clone()).collect();
            attributes.push(list("paralint.fingerprints", fingerprints));
        }
        Event { time_unix_nano: said.at.into(), name: "paralint.claim", attributes }
    }
}

/// The number of a thread's span in its trace.
fn number(thread: Thread) -> usize {
    thread.map_or(0, |dispatch| dispatch + 1)
}

fn agent_attributes<'s>(format: &'s str, session: &'s str, name: &'s str) -> Vec<Attribute<'s>> {
    let mut attributes = vec![text("gen_ai.operation.name", "invoke_agent"), text("gen_ai.provider.name", provider(format))];
    attributes.extend(maybe("gen_ai.agent.name", Some(name)));
    attributes.extend(maybe("gen_ai.conversation.id", Some(session)));
    attributes
}

/// Whose model the program of a log format uses, in the conventions' words.
fn provider(format: &str) -> &str {
    match format {
        "claude-code" => "anthropic",
        "" => "_OTHER",
        other => other,
    }
}

fn rules(found: &[&Finding]) -> Option<Attribute<'static>> {
    let rules: Vec<String> = found.iter().map(|finding| finding.rule.clone()).collect();
    (!rules.is_empty()).then(|| list("paralint.rules", rules))
}

/// Where the times come from, in the report's words: those of the span, not those that the log has and that make no sense.
fn timing(known: Known, timing: Timing) -> &'static str {
    match known {
        Known::Exactly => timing.word(),
        Known::Bounds => Timing::Bounds.word(),
        Known::Open | Known::Point => Timing::None.word(),
    }
}
