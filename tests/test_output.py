"""How summaries of a made-up task look in every format, and that nothing in them is active."""

import csv
import datetime
import io
import json
from collections.abc import Iterator
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.errors import UsageError
from summarizer.output import Format, write_summaries
from summarizer.output.characters import make_inert
from summarizer.output.fields import ordered_fields
from summarizer.records import (
    ArticleInfo,
    Evidence,
    ModelInfo,
    Party,
    Phrase,
    Provenance,
    Record,
    Rejection,
    Summary,
    Timeframe,
    Usage,
)


class Promise(Record):
    kind: Literal["promise"]
    makers: tuple[Party, ...]
    receivers: tuple[Party, ...] = ()
    act: Phrase
    firmness: Literal["firm", "weak"] | None
    proviso: Phrase | None = None
    due: Timeframe | None = None


class Visit(Record):
    kind: Literal["visit"]
    guest: Party
    purpose: Phrase
    length_of_stay: Phrase | None = None


RECORD_TYPES = (Promise, Visit)
FORMATS: tuple[Format, ...] = ("text", "json", "jsonl", "md", "csv")

KOREA = Party(name="Seoul", code="KR", identity="South Korea")
JAPAN = Party(name="Japan", code="JP", identity="Japan")
FUND = Party(name="Relief Fund", code=None, identity="Relief Fund")


def evidence(quote: str, *, sentence: int = 2) -> Evidence:
    return Evidence(sentence=sentence, start=10, end=10 + len(quote), quote=quote)


def promise(
    *, act: str = "hold regular talks", quote: str = "Seoul and Japan will hold regular talks."
) -> Promise:
    return Promise(
        kind="promise",
        makers=(KOREA, JAPAN),
        receivers=(FUND,),
        act=act,
        firmness="firm",
        proviso="if both parliaments agree",
        due=Timeframe(text="by the end of 2027", start=None, end=datetime.date(2027, 12, 31)),
        evidence=(evidence(quote), evidence("They said so again.", sentence=5)),
    )


def visit() -> Visit:
    return Visit(
        kind="visit",
        guest=FUND,
        purpose="inspect the camps",
        length_of_stay="three days",
        evidence=(evidence("So."),),
    )


def summary(
    *records: Record,
    title: str | None = "Talks to go on",
    gist: str = "Seoul and Japan promise talks.",
    rejected: tuple[str, ...] = (),
) -> Summary:
    article = ArticleInfo(
        id="a1",
        origin="articles/a1.txt",
        sha256="0" * 64,
        title=title,
        date=datetime.date(2024, 5, 15),
        source="The Herald",
        url=None,
        language="en",
        sentences=7,
    )
    model = ModelInfo(name="local", endpoint="embedded", file=None, sha256=None, parameters={})
    provenance = Provenance(
        summarizer="0.1.0",
        task="promises",
        task_version="1",
        prompt_sha256="1" * 64,
        schema_sha256="2" * 64,
        strategy="whole",
        model=model,
        usage=Usage(calls=3, prompt_tokens=1200, completion_tokens=80, seconds=20.0),
        seconds=12.34,
        created=datetime.datetime(2024, 5, 16, tzinfo=datetime.UTC),
    )
    return Summary(
        article=article,
        gist=gist,
        records=records,
        rejected=tuple(Rejection(reason=one, detail="…", answer={}) for one in rejected),
        provenance=provenance,
    )


def written(
    *summaries: Summary, format: Format, terminal: bool = False, width: int | None = None
) -> str:
    stream = io.StringIO()
    write_summaries(
        summaries,
        format=format,
        stream=stream,
        terminal=terminal,
        record_types=RECORD_TYPES,
        width=width,
    )
    return stream.getvalue()


FULL = summary(promise(), visit(), rejected=("no_evidence", "unknown_party", "no_evidence"))


def test_text_is_a_gist_and_a_card_for_each_record() -> None:
    assert written(FULL, format="text", width=60) == (
        "Talks to go on\n"
        "2024-05-15 · The Herald · a1\n"
        "Seoul and Japan promise talks.\n"
        "\n"
        "1. Seoul (South Korea), Japan → hold regular talks → Relief\n"
        "   Fund\n"
        "   promise · firm\n"
        "   when     by the end of 2027 (by 2027-12-31)\n"
        "   proviso  if both parliaments agree\n"
        "   [2] Seoul and Japan will hold regular talks.\n"
        "   [5] They said so again.\n"
        "\n"
        "2. Relief Fund → inspect the camps\n"
        "   visit\n"
        "   length of stay  three days\n"
        "   [2] So.\n"
        "\n"
        "3 rejected: no evidence 2, unknown party 1\n"
        "local · 3 calls · 1200 + 80 tokens · 12.3 s\n"
    )


def test_text_of_several_articles_has_an_empty_line_between_them() -> None:
    one = written(summary(), format="text")
    assert one == (
        "Talks to go on\n"
        "2024-05-15 · The Herald · a1\n"
        "Seoul and Japan promise talks.\n"
        "\n"
        "Nothing of the kind is reported.\n"
        "local · 3 calls · 1200 + 80 tokens · 12.3 s\n"
    )
    assert written(summary(), summary(), format="text") == f"{one}\n{one}"


def test_text_on_a_terminal_has_the_same_words_in_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    from rich.text import Text

    coloured = written(FULL, format="text", terminal=True, width=60)
    assert "\x1b[1;36m" in coloured
    plain = Text.from_ansi(coloured.rstrip("\n")).plain
    assert plain == written(FULL, format="text", width=60).rstrip("\n")


def test_text_wraps_wide_characters_by_their_width() -> None:
    from rich.cells import cell_len

    long = summary(promise(quote="両国は定期的に協議を続けることで合意した。" * 6))
    lines = written(long, format="text", width=50).splitlines()
    assert max(cell_len(line) for line in lines) <= 50


def test_markdown_has_a_heading_and_a_section_for_each_record() -> None:
    assert written(FULL, format="md") == (
        "## Talks to go on\n"
        "\n"
        "2024-05-15 · The Herald · a1\n"
        "\n"
        "Seoul and Japan promise talks.\n"
        "\n"
        "### 1. Seoul (South Korea), Japan → hold regular talks → Relief Fund\n"
        "\n"
        "- promise · firm\n"
        "- **when:** by the end of 2027 (by 2027-12-31)\n"
        "- **proviso:** if both parliaments agree\n"
        "\n"
        "> Seoul and Japan will hold regular talks. (2)\n"
        "\n"
        "> They said so again. (5)\n"
        "\n"
        "### 2. Relief Fund → inspect the camps\n"
        "\n"
        "- visit\n"
        "- **length of stay:** three days\n"
        "\n"
        "> So. (2)\n"
        "\n"
        "<sub>3 rejected: no evidence 2, unknown party 1</sub>  \n"
        "<sub>local · 3 calls · 1200 + 80 tokens · 12.3 s</sub>\n"
    )


def test_csv_is_one_quoted_row_for_each_record_of_all_types() -> None:
    assert written(FULL, summary(), format="csv") == (
        '"article_id","title","date","source","kind","makers","makers_codes","receivers",'
        '"receivers_codes","act","firmness","proviso","due","due_start","due_end","guest",'
        '"guest_codes","purpose","length_of_stay","evidence","evidence_sentences"\n'
        '"a1","Talks to go on","2024-05-15","The Herald","promise","Seoul [KR]; Japan [JP]",'
        '"KR; JP","Relief Fund","","hold regular talks","firm","if both parliaments agree",'
        '"by the end of 2027","","2027-12-31","","","","",'
        '"Seoul and Japan will hold regular talks. ¶ They said so again.","2; 5"\n'
        '"a1","Talks to go on","2024-05-15","The Herald","visit","","","","","","","","","","",'
        '"Relief Fund","","inspect the camps","three days","So.","2"\n'
    )


def test_csv_without_articles_is_a_heading() -> None:
    assert written(format="csv").count("\n") == 1


def test_csv_refuses_a_record_that_has_no_columns() -> None:
    """Silently missing fields would look like an article that does not tell."""
    with pytest.raises(UsageError, match="Visit is not a record of this task"):
        write_summaries(
            [FULL], format="csv", stream=io.StringIO(), terminal=False, record_types=(Promise,)
        )


def test_csv_lists_only_the_codes_that_there_are() -> None:
    record = promise().model_copy(update={"makers": (FUND, JAPAN)})
    rows = list(csv.DictReader(io.StringIO(written(summary(record), format="csv"))))
    assert (rows[0]["makers"], rows[0]["makers_codes"]) == ("Relief Fund; Japan [JP]", "JP")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "＝"])
def test_csv_has_no_cell_that_a_spreadsheet_takes_for_a_formula(start: str) -> None:
    text = f'{start}HYPERLINK("http://x.example")'
    rows = list(csv.reader(io.StringIO(written(summary(promise(act=text)), format="csv"))))
    assert rows[1][rows[0].index("act")] == "'" + text.strip()


def test_json_lines_are_the_summaries_themselves() -> None:
    text = written(FULL, summary(gist="韓国と日本"), format="jsonl")
    first, second = text.splitlines()
    assert first == FULL.model_dump_json()
    assert "韓国と日本" in second


def test_json_is_one_array() -> None:
    text = written(FULL, summary(), format="json")
    assert text.startswith('[\n  {\n    "status": "ok",\n    "schema_version": "1",\n')
    assert text.endswith("\n  }\n]\n")
    assert json.loads(text) == [json.loads(one.model_dump_json()) for one in (FULL, summary())]
    assert written(format="json") == "[]\n"


@pytest.mark.parametrize("format", FORMATS)
def test_every_summary_is_written_before_the_next_one_is_asked_for(format: Format) -> None:
    stream = io.StringIO()

    def slow() -> Iterator[Summary]:
        yield summary(promise(quote="First."))
        assert "First." in stream.getvalue()
        yield summary(promise(quote="Second."))

    write_summaries(slow(), format=format, stream=stream, terminal=False, record_types=RECORD_TYPES)
    assert "Second." in stream.getvalue()


def test_json_stays_valid_when_the_summaries_end_in_an_error() -> None:
    stream = io.StringIO()

    def failing() -> Iterator[Summary]:
        yield FULL
        raise UsageError("no more")

    with pytest.raises(UsageError):
        write_summaries(
            failing(), format="json", stream=stream, terminal=False, record_types=RECORD_TYPES
        )
    assert len(json.loads(stream.getvalue())) == 1


@pytest.mark.parametrize("format", FORMATS)
def test_a_broken_pipe_passes_through(format: Format) -> None:
    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        write_summaries(
            [FULL], format=format, stream=Closed(), terminal=False, record_types=RECORD_TYPES
        )


def test_markup_of_an_article_is_text() -> None:
    """Neither rich's own markup nor Markdown nor HTML of an article is obeyed."""
    tricky = summary(promise(act="[red]pay[/red]", quote="![x](http://x.example) <b>*now*</b>"))
    assert "→ [red]pay[/red] →" in written(tricky, format="text", terminal=False)
    markdown = written(tricky, format="md")
    assert r"→ \[red\]pay\[/red\] →" in markdown
    assert r"\!\[x\](http://x.example) &lt;b&gt;\*now\*&lt;/b&gt;" in markdown


@pytest.mark.parametrize("gist", ["- item", "+ item", "1. item", "2) item", "=== line", "# head"])
def test_a_line_of_markdown_never_begins_a_list_or_a_heading(gist: str) -> None:
    line = written(summary(gist=gist), format="md").splitlines()[4]
    assert line != gist
    assert line.replace("\\", "") == gist


ACTIVE = "\x1b]0;owned\x07 \x9b31m \u202eevil\u202c \u2066x\u2069 \x00 \x7f \u2028 \r overwrite"


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("terminal", [True, False])
def test_no_character_that_a_terminal_obeys_is_written(
    format: Format, terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In all formats, whether it comes from the article, the model or a check."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    tricky = summary(
        promise(act=ACTIVE, quote=ACTIVE), title=ACTIVE, gist=ACTIVE, rejected=(ACTIVE,)
    )
    text = written(tricky, format=format, terminal=terminal, width=80)
    assert not set(text) & set("\x1b\x07\x9b\u202e\u202c\u2066\u2069\x00\x7f\u2028\r")
    assert "owned" in text


def test_json_with_active_characters_still_means_the_same() -> None:
    tricky = summary(gist=ACTIVE)
    assert Summary.model_validate_json(written(tricky, format="jsonl")).gist == ACTIVE


def test_fields_are_read_with_the_kind_first_and_the_evidence_last() -> None:
    names = [field.name for field in ordered_fields(Visit)]
    assert names == ["kind", "guest", "purpose", "length_of_stay", "evidence"]


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_inert_text_is_one_printable_line(text: str) -> None:
    """Nothing active is left, and making it inert again changes nothing."""
    inert = make_inert(text)
    assert make_inert(inert) == inert
    assert len(inert.splitlines()) <= 1
    assert not any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in inert)
    inert.encode("utf-8")


@settings(max_examples=40, deadline=None)
@given(
    act=st.text(min_size=1, max_size=40).filter(lambda text: not text.isspace()),
    format=st.sampled_from(FORMATS),
)
def test_any_text_can_be_written_in_every_format(act: str, format: Format) -> None:
    """Whatever the model wrote, each record is one row, one card or one object."""
    text = written(summary(promise(act=act)), format=format)
    if format == "csv":
        rows = list(csv.reader(io.StringIO(text)))
        assert len(rows) == 2
        assert len(rows[0]) == len(rows[1])
    if format in ("json", "jsonl"):
        json.loads(text)
    text.encode("utf-8")
