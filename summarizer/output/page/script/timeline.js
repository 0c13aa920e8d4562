// Timeline: how many records there are of each span of time, whichever unit gives a fair number.
const FEW = 36;
const LABELS = 5;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const UNITS = [
  [([year, month, day]) => Date.UTC(year, month - 1, day) / 864e5, (at) => new Date(at * 864e5).toISOString().slice(0, 10)],
  [([year, month]) => 12 * year + month - 1, (at) => `${MONTHS[at % 12]} ${Math.floor(at / 12)}`],
  [([year, month]) => 4 * year + Math.floor((month - 1) / 3), (at) => `${Math.floor(at / 4)} Q${(at % 4) + 1}`],
  [([year]) => year, String],
  [([year]) => Math.floor(year / 10), (at) => `${10 * at}s`],
  [([year]) => Math.floor(year / 100), (at) => `${100 * at}s`],
];
const MODES = [
  ["reported", "by the day of the article", (record) => record.sheet.date],
  ["named", "by the time named for the act", (record) => record.days[1]],
];
let mode = "reported";
const split = (date) => date.split("-").map(Number);
const measure = (dates) => {
  for (const [index, show] of UNITS) {
    const places = dates.map((date) => index(split(date)));
    const [first, last] = [Math.min(...places), Math.max(...places)];
    if (last - first < FEW || index === UNITS.at(-1)[0]) return { index, show, first, last };
  }
};
const drawColumns = (dated, day) => {
  const { index, show, first, last } = measure([...new Set(dated.map(day))]);
  const columns = group(dated, (record) => index(split(day(record))));
  const most = Math.max(...[...columns.values()].map((each) => each.length));
  const step = Math.ceil((last - first + 1) / LABELS);
  const box = make("div", { class: "timeline", role: "toolbar", "aria-label": "Timeline" });
  for (let at = first; at <= last; at += 1) {
    const its = columns.get(at) || [];
    const stack = [...group(its, (record) => record.type)].sort(([a], [b]) => a - b).map(([type, found]) => {
      const button = mark(`${kinds.get(type)}, ${show(at)}`, { records: found }, { class: shade(type) }, "\u200b");
      button.style.flexGrow = found.length;
      return button;
    });
    const pile = make("div", { class: "pile" }, stack);
    pile.style.height = `${(100 * its.length) / most}%`;
    const label = (at - first) % step ? "" : show(at);
    box.append(make("div", { class: "column" },
      make("div", { class: "room" }, make("span", { class: "n" }, its.length ? String(its.length) : ""), pile),
      make("span", { class: "tick" }, label)));
  }
  return rove(box);
};
const drawTimeline = (found, redraw) => {
  const modes = MODES.filter(([, , day]) => found.some(day));
  if (!modes.length) return make("p", { class: "note" }, "No record has a date.");
  const [name, label, day] = modes.find(([each]) => each === mode) || modes[0];
  const dated = found.filter(day);
  const undated = found.filter((record) => !day(record));
  const choose = (value) => { mode = value; redraw(); };
  return make("figure", {},
    make("div", { class: "controls" }, modes.length > 1 ? switchBetween("timeline", modes, name, choose) : make("span", { class: "note" }, label), legend()),
    drawColumns(dated, day),
    undated.length ? make("p", {}, mark("without a date", { records: undated }, {}, `${count(undated.length, "record")} without a date`)) : "");
};
