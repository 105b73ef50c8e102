//! What findings about a gate have in common.

use crate::model::finding::Finding;
use crate::model::gate::GateRun;
use crate::rules::Rule;
use crate::rules::evidence::rounded;
use crate::rules::tell::{place, prove, show};
use serde_json::json;
use std::time::Duration;

/// A finding about a gate, at the line that defines it. `kind` tells it from another finding of the same rule; nothing that
/// changes from run to run is part of the identity.
pub(super) fn finding(rule: &Rule, gate: &GateRun, kind: &str, message: String, label: &str) -> Finding {
    let identity = format!("{}\n{}\n{kind}", rule.name, gate.name);
    let mut finding = Finding::new(rule.name, rule.severity, message, place(&gate.mark), identity);
    show(&mut finding, &gate.mark, label);
    prove(&mut finding, "gate", gate.name.as_str());
    if let Some(code) = gate.exit_code {
        prove(&mut finding, "exit_code", code);
    }
    if let Some(signal) = gate.signal {
        prove(&mut finding, "signal", signal);
    }
    if let Some(wall) = gate.wall {
        prove(&mut finding, "wall", json!(rounded(wall.as_secs_f64())));
    }
    if gate.attempts > 0 {
        prove(&mut finding, "attempts", gate.attempts);
    }
    finding
}

/// ` after 18.9s`; nothing where it is not known how long a gate took.
pub(super) fn after(gate: &GateRun) -> String {
    gate.wall.map(|wall| format!(" after {}", shown(wall))).unwrap_or_default()
}

/// `0.4s`, `18.9s`, `12m 5s`.
pub(super) fn shown(wall: Duration) -> String {
    let seconds = wall.as_secs();
    match seconds {
        0..60 => format!("{:.1}s", wall.as_secs_f64()),
        60..3600 => format!("{}m {}s", seconds / 60, seconds % 60),
        _ => format!("{}h {}m", seconds / 3600, seconds % 3600 / 60),
    }
}
