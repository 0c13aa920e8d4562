// Route: which view is shown, by the address, and what changes when filters do.
const showPicked = () => {
  one("picked").hidden = !picked;
  one("picked").firstElementChild.textContent = picked ? `Only ${picked.label}.` : "";
  for (const button of all("#charts [data-label]")) button.setAttribute("aria-pressed", Boolean(picked) && picked.label === button.dataset.label);
};
const showOverview = (found) => {
  current = null;
  drawCharts(found);
  drawList(found);
};
const tell = ({ listed, shown, active }) => {
  const text = `${listed.length} of ${count(sheets.length, "article")}, ${shown.size} of ${count(records.length, "record")}`;
  one("filtered").textContent = active ? `(${active} set: ${text})` : "";
  return text;
};
const show = () => {
  const found = search();
  const asked = /^#a([0-9]+)$/.exec(location.hash);
  const sheet = asked && sheets[asked[1] - 1];
  if (sheet) showArticle(sheet, found);
  else showOverview(found);
  one("overview").hidden = Boolean(sheet);
  one("article").hidden = !sheet;
  document.title = sheet ? `${sheet.title} · Summaries` : "Summaries";
  showPicked();
  return tell(found);
};
const pick = (wanted) => {
  picked = picked && picked.label === wanted.label ? null : wanted;
  const found = search();
  showPicked();
  say(tell(found));
  if (picked && found.listed.length === 1) {
    location.hash = `#a${found.listed[0].place + 1}`;
    return;
  }
  drawList(found);
  if (picked) one("list").focus();
};
const clearAll = () => {
  picked = null;
  one("controls").reset();
};
const travel = () => {
  if (!/^(#(a[0-9]+|overview))?$/.test(location.hash)) return;
  show();
  if (current) one("title").focus({ preventScroll: true });
  scrollTo(0, 0);
};
const begin = () => {
  listParties();
  listFailures();
  const parts = [count(sheets.length, "article"), count(records.length, "record"), ...(failures.length ? [`${failures.length} without a summary`] : [])];
  one("totals").textContent = parts.join(", ");
  one("filters").hidden = !sheets.length;
  one("filters").open = matchMedia("(min-width: 48rem)").matches;
  one("controls").addEventListener("input", () => say(show()));
  one("controls").addEventListener("reset", () => setTimeout(() => { picked = null; say(show()); }));
  one("controls").addEventListener("submit", (event) => event.preventDefault());
  one("picked").querySelector("button").addEventListener("click", () => { picked = null; say(show()); });
  one("more").addEventListener("click", () => { room += AT_ONCE; drawList(search()); });
  addEventListener("hashchange", travel);
  addEventListener("keydown", (event) => { if (event.key === "Escape" && current) light([], []); });
  show();
};
begin();
