// The time axis: true to scale, but for gaps in which nothing ran and that would take most of it.

/** A gap is folded where it is at least this share of what remains of the axis without it and all longer ones … */
const FOLDED_FROM = 0.5;

/** … and this share of the whole. */
const LEAST_SHARE = 0.08;

/** Folding is on from the start where the gaps take this share of the whole. */
const FOLDED_BY_DEFAULT = 0.5;

/** How wide a folded gap is, as a share of all that is not folded. */
const FOLD_WIDTH = 0.07;

const MOST_FOLDS = 12;

/** Intervals of time in which something ran, was called or was said, merged. */
function busyTimes(model) {
  const all = [{ start: 0, end: 0 }, { start: model.span, end: model.span }];
  for (const row of model.rows) {
    if (row.start >= 0) all.push({ start: row.start, end: row.end });
    row.starts.forEach((start, index) => all.push({ start, end: start + Math.max(0, row.durations[index]) }));
    for (const bundle of row.bundles) all.push({ start: bundle.start, end: bundle.end });
    for (const mark of row.marks) all.push({ start: mark.at, end: mark.at });
  }
  for (const claim of model.claims) if (claim.at >= 0) all.push({ start: claim.at, end: claim.at });
  all.sort((one, other) => one.start - other.start);
  const merged = [];
  for (const one of all) {
    const last = merged[merged.length - 1];
    if (last && one.start <= last.end) last.end = Math.max(last.end, one.end);
    else merged.push({ ...one });
  }
  return merged;
}

/** The gaps that are worth folding, in the order of time. Each must be long against all that would remain. */
function foldable(model) {
  const busy = busyTimes(model);
  const gaps = [];
  for (let index = 1; index < busy.length; index += 1) gaps.push({ start: busy[index - 1].end, end: busy[index].start });
  gaps.sort((one, other) => other.end - other.start - (one.end - one.start));
  let [rest, hidden, count] = [model.span, 0, 0];
  gaps.slice(0, MOST_FOLDS).forEach((gap, index) => {
    const length = gap.end - gap.start;
    rest -= length;
    if (length < 1000 || length < LEAST_SHARE * model.span || length < FOLDED_FROM * rest) return;
    hidden = model.span - rest;
    count = index + 1;
  });
  const folded = gaps.slice(0, count);
  const share = model.span > 0 ? hidden / model.span : 0;
  return { gaps: folded.sort((one, other) => one.start - other.start), byDefault: share >= FOLDED_BY_DEFAULT };
}

/** From milliseconds to units of the axis: the same but for folded gaps, and for a little room at both ends: for a word beside each gate. */
function makeScale(model, folded) {
  const gaps = folded ? model.foldable.gaps : [];
  const hidden = gaps.reduce((sum, gap) => sum + gap.end - gap.start, 0);
  const rest = Math.max(model.span - hidden, 1);
  const width = rest * FOLD_WIDTH;
  const [times, units] = [[0], [0]];
  const add = (time, unit) => { times.push(time); units.push(unit); };
  const parts = [];
  let [time, unit] = [0, 0];
  for (const gap of gaps) {
    parts.push({ start: time, end: gap.start });
    unit += gap.start - time;
    add(gap.start, unit);
    unit += width;
    add(gap.end, unit);
    time = gap.end;
  }
  const last = Math.max(model.span, time + 1);
  parts.push({ start: time, end: last });
  add(last, unit + last - time);
  const total = units[units.length - 1];
  return { times, units, gaps, parts, total, low: -total * 0.015, high: total * (model.gates ? 1.18 : 1.07) };
}

function interpolate(from, to, value) {
  let index = lowerBound(from, value);
  index = Math.min(Math.max(index, 1), from.length - 1);
  const [a, b] = [from[index - 1], from[index]];
  return b === a ? to[index] : to[index - 1] + ((value - a) / (b - a)) * (to[index] - to[index - 1]);
}

/** Whether a folded gap is between two places of the canvas. */
const isTorn = (p, from, to) => p.scale.gaps.some((gap) => from < p.x(gap.end) + 3 && to > p.x(gap.start) - 3);

const unitOf = (scale, time) => interpolate(scale.times, scale.units, time);
const timeOf = (scale, unit) => interpolate(scale.units, scale.times, unit);

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 15 * SECOND, 30 * SECOND, 60 * SECOND,
  120 * SECOND, 300 * SECOND, 600 * SECOND, 900 * SECOND, 1800 * SECOND, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR];

/** The least sensible step that is not below `least` milliseconds. */
function stepFor(least) {
  const found = STEPS.find((step) => step >= least);
  if (found) return found;
  let step = 24 * HOUR;
  while (step < least) step *= 2;
  return step;
}

/** Where the axis is labelled between two times: whole steps on the clock. */
function ticks(model, start, end, step) {
  const offset = model.gates ? 0 : model.start;
  const found = [];
  for (let at = Math.ceil((start + offset) / step) * step - offset; at <= end && found.length < 400; at += step) found.push(at);
  return found;
}
