// Matrix: who acts together with whom, and who undertakes something towards whom.
const MOST = 12;
const SIDES = [
  ["together", "act together", (record) => { const sides = identify(record.who); return sides.flatMap((a) => sides.filter((b) => b !== a).map((b) => [a, b])); }],
  ["towards", "undertakes towards", (record) => identify(record.who).flatMap((a) => identify(record.whom).map((b) => [a, b]))],
];
let side = "together";
const pairUp = (found, pairs) => {
  const cells = new Map();
  for (const record of found)
    for (const pair of pairs(record)) {
      const key = JSON.stringify(pair);
      if (!cells.has(key)) cells.set(key, []);
      cells.get(key).push(record);
    }
  return cells;
};
const rank = (cells) => {
  const sums = new Map();
  for (const [key, its] of cells)
    for (const party of JSON.parse(key)) sums.set(party, (sums.get(party) || 0) + its.length);
  return [...sums].sort(([a, many], [b, few]) => few - many || a.localeCompare(b, "en")).map(([party]) => party);
};
const drawCells = (cells, parties, joined) => {
  const most = Math.max(...[...cells.values()].map((its) => its.length));
  const head = make("tr", {}, make("td", {}), parties.map((party) => make("th", { scope: "col" }, told("span", party))));
  const rows = parties.map((row) => make("tr", {}, told("th", row, { scope: "row" }), parties.map((column) => {
    const its = cells.get(JSON.stringify([row, column]));
    if (!its) return make("td", {}, row === column ? "–" : "");
    const level = Math.ceil((4 * its.length) / most);
    return make("td", {}, mark(`${row} ${joined} ${column}`, { records: its }, { class: `heat-${level}` }, String(its.length)));
  })));
  return rove(make("table", { class: "matrix" }, make("caption", { class: "hidden" }, "Parties by parties, with the number of records of each pair"),
    make("thead", {}, head), make("tbody", {}, rows)));
};
const drawMatrix = (found, redraw) => {
  const modes = SIDES.filter(([, , pairs]) => found.some((record) => pairs(record).length));
  if (!modes.length) return make("p", { class: "note" }, "No record has two sides.");
  const [name, , pairs] = modes.find(([each]) => each === side) || modes[0];
  const cells = pairUp(found, pairs);
  const parties = rank(cells);
  const shown = parties.slice(0, MOST);
  const choose = (value) => { side = value; redraw(); };
  return make("figure", {},
    modes.length > 1 ? switchBetween("matrix", modes, name, choose) : "",
    make("div", { class: "scroll" }, drawCells(cells, shown, name === "together" ? "with" : "towards")),
    parties.length > MOST ? make("p", { class: "note" }, `The ${MOST} most frequent of ${parties.length} parties.`) : "");
};
