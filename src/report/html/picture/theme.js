// Colours from the page, patterns, and small helpers of drawing.

const LIGHT = {
  paper: "#f5f6f8", card: "#ffffff", ink: "#1b2230", faint: "#566072", line: "#dce1e9", accent: "#3150c8", error: "#b3201a",
  warning: "#855300", note: "#3a5a9c", ok: "#17703d", lane: "#8fa8ec", "lane-edge": "#3150c8", "lane-unsure": "#d3dcf6", main: "#97a1b0",
  "claim-line": "#7a2fb8", focus: "#1d4ed8",
};

const FONT = "system-ui, sans-serif";
const font = (size, weight = 400) => `${weight} ${size}px ${FONT}`;

let palette = null;

/** The colours of the page as it looks now; on paper the light ones. */
function colours(onPaper) {
  if (onPaper) return LIGHT;
  if (!palette) {
    palette = {};
    const probe = document.createElement("span");
    probe.hidden = true;
    document.body.append(probe);
    for (const key of Object.keys(LIGHT)) {
      probe.style.color = `var(--${key}, ${LIGHT[key]})`;
      palette[key] = getComputedStyle(probe).color;
    }
    probe.remove();
  }
  return palette;
}

/** Ink that can be read on a colour. */
function inkOn(colour) {
  const parts = (colour.startsWith("#")
    ? [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))
    : (colour.match(/[\d.]+/g) || []).slice(0, 3).map(Number));
  const [red, green, blue] = parts.length === 3 ? parts : [128, 128, 128];
  return red * 0.299 + green * 0.587 + blue * 0.114 > 125 ? "#10151f" : "#ffffff";
}

/** Slanted lines within a rectangle: a fill that needs no colour. */
function hatch(ctx, x, y, width, height, colour, apart) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, width, height);
  ctx.clip();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (let at = Math.floor((x - height) / apart) * apart; at < x + width; at += apart) {
    ctx.moveTo(at, y + height);
    ctx.lineTo(at + height, y);
  }
  ctx.stroke();
  ctx.restore();
}

/** Text that is cut to a width; what was measured once is remembered. */
function shorten(p, text, width) {
  const key = `${p.ctx.font} ${Math.floor(width)} ${text}`;
  let short = p.shortened.get(key);
  if (short === undefined) {
    short = text;
    if (p.ctx.measureText(text).width > width) {
      const letters = [...text];
      let [low, high] = [0, letters.length];
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (p.ctx.measureText(`${letters.slice(0, middle).join("")}…`).width <= width) low = middle;
        else high = middle - 1;
      }
      short = low === 0 ? "" : `${letters.slice(0, low).join("").trimEnd()}…`;
    }
    if (p.shortened.size > 4000) p.shortened.clear();
    p.shortened.set(key, short);
  }
  return short;
}

/** Text on a patch of the ground, so that lines beneath do not run through it. */
function patch(p, text, x, y, colour) {
  const width = p.ctx.measureText(text).width;
  p.ctx.globalAlpha = 0.85;
  p.ctx.fillStyle = p.colours.card;
  p.ctx.fillRect(x - 2, y - 7, width + 4, 14);
  p.ctx.globalAlpha = 1;
  p.ctx.fillStyle = colour;
  p.ctx.fillText(text, x, y);
  return width;
}

function line(ctx, x0, y0, x1, y1) {
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
}

/** Half pixels keep thin lines thin. */
const crisp = (value) => Math.round(value) + 0.5;
