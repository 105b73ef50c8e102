// A figure: its parts, its layout, when it is drawn.
//
// For tests: a figure that was drawn has `data-drawn="1"` and, where an agent or gate has a bar, `data-probe`: the place of the
// middle of the first one on its canvas, {x, y} in CSS pixels.

const pictures = [];

/** Between the two events of printing everything is drawn for paper, whatever asks for it. */
let onPaper = false;

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function button(p, text, title, action) {
  const made = element("button", "", text);
  made.type = "button";
  made.title = title;
  made.setAttribute("aria-label", title);
  // The picture is one stop of the Tab key; all that the buttons do has a key there.
  made.tabIndex = -1;
  made.addEventListener("click", action);
  p.bar.append(made);
  return made;
}

/** Builds what is around the canvas, once, when the figure is first seen. */
function build(p) {
  const { figure, model } = p;
  model.foldable = foldable(model);
  model.stepTimes = model.steps.map((step) => step.at);
  p.folded = model.foldable.byDefault;
  p.scale = makeScale(model, p.folded);
  p.view = { low: p.scale.low, high: p.scale.high };
  const said = sentence(model);
  const caption = figure.querySelector("figcaption") || element("figcaption");
  caption.className = "picture-said";
  caption.textContent = said;
  p.bar = element("div", "picture-bar");
  button(p, "+", "zoom in (+)", () => zoom(p, 1.6, p.layout.gutter + p.layout.plot / 2));
  button(p, "−", "zoom out (-)", () => zoom(p, 1 / 1.6, p.layout.gutter + p.layout.plot / 2));
  button(p, "reset", "show everything (0)", () => fit(p));
  if (model.foldable.gaps.length > 0) {
    p.foldButton = button(p, "fold idle gaps", "fold gaps in which nothing ran (f)", () => fold(p));
    p.foldButton.setAttribute("aria-pressed", String(p.folded));
  }
  p.note = element("span", "picture-note");
  p.bar.append(p.note);
  p.scroller = element("div", "picture-view");
  p.scroller.tabIndex = -1;
  p.room = element("div", "picture-room");
  p.canvas = element("canvas", "picture-canvas");
  p.canvas.tabIndex = 0;
  p.canvas.setAttribute("role", "application");
  p.canvas.setAttribute("aria-roledescription", "timeline");
  p.canvas.setAttribute("aria-label", `${said}; the table below has the same facts`);
  p.tip = element("div", "picture-tip");
  p.tip.hidden = true;
  p.live = element("div", "picture-live");
  p.live.setAttribute("role", "status");
  const help = element("p", "picture-help", hint(model));
  const left = omissions(model);
  p.room.append(p.canvas);
  p.scroller.append(p.room);
  figure.append(caption, p.bar, p.scroller, p.tip, legend(model));
  if (left) figure.append(element("p", "picture-left", left));
  figure.append(help, p.live);
  p.ctx = p.canvas.getContext("2d");
  listen(p);
  new ResizeObserver(() => request(p)).observe(figure);
}

/** Where the first pointer is a finger, or a pen on the glass. */
const isTouch = () => matchMedia("(pointer: coarse)").matches;

/** What can be done with the picture. */
function hint(model) {
  if (isTouch()) return "drag to pan, pinch to zoom; tap for more, tap again to go to its row";
  const folds = model.foldable.gaps.length > 0 ? "f folds gaps, " : "";
  return `drag to pan, Ctrl and wheel to zoom; keys: ↑ ↓ lanes, ← → events, Shift ← → pan, Home End, + − 0 zoom, ${folds}Enter opens the row, Esc closes`;
}

/** What the shapes mean, of those that occur. */
function legend(model) {
  const list = element("p", "picture-legend");
  const add = (kind, text) => {
    const entry = element("span", `picture-key picture-key-${kind}`, text);
    list.append(entry, " ");
  };
  const has = (known) => model.agents.some((row) => row.known === known);
  if (model.gates) {
    if (has(KNOWN.exactly)) add("exact", "ran from here to there");
    if (model.rows.some((row) => row.critical)) add("critical", "on the critical path");
    if (model.rows.some((row) => row.start >= 0 && row.needs.some((lane) => model.rows[model.places.get(lane)].start >= 0))) add("needs", "needs the one before");
    return list;
  }
  if (has(KNOWN.exactly)) add("exact", "ran from here to there");
  if (has(KNOWN.bounds)) add("bounds", "ran somewhere within");
  if (has(KNOWN.open)) add("open", "end unknown");
  if (has(KNOWN.point)) add("point", "called, run time unknown");
  if (model.bundled > 0) add("bundle", "bundle of tool calls");
  if (model.rows.some((row) => row.starts.length > 0)) add("call", "tool call");
  if (model.rows.some((row) => row.tools.some((tool) => tool % 2 === 1))) add("failed", "failed tool call");
  if (model.rows.some((row) => row.marks.length > 0)) add("edit", "edit");
  if (model.claims.some((claim) => claim.agents > 0 && claim.from >= 0)) add("claimed", "claimed number");
  return list;
}

/** Sizes of everything, from the width of the figure and the number of rows. */
function layOut(p, width, isWhole) {
  const { model } = p;
  const narrow = width < 560;
  const rows = model.rows.length;
  const roomy = rows <= 10 ? 34 : rows <= 24 ? 26 : rows <= 120 ? 18 : 14;
  const lane = narrow ? Math.max(roomy, 20) + 12 : roomy;
  const gutter = narrow ? 4 : Math.round(Math.min(Math.max(width * 0.2, 140), 240));
  const layout = { width, narrow, lane, gutter, plot: width - gutter, flags: 0 };
  p.layout = layout;
  const flags = model.claims.some((claim) => claim.at >= 0);
  layout.flagRows = flags ? Math.max(1, placeFlags(p, narrow ? 5 : 4).used) : 0;
  layout.flags = flags ? layout.flagRows * (FLAG + 3) + 4 : 2;
  layout.head = layout.flags + 22;
  layout.curve = model.agents.length > 0 && (model.steps.length > 0 || !model.gates) ? CURVE : 0;
  layout.full = layout.head + rows * lane + 6 + layout.curve;
  const most = isWhole ? 6000 : Math.max(300, window.innerHeight * 0.7);
  layout.height = Math.round(Math.min(layout.full, most));
  layout.bottom = layout.height - layout.curve;
}

/** Fits the canvas to the figure; only where that changes something, because it clears it. */
function resize(p, width, isWhole) {
  const ratio = isWhole ? 2 : Math.min(window.devicePixelRatio || 1, 3);
  const key = `${width} ${ratio} ${isWhole} ${window.innerHeight}`;
  if (key === p.sized) return;
  p.sized = key;
  layOut(p, width, isWhole);
  const { height, full } = p.layout;
  p.canvas.width = Math.round(width * ratio);
  p.canvas.height = Math.round(height * ratio);
  p.canvas.style.height = `${height}px`;
  p.scroller.style.height = `${height}px`;
  p.scroller.style.overflowY = full > height ? "auto" : "hidden";
  p.room.style.height = `${isWhole ? height : full}px`;
  p.ratio = ratio;
}

function draw(p) {
  const width = onPaper ? 960 : Math.floor(p.scroller.clientWidth);
  if (width < 50) return;
  p.colours = colours(onPaper);
  resize(p, width, onPaper);
  p.top = onPaper ? 0 : p.scroller.scrollTop;
  const { ctx, layout, colours: c } = p;
  p.hits = [];
  p.words = new Map();
  ctx.setTransform(p.ratio, 0, 0, p.ratio, 0, 0);
  ctx.fillStyle = c.card;
  ctx.fillRect(0, 0, layout.width, layout.height);
  ctx.textBaseline = "middle";
  drawAxis(p);
  drawGaps(p);
  drawLanes(p);
  drawCurve(p);
  drawFlags(p);
  drawTimes(p);
  note(p);
  tell(p);
}

/** What cannot be seen as it is now, and how it can. */
function note(p) {
  const { layout, model } = p;
  const parts = [];
  if (layout.full > layout.height) {
    const seen = Math.min(model.rows.length, Math.floor((layout.bottom - layout.head) / layout.lane));
    parts.push(`${plural(model.agents.length, model.gates ? "gate" : "agent")}, ${seen} lanes in view: scroll`);
  }
  if (p.dense > 0) parts.push(`${plural(p.dense, "collision")} in view, only their ends are drawn: zoom in, or see the findings`);
  const text = parts.join("; ");
  if (p.note.textContent !== text) p.note.textContent = text;
}

/** The hooks of the tests. */
function tell(p) {
  p.figure.dataset.drawn = "1";
  const place = p.model.rows.findIndex((row) => row.lane !== MAIN && row.start >= 0);
  if (place < 0) return;
  const row = p.model.rows[place];
  const x = p.x((row.start + row.end) / 2);
  p.figure.dataset.probe = JSON.stringify({ x: Math.round(x), y: Math.round(rowBox(p, place).middle) });
}

/** Draws with the next frame, once. */
function request(p) {
  if (p.pending || !p.isSeen) return;
  p.pending = true;
  requestAnimationFrame(() => {
    p.pending = false;
    p.draw();
  });
}

/** The tip tells what is under the pointer, else what the keys or a click have selected. */
function showTip(p) {
  const item = p.hover || p.focus || p.pinned;
  p.tip.hidden = !item;
  if (!item) return;
  const [title, ...lines] = describe(p.model, item);
  p.tip.replaceChildren(element("strong", "", title), ...lines.map((text) => element("div", "", text)));
  if (rowInPage(p, item)) p.tip.append(element("div", "picture-more", isTouch() ? "tap again for its row" : p.hover ? "click twice for its row" : "Enter for its row"));
  const at = p.hover && p.pointer ? p.pointer : placeOf(p, item);
  const box = p.canvas.getBoundingClientRect();
  const outer = p.figure.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = p.tip;
  const x = box.left - outer.left + Math.min(Math.max(at.x + 14, 0), Math.max(0, box.width - width - 4));
  const below = box.top - outer.top + at.y + 18;
  // Above, where there is no room beneath; and for a claim, so that the lanes that it is about stay in sight.
  const fitsAbove = box.top + at.y - height - 12 > 0;
  const isAbove = fitsAbove && (item.kind.startsWith("claim") || box.top + at.y + 18 + height > window.innerHeight);
  p.tip.style.left = `${Math.round(x)}px`;
  p.tip.style.top = `${Math.round(isAbove ? below - height - 30 : below)}px`;
}

function makePicture(figure) {
  const gates = figure.hasAttribute("data-gates");
  const source = gates ? data().gates : (data().sessions || [])[Number(figure.dataset.session)];
  if (!source) return null;
  const p = { figure, source, gates, shortened: new Map(), times: [], dense: 0, hits: [], words: new Map(), top: 0, isSeen: false, hover: null, focus: null, pinned: null, place: 0 };
  p.x = (time) => p.layout.gutter + ((unitOf(p.scale, time) - p.view.low) * p.layout.plot) / (p.view.high - p.view.low);
  p.unit = (x) => p.view.low + ((x - p.layout.gutter) * (p.view.high - p.view.low)) / p.layout.plot;
  p.draw = () => {
    if (!p.model) {
      figure.style.minHeight = "";
      p.model = gates ? gatesModel(source) : sessionModel(source);
      build(p);
    }
    draw(p);
  };
  return p;
}

function start() {
  // What is folded away has no size, and is drawn when it is opened; what is far away gives its memory back.
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const p = pictures.find((picture) => picture.figure === entry.target);
      p.isSeen = entry.isIntersecting;
      if (p.isSeen) request(p);
      else if (p.canvas) {
        p.canvas.width = p.canvas.height = 0;
        p.sized = "";
      }
    }
  }, { rootMargin: "600px 0px" });
  for (const figure of document.querySelectorAll("figure.picture")) {
    const p = makePicture(figure);
    if (!p) continue;
    pictures.push(p);
    // Room from the start, so that the page does not move under the reader when a picture appears.
    figure.style.minHeight = `${Math.min(p.source.lanes.length * 30 + 220, 560)}px`;
    watcher.observe(figure);
  }
  const again = () => {
    palette = null;
    pictures.forEach(request);
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  window.addEventListener("resize", () => pictures.forEach(request));
  window.addEventListener("beforeprint", () => {
    onPaper = true;
    for (const p of pictures.filter((picture) => picture.figure.checkVisibility())) p.draw();
  });
  window.addEventListener("afterprint", () => {
    onPaper = false;
    for (const p of pictures.filter((picture) => picture.canvas)) request(p);
  });
}

start();
