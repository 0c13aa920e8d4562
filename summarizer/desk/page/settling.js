"use strict";
// Two readers side by side, and what is decided on their differences.

// Comparing and settling -------------------------------------------------------------------------
async function openSettling(id, names = null) {
  await openCase(id, false);
  if (!state) return;
  const readers = state.readers;
  if (readers.length < 2) { say("There are not two readings to be compared.", "bad"); return; }
  const chosen = names || readers.slice(0, 2);
  settling = await call("GET", "compare", { case: id, first: chosen[0], second: chosen[1] });
  if (settling.error) { say(settling.error, "bad"); return; }
  showSettling(readers);
}
const decisions = () => state.labels.decisions[settling.names.join("|")] || {};
function showSettling(readers) {
  $("title").textContent = `${state.id}: ${settling.names.join(" and ")}`;
  const pick = (place) => el("label", { class: "check" }, place ? "and" : "Readers", choose(`reader-${place}`, readers, settling.names[place], (value) => {
    const names = [...settling.names];
    if (names[1 - place] === value) names[1 - place] = names[place];
    names[place] = value;
    openSettling(state.id, names);
  }, false));
  $("main").replaceChildren(
    el("p", { class: "bar" }, pick(0), pick(1), el("a", { href: `#case/${encodeURIComponent(state.id)}` }, "Back to my labels")),
    el("p", {}, `${settling.same} records are in both; ${settling.differences.length} differences, `, el("span", { id: "open" }), "."),
    el("div", { id: "problem-box" }),
    ...settling.differences.map(showDifference),
    el("p", { class: "bar" }, el("button", { class: "main", id: "settle", onclick: () => saveSettled() }, "Save as the fixture")));
  countOpen();
}
function countOpen() {
  const open = settling.differences.filter((one) => !(decisions()[one.key] || {}).choice).length;
  $("open").textContent = `${open} to be decided`;
}
function showDifference(one, number) {
  const decision = () => decisions()[one.key] || { choice: "", rationale: "" };
  const decide = (values, key) => {
    remember(key);
    const pair = settling.names.join("|");
    state.labels.decisions[pair] = { ...decisions(), [one.key]: { ...decision(), ...values } };
    changed();
    countOpen();
  };
  const words = (choice) => ({ first: settling.names[0], second: settling.names[1], "accept both": "both are right", union: "both together" })[choice] || choice;
  return el("fieldset", {}, el("legend", { dir: "auto" }, `${one.item} ${one.field ? plain(one.field) : "as a whole"}: ${one.about}`),
    ...(one.field === "evidence" ? [] : one.quotes).map((quote) => el("blockquote", { dir: "auto" }, quote)),
    el("div", { class: "sides" }, ...one.values.map((value, n) => el("div", { class: "side", dir: "auto" }, el("h4", {}, settling.names[n]), tellSide(one, value)))),
    el("p", {}, ...one.choices.map((choice) => el("label", { class: "check" },
      el("input", { type: "radio", name: `d${number}`, value: choice, checked: decision().choice === choice, onchange: () => decide({ choice }, null) }), words(choice)))),
    el("label", { class: "note", for: `why-${number}` }, "why "), el("input", { id: `why-${number}`, value: decision().rationale, oninput: (e) => decide({ rationale: e.target.value }, `why ${number}`) }));
}
function tellSide(one, value) {
  if (value === null || value === undefined) return one.field === null ? "not labelled" : "–";
  if (one.about === "negative") return `${value.type || "no type"}: ${value.why}`;
  if (one.field !== null) return tell(value);
  const shown = Object.entries(value).filter(([name, each]) => !["id", "evidence", "accept"].includes(name) && tell(each) !== "–");
  return shown.map(([name, each]) => `${plain(name)}: ${tell(each)}`).join("\n");
}
async function saveSettled(gold = "ask") {
  await keep();
  const told = await call("POST", "settle", { case: state.id, first: settling.names[0], second: settling.names[1] }, { gold });
  if (told.status === 409) {
    if (await ask(told.message, [["Replace it", true], ["Cancel", false]])) await saveSettled("replace");
    return;
  }
  state.problems = told.problems || [];
  $("problem-box").replaceChildren(...[showProblems()].filter(Boolean));
  say(told.message || told.error, told.status === 200 ? "good" : "bad");
}
