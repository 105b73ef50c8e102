//! `wave-N-output.yaml`: what a wave says it made.

use super::markdown;
use super::source::{Hinted, Source};
use super::time;
use super::yaml::{Tree, Yaml};
use crate::model::mark::Located;
use crate::model::state::{StateError, Wave};

/// Reads the file of a wave. `number` is the one in its name.
pub(super) fn read(source: &Source, number: u32) -> Result<Wave, StateError> {
    let tree = Tree::new(source)?;
    let mut wave = Wave { path: source.path().to_owned(), wave: Located { value: number, mark: source.mark(0..0) }, ..Wave::default() };
    for root in tree.documents() {
        if let Some(metadata) = root.get("metadata", "a map")? {
            read_metadata(&mut wave, metadata)?;
        }
        let outputs = root.get("outputs", "a map")?;
        for place in [Some(root), outputs].into_iter().flatten() {
            wave.files_created.extend(created(place)?);
        }
        if let Some(needs) = root.get("next_wave_needs", "a map")? {
            let needs = needs.list("a list of what the next wave needs")?;
            wave.next_wave_needs.extend(needs.filter_map(|need| Some(need.located(need.text()?))));
        }
    }
    Ok(wave)
}

fn read_metadata(wave: &mut Wave, metadata: Yaml<'_>) -> Result<(), StateError> {
    if let Some(number) = metadata.get("wave", "a map")? {
        let text = number.text().ok_or_else(|| number.unexpected("the number of the wave"))?;
        let digits = text.trim().trim_start_matches(|letter: char| letter.is_alphabetic() || matches!(letter, ' ' | '-' | '_'));
        let value = digits.parse().map_err(|_| number.error("expected the number of the wave").hinted("write `wave: 1`"))?;
        wave.wave = Located { value, mark: number.mark() };
    }
    if let Some(stamp) = metadata.get("timestamp", "a map")? {
        let moment = stamp.text().and_then(time::moment);
        let value = moment.ok_or_else(|| stamp.error("`timestamp` is no time").hinted("write it as 2026-03-01T10:02:00Z"))?;
        wave.timestamp = Some(Located { value, mark: stamp.mark() });
    }
    if let Some(feature) = metadata.get("feature", "a map")? {
        wave.feature = feature.text().map(str::to_owned);
    }
    Ok(())
}

/// `files_created`, and `path` in the lists of whatever else was `…_created`.
fn created(place: Yaml<'_>) -> Result<Vec<Located<String>>, StateError> {
    let mut files = match place.get("files_created", "a map")? {
        None => Vec::new(),
        Some(list) => {
            let mut files = Vec::new();
            for entry in list.list("a list of paths")? {
                files.extend(listed(entry)?);
            }
            files
        }
    };
    for (key, value) in place.pairs("a map")? {
        let is_kind = key.text().is_some_and(|key| key.ends_with("_created") && key != "files_created");
        for entry in value.list("a list").ok().filter(|_| is_kind).into_iter().flatten().filter(|entry| entry.is_map()) {
            files.extend(path_of(entry)?);
        }
    }
    Ok(files)
}

/// One entry of `files_created`: a path, a map with `path`, or a path with a remark behind it.
fn listed(entry: Yaml<'_>) -> Result<Option<Located<String>>, StateError> {
    if entry.is_map() {
        let described = path_of(entry)?;
        let key = entry.pairs("a map")?.next().and_then(|(key, _)| Some(key.located(markdown::file(key.text()?)?)));
        return Ok(described.or(key.filter(|_| entry.pairs("a map").is_ok_and(|pairs| pairs.count() == 1))));
    }
    let text = entry.text().ok_or_else(|| entry.unexpected("a path"))?;
    Ok(written(entry, text))
}

fn path_of(entry: Yaml<'_>) -> Result<Option<Located<String>>, StateError> {
    let Some(path) = entry.get("path", "a map")? else { return Ok(None) };
    let text = path.text().ok_or_else(|| path.unexpected("a path"))?;
    Ok(written(path, text))
}

/// A path as it is written. What of it counts, and whether it is one, is for those who ask to see the file.
fn written(value: Yaml<'_>, text: &str) -> Option<Located<String>> {
    let text = text.trim();
    (!text.is_empty()).then(|| value.located(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(text: &str) -> Result<Wave, StateError> {
        read(&Source::new("wave-1-output.yaml", text), 1)
    }

    fn files(wave: &Wave) -> Vec<(&str, u64)> {
        wave.files_created.iter().map(|file| (file.value.as_str(), file.mark.line)).collect()
    }

    #[test]
    fn both_ways_of_writing_it_are_read() {
        let read = wave(
            "metadata:\n  wave: 2\n  timestamp: 2024-01-15T10:30:00Z\n  feature: consent\noutputs:\n  files_created:\n    - src/a.rs\n    \
             - path: src/b.rs\n    - src/c.rs (new)\n    - src/d.rs: the rest\n    - src/*.rs\n  interfaces_defined: []\n\
             next_wave_needs:\n  - Migration for a table\n",
        )
        .unwrap();
        assert_eq!((read.wave.value, read.wave.mark.line, read.feature.as_deref()), (2, 2, Some("consent")));
        assert_eq!(read.timestamp.as_ref().unwrap().value.to_string(), "2024-01-15T10:30:00.000Z");
        assert_eq!(files(&read), [("src/a.rs", 7), ("src/b.rs", 8), ("src/c.rs (new)", 9), ("src/d.rs", 10), ("src/*.rs", 11)]);
        assert_eq!(read.next_wave_needs[0].value, "Migration for a table");
        let other = wave(
            "# wave 1\nentities_created:\n  - name: Record\n    path: internal/record.go\n    methods: [Grant]\n\
             values_created:\n  - Plain\nevents_defined:\n  - Granted\n",
        )
        .unwrap();
        assert_eq!((other.wave.value, files(&other)), (1, vec![("internal/record.go", 4)]));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        for (text, said) in [
            ("- a\n", "expected a map, found a list"),
            ("metadata:\n  wave: first one\n", "expected the number of the wave"),
            ("metadata:\n  timestamp: soon\n", "`timestamp` is no time"),
            ("outputs:\n  files_created: src/a.rs\n", "expected a list of paths, found a single value"),
            ("outputs: [a]\n", "expected a map, found a list"),
            ("a: &x [s.rs]\noutputs:\n  files_created: *x\n", "an alias stands for nothing here"),
        ] {
            let error = wave(text).map(|_| ()).expect_err(text);
            assert!(error.message.contains(said), "{text}: {}", error.message);
            assert!(error.mark.line >= 1);
        }
        assert!(wave("outputs:\n  files_created:\nnext_wave_needs: ~\n").unwrap().files_created.is_empty());
    }
}
