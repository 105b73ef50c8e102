// Lines between lanes: what collides, what a claim is about, what a gate waited for.

function drawCollisions(p) {
  const { ctx, model, layout, colours: c } = p;
  const taken = [];
  for (const hit of model.collisions) {
    const [one, other] = hit.ends.map((end) => ({ x: p.x(end.at), y: rowBox(p, model.places.get(end.lane)).middle }));
    if (Math.max(one.y, other.y) < layout.head || Math.min(one.y, other.y) > layout.bottom) continue;
    if (Math.max(one.x, other.x) < layout.gutter || Math.min(one.x, other.x) > layout.width) continue;
    const colour = c[hit.severity] || c.error;
    const isActive = [p.hover, p.focus].some((item) => item && item.kind === "collision" && item.index === hit.index);
    ctx.strokeStyle = colour;
    ctx.lineWidth = isActive ? 3.5 : 2;
    line(ctx, one.x, one.y, other.x, other.y);
    const [x, y] = [(one.x + other.x) / 2, (one.y + other.y) / 2];
    ctx.fillStyle = colour;
    for (const end of [one, other]) {
      ctx.beginPath();
      ctx.arc(end.x, end.y, 3.5, 0, 7);
      ctx.fill();
    }
    ctx.beginPath();
    ctx.arc(x, y, 8, 0, 7);
    ctx.fill();
    ctx.font = font(12, 800);
    ctx.textAlign = "center";
    ctx.fillStyle = inkOn(colour);
    ctx.fillText("!", x, y + 0.5);
    ctx.textAlign = "left";
    p.hits.push({ x: x - 9, y: y - 9, width: 18, height: 18, item: { kind: "collision", index: hit.index, at: hit.ends[0].at } });
    // On a narrow picture the names of the lanes are where the words would be.
    if ((layout.narrow || model.collisions.length > 12) && !isActive) continue;
    drawCollisionWords(p, hit, x, y, colour, taken);
  }
}

/** What collides, behind whatever stands on a row between both ends; nothing where there is no room. */
function drawCollisionWords(p, hit, x, y, colour, taken) {
  const { ctx, model, layout } = p;
  ctx.font = font(11, 600);
  const text = shorten(p, `! both edited ${tail(name(hit.path))}`, Math.max(60, layout.width * 0.4));
  const width = ctx.measureText(text).width;
  const places = hit.ends.map((end) => model.places.get(end.lane)).sort((one, other) => one - other);
  const near = Array.from({ length: Math.min(places[1] - places[0] + 1, 50) }, (_, index) => places[0] + index);
  const away = (place) => Math.abs(rowBox(p, place).middle - y);
  for (const place of near.sort((one, other) => away(one) - away(other))) {
    const row = model.rows[place];
    const { middle } = rowBox(p, place);
    const words = p.words.get(row.lane);
    const left = Math.max(x + 13, (row.start >= 0 ? p.x(row.end) : 0) + 8, words ? words.to + 10 : 0);
    const isTaken = taken.some((box) => Math.abs(box.y - middle) < 14 && left < box.to && box.from < left + width);
    if (middle < layout.head || middle > layout.bottom || left + width > layout.width || isTaken) continue;
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
