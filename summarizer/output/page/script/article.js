// Article: its text with the evidence marked, beside its records.
let current = null;
const showParties = (parties) => parties.map(([name, identity], place) => [
  place ? ", " : "", told("bdi", name),
  name.toLowerCase() === identity.toLowerCase() ? "" : make("span", { class: "note" }, " (", told("bdi", identity), ")"),
]).flat();
const showCard = (record) => {
  const sides = [["who", showParties(record.who)], ["what", record.what ? [told("span", record.what)] : []], ["to whom", showParties(record.whom)]];
  const head = press("", () => lightRecord(record), { "aria-pressed": "false", class: "headline" },
    make("span", { class: "sides-of" }, sides.filter(([, parts]) => parts.length).map(([label, parts], place) =>
      make("span", { class: label.replace(" ", "-") }, make("span", { class: "arrow" }, place ? "→ " : ""), make("span", { class: "hidden" }, `${label}: `), parts, make("span", { class: "hidden" }, "; ")))));
  head.removeAttribute("aria-label");
  const values = Object.entries(record.choices).filter(([name, value]) => value && value.replaceAll("_", " ") !== record.kind)
    .map(([name, value]) => make("li", { class: "chip", title: name.replaceAll("_", " ") }, make("span", { class: "hidden" }, `${name.replaceAll("_", " ")}: `), showValue(name, value)));
  const proofs = [...new Set(record.evidence.map(([sentence]) => sentence))].map((sentence) =>
    press(`Sentence ${sentence}`, () => goToSentence(record, sentence), { class: "sentence" }, String(sentence)));
  const card = make("article", { class: `card ${shade(record.type)}`, "data-record": record.number, "aria-label": `${record.kind} ${record.number + 1}` },
    make("p", { class: "kind" }, `${record.kind} ${record.number + 1}`), make("h4", {}, head), make("ul", { class: "chips" }, values),
    record.details.length ? make("dl", { class: "facts" }, record.details.map(([label, text]) => [make("dt", {}, label), told("dd", text)])) : "",
    make("p", { class: "proofs note" }, "sentences ", proofs));
  card.addEventListener("click", (event) => {
    if (!event.target.closest("button") && String(getSelection()) === "") lightRecord(record);
  });
  return card;
};
const showMark = (sheet, [text, numbers, sentences], shown) => {
  const its = numbers.filter((number) => shown.has(sheet.records[number]));
  if (!its.length) return text;
  const types = [...new Set(its.map((number) => sheet.records[number].type))];
  const shades = types.length > 1 ? "mixed" : shade(types[0]);
  const made = make("mark", { class: shades, role: "button", tabindex: "0", "aria-pressed": "false",
    "data-records": its.join(" "), "data-sentences": sentences.join(" "), title: `${count(its.length, "record")}: ${types.map((type) => kinds.get(type)).join(", ")}` }, text);
  made.addEventListener("click", () => { if (String(getSelection()) === "") lightMark(made); });
  made.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    lightMark(made);
  });
  return made;
};
// Where the text was not kept, the evidence stands for it.
const quoteEvidence = (sheet) => {
  const quotes = new Map(sheet.records.flatMap((record) => record.evidence));
  return [...quotes].sort(([a], [b]) => a - b).flatMap(([sentence, quote]) =>
    [[quote, sheet.records.filter((record) => record.evidence.some(([each]) => each === sentence)).map((record) => record.number), [sentence]], "\n\n"]);
};
const showText = (sheet, shown) => {
  const parts = sheet.text || quoteEvidence(sheet);
  return make("div", { class: "text", dir: "auto", lang: sheet.language, tabindex: "0", role: "region", "aria-label": sheet.text ? "Text" : "Evidence" },
    sheet.text ? "" : make("p", { class: "note", lang: "en", dir: "ltr" }, "The article's text is not kept here; these are its sentences that prove the records."),
    parts.map((part) => (typeof part === "string" ? part : showMark(sheet, part, shown))));
};
const showRejected = (sheet) => (sheet.rejected.length ? [make("h3", { id: "rejected" }, `Rejected (${sheet.rejected.length})`),
  make("ul", { class: "rejected" }, sheet.rejected.map((each) => make("li", {}, make("strong", {}, told("bdi", each.reason)), ". ", told("span", each.detail),
    each.answer.length ? make("details", {}, make("summary", {}, "the answer"), make("dl", { class: "facts" }, each.answer.map(([name, value]) => [told("dt", name), told("dd", value)]))) : "")))] : []);
const light = (numbers, sentences) => {
  for (const card of all(".card", one("article"))) {
    const isLit = numbers.includes(Number(card.dataset.record));
    card.classList.toggle("lit", isLit);
    card.querySelector(".headline").setAttribute("aria-pressed", isLit);
  }
  const lit = all("mark", one("article")).filter((each) => {
    const isLit = each.dataset.sentences.split(" ").some((sentence) => sentences.includes(Number(sentence))) &&
      each.dataset.records.split(" ").some((number) => numbers.includes(Number(number)));
    each.classList.toggle("lit", isLit);
    each.setAttribute("aria-pressed", isLit);
    return isLit;
  });
  return lit;
};
const reveal = (each) => each && each.scrollIntoView({ block: matchMedia("(max-width: 60rem)").matches ? "center" : "nearest" });
const lightRecord = (record) => {
  const lit = light([record.number], record.evidence.map(([sentence]) => sentence));
  reveal(lit[0]);
  say(`${count(lit.length, "sentence")} lit`);
};
const goToSentence = (record, sentence) => {
  const [first] = light([record.number], [sentence]);
  reveal(first);
  if (first) first.focus({ preventScroll: true });
};
const lightMark = (made) => {
  const numbers = made.dataset.records.split(" ").map(Number);
  light(numbers, made.dataset.sentences.split(" ").map(Number));
  const cards = all(".card.lit", one("article"));
  reveal(cards[0]);
  cards[0].querySelector(".headline").focus({ preventScroll: true });
  say(`${count(cards.length, "record")} lit`);
};
const showSteps = (sheet, { listed }) => {
  const among = listed.includes(sheet) ? listed : sheets;
  const place = among.indexOf(sheet);
  const step = (to, label) => (among[to] ? make("a", { href: `#a${among[to].place + 1}` }, label) : "");
  return make("nav", { "aria-label": "Articles" }, make("a", { href: "#overview" }, "↑ overview"),
    step(place - 1, "← previous"), step(place + 1, "next →"), make("span", { class: "note" }, `${place + 1} of ${among.length}`));
};
const showArticle = (sheet, found) => {
  current = sheet;
  const its = sheet.records.filter((record) => found.shown.has(record));
  const left = sheet.records.length - its.length;
  one("article").replaceChildren(showSteps(sheet, found),
    told("h2", sheet.title, { tabindex: "-1", id: "title" }), told("p", sheet.told.join(" · "), { class: "note" }), told("p", sheet.gist),
    sheet.suspected || sheet.warnings.length ? make("div", { class: "banner" }, make("strong", {}, "Suspected injection."), " Something in the article seems meant for a machine that reads it.",
      make("ul", {}, sheet.warnings.map((each) => told("li", each)))) : "",
    make("div", { class: "sides" }, showText(sheet, found.shown), make("div", { class: "records" },
      make("h3", {}, `Records (${its.length}${left ? ` of ${sheet.records.length}` : ""})`),
      left ? make("p", {}, press("Show all of this article", clearAll)) : "",
      sheet.records.length ? its.map(showCard) : make("p", {}, "Nothing of the kind is reported."), showRejected(sheet),
      told("p", sheet.cost, { class: "note" }))));
};
