"use strict";
// The desk's page. All text of articles and labels goes through textContent; nothing is markup.

const $ = (id) => document.getElementById(id);
const TAB = String(Math.random());
const KEPT = 60;
const PAUSE = 250;
let desk = null;  // the annotator, the form, the cases
let state = null;  // the case that is open
let settling = null;  // the comparison that is open

// Elements ---------------------------------------------------------------------------------------
function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}
const plain = (name) => name.replaceAll("_", " ");
function say(text, tone = "") { $("say").textContent = text; $("say").className = tone; }

function ask(text, answers) {  // [[word, value], …]; Esc gives the last
  return new Promise((resolve) => {
    $("asked").textContent = text;
    const box = $("question");
    let given = answers.at(-1)[1];
    $("answers").replaceChildren(...answers.map(([word, value]) =>
      el("button", { onclick: () => { given = value; box.close(); } }, word)));
    box.addEventListener("close", () => resolve(given), { once: true });
    box.showModal();
  });
}

// The server -------------------------------------------------------------------------------------
async function call(method, name, query = {}, body = undefined) {  // never throws: what went wrong is in `error`
  try {
    const answer = await fetch(`api/${name}?${new URLSearchParams(query)}`, {
      method, headers: body ? { "content-type": "application/json" } : {}, body: body && JSON.stringify(body),
    });
    const isJson = (answer.headers.get("content-type") || "").includes("json");
    const told = isJson ? await answer.json() : { error: (await answer.text()).trim() };
    return { ...told, status: answer.status };
  } catch {
    return { status: 0, error: "the desk does not answer; start it again with the same command" };
  }
}

// Keeping: a change is stashed in the browser at once, and sent a moment later -----------------------
const stashName = () => `desk ${desk.annotator} ${state.id} ${desk.root || ""}`;
function stash() {
  localStorage.setItem(stashName(), JSON.stringify({ tab: TAB, revision: state.revision, labels: state.labels }));
}
function unstash() {
  const found = JSON.parse(localStorage.getItem(stashName()) || "null");
  if (found && found.tab === TAB) localStorage.removeItem(stashName());
}
function changed() {
  state.dirty = true;
  state.is_unsaved = true;
  stash();
  showKept("…");
  clearTimeout(state.timer);
  state.timer = setTimeout(keep, PAUSE);
}
function showKept(text) {
  $("kept").textContent = text || (state.is_unsaved ? "kept as a draft" : state.is_saved ? "saved" : "not begun");
}

async function keep() {
  const one = state;
  clearTimeout(one.timer);
  if (!one.dirty) return one.sending;
  if (one.sending) { await one.sending; return keep(); }
  one.sending = send(one);
  await one.sending;
  one.sending = null;
  if (one.dirty && !one.isLost && one === state) return keep();
}
async function send(one) {
  one.dirty = false;
  const told = await call("PUT", "draft", { case: one.id }, { revision: one.revision, labels: one.labels });
  if (told.status === 200) {
    one.revision = told.revision; one.isLost = false;
    if (one === state) { one.dirty ? stash() : unstash(); showKept(); }
  } else if (told.status === 409) {
    await meet(one, told);
  } else {
    one.dirty = true; one.isLost = true;
    showKept("not kept");
    say(`Not kept: ${told.error}. Your labels stay in this browser.`, "bad");
    one.timer = setTimeout(keep, 3000);
  }
}
async function meet(one, other) {  // somebody else was faster
  const mine = await ask(
    `Another tab has kept other labels of this case (revision ${other.revision}). Which are to stay?`,
    [["Take the other tab’s", false], ["Keep mine", true]]);
  one.revision = other.revision;
  if (mine) { one.dirty = true; return; }
  remember();
  one.dirty = false;
  adopt(other);
  localStorage.removeItem(stashName());
  showKept();
  render();
}

// Undo: whole labels before each change; typing in one field is one change ---------------------------
function remember(key = null) {
  if (key !== null && key === state.typing) return;
  state.typing = key;
  state.past.push(JSON.stringify(state.labels));
  if (state.past.length > KEPT) state.past.shift();
  state.future = [];
}
function travel(from, to) {
  if (!from.length) return;
  to.push(JSON.stringify(state.labels));
  state.labels = JSON.parse(from.pop());
  state.typing = null;
  settle();
  changed();
  render();
}
function settle() {  // the current record or negative may be gone
  const list = state.at && state.labels[state.at.list];
  if (list && state.at.index >= list.length) state.at = list.length ? { list: state.at.list, index: list.length - 1 } : null;
}
function edit(change, key = null) {
  remember(key);
  change();
  settle();
  changed();
  if (key === null) render(); else { showArticle(); showBar(); }
}
