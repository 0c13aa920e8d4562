"""F34 to F38: what articles do to a run, from the file to the row, the calls and the line."""

import json
import os
import re
import time
from pathlib import Path
from typing import Any

import pytest
from endpoint import Endpoint
from program import Done, answer_by_rule, is_inert, numbered, run_here

from summarizer.article import Article, Unreadable, make_article, read_articles
from summarizer.article.assembly import LONGEST
from summarizer.article.formats import LARGEST
from summarizer.article.markup import MOST_ATTRIBUTES, MOST_TAGS
from summarizer.article.sentences import LONGEST_SENTENCE, split_sentences
from summarizer.errors import EmptyArticleError, LargeArticleError
from summarizer.party import read_cast
from summarizer.strategy.whole import render_whole
from summarizer.task import load_task

TEXT = "South Korea and Japan agreed to share radar data. It rained in Seoul."
LINE = json.dumps({"text": TEXT})
KOREAN = "한국과 일본은 매년 광물 공급에 관한 회담을 열기로 합의했다고 외교부가 화요일 밝혔다."
PARAGRAPH = (
    f"<p>South Korea and Japan agreed to hold talks on minerals every year. {'It rained. ' * 5}</p>"
)

Row = dict[str, Any]


@pytest.fixture(autouse=True)
def _in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(endpoint: Endpoint, *inputs: str, stdin: str = "") -> tuple[list[Row], Done]:
    """The rows of a run over the inputs, and how it ended."""
    endpoint.answer = answer_by_rule
    model = ("--model", "m", "--base-url", endpoint.url, "--strategy", "whole", "--no-store")
    done = run_here("run", *inputs, *model, "--format", "jsonl", stdin=stdin)
    assert "Traceback" not in done.stderr
    assert is_inert(done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()], done


def run_one(endpoint: Endpoint, name: str, data: str | bytes) -> tuple[Row, Done]:
    """The only row for one file."""
    Path(name).write_bytes(data.encode() if isinstance(data, str) else data)
    [row], done = run(endpoint, name)
    assert done.returncode == (0 if row["status"] == "ok" else 1)
    if row["status"] != "ok":
        assert row["reason"] in done.stderr
    return row, done


def read_one(name: str, data: str | bytes) -> Article:
    Path(name).write_bytes(data.encode() if isinstance(data, str) else data)
    [article] = read_articles([name])
    assert isinstance(article, Article), article
    return article


def seconds(work: Any) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


# F34: characters


@pytest.mark.parametrize(
    "odd",
    [
        "\\ud800",
        "\\u0000",
        "\\u0001\\u001b[31m\\u0007",
        "\\u0085\\u009b2J",
        "\\u2028\\u2029",
        "\\u202e\\u2066\\u200f",
        "\\u200b\\u200d\\ufeff\\u00ad",
        "\\udb40\\udc41",
        "\\uffff\\ufffe",
    ],
)
def test_f34_odd_characters_are_kept_and_every_offset_holds(odd: str, endpoint: Endpoint) -> None:
    """Only lone surrogates are replaced, which no file and no database takes."""
    text = json.loads(f'"{odd} {TEXT} {odd}"')
    row, _ = run_one(endpoint, "a.jsonl", f'{{"text": "{odd} {TEXT} {odd}"}}')
    assert row["status"] == "ok"
    assert endpoint.calls == 1
    stored = re.sub("[\ud800-\udfff]", "\ufffd", text)
    spans = [span for record in row["records"] for span in record["evidence"]]
    assert spans
    assert all(span["quote"] == stored[span["start"] : span["end"]] for span in spans)


def test_f34_a_lone_surrogate_in_any_field_can_be_written(endpoint: Endpoint) -> None:
    fields = ("id", "title", "source", "url", "text")
    line = ", ".join(f'"{name}": "{TEXT} \\udc80"' for name in fields)
    row, _ = run_one(endpoint, "a.jsonl", f"{{{line}}}")
    assert row["status"] == "ok"
    json.dumps(row, ensure_ascii=False).encode("utf-8")


def test_f34_a_nul_makes_a_file_binary(endpoint: Endpoint) -> None:
    row, _ = run_one(endpoint, "a.txt", f"{TEXT}\0{TEXT}")
    assert (row["status"], endpoint.calls) == ("unreadable", 0)
    assert "is binary data" in row["reason"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "cp949"])
def test_f34_a_mark_of_byte_order_and_other_encodings_leave_no_trace(encoding: str) -> None:
    assert read_one("a.txt", (KOREAN * 3).encode(encoding)).text == KOREAN * 3


def test_f34_mixed_encodings_are_read_and_their_offsets_hold(endpoint: Endpoint) -> None:
    row, _ = run_one(endpoint, "a.txt", TEXT.encode() + b" Caf\xe9. " + "Zoë agreed.".encode())
    assert row["status"] == "ok"
    assert row["records"][0]["evidence"][0]["quote"] in TEXT


def test_f34_the_ends_of_lines_of_other_systems_are_ends_of_lines() -> None:
    for end in ("\n", "\r\n", "\r", "\u2028", "\x85"):
        article = make_article(f"Seoul agreed{end}{end}Tokyo agreed", id="a", origin="a")
        assert [article.quote(one) for one in article.sentences] == ["Seoul agreed", "Tokyo agreed"]


# F35: JSON lines

DIRT = [
    ("{", "is not a JSON object"),
    (LINE[:40], "is not a JSON object"),
    ("[1]", "is not a JSON object with a `text`"),
    ("null", "is not a JSON object with a `text`"),
    ("NaN", "is not a JSON object with a `text`"),
    ('{"title": "x"}', "has no `text`"),
    ('{"text": null}', "has no `text`"),
    ('{"text": NaN}', "`text` is a number"),
    ('{"text": ["a"]}', "`text` is a list"),
    ('{"text": {"text": "a"}}', "`text` is an object"),
    ('{"text": "a", "text": "b"}', "has `text` twice"),
    ('{"id": 1, "text": "a", "id": 2}', "has `id` twice"),
    ('{"text": "a", "date": "2024-13-45"}', "`date` is '2024-13-45', not a date"),
    ("[" * 100_000, "is not a JSON object"),
    ('{"a":' * 100_000, "is not a JSON object"),
    ('{"text": "a", "n": ' + "[" * 100_000 + "]" * 100_000 + "}", "is not a JSON object"),
    ('{"text": "a", "n": ' + "9" * 5_000 + "}", "is not a JSON object"),
    (f"{LINE}{LINE}", "is not a JSON object"),
    ("// a comment", "is not a JSON object"),
    ("{'text': 'a'}", "is not a JSON object"),
]


@pytest.mark.parametrize(("line", "part"), DIRT)
def test_f35_a_bad_line_is_one_row_with_its_number(
    line: str, part: str, endpoint: Endpoint
) -> None:
    Path("a.jsonl").write_text(f"{LINE}\n{line}\n{LINE}", "utf-8")
    (first, bad, last), done = run(endpoint, "a.jsonl")
    assert (first["status"], bad["status"], last["status"]) == ("ok", "unreadable", "ok")
    assert bad["article"]["origin"] == "a.jsonl:2"
    assert part in bad["reason"]
    assert bad["reason"] in done.stderr
    assert done.returncode == 1


def test_f35_bytes_that_are_no_utf8_are_one_row(endpoint: Endpoint) -> None:
    Path("a.jsonl").write_bytes(f"{LINE}\n".encode() + b'{"text": "caf\xe9"}\n' + LINE.encode())
    (_, bad, last), _ = run(endpoint, "a.jsonl")
    assert (bad["status"], last["status"]) == ("unreadable", "ok")
    assert "a.jsonl:2 is not UTF-8" in bad["reason"]


def test_f35_blank_lines_and_ends_of_any_system_are_no_rows(endpoint: Endpoint) -> None:
    Path("a.jsonl").write_bytes(f"\ufeff{LINE}\r\n\r\n  \n{LINE}\n\n".encode())
    rows, done = run(endpoint, "a.jsonl")
    assert [row["article"]["origin"] for row in rows] == ["a.jsonl:1", "a.jsonl:4"]
    assert done.returncode == 0


def test_f35_one_id_many_times_is_made_distinct(endpoint: Endpoint) -> None:
    Path("a.jsonl").write_text(f'{{"id": "n", "text": "{TEXT}"}}\n' * 3, "utf-8")
    Path("b.jsonl").write_text(f'{{"id": "n", "text": "{TEXT}"}}\n', "utf-8")
    rows, _ = run(endpoint, "a.jsonl", "b.jsonl")
    ids = [row["article"]["id"] for row in rows]
    assert len(set(ids)) == 4
    assert ids[0] == "n"


def test_f35_a_line_of_20_mb_is_too_large_and_the_next_is_read(endpoint: Endpoint) -> None:
    with Path("a.jsonl").open("w", encoding="utf-8") as file:
        file.write('{"text": "' + "a" * LARGEST + f'"}}\n{LINE}\n')
    (large, good), _ = run(endpoint, "a.jsonl")
    assert (large["status"], good["status"]) == ("too_large", "ok")
    assert "a.jsonl:1 is larger than 20 MB" in large["reason"]
    assert endpoint.calls == 1


def test_f35_other_fields_may_hold_what_they_like(endpoint: Endpoint) -> None:
    row, _ = run_one(
        endpoint, "a.jsonl", f'{{"n": NaN, "m": -Infinity, "x": {{"text": 1}}, "text": "{TEXT}"}}'
    )
    assert row["status"] == "ok"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_f35_a_whole_file_in_another_encoding_is_one_row(encoding: str, endpoint: Endpoint) -> None:
    row, _ = run_one(endpoint, "a.jsonl", f"{LINE}\n{LINE}\n".encode(encoding))
    assert (row["status"], endpoint.calls) == ("unreadable", 0)
    assert f"a.jsonl is in {encoding.upper()}: save it as UTF-8" in row["reason"]


def test_f35_dirt_on_standard_input_is_named_by_its_line(endpoint: Endpoint) -> None:
    rows, _ = run(endpoint, "-", stdin=f"{LINE}\n\n[]\n{LINE}\n")
    assert [(row["status"], row["article"]["origin"]) for row in rows] == [
        ("ok", "-:1"),
        ("unreadable", "-:3"),
        ("ok", "-:4"),
    ]


# F36: too little and too much


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", b""),
        ("a.txt", b" \r\n\t "),
        ("a.txt", "\ufeff".encode()),
        ("a.txt", "\u200b\u2060\u00ad".encode()),
        ("a.md", b"\n\n---\n\n"),
        ("a.html", b""),
        ("a.html", b"<html></html>"),
        ("a.jsonl", b"\n \n"),
        ("a.jsonl", b'{"text": " "}'),
        ("a.jsonl", b'{"text": "\\u200b"}'),
    ],
)
def test_f36_nothing_to_read_is_empty_input_without_a_call(
    name: str, data: bytes, endpoint: Endpoint
) -> None:
    row, _ = run_one(endpoint, name, data)
    assert (row["status"], endpoint.calls) == ("empty_input", 0)


def test_f36_one_letter_is_an_article(endpoint: Endpoint) -> None:
    row, _ = run_one(endpoint, "a.txt", "Q")
    assert (row["status"], row["article"]["sentences"], row["records"]) == ("ok", 1, [])


@pytest.mark.parametrize(
    ("name", "data", "part"),
    [
        ("a.txt", b"\x89PNG\r\n\x1a\n\0\0", "a PNG image"),
        ("a.txt", b"PK\x03\x04\x14\0", "a zip archive"),
        ("a.html", b"%PDF-1.7\n", "a PDF document"),
        ("a.md", bytes(range(256)), "binary data"),
        ("a.jsonl", b"PK\x03\x04\x14\0", "a zip archive"),
    ],
)
def test_f36_what_is_no_text_is_named_without_a_call(
    name: str, data: bytes, part: str, endpoint: Endpoint
) -> None:
    row, _ = run_one(endpoint, name, data)
    assert (row["status"], endpoint.calls) == ("unreadable", 0)
    assert part in row["reason"]


@pytest.mark.parametrize("name", ["a.txt", "a.html"])
def test_f36_a_file_of_50_mb_is_too_large_without_a_call(name: str, endpoint: Endpoint) -> None:
    with Path(name).open("wb") as file:
        file.truncate(50_000_000)
    [row], _ = run(endpoint, name)
    assert (row["status"], endpoint.calls) == ("too_large", 0)
    assert "larger than 20 MB" in row["reason"]


def test_f36_a_text_longer_than_any_article_is_too_large() -> None:
    make_article("a b " * 1_000, id="a", origin="a")
    with pytest.raises(LargeArticleError, match="longer than 2 million characters"):
        make_article("a" * (LONGEST + 1), id="a", origin="a")


def test_f36_an_article_of_100_000_tokens_is_read_in_time() -> None:
    sentence = (
        "South Korea and Japan agreed on Tuesday to hold talks on minerals, Minister Kim said. "
    )
    text = "\n".join(sentence * 5 for _ in range(1_000))
    found: list[Article] = []
    assert seconds(lambda: found.append(make_article(text, id="a", origin="a"))) < 15
    assert len(found[0].sentences) == 5_000
    assert seconds(lambda: read_cast(found[0])) < 40


# F36: texts made to take long

ENDLESS = {
    "letters": "a" * 1_000_000,
    "capitals": "A" * 1_000_000,
    "spaces": "x" + " " * 1_000_000 + "y",
    "digits": "1" * 1_000_000,
    "full stops": "." * 500_000,
    "open brackets": "[" * 200_000,
    "nested brackets": "(" * 100_000 + "Seoul" + ")" * 100_000,
    "quotation marks": "“‘" * 50_000 + "a" + "’”" * 50_000,
    "rights": "© " * 100_000,
    "abbreviations": "A. " * 60_000,
    "blank lines": "x" + "\n" * 500_000 + "y",
    "Hangul": "한국과 일본은 " * 20_000,
    "emoji": "😀" * 100_000,
    "joiners": "\u200d" * 300_000 + "a",
}


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS)
def test_f36_a_text_made_to_take_long_is_read_in_time(text: str) -> None:
    assert seconds(lambda: make_article(text, id="a", origin="a")) < 10


NAMES = {
    "countries": ", ".join(["Chad", "Niger", "Mali", "Japan", "China", "France"] * 500),
    "names": ", ".join(["Acme Oil", "Minister Kim Lee", "the Ministry of Trade", "Chad"] * 400),
    "capitals": "Seoul " * 3_500,
    "articles": "the " * 5_000,
    "owners": "Seoul's " * 2_500,
    "brackets": "(" * 10_000 + "Seoul" + ")" * 10_000,
}


@pytest.mark.parametrize("words", NAMES.values(), ids=NAMES)
def test_f36_names_without_end_are_read_in_time(words: str) -> None:
    """20 kB in one sentence."""
    article = make_article(f"{words} agreed to build a port.", id="a", origin="a")
    assert (
        seconds(lambda: [read_cast(article).subjects(one.number) for one in article.content[:3]])
        < 20
    )


def test_f36_what_has_no_end_is_cut_at_white_space_and_nothing_is_lost() -> None:
    words = "Seoul and Tokyo " * 1_000
    spans = split_sentences(words, "en")
    assert max(end - start for start, end, _ in spans) <= LONGEST_SENTENCE
    assert " ".join(words[start:end] for start, end, _ in spans) == words.strip()
    assert len(split_sentences("a" * (2 * LONGEST_SENTENCE), "en")) == 2


def test_f36_a_sentence_of_any_usual_length_is_never_cut() -> None:
    words = "Seoul and Tokyo " * (LONGEST_SENTENCE // 16 - 1)
    assert len(split_sentences(f"{words}agreed.", "en")) == 1


# F37: pages


def page(body: str, *, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    "body",
    [
        "<nav><a href='/'>Home</a><a href='/w'>World</a></nav><footer>© The Daily</footer>",
        "<h1>404</h1><p>Page not found.</p><a href='/'>Home</a>",
        "<div id='cookie-banner'><p>We use cookies.</p><button>Accept all</button></div>",
        "<p>Please enable JavaScript.</p><script>var a = 'South Korea agreed to pay';</script>",
        "<table><tr><td>Seoul</td><td>3</td></tr><tr><td>Tokyo</td><td>4</td></tr></table>",
    ],
)
def test_f37_a_page_without_an_article_is_empty_input_without_a_call(
    body: str, endpoint: Endpoint
) -> None:
    row, _ = run_one(endpoint, "a.html", page(body))
    assert (row["status"], endpoint.calls) == ("empty_input", 0)
    assert "holds no article" in row["reason"]


def test_f37_boilerplate_around_an_article_is_left_out() -> None:
    around = "<nav><a href='/'>Home</a> <a href='/w'>World</a></nav>"
    table = "<table><tr><td>Tin</td><td>77.3</td></tr></table>"
    banner = "<div class='cookie-consent'><p>We use cookies to improve this site.</p></div>"
    article = read_one("a.html", page(f"{around}{banner}<article>{PARAGRAPH * 3}{table}</article>"))
    assert "agreed to hold talks" in article.text
    assert not any(word in article.text for word in ("World", "77.3", "cookies"))


def test_f37_an_article_in_another_language_is_read() -> None:
    article = read_one("a.html", page(f"<article><p>{KOREAN}</p><p>{KOREAN} 끝.</p></article>"))
    assert KOREAN in article.text
    assert article.language == "ko"


def test_f37_a_text_of_menus_alone_is_empty_input_without_a_call(endpoint: Endpoint) -> None:
    row, _ = run_one(endpoint, "a.txt", "Home\nShare\nPrint\n")
    assert (row["status"], endpoint.calls) == ("empty_input", 0)
    assert "holds only menus" in row["reason"]


@pytest.mark.parametrize(
    "body",
    [
        "<b>x</b>" * MOST_TAGS,
        f"<p {' a' * (MOST_ATTRIBUTES + 5)}>{PARAGRAPH}",
        "<p" + ' a="<>"' * (MOST_ATTRIBUTES + 5) + f">{PARAGRAPH}",
    ],
    ids=["tags", "attributes", "attributes that hold brackets"],
)
def test_f37_a_page_made_to_take_long_is_too_large(body: str, endpoint: Endpoint) -> None:
    row, _ = run_one(endpoint, "a.html", page(body))
    assert (row["status"], endpoint.calls) == ("too_large", 0)
    assert "which no article has" in row["reason"]


HEAVY = {
    "a huge attribute": f"<article data-x='{'a b ' * 500_000}'>{PARAGRAPH * 3}</article>",
    "a huge script": f"<script>{'if (a<b) c = 1; ' * 20_000}</script>{PARAGRAPH * 3}",
    "deep nesting": f"{'<div>' * 20_000}{PARAGRAPH * 3}",
    "a huge title": f"<title>{'t ' * 200_000}</title><article>{PARAGRAPH * 3}</article>",
    "entities": f"<article>{PARAGRAPH * 3}{'&amp;' * 200_000}</article>",
    "deep metadata": "<script type='application/ld+json'>"
    + '{"@type":"NewsArticle","author":'
    + '[{"name":"' * 20_000
    + f"</script><article>{PARAGRAPH * 3}</article>",
}


@pytest.mark.parametrize("body", HEAVY.values(), ids=HEAVY)
def test_f37_a_heavy_page_is_read_or_refused_in_time(body: str) -> None:
    Path("a.html").write_text(page(body), "utf-8")
    assert seconds(lambda: list(read_articles(["a.html"]))) < 10


def test_f37_entities_of_a_document_are_not_multiplied() -> None:
    """The billion laughs."""
    levels = "".join(f"<!ENTITY e{n} '" + f"&e{n - 1};" * 10 + "'>" for n in range(1, 10))
    doctype = f"<!DOCTYPE html [<!ENTITY e0 'ha'>{levels}]>"
    text = f"{doctype}<html><body>{PARAGRAPH * 3}&e9;</body></html>"
    assert len(read_one("a.html", text).text) < 2_000


# F38: words that mean something to somebody else

MARKUP = (
    "{{ 7 * 7 }}",
    "{% for x in range(10**9) %}x{% endfor %}",
    "{# gone #}",
    "{0}",
    "{text}",
    "%s %(x)s %n",
    "$x ${HOME}",
    "`id`",
    "\\u0041 \\n \\x41",
    "&lt;b&gt;",
    "<!-- gone -->",
    "--- END ---",
    "===",
    '"""',
)
TOKENS = ("<|im_end|>", "</s>", "<start_of_turn>", "[INST]", "</article>", "<|eot_id|>")


@pytest.mark.parametrize("markup", MARKUP)
def test_f38_markup_in_an_article_reaches_the_model_as_it_stands(
    markup: str, endpoint: Endpoint
) -> None:
    """As data: the prompt is longer by the words themselves, no more and no less."""
    plain, odd = (
        make_article(f"Ministers agreed on {word} at noon today.", id="a", origin="a")
        for word in ("X", markup)
    )
    task = load_task("agreements")
    lengths = [
        len("".join(message.content for message in render_whole(article, task)))
        for article in (plain, odd)
    ]
    assert lengths[1] - lengths[0] == len(markup) - 1
    run_one(endpoint, "a.txt", odd.text)
    [request] = endpoint.requests
    assert numbered(request) == {1: odd.text}


@pytest.mark.parametrize("token", TOKENS)
def test_f38_a_control_token_reaches_the_model_as_plain_words(
    token: str, endpoint: Endpoint
) -> None:
    run_one(endpoint, "a.txt", f"Ministers agreed on {token} at noon today.")
    [request] = endpoint.requests
    [text] = numbered(request).values()
    assert token not in text
    assert text.replace(" ", "") == f"Ministers agreed on {token} at noon today.".replace(" ", "")


@pytest.mark.parametrize("text", [*MARKUP, *TOKENS])
def test_f38_the_quote_is_what_stands_in_the_article(text: str, endpoint: Endpoint) -> None:
    sentence = f"South Korea and Japan agreed to share radar data {text} at noon."
    row, _ = run_one(endpoint, "a.txt", sentence)
    quotes = [one["quote"] for record in row["records"] for one in record["evidence"]]
    assert quotes
    assert all(quote in sentence for quote in quotes)


def test_the_errors_of_reading_are_of_the_right_class() -> None:
    with pytest.raises(EmptyArticleError):
        make_article(" ", id="a", origin="a")


def test_a_pipe_that_nobody_writes_to_is_one_line(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jsonl")
    (found,) = read_articles([str(tmp_path)])
    assert isinstance(found, Unreadable)
    assert "is not a file" in str(found.error)
