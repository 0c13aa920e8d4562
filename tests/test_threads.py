"""Threads: reports of one commitment are linked, others are not; scored on known ones.

`scripts/test tests/test_threads.py -s` prints the scores. `UPDATE_DOCS=1` writes them into
docs/ledger.md.
"""

import datetime
import functools
import json
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import platformdirs
import pytest
from corpora import (
    FOLDER,
    UNTOUCHED,
    Corpus,
    Score,
    list_corpora,
    make_summary,
    read_corpus,
    score_links,
    write_store,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from program import is_inert, run_here

from summarizer.ledger import Entry, Ledger, LedgerParty, Query, Thread, link_threads
from summarizer.ledger.wording import list_amounts, read_task_vocabulary, read_vocabulary
from summarizer.model.catalogue import find_entry, read_catalogue
from summarizer.model.weights import locate_weights, weights_folder

ROOT = Path(__file__).parent.parent
CACHE = Path(os.environ.get("SUMMARIZER_CACHE") or platformdirs.user_cache_dir("summarizer"))
DOCS = ROOT / "docs/ledger.md"
BEGIN = "<!-- Written by UPDATE_DOCS=1 scripts/test tests/test_threads.py -->"
END = "<!-- End of what is written -->"
THRESHOLDS = (0.3, 0.5, 0.7)
VOCABULARY = read_task_vocabulary("agreements", home=None)


@functools.cache
def read_entries(name: str, folder: Path) -> tuple[Corpus, tuple[Entry, ...]]:
    """A corpus, and its records as its ledger has them."""
    corpus = read_corpus(FOLDER / f"{name}.yaml")
    path = folder / f"{name}.sqlite"
    write_store(path, corpus.summaries)
    ledger = Ledger(path)
    entries = tuple(ledger.search(Query()))
    ledger.close()
    return corpus, entries


def score(name: str, folder: Path, *, threshold: float = 0.5) -> Score:
    corpus, entries = read_entries(name, folder)
    threads = link_threads(entries, {"agreements": VOCABULARY}, threshold=threshold)
    return score_links(corpus, ([_place(m.entry) for m in one.members] for one in threads))


def _place(entry: Entry) -> tuple[str, int]:
    return entry.article_id, int(entry.id.rsplit("-", 1)[1])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("corpora")


def make_entry(
    act: str,
    *,
    id: str = "a-1",
    actors: str = "KR JP",
    receivers: str = "",
    date: str | None = "2024-01-01",
    **given: Any,
) -> Entry:
    """An entry with what threads look at; each article has one record."""
    sides = (("acts", actors), ("receives", receivers))
    parties = [
        LedgerParty(role, code, code, code) for role, codes in sides for code in codes.split()
    ]
    told: dict[str, Any] = {
        "key": id.split("-", maxsplit=1)[0],
        "article_id": id.split("-", maxsplit=1)[0],
        "source": "Plain News",
        "title": None,
        "task": "agreements",
        "kind": "agreement",
        "fields": {"status": "new", "topic": "security"},
        "quote": act,
        "sentences": "2",
    }
    return Entry(
        id=id,
        date=datetime.date.fromisoformat(date) if date else None,
        parties=tuple(parties),
        act=act,
        **{**told, **given},
    )


def link(*entries: Entry, threshold: float = 0.5) -> list[list[str]]:
    """The ids of the entries in each thread."""
    found = link_threads(entries, {"agreements": VOCABULARY}, threshold=threshold)
    return [[member.entry.id for member in one.members] for one in found]


PORT = "build a harbour for large ships at Vik"


def test_the_same_act_of_the_same_parties_is_one_thread() -> None:
    assert link(make_entry(PORT), make_entry("build the harbour at Vik", id="b-1")) == [
        ["a-1", "b-1"]
    ]


def test_an_act_told_in_other_words_is_one_thread() -> None:
    other = make_entry("construct a harbor for big ships in Vik", id="b-1", quote=PORT)
    assert link(make_entry(PORT), other) == [["a-1", "b-1"]]


@pytest.mark.parametrize(
    ("act", "given"),
    [
        (PORT, {"actors": "FR DE"}),
        ("exchange data on floods", {}),
        ("strengthen cooperation", {}),
    ],
)
def test_other_parties_or_another_matter_are_no_thread(act: str, given: dict[str, Any]) -> None:
    assert link(make_entry(PORT), make_entry(act, id="b-1", **given)) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("pay 6 billion euros into the fund", "pay 9 billion euros into the fund"),
        ("raise tariffs on steel", "cut tariffs on steel"),
        ("suspend the work of the committee", "resume the work of the committee"),
    ],
)
def test_another_amount_and_the_opposite_act_are_no_thread(first: str, second: str) -> None:
    assert link(make_entry(first), make_entry(second, id="b-1"), threshold=0) == []


def test_terms_that_do_not_meet_are_no_thread() -> None:
    """A catch for one year and a catch for the next are two agreements."""
    one, other = (
        {"timeframe_start": f"{year}-01-01", "timeframe_end": f"{year}-12-31"}
        for year in (2024, 2025)
    )
    first = make_entry("set the quota for cod", fields=one)
    assert link(first, make_entry("set the quota for cod", id="b-1", fields=other)) == []
    assert link(first, make_entry("set the quota for cod", id="b-1", fields=one)) != []


def test_two_acts_of_one_sentence_are_two_threads() -> None:
    one, other = make_entry(PORT, id="a-1"), make_entry(PORT, id="a-2")
    assert link(one, other, threshold=0) == []


def test_cooperation_with_a_third_country_is_cooperation_of_three() -> None:
    """However it is said."""
    two = make_entry("deepen their cooperation with the United States", id="a-1")
    three = make_entry("expand tripartite security ties", id="b-1", actors="KR JP US")
    both = make_entry("expand bilateral security ties", id="c-1", actors="KR JP")
    assert link(two, three) == [["a-1", "b-1"]]
    assert link(two, both) == []


def test_years_terms_and_names_are_no_amounts() -> None:
    act = "sell 48 FA-50 jets and 12 K9 howitzers within 90 days of 2026"
    assert list_amounts(act) == {"48", "12"}


def read_roles(*given: tuple[str, str, str]) -> list[str]:
    """The roles of reports with these dates, outlets and statuses."""
    entries = [
        make_entry(PORT, id=f"{n}x-1", date=date, source=source, fields={"status": status})
        for n, (date, source, status) in enumerate(given)
    ]
    [thread] = link_threads(entries, {"agreements": VOCABULARY})
    return [member.role for member in thread.members]


def test_each_report_is_named_by_what_it_is_in_the_thread() -> None:
    assert read_roles(
        ("2024-01-01", "Plain News", "new"),
        ("2024-01-02", "Tide Daily", "new"),
        ("2024-06-01", "Tide Daily", "reaffirmed"),
        ("2025-01-01", "Plain News", "past"),
    ) == ["first made", "repeated", "reaffirmed", "recalled"]


def test_the_first_report_of_what_is_older_is_seen_first_not_made() -> None:
    assert read_roles(("2024-01-01", "A", "reaffirmed"), ("2024-05-01", "A", "new")) == [
        "first seen",
        "reaffirmed",
    ]


def test_every_report_but_the_first_names_an_earlier_one_and_what_they_share() -> None:
    entries = [make_entry(PORT, id=f"{n}x-1", date=f"202{n}-01-01") for n in range(1, 4)]
    [thread] = link_threads(entries, {"agreements": VOCABULARY})
    first, *later = thread.members
    assert first.link is None
    for number, member in enumerate(later, start=1):
        assert member.link is not None
        before = {one.entry.id for one in thread.members[:number]}
        assert member.link.to in before
        assert member.link.score > 0.9
        assert member.link.parties == ("JP", "KR")
        assert {"harbour", "vik"} <= set(member.link.words)


@settings(max_examples=20, deadline=None)
@given(order=st.permutations(range(6)), threshold=st.floats(0, 1))
def test_the_order_in_which_records_are_given_changes_nothing(
    order: list[int], threshold: float
) -> None:
    acts = (PORT, "build the harbour at Vik", "share data on floods", "share flood data")
    entries = [make_entry(acts[n % 4], id=f"{n}x-1", date=f"202{n % 3}-01-01") for n in range(6)]
    assert link(*(entries[n] for n in order), threshold=threshold) == link(
        *entries, threshold=threshold
    )


def list_pairs(threads: list[Thread]) -> set[tuple[str, str]]:
    return {
        (one.entry.id, other.entry.id)
        for thread in threads
        for one in thread.members
        for other in thread.members
    }


def test_no_report_is_in_two_threads_and_a_threshold_of_one_links_nothing(folder: Path) -> None:
    _, entries = read_entries("ceasefire", folder)
    threads = link_threads(entries, {"agreements": VOCABULARY}, least=1)
    ids = [member.entry.id for thread in threads for member in thread.members]
    assert sorted(ids) == sorted(entry.id for entry in entries)
    assert link_threads(entries, {"agreements": VOCABULARY}, threshold=1.0) == []


def test_records_of_two_tasks_are_never_linked() -> None:
    one, other = make_entry(PORT), make_entry(PORT, id="b-1", task="other")
    vocabularies = {"agreements": VOCABULARY, "other": read_vocabulary()}
    assert link_threads([one, other], vocabularies, threshold=0) == []


def test_a_thousand_records_are_linked_in_seconds() -> None:
    """Those that tell of one act in the same words are together."""
    entries = [
        make_entry(f"build a harbour at {_spell(n % 200)}", id=f"{n:04}x-1") for n in range(1000)
    ]
    began = time.perf_counter()
    threads = link(*entries)
    assert time.perf_counter() - began < 60
    places = {id: place for place, ids in enumerate(threads) for id in ids}
    assert all(places[f"{n:04}x-1"] == places[f"{n % 200:04}x-1"] for n in range(1000))


def _spell(number: int) -> str:
    """A made-up name of two words for a number below 200."""
    return f"{chr(97 + number % 20) * 5} {chr(97 + number // 20) * 6}"


def test_there_are_sixteen_corpora_with_hard_negatives() -> None:
    corpora = [read_corpus(path) for path in list_corpora()]
    assert len(corpora) >= 12
    assert set(UNTOUCHED) < {corpus.name for corpus in corpora}
    for corpus in corpora:
        names = list(corpus.threads.values())
        assert sum(names.count(name) == 1 for name in names) + len(set(names)) > 4, corpus.name


def write_table(folder: Path) -> str:
    """Precision and recall of each corpus, and of all at several thresholds."""
    lines = ["| corpus | records | precision | recall |", "|---|---|---|---|"]
    for path in list_corpora():
        one = score(path.stem, folder)
        mark = " (untouched)" if path.stem in UNTOUCHED else ""
        records = len(read_corpus(path).threads)
        lines.append(f"| {path.stem}{mark} | {records} | {one.precision:.2f} | {one.recall:.2f} |")
    lines += ["", "| threshold | on which | linked | right | known | precision | recall |"]
    lines.append("|---|---|---|---|---|---|---|")
    lines += [_line(folder, at, which) for at in THRESHOLDS for which in ("chosen on", "untouched")]
    return "\n".join(lines)


def _line(folder: Path, threshold: float, which: str) -> str:
    all_of = sum_up(folder, threshold=threshold, is_untouched=which == "untouched")
    counts = f"{all_of.linked} | {all_of.right} | {all_of.known}"
    return f"| {threshold} | {which} | {counts} | {all_of.precision:.2f} | {all_of.recall:.2f} |"


def sum_up(folder: Path, *, threshold: float = 0.5, is_untouched: bool) -> Score:
    names = [path.stem for path in list_corpora()]
    chosen = [name for name in names if (name in UNTOUCHED) == is_untouched]
    scores = (score(name, folder, threshold=threshold) for name in chosen)
    return functools.reduce(Score.__add__, scores)


def test_the_scores_are_those_in_the_documentation(folder: Path) -> None:
    table = write_table(folder)
    print(f"\n{table}")
    text = DOCS.read_text("utf-8")
    pattern = re.compile(f"{re.escape(BEGIN)}\n.*?{re.escape(END)}", re.S)
    written = pattern.sub(lambda _: f"{BEGIN}\n\n{table}\n\n{END}", text)
    if os.environ.get("UPDATE_DOCS"):
        DOCS.write_text(written, "utf-8")
    assert text == written or os.environ.get("UPDATE_DOCS")


def test_threads_are_mostly_right_and_mostly_whole(folder: Path) -> None:
    for is_untouched in (False, True):
        found = sum_up(folder, is_untouched=is_untouched)
        assert found.precision >= 0.75
        assert found.recall >= 0.5


def test_a_higher_threshold_links_less_and_a_lower_one_finds_more(folder: Path) -> None:
    scores = [sum_up(folder, threshold=at, is_untouched=False) for at in THRESHOLDS]
    assert scores[0].linked > scores[1].linked > scores[2].linked
    assert scores[0].recall >= scores[1].recall >= scores[2].recall


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "store.sqlite"
    write_store(found, read_corpus(FOLDER / "trilateral.yaml").summaries)
    return found


def test_threads_are_printed_with_roles_links_and_evidence(path: Path) -> None:
    done = run_here("ledger", "threads", "three-way ties", "--store", str(path))
    assert done.returncode == 0
    assert is_inert(done.stdout)
    head = done.stdout.splitlines()[1]
    assert head.strip().endswith("4 reports, 4 articles, 3 outlets")
    assert re.search(r"^    first seen  2021-05-04  Morning Ledger  \w{12}-1$", done.stdout, re.M)
    assert re.search(r"^        0\.\d\d with \w{12}-1: JP, KR, US; ties of 3,", done.stdout, re.M)
    assert "“The two leaders reaffirmed that they would further develop" in done.stdout


def test_threads_as_json_hold_their_links(path: Path) -> None:
    done = run_here("ledger", "threads", "--party", "CN", "--json", "--store", str(path))
    assert json.loads(done.stdout) == []
    done = run_here("ledger", "threads", "exercises", "--json", "--store", str(path))
    [thread] = json.loads(done.stdout)
    roles = [report["role"] for report in thread["reports"]]
    assert roles == ["first made", "repeated", "recalled"]
    assert thread["reports"][1]["link"]["days"] == 1
    assert thread["reports"][1]["record"]["parties"] == "South Korea; Japan; United States"


@pytest.mark.parametrize("threshold", ["-0.1", "1.1", "high"])
def test_a_threshold_that_is_no_probability_is_a_usage_error(path: Path, threshold: str) -> None:
    done = run_here("ledger", "threads", "--threshold", threshold, "--store", str(path))
    assert done.returncode == 2


def write_seeds(path: Path) -> None:
    """The five seeds with the dates and outlets that their labels give: pages lack them."""
    lines = []
    for case in sorted((ROOT / "evals/cases").glob("s0*")):
        source = json.loads((case / "gold.json").read_text("utf-8"))["source"]
        known = {"title": source["title"], "date": source["published"]}
        text = (case / "article.txt").read_text("utf-8")
        lines.append({"id": case.name, "text": text, "source": source["publisher"], **known})
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")


def run_seeds(folder: Path, *options: str) -> Thread:
    """The longest thread of the five seeds."""
    store, corpus = folder / "seeds.sqlite", folder / "seeds.jsonl"
    write_seeds(corpus)
    output = str(folder / "out.jsonl")
    done = run_here("run", str(corpus), *options, "--store", str(store), "-o", output)
    assert done.returncode == 0, done.stderr
    ledger = Ledger(store)
    longest, *_ = ledger.link()
    ledger.close()
    return longest


def check_seeds(thread: Thread) -> None:
    """Three countries' cooperation, from 2021 to 2025, in each of the five articles."""
    assert set(thread.parties) == {"South Korea", "Japan", "United States"}
    assert thread.articles == 5
    dates = [member.entry.date for member in thread.members]
    assert (dates[0], dates[-1]) == (datetime.date(2021, 4, 1), datetime.date(2025, 7, 18))
    assert dates == sorted(dates, key=str)


@pytest.mark.weights
def test_the_seeds_give_one_thread_on_trilateral_cooperation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("xllamacpp", reason="the engine is an optional extra")
    entry = find_entry("local", read_catalogue(None))
    if locate_weights(entry, weights_folder(CACHE)) is None:
        pytest.skip(f"{entry.name} is not in {weights_folder(CACHE)}: summarizer model pull")
    monkeypatch.setenv("SUMMARIZER_CACHE", str(CACHE))
    check_seeds(run_seeds(tmp_path))


def test_the_seeds_summarised_by_rules_alone_give_the_same_thread(tmp_path: Path) -> None:
    check_seeds(run_seeds(tmp_path, "--model", "lexicon"))


def list_fields(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        yield from data
        for value in data.values():
            yield from list_fields(value)
    elif isinstance(data, list):
        for value in data:
            yield from list_fields(value)


def test_the_corpora_hold_nothing_but_what_summaries_hold() -> None:
    """A wrong name of a field would be read as no field at all."""
    for path in list_corpora():
        corpus = read_corpus(path)
        assert set(map(len, [corpus.threads])) == {
            sum(len(one["records"]) for one in corpus.summaries)
        }
        told = set(list_fields([one["records"] for one in corpus.summaries]))
        assert told <= set(list_fields(make_summary(_SAMPLE)["records"])) | {"counterparts"}


_SAMPLE: dict[str, Any] = {
    "id": "a",
    "records": [
        {
            "kind": "pledge",
            "parties": ["KR"],
            "action": "x",
            "status": "new",
            "strength": "firm",
            "topic": "other",
            "timeframe": {"text": "x", "start": None, "end": None},
            "quote": "x",
        }
    ],
}
