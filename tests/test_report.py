"""What the page of a run says, and that nothing in an article or an answer can act on it."""

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
import sample
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html  # type: ignore[import-untyped]

from summarizer.evaluation.report import render_report
from summarizer.evaluation.report.article import cut_text, mark_spans
from summarizer.evaluation.report.figure import show_measurement, show_number, warn_of_threshold
from summarizer.evaluation.report.page import FOLDER, STYLE
from summarizer.evaluation.report.plot import draw_strata
from summarizer.evaluation.report.sheet import list_sheets
from summarizer.evaluation.runs.folder import RunFolder
from summarizer.evaluation.runs.results import Results, score_run
from summarizer.evaluation.scoring.metric import Measurement
from summarizer.output.html import read_style

VOID = Measurement(value=None, low=None, high=None, n=0, total=0, method="none")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """The made-up run, one case of it without an answer."""
    return sample.make_results(tmp_path_factory.mktemp("results"))


@pytest.fixture(scope="module")
def source(results: Results) -> str:
    return render_report(results)


@pytest.fixture
def page(source: str) -> Any:
    return html.document_fromstring(source)


def select(root: Any, *classes: str, tag: str = "*") -> list[Any]:
    """The elements below that have all of these classes."""
    return [
        each
        for each in root.iterdescendants(tag)
        if set(classes) <= set(each.get("class", "").split())
    ]


def read_rows(table: Any) -> dict[str, list[str]]:
    """The cells of a table's body by the head of their row, white space made single."""
    return {
        words(row.find("th")): [words(cell) for cell in row.findall("td")]
        for row in table.find("tbody")
    }


def words(element: Any) -> str:
    return " ".join(element.text_content().split())


def find_case(page: Any, name: str) -> Any:
    (found,) = [each for each in select(page, "case") if words(next(each.iter("h3"))) == name]
    return found


def test_the_headline_stands_first_with_interval_n_and_the_lexicon_beside_it(
    page: Any, results: Results
) -> None:
    found = results.summary.metrics["typed.f1"]
    beside = results.summary.baseline["typed.f1"]
    rows = read_rows(select(page, "headlines")[0])
    label, cells = next(iter(rows.items()))
    assert label.startswith("typed F1")
    for cell, figure in zip(cells, (found, beside), strict=True):
        shown = show_measurement(figure)
        assert cell == f"{shown.value} {shown.interval}, n {figure.n}"
    assert [label for label in rows if label.startswith(("tempting", "fabricated", "valid"))]


def test_an_incomplete_run_says_so_before_any_figure(
    source: str, page: Any, tmp_path: Path
) -> None:
    assert "Only 6 of 7 answers are scored" in words(page.get_element_by_id("incomplete"))
    assert source.index('id="incomplete"') < source.index('id="figures"')
    complete = render_report(sample.make_results(tmp_path, complete=True))
    assert 'id="incomplete"' not in complete


def test_articles_and_answers_cannot_leave_their_place_in_the_page(source: str, page: Any) -> None:
    """Scripts in a text, a title, a tag, an action, an error and a reason are words."""
    assert [each.get("src") for each in page.iter("script")] == [None]
    assert source.count("</script") == source.count("<script") == 1
    assert not list(
        page.iter("img", "iframe", "object", "embed", "link", "textarea", "b", "em", "i")
    )
    hostile = find_case(page, "hostile")
    text = select(hostile, "text")[0].text_content()
    assert "<script>window.hacked = 1</script>" in text
    assert "</script></textarea><img src=http://example.com/x.png onerror=alert(1)>" in text
    assert "share </script><script>window.hacked = 2</script> power" in words(hostile)
    assert "\x1b" not in source
    assert "\x0b" not in source


def test_the_page_refers_to_nothing_outside_of_itself(page: Any) -> None:
    links = [link for _, _, link, _ in page.iterlinks()]
    assert links
    assert all(link.startswith("#") for link in links)
    ids = set(page.xpath("//@id"))
    assert {link.removeprefix("#") for link in links} <= ids
    assert len(ids) == len(page.xpath("//@id"))


def test_the_policy_names_the_style_and_the_script_by_their_hashes(page: Any) -> None:
    (content,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert content.startswith("default-src 'none';")
    for tag in ("style", "script"):
        digest = hashlib.sha256(next(page.iter(tag)).text.encode()).digest()
        assert f"{tag}-src 'sha256-{base64.b64encode(digest).decode()}'" in content
    assert not page.xpath("//@style | //@*[starts-with(name(), 'on')]")


def test_the_article_is_whole_between_its_marks(page: Any) -> None:
    box = select(find_case(page, "harbour"), "text")[0]
    for tag in select(box, "tag", tag="a"):
        tag.drop_tree()
    assert box.text_content() == sample.PORT


def test_the_same_sentence_is_marked_for_its_label_and_its_prediction(
    page: Any,
) -> None:
    marks = find_case(page, "grain").iter("mark")
    assert [(mark.get("class"), mark.text) for mark in marks] == [
        ("label prediction", "Sudania vowed to send grain to Westria."),
        ("prediction temptation", "Westria demanded that the border be opened."),
        ("label", "It promised to lower its tariffs."),
        ("label prediction", "An old treaty on rivers still holds."),
    ]


def test_each_field_of_a_pair_has_its_verdict_in_words(page: Any) -> None:
    rows = read_rows(select(find_case(page, "grain"), "fields")[0])
    assert rows["kind ✗ misread"] == ["pledge", "agreement"]
    assert rows["topic ✗ misread"] == ["other", "humanitarian"]
    assert rows["occasion + invented"] == ["–", "on a visit"]
    assert rows["counterparts − unfound"] == ["Westria (AT)", "–"]
    assert rows["action ✓ matched"] == ["send grain"]


def test_missed_spurious_and_tempting_are_told_apart(page: Any) -> None:
    case = words(find_case(page, "grain"))
    for told in (
        "Missed labels (1) L2 missed",
        "P3 unsupported",
        "P4 fabricated",
        "Not in the article: Estmark will pay for every ship.",
        "optional label: not counted",
        "T1 demand, taken by P3",
        "no_evidence: <i>no sentence</i>",
    ):
        assert told in case, told


def test_an_accepted_value_stands_beside_the_labels_own(page: Any) -> None:
    rows = read_rows(select(find_case(page, "harbour"), "fields")[1])
    assert rows["status ✓ matched"] == ["new or reaffirmed", "new"]
    assert rows["timeframe ✓ matched"] == ["by 2030 (until 2030-12-31)"]


def test_a_text_of_another_script_says_its_language_and_finds_its_direction(
    page: Any,
) -> None:
    box = select(find_case(page, "mina"), "text")[0]
    assert (box.get("dir"), box.get("lang")) == ("auto", "ar")
    assert all(tag.get("dir") == "ltr" for tag in select(box, "tag"))


def test_cases_without_an_answer_and_with_an_unusable_one_are_listed(
    page: Any,
) -> None:
    rows = read_rows(page.get_element_by_id("table"))
    assert rows["unreached"][:5] == ["no answer", "–", "–", "–", "–"]
    assert rows["unusable"][:5] == ["invalid output", "0", "0", "1", "✗ no"]
    assert rows["harbour"][:5] == ["answered", "2", "0", "0", "✓ yes"]
    assert "503 for a minute" in words(find_case(page, "unreached"))


def test_the_plot_has_its_figures_as_a_text_and_as_a_table(page: Any, results: Results) -> None:
    told = words(page.get_element_by_id("plot-text"))
    rows = read_rows(select(page.get_element_by_id("strata"), "figures")[0])
    assert set(rows) == {"all cases", *results.summary.strata}
    for row in draw_strata(results.summary, beside=True).rows:
        assert row.model
        assert f"{row.label}, n {row.n}: model {row.model.text}" in told
        assert rows[row.label][0].startswith(row.model.text.split()[0])


def test_a_stratum_without_labels_is_named_instead_of_drawn(page: Any) -> None:
    note = words(select(page.get_element_by_id("strata"), "note")[0])
    assert note.endswith("has a labelled record: empty.")


def test_a_dot_lies_between_the_ends_of_its_whisker(results: Results) -> None:
    for row in draw_strata(results.summary, beside=True).rows:
        for dot in filter(None, (row.model, row.lexicon)):
            assert dot.low
            assert dot.high
            low, value, high = (float(each.rstrip("%")) for each in (dot.low, dot.value, dot.high))
            assert 0 <= low <= value <= high <= 100


def test_confusions_count_the_aligned_pairs(page: Any) -> None:
    (table,) = [each for each in select(page, "confusion") if words(each[0]).startswith("kind:")]
    assert words(table[0]) == "kind: 4 of 5 right"
    assert [words(each) for each in table.iter("td")] == ["3", "0", "1", "1"]


def test_a_headline_that_hangs_on_the_threshold_is_warned_of() -> None:
    def told(low: float, high: float) -> str | None:
        values = {"typed@0.3.f1": high, "typed.f1": 0.5, "typed@0.7.f1": low}
        return warn_of_threshold(
            {name: VOID.model_copy(update={"value": value}) for name, value in values.items()}
        )

    assert told(0.5, 0.53) is None
    assert told(0.5, 0.54) is not None
    assert told(0.46, 0.5) is not None
    assert warn_of_threshold({"typed.f1": VOID}) is None


def test_what_was_not_measured_is_a_dash() -> None:
    assert show_measurement(VOID).value == show_measurement(None).value == "–"
    assert [show_number(each) for each in (0, 0.5834, 0.9999, 1, 2.5)] == [
        ".000",
        ".583",
        "1.00",
        "1.00",
        "2.50",
    ]


def test_of_several_epochs_the_first_is_shown_and_all_are_counted(tmp_path: Path) -> None:
    results = sample.make_results(tmp_path, epochs=3)
    page = html.document_fromstring(render_report(results))
    assert "What is shown of it is the first answer" in words(page.get_element_by_id("cases"))
    assert len(select(page, "case")) == 7
    rounds = read_rows(select(find_case(page, "harbour"), "rounds")[0])
    assert rounds == {each: ["answered", "2", "0", "0", "✓ yes"] for each in "123"}


def test_a_run_that_was_not_begun_is_a_page_all_the_same(tmp_path: Path) -> None:
    sample.write_cases(tmp_path / "cases")
    suite = sample.make_run(tmp_path / "run", tmp_path / "cases")
    results = score_run(RunFolder(tmp_path / "run"), suite)
    page = html.document_fromstring(render_report(results))
    assert "Only 0 of 7 answers are scored" in words(page.get_element_by_id("incomplete"))
    assert {sheet.status for sheet in list_sheets(results)} == {"not_asked"}


def test_a_password_in_an_endpoint_stays_out_of_the_page(tmp_path: Path) -> None:
    sample.write_cases(tmp_path / "cases")
    endpoint = "https://me:secret@models.example:8443/v1?key=secret"
    suite = sample.make_run(tmp_path / "run", tmp_path / "cases", endpoint=endpoint)
    source = render_report(score_run(RunFolder(tmp_path / "run"), suite))
    assert "https://models.example:8443/v1" in source
    assert "secret" not in source


@given(
    text=st.text(max_size=40),
    spans=st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50)), max_size=6),
)
@settings(max_examples=60, deadline=None)
def test_stretches_together_are_the_text_and_hold_exactly_their_marks(
    text: str, spans: list[tuple[int, int]]
) -> None:
    marks = mark_spans(spans, key="k", name="L1", role="label", length=len(text))
    stretches = cut_text(text, marks)
    assert "".join(each.text for each in stretches) == text
    begun = [mark for each in stretches for mark in each.begins]
    assert sorted(begun, key=repr) == sorted(marks, key=repr)
    place = 0
    for each in stretches:
        for at in range(place, place + len(each.text)):
            assert len(each.marks) == sum(mark.start <= at < mark.end for mark in marks)
        place += len(each.text)


def contrast(first: str, second: str) -> float:
    """The ratio of WCAG 2: 4.5 or more is legible text."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(first), light(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_text_is_legible_on_every_ground_that_it_stands_on(scheme: int) -> None:
    blocks = re.findall(r":root \{(.*?)\}", read_style(FOLDER / STYLE), re.DOTALL)
    mine = blocks[scheme] + blocks[scheme + 2]  # those of every page, then the report's own
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", mine))
    grounds = {
        "ink": ("page", "panel", "lit", "warn", "label-tint", "prediction-tint", "both-tint"),
        "quiet": ("page", "panel", "lit"),
        "link": ("page", "panel"),
        "label": ("page",),
        "prediction": ("page",),
        "tempting": ("page",),
        "right": ("page", "lit"),
        "wrong": ("page", "lit"),
        "partly": ("page", "lit"),
    }
    poor = {
        (name, ground): round(contrast(colours[name], colours[ground]), 2)
        for name, beneath in grounds.items()
        for ground in beneath
        if contrast(colours[name], colours[ground]) < 4.5
    }
    assert not poor
    assert contrast(colours["field"], colours["page"]) >= 3
