//! Which words between two calls say that the first is over, or that the second comes after it.
//!
//! What is told between two calls of agents is told after the first was sent. Whether it also came back by then, only the
//! words say: "Feature A is done", "Now working on Feature B", "Next". Sentences that speak of things at once say the
//! opposite, and what is asked, denied, or lies ahead says nothing.

/// A narration is short. Of a longer text only this much is read, in bytes.
const MOST: usize = 4 * 1024;

/// Whether a text of the assistant separates what was asked for before it from what is asked for behind it.
pub(super) fn separates(text: &str) -> bool {
    let end = (0..=text.len().min(MOST)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    // Names of programs that read like words.
    let lower = text[..end].to_lowercase().replace("next.js", "nextjs").replace("next/", "nextjs/");
    // Said of the whole: nobody waited.
    if holds(&lower, NOBODY_WAITS) {
        return false;
    }
    let mut sent = false;
    lower.split_inclusive(['.', '!', '?', '\n', ';', '…', '。', '！', '？']).any(|sentence| {
        sent |= holds(sentence, SENT);
        sentence_separates(sentence, sent)
    })
}

/// Whether the assistant was about to do something when it said this: where a text ends with it, more came.
pub(super) fn goes_on(text: &str) -> bool {
    const TOOLS: &str = "Task|Agent|Explore|Plan|Bash|Read|Edit|Write|Update|Search|Grep|Glob";
    const AHEAD: &str =
        "now working on|now i'll|now i’ll|now let me|next, i'll|next, i’ll|i'll now|i’ll now|let me now|let me |moving on to";
    let text = text.trim_end();
    let line = text.rsplit('\n').next().unwrap_or_default().trim();
    let sentence = line.trim_end_matches(['.', '!']).rsplit(['.', '!', '?']).next().unwrap_or_default().trim().to_lowercase();
    text.ends_with([':', '…', '：']) || text.ends_with("...") || is_one(line, TOOLS) || starts(&sentence, AHEAD)
}

/// Words that say of what was asked for that it is at work. What comes "next" or "now" from there on comes beside it.
const SENT: &str = concat!(
    "launched|dispatched|kicked off|spun up|spawned|started the|started an|is running|are running|is at work|are at work|working on it",
    "|is working on|are working on|under way|underway|in flight|in progress|waiting for|check on|check back|as soon as|once it|once they",
    "|once |when |off and running| yet|is started|are started|was started|were started|been started|has started|have started"
);

/// Words that say that nothing is over, wherever they stand.
const NOBODY_WAITS: &str =
    concat!("without waiting|still running|still working|still at work|while it runs|while that runs|while they run", "|don't wait");

/// Words that say that things happen at once, in the languages in which claims are read.
const AT_ONCE: &str = concat!(
    "parallel|simultan|concurrent|at once|same time|meanwhile|meantime|alongside|in the background|side by side|in tandem",
    "|while |as well| both|gleichzeitig|währenddessen|nebenher|zeitgleich|paralel|al mismo tiempo|mientras|a la vez",
    "|en même temps|pendant que|en parallèle|enquanto|ao mesmo tempo|nel frattempo|mentre|contemporaneamente|並行|並列|同時",
    "|same message|same response|same turn|same batch|single message|single response|one message|one response",
    "|一斉|병렬|동시|한꺼번에|并行|并发|同时|all of them|together|also |in addition|additionally"
);

/// Words that take back that something is over or comes next: denied, possible, ahead.
const NOT_SO: &str = concat!(
    "not |n't|never|unless|would|could|should|might|until|before |once |when |whenever|as soon as|if |needs to",
    "|need to|must |wait|nicht|sobald|wenn |cuando|quand|lorsque|quando|まで|ない|때까지|하면"
);

fn holds(text: &str, list: &str) -> bool {
    list.split('|').any(|words| text.contains(words))
}

fn starts(text: &str, list: &str) -> bool {
    list.split('|').any(|words| text.trim_start().starts_with(words))
}

fn is_one(word: &str, list: &str) -> bool {
    list.split('|').any(|known| known == word)
}

/// `sent`: the text said before that what was asked for is at work.
fn sentence_separates(sentence: &str, sent: bool) -> bool {
    let words: Vec<&str> = sentence
        .split(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '\'' | '’')))
        .filter(|word| !word.is_empty())
        .collect();
    // What takes a sentence back is looked for last: most sentences say nothing of it.
    if words.last() == Some(&"too") || goes_on_sending(&words) {
        return false;
    }
    let told = !sent && comes_next(&words) || is_over(&words) || foreign(sentence, &words);
    (told && !holds(sentence, NOT_SO) || after_that(sentence, &words)) && !sentence.ends_with(['?', '？']) && !holds(sentence, AT_ONCE)
}

/// "After finishing Feature A, I'll …" is said ahead of it; "with that done" and "now that A is done" are said after it.
fn after_that(sentence: &str, words: &[&str]) -> bool {
    const WORDS: &str = concat!(
        " now that | with that done | with that out of the way | with that in place | that's done | that is done | one down ",
        "| done with that | out of the way | moving on | move on to | on to the next "
    );
    const LAST: &str = "that|done|way|place|down|on|to|next";
    words.iter().any(|word| is_one(word, LAST))
        && holds(&format!(" {} ", words.join(" ")), WORDS)
        && !holds(sentence, "not |n't|before |until|once |if |when ")
}

/// Interjections in front of what is said.
const OPENERS: &str = concat!(
    "great|good|excellent|perfect|ok|okay|alright|nice|so|and|wonderful|fantastic|awesome|right|well|all|very|super",
    "|gut|bien|parfait|perfecto"
);

/// "Now working on Feature B", "Next, …", "Then the second one", "I'll now …", "Let's continue with B", "Feature B comes next".
fn comes_next(words: &[&str]) -> bool {
    let opened = words.iter().position(|word| !is_one(word, OPENERS)).unwrap_or(0);
    let rest = &words[opened..];
    let Some(first) = rest.first() else { return false };
    let second = rest.get(1).copied().unwrap_or_default();
    let starts = match *first {
        "now" => !matches!(second, "running" | "both" | "all" | "waiting"),
        "next" => second != "to",
        "then" | "afterwards" | "afterward" | "subsequently" | "finally" | "lastly" | "proceeding" | "onward" | "thereafter" => true,
        "moving" | "continuing" | "turning" | "switching" | "shifting" | "proceed" | "continue" => {
            matches!(second, "on" | "to" | "with" | "onto" | "over")
        }
        "on" | "over" => second == "to",
        "up" => second == "next",
        "after" => matches!(second, "that" | "this"),
        "time" => matches!(second, "for" | "to"),
        _ => false,
    };
    let last = words.last().copied().unwrap_or_default();
    let now = words.windows(2).any(|pair| pair[1] == "now" && is_speaker(pair[0]) || pair[0] == "now" && is_speaker(pair[1]));
    let next = words.windows(2).any(|pair| {
        pair[1] == "next" && matches!(pair[0], "comes" | "is" | "go" | "up" | "goes")
            || pair[0] == "next" && !matches!(pair[1], "to" | "time")
    });
    let begins_now = last == "now"
        && words.iter().any(|word| matches!(*word, "starting" | "launching" | "working" | "beginning" | "start" | "launch" | "begin"));
    let goes_on = words.windows(3).any(|three| {
        matches!(three[0], "let's" | "let’s" | "me" | "i'll" | "i’ll" | "we'll" | "we’ll")
            && matches!(three[1], "continue" | "proceed" | "move")
            && matches!(three[2], "with" | "to" | "on" | "onto")
    });
    starts || now || next || goes_on || last == "next" || begins_now
}

/// "Continuing to launch the other agents" is said while they are sent.
fn goes_on_sending(words: &[&str]) -> bool {
    const GOES_ON: &str = "continue|continuing|proceed|proceeding|keep|still|go";
    const SENDING: &str = "launch|launching|dispatch|dispatching|spawn|spawning|send|sending|start|starting|kick|kicking";
    words.windows(3).any(|three| is_one(three[0], GOES_ON) && is_one(three[1], "to|with|on|by") && is_one(three[2], SENDING))
}

/// "I'll now", "let me now", "now I'll": who acts next.
fn is_speaker(word: &str) -> bool {
    matches!(word, "i" | "i'll" | "i’ll" | "i'm" | "i’m" | "me" | "let" | "let's" | "let’s" | "we" | "we'll" | "we’ll" | "will" | "can")
}

/// "Feature A is done", "STEP 1 COMPLETE", "The agent found three callers", "I now have the results".
fn is_over(words: &[&str]) -> bool {
    let ahead = |index: usize| {
        words[..index].iter().any(|word| {
            matches!(*word, "will" | "to" | "let" | "let's" | "let’s" | "please" | "be" | "can" | "may")
                || word.ends_with("'ll")
                || word.ends_with("’ll")
        })
    };
    words.iter().enumerate().any(|(index, word)| {
        let before = index.checked_sub(1).and_then(|at| words.get(at)).copied().unwrap_or_default();
        let last = index + 1 == words.len();
        let over = match *word {
            "ready" if is_state(before) => !matches!(words.get(index + 1), Some(&("to" | "for"))),
            "done" | "complete" | "over" | "finalized" | "in" if is_state(before) => {
                *word != "in" || last || words.get(index + 1) == Some(&"place")
            }
            "back" => matches!(before, "is" | "are" | "came" | "comes" | "come") && words.get(index + 1) != Some(&"to"),
            "done" | "complete" => last || matches!(words.get(index + 1), Some(&("now" | "and" | "so" | "with"))) && is_state(before),
            "completed" | "finished" | "finishes" | "returned" | "concluded" => !before.is_empty() || last,
            "found" | "reported" | "identified" | "revealed" | "reveals" | "shows" | "delivered" | "produced" | "confirmed"
            | "confirms" | "implemented" => words[..index].iter().any(|word| is_actor(word)),
            "results" | "findings" | "report" => {
                words[..index].windows(2).any(|pair| matches!(pair, ["based", "on"] | ["now", "have"] | ["have", "the"]))
            }
            "have" => before == "now",
            _ => false,
        };
        // "A is done by agent one" tells who does it.
        over && !ahead(index) && words.get(index + 1) != Some(&"by") && !is_of_the_main_thread(&words[..index])
    })
}

/// "The plan is", "the build has been": what is over there was hardly an agent's work.
fn is_of_the_main_thread(words: &[&str]) -> bool {
    const OWN: &str = concat!(
        "plan|plans|planning|build|setup|preparation|preparations|prep|explanation|list|todo|todos|checklist|branch|worktree|commit",
        "|merge|install|installation|overview|outline|breakdown"
    );
    let subject = words.iter().rev().find(|word| !is_state(word));
    subject.is_some_and(|word| is_one(word, OWN))
}

fn is_state(word: &str) -> bool {
    matches!(
        word,
        "is" | "are"
            | "was"
            | "were"
            | "now"
            | "been"
            | "has"
            | "have"
            | "all"
            | "fully"
            | "successfully"
            | "it's"
            | "it’s"
            | "that's"
            | "that’s"
    ) || word.chars().all(|letter| letter.is_ascii_digit())
}

fn is_actor(word: &str) -> bool {
    const ACTORS: &str = "agent|subagent|agents|analysis|exploration|research|review|explorer|reviewer|investigation|audit|it";
    is_one(word, ACTORS)
}

/// The same in the other languages: what stands first, and what says that something is over.
fn foreign(sentence: &str, words: &[&str]) -> bool {
    const FIRST: &str = concat!(
        "nun|jetzt|danach|anschließend|dann|zunächst|ahora|luego|después|siguiente|maintenant|ensuite|puis|passons|agora",
        "|depois|próximo|ora|adesso|poi|passiamo|weiter|sigo|passo|seguo|paso|je|proseguo"
    );
    const FIRST_TWO: &str = "als nächstes|a continuación|em seguida|je passe|weiter mit|a seguir";
    const OVER: &str = concat!(
        "ist fertig|ist abgeschlossen|ist erledigt|sind fertig|wurde abgeschlossen|está completo|está completa|está listo",
        "|está lista|terminado|terminada|completado|completada|est terminé|est fini|sont terminés|concluíd|está pronto",
        "|está pronta|è completat|è finit|è pront|が完了|が終わ|완료되었|已完成"
    );
    const EAST: &str = "次に|次は|続いて|続けて|それでは|다음으로|다음은|이제 |接下来|现在|然后|下一步";
    let first = words.first().copied().unwrap_or_default();
    is_one(first, FIRST) && !matches!(first, "je" | "zunächst")
        || starts(sentence, FIRST_TWO)
        || !sentence.is_ascii() && starts(sentence, EAST)
        || (!sentence.is_ascii()
            || is_one(words.last().copied().unwrap_or_default(), "fertig|abgeschlossen|erledigt|terminado|terminada|completado|completada"))
            && (holds(sentence, OVER) || sentence.contains("完成了"))
}

#[cfg(test)]
mod tests;
