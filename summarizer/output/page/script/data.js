// Data: the articles of the page, and their records in one list.
const read = (selector) => [...document.querySelectorAll(selector)].map((node) => JSON.parse(node.textContent));
const failures = read("script.failure");
const sheets = read("script.sheet");
const identify = (parties) => [...new Set(parties.map(([, identity]) => identity))];
const join = (texts) => texts.filter(Boolean).join("\n").toLowerCase();
sheets.forEach((sheet, place) => {
  sheet.place = place;
  sheet.words = join([sheet.title, ...sheet.told, sheet.gist]);
  sheet.records.forEach((record, number) => {
    const sides = [...record.who, ...record.whom];
    const details = record.details.map(([, text]) => text);
    const quotes = record.evidence.map(([, quote]) => quote);
    const words = join([record.what, ...sides.flat(), ...details, ...quotes]);
    Object.assign(record, { sheet, number, parties: identify(sides), words: `${words}\n${sheet.words}` });
  });
});
const records = sheets.flatMap((sheet) => sheet.records);
const kinds = new Map(records.map((record) => [record.type, record.kind]).sort(([a], [b]) => a - b));
const choices = [...document.querySelectorAll("select[data-choice]")].map((select) => ({
  name: select.dataset.choice,
  label: select.closest("label").firstChild.textContent.trim(),
  values: [...select.options].filter((option) => option.value).map((option) => [option.value, option.text]),
  select,
}));
const showValue = (name, value) => {
  const choice = choices.find((each) => each.name === name);
  const found = choice && choice.values.find(([each]) => each === value);
  return found ? found[1] : value.replaceAll("_", " ");
};
