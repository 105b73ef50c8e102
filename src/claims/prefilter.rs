//! The hot path: is there any word in this text that a claim needs?

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};

/// One of these is in every claim and every denial. Capital letters of other scripts need their own entry, since only
/// ASCII letters are matched in both cases.
const STEMS: &[&str] = &[
    "agent",
    "claude",
    "teammate",
    "parallel",
    "paralel",
    "parallèle",
    "parallél",
    "simultan",
    "concurren",
    "faster",
    "speedup",
    "speed-up",
    "speed up",
    "pass",
    "tests",
    "green",
    "complete",
    "tasks done",
    "done",
    "agenti",
    "explorer",
    "reviewer",
    "researcher",
    "implementer",
    "implementor",
    "worker",
    "specialist",
    "auditor",
    "analyst",
    "writer",
    "tester",
    "scout",
    "critic",
    "planner",
    "architect",
    "designer",
    "expert",
    "at once",
    "same time",
    "tandem",
    "side by side",
    "gleichzeitig",
    "nebenläufig",
    "🔄",
    "✅",
    "агент",
    "Агент",
    "параллел",
    "Параллел",
    "одновременн",
    "Одновременн",
    "быстре",
    "тест",
    "ревьюер",
    "代理",
    "智能体",
    "智能體",
    "并行",
    "並行",
    "并发",
    "並列",
    "同时",
    "同時",
    "倍",
    "エージェント",
    "レビュ",
    "テスト",
    "에이전트",
    "병렬",
    "동시에",
    "테스트",
    "리뷰어",
    "launch",
    "spawn",
    "dispatch",
    "half the",
    "third of the",
    "quicker",
    "schneller",
    "plus vite",
    "plus rapide",
    "más rápid",
    "mais rápid",
    "più veloc",
    "as fast",
    "contemporanea",
    "même temps",
    "mismo tiempo",
    "mesmo tempo",
    "a la vez",
    "prüfer",
    "relecteur",
    "explorateur",
    "revis",
    "analist",
    "one after",
    "sequential",
];

static MATCHER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasickBuilder::new()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::Standard)
        .kind(Some(AhoCorasickKind::DFA))
        .build(STEMS)
        .ok()
});

/// Whether the text holds a stem. The reader asks this of every sentence too, and reads no sentence without one: that
/// is why a text without a stem cannot yield anything.
pub(super) fn has_stem(text: &str) -> bool {
    // Without a matcher everything may matter: slower, never wrong.
    MATCHER.as_ref().is_none_or(|matcher| matcher.is_match(text))
}
