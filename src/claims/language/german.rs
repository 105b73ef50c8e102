//! German. Its plain present does for the progressive: "vier Agenten laufen".

use super::Language;
use crate::claims::class::Class;

#[rustfmt::skip]
pub(super) const GERMAN: Language = Language {
    words: &[
        (Class::AGENT, &["agent", "*agent", "teamkollege"]),
        (Class::AGENT.and(Class::PLURAL), &["agenten", "*agenten", "*agents", "task aufrufe", "teamkollegen", "subagents"]),
        (
            Class::ROLE,
            &[
                "prüfer", "*prüfer", "gutachter", "forscher", "tester", "*tester", "helfer", "kundschafter", "reviewer", "spezialist",
                "autor", "kritiker", "planer", "entdecker", "*analyst", "architekt", "worker", "experte",
            ],
        ),
        (
            Class::ROLE.and(Class::PLURAL),
            &[
                "spezialisten", "experten", "autoren", "analysten", "*analysten", "architekten", "implementierer", "*entwickler",
                "rechercheure", "arbeiter", "kritiker",
            ],
        ),
        (
            Class::WORK.and(Class::PLURAL),
            &[
                "aufgaben", "stränge", "teilaufgaben", "recherchen", "untersuchungen", "analysen", "tasks", "arbeitspakete",
            ],
        ),
        (Class::GROUP, &["team", "teams"]),
        (
            Class::THING,
            &[
                "jenkins", "threads", "thread", "tokio", "celery", "ci", "datadog", "ssh", "gradle", "pods", "goroutinen", "prozesse",
                "vertrieb", "kunden", "*threads", "*prozesse", "simulation", "versicherungs*", "spiel",
            ],
        ),
        (Class::OBJECT, &["builds", "dateien", "abfragen", "anfragen", "befehle", "suchen", "jobs", "linter", "skripte"]),
        (Class::ARTEFACT, &["definitionen", "prompts", "dateien", "profile"]),
        (
            Class::BASE,
            &[
                "starten", "schicken", "losschicken", "aussenden", "beauftragen", "einsetzen", "losgeschickt werden", "anstoßen",
                "ausführen", "verteilen", "delegieren", "laufen lassen", "aufteilen", "ansetzen", "spawnen", "dispatchen", "lossenden",
                "hochfahren", "abschicken", "loslassen", "entsenden", "zuweisen", "anwerfen", "einspannen", "vergeben",
            ],
        ),
        (
            Class::SELF,
            &[
                "starte", "schicke", "sende", "beauftrage", "setze", "stoße", "verteile", "delegiere", "lasse", "spawne", "teile",
                "entsende", "dispatche", "führe", "werfe", "fahre", "starten wir", "schicken wir", "vergebe", "nutze", "verwende",
                "spanne", "übergebe",
            ],
        ),
        (
            Class::DONE,
            &[
                "gestartet", "losgeschickt", "ausgesandt", "beauftragt", "eingesetzt", "angestoßen", "verteilt", "delegiert",
                "ausgeführt", "laufen lassen", "aufgeteilt", "gespawnt", "losgelassen", "startete", "schickte", "entsandt", "geschickt",
                "angesetzt", "hochgefahren", "angeworfen", "abgeschickt", "vergeben", "eingespannt",
            ],
        ),
        (
            Class::RUNNING,
            &[
                "laufen", "arbeiten", "unterwegs", "aktiv", "prüfen", "untersuchen", "analysieren", "lesen", "durchsuchen", "schreiben",
                "läuft", "arbeitet", "sind dran", "dran", "am werk", "zugange", "testen", "suchen", "durchforsten", "erledigen", "bearbeiten", "implementieren",
                "recherchieren", "kümmern", "beschäftigt",
            ],
        ),
        (
            Class::RAN,
            &[
                "liefen", "arbeiteten", "gelaufen", "gearbeitet", "fertig", "abgeschlossen", "beendet", "geliefert", "geprüft",
                "durchsucht", "prüften", "fanden", "meldeten", "zurückgemeldet", "untersuchten", "überlappten", "zurück", "erledigt",
                "bearbeitet", "geschrieben", "untersucht", "analysiert",
            ],
        ),
        (Class::FIRST, &["ich", "wir"]),
        (Class::WILL, &["ich werde", "wir werden", "werde", "werde ich", "werden wir", "lass mich", "lasst uns", "lass uns"]),
        (Class::HAVE, &["habe", "haben", "hat", "hatte", "ich habe"]),
        (Class::BE, &["sind", "ist", "waren", "wurden", "werden", "war"]),
        (Class::NOW, &["jetzt", "nun", "gerade", "derzeit", "momentan", "aktuell", "bereits", "noch"]),
        (
            Class::TOGETHER,
            &[
                "parallel", "gleichzeitig", "zugleich", "simultan", "nebeneinander", "zur gleichen zeit", "auf einmal", "zeitgleich",
                "in einer nachricht", "nebenläufig", "parallel zueinander", "im parallelbetrieb",
            ],
        ),
        (
            Class::PARALLEL,
            &[
                "parallele", "parallelen", "paralleler", "gleichzeitige", "nebenläufige", "parallelisierung", "parallelbetrieb",
                "parallelität", "parallelarbeit",
            ],
        ),
        (Class::NOT, &["nicht", "kein", "keine", "keinen", "keiner", "keines", "nie", "niemals", "ohne", "weder"]),
        (
            Class::MODAL,
            &[
                "kann", "können", "könnte", "könnten", "sollte", "sollten", "soll", "sollen", "würde", "würden", "dürfen", "möchte",
                "muss", "müssen", "lassen sich", "vielleicht", "könntest", "kannst", "vorschlagen", "empfehle", "schlage",
            ],
        ),
        (Class::CONDITION, &["wenn", "falls", "sofern", "ob", "vorausgesetzt"]),
        (Class::LATER, &["sobald", "nachdem", "danach"]),
        (Class::ASK, &["soll ich", "möchtest du", "willst du", "darf ich", "sollen wir"]),
        (Class::CONTRAST, &["statt", "anstatt", "anstelle", "im gegensatz"]),
        (Class::INTENT, &["wollte", "hatte vor", "war versucht", "hätte", "hätten", "wäre", "plante"]),
        (Class::YOU, &["du", "sie sollten", "man", "ihr"]),
        (Class::OTHERS, &["das skript", "das werkzeug", "der orchestrator", "das programm", "das framework", "der befehl", "kollege", "kollegin", "dein kollege", "andere sitzung", "cursor", "kollegen", "dein team"]),
        (Class::DOCUMENT, &["doku", "dokumentation", "readme", "anleitung", "handbuch", "artikel", "leitfaden"]),
        (Class::SAYS, &[
            "beschreibt", "sagt", "sagte", "behauptete", "behauptet", "erklärt", "steht", "geschrieben", "gesagt", "sagen",
        ]),
        (
            Class::SERIAL,
            &[
                "nacheinander", "hintereinander", "sequenziell", "sequentiell", "der reihe nach", "einzeln", "seriell",
                "einer nach dem anderen", "eines nach dem anderen", "selbst",
            ],
        ),
        (Class::WHILE, &["während", "währenddessen"]),
        (Class::SPEED, &["schneller", "beschleunigung", "beschleunigt", "so schnell", "speedup"]),
        (Class::SAVED, &["gespart", "verkürzt", "statt", "gesenkt", "reduziert", "sank", "von"]),
        (Class::TIMES, &["mal", "*fach", "x", "fache", "fach", "faktor"]),
        (
            Class::PORTION,
            &[
                "in der hälfte der zeit", "der hälfte der zeit", "halbiert", "einem drittel der zeit", "doppelt so schnell",
                "einem viertel der zeit",
            ],
        ),
        (Class::UNIT, &["minuten", "stunden", "sekunden", "minute", "stunde"]),
        (Class::TEST, &["tests", "testfälle", "testsuite", "unittests"]),
        (Class::PASS, &["grün", "laufen durch", "bestehen"]),
        (Class::PASSED, &["bestanden", "erfolgreich", "durchgelaufen", "grün durchgelaufen"]),
        (Class::FAIL, &["fehlgeschlagen", "schlagen fehl", "rot", "fehlschläge"]),
        (Class::ALL, &["alle", "allen", "sämtliche", "beide"]),
        (Class::FINISHED, &["erledigt", "abgeschlossen", "fertig"]),
        (Class::MANY, &["mehrere", "mehreren", "einige", "viele", "verschiedene"]),
        (Class::SECOND, &["zweiten", "zweiter", "weiteren", "weiterer", "einen weiteren"]),
        (Class::ONE, &["ein", "einen", "eine", "einem", "einer"]),
        (Class::THE, &["die", "der", "den", "das", "diese", "meine", "dem"]),
        (Class::AND, &["und", "sowie"]),
        (
            Class::LINK,
            &[
                "für", "auf", "an", "in", "mit", "von", "zu", "durch", "über", "im", "am", "um", "an die", "dass", "damit", "weil",
                "oder", "zur", "zum", "bei", "je",
            ],
        ),
        (Class::EACH, &["pro", "jeweils", "je"]),
        (Class::PLAN, &["schritt", "phase", "option", "plan", "etappe", "variante", "stufe"]),
        (Class::REQUEST, &["bitte"]),
        (Class::THEY, &["sie"]),
        (Class::BUT, &["aber", "jedoch", "doch", "allerdings", "sondern"]),
        (Class::SEAT, &["in der rolle von", "in der rolle"]),
        (Class::WRONG, &["falsch", "unzutreffend"]),
        (Class::EARLIER, &["gestern", "letzte woche"]),
    ],
    numbers: &[
        ("zwei", 2.0), ("drei", 3.0), ("vier", 4.0), ("fünf", 5.0), ("sechs", 6.0), ("sieben", 7.0), ("acht", 8.0), ("neun", 9.0),
        ("zehn", 10.0), ("elf", 11.0), ("zwölf", 12.0), ("beide", 2.0), ("beiden", 2.0), ("ein dutzend", 12.0), ("dutzend", 12.0),
        ("ein halbes dutzend", 6.0), ("zwanzig", 20.0), ("dreißig", 30.0), ("vierzig", 40.0), ("paar", 2.0),
    ],
    hints: &[
        "ich", "die", "der", "und", "für", "jetzt", "mit", "auf", "drei", "zwei", "vier", "fünf", "agenten", "laufen", "werden", "werde",
        "habe", "sind", "alle", "gleichzeitig", "nicht", "wurden", "das", "den", "während", "starte", "haben", "schneller", "beide",
        "ist", "wir", "von", "liefen", "soll",
    ],
};
