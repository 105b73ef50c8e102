//! Spanish.

use super::Language;
use crate::claims::class::Class;

#[rustfmt::skip]
pub(super) const SPANISH: Language = Language {
    words: &[
        (Class::AGENT, &["agente", "subagente"]),
        (Class::AGENT.and(Class::PLURAL), &["agentes", "subagentes", "compañeros", "sub agentes", "subagents", "agents"]),
        (
            Class::ROLE,
            &[
                "revisor", "explorador", "investigador", "auditor", "analista", "redactor", "especialista", "verificador", "probador",
                "experto", "arquitecto",
            ],
        ),
        (
            Class::ROLE.and(Class::PLURAL),
            &[
                "revisores", "exploradores", "investigadores", "auditores", "analistas", "redactores", "especialistas", "verificadores",
                "probadores", "expertos", "trabajadores", "implementadores", "escritores", "reviewers", "workers",
            ],
        ),
        (Class::WORK.and(Class::PLURAL), &["tareas", "análisis", "exploraciones", "líneas", "revisiones", "investigaciones"]),
        (Class::GROUP, &["equipo", "equipos"]),
        (
            Class::THING,
            &[
                "jenkins", "hilos", "tokio", "celery", "ci", "datadog", "ssh", "gradle", "pods", "goroutines", "ventas", "seguros",
                "simulación", "juego", "inmobiliarios", "soporte", "viajes",
            ],
        ),
        (Class::OBJECT, &["archivos", "consultas", "builds", "comandos", "jobs", "scripts", "peticiones"]),
        (
            Class::BASE,
            &[
                "lanzar", "enviar", "iniciar", "desplegar", "despachar", "delegar", "repartir", "ejecutar", "usar", "poner", "mandar",
                "arrancar", "dividir", "asignar", "distribuir", "lanzarlos",
            ],
        ),
        (
            Class::SELF,
            &[
                "lanzo", "envío", "inicio", "despliego", "despacho", "delego", "reparto", "ejecuto", "uso", "pongo", "mando", "arranco",
                "lanzaré", "enviaré", "iniciaré", "desplegaré", "ejecutaré", "usaré", "lanzamos", "pondré", "mandaré", "divido",
                "asigno", "distribuyo", "delegaré", "repartiré", "arrancaré", "despacharé",
            ],
        ),
        (
            Class::ING,
            &[
                "lanzando", "enviando", "iniciando", "desplegando", "despachando", "delegando", "repartiendo", "ejecutando", "usando",
                "arrancando", "mandando", "distribuyendo", "poniendo",
            ],
        ),
        (
            Class::DONE,
            &[
                "lancé", "lanzado", "lanzados", "envié", "enviado", "enviados", "inicié", "iniciado", "iniciados", "desplegué",
                "desplegado", "desplegados", "despaché", "despachado", "delegué", "delegado", "repartí", "repartido", "ejecuté",
                "ejecutado", "ejecutados", "usé", "mandé", "arranqué", "arrancado", "puse", "distribuí", "distribuido", "dividí",
                "usado", "lanzaron", "asigné", "asignado",
            ],
        ),
        (
            Class::RUNNING,
            &[
                "trabajan", "trabajando", "corriendo", "en marcha", "activos", "ejecutándose", "en curso", "corren", "analizando",
                "explorando", "revisando", "buscando", "investigando", "leyendo", "escribiendo", "revisan", "analizan", "exploran",
                "en ejecución", "investigan", "auditando", "probando", "se ejecutan", "recorriendo", "examinando", "inspeccionando",
            ],
        ),
        (
            Class::RAN,
            &[
                "trabajaron", "terminaron", "corrieron", "terminado", "trabajado", "finalizaron", "completaron", "revisaron",
                "analizaron", "exploraron", "se ejecutaron", "finalizado", "acabaron", "acabado", "investigaron", "devolvieron",
                "completado", "auditaron", "examinaron", "revisado",
            ],
        ),
        (Class::FIRST, &["yo", "nosotros", "he", "hemos"]),
        (Class::WILL, &["voy a", "vamos a", "déjame", "permíteme"]),
        (Class::HAVE, &["he", "hemos", "han", "ha", "tengo", "tenemos"]),
        (Class::BE, &["están", "son", "está", "estaban", "fueron", "estoy", "estamos", "siguen", "hay"]),
        (Class::NOW, &["ahora", "ahora mismo", "actualmente", "ya", "en este momento", "todavía"]),
        (
            Class::TOGETHER,
            &[
                "en paralelo", "simultáneamente", "al mismo tiempo", "a la vez", "concurrentemente", "de forma simultánea",
                "paralelamente", "de una vez", "de manera simultánea", "lado a lado", "en un solo mensaje", "de forma paralela",
                "juntos",
            ],
        ),
        (
            Class::PARALLEL,
            &[
                "paralelos", "paralelo", "simultáneos", "concurrentes", "paralelas", "paralelización", "paralelismo", "simultáneas",
            ],
        ),
        (Class::NOT, &["no", "ningún", "ninguno", "ninguna", "nunca", "sin", "tampoco", "jamás"]),
        (
            Class::MODAL,
            &[
                "puedo", "puede", "pueden", "podría", "podrían", "podríamos", "debería", "deberían", "debo", "deben", "podemos",
                "quizás", "quizá", "propongo", "sugiero", "puedes", "recomiendo", "conviene",
            ],
        ),
        (Class::CONDITION, &["si", "en caso de", "siempre que", "a menos que"]),
        (Class::LATER, &["cuando", "una vez", "después de", "en cuanto", "tras"]),
        (Class::ASK, &["quieres que", "debo", "quieres", "te gustaría", "desea"]),
        (Class::CONTRAST, &["en lugar de", "en vez de", "a diferencia de"]),
        (Class::INTENT, &[
            "iba a", "quería", "pensaba", "habría", "pensé en", "planeaba", "hubiera", "estuve a punto de", "tenía pensado",
        ]),
        (Class::YOU, &["tú", "usted", "ustedes"]),
        (Class::OTHERS, &["el script", "el orquestador", "la herramienta", "el programa", "el comando", "el framework", "el sistema", "la función", "el plugin", "este script", "tu colega", "colega", "compañero de trabajo", "cursor", "tu equipo", "tu compañero"]),
        (Class::DOCUMENT, &["documentación", "readme", "guía", "artículo", "manual"]),
        (Class::SAYS, &["dice", "dije", "describe", "explica", "afirma", "afirmé", "indica"]),
        (
            Class::SERIAL,
            &[
                "uno tras otro", "uno por uno", "secuencialmente", "uno a uno", "en serie", "uno detrás de otro", "por turnos",
                "sucesivamente", "en secuencia", "una tras otra", "yo mismo",
            ],
        ),
        (Class::WHILE, &["mientras", "mientras tanto"]),
        (Class::SPEED, &["más rápido", "más rápida", "aceleración", "más rápidos", "más deprisa", "aceleró"]),
        (Class::SAVED, &["ahorró", "redujo", "ahorrado", "pasó de", "bajó", "reducido"]),
        (Class::TIMES, &["veces", "x"]),
        (Class::PORTION, &["la mitad del tiempo", "el doble de rápido", "a la mitad", "un tercio del tiempo"]),
        (Class::UNIT, &["minutos", "horas", "segundos", "minuto", "hora"]),
        (Class::TEST, &["pruebas", "tests", "suites", "suite"]),
        (Class::PASS, &["pasan", "en verde", "verdes"]),
        (Class::PASSED, &["pasaron", "pasado", "superadas", "aprobaron"]),
        (Class::FAIL, &["fallaron", "fallan", "fallos", "fallado", "falla"]),
        (Class::ALL, &["todos", "todas", "todos los", "todas las", "cada"]),
        (Class::FINISHED, &["completadas", "terminadas", "hechas", "completas", "finalizadas", "listas"]),
        (Class::MANY, &["varios", "múltiples", "varias", "un equipo de", "algunos", "distintos"]),
        (Class::SECOND, &["segundo", "otro", "un segundo"]),
        (Class::ONE, &["un", "una", "uno"]),
        (Class::THE, &["los", "el", "la", "las", "mis", "estos", "sus", "unos"]),
        (Class::AND, &["y", "e", "así como"]),
        (Class::LINK, &["para", "en", "de", "a", "por", "con", "sobre", "del", "al", "que", "entre", "o", "desde", "contra"]),
        (Class::EACH, &["por cada", "cada uno", "cada"]),
        (Class::PLAN, &["paso", "fase", "opción", "plan", "etapa"]),
        (Class::REQUEST, &["por favor", "asegúrate", "recuerda"]),
        (Class::THEY, &["ellos", "los cuales"]),
        (Class::BUT, &["pero", "sin embargo", "en realidad", "aunque"]),
        (Class::SEAT, &["en el papel de", "en calidad de", "como"]),
        (Class::WRONG, &["falso", "incorrecto", "inexacto", "equivocado"]),
        (Class::EARLIER, &["ayer", "la semana pasada"]),
    ],
    numbers: &[
        ("dos", 2.0), ("tres", 3.0), ("cuatro", 4.0), ("cinco", 5.0), ("seis", 6.0), ("siete", 7.0), ("ocho", 8.0), ("nueve", 9.0),
        ("diez", 10.0), ("once", 11.0), ("doce", 12.0), ("una docena", 12.0), ("ambos", 2.0), ("media docena", 6.0), ("un par", 2.0),
        ("veinte", 20.0), ("treinta", 30.0), ("cuarenta", 40.0), ("los dos", 2.0), ("ambas", 2.0),
    ],
    hints: &[
        "los", "el", "la", "las", "y", "en", "para", "tres", "dos", "cuatro", "cinco", "agentes", "están", "voy", "lanzo", "ahora",
        "paralelo", "de", "con", "he", "todos", "al", "mismo", "tiempo", "subagentes", "mientras", "seis", "más", "que", "vez", "cada",
        "un", "una", "lanzado", "lancé", "del", "trabajando",
    ],
};
