// Sorts and filters the tables. The page is complete without it; what is missing from a page is left alone.
(() => {
  "use strict";

  const rowsOf = (table) => Array.from(table.tBodies[0]?.rows ?? []);

  // What a cell is sorted by: its value where it has one, else what it shows.
  const valueOf = (row, column) => {
    const cell = row.cells[column];
    return cell ? cell.dataset.value ?? cell.textContent.trim() : "";
  };

  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

  const compare = (one, other) => {
    const [first, second] = [one, other].map((value) => (value === "" ? NaN : Number(value)));
    const known = [!Number.isNaN(first), !Number.isNaN(second)];
    if (known[0] && known[1]) return first - second;
    return collator.compare(one, other);
  };

  const isUnknown = (value) => value === "" || value === "–";

  const sort = (table, column, descending) => {
    const body = table.tBodies[0];
    if (!body) return;
    // Each value is read once: reading text is slow in long tables.
    const keyed = rowsOf(table).map((row) => ({ row, value: valueOf(row, column) }));
    keyed.sort((one, other) => {
      // What is unknown comes last in both directions.
      const unknown = isUnknown(one.value) - isUnknown(other.value);
      if (unknown !== 0) return unknown;
      const order = compare(one.value, other.value);
      return descending ? -order : order;
    });
    body.append(...keyed.map((entry) => entry.row));
  };

  const makeSortable = (table) => {
    const heads = Array.from(table.tHead?.rows[0]?.cells ?? []);
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      // What shows the direction is no part of the name.
      const sign = document.createElement("span");
      sign.className = "direction";
      sign.setAttribute("aria-hidden", "true");
      button.append(...head.childNodes, sign);
      head.append(button);
      button.addEventListener("click", () => {
        const descending = head.getAttribute("aria-sort") === "ascending";
        for (const each of heads) each.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", descending ? "descending" : "ascending");
        sort(table, column, descending);
      });
    });
  };

  const makeFilters = (form) => {
    const table = document.querySelector(`table.${form.dataset.filters}`);
    if (!table) return;
    const rows = rowsOf(table).map((row) => ({ row, text: row.textContent.toLowerCase() }));
    const [text, rule, count] = [form.elements.namedItem("text"), form.elements.namedItem("rule"), form.querySelector("output")];
    const none = document.createElement("p");
    none.className = "none";
    none.textContent = "No finding matches.";
    none.hidden = true;
    table.after(none);
    const boxes = Array.from(form.querySelectorAll("input[name=severity]"));
    const apply = () => {
      const words = (text?.value ?? "").toLowerCase().split(/\s+/).filter(Boolean);
      const severities = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
      let shown = 0;
      for (const { row, text: whole } of rows) {
        const fits =
          (boxes.length === 0 || severities.has(row.dataset.severity)) &&
          (!rule?.value || row.dataset.rule === rule.value) &&
          words.every((word) => whole.includes(word));
        row.hidden = !fits;
        shown += fits ? 1 : 0;
      }
      none.hidden = shown > 0;
      if (count) count.textContent = `${shown} of ${rows.length} shown`;
    };
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    // A browser that comes back to the page may have kept what was typed, but not what was hidden.
    window.addEventListener("pageshow", apply);
    form.hidden = false;
    apply();
    return () => {
      form.reset();
      apply();
    };
  };

  // Whoever follows a link to something that is closed or filtered away wants to see it.
  const reveal = (resets) => {
    let id;
    try {
      id = decodeURIComponent(location.hash.slice(1));
    } catch {
      return;
    }
    const target = id && document.getElementById(id);
    if (!target) return;
    if (target.hidden) for (const reset of resets) reset();
    for (let around = target; around; around = around.parentElement) {
      if (around.localName === "details") around.open = true;
    }
    const inside = target.matches("tr") ? "td > details" : target.matches("section.session") ? ":scope > details" : null;
    const closed = inside && target.querySelector(inside);
    if (closed) closed.open = true;
    target.scrollIntoView();
  };

  for (const table of document.querySelectorAll("table[data-sort]")) makeSortable(table);
  const resets = Array.from(document.querySelectorAll("form[data-filters]"), makeFilters).filter(Boolean);
  // Only with a script there is something to see.
  for (const one of document.querySelectorAll("figure.picture, a.drawn")) one.hidden = false;
  window.addEventListener("hashchange", () => reveal(resets));
  // A link that is followed again does not change the address.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    if (link && link.hash === location.hash && !event.ctrlKey && !event.metaKey && !event.shiftKey) reveal(resets);
  });
  if (location.hash) reveal(resets);

  // On paper nothing can be opened. The pictures are drawn by the next to hear of it.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    const closed = Array.from(document.querySelectorAll("details:not([open])"));
    for (const one of closed) one.open = true;
    opened.push(...closed);
  });
  window.addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
    opened = [];
  });
})();
