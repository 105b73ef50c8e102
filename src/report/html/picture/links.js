// Lines between lanes: what collides, what a claim is about, what a gate waited for.

/** More collisions in view than this are drawn by their ends only: their lines would cover what they are about. */
const MOST_LINES = 16;

/** The least room beside each other that collisions need for lines, in pixels. */
const LINE_ROOM = 24;

/** Whether there are too many collisions for lines, or too many for the room that they have. */
function areDense(seen) {
  const places = seen.flatMap(({ ends }) => ends.map((end) => end.x));
  const spread = places.reduce((most, x) => Math.max(most, x), -Infinity) - places.reduce((least, x) => Math.min(least, x), Infinity);
  return seen.length > MOST_LINES || (seen.length > 3 && seen.length * LINE_ROOM > spread);
}

const isSelected = (p, hit) => [p.hover, p.focus].some((item) => item && item.kind === "collision" && item.index === hit.index);

/** Both ends of each collision of which something can be seen, the upper one first. */
function seenCollisions(p) {
  const { model, layout } = p;
  const seen = [];
  for (const hit of model.collisions) {
    const ends = hit.ends.map((end) => {
      const place = model.places.get(end.lane);
      return { place, x: p.x(end.at), y: rowBox(p, place).middle };
    });
    ends.sort((one, other) => one.place - other.place);
    if (ends[1].y < layout.head || ends[0].y > layout.bottom) continue;
    if (Math.max(ends[0].x, ends[1].x) < layout.gutter || Math.min(ends[0].x, ends[1].x) > layout.width) continue;
    seen.push({ hit, ends });
  }
  return seen;
}

function drawCollisions(p) {
  const { ctx, layout, model, colours: c } = p;
  const seen = seenCollisions(p);
  p.dense = areDense(seen) ? seen.length : 0;
  const taken = [];
  for (const { hit, ends } of seen) {
    const colour = c[hit.severity] || c.error;
    const isActive = isSelected(p, hit);
    if (p.dense === 0 || isActive) drawBridge(p, ends, colour, isActive);
    const size = p.dense > 0 && !isActive ? 2.5 : Math.min(7, Math.max(3.5, rowBox(p, ends[0].place).height / 2 + 1));
    for (const end of ends) {
      ctx.fillStyle = colour;
      ctx.beginPath();
      ctx.arc(end.x, end.y, size, 0, 7);
      ctx.fill();
      p.hits.push({ x: end.x - size, y: end.y - size, width: 2 * size, height: 2 * size, item: { kind: "collision", index: hit.index, at: hit.ends[0].at } });
      if (size < 5) continue;
      ctx.font = font(Math.round(size * 1.6), 800);
      ctx.textAlign = "center";
      ctx.fillStyle = inkOn(colour);
      ctx.fillText("!", end.x, end.y + 0.5);
      ctx.textAlign = "left";
    }
    // On a narrow picture the names of the lanes are where the words would be.
    if (layout.narrow || (seen.length > 12 && !isActive)) continue;
    drawCollisionWords(p, hit, ends, colour, taken);
  }
}

/** Whether the bar of a row is at `x`. */
const isUnder = (p, row, x) => row.start >= 0 && x > p.x(row.start) - 4 && x < Math.max(p.x(row.end), p.x(row.start) + 2) + 4;

/** A line from one end to the other; over the bars between them, which have nothing to do with it, it goes in an arc. */
function drawBridge(p, [upper, lower], colour, isActive) {
  const { ctx, model, layout, colours: c } = p;
  const between = [];
  const last = Math.min(lower.place, Math.ceil((p.top + layout.bottom - layout.head) / layout.lane) + 1);
  const first = Math.max(upper.place + 1, Math.floor(p.top / layout.lane) - 1);
  for (let place = first; place < last; place += 1) if (model.rows[place].lane !== MAIN) between.push(place);
  const crossed = (x) => between.filter((place) => isUnder(p, model.rows[place], x));
  const [one, other] = [crossed(upper.x), crossed(lower.x)];
  const isFromAbove = one.length <= other.length;
  const x = isFromAbove ? upper.x : lower.x;
  // Sideways it goes where no bar is: between two lanes.
  const side = isFromAbove ? rowBox(p, lower.place).top : rowBox(p, upper.place).top + layout.lane;
  const arc = (place) => {
    const box = rowBox(p, place);
    const half = box.height / 2 + 1.5;
    ctx.lineTo(x, box.middle - half);
    ctx.ellipse(x, box.middle, Math.min(half, 9), half, 0, -Math.PI / 2, Math.PI / 2);
  };
  const trace = () => {
    ctx.beginPath();
    ctx.moveTo(upper.x, upper.y);
    if (!isFromAbove) {
      ctx.lineTo(upper.x, side);
      ctx.lineTo(x, side);
    }
    (isFromAbove ? one : other).forEach(arc);
    if (isFromAbove) {
      ctx.lineTo(x, side);
      ctx.lineTo(lower.x, side);
    }
    ctx.lineTo(lower.x, lower.y);
    ctx.stroke();
  };
  // A rim in the colour of the ground: the arc passes over what it crosses.
  ctx.strokeStyle = c.card;
  ctx.lineWidth = isActive ? 6 : 4.5;
  for (const place of isFromAbove ? one : other) {
    ctx.beginPath();
    arc(place);
    ctx.stroke();
  }
  ctx.strokeStyle = colour;
  ctx.lineWidth = isActive ? 3 : 1.5;
  trace();
}

/** What collides, on one of its two lanes where that has room for it; nothing where there is none. */
function drawCollisionWords(p, hit, ends, colour, taken) {
  const { ctx, model, layout } = p;
  ctx.font = font(11, 600);
  const text = shorten(p, `! both edited ${tail(name(hit.path))}`, Math.max(60, layout.width * 0.4));
  const width = ctx.measureText(text).width;
  const isFree = (left, middle) =>
    left > layout.gutter && left + width < layout.width && middle > layout.head && middle < layout.bottom &&
    !isTorn(p, left, left + width) && !taken.some((box) => Math.abs(box.y - middle) < 14 && left < box.to && box.from < left + width);
  for (const { place, x } of ends) {
    const row = model.rows[place];
    const { middle } = rowBox(p, place);
    const words = p.words.get(row.lane);
    const right = Math.max(x + 13, (row.start >= 0 ? p.x(row.end) : 0) + 8, words ? words.to + 10 : 0);
    const before = Math.min(x - 13, row.start >= 0 ? p.x(row.start) - 8 : x, words ? words.from - 10 : x) - width;
    const left = [right, before].find((left) => isFree(left, middle));
    if (left === undefined) continue;
    taken.push({ y: middle, from: left, to: left + width });
    patch(p, text, left, middle + 0.5, colour);
    return;
  }
}

/** The end of a path says which file it is. */
const tail = (path) => (path.length > 40 ? `…${path.slice(-39)}` : path);

/** From the flag down to each lane that the claim is about. */
function drawClaimLinks(p, claim) {
  if (claim.at < 0) return;
  const { ctx, model, layout, colours: c } = p;
  const x = p.x(claim.at);
  ctx.strokeStyle = c["claim-line"];
  ctx.fillStyle = c["claim-line"];
  ctx.lineWidth = 1.5;
  let deepest = layout.head;
  for (const lane of claim.lanes) {
    const row = model.rows[model.places.get(lane)];
    if (row.start < 0) continue;
    const { middle } = rowBox(p, model.places.get(lane));
    deepest = Math.max(deepest, middle);
    if (middle < layout.head - 20 || middle > layout.bottom + 20) continue;
    const target = p.x(row.start) > x ? p.x(row.start) : Math.max(x, Math.min(p.x(row.end), x));
    const end = p.x(row.end) < x ? p.x(row.end) : target;
    line(ctx, x, middle, end, middle);
    ctx.beginPath();
    ctx.arc(end, middle, 3.5, 0, 7);
    ctx.fill();
  }
  line(ctx, x, layout.head - 2, x, Math.min(deepest, layout.bottom));
}

/** From the end of a gate to the start of those that needed it. */
function drawNeeds(p) {
  const { ctx, model, colours: c } = p;
  if (!model.gates) return;
  for (const row of model.rows) {
    if (row.start < 0) continue;
    for (const lane of row.needs) {
      const needed = model.rows[model.places.get(lane)];
      if (needed.start < 0) continue;
      const both = row.critical && needed.critical;
      ctx.strokeStyle = both ? c.ink : c.faint;
      ctx.lineWidth = both ? 2.5 : 1;
      ctx.setLineDash(both ? [] : [3, 3]);
      const [from, to] = [rowBox(p, model.places.get(lane)), rowBox(p, model.places.get(row.lane))];
      const [x0, x1] = [p.x(needed.end), p.x(row.start)];
      ctx.beginPath();
      ctx.moveTo(x0 - 1, from.y + from.height);
      ctx.lineTo(x0 - 1, to.middle);
      ctx.lineTo(Math.max(x1, x0), to.middle);
      ctx.stroke();
      ctx.setLineDash([]);
    }
  }
}
