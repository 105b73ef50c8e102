//! Gates, from what ran to the report.

use super::super::v1;
use crate::model::gate::GatesRun;

/// The gates and their summary.
pub fn gates(run: &GatesRun) -> (Vec<v1::Gate>, v1::GatesSummary) {
    let _ = run;
    let summary = v1::GatesSummary {
        wall: 0.0,
        work: 0.0,
        critical_path: 0.0,
        effective_concurrency: None,
        critical_gates: Vec::new(),
        critical_resource: None,
        signal: None,
    };
    (Vec::new(), summary)
}
