"use strict";
// Cards: each record and each negative, the open one as a form made of the types of its fields.

// Cards and forms --------------------------------------------------------------------------------
function openCard(list, index) {
  state.at = { list, index };
  state.typing = null;
  render();
  focusForm();
}
function focusForm() { document.querySelector(".card.current :is(input, select, textarea)")?.focus(); }
const tell = (value) => {
  if (value === null || value === undefined || value === "") return "–";
  if (Array.isArray(value)) return value.map(tell).join(", ") || "–";
  if (typeof value !== "object") return String(value);
  if ("quote" in value) return `“${value.quote}”`;
  if ("name" in value) return value.code ? `${value.name} (${value.code})` : value.name;
  if ("text" in value) return [value.text, value.start || value.end ? `(${value.start || "…"} to ${value.end || "…"})` : ""].join(" ");
  return JSON.stringify(value);
};
function summarise(record) {
  const fields = kindOf(record).fields;
  const first = (shape) => fields.find((field) => field.shape === shape);
  const who = first("parties") || first("party");
  const act = first("phrase");
  return [who && tell(record[who.name]), act && tell(record[act.name])].filter(Boolean).join(" → ");
}
function showRecord(record, index) {
  const isOpen = state.at && state.at.list === "records" && state.at.index === index;
  const head = [el("span", { class: "kind" }, `${record.id} ${plain(record.kind || "")}`), " ", summarise(record), record.optional ? " (optional)" : ""];
  if (!isOpen) return el("article", { class: "card" }, el("button", { class: "open", onclick: () => openCard("records", index) }, ...head));
  return el("article", { class: "card current" }, el("h3", {}, `${record.id} · ${plain(record.kind || "")}`), showForm(record),
    el("p", { class: "bar" },
      el("button", { onclick: () => { state.at = null; render(); focusArticle(); } }, "Done"),
      el("button", { onclick: () => remove("records", index) }, "Delete")));
}
function showForm(record) {
  const rows = [];
  const kinds = desk.form.kinds;
  if (kinds.length > 1) {
    rows.push(...labelled("f-kind", "kind", "", choose("f-kind", kinds.map((one) => one.kind), record.kind, (value) => edit(() => changeKind(record, value))),
      showAccept(record, "kind", kinds.map((one) => one.kind))));
  }
  for (const field of kindOf(record).fields) rows.push(...showField(record, field));
  rows.push(el("span", { class: "name" }, "evidence"), showQuotes(record));
  rows.push(el("label", { for: "f-optional" }, "optional"), el("span", {}, el("input", {
    id: "f-optional", type: "checkbox", checked: record.optional, onchange: (e) => edit(() => { record.optional = e.target.checked; }) }),
  el("span", { class: "note" }, " two careful readers would differ")));
  return el("div", { class: "fields" }, ...rows);
}
function changeKind(record, kind) {
  record.kind = kind;
  for (const field of kindOf(record).fields) if (record[field.name] === undefined) record[field.name] = blank(field.shape);
}
function labelled(id, name, description, ...controls) {
  return [el("label", { for: id, title: description || null }, plain(name)), el("div", {}, ...controls)];
}
function showChoice(record, field, id) {  // the control stays, as typing in it picks by more than one letter
  let accept = showAccept(record, field.name, field.choices);
  const pick = (value) => {
    edit(() => { record[field.name] = value; delete record.accept[field.name]; }, `${id} ${record.id}`);
    const now = showAccept(record, field.name, field.choices);
    accept.replaceWith(now);
    accept = now;
  };
  return labelled(id, field.name, field.description, choose(id, field.choices, record[field.name], pick, field.nullable), accept);
}
function choose(id, choices, value, onpick, isNullable = true) {
  return el("select", { id, value, onchange: (e) => onpick(e.target.value || null) },
    isNullable || !value ? el("option", { value: "" }, "–") : null,
    ...choices.map((one) => el("option", { value: one, ...(one === value ? { selected: true } : {}) }, plain(one))));
}
function showAccept(record, name, choices) {
  const others = choices.filter((one) => one !== record[name]);
  if (!record[name] || !others.length) return el("span");
  const accepted = record.accept[name] || [];
  return el("details", accepted.length ? { open: true } : {}, el("summary", { class: "note" }, "as good as"),
    ...others.map((one, n) => el("label", { class: "check" }, el("input", {
      id: `f-${name}-accept-${n}`, type: "checkbox", checked: accepted.includes(one),
      onchange: (e) => edit(() => {
        const left = accepted.filter((other) => other !== one);
        record.accept[name] = e.target.checked ? [...new Set([record[name], ...left, one])] : left;
        if (record.accept[name].every((other) => other === record[name])) delete record.accept[name];
      }) }), plain(one))));
}
const FIELDS = {
  choice: showChoice,
  phrase: (record, field, id) => labelled(id, field.name, field.description,
    typed(id, record[field.name], (value) => { record[field.name] = value || null; }, `${record.id} ${field.name}`)),
  party: (record, field, id) => labelled(id, field.name, field.description, showParty(id, field.name, record.id,
    () => record[field.name] || { name: "", code: null }, (party) => { record[field.name] = party.name || party.code ? party : null; })),
  parties: (record, field, id) => labelled(`${id}-0`, field.name, field.description, showParties(record, field, id)),
  timeframe: (record, field, id) => labelled(id, field.name, field.description, showTime(record, field, id)),
};
const showField = (record, field) => FIELDS[field.shape](record, field, `f-${field.name}`);

function typed(id, value, set, key) {
  const box = el("textarea", { id, value: value || "", rows: "1", dir: "auto",
    onkeydown: (e) => { if (e.key === "Enter") e.preventDefault(); }, oninput: (e) => edit(() => set(e.target.value), `${id} ${key}`) });
  const take = () => { const words = state.words; if (words) edit(() => set(words)); else say("Mark words in the article first."); };
  return el("div", { class: "row" }, box, el("button", { class: "small", "aria-label": `Marked words to ${box.id.slice(2)}`, title: "the words that are marked in the article", onclick: take }, "←"));
}
function showParties(record, field, id) {
  const list = record[field.name] || [];
  const rows = list.map((_, n) => showParty(`${id}-${n}`, `${field.name} ${n + 1}`, record.id,
    () => list[n], (party) => { list[n] = party; }, () => edit(() => { list.splice(n, 1); }), () => more()));
  const more = () => {
    edit(() => { record[field.name] = list; list.push({ name: "", code: null }); });
    $(`${id}-${list.length - 1}`)?.focus();
  };
  return el("div", {}, ...rows, el("button", { id: list.length ? null : `${id}-0`, class: "small", onclick: more }, `Add to ${plain(field.name)}`));
}
function showParty(id, name, owner, get, set, onremove = null, onenter = null) {
  const party = get();
  const change = (values, key) => edit(() => set({ ...get(), ...values }), key);
  const fill = async () => {  // the answer may come when the form was drawn anew, or the party is another
    const { name: asked, code: known } = get();
    if (!asked || known) return;
    const one = state;
    const { code } = await call("GET", "code", { name: asked });
    if (!code || one !== state || get()?.name !== asked || get().code) return;
    change({ code }, `${id} ${owner}`);
    if (currentRecord()?.id === owner && $(`${id}-code`)) $(`${id}-code`).value = code;
  };
  const take = () => { if (state.words) { change({ name: state.words }, null); fill(); } else say("Mark words in the article first."); };
  return el("div", { class: "row" },
    el("input", { id, value: party.name || "", autocomplete: "off", dir: "auto", "aria-label": plain(name), placeholder: "name",
      oninput: (e) => change({ name: e.target.value }, `${id} ${owner}`), onchange: fill,
      onkeydown: (e) => { if (e.key === "Enter" && onenter) { e.preventDefault(); onenter(); } } }),
    el("input", { id: `${id}-code`, class: "code", value: party.code || "", list: "codes", maxlength: "2", "aria-label": `${plain(name)} code`, placeholder: "code",
      oninput: (e) => change({ code: e.target.value.toUpperCase() || null }, `${id} ${owner} code`) }),
    el("button", { class: "small", "aria-label": `Marked words to ${plain(name)}`, onclick: take }, "←"),
    onremove ? el("button", { class: "small", "aria-label": `Remove ${plain(name)}`, onclick: onremove }, "✕") : null);
}
function showTime(record, field, id) {
  const set = (values, key) => edit(() => {
    const time = { text: "", start: null, end: null, ...record[field.name], ...values };
    record[field.name] = time.text || time.start || time.end ? time : null;
  }, key);
  const time = record[field.name] || {};
  const day = (name) => el("input", { id: `${id}-${name}`, type: "date", value: time[name] || "", "aria-label": `${plain(field.name)} ${name}`,
    oninput: (e) => set({ [name]: e.target.value || null }, `${id} ${name} ${record.id}`) });
  return el("div", {}, typed(id, time.text, (text) => {
    const now = { start: null, end: null, ...record[field.name], text: text || "" };
    record[field.name] = now.text || now.start || now.end ? now : null;
  }, record.id), el("div", { class: "row" }, day("start"), day("end")));
}
function showQuotes(record) {
  if (!record.evidence.length) return el("p", { class: "note" }, "none yet: click sentences, or press Space on them");
  return el("ul", { class: "quotes" }, ...record.evidence.map((quote, n) => el("li", {}, el("span", { dir: "auto" }, quote.quote),
    el("button", { class: "small", "aria-label": `Take out sentence ${n + 1}`, onclick: () => edit(() => { record.evidence.splice(n, 1); }) }, "✕"))));
}
function showNegative(negative, index) {
  const isOpen = state.at && state.at.list === "negatives" && state.at.index === index;
  const head = [el("span", { class: "kind" }, negative.type ? `no: ${negative.type}` : "no: type?"), " ", negative.quote.slice(0, 90)];
  if (!isOpen) return el("article", { class: "card" }, el("button", { class: "open", dir: "auto", onclick: () => openCard("negatives", index) }, ...head));
  return el("article", { class: "card current" }, el("h3", {}, "Reports nothing"), el("blockquote", { dir: "auto" }, negative.quote), el("div", { class: "fields" },
    ...labelled("f-type", "type", "", choose("f-type", desk.form.negative_types, negative.type, (value) => edit(() => { negative.type = value; }, `type ${negative.start}`))),
    ...labelled("f-why", "why", "", el("input", { id: "f-why", value: negative.why || "", oninput: (e) => edit(() => { negative.why = e.target.value; }, `why ${negative.start}`) }))),
  el("p", { class: "bar" }, el("button", { onclick: () => { state.at = null; render(); focusArticle(); } }, "Done"),
    el("button", { onclick: () => remove("negatives", index) }, "Delete")));
}
function showSource() {
  const { source } = state.labels;
  const names = ["title", "published", "publisher", "url", "language"];
  return el("details", {}, el("summary", {}, "Source and notes"), el("div", { class: "fields" },
    ...names.flatMap((name) => labelled(`source-${name}`, name, "", el("input", { id: `source-${name}`, type: name === "published" ? "date" : "text", value: source[name] || "",
      oninput: (e) => edit(() => { source[name] = e.target.value || null; }, `source ${name}`) }))),
    ...labelled("notes", "notes", "", el("textarea", { id: "notes", rows: "2", value: state.labels.notes, oninput: (e) => edit(() => { state.labels.notes = e.target.value; }, "notes") }))));
}
function showProposal() {
  if (!state.proposal) return null;
  return el("section", { "aria-label": "Proposal" }, el("h2", {}, `Proposal of ${state.pre_annotated_by_model}`),
    state.proposal.length ? null : el("p", { class: "note" }, "The model finds nothing."),
    ...state.proposal.map((record) => el("article", { class: "card proposal" },
      el("p", {}, el("span", { class: "kind" }, plain(record.kind || "")), " ", summarise(record)),
      ...record.evidence.map((quote) => el("blockquote", { dir: "auto", class: "note" }, quote.quote)),
      el("button", { class: "small", onclick: () => takeProposal(record) }, "Take it over"))));
}
function takeProposal(record) {
  edit(() => {
    const copy = { optional: false, accept: {}, ...JSON.parse(JSON.stringify(record)), id: freeId() };
    state.labels.records.push(copy);
    state.labels.negatives = state.labels.negatives.filter((one) => !copy.evidence.some((quote) => overlaps(quote, one)));
    state.proposal = state.proposal.filter((one) => one !== record);
    state.at = { list: "records", index: state.labels.records.length - 1 };
  });
  focusForm();
}
function showChosen() {
  const box = $("chosen");
  if (!box) return;
  const sentence = focused();
  box.replaceChildren(el("span", { class: "note" }, `Sentence ${sentence.number}: `),
    ...desk.form.kinds.map((kind) => el("button", { class: "small", title: kind.description || null, onclick: () => addRecord(kind, focused()) }, `New ${plain(kind.kind)}`)),
    el("button", { class: "small", onclick: () => toggleNegative(focused()) }, "Reports nothing"));
}
function showProblems() {
  if (!state.problems.length) return null;
  const isWrong = state.problems.some((one) => one.level === "error");
  return el("section", { class: isWrong ? "problems" : "problems notes", "aria-label": isWrong ? "To be mended" : "Notes", id: "problems", tabindex: "-1" },
    el("strong", {}, isWrong ? "To be mended before it is saved" : "Notes"),
    el("ul", {}, ...state.problems.map((one) => el("li", {}, el("a", { href: "#problem", onclick: (e) => { e.preventDefault(); goTo(one.place); } }, one.place), `: ${one.message}`))));
}
function goTo(place) {
  const [owner, field] = place.split(".");
  const negative = /^negatives\[(\d+)\]/.exec(owner);
  const index = negative ? Number(negative[1]) - 1 : state.labels.records.findIndex((one) => one.id === owner);
  if (index >= 0 && (negative || state.labels.records[index])) openCard(negative ? "negatives" : "records", index);
  const control = $(`f-${field}`) || $(`f-${field}-0`) || (owner === "source" ? $(`source-${field}`) : null);
  if (control) { control.closest("details")?.setAttribute("open", ""); control.classList.add("wrong"); control.focus(); }
}
function render() {
  if (!state || !$("panel")) return;
  const active = document.activeElement ? document.activeElement.id : "";
  const isSourceOpen = $("panel").querySelector("details:has(#notes)")?.open;
  $("panel").replaceChildren(...[
    showProblems(),
    el("h2", {}, `Records (${state.labels.records.length})`), ...state.labels.records.map(showRecord),
    el("h2", {}, `Tempting, and nothing (${state.labels.negatives.length})`), ...state.labels.negatives.map(showNegative),
    showProposal(), showSource()].filter(Boolean));
  if (isSourceOpen) $("panel").querySelector("details:has(#notes)").open = true;
  showArticle();
  showChosen();
  showBar();
  if (active && $(active) && document.activeElement.id !== active) $(active).focus({ preventScroll: true });
}
function showBar() {
  $("undo").disabled = !state.past.length;
  $("redo").disabled = !state.future.length;
  $("start-gold").hidden = !(state.can_start_from_gold && !state.labels.records.length);
  $("propose").hidden = !desk.model || Boolean(state.proposal);
  $("compare").hidden = state.readers.length < 2;
  $("compare").href = `#settle/${encodeURIComponent(state.id)}`;
}
