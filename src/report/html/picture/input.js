// The pointer, the wheel, fingers and keys.

function listen(p) {
  const { canvas, scroller } = p;
  const local = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const pointers = new Map();
  let moved = false;

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    pointers.set(event.pointerId, local(event));
    moved = false;
  });
  canvas.addEventListener("pointermove", (event) => {
    const here = local(event);
    const before = pointers.get(event.pointerId);
    if (!before) {
      hover(p, itemAt(p, here.x, here.y), here);
      return;
    }
    if (pointers.size === 1) {
      if (!moved && Math.hypot(here.x - before.x, here.y - before.y) < 4) return;
      if (!moved) canvas.setPointerCapture(event.pointerId);
      moved = true;
      pan(p, before.x - here.x);
      if (event.pointerType === "mouse") scroller.scrollTop += before.y - here.y;
    } else {
      const other = [...pointers].find(([id]) => id !== event.pointerId)[1];
      const factor = Math.abs(here.x - other.x) / Math.max(8, Math.abs(before.x - other.x));
      moved = true;
      zoom(p, Math.min(Math.max(factor, 0.5), 2), (here.x + other.x) / 2);
    }
    pointers.set(event.pointerId, here);
    hover(p, null);
  });
  const release = (event) => pointers.delete(event.pointerId);
  canvas.addEventListener("pointerup", (event) => {
    const wasDown = release(event);
    const { x, y } = local(event);
    if (wasDown && !moved) click(p, itemAt(p, x, y, event.pointerType === "touch"), { x, y });
  });
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("pointerleave", () => hover(p, null));
  canvas.addEventListener("wheel", (event) => wheel(p, event, local(event).x), { passive: false });
  canvas.addEventListener("keydown", (event) => {
    if (key(p, event)) event.preventDefault();
  });
  canvas.addEventListener("focus", () => {
    p.isFocused = canvas.matches(":focus-visible");
    request(p);
  });
  canvas.addEventListener("blur", () => {
    p.isFocused = false;
    p.focus = null;
    showTip(p);
    request(p);
  });
  scroller.addEventListener("scroll", () => {
    p.top = scroller.scrollTop;
    request(p);
  }, { passive: true });
}

function wheel(p, event, x) {
  const unit = event.deltaMode === 1 ? 16 : 1;
  if (event.ctrlKey || event.metaKey) zoom(p, Math.exp(-event.deltaY * unit * 0.002), x);
  else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) pan(p, (event.deltaX || event.deltaY) * unit);
  else return;
  event.preventDefault();
}

function hover(p, item, at) {
  const same = (one, other) => one === other || (one && other && one.kind === other.kind && one.row === other.row && one.index === other.index && one.at === other.at);
  p.pointer = at || p.pointer;
  p.canvas.classList.toggle("is-over", Boolean(item) && item.kind !== "curve");
  if (same(p.hover, item)) return;
  p.hover = item;
  showTip(p);
  request(p);
}

/** A claim stays selected until it is clicked again; what has a row in the page leads there on the second click. */
function click(p, item, at) {
  const again = p.pinned && item && p.pinned.kind === item.kind && p.pinned.index === item.index && p.pinned.row === item.row;
  p.pointer = at;
  p.pinned = item && !again ? item : null;
  p.hover = item;
  if (again) open(p, item);
  showTip(p);
  request(p);
}

/** What a key does; whether it did something. */
function key(p, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const jump = (p.layout.width - p.layout.gutter) * 0.15;
  const middle = p.layout.gutter + p.layout.plot / 2;
  switch (event.key) {
    case "ArrowLeft": event.shiftKey ? pan(p, -jump) : select(p, 0, -1); break;
    case "ArrowRight": event.shiftKey ? pan(p, jump) : select(p, 0, 1); break;
    case "ArrowUp": select(p, -1, 0); break;
    case "ArrowDown": select(p, 1, 0); break;
    case "+": case "=": zoom(p, 1.5, p.focus && p.focus.at >= 0 ? p.x(p.focus.at) : middle); break;
    case "-": zoom(p, 1 / 1.5, middle); break;
    case "0": fit(p); break;
    case "f": fold(p); break;
    case "Home": pan(p, -Infinity); break;
    case "End": pan(p, Infinity); break;
    case "Enter": return Boolean(p.focus || p.pinned) && open(p, p.focus || p.pinned);
    case "Escape":
      p.focus = p.pinned = p.hover = null;
      showTip(p);
      request(p);
      break;
    default: return false;
  }
  return true;
}

function select(p, levels, items) {
  step(p, levels, items);
  p.isFocused = true;
  p.hover = null;
  if (!p.focus) return;
  reveal(p, p.focus);
  p.live.textContent = describe(p.model, p.focus).join(". ");
  p.draw();
  showTip(p);
}

/** Moves the picture so that a thing is on it. */
function reveal(p, item) {
  const { layout, scroller } = p;
  if (item.at >= 0) {
    const x = p.x(item.at);
    if (x < layout.gutter || x > layout.width - 20) pan(p, x - layout.gutter - layout.plot / 3);
  }
  const { y } = placeOf(p, item);
  if (y < layout.head || item.kind === "claim") scroller.scrollTop += item.kind === "claim" ? 0 : y - layout.head - layout.lane;
  else if (y > layout.bottom) scroller.scrollTop += y - layout.bottom + layout.lane;
  p.top = scroller.scrollTop;
}

function limit(p) {
  const { scale, view } = p;
  const whole = scale.high - scale.low;
  const width = Math.min(Math.max(view.high - view.low, Math.min(whole, Math.max(20, whole * 1e-6))), whole);
  view.low = Math.min(Math.max(view.low, scale.low), scale.high - width);
  view.high = view.low + width;
}

/** Moves the picture sideways; by infinity to its start or its end. */
function pan(p, pixels) {
  const whole = p.scale.high - p.scale.low;
  const units = Math.min(Math.max((pixels / p.layout.plot) * (p.view.high - p.view.low), -whole), whole);
  p.view.low += units;
  p.view.high += units;
  limit(p);
  request(p);
}

function zoom(p, factor, x) {
  const at = p.unit(Math.max(x, p.layout.gutter));
  p.view.low = at - (at - p.view.low) / factor;
  p.view.high = at + (p.view.high - at) / factor;
  limit(p);
  request(p);
}

function fit(p) {
  p.view = { low: p.scale.low, high: p.scale.high };
  request(p);
}

function fold(p) {
  if (p.model.foldable.gaps.length === 0) return;
  p.folded = !p.folded;
  p.scale = makeScale(p.model, p.folded);
  p.foldButton.setAttribute("aria-pressed", String(p.folded));
  fit(p);
}
