// Beneath the lanes: how many were open at once, and how many were claimed.

const CURVE = 82;

const highest = (model) => Math.max(1, model.peak, ...model.claims.map((claim) => (claim.from >= 0 ? claim.agents : 0)));

/** How high the curve's scale goes. What is claimed far beyond what was measured stands at the top edge, and flattens nothing. */
function scaleTop(model) {
  const most = highest(model);
  return model.steps.length > 0 && most > 12 && most > 4 * model.peak ? Math.max(1, model.peak) * 1.5 : most;
}

function drawCurve(p) {
  const { ctx, layout, model, colours: c } = p;
  if (layout.curve === 0) return;
  const [top, bottom] = [layout.bottom + 20, layout.height - 8];
  const most = scaleTop(model);
  const y = (open) => bottom - Math.min(1, open / most) * (bottom - top);
  ctx.fillStyle = c.card;
  ctx.globalAlpha = 0.8;
  ctx.fillRect(0, layout.bottom, layout.width, layout.curve);
  ctx.globalAlpha = 1;
  ctx.strokeStyle = c.faint;
  ctx.lineWidth = 1;
  line(ctx, 0, crisp(layout.bottom), layout.width, crisp(layout.bottom));
  line(ctx, layout.gutter, crisp(bottom), layout.width, crisp(bottom));
  ctx.save();
  ctx.beginPath();
  ctx.rect(layout.gutter, layout.bottom, layout.width - layout.gutter, layout.curve);
  ctx.clip();
  drawSteps(p, y, bottom);
  drawClaimed(p, y);
  ctx.restore();
  drawCurveLabels(p, y);
}

function drawSteps(p, y, bottom) {
  const { ctx, model, colours: c } = p;
  if (model.steps.length === 0) {
    ctx.font = `italic ${font(11)}`;
    ctx.fillStyle = c.faint;
    const none = model.agents.some((row) => !tookNoTime(row));
    const text = none ? "no exact run times, so how many ran at once is not known" : "each took no time, so no two ran at once";
    ctx.fillText(shorten(p, text, p.layout.plot - 16), p.layout.gutter + 8, bottom - 16);
    return;
  }
  const until = timeOf(p.scale, p.view.high);
  const first = Math.max(0, lowerBound(model.stepTimes, timeOf(p.scale, p.view.low)) - 1);
  ctx.beginPath();
  ctx.moveTo(p.x(model.steps[first].at), bottom);
  let open = 0;
  let index = first;
  for (; index < model.steps.length; index += 1) {
    const step = model.steps[index];
    const x = p.x(step.at);
    const next = model.steps[index + 1];
    // One takes the place of another: a moment that is less than a pixel is no dip.
    if (next && step.open < open && next.open > step.open && p.x(next.at) - x < 1) continue;
    ctx.lineTo(x, y(open));
    ctx.lineTo(x, y(step.open));
    open = step.open;
    if (step.at > until) break;
  }
  ctx.lineTo(p.x(model.steps[Math.min(index, model.steps.length - 1)].at), bottom);
  ctx.closePath();
  ctx.fillStyle = c.lane;
  ctx.globalAlpha = 0.55;
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.strokeStyle = c["lane-edge"];
  ctx.lineWidth = 1.5;
  ctx.stroke();
}

/** Where the line of a claim ends: with its agents; a little later where it could not be seen, and where nothing else is. */
function claimedTo(p, claim) {
  const [x0, x1] = [p.x(claim.from), p.x(claim.to)];
  const grown = x0 + 12;
  const isFree = !isTorn(p, x1, grown) && !p.model.agents.some((row) => p.x(row.start) > x1 && p.x(row.start) < grown);
  return Math.max(x1, isFree ? grown : x0 + 3);
}

/** What was claimed, over the time for which it was. The worst verdicts come last, on top, and have their words first. */
function drawClaimed(p, y) {
  const { ctx, model, layout, colours: c } = p;
  const active = activeClaim(p);
  ctx.font = font(11);
  const corner = layout.narrow && model.steps.length > 0 ? ctx.measureText(peakText(model)).width + 12 : 0;
  const taken = corner > 0 ? [{ x: layout.width - corner, y: layout.bottom + 10, width: corner }] : [];
  const claims = model.claims.filter((claim) => claim.agents > 0 && claim.from >= 0 && claim.to >= 0);
  claims.sort((one, other) => VERDICTS[one.verdict].rank - VERDICTS[other.verdict].rank);
  for (const claim of claims) {
    const x0 = Math.max(p.x(claim.from), layout.gutter);
    const x1 = Math.min(claimedTo(p, claim), layout.width);
    if (x1 < layout.gutter || x0 > layout.width) continue;
    ctx.strokeStyle = c["claim-line"];
    ctx.lineWidth = active === claim ? 3.5 : 2;
    // A line that is shorter than its dashes is whole.
    ctx.setLineDash(x1 - x0 < 22 ? [] : [7, 4]);
    line(ctx, x0, y(claim.agents), x1, y(claim.agents));
    ctx.setLineDash([]);
    ctx.font = font(11, 700);
    const far = claim.agents > scaleTop(model) ? (layout.narrow ? " ↑" : " (beyond the scale)") : "";
    const text = `claimed ${claim.agents} ${VERDICTS[claim.verdict].sign}${far}`;
    const box = { x: Math.min(x0 + 4, layout.width - ctx.measureText(text).width - 4), y: y(claim.agents) - 9, width: ctx.measureText(text).width + 6 };
    if (taken.some((other) => Math.abs(other.y - box.y) < 14 && box.x < other.x + other.width && other.x < box.x + box.width)) continue;
    taken.push(box);
    patch(p, text, box.x, box.y, c["claim-line"]);
  }
}

/** On a narrow picture this stands in the corner. */
const peakText = (model) => `${model.gates ? "gates" : "agents"} at once: peak ${model.peak}`;

function drawCurveLabels(p, y) {
  const { ctx, layout, model, colours: c } = p;
  ctx.font = font(11);
  ctx.textBaseline = "middle";
  ctx.fillStyle = c.faint;
  const title = model.gates ? "gates at once" : "agents at once";
  if (layout.narrow) {
    if (model.steps.length > 0) {
      const text = peakText(model);
      patch(p, text, layout.width - ctx.measureText(text).width - 6, layout.bottom + 10, c.ink);
    }
    return;
  }
  ctx.fillText(title, 8, layout.bottom + 14);
  if (model.agents.some((row) => row.parent >= 0)) ctx.fillText("with nested ones", 8, layout.bottom + 29);
  ctx.textAlign = "right";
  const most = Math.floor(scaleTop(model));
  const shown = new Set([0, ...(most < highest(model) ? [] : [most]), ...(model.steps.length > 0 ? [model.peak] : [])]);
  const isKnown = (open) => open === model.peak && model.steps.length > 0;
  for (const open of shown) {
    // The peak is what is measured; a higher number is only claimed, and stands on its line.
    if (open === most && !isKnown(open) && isKnown(model.peak) && Math.abs(y(open) - y(model.peak)) < 13) continue;
    ctx.fillStyle = isKnown(open) ? c.ink : c.faint;
    ctx.font = font(11, isKnown(open) ? 700 : 400);
    const text = isKnown(open) ? `peak ${open}` : String(open);
    if (open === 0 && Math.abs(y(0) - y(model.peak)) < 13 && model.peak > 0) continue;
    ctx.fillText(text, layout.gutter - 8, Math.min(y(open), layout.height - 8));
  }
  ctx.textAlign = "left";
}
