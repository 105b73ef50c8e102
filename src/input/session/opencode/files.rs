//! Which files make up a session of OpenCode, and where it keeps them.

#![allow(clippy::disallowed_methods)]

use super::head::{self, Head};
use super::record::Info;
use super::store::{Listed, Refusal, Store};
use super::{FORMAT, folder};
use crate::input::session::find::{Candidate, Found, LogFiles, Unusable, entries, is_inside};
use crate::input::session::shown;
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::{Path, PathBuf};

/// Sessions of files, one for each, with what their beginnings tell.
type Known = Vec<(Candidate, Info)>;

/// Puts files together to sessions: agents below the sessions that made them, every session of a store on its own.
pub(super) fn group(candidates: Vec<Candidate>, found: &mut Found) {
    let (mut exports, mut sessions): (Known, Known) = (Vec::new(), Vec::new());
    let mut stored = FxHashSet::default();
    for one in candidates {
        match head::of_file(&one.path) {
            Ok(Head::Store) => stored.extend(sessions_of_store(&one, &|_| true, found)),
            Ok(Head::Session) => {
                let info = named_info(&one.path);
                sessions.push((one, info));
            }
            Ok(Head::Message | Head::Part) if one.named => {
                let why = "it is one piece of a session; name the session's file or the folder \"storage\"".to_owned();
                found.unusable.push(Unusable { path: shown(&one.path), why });
            }
            Ok(Head::Message | Head::Part) => {}
            Ok(Head::Export | Head::Other) | Err(_) => {
                let info = head::info_of(&one.path);
                exports.push((one, info));
            }
        }
    }
    // After OpenCode moved its sessions into the database, the old files stay where they were.
    sessions.retain(|(_, info)| info.id.as_ref().is_none_or(|id| !stored.contains(id)));
    with_relatives(&mut sessions);
    families(exports, found);
    families(sessions, found);
}

/// The facts of a session in the folder store, with the identifier that its file's name is.
fn named_info(path: &Path) -> Info {
    let info = head::info_of(path);
    Info { id: path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).or(info.id), ..info }
}

/// A session that was named brings its agents along: they lie beside it.
fn with_relatives(sessions: &mut Known) {
    let folders: FxHashSet<PathBuf> =
        sessions.iter().filter(|(one, _)| one.named).filter_map(|(one, _)| one.path.parent().map(Path::to_path_buf)).collect();
    let named: FxHashSet<String> = sessions.iter().filter_map(|(_, info)| info.id.clone()).collect();
    let mut others: Known = Vec::new();
    for folder in folders {
        let names = entries(if folder.as_os_str().is_empty() { Path::new(".") } else { &folder }, &mut Vec::new());
        let paths = names.into_iter().map(|name| folder.join(name)).filter(|path| path.extension().is_some_and(|kind| kind == "json"));
        others.extend(paths.map(|path| (Candidate { path: path.clone(), named: false }, named_info(&path))));
    }
    others.retain(|(_, info)| info.parent.is_some() && info.id.as_ref().is_some_and(|id| !named.contains(id)));
    // Only those below a session that was asked for.
    let mut wanted = named;
    loop {
        let (below, rest): (Known, Known) =
            others.into_iter().partition(|(_, info)| info.parent.as_ref().is_some_and(|parent| wanted.contains(parent)));
        if below.is_empty() {
            break;
        }
        wanted.extend(below.iter().filter_map(|(_, info)| info.id.clone()));
        sessions.extend(below);
        others = rest;
    }
}

/// Puts sessions below those that made them. One whose maker is not there, or is below it, stands on its own.
fn families(known: Known, found: &mut Found) {
    let mut by_id: FxHashMap<&str, usize> = FxHashMap::default();
    for (index, (_, info)) in known.iter().enumerate() {
        if let Some(id) = info.id.as_deref() {
            by_id.entry(id).or_insert(index);
        }
    }
    let maker =
        |index: usize| known[index].1.parent.as_deref().and_then(|parent| by_id.get(parent)).copied().filter(|maker| *maker != index);
    let mut below: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
    for index in 0..known.len() {
        if let Some(maker) = maker(index) {
            below.entry(maker).or_default().push(index);
        }
    }
    let mut placed = vec![false; known.len()];
    // Those in a circle have no beginning: the first of them is taken for it.
    let order = (0..known.len()).filter(|index| maker(*index).is_none()).chain(0..known.len()).collect::<Vec<_>>();
    for root in order {
        if std::mem::replace(&mut placed[root], true) {
            continue;
        }
        let (mut agents, mut agent_ids, mut waiting) = (Vec::new(), Vec::new(), std::collections::VecDeque::from([root]));
        while let Some(one) = waiting.pop_front() {
            for child in below.get(&one).into_iter().flatten() {
                if !std::mem::replace(&mut placed[*child], true) {
                    agents.push(known[*child].0.path.clone());
                    agent_ids.extend(known[*child].1.id.clone());
                    waiting.push_back(*child);
                }
            }
        }
        let (main, info) = &known[root];
        found.logs.push(LogFiles { id: info.id.clone(), agent_ids, ..LogFiles::new(main.clone(), agents, &FORMAT) });
    }
}

/// Every session of a store that is no agent's, as far as `wanted`; what cannot be read is said. The sessions that the
/// store holds come back.
fn sessions_of_store(one: &Candidate, wanted: &dyn Fn(&Info) -> bool, found: &mut Found) -> Vec<String> {
    let listed = Store::open(&one.path).and_then(|store| Ok((store.sessions()?, store.holds_others)));
    let (listed, others) = match listed {
        Ok(listed) => listed,
        Err(refusal) => {
            refused(one, refusal, found);
            return Vec::new();
        }
    };
    let roots = roots_of(&listed);
    let whole = LogFiles::new(one.clone(), Vec::new(), &FORMAT);
    let messages = listed.iter().map(|session| session.messages).sum::<u64>().max(1);
    let mut any = false;
    let mut below = agents_by_root(&listed, &roots);
    for (root, session) in roots.into_iter().map(|index| (index, &listed[index])) {
        any |= session.messages > 0;
        if session.messages > 0 && wanted(&session.info) {
            let bytes = u64::try_from(u128::from(whole.bytes) * u128::from(session.messages) / u128::from(messages)).unwrap_or(whole.bytes);
            let agent_ids = below.remove(&root).unwrap_or_default();
            found.logs.push(LogFiles { part: session.info.id.clone(), id: session.info.id.clone(), agent_ids, bytes, ..whole.clone() });
        }
    }
    if others {
        let why = "it also holds sessions of OpenCode 2, whose tables are not read".to_owned();
        found.skipped.push(Unusable { path: shown(&one.path), why });
    }
    if !any && one.named {
        found.unusable.push(Unusable { path: shown(&one.path), why: "the store holds no session with a message".to_owned() });
    }
    listed.into_iter().filter_map(|session| session.info.id).collect()
}

fn refused(one: &Candidate, refusal: Refusal, found: &mut Found) {
    let path = shown(&one.path);
    match refusal {
        Refusal::Unreadable(error) if one.named => found.unusable.push(Unusable { path, why: error.to_string() }),
        Refusal::Unreadable(error) => found.skipped.push(Unusable { path, why: error.to_string() }),
        Refusal::Unknown(saw) if one.named => found.unusable.push(Unusable { path, why: format!("it is in no known log format: {saw}") }),
        // Every folder may hold databases that never were logs.
        Refusal::Unknown(_) => {}
    }
}

/// The sessions that are nobody's agents: no maker, one that is gone, or the first of a circle.
fn roots_of(listed: &[Listed]) -> Vec<usize> {
    let by_id: FxHashMap<&str, usize> =
        listed.iter().enumerate().filter_map(|(index, one)| one.info.id.as_deref().map(|id| (id, index))).collect();
    let maker = |index: usize| listed[index].info.parent.as_deref().and_then(|parent| by_id.get(parent)).copied();
    let mut state = vec![0usize; listed.len()];
    let mut roots = FxHashSet::default();
    for start in 0..listed.len() {
        let mut at = start;
        // Up to a maker that was seen; one that was seen in this very walk closes a circle.
        while state[at] == 0 {
            state[at] = start + 1;
            match maker(at) {
                Some(above) => at = above,
                None => {
                    roots.insert(at);
                    break;
                }
            }
        }
        if state[at] == start + 1 && maker(at).is_some() && !roots.contains(&at) {
            roots.insert(at);
        }
    }
    let mut roots: Vec<usize> = roots.into_iter().collect();
    roots.sort_unstable();
    roots
}

/// The identifiers of the sessions below each of those that are nobody's agents.
fn agents_by_root(listed: &[Listed], roots: &[usize]) -> FxHashMap<usize, Vec<String>> {
    let mut children: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (index, one) in listed.iter().enumerate() {
        if let Some(parent) = one.info.parent.as_deref() {
            children.entry(parent).or_default().push(index);
        }
    }
    let mut below: FxHashMap<usize, Vec<String>> = FxHashMap::default();
    let mut seen: FxHashSet<usize> = roots.iter().copied().collect();
    for root in roots {
        let mut waiting = vec![*root];
        while let Some(one) = waiting.pop() {
            let own = listed[one].info.id.as_deref().and_then(|id| children.get(id)).into_iter().flatten().copied();
            for child in own.filter(|child| seen.insert(*child)).collect::<Vec<_>>() {
                below.entry(*root).or_default().extend(listed[child].info.id.clone());
                waiting.push(child);
            }
        }
    }
    below
}

/// The folders in which OpenCode keeps its sessions: `$XDG_DATA_HOME/opencode` and `~/.local/share/opencode`, on every system
/// (`packages/core/src/global.ts`); and the store that `OPENCODE_DB` names.
pub(super) fn roots() -> Vec<PathBuf> {
    let data = std::env::var_os("XDG_DATA_HOME").filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = std::env::home_dir().map(|home| home.join(".local/share"));
    let named = std::env::var_os("OPENCODE_DB").map(PathBuf::from).filter(|path| path.is_absolute() && path.is_file());
    let mut known = FxHashSet::default();
    let folders = [data, home].into_iter().flatten().map(|folder| folder.join("opencode")).filter(|folder| folder.is_dir());
    folders.chain(named).filter(|root| known.insert(root.clone())).collect()
}

/// The sessions that worked in one of `folders` or below.
pub(super) fn own(folders: &[PathBuf], roots: &[PathBuf], found: &mut Found) {
    let ours = |info: &Info| info.directory.as_deref().is_some_and(|own| is_inside(own, folders));
    for root in roots {
        let mut stored = FxHashSet::default();
        let stores = if root.is_file() { vec![root.clone()] } else { stores_in(root, found) };
        for store in stores {
            stored.extend(sessions_of_store(&Candidate { path: store, named: false }, &ours, found));
        }
        let mut sessions: Known = Vec::new();
        for path in sessions_in_folders(root) {
            let info = named_info(&path);
            sessions.push((Candidate { path, named: false }, info));
        }
        sessions.retain(|(one, info)| folder::layout(&one.path).is_some() && info.id.as_ref().is_none_or(|id| !stored.contains(id)));
        let mut old = Found::default();
        families(sessions, &mut old);
        old.logs.retain(|log| ours(&named_info(&log.main)));
        found.absorb(old);
    }
}

/// `opencode.db`, or `opencode-<channel>.db` of other channels (`storage/db.ts`).
fn stores_in(root: &Path, found: &mut Found) -> Vec<PathBuf> {
    let is_store = |name: &str| name.starts_with("opencode") && name.ends_with(".db");
    let names = entries(root, &mut found.unusable);
    names.into_iter().filter(|name| name.to_str().is_some_and(is_store)).map(|name| root.join(name)).filter(|path| path.is_file()).collect()
}

/// The files of sessions in `storage/session/<project>`.
fn sessions_in_folders(root: &Path) -> Vec<PathBuf> {
    let sessions = root.join("storage/session");
    if !sessions.is_dir() {
        return Vec::new();
    }
    let mut missing = Vec::new();
    let projects = entries(&sessions, &mut missing).into_iter().map(|name| sessions.join(name)).filter(|path| path.is_dir());
    projects
        .flat_map(|project| entries(&project, &mut Vec::new()).into_iter().map(move |name| project.join(name)).collect::<Vec<_>>())
        .filter(|path| path.extension().is_some_and(|kind| kind == "json"))
        .collect()
}
