"""What the page of summaries holds, and that nothing in an article or an answer can act on it."""

import base64
import hashlib
import io
import json
import re
from collections.abc import Iterator
from typing import Any, Literal

import pages
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html  # type: ignore[import-untyped]

from summarizer.errors import UsageError
from summarizer.output.characters import make_inert
from summarizer.output.html import read_style, write_data
from summarizer.output.page import Item, write_page
from summarizer.output.page.page import STYLE
from summarizer.records import Evidence, Party, Record


@pytest.fixture(scope="module")
def source() -> str:
    return pages.render(pages.make_items())


@pytest.fixture(scope="module")
def page(source: str) -> Any:
    return html.document_fromstring(source)


def read_sheets(page: Any, name: str = "sheet") -> list[Any]:
    return [json.loads(each.text) for each in page.xpath(f"//script[@class='{name}']")]


def read_options(page: Any) -> dict[str, list[str]]:
    return {
        select.get("data-choice"): select.xpath("option/@value")
        for select in page.xpath("//select[@data-choice]")
    }


def words(element: Any) -> str:
    return " ".join(element.text_content().split())


def test_an_article_is_whole_between_its_marks(page: Any) -> None:
    sheet = read_sheets(page)[0]
    parts = [part if isinstance(part, str) else part[0] for part in sheet["text"]]
    assert "".join(parts) == pages.HARBOUR
    marks = [part for part in sheet["text"] if not isinstance(part, str)]
    assert [mark[1:] for mark in marks] == [[[0], [1]], [[0], [2]], [[1], [4]]]


def test_a_sentence_of_two_records_is_one_mark_of_both(page: Any) -> None:
    [mark] = [part for part in read_sheets(page)[1]["text"] if not isinstance(part, str)]
    assert mark == ["Sudania vowed to send grain to Norland by 2027.", [0, 1], [2]]


def test_a_record_says_who_what_and_to_whom_by_the_types_of_its_fields(page: Any) -> None:
    vow = read_sheets(page)[0]["records"][1]
    assert (vow["kind"], vow["type"]) == ("vow", 1)
    assert (vow["who"], vow["what"], vow["whom"]) == (
        [["Oslund", "Norland"]],
        "pay",
        [["Estmark", "Estmark"]],
    )
    assert vow["choices"] == {"kind": "vow", "firmness": "very_weak"}
    assert vow["details"] == [["proviso", "if the ice melts"]]
    accord = read_sheets(page)[1]["records"][1]
    assert accord["details"] == [["when", "by 2027 (by 2027-12-31)"]]
    assert accord["days"] == ["2027-12-31", "2027-12-31"]


def test_filters_are_made_from_the_choices_of_all_records_of_the_task(page: Any) -> None:
    assert read_options(page) == {
        "kind": ["", "accord", "vow"],
        "firmness": ["", "firm", "very_weak", "unsaid"],
        "field_of_work": ["", "trade", "sea"],
    }
    [label] = page.xpath("//label[select/@data-choice='field_of_work']/text()[1]")
    assert label.strip() == "Field of work"


def test_a_task_of_one_kind_without_choices_has_no_filter_for_them() -> None:
    class Visit(Record):
        kind: Literal["visit"]
        guest: Party

    visit = Visit(
        kind="visit",
        guest=pages.ESTMARK,
        evidence=(pages.prove(pages.QUIET, "Nothing was agreed.", sentence=2),),
    )
    item = (pages.make_summary("visit", pages.QUIET, visit), pages.QUIET)
    page = html.document_fromstring(pages.render([item], [Visit]))
    assert read_options(page) == {}
    [record] = read_sheets(page)[0]["records"]
    assert (record["who"], record["what"], record["kind"]) == ([["Estmark"] * 2], "", "visit")


def test_what_was_rejected_is_there_with_reason_detail_and_answer(page: Any) -> None:
    assert read_sheets(page)[0]["rejected"] == [
        {
            "reason": "no evidence",
            "detail": "no sentence <i>proves</i> it",
            "answer": [["kind", "vow"], ["deed", "melt the ice"], ["parties", "Oslund, Estmark"]],
        }
    ]


def test_a_suspected_injection_is_told_with_its_warnings(page: Any) -> None:
    hostile = read_sheets(page)[3]
    assert hostile["suspected"] is True
    assert hostile["warnings"] == ["sentence 2: asks for <script>"]


def test_an_input_without_a_summary_is_there_with_its_reason(page: Any) -> None:
    assert read_sheets(page, "failure") == [
        {"name": "big.txt", "status": "too large", "reason": "larger than <any> article"}
    ]


def test_without_a_script_each_article_is_a_list_of_what_it_reports(page: Any) -> None:
    told = [words(each) for each in page.xpath("//noscript")]
    assert "1. Oslund (Norland), Estmark → share a harbour accord · firm · sea" in told[1]
    assert "no evidence. no sentence <i>proves</i> it" in told[1]
    assert "Nothing of the kind is reported." in told[3]
    assert "suspected injection: sentence 2" in told[4]
    assert told[5] == "big.txt: too large. larger than <any> article"


def test_an_article_cannot_leave_its_place_in_the_page(source: str, page: Any) -> None:
    """Scripts and images in a text, a title, a party, an act and an answer are words."""
    blocks = page.xpath("//script")
    assert [each.get("type") for each in blocks] == ["application/json"] * 5 + [None]
    assert source.count("</script") == len(blocks)
    assert not page.xpath(
        "//img | //svg | //iframe | //object | //b | //i | //link | //a[@href!='#main']"
    )
    assert not page.xpath("//@src | //@style | //@*[starts-with(name(), 'on')]")
    for block in blocks[:-1]:
        assert not re.search("[<>&\u2028]", block.text)
    sheet = read_sheets(page)[3]
    shown = "".join(part if isinstance(part, str) else part[0] for part in sheet["text"])
    assert shown.startswith("</script><script>window.hacked = 1</script> <img src=http://")
    assert "{{ 7 * 7 }}" in shown


def test_nothing_turns_the_order_of_writing_around_or_acts_on_a_display(source: str) -> None:
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", source)
    assert "\\u202e" not in source
    assert "\\u001b" not in source


def test_the_policy_names_the_style_and_the_script_by_their_hashes(page: Any) -> None:
    [content] = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert content.startswith("default-src 'none';")
    for tag, text in (
        ("style", page.find(".//style").text),
        ("script", page.xpath("//script")[-1].text),
    ):
        digest = hashlib.sha256(text.encode()).digest()
        assert f"{tag}-src 'sha256-{base64.b64encode(digest).decode()}'" in content


def test_the_text_of_another_article_is_not_shown_as_this_one() -> None:
    for text in (None, pages.GRAIN, "x" + pages.HARBOUR):
        [sheet] = read_sheets(
            html.document_fromstring(pages.render([(pages.make_harbour(), text)]))
        )
        assert sheet["text"] is None
        assert sheet["records"][0]["evidence"][0] == [
            2,
            "Oslund and Estmark agreed to share a harbour.",
        ]


def test_each_article_is_written_before_the_next_is_asked_for() -> None:
    stream = io.StringIO()
    seen = []

    def come() -> Iterator[Item]:
        for item in pages.make_items()[:2]:
            yield item
            seen.append(stream.getvalue().count('class="sheet"'))

    write_page(come(), stream, record_types=pages.RECORD_TYPES)
    assert seen == [1, 2]


def test_a_page_is_whole_even_if_its_items_end_in_an_error() -> None:
    stream = io.StringIO()

    def break_off() -> Iterator[Item]:
        yield pages.make_items()[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_page(break_off(), stream, record_types=pages.RECORD_TYPES)
    page = html.document_fromstring(stream.getvalue())
    assert len(read_sheets(page)) == 1
    assert stream.getvalue().endswith("</html>\n")
    assert page.xpath("//script")[-1].text.strip()


def test_a_record_of_another_task_is_refused_in_one_line() -> None:
    with pytest.raises(UsageError, match="Vow is not a record of this task"):
        pages.render(pages.make_items(), [pages.Accord])


def test_a_page_without_articles_is_a_page() -> None:
    page = html.document_fromstring(pages.render([]))
    assert read_sheets(page) == []
    assert page.get_element_by_id("main") is not None


@given(
    st.recursive(
        st.none() | st.integers() | st.text(st.characters(exclude_categories=["C"])),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(st.sampled_from("a<&")), inner),
        max_leaves=8,
    )
)
@settings(max_examples=60, deadline=None)
def test_data_comes_back_from_its_block_to_the_letter(content: object) -> None:
    written = write_data(content)
    assert json.loads(written) == content
    assert not re.search("[<>&\u2028\u2029]", written)


@given(
    text=st.text(st.characters(exclude_categories=["C"]) | st.just("\n"), min_size=1, max_size=40),
    cuts=st.lists(st.tuples(st.integers(0, 39), st.integers(1, 40)), min_size=1, max_size=5),
)
@settings(max_examples=60, deadline=None)
def test_whatever_its_evidence_every_article_is_whole_and_each_record_marks_its_own(
    text: str, cuts: list[tuple[int, int]]
) -> None:
    spans = [(start, end) for start, end in cuts if start < end <= len(text)]
    records = [
        pages.Vow(
            kind="vow",
            maker=pages.ESTMARK,
            deed="act",
            firmness="firm",
            evidence=(Evidence(sentence=1, start=start, end=end, quote=text[start:end]),),
        )
        for start, end in spans
    ]
    summary = pages.make_summary("any", text, *records)
    [sheet] = read_sheets(html.document_fromstring(pages.render([(summary, text)])))
    parts = [(part, []) if isinstance(part, str) else part for part in sheet["text"]]
    assert "".join(part[0] for part in parts) == show(text)
    for number, (start, end) in enumerate(spans):
        assert "".join(part[0] for part in parts if number in part[1]) == show(text[start:end])


def show(text: str) -> str:
    return "\n".join(make_inert(line, keep_spaces=True) for line in text.split("\n"))


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
    blocks = re.findall(r":root \{(.*?)\}", read_style(STYLE), re.DOTALL)
    mine = blocks[scheme] + blocks[scheme + 2]
    colours = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", mine))
    tints = [f"t{number}" for number in range(6)]
    heats = [f"heat-{letter}" for letter in "abcd"]
    grounds = {
        "ink": ("page", "panel", "lit", "warn", "mixed", *tints, *heats),
        "quiet": ("page", "panel"),
        "link": ("page",),
        **{f"k{number}": ("page",) for number in range(6)},
    }
    poor = {
        (name, ground): round(contrast(colours[name], colours[ground]), 2)
        for name, beneath in grounds.items()
        for ground in beneath
        if contrast(colours[name], colours[ground]) < 4.5
    }
    assert not poor
    assert contrast(colours["field"], colours["page"]) >= 3
