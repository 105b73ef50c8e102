//! English nouns.

#[rustfmt::skip]
pub(super) const AGENT: &[&str] = &[
    "agent", "subagent", "sub agent", "teammate", "task call", "agent call", "agent run", "claude instance", "agent task",
    "subtask agent", "background agent", "agent session", "agent worker", "agent instance", "agent dispatch", "explore agent",
    "codex worker", "claude session",
    "explore task",
];

#[rustfmt::skip]
pub(super) const AGENTS: &[&str] = &[
    "agents", "subagents", "sub agents", "teammates", "task calls", "task tool calls", "task tool invocations", "task invocations",
    "agent calls", "agent tool calls", "agent runs", "agent invocations", "agent dispatches", "agent tasks", "subtask agents",
    "claude instances", "claudes", "instances of claude", "agent sessions", "agent workers", "agent instances", "claude sessions",
    "sub tasks agents", "agent threads", "task agents", "task subagents", "agent jobs", "agent teams", "dispatches", "task spawns",
    "agent launches", "minions",
    "explore tasks",
];

#[rustfmt::skip]
pub(super) const ROLE: &[&str] = &[
    "explorer", "reviewer", "researcher", "implementer", "implementor", "worker", "specialist", "auditor", "analyst", "writer", "tester",
    "scout", "critic", "planner", "architect", "designer", "expert", "builder", "coder", "fixer", "checker", "validator", "investigator",
    "debugger", "helper", "assistant", "delegate", "advisor", "adviser", "verifier", "searcher", "mapper", "refactorer", "migrator",
    "documenter", "synthesizer", "summarizer", "evaluator", "inspector", "surveyor", "drafter", "editor", "translator", "judge",
    "examiner", "engineer", "developer", "coordinator", "orchestrator", "responder", "hunter", "sleuth", "librarian", "cartographer",
    "proofreader", "triager", "archaeologist", "detective", "annotator", "grader", "benchmarker", "scribe", "red teamer", "curator",
];

#[rustfmt::skip]
pub(super) const ROLES: &[&str] = &[
    "explorers", "reviewers", "researchers", "implementers", "implementors", "workers", "specialists", "auditors", "analysts", "writers",
    "testers", "scouts", "critics", "planners", "architects", "designers", "experts", "builders", "coders", "fixers", "checkers",
    "validators", "investigators", "debuggers", "helpers", "assistants", "delegates", "advisors", "advisers", "verifiers", "searchers",
    "mappers", "refactorers", "migrators", "documenters", "synthesizers", "summarizers", "evaluators", "inspectors", "surveyors",
    "drafters", "editors", "translators", "judges", "examiners", "engineers", "developers", "coordinators", "orchestrators",
    "responders", "hunters", "sleuths", "librarians", "cartographers", "proofreaders", "triagers", "archaeologists", "detectives",
    "annotators", "graders", "benchmarkers", "scribes", "red teamers", "curators",
];

#[rustfmt::skip]
pub(super) const WORK: &[&str] =
    &[
        "task", "track", "analysis", "exploration", "review", "workstream", "investigation", "lane", "research", "work package",
    ];

#[rustfmt::skip]
pub(super) const WORKS: &[&str] = &[
    "tasks", "tracks", "analyses", "explorations", "reviews", "workstreams", "work streams", "investigations", "lanes", "subtasks",
    "audits", "sub tasks", "work packages", "explores", "research tracks", "missions", "threads of work", "implementations",
    "assignments",
];

/// Groups of agents: with "of agents" they are many, alone they are a team.
#[rustfmt::skip]
pub(super) const GROUP: &[&str] = &["team", "teams", "squad", "crew", "fleet", "swarm", "review team", "panel"];

/// What goes before (or does) "agents" and "workers" that are no coding agents.
#[rustfmt::skip]
pub(super) const THING: &[&str] = &[
    "jenkins", "datadog", "ssh", "celery", "tokio", "sidekiq", "gunicorn", "uvicorn", "puma", "kubernetes", "k8s", "goroutine",
    "goroutines", "thread", "threads", "thread pool", "threadpool", "rayon", "web worker", "web workers", "service worker",
    "service workers", "npc", "npcs", "simulation", "simulated", "sales", "support", "customer", "call center", "insurance", "travel",
    "real estate", "estate", "buildkite", "gitlab", "teamcity", "azure", "ci", "gradle", "maven", "bazel", "pytest", "jest", "vitest",
    "playwright", "selenium", "xdist", "pod", "pods", "node", "nodes", "cluster", "queue", "spark", "dask", "ray", "airflow",
    "multiprocessing", "process pool", "kafka", "rabbitmq", "zabbix", "prometheus", "newrelic", "new relic", "splunk", "puppet", "chef",
    "ansible", "nomad", "consul", "vault", "telegraf", "fluentd", "monitoring", "user agents", "user agent", "browser", "browsers",
    "container", "containers", "docker", "github actions", "actions runner", "game", "enemy", "enemies", "physics", "unity", "unreal",
    "boids", "boid", "reinforcement", "rl", "trading", "warehouse", "human", "humans", "freelance", "freelancers", "employees", "staff",
    "contractors", "postgres", "database", "redis", "nginx", "apache", "php", "cpu", "gpu", "cores", "core", "openmp", "mpi", "cargo",
    "rustc", "make", "ninja", "webpack", "esbuild", "turbo", "turborepo", "nx", "resque", "bullmq", "bull", "temporal", "lambda",
    "cloud run", "cron", "systemd", "daemon", "daemons", "actor", "actors", "erlang", "elixir", "akka", "async", "asyncio", "coroutine",
    "coroutines", "futures", "promise", "promises", "future", "executor", "pipeline", "pipelines", "workflow run", "matrix", "hpc",
    "slurm", "load test", "k6", "locust", "virtual", "crowd", "pedestrian", "traffic", "bidding", "field", "delivery", "chat", "voice",
    "ticket", "booking", "gp", "police", "secret", "literary", "chemical", "cleaning", "binding", "blocking", "reducing",
    "sessions of the database", "http", "tcp", "socket", "sockets", "connection", "connections", "worker thread", "worker threads",
    "worker pool", "worker process", "worker processes", "scheduler", "tokenizer", "hikari", "hangfire", "solid queue", "good job",
    "freertos", "rtos", "zephyr", "interrupt", "isr", "firmware task", "os", "kernel",
    "build agent", "build agents", "chess", "poker", "trained", "dqn", "ppo", "robot", "robots", "robotic", "drone", "drones", "leasing",
    "shipping", "undercover", "federal", "fbi", "antiviral", "antimicrobial", "nerve", "thickening", "foaming", "curing", "bleaching",
    "snmp", "otel", "opentelemetry", "wazuh", "contact center", "help desk", "service desk", "airline", "mortgage", "self hosted",
    "hosted", "mobile", "beauty",
    "foreman", "pm2", "supervisord", "honcho", "overmind", "hypercorn", "rspec", "phpunit", "junit", "nextest", "luigi", "prefect",
    "dagster", "faktory", "oban", "huey", "dramatiq", "rq", "sqs", "nats", "cloudflare", "docker compose", "emulator", "emulators",
];

/// What may happen in parallel without any agent.
#[rustfmt::skip]
pub(super) const OBJECT: &[&str] = &[
    "type checker", "typechecker", "spell checker", "link checker", "test runner", "task runner", "code generator", "type checkers",
    "test runners", "bundler", "formatter", "builds", "build", "queries", "query", "files", "file", "searches", "search", "greps",
    "linters", "lint", "linter", "requests", "downloads", "uploads", "jobs", "job", "commands", "command", "processes", "process",
    "instances", "instance", "servers", "checks", "fetches", "reads", "edits", "migrations", "compilations", "lines", "scripts",
    "script", "benchmarks", "calls", "tool calls", "targets", "simulations", "animations", "endpoints", "shards", "typecheck", "suite",
    "suites",
];

#[rustfmt::skip]
pub(super) const ARTEFACT: &[&str] = &[
    "profile", "profiles", "definition", "definitions", "prompt", "prompts", "file", "files", "config", "configs", "configuration",
    "configurations", "framework", "frameworks", "sdk", "loop", "loops", "event", "events", "list", "lists", "name", "names", "memory",
    "registry", "type", "types", "report", "reports", "results", "result", "transcript", "transcripts", "output", "outputs",
    "instructions", "instruction", "code", "tool", "tools", "api", "apis", "class", "classes", "module", "modules", "function",
    "functions", "template", "templates", "description", "descriptions", "skill", "skills", "settings", "schema", "schemas", "test",
    "tests", "manager", "pool", "pools", "thread", "threads", "queue", "comments", "comment", "feedback", "notes", "mode", "modes",
    "model", "models", "id", "ids", "count", "limit", "limits", "state", "states", "status", "log", "logs", "md", "card", "cards",
    "page", "pages", "docs", "documentation", "system", "systems", "platform", "platforms", "architecture", "sdks", "process",
    "processes", "string", "strings", "header", "headers", "logic", "layer", "interface", "interfaces", "component", "components",
    "package", "packages", "folder", "folders", "directory", "table", "tables", "record", "records", "key", "keys", "timeout",
    "timeouts", "feature", "features", "support", "launcher", "spawner", "dispatcher", "runner", "scheduler", "panel", "view", "views",
    "tab", "tabs", "icon", "icons", "permissions", "metadata", "parser", "parsing", "handler", "handlers", "hook", "hooks", "wrapper",
    "client", "clients", "server", "servers", "dashboard", "bus", "protocol", "lifecycle", "spec", "specs", "section", "sections",
    "scripts", "script", "role", "roles", "hierarchy", "failure", "failures", "error", "errors", "context", "contexts", "findings",
    "suggestions", "message", "messages", "requests", "approval", "approvals", "guide", "guidelines", "checklist", "orchestration",
    "implementation", "behavior", "behaviour", "coordination", "execution", "workflow", "workflows", "parallelism", "concurrency",
    "crate", "constructor",
];

#[rustfmt::skip]
pub(super) const OTHERS: &[&str] = &[
    "your colleague", "colleague", "colleagues", "your coworker", "coworker", "coworkers", "another session", "another developer",
    "other session", "other sessions", "another team", "other team", "someone", "somebody", "people", "customers", "company",
    "companies", "cursor", "devin", "windsurf", "aider", "anthropic", "openai", "competitor", "competitors", "vendor", "vendors", "he",
    "she", "the previous session", "your team", "your session", "your agents", "another agent was", "github copilot", "the maintainers",
    "maintainer", "the author", "authors", "my colleague", "engineers at", "teams use", "the client", "management", "his", "her",
    "students", "startup", "the script", "the plugin", "the extension", "the app", "the application", "the daemon", "the service",
    "the pipeline", "the platform", "the product", "the bot", "the harness", "the simulator", "the simulation", "the game", "the system",
    "the scheduler", "the server", "the old tool", "they'd", "the orchestrator class", "the function",
    "bureau", "agency", "the department", "organisation", "organization", "engineering team", "the team has", "the team had", "our team",
    "tenant", "tenants", "the firm", "the user", "a user", "users report", "contractor", "a customer", "the crowd", "the competition",
    "rival", "google", "meta", "microsoft", "the other repo", "upstream",
    "other terminal", "another terminal", "your terminal", "other window", "another window", "another tab", "other tab",
    "another machine", "other machine",
    "parent agent", "parent agents",
];

#[rustfmt::skip]
pub(super) const DOCUMENT: &[&str] = &[
    "bug where", "test where", "case where", "situation where", "race where", "scenario where", "cases where", "tests where", "in which", "test that", "bug that",
    "docs", "documentation", "readme", "the guide", "guide", "article", "paper", "blog post", "blog", "tutorial", "the prompt",
    "the skill", "this section", "section", "changelog", "release notes", "spec", "specification", "the plan", "design doc",
    "design document", "proposal", "rfc", "issue", "ticket", "commit message", "pr description", "comment", "docstring", "template",
    "example", "examples", "transcript", "the log", "marketing", "website", "landing page", "manual", "the book", "video", "talk",
    "wiki", "the playbook", "runbook", "claude.md", "agents.md", "policy", "the rule", "the test", "fixture", "the message",
    "the summary", "headline", "slide", "slides", "post",
    "next release", "future release", "upcoming release", "next version", "future version", "roadmap", "this release", "this test",
    "in scrum", "in agile", "in general", "in practice", "in principle", "in this design", "in the design", "in our design",
    "in this architecture", "in the architecture", "typically", "usually", "normally", "generally", "as a rule", "by design",
    "user story", "acceptance criteria", "bug report", "the diagram", "feature request", "stack trace", "code path", "this function",
    "this method", "this class", "test suite where",
    "workflow that", "script that", "command that", "hook that", "function that", "class that", "prompt that", "skill that",
    "pipeline that", "tool that", "code that", "feature that", "system that", "template that", "loop that", "job that", "config that",
    "wrapper that", "runner that", "module that", "service that", "plugin that", "method that", "snippet that", "workflow which",
    "script which", "function which", "helper which", "race in which", "scenario in which", "program that", "orchestrator that",
    "supervisor that", "scheduler that", "test in which", "option that", "setting that", "flag that",
    "how", "happened because", "happens because", "caused by", "root cause", "reproduced it", "reproduced with", "to reproduce",
    "in this scenario", "in that scenario", "in such a scenario", "in this example", "in this case", "the crash",
    "looking at the code", "in the code", "the code shows", "as you can see", "as can be seen",
    "the ui shows", "the badge", "place where", "places where", "this is where", "is where", "line that", "shows a spinner",
    "progress bar",
];

/// Places where agents run that are none of this session.
#[rustfmt::skip]
pub(super) const ELSEWHERE: &[&str] = &[
    "in the demo", "in a demo", "in this demo", "from the demo", "from a demo", "from this demo", "on the demo", "on a demo",
    "on this demo", "in the demo run", "in a demo run", "in this demo run", "from the demo run", "from a demo run", "from this demo run",
    "on the demo run", "on a demo run", "on this demo run", "in the simulation", "in a simulation", "in this simulation",
    "from the simulation", "from a simulation", "from this simulation", "on the simulation", "on a simulation", "on this simulation",
    "in the screenshot", "in a screenshot", "in this screenshot", "from the screenshot", "from a screenshot", "from this screenshot",
    "on the screenshot", "on a screenshot", "on this screenshot", "in the recording", "in a recording", "in this recording",
    "from the recording", "from a recording", "from this recording", "on the recording", "on a recording", "on this recording",
    "in the screencast", "in a screencast", "in this screencast", "from the screencast", "from a screencast", "from this screencast",
    "on the screencast", "on a screencast", "on this screencast", "in the simulator", "in a simulator", "in this simulator",
    "from the simulator", "from a simulator", "from this simulator", "on the simulator", "on a simulator", "on this simulator",
    "in the mockup", "in a mockup", "in this mockup", "from the mockup", "from a mockup", "from this mockup", "on the mockup",
    "on a mockup", "on this mockup", "in the sandbox demo", "in a sandbox demo", "in this sandbox demo", "from the sandbox demo",
    "from a sandbox demo", "from this sandbox demo", "on the sandbox demo", "on a sandbox demo", "on this sandbox demo",
    "in your other terminal", "in your other window", "in your other tab", "in your other shell", "in the other terminal",
    "in the other window", "in the other tab", "in the other shell", "in another terminal", "in another window", "in another tab",
    "in another shell", "in your terminal", "in your shell", "in a second terminal", "in a second window", "in a second tab",
    "in a second shell", "in your editor", "on your machine", "on another machine", "on the other machine", "on your laptop",
    "in the event loop", "in an event loop", "in one event loop", "on the thread pool", "in the demo session", "ran the demo",
    "running the demo", "there",
];

#[rustfmt::skip]
pub(super) const PLAN: &[&str] = &[
    "step", "phase", "option", "stage", "milestone", "sprint", "wave", "round", "approach", "strategy", "plan", "todo", "goal", "task",
    "example", "scenario", "alternative", "next steps", "next step", "proposal", "recommendation", "iteration", "batch", "tier", "week",
    "day", "part", "chapter", "idea", "note", "tip", "usage", "rule", "case",
];

#[rustfmt::skip]
pub(super) const UNIT: &[&str] = &[
    "seconds", "second", "secs", "sec", "s", "minutes", "minute", "mins", "min", "m", "hours", "hour", "hrs", "hr", "h", "days", "day",
    "weeks", "week",
];

#[rustfmt::skip]
pub(super) const TEST: &[&str] = &[
    "tests", "test", "test suite", "test suites", "suite", "suites", "specs", "unit tests", "integration tests", "test cases",
    "assertions", "testcases", "e2e",
];

#[rustfmt::skip]
pub(super) const MANY: &[&str] = &[
    "several", "multiple", "many", "a few", "few", "various", "a bunch of", "a handful of", "a fleet of", "a swarm of", "a team of",
    "a set of", "a batch of", "a series of", "a group of", "a squad of", "an army of", "a crew of", "a number of", "a panel of", "some",
    "team of", "fleet of", "swarm of", "set of", "group of", "batch of", "separate", "dozens of", "numerous", "all the", "all of the",
    "the other", "a wave of", "a round of", "lots of", "different", "independent", "a cohort of", "a herd of", "a cluster of",
    "handful of",
];
