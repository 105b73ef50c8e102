// What data.rs wrote, as rows to draw: one for the main thread, one for each agent, or one for each gate.

const MAIN = -1;
const KNOWN = { bounds: 0, open: 1, point: 2, exactly: 3 };

/** The data of the page, read when the first picture needs it. */
let read = null;

function data() {
  if (!read) {
    const element = document.getElementById("data");
    read = JSON.parse((element && element.textContent) || "{}");
    read.names = read.names || [];
  }
  return read;
}

const name = (number) => (number < 0 ? "" : data().names[number]);

/** A row without anything on it. */
function blankRow(lane, label) {
  return {
    lane, label, type: "", parent: -1, depth: 0, batch: -1, start: -1, end: -1, known: -1, trouble: false, status: "", timing: "",
    uses: -1, edits: 0, background: false, marks: [], starts: [], durations: [], tools: [], bundles: [], critical: false, why: "", needs: [],
  };
}

function laneRow(row, lane) {
  const [label, type, parent, depth, batch, start, end, known, trouble, status, timing, uses, edits, background] = row;
  return Object.assign(blankRow(lane, name(label)), {
    type: name(type), parent, depth, batch, start, end, known, trouble: trouble === 1, status: name(status), timing: name(timing),
    uses, edits, background: background === 1,
  });
}

function readCalls(row, list) {
  let at = 0;
  for (let index = 0; index < list.length; index += 3) {
    at += list[index + 1];
    row.tools.push(list[index]);
    row.starts.push(at);
    row.durations.push(list[index + 2]);
  }
}

function claimOf(row, index) {
  const [at, verdict, text, why, agents, speedup, finding, from, to, lanes] = row;
  return { index, at, verdict: name(verdict), text: name(text), why: name(why), agents, speedup, finding, from, to, lanes };
}

function pairs(list) {
  const steps = [];
  for (let index = 0; index < list.length; index += 2) steps.push({ at: list[index], open: list[index + 1] });
  return steps;
}

/** The picture of a session. */
function sessionModel(session) {
  const lanes = session.lanes.map(laneRow);
  const main = blankRow(MAIN, "main thread");
  const rowOf = (lane) => (lane === MAIN ? main : lanes[lane]);
  for (const [lane, list] of session.calls) readCalls(rowOf(lane), list);
  for (const [lane, list] of session.bundles) {
    for (let index = 0; index < list.length; index += 4) {
      rowOf(lane).bundles.push({ start: list[index], end: list[index + 1], count: list[index + 2], failed: list[index + 3] });
    }
  }
  const marks = session.edits;
  for (let index = 0; index < marks.length; index += 4) {
    lanes[marks[index]].marks.push({ at: marks[index + 1], path: marks[index + 2], inferred: marks[index + 3] === 1 });
  }
  for (const lane of lanes) lane.marks.sort((one, other) => one.at - other.at);
  const collisions = session.collisions.map(([finding, severity, path, lane, at, other, again], index) => ({
    index, finding, severity: name(severity), path, ends: [{ lane, at }, { lane: other, at: again }],
  }));
  return finish({
    gates: false, start: session.start, span: session.span, peak: session.peak, rows: [main, ...session.order.map((lane) => lanes[lane])],
    claims: session.claims.map(claimOf), collisions, steps: pairs(session.steps),
    untimed: session.untimed, bundled: session.bundled, unmarked: session.unmarked,
  });
}

/** The picture of the gates. */
function gatesModel(gates) {
  const lanes = gates.lanes.map(([label, status, why, start, end, critical, attempts, cached, exit, needs], lane) =>
    Object.assign(blankRow(lane, name(label)), {
      status: name(status), why: name(why), start, end, critical: critical === 1, attempts, cached: cached === 1, exit, needs,
      known: start < 0 ? -1 : KNOWN.exactly, trouble: ["failed", "timeout", "unavailable"].includes(name(status)),
    }));
  return finish({
    gates: true, start: gates.start, span: gates.span, peak: gates.peak, wall: gates.wall, effective: gates.effective,
    resource: name(gates.resource), rows: gates.order.map((lane) => lanes[lane]), claims: [], collisions: [], steps: pairs(gates.steps),
    untimed: 0, bundled: 0, unmarked: 0,
  });
}

function finish(model) {
  model.places = new Map(model.rows.map((row, place) => [row.lane, place]));
  model.agents = model.rows.filter((row) => row.lane !== MAIN);
  model.colliding = new Set(model.collisions.flatMap((hit) => hit.ends.map((end) => `${end.lane} ${hit.path}`)));
  return model;
}

/** What stands on a row, in the order of time: the keys go through it. */
function eventsOf(row) {
  if (!row.events) {
    const calls = row.starts.map((at, index) => ({ kind: "call", row, index, at }));
    const marks = row.marks.map((mark, index) => ({ kind: "edit", row, index, at: mark.at }));
    const bundles = row.bundles.map((bundle, index) => ({ kind: "bundle", row, index, at: bundle.start }));
    const rest = [...calls, ...marks, ...bundles].sort((one, other) => one.at - other.at);
    row.events = [{ kind: "row", row, at: row.start }, ...rest];
  }
  return row.events;
}

/** The first index of an ascending list whose value is not below `value`. */
function lowerBound(list, value) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
