//! The fewest plain paths by which every file has the owners that it should have.

use super::codeowners::Owners;
use super::survey::Survey;
use crate::policy::proposal::escaped;
use std::collections::{BTreeMap, BTreeSet};

/// What belongs to the same owners.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) owners: Owners,
    pub(super) paths: Vec<String>,
}

/// All parts.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) parts: Vec<Part>,
    /// Paths that no pattern can name.
    pub(super) left_out: usize,
}

/// More paths than this nobody wrote by hand.
const MOST_PATHS: usize = 300;
/// A file that no repository has: it stands for all that will yet be made in a folder.
const ANY_FILE: &[u8] = b"\x01paralint-any-file";

/// Asks for each folder and file. `None` where it takes too many paths to say it.
pub(super) fn cover(survey: &Survey, owners: impl Fn(&[u8]) -> Owners) -> Option<Parts> {
    let mut cover = Cover::default();
    // In the order of their names each folder comes before what is in it.
    let folders: BTreeSet<&[u8]> = survey.files.iter().flat_map(|file| above(file.as_bytes())).collect();
    for folder in folders {
        let any = if folder.is_empty() { ANY_FILE.to_vec() } else { [folder, b"/", ANY_FILE].concat() };
        cover.give(folder, true, owners(&any))?;
    }
    for file in &survey.files {
        cover.give(file.as_bytes(), false, owners(file.as_bytes()))?;
    }
    cover.parts.parts.retain(|part| part.paths.iter().any(|path| !path.starts_with('!')));
    Some(cover.parts)
}

/// The folders that a path lies in; the first is the root.
fn above(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    let ends = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(end, _)| end);
    std::iter::once(0).chain(ends).take(64).map(|end| &path[..end])
}

#[derive(Default)]
struct Cover {
    parts: Parts,
    /// By folder: the part that holds what is in it, and none for nobody's.
    holders: BTreeMap<Vec<u8>, Option<usize>>,
    /// By part: what was taken out of it.
    taken_out: Vec<Vec<Vec<u8>>>,
    count: usize,
}

impl Cover {
    /// Gives a folder or a file to its owners, where it is not theirs by the folder above.
    fn give(&mut self, path: &[u8], is_folder: bool, owners: Owners) -> Option<()> {
        let outer = above(path).filter(|outer| *outer != path).last();
        let holder = outer.and_then(|outer| self.holders.get(outer).copied().flatten());
        let is_alike = match holder {
            Some(part) => self.parts.parts[part].owners == owners,
            None => owners.is_empty(),
        };
        let mut own = holder;
        if !is_alike && !path.is_empty() && std::str::from_utf8(path).is_err() {
            self.parts.left_out += 1;
        } else if !is_alike {
            let pattern = pattern(path, is_folder);
            if let Some(part) = holder {
                self.parts.parts[part].paths.push(format!("!{pattern}"));
                self.taken_out[part].push(path.to_vec());
                self.count += 1;
            }
            own = (!owners.is_empty()).then(|| self.part(path, owners));
            if let Some(part) = own {
                self.parts.parts[part].paths.push(pattern);
                self.count += 1;
            }
        }
        if is_folder {
            self.holders.insert(path.to_vec(), own);
        }
        (self.count <= MOST_PATHS).then_some(())
    }

    /// The part of these owners. What was taken out of one stays out, whatever is added: then it takes another one.
    fn part(&mut self, path: &[u8], owners: Owners) -> usize {
        let is_inside = |outer: &Vec<u8>| outer == path || path.strip_prefix(outer.as_slice()).is_some_and(|rest| rest.starts_with(b"/"));
        let known = self.parts.parts.iter().zip(&self.taken_out);
        let found = known.enumerate().find(|(_, (part, out))| part.owners == owners && !out.iter().any(is_inside));
        if let Some((index, _)) = found {
            return index;
        }
        self.parts.parts.push(Part { owners, paths: Vec::new() });
        self.taken_out.push(Vec::new());
        self.parts.parts.len() - 1
    }
}

fn pattern(path: &[u8], is_folder: bool) -> String {
    match (path.is_empty(), is_folder) {
        (true, _) => "/".to_owned(),
        (false, true) => format!("/{}/", escaped(path)),
        (false, false) => format!("/{}", escaped(path)),
    }
}
