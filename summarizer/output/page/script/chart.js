// Chart: marks that lead to their articles, and what stands around them.
const mark = (label, found, attributes, ...children) => {
  const its = new Set(found.sheets || found.records.map((record) => record.sheet));
  const counted = found.records ? `${count(found.records.length, "record")} in ` : "";
  const text = `${label}: ${counted}${count(its.size, "article")}`;
  const act = () => pick({ label, sheets: its, records: found.records && new Set(found.records) });
  return press(text, act, { ...attributes, title: text, "aria-pressed": "false", "data-label": label }, ...children);
};
// One stop for the Tab key in each chart; the arrow keys go from mark to mark.
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
const rove = (box) => {
  const marks = all("button", box);
  marks.forEach((each, place) => { each.tabIndex = place ? -1 : 0; });
  box.addEventListener("keydown", (event) => {
    const from = marks.indexOf(document.activeElement);
    const ends = { Home: 0, End: marks.length - 1 };
    const to = event.key in ends ? ends[event.key] : from + (STEPS[event.key] || NaN);
    if (from < 0 || !marks[to]) return;
    event.preventDefault();
    marks[from].tabIndex = -1;
    marks[to].tabIndex = 0;
    marks[to].focus();
  });
  return box;
};
const group = (items, key) => {
  const groups = new Map();
  for (const item of items)
    for (const each of [key(item)].flat()) {
      if (each === null || each === undefined) continue;
      if (!groups.has(each)) groups.set(each, []);
      groups.get(each).push(item);
    }
  return groups;
};
const legend = () =>
  make("p", { class: "legend" }, [...kinds].map(([type, kind]) => make("span", { class: shade(type) }, kind)));
// A bar for each value, as long as its share of the most frequent one.
const bars = (title, rows) => {
  const most = Math.max(...rows.map(([, , number]) => number));
  const list = make("ul", { class: "bars" }, rows.map(([label, found, number]) => {
    const bar = make("span", { class: "bar" });
    bar.style.width = `${(100 * number) / most}%`;
    return make("li", {}, mark(`${title}, ${label}`, found, {},
      told("span", label, { class: "value" }), make("span", { class: "track" }, bar), make("span", { class: "n" }, String(number))));
  }));
  return make("figure", { class: "count" }, make("figcaption", {}, title), rove(list));
};
const switchBetween = (name, modes, chosen, choose) =>
  make("fieldset", {}, make("legend", { class: "hidden" }, name), modes.map(([value, label]) => {
    const input = make("input", { type: "radio", name, value });
    input.checked = value === chosen;
    input.addEventListener("change", () => choose(value));
    return make("label", { class: "check" }, input, label);
  }));
