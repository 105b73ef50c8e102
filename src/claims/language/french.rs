//! French.

use super::Language;
use crate::claims::class::Class;

#[rustfmt::skip]
pub(super) const FRENCH: Language = Language {
    words: &[
        (Class::AGENT, &["agent", "sous agent", "subagent"]),
        (Class::AGENT.and(Class::PLURAL), &["agents", "sous agents", "subagents", "coéquipiers", "agentes", "appels task"]),
        (
            Class::ROLE,
            &[
                "relecteur", "explorateur", "testeur", "chercheur", "auditeur", "analyste", "rédacteur", "spécialiste", "vérificateur",
                "architecte", "expert",
            ],
        ),
        (
            Class::ROLE.and(Class::PLURAL),
            &[
                "relecteurs", "explorateurs", "testeurs", "chercheurs", "auditeurs", "analystes", "rédacteurs", "spécialistes",
                "vérificateurs", "réviseurs", "éclaireurs", "experts", "développeurs", "reviewers", "workers",
            ],
        ),
        (Class::WORK.and(Class::PLURAL), &["tâches", "analyses", "explorations", "pistes", "revues", "chantiers", "recherches"]),
        (Class::GROUP, &["équipe", "équipes"]),
        (
            Class::THING,
            &[
                "jenkins", "threads", "tokio", "celery", "ci", "datadog", "ssh", "gradle", "pods", "goroutines", "commerciaux", "vente",
                "assurance", "simulation", "jeu", "voyage", "immobiliers", "fils",
            ],
        ),
        (Class::OBJECT, &["fichiers", "requêtes", "builds", "commandes", "jobs", "scripts"]),
        (
            Class::BASE,
            &[
                "lancer", "envoyer", "démarrer", "déployer", "dispatcher", "déléguer", "répartir", "confier", "mobiliser", "exécuter",
                "utiliser", "faire tourner", "déclencher", "dépêcher", "lance", "envoie", "démarre", "déploie", "délègue", "répartis",
                "confie", "mobilise", "exécute", "utilise", "déclenche", "dépêche", "distribue", "distribuer", "lançons", "partage",
                "fais tourner",
            ],
        ),
        (
            Class::DONE,
            &[
                "lancé", "lancés", "lancées", "envoyé", "envoyés", "démarré", "démarrés", "déployé", "déployés", "délégué", "réparti",
                "réparties", "confié", "mobilisé", "exécuté", "exécutés", "fait tourner", "déclenché", "dépêché", "dépêchés",
                "distribué", "utilisé", "partagé", "lançai",
            ],
        ),
        (
            Class::RUNNING,
            &[
                "tournent", "travaillent", "en cours", "actifs", "à l'œuvre", "s'exécutent", "en train", "au travail", "analysent",
                "explorent", "examinent", "parcourent", "relisent", "œuvrent", "cherchent", "rédigent", "fouillent", "lisent",
                "vérifient", "testent", "tourne", "s'occupent", "étudient",
            ],
        ),
        (
            Class::RAN,
            &[
                "ont tourné", "ont travaillé", "ont terminé", "terminé", "tourné", "travaillé", "fini", "ont rendu", "ont exploré",
                "ont analysé", "exploré", "analysé", "examiné", "rendu", "relu", "s'est terminé", "revenus", "vérifié", "parcouru",
                "achevé", "audité", "fouillé",
            ],
        ),
        (Class::FIRST, &["je", "j'", "nous", "on"]),
        (Class::WILL, &["je vais", "nous allons", "on va", "vais", "laissez moi", "laisse moi", "allons"]),
        (Class::HAVE, &["ai", "avons", "ont", "a"]),
        (Class::BE, &["sont", "est", "étaient", "ont été", "été", "suis"]),
        (Class::NOW, &["maintenant", "actuellement", "en ce moment", "désormais", "déjà", "à présent", "encore", "toujours"]),
        (
            Class::TOGETHER,
            &[
                "en parallèle", "simultanément", "en même temps", "à la fois", "parallèlement", "côte à côte", "de front", "d'un coup",
                "d'un seul coup", "concurremment", "en un seul message", "ensemble", "d'un même élan",
            ],
        ),
        (Class::PARALLEL, &["parallèles", "parallèle", "simultanés", "concurrents", "parallélisation", "parallélisme", "simultanées"]),
        (Class::NOT, &["ne", "n'", "pas", "aucun", "aucune", "jamais", "sans", "ni"]),
        (
            Class::MODAL,
            &[
                "peux", "peut", "peuvent", "pourrais", "pourrait", "pourraient", "pourrions", "devrais", "devrait", "devraient", "dois",
                "doit", "pouvons", "pourrez", "pouvez", "propose", "suggère", "peut être", "recommande", "doivent",
            ],
        ),
        (Class::CONDITION, &["si", "s'", "à condition", "au cas où"]),
        (Class::LATER, &["dès que", "une fois que", "quand", "lorsque", "après", "une fois"]),
        (Class::ASK, &["dois je", "voulez vous", "veux tu", "est ce que", "souhaitez vous", "faut il", "puis je"]),
        (Class::CONTRAST, &["au lieu de", "au lieu d'", "plutôt que", "contrairement"]),
        (
            Class::INTENT,
            &[
                "allais", "voulais", "avais prévu", "aurais", "aurait", "pensais", "failli", "comptais", "envisageais", "aurions",
            ],
        ),
        (Class::YOU, &["vous", "tu"]),
        (Class::OTHERS, &["le script", "orchestrateur", "le programme", "la commande", "le framework", "le système", "la fonction", "ce script", "collègue", "votre collègue", "cursor", "ton collègue", "collègues", "votre équipe"]),
        (Class::DOCUMENT, &["documentation", "doc", "readme", "guide", "article", "manuel"]),
        (Class::SAYS, &["dit", "décrit", "explique", "affirme", "prétend", "indique", "affirmé", "annoncé"]),
        (
            Class::SERIAL,
            &[
                "l'un après l'autre", "les uns après les autres", "un par un", "séquentiellement", "à la suite", "en série",
                "successivement", "un à un", "tour à tour", "l'un à la suite de l'autre", "après l'autre", "moi même",
            ],
        ),
        (Class::WHILE, &["pendant que", "tandis que", "pendant ce temps"]),
        (Class::SPEED, &["plus rapide", "plus vite", "accélération", "plus rapides", "accéléré", "gain", "plus rapidement"]),
        (Class::SAVED, &["gagné", "économisé", "réduit", "passé de", "passé"]),
        (Class::TIMES, &["fois", "x"]),
        (Class::PORTION, &["deux fois moins de temps", "moitié moins de temps", "divisé par deux", "la moitié du temps"]),
        (Class::UNIT, &["minutes", "heures", "secondes", "minute", "heure"]),
        (Class::TEST, &["tests", "suite", "suites"]),
        (Class::PASS, &["passent", "verts", "au vert", "réussissent"]),
        (Class::PASSED, &["passés", "réussi", "réussis", "sont passés", "ont réussi"]),
        (Class::FAIL, &["échoué", "échouent", "échecs", "rouge"]),
        (Class::ALL, &["tous", "toutes", "tous les", "toutes les", "chaque"]),
        (Class::FINISHED, &["terminées", "terminés", "accomplies", "finies", "achevées"]),
        (Class::MANY, &["plusieurs", "divers", "une équipe de", "différents", "quelques"]),
        (Class::SECOND, &["deuxième", "second", "un autre", "un deuxième", "un second", "autre"]),
        (Class::ONE, &["un", "une"]),
        (Class::THE, &["les", "le", "la", "l'", "des", "mes", "nos", "ces", "cette", "ce", "mon"]),
        (Class::AND, &["et", "ainsi que"]),
        (
            Class::LINK,
            &[
                "pour", "sur", "dans", "de", "d'", "à", "aux", "au", "du", "par", "avec", "en", "que", "qui", "entre", "ou", "chez",
                "afin", "chacun", "vers",
            ],
        ),
        (Class::EACH, &["par", "chacun", "chaque"]),
        (Class::PLAN, &["étape", "phase", "option", "plan"]),
        (Class::REQUEST, &["veuillez", "merci de", "s'il vous plaît", "assurez vous"]),
        (Class::THEY, &["ils", "elles", "eux"]),
        (Class::BUT, &["mais", "cependant", "toutefois", "en réalité", "en fait", "pourtant"]),
        (Class::SEAT, &["en tant que", "en tant qu'", "dans le rôle"]),
        (Class::WRONG, &["faux", "inexact", "incorrect", "fausse"]),
        (Class::EARLIER, &["hier", "la semaine dernière"]),
    ],
    numbers: &[
        ("deux", 2.0), ("trois", 3.0), ("quatre", 4.0), ("cinq", 5.0), ("six", 6.0), ("sept", 7.0), ("huit", 8.0), ("neuf", 9.0),
        ("dix", 10.0), ("onze", 11.0), ("douze", 12.0), ("une douzaine", 12.0), ("les deux", 2.0), ("une demi douzaine", 6.0),
        ("vingt", 20.0), ("trente", 30.0), ("quarante", 40.0), ("une dizaine", 10.0), ("une paire", 2.0),
    ],
    hints: &[
        "je", "j'", "les", "le", "la", "des", "en", "et", "pour", "trois", "deux", "quatre", "cinq", "parallèle", "vais", "lance",
        "maintenant", "ont", "sont", "sur", "dans", "agents", "tous", "été", "une", "du", "ai", "pas", "même", "temps", "de", "pendant",
        "tournent", "fois",
    ],
};
