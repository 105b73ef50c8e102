// The axis, its gaps, and the claims as flags above it.

const FLAG = 18;

function drawAxis(p) {
  const { ctx, model, scale, layout, colours: c } = p;
  const y = layout.flags;
  const step = stepFor(((model.gates ? 56 : 74) * (p.view.high - p.view.low)) / layout.plot);
  ctx.font = font(11);
  ctx.textBaseline = "middle";
  ctx.textAlign = "center";
  ctx.lineWidth = 1;
  let last = "";
  let free = -Infinity;
  p.times = [];
  const room = layout.narrow ? 16 : 3;
  const torn = scale.gaps.map((gap) => [p.x(gap.start), p.x(gap.end)]);
  for (const part of scale.parts) {
    const start = Math.max(part.start, timeOf(scale, p.view.low));
    const end = Math.min(part.end, timeOf(scale, p.view.high));
    const marks = ticks(model, start, end, step);
    // What follows a gap, and the start, have a time of their own where no round one is near enough.
    const own = scale.gaps.length > 0 && part.start >= timeOf(scale, p.view.low) && part.start < end;
    if (own && !(marks.length > 0 && p.x(marks[0]) - p.x(part.start) < 110)) marks.unshift(part.start);
    for (const at of marks) {
      const isRound = at !== part.start;
      const x = crisp(p.x(at));
      ctx.strokeStyle = c.line;
      line(ctx, x, y + 17, x, layout.height);
      const text = clock(model, at, isRound ? step : Math.min(step, 60000));
      const date = model.gates ? "" : day(model, at);
      const shown = date === last || step >= 24 * HOUR ? text : `${date.slice(5)} ${text}`;
      const width = ctx.measureText(shown).width;
      const gap = scale.gaps.find((gap) => gap.start >= part.start);
      const isBefore = !isRound && gap && !layout.narrow && part.start === 0 && p.x(gap.start) - x < width + 8 && x >= layout.gutter;
      const middle = isBefore ? x - width / 2 - 5 : isRound ? Math.max(x, layout.gutter + width / 2) : x + width / 2 + 4;
      if (middle - width / 2 < free + 6 || middle + width / 2 > layout.width + 4) continue;
      if (!isBefore && torn.some(([x0, x1]) => middle + width / 2 > x0 - room && middle - width / 2 < x1 + room)) continue;
      free = middle + width / 2;
      last = date;
      p.times.push({ text: step >= 24 * HOUR && isRound ? date : shown, middle });
    }
  }
  ctx.textAlign = "left";
  if (!layout.narrow) {
    ctx.fillStyle = c.faint;
    ctx.fillText(model.gates ? "since the first began" : "time in UTC", 8, y + 9);
  }
  ctx.strokeStyle = c.faint;
  line(ctx, layout.gutter, y + 18.5, layout.width, y + 18.5);
}

/** The times of the axis, above the stems of the flags: a time that a line goes through cannot be read. */
function drawTimes(p) {
  const { ctx, layout, colours: c } = p;
  ctx.textBaseline = "middle";
  for (const { text, middle, isGap } of p.times) {
    ctx.font = font(11, isGap ? 600 : 400);
    patch(p, text, middle - ctx.measureText(text).width / 2, layout.flags + 9, isGap ? c.ink : c.faint);
  }
}

/** A folded gap: hatched from top to bottom, with torn edges, and said in words. */
function drawGaps(p) {
  const { ctx, layout, colours: c } = p;
  for (const gap of p.scale.gaps) {
    const [x0, x1] = [p.x(gap.start), p.x(gap.end)];
    if (x1 < layout.gutter || x0 > layout.width) continue;
    const [top, bottom] = [layout.flags + 2, layout.height];
    ctx.fillStyle = c.paper;
    ctx.fillRect(x0, top, x1 - x0, bottom - top);
    ctx.globalAlpha = 0.5;
    hatch(ctx, x0, top, x1 - x0, bottom - top, c.line, 8);
    ctx.globalAlpha = 1;
    ctx.strokeStyle = c.faint;
    ctx.lineWidth = 1;
    for (const x of [x0, x1]) {
      ctx.beginPath();
      for (let y = top, side = -1; y <= bottom; y += 6, side = -side) ctx.lineTo(x + side * 2.5, y);
      ctx.stroke();
    }
    gapText(p, gap, (x0 + x1) / 2, x1 - x0);
    p.hits.push({ x: x0, y: top, width: x1 - x0, height: bottom - top, low: true, item: { kind: "gap", gap, at: gap.start } });
  }
}

function gapText(p, gap, x, width) {
  const { ctx, layout, colours: c } = p;
  const time = lasting(gap.end - gap.start).replace(/ 00m$/, "");
  const text = idle(p.model, gap);
  ctx.font = font(11, 600);
  ctx.textAlign = layout.narrow ? "left" : "center";
  const long = ctx.measureText(text).width + 12;
  const room = layout.bottom - layout.head;
  ctx.save();
  ctx.fillStyle = c.ink;
  if (width > long) {
    ctx.fillText(text, x, layout.flags + 10);
  } else {
    if (layout.narrow) {
      p.times.push({ text: time, middle: Math.max(ctx.measureText(time).width / 2 + 2, x), isGap: true });
    } else if (room > long && width > 16) {
      ctx.translate(x, layout.head + room / 2);
      ctx.rotate(-Math.PI / 2);
      ctx.fillStyle = c.paper;
      ctx.fillRect(-long / 2, -8, long, 16);
      ctx.fillStyle = c.ink;
      ctx.fillText(text, 0, 0);
    } else if (width > 20) {
      ctx.fillText(time, x, layout.flags + 10);
    }
  }
  ctx.restore();
  ctx.textAlign = "left";
}

/** Claims that are this near to each other stand under one flag, where there are more of them than rows. */
const NEAR = 30;

/** What stands on a flag: the claim, or how many of each verdict. */
function wordsOf(p, claims) {
  if (claims.length === 1) return p.model.claims.length <= 8 && claims[0].verdict !== "unverifiable" ? flagText(claims[0]) : "";
  return counted(claims).map(({ sign, count }) => `${sign} ${count}`).join("  ");
}

/** A flag for one claim or several, with the worst verdict's colour. */
function flagOf(p, claims) {
  const [claim] = [...claims].sort((one, other) => VERDICTS[one.verdict].rank - VERDICTS[other.verdict].rank || one.at - other.at);
  const flag = { claim, claims, x: p.x(claims[0].at) };
  return sized(p, flag);
}

/** Gives a flag its words and its width. */
function sized(p, flag) {
  flag.text = wordsOf(p, flag.claims);
  const width = flag.text ? p.ctx.measureText(flag.text).width + 7 : 0;
  flag.width = flag.claims.length > 1 ? width + 4 : FLAG + width;
  return flag;
}

/** The claims as flags: those that are near each other together, if they are too many for the rows. */
function flagsOf(p, rows) {
  const claims = p.model.claims.filter((claim) => claim.at >= 0).sort((one, other) => one.at - other.at);
  const groups = [];
  for (const claim of claims) {
    const last = groups[groups.length - 1];
    if (last && p.x(claim.at) - p.x(last[0].at) < NEAR) last.push(claim);
    else groups.push([claim]);
  }
  return groups.flatMap((group) => (group.length > rows ? [flagOf(p, group)] : group.map((claim) => flagOf(p, [claim]))));
}

/** Which row a flag has, worst verdict first; one without a free row joins the flag that is in its way. */
function placeFlags(p, rows) {
  const { layout } = p;
  p.ctx.font = font(11, 600);
  const flags = flagsOf(p, rows);
  flags.sort((one, other) => VERDICTS[one.claim.verdict].rank - VERDICTS[other.claim.verdict].rank || one.claim.at - other.claim.at);
  const placed = [];
  let used = 0;
  for (const flag of flags) {
    const hits = (row) => placed.find((other) => other.row === row && flag.left < other.left + other.width + 3 && other.left < flag.left + flag.width + 3);
    flag.left = Math.max(Math.min(flag.x - 1, layout.width - flag.width - 8), Math.min(flag.x - 1, layout.gutter));
    flag.row = 0;
    while (flag.row < rows && hits(flag.row)) flag.row += 1;
    if (flag.row < rows) {
      placed.push(flag);
      used = Math.max(used, flag.row + 1);
    } else {
      const front = hits(rows - 1);
      front.claims.push(...flag.claims);
      sized(p, front);
    }
  }
  return { placed, used };
}

const flagText = (claim) => (claim.agents > 0 ? `claimed ${claim.agents}: ${claim.verdict}` : claim.verdict);

function drawFlags(p) {
  const { ctx, layout, colours: c, model } = p;
  const { placed } = placeFlags(p, layout.flagRows);
  const shown = activeClaim(p);
  ctx.textBaseline = "middle";
  if (!layout.narrow && model.claims.length > 0) {
    ctx.font = font(11);
    ctx.fillStyle = c.faint;
    ctx.fillText("claims", 8, layout.flags - FLAG / 2 - 2);
  }
  for (const flag of placed.reverse()) {
    if (flag.x < layout.gutter - 2 || flag.x > layout.width + 2) continue;
    const { sign, colour, rank } = VERDICTS[flag.claim.verdict];
    const y = layout.flags - 2 - (flag.row + 1) * (FLAG + 3) + 3;
    const isShown = flag.claims.includes(shown);
    ctx.strokeStyle = c[colour];
    ctx.lineWidth = isShown ? 2 : 1;
    line(ctx, crisp(flag.x), y, crisp(flag.x), layout.flags + 18);
    if (isShown || model.claims.length <= 8 || rank < 3) {
      ctx.setLineDash([2, 4]);
      ctx.globalAlpha = isShown ? 1 : 0.55;
      line(ctx, crisp(flag.x), layout.flags + 18, crisp(flag.x), layout.height);
      ctx.setLineDash([]);
      ctx.globalAlpha = 1;
    }
    const filled = rank < 3;
    ctx.fillStyle = filled ? c[colour] : c.card;
    ctx.fillRect(flag.left, y, flag.width, FLAG);
    ctx.lineWidth = isShown ? 2.5 : 1;
    ctx.strokeStyle = isShown ? c.focus : c[colour];
    ctx.strokeRect(Math.round(flag.left) + 0.5, y + 0.5, flag.width, FLAG - 1);
    ctx.fillStyle = filled ? inkOn(c[colour]) : c[colour];
    const isGroup = flag.claims.length > 1;
    ctx.font = font(13, 700);
    if (!isGroup) ctx.fillText(sign, flag.left + 5, y + FLAG / 2 + 1);
    ctx.font = font(11, 600);
    ctx.fillText(flag.text, flag.left + (isGroup ? 6 : FLAG), y + FLAG / 2 + 0.5);
    const about = { index: flag.claim.index, at: flag.claim.at };
    const item = isGroup ? { kind: "claims", claims: flag.claims, ...about } : { kind: "claim", ...about };
    p.hits.push({ x: flag.left, y, width: flag.width, height: FLAG, item });
  }
}

/** The claim that is looked at: selected, under the pointer, or under the keys. */
function activeClaim(p) {
  const item = [p.hover, p.pinned, p.focus].find((item) => item && item.kind === "claim");
  return item ? p.model.claims[item.index] : null;
}
