//! What happens in an invented session, whatever format writes it down: the same turns for every format.

use std::fmt::Write as _;

/// One turn: what a human asked for, and what the assistant did then.
pub(crate) struct Turn {
    pub(crate) prompt: String,
    pub(crate) steps: Vec<Step>,
}

/// One thing that the assistant did.
pub(crate) enum Step {
    /// It said something, in paragraphs.
    Said(String),
    /// It ran a command; what came back, and how that ended.
    Shell { command: String, output: String },
    /// It changed a file.
    Edit { path: String, before: String, after: String },
    /// It sent agents, all at once, and waited for them.
    Agents(Vec<Agent>),
}

/// An agent that was sent.
pub(crate) struct Agent {
    pub(crate) description: String,
    pub(crate) prompt: String,
    pub(crate) answer: String,
    pub(crate) seconds: usize,
}

/// What a session is full of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// As sessions are: commands and their output, edits, some words, an agent now and then.
    Ordinary,
    /// Nothing but words, most of them such as claims are made of, and none of them a claim: the recogniser's worst case.
    Words,
}

/// Sentences of every day.
const PLAIN: [&str; 12] = [
    "The pond keeps its level now that the second valve opens before the first one closes.",
    "I looked at how the seed list is loaded, and the order of its rows is that of the file.",
    "The calendar counts weeks from the first Monday, which explains the gap in January.",
    "Next I read the code that waters the beds, since the numbers come from there.",
    "That branch is never taken: the guard above it returns early for an empty shed.",
    "A tool that is lent out keeps its place on the wall, so the list stays as long as it was.",
    "The change is small: one comparison, and a name that says what it compares.",
    "What remains is the page that shows it, which still has the old label.",
    "It would be easier to follow if the two cases stood in functions of their own.",
    "The path of the greenhouse is read from the settings, not from the folder that it is in.",
    "Here the error is dropped; it should be shown with the name of the bed.",
    "The thermometer gives tenths of a degree, and the table wants whole ones.",
];

/// Sentences full of the words of claims, none of which is one.
const TELLING: [&str; 8] = [
    "Should the three agents perhaps run in parallel, or would five agents at once be too many for this shed?",
    "If you approve, two reviewers could look at the beds concurrently while the tests pass elsewhere.",
    "The build agents of the nursery run four jobs in parallel, and its worker threads are 3x faster than before.",
    "No agents were launched simultaneously, and no subagents are running in the background at this moment.",
    "You can start six explorers at the same time once all of the tasks are done and every test passes.",
    "Does the planner agent finish before the writer agents, or are all eight agents done at the same time?",
    "A pool of ten workers might process the seeds in parallel if the queue were twice as fast as it is.",
    "Whether four agents in parallel would be faster than one agent after another was never measured.",
];

/// Output of commands: what fills logs.
const OUTPUT: [&str; 6] = [
    "    let bed_{n} = Bed::new(\"{n}\", &mut shed)?; // row {n}\n",
    "src/beds/bed_{n}.rs:{n}:17: fn water(&mut self, litres: u32) -> Result<(), Dry> {\n",
    "-rw-r--r-- 1 gardener shed  {n} Feb 10 12:00 seeds/packet-{n}.toml\n",
    "  \"packet-{n}\": {\"seeds\": {n}, \"depth\": \"2 cm\", \"months\": [3, 4, 5]},\n",
    "warning: the valve `bed-{n}` is never closed\\t(line {n})\n",
    "+++ b/src/calendar/week_{n}.rs\t{n} insertions(+), 2 deletions(-)\n",
];

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides.max(1)
    }
}

fn paragraphs(dice: &mut Dice, sentences: &[&str], count: usize) -> String {
    let mut text = String::new();
    for number in 0..count {
        text.push_str(sentences[dice.throw(sentences.len())]);
        text.push_str(if number % 3 == 2 && number + 1 < count { "\n\n" } else { " " });
    }
    text.trim_end().to_owned()
}

fn output(dice: &mut Dice) -> String {
    // Most outputs are short, a few are whole files.
    let lines = match dice.throw(10) {
        0 => 200 + dice.throw(600),
        1..=3 => 20 + dice.throw(60),
        _ => 1 + dice.throw(12),
    };
    let shape = OUTPUT[dice.throw(OUTPUT.len())];
    let first = dice.throw(9000);
    let mut text = String::new();
    for line in first..first + lines {
        let _ = write!(text, "{}", shape.replace("{n}", &line.to_string()));
    }
    text.trim_end().to_owned()
}

/// One turn of a session.
pub(crate) fn turn(kind: Kind, number: usize) -> Turn {
    let mut dice = Dice(number as u64 * 7919 + 1);
    let prompt = format!("Please look at bed {number} again. {}", PLAIN[dice.throw(PLAIN.len())]);
    let steps = match kind {
        Kind::Words => (0..8).map(|_| Step::Said(paragraphs(&mut dice, &TELLING, 6))).collect(),
        Kind::Ordinary => ordinary(&mut dice, number),
    };
    Turn { prompt, steps }
}

fn ordinary(dice: &mut Dice, number: usize) -> Vec<Step> {
    let mut steps = Vec::new();
    for _ in 0..12 {
        let sentences = 1 + dice.throw(4);
        steps.push(Step::Said(paragraphs(dice, &PLAIN, sentences)));
        for _ in 0..1 + dice.throw(3) {
            let command = format!("rg --line-number 'bed_{}' src/beds", dice.throw(9000));
            steps.push(Step::Shell { command, output: output(dice) });
        }
        if dice.throw(3) == 0 {
            let path = format!("/home/dev/garden/src/beds/bed_{}.rs", dice.throw(400));
            steps.push(Step::Edit { path, before: output(dice), after: output(dice) });
        }
    }
    if number.is_multiple_of(4) {
        steps.push(Step::Said("I'll launch three agents in parallel, one for each part of the garden.".to_owned()));
        let agents = ["beds", "pond", "greenhouse"].map(|part| Agent {
            description: format!("Look at the {part}"),
            prompt: paragraphs(dice, &PLAIN, 12),
            answer: paragraphs(dice, &PLAIN, 9),
            seconds: 60 + dice.throw(60),
        });
        steps.push(Step::Agents(agents.into()));
    }
    steps.push(Step::Said(paragraphs(dice, &PLAIN, 5)));
    steps
}
