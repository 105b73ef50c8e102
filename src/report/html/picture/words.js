// What the pictures say in words: times, the sentence of a picture, what a thing on it is.

const VERDICTS = {
  backed: { sign: "✓", colour: "ok", rank: 5 },
  contradicted: { sign: "✗", colour: "error", rank: 0 },
  unbacked: { sign: "✗", colour: "error", rank: 1 },
  overstated: { sign: "!", colour: "warning", rank: 2 },
  corrected: { sign: "↺", colour: "note", rank: 3 },
  // Only may be a claim, and so is no finding.
  doubtful: { sign: "?", colour: "note", rank: 3.5 },
  unverifiable: { sign: "?", colour: "faint", rank: 4 },
};

const STATUSES = {
  failed: { sign: "✗", colour: "error" }, rejected: { sign: "⊘", colour: "warning" }, interrupted: { sign: "‖", colour: "warning" },
  running: { sign: "…", colour: "faint" }, "no-result": { sign: "?", colour: "faint" }, passed: { sign: "✓", colour: "ok" },
  timeout: { sign: "✗", colour: "error" }, unavailable: { sign: "✗", colour: "error" }, leaked: { sign: "!", colour: "warning" },
  skipped: { sign: "–", colour: "faint" }, cancelled: { sign: "‖", colour: "warning" }, planned: { sign: "·", colour: "faint" },
};

const TIMINGS = {
  transcript: "times from the agent's own transcript", duration: "times from the result and the duration that it reports",
  notification: "times from the launch and the last word of it", bounds: "only the call and the result are known: it ran somewhere in between",
  none: "the log holds no end of it",
};

const plural = (count, word) => `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;
const two = (number) => String(number).padStart(2, "0");

/** How long, from milliseconds: in the words of the tables and of the terminal, which is why it is cut and not rounded. */
function lasting(milliseconds) {
  const whole = Math.max(0, Math.floor(milliseconds));
  if (whole < 10000) return `${(Math.floor((whole + 50) / 100) / 10).toFixed(1)}s`.replace(".0s", "s");
  const seconds = Math.floor(whole / 1000);
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
  return `${Math.floor(minutes / 1440)}d ${two(Math.floor((minutes % 1440) / 60))}h`;
}

/** A time on the clock in UTC, as fine as `step` milliseconds ask for; of gates, the time since the first began. */
function clock(model, at, step) {
  if (model.gates && step < 1000) return `${(at / 1000).toFixed(step < 10 ? 3 : step < 100 ? 2 : 1)}s`.replace(/\.0+s$/, "s");
  if (model.gates) return lasting(Math.round(at / 1000) * 1000);
  const time = new Date(model.start + at);
  if (Number.isNaN(time.getTime())) return "?";
  const hours = `${two(time.getUTCHours())}:${two(time.getUTCMinutes())}`;
  if (step >= 60000) return hours;
  const seconds = `${hours}:${two(time.getUTCSeconds())}`;
  return step >= 1000 ? seconds : `${seconds}.${String(time.getUTCMilliseconds()).padStart(3, "0")}`;
}

function day(model, at) {
  const time = new Date(model.start + at);
  return Number.isNaN(time.getTime()) ? "" : time.toISOString().slice(0, 10);
}

/** Whether each began when the one before it had ended, as far as they were in time at all. */
function areInTurn(model) {
  const timed = model.agents.filter((row) => row.start >= 0).sort((one, other) => one.start - other.start || one.end - other.end);
  return timed.every((row, place) => place === 0 || row.start >= timed[place - 1].end);
}

/** What took no time is known exactly all the same: it was beside nothing. */
const tookNoTime = (row) => row.known === KNOWN.exactly && row.start === row.end;

/** How the agents ran, in a few words; never more than is known. */
function manner(model) {
  const agents = model.agents.length;
  const sure = model.agents.filter((row) => row.known === KNOWN.exactly).length;
  if (agents > 0 && model.agents.every(tookNoTime)) return agents === 1 ? "took no time" : "no two ran at once: each took no time";
  const ran = model.agents.filter((row) => row.known === KNOWN.exactly || row.known === KNOWN.bounds).length;
  if (ran > 1 && areInTurn(model)) return `${model.agents.some(tookNoTime) ? "no two at once" : "one after another"}${sure > 0 ? `, peak ${model.peak}` : ""}`;
  if (sure === 0) return "exact run times unknown";
  if (sure < agents) return `peak ${model.peak} of ${sure} with exact times`;
  if (agents === 1) return "peak 1";
  return model.peak === agents ? `all at once, peak ${model.peak}` : `at most ${model.peak} at once`;
}

/** The picture in one sentence. */
function sentence(model) {
  if (model.gates) return gatesSentence(model);
  const parts = [];
  const agents = model.agents.length;
  const nested = model.agents.filter((row) => row.parent >= 0).length;
  const within = nested > 0 ? ` (${nested} started by ${nested === 1 ? "another" : "others"} of them)` : "";
  parts.push(agents === 0 ? "no agents" : `${plural(agents, "agent")}${within}, ${manner(model)}`);
  const unsure = model.agents.filter((row) => row.known !== KNOWN.exactly).length;
  if (unsure > 0) parts.push(`${unsure === agents ? "none" : unsure} ${unsure === agents ? "with" : "without"} exact times`);
  const trouble = model.agents.filter((row) => row.trouble).length;
  if (trouble > 0) parts.push(`${trouble} did not end well`);
  counted(model.claims).forEach(({ verdict, count }, place) => {
    // The curve alone does not say what is wrong with the worst one.
    const { why } = model.claims.find((claim) => claim.verdict === verdict);
    parts.push(`${plural(count, "claim")} ${verdict}${place === 0 && why && VERDICTS[verdict].rank < 3 ? ` (${brief(why)})` : ""}`);
  });
  if (model.collisions.length > 0) parts.push(`${plural(model.collisions.length, "collision")} of edits`);
  return parts.join("; ");
}

function gatesSentence(model) {
  const counts = new Map();
  for (const row of model.rows) counts.set(row.status, (counts.get(row.status) || 0) + 1);
  const parts = [[...counts].map(([status, count]) => `${count} ${status}`).join(", ")];
  if (model.peak > 0) parts.push(`${lasting(model.wall)} from start to end`);
  const critical = model.rows.filter((row) => row.critical).map((row) => row.label);
  if (critical.length > 0) parts.push(`critical path: ${critical.join(" → ")}`);
  if (model.resource) parts.push(`bounded by the resource ${model.resource}`);
  return `${plural(model.rows.length, "gate")}: ${parts.join("; ")}`;
}

/** What is drawn only in part, or not at all. */
function omissions(model) {
  const parts = [];
  if (model.bundled > 0) parts.push(`${plural(model.bundled, "tool call")} not drawn one by one, but in bundles`);
  if (model.untimed > 0) parts.push(`${plural(model.untimed, "tool call")} without a time not drawn`);
  if (model.unmarked > 0) parts.push(`${plural(model.unmarked, "edit")} not drawn`);
  const timeless = model.gates ? 0 : model.agents.filter((row) => row.known < 0).length;
  if (timeless > 0) parts.push(`${plural(timeless, "agent")} without any time`);
  const flagless = model.claims.filter((claim) => claim.at < 0).length;
  if (flagless > 0) parts.push(`${plural(flagless, "claim")} without a time not drawn`);
  return parts.join("; ");
}

/** What a thing of the picture is: a title and lines. */
function describe(model, item) {
  switch (item.kind) {
    case "row": return describeRow(model, item.row);
    case "call": return describeCall(model, item);
    case "bundle": return describeBundle(model, item);
    case "edit": return describeEdit(model, item);
    case "claim": return describeClaim(model, model.claims[item.index]);
    case "claims": return describeClaims(item.claims);
    case "collision": return describeCollision(model, model.collisions[item.index]);
    case "gap": return [idle(model, item.gap), span(model, item.gap.start, item.gap.end), "folded; f unfolds it"];
    default: return describeCurve(model, item);
  }
}

/** A gap in words. What has no time at all, or only that of its call, may have run in it. */
function idle(model, gap) {
  const isSure = (row) => row.known === KNOWN.exactly || row.known === KNOWN.bounds || row.known === KNOWN.open || row.status === "rejected";
  const what = model.gates || model.agents.every(isSure) ? "nothing ran" : "nothing with known times ran";
  return `${what} for ${lasting(gap.end - gap.start).replace(/ 00m$/, "")}`;
}

function describeCurve(model, { at, open, unsure, nested }) {
  const number = `${unsure > 0 ? "at least " : ""}${plural(open, model.gates ? "gate" : "agent")} at once`;
  const lines = [open === 0 && unsure > 0 ? "no agent with exact times" : number, `at ${clock(model, at, 1)}${model.gates ? "" : " UTC"}`];
  if (unsure > 0) lines.push(`${plural(unsure, open > 0 ? "more agent" : "agent")} may have run: no exact times`);
  if (nested > 0) lines.push(`${nested} of them started by another agent`);
  return lines;
}

const span = (model, start, end) => `${clock(model, start, 1000)} – ${clock(model, end, 1000)}${model.gates ? "" : " UTC"}`;

function describeRow(model, row) {
  if (row.lane === MAIN) return ["main thread", plural(row.starts.length + row.bundles.reduce((sum, one) => sum + one.count, 0), "tool call")];
  const lines = [row.label];
  if (model.gates) {
    lines.push(row.status + (row.cached ? ", cached" : "") + (row.exit > 0 ? `, exit ${row.exit}` : "") + (row.critical ? ", on the critical path" : ""));
    if (row.start >= 0) lines.push(`${span(model, row.start, row.end)}, ${lasting(row.end - row.start)}${row.attempts > 1 ? `, ${row.attempts} attempts` : ""}`);
    if (row.needs.length > 0) lines.push(`needs ${row.needs.map((lane) => model.rows[model.places.get(lane)].label).join(", ")}`);
    if (row.why) lines.push(row.why);
    return lines;
  }
  if (row.type && row.type !== row.label) lines.push(row.type + (row.background ? ", in the background" : ""));
  if (row.known === KNOWN.exactly || row.known === KNOWN.bounds) {
    lines.push(`${span(model, row.start, row.end)}, ${row.known === KNOWN.bounds ? "within " : ""}${lasting(row.end - row.start)}`);
  } else if (row.known >= 0) {
    lines.push(`${row.known === KNOWN.open ? "from" : "called at"} ${clock(model, row.start, 1000)} UTC`);
  } else {
    lines.push("no time in the log");
  }
  lines.push(`${row.status.replace("-", " ")}; ${TIMINGS[row.timing] || row.timing}`);
  const done = [row.uses >= 0 ? plural(row.uses, "tool use") : "", row.edits > 0 ? plural(row.edits, "edit") : ""].filter(Boolean);
  if (done.length > 0) lines.push(done.join(", "));
  const parent = model.rows[model.places.get(row.parent)];
  if (row.parent >= 0 && parent) lines.push(`started by ${parent.label}`);
  for (const claim of model.claims.filter((claim) => claim.lanes.includes(row.lane)).slice(0, 3)) {
    lines.push(`claim ${VERDICTS[claim.verdict].sign} ${claim.verdict}: “${brief(claim.text)}”`);
  }
  return lines;
}

const brief = (text) => (text.length > 90 ? `${text.slice(0, 89)}…` : text);

function describeCall(model, { row, index }) {
  const failed = row.tools[index] % 2 === 1;
  const duration = row.durations[index];
  return [
    name(row.tools[index] >> 1) + (failed ? " ✗ failed" : ""),
    `${clock(model, row.starts[index], 1000)} UTC${duration < 0 ? ", no result in the log" : `, ${lasting(duration)}`}`,
    row.label,
  ];
}

function describeBundle(model, { row, index }) {
  const bundle = row.bundles[index];
  return [`${plural(bundle.count, "tool call")}${bundle.failed > 0 ? `, ${bundle.failed} failed` : ""}`, span(model, bundle.start, bundle.end), row.label];
}

function describeEdit(model, { row, index }) {
  const mark = row.marks[index];
  return [`edits ${name(mark.path)}`, `${clock(model, mark.at, 1000)} UTC${mark.inferred ? ", read from a shell command" : ""}`, row.label];
}

function describeClaim(model, claim) {
  const number = claim.agents > 0 ? `claimed ${claim.agents}` : claim.speedup > 0 ? `claimed ${claim.speedup}×` : "claim";
  const lines = [`${VERDICTS[claim.verdict].sign} ${claim.verdict}: ${number}`, `“${claim.text}”`];
  if (claim.why) lines.push(claim.why);
  lines.push(`${claim.at < 0 ? "" : `said at ${clock(model, claim.at, 1000)} UTC, `}held against ${plural(claim.lanes.length, "agent")}`);
  return lines;
}

/** How many claims have which verdict, the worst first. */
function counted(claims) {
  const verdicts = Object.keys(VERDICTS).sort((one, other) => VERDICTS[one].rank - VERDICTS[other].rank);
  const counts = verdicts.map((verdict) => ({ verdict, sign: VERDICTS[verdict].sign, count: claims.filter((claim) => claim.verdict === verdict).length }));
  return counts.filter(({ count }) => count > 0);
}

/** Most claims of a group that are told one by one. */
const TOLD = 8;

function describeClaims(claims) {
  const sorted = [...claims].sort((one, other) => VERDICTS[one.verdict].rank - VERDICTS[other.verdict].rank || one.at - other.at);
  const lines = sorted.slice(0, TOLD).map((claim) => `${VERDICTS[claim.verdict].sign} “${brief(claim.text)}”`);
  if (claims.length > TOLD) lines.push(`and ${claims.length - TOLD} more: zoom in, or see the table`);
  return [`${plural(claims.length, "claim")}: ${counted(claims).map(({ verdict, sign, count }) => `${sign} ${count} ${verdict}`).join(", ")}`, ...lines];
}

function describeCollision(model, hit) {
  const labels = hit.ends.map((end) => model.rows[model.places.get(end.lane)].label);
  return [`! both edited ${name(hit.path)}`, `${labels[0]}, at ${clock(model, hit.ends[0].at, 1000)} UTC`, `${labels[1]}, at ${clock(model, hit.ends[1].at, 1000)} UTC`];
}
