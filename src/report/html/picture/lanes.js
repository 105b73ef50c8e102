// One lane for each agent or gate: its label, its bar, its tool calls and edits. Only what can be seen is drawn.

const LOW_LANE = 16;

/** Where the parts of a row are. */
function rowBox(p, place) {
  const { layout } = p;
  const top = layout.head + place * layout.lane - p.top;
  const label = layout.narrow ? 15 : 0;
  const room = layout.lane - label;
  // Edits stand above the bar, and the ticks of the calls in its lower part: nothing covers anything.
  const above = layout.narrow ? 6 : room >= 26 ? 9 : room >= LOW_LANE ? 5 : 3;
  const y = top + label + above;
  const height = Math.max(3, room - above - (room >= LOW_LANE ? 3 : 2));
  return { top, y, height, middle: y + height / 2 };
}

function drawLanes(p) {
  const { ctx, layout, model } = p;
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, layout.head, layout.width, layout.bottom - layout.head);
  ctx.clip();
  const first = Math.max(0, Math.floor(p.top / layout.lane));
  const last = Math.min(model.rows.length - 1, Math.ceil((p.top + layout.bottom - layout.head) / layout.lane));
  const claim = activeClaim(p);
  const lit = claim ? new Set(claim.lanes) : collisionLanes(p);
  for (let place = first; place <= last; place += 1) drawShade(p, place);
  ctx.save();
  ctx.beginPath();
  ctx.rect(layout.gutter, layout.head, layout.width - layout.gutter, layout.bottom - layout.head);
  ctx.clip();
  // Beneath the bars: what waits for a gate has nothing to do with those between them.
  drawNeeds(p);
  for (let place = first; place <= last; place += 1) {
    const row = model.rows[place];
    const box = rowBox(p, place);
    ctx.globalAlpha = lit && lit.size > 0 && !lit.has(row.lane) ? 0.35 : 1;
    if (row.lane !== MAIN) drawBar(p, row, box);
    drawBundles(p, row, box);
    drawCalls(p, row, box);
    drawMarks(p, row, box);
    ctx.globalAlpha = 1;
    if (lit && lit.has(row.lane)) drawLit(p, row, box);
  }
  drawCollisions(p);
  if (claim) drawClaimLinks(p, claim);
  ctx.restore();
  for (let place = first; place <= last; place += 1) drawLabel(p, place);
  drawBatches(p, first, last);
  drawFocus(p);
  ctx.restore();
}

function collisionLanes(p) {
  const item = [p.hover, p.focus].find((item) => item && item.kind === "collision");
  return item ? new Set(p.model.collisions[item.index].ends.map((end) => end.lane)) : null;
}

/** Every other batch is shaded, and every lane has a line beneath it. */
function drawShade(p, place) {
  const { ctx, layout, model, colours: c } = p;
  const row = model.rows[place];
  const { top } = rowBox(p, place);
  if (row.batch >= 0 && row.batch % 2 === 0) {
    ctx.globalAlpha = 0.05;
    ctx.fillStyle = c.accent;
    ctx.fillRect(0, top, layout.width, layout.lane);
    ctx.globalAlpha = 1;
  }
  if (layout.lane >= LOW_LANE) {
    ctx.strokeStyle = c.line;
    ctx.lineWidth = 1;
    ctx.globalAlpha = 0.6;
    line(ctx, 0, crisp(top + layout.lane) - 1, layout.width, crisp(top + layout.lane) - 1);
    ctx.globalAlpha = 1;
  }
}

/** The ends of a bar, cut to what can be seen. */
function ends(p, row) {
  const [from, to] = [p.layout.gutter - 20, p.layout.width + 20];
  const x0 = Math.min(Math.max(p.x(row.start), from), to);
  const x1 = Math.min(Math.max(p.x(row.end), from), to);
  return { x0, x1, width: Math.max(2, x1 - x0), seen: p.x(row.end) >= p.layout.gutter - 40 && p.x(row.start) <= p.layout.width };
}

function drawBar(p, row, box) {
  const { ctx, colours: c, layout } = p;
  if (row.known < 0) {
    if (layout.lane < LOW_LANE) return;
    ctx.font = `italic ${font(11)}`;
    ctx.fillStyle = c.faint;
    ctx.fillText(p.model.gates ? `${row.status}${row.why ? `: ${row.why}` : ""}` : "no time in the log", layout.gutter + 8, box.middle);
    return;
  }
  const { x0, x1, width, seen } = ends(p, row);
  if (!seen) return;
  if (row.known === KNOWN.point) drawPoint(p, row, x0, box);
  else if (row.known === KNOWN.bounds) drawBounds(p, x0, width, box);
  else if (row.known === KNOWN.open) drawOpen(p, x0, Math.max(width, 26), box);
  else drawExact(p, row, x0, width, box);
  const half = row.known === KNOWN.point ? box.height / 2 : 0;
  drawWords(p, row, x0 - half, half > 0 ? x0 + half : Math.max(x1, x0 + 2), box);
}

function drawExact(p, row, x, width, box) {
  const { ctx, colours: c } = p;
  ctx.fillStyle = tookNoTime(row) ? c["lane-edge"] : c.lane;
  ctx.fillRect(x, box.y, width, box.height);
  if (width > 4 && box.height > 4) {
    ctx.strokeStyle = row.critical ? c.ink : c["lane-edge"];
    ctx.lineWidth = row.critical ? 3 : 1;
    ctx.strokeRect(x + 0.5, box.y + 0.5, width - 1, box.height - 1);
  }
}

function drawBounds(p, x, width, box) {
  const { ctx, colours: c } = p;
  ctx.fillStyle = c["lane-unsure"];
  ctx.fillRect(x, box.y, width, box.height);
  hatch(ctx, x, box.y, width, box.height, c["lane-edge"], 7);
  ctx.strokeStyle = c["lane-edge"];
  ctx.lineWidth = 1;
  ctx.setLineDash([4, 3]);
  ctx.strokeRect(x + 0.5, box.y + 0.5, Math.max(1, width - 1), box.height - 1);
  ctx.setLineDash([]);
  const text = "somewhere within";
  ctx.font = font(10, 600);
  if (box.height >= 12 && width > ctx.measureText(text).width + 16) patch(p, text, Math.max(x, p.layout.gutter) + 7, box.middle + 0.5, c.ink);
}

function drawOpen(p, x, width, box) {
  const { ctx, colours: c } = p;
  const fade = ctx.createLinearGradient(x, 0, x + width, 0);
  fade.addColorStop(0, c.lane);
  fade.addColorStop(1, c["lane-unsure"]);
  ctx.fillStyle = fade;
  ctx.beginPath();
  // An end like a torn flag: it goes on, nobody knows how far.
  const notch = Math.min(6, box.height / 2);
  ctx.moveTo(x, box.y);
  ctx.lineTo(x + width, box.y);
  ctx.lineTo(x + width - notch, box.y + box.height / 4);
  ctx.lineTo(x + width, box.middle);
  ctx.lineTo(x + width - notch, box.y + (3 * box.height) / 4);
  ctx.lineTo(x + width, box.y + box.height);
  ctx.lineTo(x, box.y + box.height);
  ctx.fill();
  ctx.strokeStyle = c["lane-edge"];
  ctx.lineWidth = 1;
  line(ctx, crisp(x), box.y, crisp(x), box.y + box.height);
  ctx.font = font(10, 600);
  ctx.fillStyle = c.faint;
  if (box.height < 10) return;
  const text = "… end unknown";
  const long = ctx.measureText(text).width;
  const fits = x + width + 5 + long < p.layout.width && !isTorn(p, x + width + 5, x + width + 5 + long);
  if (fits) ctx.fillText(text, x + width + 5, box.middle + 0.5);
  else if (width > long + 24) patch(p, text, Math.min(x + width, p.layout.width) - long - 12, box.middle + 0.5, c.ink);
}

function drawPoint(p, row, x, box) {
  const { ctx, colours: c } = p;
  const size = Math.min(8, box.height / 2);
  ctx.fillStyle = row.trouble ? c.card : c.lane;
  ctx.strokeStyle = c["lane-edge"];
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.moveTo(x, box.middle - size);
  ctx.lineTo(x + size, box.middle);
  ctx.lineTo(x, box.middle + size);
  ctx.lineTo(x - size, box.middle);
  ctx.closePath();
  ctx.fill();
  ctx.stroke();
}

/** Beside the bar: how it ended, where that is worth a sign, and how long it took. The colour only repeats what sign and word say. */
function drawWords(p, row, x0, x1, box) {
  const { ctx, colours: c, model, layout } = p;
  if (box.height < 6) return;
  const status = STATUSES[row.status];
  const isTold = status && (row.trouble || (model.gates && !layout.narrow));
  const took = row.known === KNOWN.exactly ? lasting(row.end - row.start) : "";
  const long = layout.lane >= LOW_LANE ? row.status.replace("-", " ") : "";
  const parts = [isTold ? `${status.sign} ${long}`.trim() : "", took, isTold && row.critical ? "critical path" : ""].filter(Boolean);
  if (parts.length === 0 || row.known === KNOWN.open) return;
  ctx.font = font(layout.lane >= LOW_LANE ? 11 : 9, isTold ? 700 : 400);
  const text = parts.join(" · ");
  const width = ctx.measureText(text).width;
  const isFree = (left) => left > layout.gutter && left + width < layout.width - 2 && !isTorn(p, left, left + width);
  const places = [x1 + 6, x0 - width - 6, Math.max(x0, layout.gutter) + 6];
  // Within the bar only where it has room beside its ticks; a length can be read in the tip as well, but not that it went wrong.
  const found = places.find((left, at) => isFree(left) && (at < 2 || (left + width < x1 - 4 && box.height >= 18)));
  if (found === undefined && !isTold) return;
  const left = found === undefined ? Math.max(layout.gutter + 2, Math.min(x1 + 6, layout.width - width - 4)) : found;
  patch(p, text, left, box.middle + 0.5, isTold ? c[status.colour] : c.faint);
  p.words.set(row.lane, { from: left, to: left + width });
}

/** Tool calls: fine ticks at the foot of the bar; a failed one is taller, with a head. Two on one pixel are one. */
function drawCalls(p, row, box) {
  const { starts, tools, durations } = row;
  if (starts.length === 0) return;
  const { ctx, colours: c, layout } = p;
  const isMain = row.lane === MAIN;
  const tall = isMain ? Math.min(box.height, 12) : Math.max(2, Math.min(6, box.height / 3));
  const y = isMain ? box.middle - tall / 2 : box.y + box.height - tall;
  const ink = isMain ? c.main : inkOn(row.known === KNOWN.exactly ? c.lane : c["lane-unsure"]);
  const failed = [];
  let column = -Infinity;
  ctx.fillStyle = ink;
  const until = timeOf(p.scale, p.view.high);
  // A call that began before what can be seen may reach into it.
  for (let index = Math.max(0, lowerBound(starts, timeOf(p.scale, p.view.low)) - 1); index < starts.length && starts[index] <= until; index += 1) {
    const x = Math.round(p.x(starts[index]));
    if (tools[index] % 2 === 1) failed.push(x);
    if (x === column || x < layout.gutter - 1) continue;
    column = x;
    ctx.fillRect(x, y, 1, tall);
    if (durations[index] > 0) {
      const width = p.x(starts[index] + durations[index]) - x;
      if (width > 3) ctx.fillRect(x, y + tall - 2, Math.min(width, layout.width - x), 2);
    }
  }
  ctx.fillStyle = c.error;
  column = -Infinity;
  for (const x of failed) {
    if (x - column < 2) continue;
    column = x;
    const high = isMain ? tall : Math.min(tall + 4, box.height);
    ctx.fillRect(x, y + tall - high, 1, high);
    if (box.height >= 8) ctx.fillRect(x - 1, y + tall - high, 3, 3);
  }
}

/** Bundles of calls that are not drawn one by one: blocks, the higher the more; with a tall tick where one failed. */
function drawBundles(p, row, box) {
  if (row.bundles.length === 0) return;
  const { ctx, colours: c } = p;
  const most = Math.max(...row.bundles.map((bundle) => bundle.count));
  for (const bundle of row.bundles) {
    const [x0, x1] = [p.x(bundle.start), p.x(bundle.end)];
    if (x1 < p.layout.gutter || x0 > p.layout.width) continue;
    const height = Math.max(2, (bundle.count / most) * box.height * 0.5);
    ctx.fillStyle = c.main;
    ctx.fillRect(x0, box.y + box.height - height, Math.max(2, x1 - x0 - 1), height);
    if (bundle.failed > 0) {
      ctx.fillStyle = c.error;
      ctx.fillRect(x0, box.y, 1, box.height);
    }
  }
}

/** Edits: small triangles that stand on the bar with their tips; those that collide are larger and in the colour of errors. */
function drawMarks(p, row, box) {
  const { ctx, colours: c, layout } = p;
  let column = -Infinity;
  for (const mark of row.marks) {
    const x = p.x(mark.at);
    const hits = p.model.colliding.has(`${row.lane} ${mark.path}`);
    if (x < layout.gutter - 6 || x > layout.width + 6 || (x - column < (layout.lane < LOW_LANE ? 6 : 2) && !hits)) continue;
    column = x;
    const size = Math.min(hits ? 6 : 4.5, box.height / (hits ? 2 : 3));
    ctx.beginPath();
    ctx.moveTo(x - size, box.y + 1 - size * 1.5);
    ctx.lineTo(x + size, box.y + 1 - size * 1.5);
    ctx.lineTo(x, box.y + 1);
    ctx.closePath();
    ctx.fillStyle = hits ? c.error : mark.inferred ? c.card : c.ink;
    ctx.fill();
    ctx.strokeStyle = hits || mark.inferred ? c.ink : c.card;
    ctx.lineWidth = 1;
    ctx.stroke();
  }
}

function drawLit(p, row, box) {
  if (row.start < 0) return;
  const { ctx, colours: c } = p;
  const { x0, width } = ends(p, row);
  ctx.strokeStyle = c["claim-line"];
  ctx.lineWidth = 2.5;
  ctx.strokeRect(x0 - 2, box.y - 2, width + 4, box.height + 4);
}

/** The name of a row, indented under its parent. */
function drawLabel(p, place) {
  const { ctx, layout, model, colours: c } = p;
  const row = model.rows[place];
  const box = rowBox(p, place);
  const tall = !layout.narrow && layout.lane >= 30 && row.type && row.type !== row.label;
  const left = (layout.narrow ? 4 : 8) + row.depth * 12;
  const room = (layout.narrow ? layout.width * 0.9 : layout.gutter - 14) - left;
  const size = layout.lane >= LOW_LANE ? 12 : 10;
  const status = STATUSES[row.status];
  const sign = status && (row.trouble || model.gates) ? `${status.sign} ` : "";
  const more = model.gates && layout.narrow ? `: ${row.status}${row.critical ? ", critical path" : ""}` : "";
  const text = `${row.depth > 0 ? "└ " : ""}${sign}${row.label}${more}`;
  const y = layout.narrow ? box.top + 8 : tall ? box.middle - 6 : box.middle;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.font = row.lane === MAIN ? `italic ${font(size)}` : font(size, row.critical ? 700 : 400);
  ctx.fillStyle = row.lane === MAIN ? c.faint : c.ink;
  // On a narrow picture the lines of dependence pass here.
  if (model.gates && layout.narrow) patch(p, shorten(p, text, room), left, y, c.ink);
  else ctx.fillText(shorten(p, text, room), left, y);
  if (tall) {
    ctx.font = font(10);
    ctx.fillStyle = c.faint;
    ctx.fillText(shorten(p, row.type, room), left, y + 13);
  }
}

/** A bracket beside the rows of each batch. */
function drawBatches(p, first, last) {
  const { ctx, layout, model, colours: c } = p;
  const x = layout.narrow ? 1.5 : layout.gutter - 4.5;
  ctx.strokeStyle = c.faint;
  ctx.lineWidth = 1.5;
  for (let place = first; place <= last; place += 1) {
    const { batch } = model.rows[place];
    if (batch < 0 || (place > first && model.rows[place - 1].batch === batch)) continue;
    let end = place;
    while (end < last && model.rows[end + 1].batch === batch) end += 1;
    if (end === place) continue;
    const [top, bottom] = [rowBox(p, place).top + 3, rowBox(p, end).top + layout.lane - 3];
    ctx.beginPath();
    ctx.moveTo(x + 3, top);
    ctx.lineTo(x, top);
    ctx.lineTo(x, bottom);
    ctx.lineTo(x + 3, bottom);
    ctx.stroke();
  }
}

/** A ring around what the keys have selected. */
function drawFocus(p) {
  const { ctx, colours: c, layout, focus } = p;
  if (!focus || !focus.row || !p.isFocused) return;
  const box = rowBox(p, p.model.places.get(focus.row.lane));
  ctx.strokeStyle = c.focus;
  ctx.lineWidth = 2;
  if (focus.kind === "row") ctx.strokeRect(1, box.top + 1, layout.width - 2, layout.lane - 2);
  else ctx.strokeRect(p.x(focus.at) - 7, box.y - 4, 14, box.height + 8);
}
