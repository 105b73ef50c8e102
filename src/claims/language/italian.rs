//! Italian.

use super::Language;
use crate::claims::class::Class;

#[rustfmt::skip]
pub(super) const ITALIAN: Language = Language {
    words: &[
        (Class::AGENT, &["agente", "subagente", "sotto agente", "sottoagente", "agent"]),
        (Class::AGENT.and(Class::PLURAL), &["agenti", "subagenti", "sotto agenti", "sottoagenti", "agents", "subagent"]),
        (
            Class::ROLE,
            &[
                "revisore", "esploratore", "ricercatore", "auditor", "analista", "redattore", "specialista", "verificatore",
                "collaudatore",
            ],
        ),
        (
            Class::ROLE.and(Class::PLURAL),
            &[
                "revisori", "esploratori", "ricercatori", "analisti", "redattori", "specialisti", "verificatori", "collaudatori",
                "esperti", "scrittori", "reviewer", "tester", "worker",
            ],
        ),
        (Class::WORK.and(Class::PLURAL), &["compiti", "attività", "analisi", "esplorazioni", "filoni", "revisioni"]),
        (Class::GROUP, &["team", "squadra", "squadre"]),
        (
            Class::THING,
            &[
                "jenkins", "thread", "tokio", "celery", "ci", "datadog", "ssh", "gradle", "pod", "goroutine", "vendite", "assicurativi",
                "simulazione", "gioco", "immobiliari", "supporto", "viaggio",
            ],
        ),
        (Class::OBJECT, &["file", "query", "build", "comandi", "job", "script", "richieste"]),
        (
            Class::BASE,
            &[
                "lanciare", "inviare", "avviare", "mandare", "delegare", "distribuire", "eseguire", "usare", "affidare", "far partire",
                "dividere",
            ],
        ),
        (
            Class::SELF,
            &[
                "lancio", "invio", "avvio", "mando", "delego", "distribuisco", "eseguo", "uso", "affido", "lancerò", "invierò",
                "avvierò", "manderò", "eseguirò", "userò", "faccio partire", "schiero", "divido", "lanciamo", "avviamo", "affiderò",
                "delegherò",
            ],
        ),
        (Class::ING, &[
            "lanciando", "inviando", "avviando", "mandando", "delegando", "distribuendo", "eseguendo", "usando", "affidando",
        ]),
        (
            Class::DONE,
            &[
                "lanciato", "lanciati", "inviato", "inviati", "avviato", "avviati", "mandato", "mandati", "delegato", "distribuito",
                "eseguito", "eseguiti", "usato", "affidato", "fatto partire", "lanciai", "suddiviso", "diviso", "schierato",
                "fatto lavorare", "fatto girare",
            ],
        ),
        (
            Class::RUNNING,
            &[
                "lavorano", "lavorando", "girano", "in esecuzione", "attivi", "in corso", "al lavoro", "girando", "analizzando",
                "esplorando", "esaminando", "cercando", "scrivendo", "leggendo", "analizzano", "esaminano", "all'opera", "controllando",
                "verificando", "stanno girando", "esplorano", "controllano", "scrivono", "leggono",
            ],
        ),
        (
            Class::RAN,
            &[
                "lavorato", "finito", "terminato", "completato", "girato", "esaminato", "esplorato", "concluso", "analizzato",
                "consegnato", "controllato", "lavorarono", "tornati", "verificato",
            ],
        ),
        (Class::FIRST, &["io", "noi", "ho", "abbiamo"]),
        (Class::WILL, &["sto per", "lascia che", "lasciami", "andrò a"]),
        (Class::HAVE, &["ho", "abbiamo", "hanno", "ha"]),
        (Class::BE, &["sono", "stanno", "sto", "è", "erano", "stati", "sono stati", "stiamo"]),
        (Class::NOW, &["ora", "adesso", "attualmente", "già", "in questo momento", "al momento", "ancora"]),
        (
            Class::TOGETHER,
            &[
                "in parallelo", "simultaneamente", "contemporaneamente", "allo stesso tempo", "insieme", "in contemporanea",
                "nello stesso momento", "fianco a fianco", "parallelamente", "in un unico messaggio", "in una volta sola",
                "tutti insieme",
            ],
        ),
        (Class::PARALLEL, &["paralleli", "parallelo", "simultanei", "concorrenti", "parallele", "parallelizzazione", "parallelismo"]),
        (Class::NOT, &["non", "nessun", "nessuno", "nessuna", "mai", "senza", "né"]),
        (
            Class::MODAL,
            &[
                "posso", "può", "possono", "potrei", "potrebbe", "potrebbero", "dovrei", "dovrebbe", "dovrebbero", "devo", "devono",
                "possiamo", "forse", "propongo", "suggerisco", "potremmo", "puoi", "consiglio",
            ],
        ),
        (Class::CONDITION, &["se", "qualora", "a meno che", "purché"]),
        (Class::LATER, &["quando", "dopo", "appena", "non appena", "una volta"]),
        (Class::ASK, &["vuoi che", "devo", "vuoi", "desidera"]),
        (Class::CONTRAST, &["invece di", "anziché", "piuttosto che", "a differenza"]),
        (Class::INTENT, &["volevo", "stavo per", "avrei", "pensavo", "avevo intenzione", "intendevo", "avremmo"]),
        (Class::YOU, &["tu", "voi", "lei"]),
        (Class::OTHERS, &["lo script", "l orchestratore", "orchestratore", "lo strumento", "il programma", "il comando", "il framework", "il sistema", "la funzione", "il plugin", "questo script", "tuo collega", "collega", "cursor", "il tuo team"]),
        (Class::DOCUMENT, &["documentazione", "readme", "guida", "articolo", "manuale"]),
        (Class::SAYS, &["dice", "detto", "descrive", "spiega", "afferma", "affermato"]),
        (
            Class::SERIAL,
            &[
                "uno dopo l'altro", "uno alla volta", "in sequenza", "sequenzialmente", "in serie", "uno per volta", "a turno",
                "uno per uno", "da solo",
            ],
        ),
        (Class::WHILE, &["mentre", "nel frattempo"]),
        (Class::SPEED, &["più veloce", "più veloci", "accelerazione", "più rapido", "più rapida", "più in fretta", "più velocemente"]),
        (Class::SAVED, &["risparmiato", "ridotto", "sceso", "passato"]),
        (Class::TIMES, &["volte", "x"]),
        (Class::PORTION, &["metà del tempo", "metà tempo", "dimezzato", "un terzo del tempo"]),
        (Class::UNIT, &["minuti", "ore", "secondi", "minuto", "ora"]),
        (Class::TEST, &["test", "suite", "prove"]),
        (Class::PASS, &["passano", "verdi", "superano"]),
        (Class::PASSED, &["passati", "superati", "passato", "superato"]),
        (Class::FAIL, &["falliti", "falliscono", "fallito", "fallimenti"]),
        (Class::ALL, &["tutti", "tutte", "tutti i", "tutti gli", "tutte le", "ogni"]),
        (Class::FINISHED, &["completati", "completate", "finiti", "terminate", "concluse", "fatte"]),
        (Class::MANY, &["diversi", "molteplici", "più", "vari", "alcuni", "un team di", "parecchi"]),
        (Class::SECOND, &["secondo", "altro", "un altro", "un secondo"]),
        (Class::ONE, &["un", "una", "uno"]),
        (Class::THE, &["i", "gli", "il", "lo", "la", "le", "miei", "questi", "l'"]),
        (Class::AND, &["e", "ed", "nonché"]),
        (
            Class::LINK,
            &[
                "per", "in", "di", "a", "da", "con", "su", "del", "della", "sul", "sulla", "nel", "nella", "che", "tra", "fra", "o",
                "al", "alla", "ai", "dei", "delle",
            ],
        ),
        (Class::EACH, &["per ogni", "ciascuno", "ognuno"]),
        (Class::PLAN, &["passo", "fase", "opzione", "piano", "passaggio"]),
        (Class::REQUEST, &["per favore", "assicurati"]),
        (Class::THEY, &["essi", "loro"]),
        (Class::BUT, &["ma", "però", "tuttavia", "in realtà"]),
        (Class::SEAT, &["nel ruolo di", "in qualità di", "come"]),
        (Class::WRONG, &["falso", "errato", "sbagliato", "inesatta"]),
        (Class::EARLIER, &["ieri", "la settimana scorsa"]),
    ],
    numbers: &[
        ("due", 2.0), ("tre", 3.0), ("quattro", 4.0), ("cinque", 5.0), ("sei", 6.0), ("sette", 7.0), ("otto", 8.0), ("nove", 9.0),
        ("dieci", 10.0), ("undici", 11.0), ("dodici", 12.0), ("una dozzina", 12.0), ("entrambi", 2.0), ("mezza dozzina", 6.0),
        ("venti", 20.0), ("trenta", 30.0), ("quaranta", 40.0), ("una coppia", 2.0), ("entrambe", 2.0), ("un paio", 2.0),
    ],
    hints: &[
        "gli", "il", "di", "e", "per", "tre", "due", "quattro", "cinque", "agenti", "stanno", "sto", "ora", "parallelo", "con", "ho",
        "tutti", "sono", "lancio", "avvio", "subagenti", "mentre", "più", "che", "contemporaneamente", "hanno", "lavorano", "adesso",
        "un", "una", "della", "non", "lavorando",
    ],
};
