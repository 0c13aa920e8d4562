"""Summaries of a made-up task with their articles, and the page that shows them."""

import datetime
import hashlib
import io
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from summarizer.output.page import Item, write_page
from summarizer.records import (
    ArticleInfo,
    ArticleName,
    Evidence,
    Failure,
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


class Accord(Record):
    kind: Literal["accord"]
    sides: tuple[Party, ...]
    deed: Phrase
    firmness: Literal["firm", "very_weak"]
    field_of_work: Literal["trade", "sea"]
    due: Timeframe | None = None


class Vow(Record):
    kind: Literal["vow"]
    maker: Party
    deed: Phrase
    receivers: tuple[Party, ...] = ()
    firmness: Literal["firm", "very_weak", "unsaid"]
    proviso: Phrase | None = None


RECORD_TYPES: tuple[type[Record], ...] = (Accord, Vow)

NORLAND = Party(name="Oslund", code="NO", identity="Norland")
ESTMARK = Party(name="Estmark", code="EE", identity="Estmark")
SUDANIA = Party(name="Sudania", code="SD", identity="Sudania")

HARBOUR = (
    "Norland and Estmark agree on ports\n\n"
    "Oslund and Estmark agreed to share a harbour. Talks went on.\n"
    "Oslund vowed to pay Estmark if the ice melts."
)
GRAIN = "Sudania vows grain\n\nSudania vowed to send grain to Norland by 2027."
QUIET = "A quiet day\n\nNothing was agreed."
HOSTILE = (
    "</script><script>window.hacked = 1</script> <img src=http://example.com/x onerror=hack()>\n\n"
    "Estmark and \u202eevil\u202c <b>Sudania</b> agreed to javascript:window.hacked=2 & more. "
    "<!-- <script> \u2028 {{ 7 * 7 }} \x1b[31m"
)


def prove(text: str, quote: str, *, sentence: int) -> Evidence:
    start = text.index(quote)
    return Evidence(sentence=sentence, start=start, end=start + len(quote), quote=quote)


def make_summary(
    id: str,
    text: str,
    *records: Record,
    date: str | None = None,
    rejected: Sequence[Rejection] = (),
    **more: Any,
) -> Summary:
    """The summary of a text whose first line is its title."""
    article = ArticleInfo(
        id=id,
        origin=f"{id}.txt",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        title=text.partition("\n")[0],
        date=datetime.date.fromisoformat(date) if date else None,
        source="The Herald",
        url=None,
        language="en",
        sentences=4,
    )
    model = ModelInfo(name="local", endpoint="embedded", file=None, sha256=None, parameters={})
    provenance = Provenance(
        summarizer="0.1.0",
        task="accords",
        task_version="1",
        prompt_sha256="1" * 64,
        schema_sha256="2" * 64,
        strategy="whole",
        model=model,
        usage=Usage(calls=1),
        seconds=1.0,
        created=datetime.datetime(2026, 5, 16, tzinfo=datetime.UTC),
    )
    return Summary(
        article=article,
        gist=f"Gist of {id}.",
        records=records,
        rejected=tuple(rejected),
        provenance=provenance,
        **more,
    )


def make_harbour() -> Summary:
    accord = Accord(
        kind="accord",
        sides=(NORLAND, ESTMARK),
        deed="share a harbour",
        firmness="firm",
        field_of_work="sea",
        evidence=(
            prove(HARBOUR, "Oslund and Estmark agreed to share a harbour.", sentence=2),
            prove(HARBOUR, "Norland and Estmark agree on ports", sentence=1),
        ),
    )
    vow = Vow(
        kind="vow",
        maker=NORLAND,
        deed="pay",
        receivers=(ESTMARK,),
        firmness="very_weak",
        proviso="if the ice melts",
        evidence=(prove(HARBOUR, "Oslund vowed to pay Estmark if the ice melts.", sentence=4),),
    )
    refused = Rejection(
        reason="no_evidence",
        detail="no sentence <i>proves</i> it",
        answer={"kind": "vow", "deed": "melt the ice", "parties": ["Oslund", "Estmark"], "x": None},
    )
    return make_summary("harbour", HARBOUR, accord, vow, date="2026-03-02", rejected=[refused])


def make_grain() -> Summary:
    quote = "Sudania vowed to send grain to Norland by 2027."
    vow = Vow(
        kind="vow",
        maker=SUDANIA,
        deed="send grain",
        receivers=(Party(name="Norland", code="NO", identity="Norland"),),
        firmness="firm",
        evidence=(prove(GRAIN, quote, sentence=2),),
    )
    due = Timeframe(text="by 2027", start=None, end=datetime.date(2027, 12, 31))
    accord = Accord(
        kind="accord",
        sides=(SUDANIA, NORLAND),
        deed="trade grain",
        firmness="firm",
        field_of_work="trade",
        due=due,
        evidence=(prove(GRAIN, quote, sentence=2),),
    )
    return make_summary("grain", GRAIN, vow, accord, date="2026-05-20")


def make_hostile() -> Summary:
    quote = (
        "Estmark and \u202eevil\u202c <b>Sudania</b> agreed to javascript:window.hacked=2 & more."
    )
    evil = Party(name="<b>Sudania</b>", code=None, identity="</option><script>hack()</script>")
    accord = Accord(
        kind="accord",
        sides=(ESTMARK, evil),
        deed="javascript:window.hacked=2 <img src=x onerror=hack()>",
        firmness="firm",
        field_of_work="trade",
        evidence=(prove(HOSTILE, quote, sentence=2),),
    )
    refused = Rejection(
        reason="<script>",
        detail="\u202e</script><svg onload=hack()>",
        answer={"<img onerror=hack()>": {"deep": ["</script>"]}},
    )
    return make_summary(
        "hostile",
        HOSTILE,
        accord,
        rejected=[refused],
        suspected_injection=True,
        warnings=("sentence 2: asks for <script>",),
    )


FAILURE = Failure(
    status="too_large",
    reason="larger than <any> article",
    article=ArticleName(id=None, origin="big.txt"),
    usage=Usage(),
)


def make_items() -> list[Item]:
    """Three articles, one of them hostile, one without records, and one without a summary."""
    return [
        (make_harbour(), HARBOUR),
        (make_grain(), GRAIN),
        (make_summary("quiet", QUIET), QUIET),
        (make_hostile(), HOSTILE),
        (FAILURE, None),
    ]


def render(items: Iterable[Item], record_types: Sequence[type[Record]] = RECORD_TYPES) -> str:
    stream = io.StringIO()
    write_page(items, stream, record_types=record_types)
    return stream.getvalue()
