//! `needs`: names that are there, and no circles.

use super::written::Entry;
use crate::config::wrong::Wrong;
use rustc_hash::FxHashMap;
use toml::Spanned;

/// Refuses unknown names and circles. `entries` are in the order of the file.
pub(super) fn check(entries: &[(Spanned<String>, Entry)]) -> Result<(), Wrong> {
    let names = || entries.iter().map(|(name, _)| name.get_ref().as_str());
    let indexes: FxHashMap<&str, usize> = names().enumerate().map(|(index, name)| (name, index)).collect();
    let mut graph: Vec<Vec<usize>> = vec![Vec::new(); entries.len()];
    for (index, (name, entry)) in entries.iter().enumerate() {
        for need in &entry.needs {
            let Some(needed) = indexes.get(need.get_ref().as_str()) else {
                let others = names().filter(|other| other != name.get_ref());
                let message = format!("`{}` needs `{}`, which is no gate", name.get_ref(), need.get_ref());
                let wrong = Wrong::at(need, message);
                return Err(match others.clone().next() {
                    Some(_) => wrong.guess(need.get_ref(), others),
                    None => wrong.help("it is the only gate; define the other one, or take it out of `needs`"),
                });
            };
            if *needed == index {
                return Err(Wrong::at(need, format!("`{}` needs itself", name.get_ref())).help("take it out of `needs`"));
            }
            graph[index].push(*needed);
        }
    }
    circle(&graph).map_or(Ok(()), |circle| Err(complaint(entries, &circle)))
}

fn complaint(entries: &[(Spanned<String>, Entry)], circle: &[usize]) -> Wrong {
    let name = |index: &usize| entries[*index].0.get_ref().as_str();
    let (Some(first), Some(second)) = (circle.first(), circle.get(1)) else { return Wrong::new(0..0, "gates need each other") };
    let (own, entry) = &entries[*first];
    let place = entry.needs.iter().find(|need| need.get_ref() == name(second)).unwrap_or(own);
    let whole: Vec<&str> = circle.iter().chain([first]).map(name).collect();
    Wrong::at(place, format!("these gates need each other: {}", whole.join(" -> ")))
        .help("none of them could ever start; take one of these `needs` out")
}

/// The gates of a circle, each needing the next and the last one the first, beginning with the first of the file.
fn circle(graph: &[Vec<usize>]) -> Option<Vec<usize>> {
    // What needs nothing is taken away, again and again; whatever is left then needs something that is left.
    let mut open: Vec<usize> = graph.iter().map(Vec::len).collect();
    let mut behind: Vec<Vec<usize>> = vec![Vec::new(); graph.len()];
    for (index, needs) in graph.iter().enumerate() {
        needs.iter().for_each(|need| behind[*need].push(index));
    }
    let mut free: Vec<usize> = (0..graph.len()).filter(|index| open[*index] == 0).collect();
    while let Some(index) = free.pop() {
        for other in &behind[index] {
            open[*other] -= 1;
            if open[*other] == 0 {
                free.push(*other);
            }
        }
    }
    let mut next = (0..graph.len()).find(|index| open[*index] > 0)?;
    let mut walked: Vec<usize> = Vec::new();
    let mut places: FxHashMap<usize, usize> = FxHashMap::default();
    loop {
        if let Some(start) = places.get(&next) {
            let mut circle = walked.split_off(*start);
            let first = circle.iter().enumerate().min_by_key(|(_, index)| **index).map_or(0, |(place, _)| place);
            circle.rotate_left(first);
            return Some(circle);
        }
        places.insert(next, walked.len());
        walked.push(next);
        next = graph[next].iter().copied().find(|need| open[*need] > 0)?;
    }
}
