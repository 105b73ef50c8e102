//! What a page says of itself while it is looked at.

use serde_json::Value;

/// What was seen since the page was opened.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// It took the place of the page before.
    arrived: bool,
    /// Its load event came, and not a late one of the page before.
    pub(super) loaded: bool,
    /// Errors, warnings, exceptions, violations.
    pub(super) complaints: Vec<String>,
    /// Addresses that were asked for, that of the page first.
    pub(super) requests: Vec<String>,
}

impl Watch {
    /// Takes note of a message.
    pub(super) fn see(&mut self, message: &Value) {
        let about = &message["params"];
        match message["method"].as_str().unwrap_or_default() {
            "Page.frameNavigated" if about["frame"]["parentId"].is_null() => self.arrived = true,
            "Page.loadEventFired" => self.loaded = self.arrived,
            "Network.requestWillBeSent" => self.requests.push(word(&about["request"]["url"])),
            "Runtime.exceptionThrown" => {
                let details = &about["exceptionDetails"];
                self.complaints.push(format!("exception: {} {}", word(&details["text"]), word(&details["exception"]["description"])));
            }
            "Runtime.consoleAPICalled" if ["error", "warning", "assert"].contains(&word(&about["type"]).as_str()) => {
                let words = about["args"].as_array().into_iter().flatten().map(|one| match &one["value"] {
                    Value::Null => word(&one["description"]),
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                });
                self.complaints.push(format!("console: {}", words.collect::<Vec<_>>().join(" ")));
            }
            // Violations of the page's policy and failed requests come here.
            "Log.entryAdded" if ["error", "warning"].contains(&word(&about["entry"]["level"]).as_str()) => {
                self.complaints.push(format!("log: {} {}", word(&about["entry"]["text"]), word(&about["entry"]["url"])));
            }
            "Inspector.targetCrashed" => self.complaints.push("the page crashed".to_owned()),
            _ => {}
        }
    }
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
