"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (id) => document.getElementById(id);
  const body = document.querySelector("#table tbody");
  const rows = all("tr", body);
  const sheets = new Map(all(".case").map((sheet) => [sheet.dataset.case, sheet]));

  // Filter: a case is shown in the table and below it, or in neither.
  const fits = (row, words) =>
    words.every((word) => row.dataset.text.toLowerCase().includes(word)) &&
    (!one("filter-status").value || row.dataset.status === one("filter-status").value) &&
    (!one("filter-tag").value || row.dataset.tags.split("\n").includes(one("filter-tag").value)) &&
    (!one("filter-errors").checked || row.dataset.errors === "1");
  const filter = () => {
    const words = one("filter-text").value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) {
      row.hidden = !fits(row, words);
      sheets.get(row.dataset.case).hidden = row.hidden;
    }
    one("count").value = `${rows.filter((row) => !row.hidden).length} of ${rows.length} cases`;
  };
  one("controls").addEventListener("input", filter);

  // Sort: by a column, the other way round at the second time; dashes come last.
  const read = (row, column, isNumber) => {
    const text = row.cells[column].textContent.trim();
    if (!isNumber) return text;
    return text === "–" ? null : Number(text);
  };
  const compare = (a, b, sign) => {
    if (a === null || b === null) return (a === null) - (b === null);
    return sign * (typeof a === "number" ? a - b : a.localeCompare(b, "en", { numeric: true }));
  };
  const sort = (head) => {
    const ascending = head.getAttribute("aria-sort") !== "ascending";
    for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
    const value = (row) => read(row, head.cellIndex, head.dataset.sort === "number");
    const sorted = [...rows].sort((a, b) => compare(value(a), value(b), ascending ? 1 : -1));
    body.append(...sorted);
  };
  for (const head of all("#table thead th")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(head));
    head.append(button);
  }

  // Highlight: a card lights its sentences, a sentence the cards of its records.
  let lighting = null;
  const light = (source) => {
    if (source === lighting) return;
    lighting = source;
    all(".lit").forEach((each) => each.classList.remove("lit"));
    if (!source) return;
    const found = source.dataset.of.split(" ");
    const isMark = source.matches("mark");
    const lit = all("[data-of]", source.closest(".case")).filter(
      (each) => each.matches("mark") !== isMark && each.dataset.of.split(" ").some((key) => found.includes(key)),
    );
    for (const each of lit) each.classList.add("lit");
    if (!isMark && lit.length) reveal(lit[0]);
  };
  // Only the article's own box scrolls, never the page under the pointer.
  const reveal = (mark) => {
    const box = mark.closest(".text");
    const [top, inside] = [mark.getBoundingClientRect(), box.getBoundingClientRect()];
    if (top.bottom > inside.bottom || top.top < inside.top) box.scrollTop += top.top - inside.top - 40;
  };
  // Moves, as a page that scrolls under a resting pointer must not take the light from the focus.
  for (const kind of ["mousemove", "focusin"])
    one("articles").addEventListener(kind, (event) => light(event.target.closest("[data-of]")));
  for (const kind of ["mouseleave", "focusout"]) one("articles").addEventListener(kind, () => light(null));

  // Links into a folded case open it, and show it where it is filtered out.
  const open = () => {
    const target = one(decodeURIComponent(location.hash.slice(1)));
    const sheet = target && target.closest(".case");
    if (!sheet) return;
    sheet.hidden = false;
    sheet.open = true;
    target.scrollIntoView();
  };
  window.addEventListener("hashchange", open);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#c']");
    if (link && link.hash === location.hash) open();
  });
  const fold = (isOpen) => all(".case:not([hidden])").forEach((sheet) => { sheet.open = isOpen; });
  one("unfold").addEventListener("click", () => fold(true));
  one("fold").addEventListener("click", () => fold(false));

  one("controls").hidden = false;
  one("folding").hidden = false;
  open();
})();
