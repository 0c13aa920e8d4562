// Overview: charts of all records that fit the filters, and the articles.
const AT_ONCE = 200;
let room = AT_ONCE;
const countValues = (found) => choices.flatMap(({ name, label, values }) => {
  const groups = group(found, (record) => record.choices[name] || null);
  const rows = values.filter(([value]) => groups.has(value)).map(([value, shown]) => [shown, { records: groups.get(value) }, groups.get(value).length]);
  return rows.length ? [bars(label, rows)] : [];
});
const countRejected = (open) => {
  const refused = open.flatMap((sheet) => sheet.rejected.map((each) => ({ sheet, reason: each.reason })));
  const rows = [...group(refused, (each) => each.reason)].sort(([, a], [, b]) => b.length - a.length)
    .map(([reason, its]) => [reason, { sheets: its.map((each) => each.sheet) }, its.length]);
  return rows.length ? [bars("Rejected answers", rows)] : [];
};
const drawCharts = ({ found, open }) => {
  const box = one("charts");
  box.replaceChildren();
  const add = (title, draw) => {
    const place = make("div", {});
    const redraw = (name) => {
      place.replaceChildren(draw(found, () => redraw(name)));
      const input = place.querySelector("input:checked");
      if (name && input) input.focus();
      showPicked();
    };
    box.append(make("section", {}, make("h2", {}, title), place));
    place.append(draw(found, () => redraw(title)));
  };
  if (found.length) {
    add("When", drawTimeline);
    add("Who with whom", drawMatrix);
  }
  const counts = [...countValues(found), ...countRejected(open)];
  if (counts.length) box.append(make("section", {}, make("h2", {}, "How many"), make("div", { class: "counts" }, counts)));
};
const listKinds = (its) =>
  [...group(its, (record) => record.type)].sort(([a], [b]) => a - b)
    .map(([type, found]) => make("span", { class: `chip ${shade(type)}` }, `${found.length} × ${kinds.get(type)}`));
const listArticle = (sheet, shown) => {
  const its = sheet.records.filter((record) => shown.has(record));
  return make("li", {},
    make("h3", {}, make("a", { href: `#a${sheet.place + 1}`, dir: "auto" }, sheet.title)),
    told("p", sheet.told.join(" · "), { class: "note" }),
    sheet.gist === sheet.title ? "" : told("p", sheet.gist),
    make("p", { class: "chips" }, listKinds(its),
      its.length < sheet.records.length ? make("span", { class: "note" }, `of ${count(sheet.records.length, "record")}`) : "",
      sheet.records.length ? "" : make("span", { class: "note" }, "nothing reported"),
      sheet.rejected.length ? make("span", { class: "chip" }, `${sheet.rejected.length} rejected`) : "",
      sheet.suspected || sheet.warnings.length ? make("span", { class: "chip warning" }, "⚠ suspected injection") : ""));
};
const drawList = ({ listed, shown }) => {
  one("list").textContent = listed.length === sheets.length ? "Articles" : `Articles: ${listed.length} of ${sheets.length}`;
  one("articles").replaceChildren(...listed.slice(0, room).map((sheet) => listArticle(sheet, shown)));
  one("more").hidden = listed.length <= room;
};
const listFailures = () => {
  if (!failures.length) return;
  const list = make("ul", {}, failures.map((each) =>
    make("li", {}, told("bdi", each.name), `: ${each.status}. `, told("span", each.reason))));
  one("failures").append(make("details", {}, make("summary", {}, `${count(failures.length, "article")} without a summary`), list));
};
