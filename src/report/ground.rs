//! What the paths of a report are relative to, for formats whose readers know the repository alone.

use super::v1::{Error, Finding, Report};
use crate::config::waivers;

/// Where the run stood; absolute paths with `/`, without one at the end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ground {
    /// The root of the repository's work tree; `None` outside of one.
    pub root: Option<String>,
    /// The folder that paralint was started in.
    pub folder: String,
}

/// Where a path of the report leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Into the repository: relative to its root; outside of a repository to the folder of the run.
    Inside(String),
    /// Elsewhere: absolute.
    Outside(String),
}

impl Ground {
    /// Where a path of `finding` leads. Paths of sessions and of the configuration are as they were given, all others relative
    /// to the root.
    pub fn place(&self, report: &Report, finding: &Finding, path: &str) -> Place {
        let is_of_session = finding.session.is_some() || report.sessions.iter().flatten().any(|session| session.path == path);
        // What is wrong with an entry of the configuration stands there, and so does what a gate found.
        let is_of_configuration = matches!(finding.family.as_str(), "config" | "gates") && path != waivers::PATH;
        self.resolve(path, is_of_session || is_of_configuration)
    }

    /// Where a path of `error` leads. State files and waivers are named from the root, what was given to the command as it was.
    pub fn place_of_error(&self, error: &Error, path: &str) -> Place {
        self.resolve(path, error.kind != "state" && path != waivers::PATH)
    }

    /// Where `path` leads, which stands relative to the folder of the run or to the root. Looks at no file.
    pub fn resolve(&self, path: &str, from_folder: bool) -> Place {
        // The root of the file system is the one folder whose name ends with a separator.
        let root = self.root.as_deref().unwrap_or(&self.folder).trim_end_matches('/');
        let base = if from_folder { &self.folder } else { root };
        let joined = if path.starts_with('/') { path.to_owned() } else { format!("{base}/{path}") };
        let plain = plain(&joined);
        match plain.strip_prefix(root).and_then(|rest| rest.strip_prefix('/')) {
            Some(inside) => Place::Inside(inside.to_owned()),
            None => Place::Outside(plain),
        }
    }
}

/// An absolute path without `.`, `..` and doubled separators.
fn plain(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::{Ground, Place, waivers};
    use crate::model::finding::Severity;
    use crate::report::example;
    use crate::report::v1::{Error, Finding};

    #[test]
    fn what_was_given_to_the_command_stands_in_its_folder() {
        let ground = Ground { root: Some("/home/me/project".into()), folder: "/home/me/project/sub".into() };
        let session = example::session("10:00:00", "10:00:00", 0, Vec::new(), Vec::new());
        let report = example::report(Vec::new(), Vec::new());
        let of = |family: &str, session_index: Option<usize>, path: &str| {
            let finding = example::finding("x", Severity::Note, "", &session, serde_json::Value::Null, "");
            match ground.place(&report, &Finding { family: family.into(), session: session_index, ..finding }, path) {
                Place::Inside(path) | Place::Outside(path) => path,
            }
        };
        assert_eq!(of("boundaries", None, "a"), "a");
        assert_eq!(of("boundaries", Some(0), "a"), "sub/a");
        assert_eq!((of("config", None, "own.toml"), of("gates", None, "own.toml")), ("sub/own.toml".into(), "sub/own.toml".into()));
        assert_eq!(of("config", None, waivers::PATH), waivers::PATH);
        let of_error = |kind: &str, path: &str| {
            let error = Error { kind: kind.into(), message: String::new(), hint: None, location: None };
            ground.place_of_error(&error, path)
        };
        assert_eq!(of_error("configuration", "own.toml"), Place::Inside("sub/own.toml".into()));
        assert_eq!(of_error("configuration", waivers::PATH), Place::Inside(waivers::PATH.into()));
        assert_eq!(of_error("state", "BOUNDARIES.json"), Place::Inside("BOUNDARIES.json".into()));
    }

    #[test]
    fn a_path_is_inside_the_repository_or_elsewhere() {
        let ground = Ground { root: Some("/home/me/project".into()), folder: "/home/me/project/sub".into() };
        let inside = |path: &str| Place::Inside(path.into());
        assert_eq!(ground.resolve("a.jsonl", true), inside("sub/a.jsonl"));
        assert_eq!(ground.resolve("../a//./b.jsonl", true), inside("a/b.jsonl"));
        assert_eq!(ground.resolve("src/lib.rs", false), inside("src/lib.rs"));
        assert_eq!(ground.resolve("/home/me/project/x", false), inside("x"));
        assert_eq!(ground.resolve("/home/me/projects/x", true), Place::Outside("/home/me/projects/x".into()));
        assert_eq!(ground.resolve("../../../../../etc", true), Place::Outside("/etc".into()));
        let top = Ground { root: Some("/".into()), folder: "/logs".into() };
        assert_eq!((top.resolve("a", true), top.resolve("a", false)), (inside("logs/a"), inside("a")));
        let bare = Ground { root: None, folder: "/logs".into() };
        assert_eq!((bare.resolve("a", true), bare.resolve("b", false)), (inside("a"), inside("b")));
    }
}
