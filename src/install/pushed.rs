//! What git says of a push on the standard input of its hook, and whose branch that is.

use rustc_hash::FxHashMap;

/// One ref that is pushed. Names are bytes: neither those of branches nor what somebody typed for a source has to be text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    /// What it is here: `refs/heads/main`, `HEAD`, an id, or whatever was typed before the colon.
    pub local: Vec<u8>,
    /// The object that is pushed; `None` where the ref is deleted.
    pub tip: Option<String>,
    /// What it is to be there, in full.
    pub remote: Vec<u8>,
    /// What the remote's ref holds now; `None` where it is new.
    pub was: Option<String>,
}

/// Reads `LOCAL-REF LOCAL-ID REMOTE-REF REMOTE-ID`, line by line. A line that is not understood is the error.
pub fn read(text: &[u8]) -> Result<Vec<Pushed>, String> {
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| one(line).ok_or_else(|| String::from_utf8_lossy(line).into_owned())).collect()
}

/// The first word may hold spaces (`:/fix the bug`, `HEAD^{/fix the bug}`); the three others never do.
fn one(line: &[u8]) -> Option<Pushed> {
    let mut words = line.rsplitn(4, |byte| *byte == b' ');
    let (was, remote, tip, local) = (id(words.next()?)?, words.next()?, id(words.next()?)?, words.next()?);
    let is_ref = remote.starts_with(b"refs/") && !local.is_empty();
    is_ref.then(|| Pushed { local: local.to_vec(), tip: something(tip), remote: remote.to_vec(), was: something(was) })
}

fn id(word: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(word).ok()?;
    is_id(text).then_some(text)
}

/// Whether a text is the full id of an object.
#[must_use]
pub fn is_id(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Zeros stand for nothing.
fn something(id: &str) -> Option<String> {
    id.bytes().any(|byte| byte != b'0').then(|| id.to_owned())
}

/// What is pushed with one commit at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Together<'p> {
    /// The commit.
    pub tip: String,
    /// All refs that end there; at least one.
    pub refs: Vec<&'p Pushed>,
}

impl<'p> Together<'p> {
    /// Refs by the commit at their end, in the order in which they were said first.
    #[must_use]
    pub fn all(refs: Vec<(String, &'p Pushed)>) -> Vec<Together<'p>> {
        let mut places: FxHashMap<String, usize> = FxHashMap::default();
        let mut all: Vec<Together<'p>> = Vec::new();
        for (tip, one) in refs {
            let place = *places.entry(tip.clone()).or_insert(all.len());
            match all.get_mut(place) {
                Some(together) => together.refs.push(one),
                None => all.push(Together { tip, refs: vec![one] }),
            }
        }
        all
    }

    /// The ref that says whose work it is: a branch, and one that is not the default branch, which takes in what others made.
    #[must_use]
    pub fn first(&self, default: Option<&str>) -> Option<&'p Pushed> {
        let rank = |one: &Pushed| (one.branch(Some("HEAD")).is_none(), one.is_branch(default));
        self.refs.iter().copied().min_by_key(|one| rank(one))
    }

    /// The names of all refs, for people.
    #[must_use]
    pub fn name(&self) -> String {
        self.refs.iter().map(|one| one.name()).collect::<Vec<_>>().join(", ")
    }
}

impl Pushed {
    /// Whether it becomes the branch of this name.
    #[must_use]
    pub fn is_branch(&self, name: Option<&str>) -> bool {
        name.is_some_and(|name| self.remote.strip_prefix(b"refs/heads/") == Some(name.as_bytes()))
    }

    /// The branch whose work it is: the local one, where that is a branch, else the one that it becomes. `at_head` is the branch that
    /// is checked out, where what is pushed ends there.
    #[must_use]
    pub fn branch(&self, at_head: Option<&str>) -> Option<String> {
        let of = |name: &[u8]| String::from_utf8(name.strip_prefix(b"refs/heads/")?.to_vec()).ok().filter(|name| !name.is_empty());
        let head = || at_head.filter(|_| self.local == b"HEAD").map(str::to_owned);
        of(&self.local).or_else(head).or_else(|| of(&self.remote))
    }

    /// Its name for people: the local one and, where that says something else, the remote one.
    #[must_use]
    pub fn name(&self) -> String {
        let remote = String::from_utf8_lossy(&self.remote);
        if self.local == self.remote || self.tip.is_none() || self.remote.is_empty() {
            let only = if self.tip.is_none() { &self.remote } else { &self.local };
            return String::from_utf8_lossy(only).into_owned();
        }
        format!("{} (as {remote})", String::from_utf8_lossy(&self.local))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const ZEROS: &str = "0000000000000000000000000000000000000000";

    fn pushed(local: &str, remote: &str) -> Pushed {
        Pushed { local: local.into(), tip: Some(A.to_owned()), remote: remote.into(), was: None }
    }

    #[test]
    fn the_first_word_may_hold_spaces() {
        for local in ["refs/heads/main", ":/bump 0 y", "HEAD^{/fix bug}", "(delete)", &format!("x {A} refs/heads/main {A}"), " "] {
            let read = read(format!("{local} {A} refs/heads/agent/task-1 {ZEROS}\n").as_bytes());
            assert_eq!(read, Ok(vec![pushed(local, "refs/heads/agent/task-1")]));
        }
        let deleted = read(format!("(delete) {ZEROS} refs/heads/x {A}\n").as_bytes()).unwrap();
        assert_eq!((&deleted[0].tip, deleted[0].was.as_deref(), deleted[0].name().as_str()), (&None, Some(A), "refs/heads/x"));
        assert_eq!(read(b""), Ok(Vec::new()));
    }

    #[test]
    fn a_line_that_is_not_understood_is_an_error() {
        for line in [
            "x",
            &format!("{A} refs/heads/x {A}"),
            &format!("x {A} main {A}"),
            &format!("x HEAD refs/heads/x {A}"),
            &format!("x  {A} refs/heads/x y {A}"),
        ] {
            assert_eq!(read(format!("refs/heads/a {A} refs/heads/a {A}\n{line}\n").as_bytes()), Err(line.to_owned()));
        }
    }

    #[test]
    fn the_branch_is_the_local_one_else_the_remote_one() {
        let branch = |local: &str, remote: &str, head: Option<&str>| pushed(local, remote).branch(head);
        assert_eq!(branch("refs/heads/a", "refs/heads/b", Some("c")).as_deref(), Some("a"));
        assert_eq!(branch("HEAD", "refs/heads/b", Some("c")).as_deref(), Some("c"));
        for local in ["HEAD", A, "refs/tags/t", ":/fix", "refs/remotes/origin/x"] {
            assert_eq!(branch(local, "refs/heads/agent/task-1", None).as_deref(), Some("agent/task-1"), "{local}");
        }
        assert_eq!(branch("refs/tags/t", "refs/tags/t", Some("c")), None);
    }

    #[test]
    fn refs_with_one_end_go_together() {
        let (main, side, tag) =
            (pushed("refs/heads/main", "refs/heads/main"), pushed("refs/heads/a", "refs/heads/a"), pushed("refs/tags/t", "refs/tags/t"));
        let all = Together::all(vec![(A.to_owned(), &tag), (ZEROS.to_owned(), &main), (A.to_owned(), &main), (A.to_owned(), &side)]);
        assert_eq!(all.iter().map(Together::name).collect::<Vec<_>>(), ["refs/tags/t, refs/heads/main, refs/heads/a", "refs/heads/main"]);
        assert_eq!((all[0].first(Some("main")), all[0].first(None), all[1].first(Some("main"))), (Some(&side), Some(&main), Some(&main)));
    }

    proptest! {
        #[test]
        fn what_git_writes_is_read(local in "[^\n]{1,40}", remote in "refs/(heads|tags)/[^ \n]{1,30}", ids in prop::array::uniform2("[0-9a-f]{40}|[0-9a-f]{64}|0{40}")) {
            let read = read(format!("{local} {} {remote} {}\n", ids[0], ids[1]).as_bytes()).unwrap();
            prop_assert_eq!(read.len(), 1);
            prop_assert_eq!((&read[0].local[..], &read[0].remote[..]), (local.as_bytes(), remote.as_bytes()));
        }

        #[test]
        fn no_bytes_break_the_reader(text in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&text);
        }
    }
}
