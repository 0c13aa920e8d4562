"use strict";
// Labels, and the article that they are put on.

// Labels -----------------------------------------------------------------------------------------
const kindOf = (record) => desk.form.kinds.find((one) => one.kind === record.kind) || desk.form.kinds[0];
const overlaps = (quote, sentence) => quote.start < sentence.end && sentence.start < quote.end;
const toQuote = ({ start, end, quote }) => ({ start, end, quote });
const current = () => state.at && state.labels[state.at.list][state.at.index];
const currentRecord = () => (state.at && state.at.list === "records" ? current() : null);
function freeId() {
  const used = state.labels.records.map((one) => Number((/^r(\d+)$/.exec(one.id) || [])[1] || 0));
  return `r${Math.max(0, ...used) + 1}`;
}
function blank(shape) { return shape === "parties" ? [{ name: "", code: null }] : null; }
function newRecord(kind, sentence) {
  const record = { id: freeId(), kind: kind.kind };
  for (const field of kind.fields) record[field.name] = blank(field.shape);
  return { ...record, optional: false, accept: {}, evidence: sentence ? [toQuote(sentence)] : [] };
}
function addRecord(kind, sentence, focus = true) {
  edit(() => {
    dropNegative(sentence);
    state.labels.records.push(newRecord(kind, sentence));
    state.at = { list: "records", index: state.labels.records.length - 1 };
  });
  say(`New ${plain(kind.kind)}.`);
  if (focus) focusForm();
}
function dropNegative(sentence) {
  if (sentence) state.labels.negatives = state.labels.negatives.filter((one) => !overlaps(one, sentence));
}
function toggleEvidence(sentence) {
  const record = currentRecord();
  if (!record) { say(`Start a record first: ${desk.form.kinds.map((k, n) => `${n + 1} ${plain(k.kind)}`).join(", ")}.`); return; }
  edit(() => {
    const left = record.evidence.filter((quote) => !overlaps(quote, sentence));
    if (left.length === record.evidence.length) {
      left.push(toQuote(sentence));
      dropNegative(sentence);
    }
    record.evidence = left.sort((a, b) => a.start - b.start);
  });
}
function toggleNegative(sentence) {
  if (state.labels.negatives.some((one) => overlaps(one, sentence))) {
    edit(() => dropNegative(sentence));
    say("No negative any more.");
  } else if (state.labels.records.some((one) => one.evidence.some((quote) => overlaps(quote, sentence)))) {
    say("The sentence is evidence of a record: take it out there first.", "bad");
  } else {
    edit(() => {
      state.labels.negatives.push({ ...toQuote(sentence), type: null, why: "" });
      state.labels.negatives.sort((a, b) => a.start - b.start);
      state.at = { list: "negatives", index: state.labels.negatives.findIndex((one) => one.start === sentence.start) };
    });
    focusForm();
  }
}
function remove(list, index) { edit(() => { state.labels[list].splice(index, 1); state.at = null; }); }

// The article ------------------------------------------------------------------------------------
function showArticle() {
  const box = $("article");
  if (!box) return;
  const held = document.activeElement && document.activeElement.closest("#article");
  const groups = new Map();
  for (const sentence of state.sentences) {
    if (!groups.has(sentence.paragraph)) groups.set(sentence.paragraph, []);
    groups.get(sentence.paragraph).push(sentence);
  }
  box.replaceChildren(...[...groups.values()].map((group, number) =>
    el("div", { role: "group", dir: "auto", "aria-label": `Paragraph ${number + 1}` },
      group.flatMap((one) => [showSentence(one), " "]))));
  if (held) $(`s${state.focus}`)?.focus({ preventScroll: true });
}
function showSentence(sentence) {
  const { records, negatives } = state.labels;
  const record = currentRecord();
  const marks = records.filter((one) => one.evidence.some((quote) => overlaps(quote, sentence)));
  const none = negatives.find((one) => overlaps(one, sentence));
  const isOn = Boolean(record && marks.includes(record));
  return el("span", {
    id: `s${sentence.number}`, role: "option", "aria-selected": String(isOn),
    tabindex: state.focus === sentence.number ? "0" : "-1",
    class: ["sentence", sentence.role, marks.length ? "labelled" : "", none ? "negative" : ""].join(" "),
    onclick: () => { if (String(getSelection()).trim()) return; state.focus = sentence.number; clickSentence(sentence, marks); },
    onfocus: () => moveTab(sentence.number),
  }, sentence.quote,
  ...marks.map((one) => el("span", { class: "badge" }, one.id)),
  none ? el("span", { class: "badge none" }, none.type ? `no: ${none.type}` : "no") : null);
}
function clickSentence(sentence, marks) {
  if (currentRecord()) { toggleEvidence(sentence); return; }
  if (marks.length) { openCard("records", state.labels.records.indexOf(marks[0])); return; }
  showArticle();
  $(`s${sentence.number}`).focus();
  say(`Sentence ${sentence.number}: choose below what it reports.`);
}
function moveTab(number) {
  const old = $(`s${state.focus}`);
  if (old) old.tabIndex = -1;
  state.focus = number;
  const now = $(`s${number}`);
  if (now) now.tabIndex = 0;
  showChosen();
}
function focusArticle() { $(`s${state.focus}`)?.focus(); }
const focused = () => state.sentences.find((one) => one.number === state.focus);

function keysOfArticle() {
  return [
    ["↓ or j", "next sentence", ["ArrowDown", "j"], () => step(1)],
    ["↑ or k", "sentence before", ["ArrowUp", "k"], () => step(-1)],
    ["Space", "take it as evidence of the open record, or out", [" "], () => toggleEvidence(focused())],
    ...desk.form.kinds.map((kind, n) => [String(n + 1), `new ${plain(kind.kind)} from it`, [String(n + 1)], () => addRecord(kind, focused())]),
    ["x", "a tempting sentence that reports nothing, or not any more", ["x"], () => toggleNegative(focused())],
    ["Enter or e", "fill in the open record", ["Enter", "e"], focusForm],
    ["]", "next record", ["]"], () => stepRecord(1)],
    ["[", "record before", ["["], () => stepRecord(-1)],
    ["?", "this list", ["?"], () => $("help").showModal()],
  ];
}
function step(by) {
  const place = state.sentences.findIndex((one) => one.number === state.focus) + by;
  if (state.sentences[place]) { moveTab(state.sentences[place].number); focusArticle(); }
}
function stepRecord(by) {
  const count = state.labels.records.length;
  if (!count) return;
  const at = currentRecord() ? state.at.index : by > 0 ? -1 : count;
  state.at = { list: "records", index: (at + by + count) % count };
  render();
  say(`Record ${current().id}.`);
}
function heedArticle(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const found = keysOfArticle().find(([, , keys]) => keys.includes(event.key));
  if (found) { event.preventDefault(); found[3](); }
}
