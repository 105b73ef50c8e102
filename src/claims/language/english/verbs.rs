//! English verbs, adverbs and the small words around them.

#[rustfmt::skip]
pub(super) const BASE: &[&str] = &[
    "launch", "spawn", "dispatch", "kick off", "fire off", "fan out", "fan this out", "fan it out", "fan the work out", "send out",
    "send off", "spin up", "delegate", "hand off", "farm out", "split across", "unleash", "deploy", "fire up", "set loose", "bring up",
    "bring in", "parallelize", "parallelise", "shell out", "call in", "summon", "invoke", "enlist", "engage", "roll out", "start up",
    "stand up", "trigger", "orchestrate", "mobilize", "release", "commission", "distribute", "divide", "divvy up", "carve up",
    "hand out", "hand over", "assign", "outsource", "recruit", "fork off", "field", "parcel out", "split", "line up", "queue up",
    "set off", "turn loose", "throw", "bring on", "send in", "let loose", "fan", "farm", "launch off", "batch", "spread", "assemble",
    "relaunch", "redispatch", "re launch", "re dispatch",
    "pair up", "deputize", "marshal", "call up", "call on", "draft in", "pull in", "loop in", "muster", "boot up", "spool up", "scatter",
    "dole out", "dish out", "ship off", "rally", "shoot off",
];

#[rustfmt::skip]
pub(super) const ING: &[&str] = &[
    "launching", "spawning", "dispatching", "kicking off", "firing off", "fanning out", "fanning this out", "fanning it out",
    "fanning the work out", "fanning", "sending out", "sending off", "spinning up", "delegating", "handing off", "farming out",
    "farming", "splitting across", "unleashing", "deploying", "firing up", "setting loose", "bringing up", "bringing in",
    "parallelizing", "parallelising", "shelling out", "calling in", "summoning", "invoking", "enlisting", "engaging", "rolling out",
    "starting up", "standing up", "triggering", "orchestrating", "mobilizing", "releasing", "commissioning", "tasking", "distributing",
    "dividing", "divvying up", "carving up", "handing out", "handing over", "assigning", "outsourcing", "recruiting", "forking off",
    "fielding", "parceling out", "splitting", "lining up", "queueing up", "queuing up", "setting off", "turning loose", "throwing",
    "bringing on", "sending in", "letting loose", "batching", "spreading", "assembling", "relaunching", "redispatching", "re launching",
    "re dispatching", "spinning off", "firing", "proceeding with", "going ahead with", "moving ahead with", "continuing with",
    "going with", "tackling this with", "starting off", "bringing",
    "pairing", "pairing up", "deputizing", "marshalling", "calling up", "calling on", "drafting in", "pulling in", "looping in",
    "mustering", "booting up", "spooling up", "scattering", "doling out", "dishing out", "shipping off", "rallying", "shooting off",
    "parcelling out",
    "sharding",
    "opening",
];

#[rustfmt::skip]
pub(super) const DONE: &[&str] = &[
    "launched", "spawned", "dispatched", "kicked off", "fired off", "fanned out", "fanned this out", "fanned it out",
    "fanned the work out", "fanned", "sent out", "sent off", "spun up", "delegated", "handed off", "farmed out", "farmed",
    "split across", "unleashed", "deployed", "fired up", "set loose", "brought up", "brought in", "parallelized", "parallelised",
    "shelled out", "called in", "summoned", "invoked", "enlisted", "engaged", "rolled out", "started up", "stood up", "triggered",
    "orchestrated", "mobilized", "released", "commissioned", "tasked", "distributed", "divided", "divvied up", "carved up", "handed out",
    "handed over", "assigned", "outsourced", "recruited", "forked off", "fielded", "parceled out", "split", "lined up", "queued up",
    "set off", "turned loose", "thrown", "threw", "brought on", "sent in", "let loose", "batched", "spread", "assembled", "relaunched",
    "redispatched", "re launched", "re dispatched", "launched off", "fired",
    "paired up", "deputized", "marshalled", "called up", "called on", "drafted in", "pulled in", "looped in", "mustered", "booted up",
    "spooled up", "scattered", "doled out", "dished out", "shipped off", "rallied", "shot off", "parcelled out",
    "opened",
];

#[rustfmt::skip]
pub(super) const BASE_WEAK: &[&str] = &[
    "run", "start", "use", "put", "have", "send", "get", "give", "ask", "set", "hand", "gather", "employ", "leverage", "let",
    "create a team", "begin", "execute", "initiate", "work with", "point", "rerun", "re run",
    "rely on", "make use of", "draw on", "turn to",
];

#[rustfmt::skip]
pub(super) const ING_WEAK: &[&str] = &[
    "running", "starting", "using", "putting", "having", "sending", "getting", "giving", "asking", "setting", "handing", "gathering",
    "employing", "leveraging", "letting", "creating a team", "beginning", "executing", "initiating", "working with", "pointing",
    "rerunning", "re running",
    "relying on", "making use of", "drawing on", "turning to",
    "pulling",
];

#[rustfmt::skip]
pub(super) const DONE_WEAK: &[&str] = &[
    "ran", "run", "started", "used", "put", "sent", "gave", "asked", "set", "handed", "gathered", "employed", "leveraged", "let", "had",
    "created a team", "began", "executed", "initiated", "worked with", "pointed", "reran", "re ran",
    "relied on", "made use of", "drew on", "turned to",
    "pulled",
];

#[rustfmt::skip]
pub(super) const RUN: &[&str] = &[
    "run", "work", "operate", "execute", "proceed", "go", "start", "complete", "finish", "tackle", "handle", "cover", "investigate",
    "explore", "review", "research", "analyze", "analyse", "look", "check", "map", "dig", "read", "write", "build", "implement", "audit",
    "examine", "draft", "fix", "scan",
    "trace", "inspect", "verify", "translate", "migrate", "sweep", "crawl", "probe", "hunt",
];

#[rustfmt::skip]
pub(super) const RUNNING: &[&str] = &[
    "running", "working", "in flight", "active", "underway", "under way", "at work", "in progress", "busy", "up and running",
    "on the job", "live", "in the air", "on it", "out there", "executing", "operating", "crunching", "in motion", "hard at work",
    "at it", "going", "airborne", "on the case", "on their way", "open", "digging in", "processing",
    "heads down", "in full swing", "knee deep", "elbow deep", "off to the races", "plugging away", "hard at it", "on the go",
    "in the field", "ticking along",
];

#[rustfmt::skip]
pub(super) const RAN: &[&str] = &[
    "ran", "worked", "completed", "finished", "returned", "reported", "reported back", "came back", "wrote", "found", "dug", "built",
    "went", "took", "did", "overlapped", "read", "wrapped up", "delivered", "executed", "got", "made", "sent back", "done", "complete",
    "are back", "are in", "have landed", "landed", "concluded", "handed in", "turned in", "are done", "reviewed", "checked", "started",
    "began", "split", "drew", "swept", "shipped", "developed",
    "come back", "gone through", "gone over", "written", "rewrote", "redid", "rebuilt", "came up with", "brought back", "taken", "spent",
    "combed",
];

#[rustfmt::skip]
pub(super) const OTHER: &[&str] = &[
    "spawns", "launches", "dispatches", "starts", "uses", "sends", "delegates", "invokes", "triggers", "holds", "contains", "keeps", "waits", "supports",
    "see", "saw", "know", "think", "need", "needs", "want", "wants", "keep", "kept", "means", "makes", "make", "take", "takes", "gives",
    "lets", "allows", "requires", "costs", "runs", "works", "does", "do", "did", "don't", "wait", "waiting", "monitor", "fix", "write",
    "update", "updating", "create", "creating", "read", "reading", "writing", "implement", "edit", "editing", "look", "check", "compare",
    "review", "reviewing", "merge", "merging", "add", "added", "adding", "fixed", "changed", "renamed", "updated", "rename",
    "synthesize", "delete", "deleted", "remove", "removed", "refactor", "refactored", "found", "called", "named", "seems", "had", "got",
    "define", "defined", "spans",
];

#[rustfmt::skip]
pub(super) const WILL: &[&str] = &[
    "i'll", "i will", "i'm going to", "i am going to", "i'm about to", "i am about to", "let me", "we'll", "we will", "we're going to",
    "let's", "let us", "i'm now going to", "now i'll", "i shall", "time to", "going to", "i'll be", "i plan to", "i intend to",
    "my plan is to", "i'm gonna", "gonna", "i'll go ahead and", "going ahead and", "about to", "proceeding to", "next i'll",
    "i'm starting to", "moving on to", "i'll now", "i'll also", "let me also", "i've decided to", "i decided to",
];

#[rustfmt::skip]
pub(super) const TOGETHER: &[&str] = &[
    "in parallel", "parallelly", "simultaneously", "concurrently", "at once", "at the same time", "side by side", "in tandem",
    "together", "all at once", "in one message", "in one batch", "in a single message", "in a single batch", "in one go", "in flight",
    "overlapped", "overlapping", "in one response", "in a single response", "in the same message", "in one turn", "in a single turn",
    "in unison", "at one time", "in one shot", "all together", "in one burst", "in concert", "shoulder to shoulder",
    "alongside each other", "in lockstep", "alongside one another", "next to each other", "at the very same time", "parallelized",
    "parallelised", "in a single block", "in one block", "in the same batch", "in the same turn", "as a batch", "as one batch",
    "truly parallel", "genuinely parallel", "fully parallel", "fully in parallel", "all in parallel", "in one wave", "in a single wave",
    "at a time", "in the same response", "parallel to each other", "in one fell swoop", "in one volley", "in one sweep",
    "in a single shot", "in a single go", "in a single call", "at the same moment", "in synchrony", "concurrent with each other",
    "alongside", "parallelize", "parallelise", "parallelizing", "parallelising", "in a burst", "one message", "one batch",
    "a single message", "single message", "a single batch", "one response", "one go", "in step with each other", "at full parallelism",
    "all starting now", "all start now", "all starting together", "both starting now", "all parallel", "in parallel with each other",
    "hand in hand", "in a single volley", "at full tilt together", "neck and neck", "in the same breath",
    "all start immediately", "all starting immediately", "all start right away", "all start together", "all beginning now",
    "all begin now",
];

#[rustfmt::skip]
pub(super) const NOT: &[&str] = &[
    "not", "never", "no", "none", "none of", "neither", "nor", "don't", "doesn't", "didn't", "won't", "isn't", "aren't", "wasn't",
    "weren't", "haven't", "hasn't", "can't", "cannot", "couldn't", "shouldn't", "wouldn't", "without", "nobody", "nothing", "zero",
    "hardly", "barely", "refuse to", "declined to", "avoid", "avoiding", "stop", "skip", "skipping", "skipped", "failed to", "unable to",
    "refrain from", "no longer", "no need to", "nowhere near", "hadn't", "ain't", "far from", "avoided", "stopped short of", "pretended",
    "pretend", "pretending", "as if", "as though", "fails to", "refused to", "decided against", "opted against", "doubt", "doubt that",
    "deny", "denied", "not one of",
];

#[rustfmt::skip]
pub(super) const MODAL: &[&str] = &[
    "can", "could", "should", "would", "might", "may", "must", "can't", "cannot", "couldn't", "shouldn't", "wouldn't", "able to",
    "capable of", "allowed to", "supposed to", "ought to", "i'd", "we'd", "perhaps", "maybe", "possibly", "probably", "potentially",
    "likely", "able", "tend to", "meant to", "designed to", "expected to", "ideally", "recommend", "suggest", "consider", "considering",
    "propose", "proposing", "worth", "proposed", "suggested", "recommended", "happy to", "ready to launch", "enables", "enabling",
    "would be", "want to", "wants to", "prefer to", "allows", "lets", "hope to", "hoping to", "need to", "needs to", "has to", "have to",
    "good to", "up to", "maximum", "max", "at most", "no more than", "limit of",
    "expect", "expecting", "we expect", "anticipate", "anticipated", "estimate", "estimated", "theoretical", "aim for", "aiming for",
    "hope for", "projected", "hypothetical",
    "it is possible that", "it's possible that", "possible that", "apparently", "allegedly", "conceivably", "presumably", "supposedly",
    "appears that", "chances are", "seemingly",
];

#[rustfmt::skip]
pub(super) const CONDITION: &[&str] = &[
    "if", "unless", "provided", "assuming", "in case", "depending", "whether", "suppose", "supposing", "should you", "as long as",
    "only if", "even if", "were i to", "had i", "given the go ahead", "on your go", "on approval", "subject to", "pending your",
    "until you", "say the word", "with your approval", "with your permission", "with your ok", "what if", "had we", "if only",
    "otherwise", "waiting for your", "whenever you", "on your signal", "hypothetically", "in theory", "imagine", "picture", "say we",
    "let me know and", "let me know", "just say", "say so", "say go", "give me the word", "give the word", "give me the go ahead",
    "tell me and", "on your word", "at your command", "with your blessing", "pending approval",
];

#[rustfmt::skip]
pub(super) const ASK: &[&str] = &[
    "should i", "shall i", "want me to", "do you want", "would you like", "may i", "can i", "could i", "shall we", "should we",
    "how about", "what about", "ok to", "okay to", "did you", "are the", "were the", "have the", "did the", "is it ok", "do you prefer",
    "would you prefer", "which of", "why did", "how many", "can you", "could you", "mind if",
];

#[rustfmt::skip]
pub(super) const INTENT: &[&str] = &[
    "next time", "know better", "in future", "in the future", "from now on",
    "was going to", "were going to", "was about to", "planned to", "wanted to", "was tempted to", "tempted to", "considered",
    "thought about", "thought of", "should have", "would have", "could have", "meant to", "tried to", "intended to", "was planning to",
    "had planned to", "might have", "hoped to", "debated", "had intended to", "i was to", "was supposed to", "were supposed to",
    "attempted to", "toyed with", "had hoped to", "had wanted to", "originally planned", "initially planned", "contemplated",
    "was thinking of", "had meant to", "was hoping to", "was considering", "was ready to", "instructed to", "was asked to", "i'd have",
    "had been planning", "being tempted to", "was meant to", "were meant to", "promised to",
    "i wish i had", "i wish we had", "i wish i'd", "i wish i", "i wish we", "i wish", "wish i had", "wish we had", "would've", "could've",
    "should've", "might've", "ought to have", "would rather have", "regret not",
];

#[rustfmt::skip]
pub(super) const SAYS: &[&str] = &[
    "says", "said", "say", "describes", "described", "explains", "states", "mentions", "mentioned", "claims", "claimed", "claim",
    "documents", "reads", "wrote that", "told", "asked", "asks", "requested", "recommends", "suggests", "shows how", "advertises",
    "promises", "boasts", "reported that", "notes that", "demonstrates", "assumes", "asserts", "assert", "talks about", "instructs",
    "instruct", "tells", "tell", "stated", "announced", "expects", "verifies that", "simulates", "simulate", "simulated",
    "checks that", "tests that", "ensures that", "guarantees that", "validates that", "proves that", "detects that", "exercises",
    "checks whether", "tests whether", "reproduces", "guards against", "prevents", "specifies", "specifies that", "defines how",
    "lists how",
    "tests cover", "test covers", "tests for", "suite covers", "according to",
];

#[rustfmt::skip]
pub(super) const SERIAL: &[&str] = &[
    "one after another", "one after the other", "sequentially", "serially", "one at a time", "one by one", "in sequence", "in series",
    "back to back", "in turn", "sequential", "serial", "single file", "turn by turn", "after each other", "in succession",
    "one agent at a time", "successively", "consecutively", "one agent after another", "strictly in order", "each in turn",
    "single threaded", "took turns", "taking turns",
    "only after", "only once", "only when the", "before the next", "before starting the next", "one then the other", "waited for each",
    "waiting for each", "each waiting for", "in order",
];

#[rustfmt::skip]
pub(super) const SPEED: &[&str] = &[
    "faster", "speedup", "speed up", "speedups", "quicker", "sped up", "speeds up", "acceleration", "sooner", "speeding up", "as fast",
    "as quickly", "the speed", "accelerated", "shorter", "speed gain", "performance gain", "time savings", "quicker than",
    "improvement in wall", "throughput",
];

#[rustfmt::skip]
pub(super) const SAVED: &[&str] = &[
    "saved", "saving", "cut", "dropped", "reduced", "cutting", "brought down", "down from", "reducing", "shaved", "shaving", "fell",
    "went from", "slashed", "trimmed", "shrank", "time saved", "down to", "saves", "dropping", "took", "instead of", "slashing",
    "came down",
];

#[rustfmt::skip]
pub(super) const PORTION: &[&str] = &[
    "half the time", "a third of the time", "a quarter of the time", "one third of the time", "one quarter of the time",
    "half of the time", "a fifth of the time", "a sixth of the time", "by half", "by two thirds", "by three quarters", "in half",
    "by a half", "by four fifths", "twice as fast", "thrice as fast", "a tenth of the time", "two thirds of the time", "by a third",
    "by a quarter", "by 50", "twice the speed", "twice as quickly", "half the wall clock", "half as long", "by one half", "halved",
    "an eighth of the time", "cut to a third", "cut to a quarter", "to a third", "to a quarter", "to half", "to a fifth",
    "a third the time", "a quarter the time", "one fifth of the time", "tripled", "doubled", "quadrupled",
];

#[rustfmt::skip]
pub(super) const LINK: &[&str] = &[
    "to", "for", "on", "in", "of", "with", "via", "by", "from", "at", "into", "over", "across", "between", "among", "amongst", "about",
    "through", "after", "before", "that", "which", "who", "because", "so", "since", "as", "than", "against", "under", "within", "then",
    "or", "nor", "onto", "around", "whose", "until", "where", "using", "toward", "towards", "there",
];

#[rustfmt::skip]
pub(super) const REQUEST: &[&str] = &[
    "please", "make sure", "ensure", "remember to", "be sure to", "always", "don't forget", "feel free", "try to", "you should",
    "you must", "you need",
];

#[rustfmt::skip]
pub(super) const ADVERB: &[&str] = &[
    "also", "then", "quickly", "just", "next", "first", "go ahead and", "immediately", "simply", "actually", "all", "again", "finally",
    "successfully", "only", "instead", "further", "therefore", "therefore", "hence", "thus", "here", "ok", "okay", "great", "good",
    "perfect", "right", "alright", "both", "each", "really", "truly", "genuinely", "silently", "independently", "happily", "today",
    "started", "begun", "been", "busily", "and", "so", "well", "indeed", "going ahead", "up", "out", "off", "just now", "back", "too",
    "separately", "each", "proceed to", "proceed and", "begin to", "done", "sure", "understood", "excellent", "got it", "yes", "fine",
    "there",
    "off they go", "here goes", "here we go", "off we go", "away we go", "away they go", "there they go",
];

#[rustfmt::skip]
pub(super) const SEAT: &[&str] = &[
    "switching to", "acting as", "speaking as", "now as", "playing", "wearing", "taking on the role of", "in the role of", "putting on",
    "stepping into", "switching hats to", "assuming the role of", "channeling", "donning", "put on", "play", "simulating", "simulate",
    "running as", "impersonating", "role playing", "roleplaying", "i become", "changing into", "posing as",
];
