//! An agent that is done and used no tool.

use crate::model::finding::{Finding, Location, Severity};
use crate::model::session::Status;
use crate::rules::{Check, Context, Rule};
use serde_json::json;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "idle-agent",
    family: "claims",
    severity: Severity::Warning,
    summary: "an agent that is done without a single tool call",
    document: include_str!("idle_agent.md"),
    checks: &[Check::Session(check)],
    needs: &[],
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let idle = context.session.dispatches.iter().filter(|dispatch| dispatch.status == Status::Completed && dispatch.tool_uses == Some(0));
    let findings = idle.map(|dispatch| {
        let name = dispatch.description.as_deref().unwrap_or("without a description");
        let mut evidence = serde_json::Map::new();
        evidence.insert("tool_uses".to_owned(), json!(0));
        if let (Some(started), Some(ended)) = (dispatch.started, dispatch.ended) {
            evidence.insert("seconds".to_owned(), json!(ended.seconds_since(started)));
        }
        Finding {
            rule: RULE.name,
            severity: RULE.severity,
            verdict: None,
            message: format!("agent \"{name}\" is done and used no tool"),
            location: Location { path: context.session.transcripts[dispatch.transcript].path.clone(), line: Some(dispatch.line) },
            related: Vec::new(),
            excerpts: Vec::new(),
            agents: dispatch.agent.clone().into_iter().collect(),
            paths: Vec::new(),
            evidence,
            help: "read what it returned: it looked at nothing and changed nothing".to_owned(),
            identity: format!("{}\n{}", RULE.name, dispatch.id),
            session: Some(context.index),
            claim: None,
            dispatches: vec![dispatch.id.clone()],
        }
    });
    findings.collect()
}
