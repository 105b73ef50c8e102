//! Portuguese.

use super::Language;
use crate::claims::class::Class;

#[rustfmt::skip]
pub(super) const PORTUGUESE: Language = Language {
    words: &[
        (Class::AGENT, &["agente", "subagente"]),
        (Class::AGENT.and(Class::PLURAL), &["agentes", "subagentes", "sub agentes", "agents", "subagents"]),
        (
            Class::ROLE,
            &[
                "revisor", "explorador", "pesquisador", "auditor", "analista", "redator", "especialista", "verificador", "testador",
            ],
        ),
        (
            Class::ROLE.and(Class::PLURAL),
            &[
                "revisores", "exploradores", "pesquisadores", "auditores", "analistas", "redatores", "especialistas", "verificadores",
                "testadores", "trabalhadores", "implementadores", "investigadores", "reviewers", "workers",
            ],
        ),
        (Class::WORK.and(Class::PLURAL), &["tarefas", "análises", "explorações", "frentes", "revisões"]),
        (Class::GROUP, &["equipe", "equipes", "equipa"]),
        (
            Class::THING,
            &[
                "jenkins", "threads", "tokio", "celery", "ci", "datadog", "ssh", "gradle", "pods", "goroutines", "vendas", "seguros",
                "simulação", "jogo", "imobiliários", "suporte", "viagens",
            ],
        ),
        (Class::OBJECT, &["arquivos", "consultas", "builds", "comandos", "jobs", "scripts", "ficheiros"]),
        (
            Class::BASE,
            &[
                "lançar", "enviar", "iniciar", "disparar", "despachar", "delegar", "distribuir", "executar", "usar", "acionar", "mandar",
                "rodar", "dividir", "colocar",
            ],
        ),
        (
            Class::SELF,
            &[
                "lanço", "envio", "inicio", "disparo", "despacho", "delego", "distribuo", "executo", "uso", "aciono", "mando", "rodo",
                "lançarei", "enviarei", "iniciarei", "dispararei", "executarei", "coloco", "divido", "usarei", "acionarei",
                "despacharei",
            ],
        ),
        (
            Class::ING,
            &[
                "lançando", "enviando", "iniciando", "disparando", "despachando", "delegando", "distribuindo", "executando", "usando",
                "acionando", "mandando", "colocando",
            ],
        ),
        (
            Class::DONE,
            &[
                "lancei", "lançado", "lançados", "enviei", "enviado", "enviados", "iniciei", "iniciado", "iniciados", "disparei",
                "disparado", "disparados", "despachei", "despachado", "deleguei", "distribuí", "executei", "executado", "executados",
                "usei", "acionei", "mandei", "rodei", "lançamos", "dividi", "coloquei", "acionados",
            ],
        ),
        (
            Class::RUNNING,
            &[
                "trabalham", "trabalhando", "rodando", "em execução", "ativos", "em andamento", "correndo", "analisando", "explorando",
                "revisando", "pesquisando", "executando", "a trabalhar", "lendo", "escrevendo", "rodam", "investigando", "a correr",
                "auditando", "testando", "examinando", "revisam", "analisam", "vasculhando",
            ],
        ),
        (
            Class::RAN,
            &[
                "trabalharam", "terminaram", "rodaram", "concluíram", "finalizaram", "revisaram", "analisaram", "exploraram",
                "terminado", "concluído", "executaram", "completaram", "pesquisaram", "voltaram", "entregaram", "auditaram", "correram",
            ],
        ),
        (Class::FIRST, &["eu", "nós"]),
        (Class::WILL, &["vou", "vamos", "deixe me", "irei"]),
        (Class::HAVE, &["tenho", "temos", "têm", "tem"]),
        (Class::BE, &["estão", "são", "está", "estavam", "foram", "estou", "estamos", "seguem", "continuam", "há"]),
        (Class::NOW, &["agora", "agora mesmo", "atualmente", "já", "neste momento", "no momento", "ainda"]),
        (
            Class::TOGETHER,
            &[
                "em paralelo", "simultaneamente", "ao mesmo tempo", "de uma vez", "concorrentemente", "paralelamente", "de uma só vez",
                "lado a lado", "de forma simultânea", "numa só mensagem", "em uma única mensagem", "juntos", "de forma paralela",
            ],
        ),
        (Class::PARALLEL, &["paralelos", "paralelo", "simultâneos", "concorrentes", "paralelas", "paralelização", "paralelismo"]),
        (Class::NOT, &["não", "nenhum", "nenhuma", "nunca", "sem", "jamais", "nem"]),
        (
            Class::MODAL,
            &[
                "posso", "pode", "podem", "poderia", "poderiam", "deveria", "deveriam", "devo", "devem", "podemos", "talvez", "sugiro",
                "proponho", "poderíamos", "recomendo",
            ],
        ),
        (Class::CONDITION, &["se", "caso", "a menos que"]),
        (Class::LATER, &["quando", "depois de", "assim que", "após", "depois que"]),
        (Class::ASK, &["quer que", "devo", "você quer", "gostaria", "posso"]),
        (Class::CONTRAST, &["em vez de", "ao invés de", "diferente de"]),
        (Class::INTENT, &["ia", "queria", "pensei em", "teria", "pretendia", "planejava", "quase"]),
        (Class::YOU, &["você", "vocês", "tu"]),
        (Class::OTHERS, &["o script", "o orquestrador", "a ferramenta", "o programa", "o comando", "o framework", "o sistema", "a função", "o plugin", "este script", "seu colega", "colega", "cursor", "sua equipe"]),
        (Class::DOCUMENT, &["documentação", "readme", "guia", "artigo", "manual"]),
        (Class::SAYS, &["diz", "disse", "descreve", "explica", "afirma", "afirmei"]),
        (
            Class::SERIAL,
            &[
                "um após o outro", "um por um", "sequencialmente", "um de cada vez", "em série", "um a um", "em sequência",
                "um atrás do outro", "um depois do outro", "eu mesmo",
            ],
        ),
        (Class::WHILE, &["enquanto", "enquanto isso"]),
        (Class::SPEED, &["mais rápido", "mais rápida", "aceleração", "mais rápidos", "mais depressa"]),
        (Class::SAVED, &["economizou", "reduziu", "caiu", "poupou", "passou de"]),
        (Class::TIMES, &["vezes", "x"]),
        (Class::PORTION, &["metade do tempo", "pela metade", "um terço do tempo"]),
        (Class::UNIT, &["minutos", "horas", "segundos", "minuto", "hora"]),
        (Class::TEST, &["testes", "tests", "suítes"]),
        (Class::PASS, &["passam", "passando", "verdes"]),
        (Class::PASSED, &["passaram", "passado", "aprovados"]),
        (Class::FAIL, &["falharam", "falham", "falhas", "falhou"]),
        (Class::ALL, &["todos", "todas", "todos os", "todas as", "cada"]),
        (Class::FINISHED, &["concluídas", "prontas", "feitas", "completas", "terminadas"]),
        (Class::MANY, &["vários", "múltiplos", "várias", "uma equipe de", "alguns", "diversos"]),
        (Class::SECOND, &["segundo", "outro", "um segundo"]),
        (Class::ONE, &["um", "uma"]),
        (Class::THE, &["os", "o", "a", "as", "meus", "estes", "esses"]),
        (Class::AND, &["e", "bem como"]),
        (
            Class::LINK,
            &[
                "para", "em", "de", "por", "com", "sobre", "do", "da", "dos", "das", "no", "na", "nos", "nas", "que", "entre", "ou", "à",
                "ao", "aos",
            ],
        ),
        (Class::EACH, &["por cada", "cada um", "cada"]),
        (Class::PLAN, &["passo", "fase", "opção", "plano", "etapa"]),
        (Class::REQUEST, &["por favor", "certifique se"]),
        (Class::THEY, &["eles"]),
        (Class::BUT, &["mas", "porém", "na verdade", "contudo"]),
        (Class::SEAT, &["no papel de", "na qualidade de", "como"]),
        (Class::WRONG, &["falso", "incorreto", "errado", "incorreta"]),
        (Class::EARLIER, &["ontem", "semana passada"]),
    ],
    numbers: &[
        ("dois", 2.0), ("duas", 2.0), ("três", 3.0), ("quatro", 4.0), ("cinco", 5.0), ("seis", 6.0), ("sete", 7.0), ("oito", 8.0),
        ("nove", 9.0), ("dez", 10.0), ("onze", 11.0), ("doze", 12.0), ("uma dúzia", 12.0), ("ambos", 2.0), ("meia dúzia", 6.0),
        ("vinte", 20.0), ("trinta", 30.0), ("quarenta", 40.0), ("um par", 2.0), ("os dois", 2.0),
    ],
    hints: &[
        "os", "o", "e", "em", "para", "três", "dois", "quatro", "cinco", "agentes", "estão", "vou", "agora", "paralelo", "de", "com",
        "todos", "ao", "mesmo", "tempo", "subagentes", "enquanto", "seis", "mais", "que", "vez", "um", "uma", "lançando", "lancei", "do",
        "da", "trabalhando", "não", "rodando", "foram", "lançar", "lanço",
    ],
};
