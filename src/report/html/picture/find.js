// What is at a place of the picture, where a thing is on it, and which thing comes next.

/** How wide what a finger means must be. */
const FINGER = 24;

/** The thing at a point of the canvas, or nothing; a finger means what is large enough for it. */
function itemAt(p, x, y, isFinger) {
  const { layout, model } = p;
  const inside = (hit) => x >= hit.x && x <= hit.x + hit.width && y >= hit.y && y <= hit.y + hit.height;
  const high = p.hits.findLast((hit) => !hit.low && inside(hit));
  if (high) return high.item;
  if (y >= layout.bottom && layout.curve > 0) return x < layout.gutter ? null : openAt(p, timeOf(p.scale, p.unit(x)));
  if (y >= layout.head && y < layout.bottom) {
    const row = model.rows[Math.floor((y - layout.head + p.top) / layout.lane)];
    const found = row && onRow(p, row, x, isFinger);
    if (found) return found;
  }
  const low = p.hits.find((hit) => hit.low && inside(hit));
  return low ? low.item : null;
}

/** The nearest mark or call within a few pixels, else the bar, else the label. */
function onRow(p, row, x, isFinger) {
  const row0 = { kind: "row", row, at: row.start };
  if (x < p.layout.gutter) return row0;
  const [from, to] = [timeOf(p.scale, p.unit(x - 5)), timeOf(p.scale, p.unit(x + 5))];
  const isOn = row.start >= 0 && x >= p.x(row.start) - 8 && x <= Math.max(p.x(row.end), p.x(row.start) + 26) + 8;
  const near = [];
  const edits = row.marks.findIndex((mark) => mark.at >= from && mark.at <= to);
  if (edits >= 0) near.push({ kind: "edit", row, index: edits, at: row.marks[edits].at });
  for (let index = lowerBound(row.starts, from); index < row.starts.length && row.starts[index] <= to; index += 1) {
    near.push({ kind: "call", row, index, at: row.starts[index] });
  }
  const bundle = row.bundles.findIndex((one) => one.start <= to && one.end >= from);
  if (bundle >= 0) near.push({ kind: "bundle", row, index: bundle, at: row.bundles[bundle].start });
  near.sort((one, other) => Math.abs(p.x(one.at) - x) - Math.abs(p.x(other.at) - x));
  // The middle of a bar must tell of the agent even where its calls are dense: only what is under the pointer is nearer.
  const exact = near.find((item) => item.kind !== "call" || Math.abs(p.x(item.at) - x) < 2.5);
  const isLarge = exact && exact.kind === "call" && p.x(exact.at + row.durations[exact.index]) - p.x(exact.at) >= FINGER;
  if (exact && !(isFinger && isOn && !isLarge)) return exact;
  return isOn || p.layout.narrow || row.start < 0 ? row0 : null;
}

function openAt(p, at) {
  let open = 0;
  for (const step of p.model.steps) {
    if (step.at > at) break;
    open = step.open;
  }
  // What may have run at that time, for all that is known: an end that is not known, or only that it was within.
  const covers = (row) => row.start <= at && at < row.end;
  const unsure = p.model.agents.filter((row) => (row.known === KNOWN.open || row.known === KNOWN.bounds) && covers(row)).length;
  const nested = p.model.agents.filter((row) => row.known === KNOWN.exactly && row.parent >= 0 && covers(row)).length;
  return { kind: "curve", at, open, unsure, nested };
}

/** Where a thing is on the canvas. */
function placeOf(p, item) {
  const { layout, model } = p;
  if (["claim", "claims", "gap"].includes(item.kind)) return { x: p.x(item.at), y: layout.flags };
  if (item.kind === "curve") return { x: p.x(item.at), y: layout.bottom };
  if (item.kind === "collision") {
    const ends = model.collisions[item.index].ends;
    return { x: p.x(ends[0].at), y: rowBox(p, model.places.get(ends[0].lane)).middle };
  }
  const box = rowBox(p, model.places.get(item.row.lane));
  return { x: item.at < 0 ? layout.gutter : Math.max(layout.gutter, p.x(item.at)), y: box.middle };
}

/** The lists that the keys go through: claims, collisions, then each row. */
function listOf(p, level) {
  const { model } = p;
  const claims = model.claims.filter((claim) => claim.at >= 0).sort((one, other) => one.at - other.at);
  const lists = [];
  if (claims.length > 0) lists.push(() => claims.map((claim) => ({ kind: "claim", index: claim.index, at: claim.at })));
  if (model.collisions.length > 0) lists.push(() => model.collisions.map((hit) => ({ kind: "collision", index: hit.index, at: hit.ends[0].at })));
  const count = lists.length + model.rows.length;
  const wanted = Math.min(Math.max(level, 0), count - 1);
  const items = wanted < lists.length ? lists[wanted]() : eventsOf(model.rows[wanted - lists.length]);
  return { level: wanted, items };
}

/** Selects by keys: another level, or another item of it. */
function step(p, levels, items) {
  const isFirst = p.level === undefined;
  const { level, items: list } = listOf(p, isFirst ? 0 : p.level + levels);
  if (list.length === 0) return;
  p.place = levels !== 0 || isFirst ? 0 : Math.min(Math.max(p.place + items, 0), list.length - 1);
  p.level = level;
  p.focus = list[p.place];
  p.pinned = null;
}

/** The element of the page that says more about a thing. */
function rowInPage(p, item) {
  const at = p.model.gates ? "gate" : `agent-${p.figure.dataset.session}`;
  let finding = -1;
  if (item.kind === "claim") finding = p.model.claims[item.index].finding;
  if (item.kind === "collision") finding = p.model.collisions[item.index].finding;
  if (finding >= 0) return document.getElementById(`finding-${finding}`);
  return item.row && item.row.lane >= 0 ? document.getElementById(`${at}-${item.row.lane}`) : null;
}

/** Goes there by the page's own way, which opens what is closed around it and shows what a filter hides. */
function open(p, item) {
  const target = rowInPage(p, item);
  if (!target) return false;
  if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
  if (location.hash === `#${target.id}`) window.dispatchEvent(new HashChangeEvent("hashchange"));
  else location.hash = target.id;
  // The page moves with its next task; what is hidden until then cannot have the focus.
  setTimeout(() => target.focus({ preventScroll: true }), 0);
  return true;
}
