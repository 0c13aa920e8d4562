// Filter: which records and articles are asked for; a mark of a chart picks from among them.
let picked = null;
const CONDITIONS = {
  records: (sheet) => sheet.records.length > 0,
  nothing: (sheet) => sheet.records.length === 0,
  rejected: (sheet) => sheet.rejected.length > 0,
  warnings: (sheet) => sheet.suspected || sheet.warnings.length > 0,
};
const readFilters = () => ({
  words: one("filter-text").value.toLowerCase().split(/\s+/).filter(Boolean),
  party: one("filter-party").value,
  choices: choices.map(({ name, select }) => [name, select.value]).filter(([, value]) => value),
  condition: CONDITIONS[one("filter-articles").value],
});
const holds = (text, words) => words.every((word) => text.includes(word));
const fits = (record, asked) =>
  asked.choices.every(([name, value]) => record.choices[name] === value) &&
  (!asked.party || record.parties.includes(asked.party)) &&
  holds(record.words, asked.words);
const search = () => {
  const asked = readFilters();
  const open = new Set(asked.condition ? sheets.filter(asked.condition) : sheets);
  const found = records.filter((record) => open.has(record.sheet) && fits(record, asked));
  const shown = new Set(picked && picked.records ? found.filter((record) => picked.records.has(record)) : found);
  const having = new Set([...shown].map((record) => record.sheet));
  const asksRecords = asked.party || asked.choices.length || (picked && picked.records);
  const listed = [...open].filter((sheet) =>
    (!picked || picked.sheets.has(sheet)) &&
    (having.has(sheet) || (!asksRecords && holds(sheet.words, asked.words))));
  const active = asked.words.length + asked.choices.length + Boolean(asked.party) + Boolean(asked.condition);
  return { found, shown, listed, open: listed.length === sheets.length ? sheets : listed, active };
};
const listParties = () => {
  const counts = new Map();
  for (const record of records)
    for (const party of record.parties) counts.set(party, (counts.get(party) || 0) + 1);
  const sorted = [...counts].sort(([a, many], [b, few]) => few - many || a.localeCompare(b, "en"));
  one("filter-party").append(...sorted.map(([party, number]) => make("option", { value: party }, `${party} (${number})`)));
};
