//! The page: its head, its sections, a table behind each picture.

use super::policy::policy;
use super::{SCRIPT, STYLE};
use crate::report::v1;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The whole page. `data` is JSON that is safe in a script element.
pub(super) fn page(report: &v1::Report, data: &str) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy(STYLE, SCRIPT));
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "paralint " (report.command) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    @for (index, session) in report.sessions.iter().flatten().enumerate() {
                        section.session id={ "session-" (index) } {
                            h2 { (session.id) }
                            figure.picture data-session=(index) {}
                        }
                    }
                    @if report.gates.is_some() {
                        section #gates { h2 { "Gates" } figure.picture data-gates="" {} }
                    }
                }
                script type="application/json" #data { (PreEscaped(data)) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
}
