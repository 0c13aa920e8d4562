"use strict";
// Saving and proposals, the pages and the way between them; the last script: it begins.

// Saving, proposals ------------------------------------------------------------------------------
async function save(gold = "ask") {
  await keep();
  if (state.isLost) return;
  const told = await call("POST", "save", { case: state.id }, { revision: state.revision, gold });
  if (told.labels) { await meet(state, told); return; }
  if (told.status === 409) {
    const answer = await ask(told.message, [["Replace them", "replace"], ["Save only my reading", "keep"], ["Cancel", ""]]);
    if (answer) await save(answer);
    return;
  }
  state.problems = told.problems || [];
  if (told.files && told.files.length) {
    state.is_unsaved = false;
    state.is_saved = true;
    state.readers = [...new Set([...state.readers, ...(desk.annotator === "gold" ? [] : [desk.annotator])])];
    const waits = told.files.some((file) => file === "gold.json") ? "" : " The fixture waits until the readers’ differences are settled.";
    say(told.message + waits, "good");
    showKept();
  } else say(told.message || told.error, "bad");
  render();
  if (!(told.files && told.files.length)) $("problems")?.focus();
}
async function propose() {
  const sure = await ask(`Ask ${desk.model}? That you have seen its proposal is recorded in your labels (pre_annotated_by_model).`, [["Ask it", true], ["Cancel", false]]);
  if (!sure) return;
  await keep();
  say(`${desk.model} is reading…`);
  const one = state;
  const told = await call("POST", "proposal", { case: one.id }, {});
  if (one !== state) return;
  if (!told.records) { say(told.error, "bad"); return; }
  state.revision = told.revision;
  state.is_unsaved = true;
  state.pre_annotated_by_model = told.pre_annotated_by_model;
  state.proposal = told.records;
  say(`${told.records.length} proposed.`);
  showKept();
  render();
  if (state.dirty) keep();
}
async function startFromGold() {
  const labels = await call("GET", "gold", { case: state.id });
  if (labels.error) { say(labels.error, "bad"); return; }
  edit(() => { state.labels = { ...state.labels, records: labels.records, negatives: labels.negatives, notes: labels.notes }; });
}

// Pages ------------------------------------------------------------------------------------------
function adopt(told) {
  state.labels = told.labels;
  state.revision = told.revision;
  state.is_unsaved = told.is_unsaved;
  state.pre_annotated_by_model = told.pre_annotated_by_model;
  settle();
}
async function openCase(id, shows = true) {
  const told = await call("GET", "case", { case: id });
  if (told.error) { say(told.error, "bad"); return; }
  state = { ...told, at: null, focus: told.sentences[0].number, past: [], future: [], typing: null, problems: [], proposal: null, words: "", dirty: false, sending: null };
  await findStash();
  document.title = `${id} · label desk`;
  if (!shows) { $("bar").hidden = true; return; }
  $("title").textContent = id;
  $("bar").hidden = false;
  $("main").replaceChildren(el("div", { class: "columns" },
    el("section", { "aria-label": "Article" }, el("p", { class: "bar", id: "chosen" }),
      el("div", { id: "article", class: "article", role: "listbox", "aria-multiselectable": "true", "aria-label": "Sentences", lang: state.language, onkeydown: heedArticle })),
    el("section", { id: "panel", "aria-label": "Labels" })));
  $("key-list").replaceChildren(...keysOfArticle().flatMap(([key, what]) => [el("dt", {}, key), el("dd", {}, what)]));
  render();
  showKept(state.dirty ? "…" : "");
  focusArticle();
}
async function findStash() {  // what a tab had typed and not sent when it was closed
  const left = JSON.parse(localStorage.getItem(stashName()) || "null");
  if (!left || JSON.stringify(left.labels) === JSON.stringify(state.labels)) { localStorage.removeItem(stashName()); return; }
  const mine = left.revision === state.revision || await ask("This browser holds labels of this case that were never sent. Use them?", [["Use them", true], ["Leave them", false]]);
  if (!mine) { localStorage.removeItem(stashName()); return; }
  remember();
  state.labels = left.labels;
  changed();
}
function showList() {
  state = settling = null;
  $("bar").hidden = true;
  $("title").textContent = desk.form.title;
  document.title = "Label desk";
  const tellState = (one) => (one.is_unsaved ? "draft" : one.is_saved ? "saved" : "not begun");
  $("main").replaceChildren(el("table", {}, el("caption", { class: "note" }, `${desk.cases.length} cases`),
    el("thead", {}, el("tr", {}, ...["case", "yours", "readers", "fixture"].map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, ...desk.cases.map((one) => el("tr", {}, el("th", { scope: "row" }, el("a", { href: `#case/${encodeURIComponent(one.id)}` }, one.id)),
      el("td", {}, tellState(one)), el("td", {}, one.readers.join(", ") || "–"),
      el("td", {}, one.has_gold ? "yes" : "no", one.readers.length > 1 ? el("span", {}, " · ", el("a", { href: `#settle/${encodeURIComponent(one.id)}` }, "compare")) : null))))));
}
async function route() {
  if (state) await keep();
  say("");
  settling = null;
  const [page, id] = location.hash.slice(1).split("/", 2);
  if (page === "case" && id) await openCase(decodeURIComponent(id));
  else if (page === "settle" && id) await openSettling(decodeURIComponent(id));
  else {
    const told = await call("GET", "desk");
    if (told.error) say(told.error, "bad");
    else desk = told;
    showList();
  }
}
async function begin() {
  desk = await call("GET", "desk");
  if (desk.error) { say(desk.error, "bad"); return; }
  $("who").textContent = `labelled by ${desk.annotator}`;
  $("codes").replaceChildren(...Object.entries(desk.form.codes).map(([code, name]) => el("option", { value: code }, name)));
  $("undo").onclick = () => travel(state.past, state.future);
  $("redo").onclick = () => travel(state.future, state.past);
  $("save").onclick = () => save();
  $("propose").onclick = propose;
  $("start-gold").onclick = startFromGold;
  $("keys").onclick = () => $("help").showModal();
  document.addEventListener("selectionchange", () => {
    const marked = getSelection();
    const box = $("article");
    if (state && box && marked.anchorNode && box.contains(marked.anchorNode) && String(marked).trim()) state.words = String(marked).replace(/\s+/g, " ").trim();
  });
  document.addEventListener("keydown", heedAll);
  addEventListener("hashchange", route);
  await route();
}
function heedAll(event) {
  if (!state || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  if (event.key === "Escape" && $("article")) { focusArticle(); return; }
  if (!(event.ctrlKey || event.metaKey) || !["z", "y", "s"].includes(key)) return;
  event.preventDefault();
  if (settling) return;
  if (key === "s") save();
  else if (key === "y" || event.shiftKey) travel(state.future, state.past);
  else travel(state.past, state.future);
}
begin();
