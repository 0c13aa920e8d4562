"""Readers fed with whatever bytes: an article, or one line that says what is wrong; never a crash.

Each text is made of scraps that mean something to a reader, in any order, with any bytes between.
"""

import datetime
import functools
import io
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from website import PAGE, reply, serve

from summarizer.article import Article, Unreadable, make_article, read_articles
from summarizer.article.address import find_target, is_public
from summarizer.article.fetch import fetch_page
from summarizer.article.formats import SUFFIXES
from summarizer.errors import ArticleError, SummarizerError, TaskError
from summarizer.model.catalogue import read_catalogue
from summarizer.party import read_cast
from summarizer.settings import load_settings
from summarizer.task import load_task
from summarizer.task.cues import read_cues
from summarizer.task.folder import content_root
from summarizer.timeframe import find_phrases, resolve_timeframe

fuzz = functools.partial(
    settings,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

ODD = "\0\x07\x1b\x85\xa0\xad\u034f\u200b\u200d\u2028\u202e\u3164\ufeff\ufffd\uffff\U000e0041"
PROSE = (
    "South Korea and Japan agreed on Tuesday to hold talks. ",
    "“Will they?” the U.S. Foreign Minister, Mr. Kim Jin-su, said in Seoul. ",
    "SEOUL, Feb. 5 (Yonhap) -- ",
    "By John Smith, Staff Reporter\n",
    "© 2024 The Daily. All rights reserved.",
    "2024. 4. 18. ",
    "Published: April 18, 2024\n",
    "한국과 일본은 화요일 합의했다. ",
    "日本と韓国は火曜日に合意した。",
    "the two sides, ",
    "\n\n",
    "\r\n",
    " " * 60,
    *ODD,
    *"()[]{}<>\"'“”‘’«»「」.,:;!?-–—/|\\",
)
MARKUP = (
    "<!DOCTYPE html>",
    "<html>",
    "</html>",
    "<head><meta charset='euc-kr'>",
    "<meta charset=idna>",
    "<title>Talks</title>",
    "<body>",
    "<article>",
    "</article>",
    "<p>",
    "<p class='",
    "<!--",
    "-->",
    "<![CDATA[",
    "<script>",
    "</script>",
    "<svg><style>",
    "<table><tr><td>",
    "<?xml version='1.0' encoding='utf-16'?>",
    "<!ENTITY a '",
    "&#0;&#xD800;&#x110000;&nbsp;",
    "<time datetime='2024-13-45'>",
    '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": [',
    '<meta property="article:published_time" content="9999-99-99">',
    "<a href='javascript:x'>",
    PAGE,
)
JSON = (
    '{"text": "',
    '{"text": "South Korea and Japan agreed to talk."}',
    '"}',
    '", "id": ',
    '", "date": "2024-04-18',
    '", "title": ',
    "\\ud800",
    "\\u0000",
    "\\",
    "null",
    "NaN",
    "[" * 50,
    "}" * 3,
    "1e999",
    "-0",
    "\n",
    "\r\n\n",
)


def scraps(*words: str) -> st.SearchStrategy[str]:
    """The words in any order, with any text between them."""
    return st.lists(st.one_of(st.sampled_from(words), st.text(max_size=8)), max_size=14).map(
        "".join
    )


def encoded(texts: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    """The texts in any encoding, at times cut off or with a byte that does not belong."""
    names = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp949", "cp1252"])

    def encode(text: str, name: str, cut: int, byte: bytes) -> bytes:
        data = text.encode(name, "ignore")
        return data[: len(data) - cut] + byte

    return st.builds(encode, texts, names, st.integers(0, 3), st.binary(max_size=2))


ANYTHING = st.one_of(
    st.binary(max_size=300),
    encoded(scraps(*PROSE)),
    encoded(scraps(*MARKUP)),
    encoded(scraps(*JSON)),
)


def check_all(found: Sequence[Article | Unreadable]) -> None:
    for item in found:
        if isinstance(item, Article):
            check_article(item)
        else:
            assert len(str(item.error).splitlines()) == 1


def check_article(article: Article) -> None:
    """Every offset holds, nothing but white space is outside, and all of it can be written."""
    for text in (article.text, article.id, article.title, article.source, article.url):
        (text or "").encode("utf-8")
    assert article.id.isprintable()
    at = 0
    for number, sentence in enumerate(article.sentences, start=1):
        assert sentence.number == number
        assert at <= sentence.start < sentence.end <= len(article.text)
        assert not article.text[at : sentence.start].strip()
        assert article.quote(sentence) == article.quote(sentence).strip()
        at = sentence.end
    assert not article.text[at:].strip()


def is_taken_or_told(work: Callable[[], object]) -> None:
    """What is wrong is one of our own errors, in one line."""
    line = ""
    try:
        work()
    except SummarizerError as error:
        line = str(error)
    assert len(line.splitlines()) <= 1


# Articles


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_any_bytes_in_a_file_are_an_article_or_one_line(suffix: str) -> None:
    @fuzz(max_examples=60)
    @given(ANYTHING)
    def check(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"a{suffix}")
            path.write_bytes(data)
            found = list(read_articles([str(path)]))
        assert found
        check_all(found)

    check()


@fuzz(max_examples=80)
@given(ANYTHING)
def test_any_bytes_on_standard_input_are_articles_or_lines(data: bytes) -> None:
    found = list(read_articles(["-"], stdin=io.BytesIO(data)))
    assert found or not data.strip()
    check_all(found)


@fuzz(max_examples=80)
@given(scraps(*JSON))
def test_a_bad_line_never_takes_the_next_one_with_it(text: str) -> None:
    line = " ".join(text.split("\n")).encode("utf-8", "replace")
    good = b'{"id": "good", "text": "South Korea and Japan agreed to talk."}'
    found = list(read_articles(["-"], stdin=io.BytesIO(good + b"\n" + line + b"\n" + good)))
    assert [item.origin for item in found if isinstance(item, Article)][-1] == "-:3"
    check_all(found)


@fuzz(max_examples=80)
@given(st.text(max_size=30) | scraps("*", "[", "]", "?", "**/", "/", "..", "~", "\0", "-", "."))
def test_any_name_is_an_input_or_one_line(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        check_all(list(read_articles([f"{folder}/a{name}"], stdin=io.BytesIO())))


@fuzz(max_examples=80)
@given(scraps(*PROSE), scraps(*PROSE))
def test_any_text_is_split_and_its_cast_is_read(text: str, title: str) -> None:
    try:
        article = make_article(text, id="a", origin="a", title=title)
    except ArticleError:
        assert not text.strip()
        return
    check_article(article)
    cast = read_cast(article)
    for sentence in article.content:
        for party in cast.subjects(sentence.number):
            assert party.name


@fuzz(max_examples=80)
@given(scraps("by ", "next ", "year", "2024", "the end of ", "May ", "1", "32 ", "내년 ", "-", "–"))
def test_any_words_for_a_time_are_read_or_left(words: str) -> None:
    found = resolve_timeframe(words, published=datetime.date(2024, 2, 29), language="en")
    assert found.text == words
    for phrase in find_phrases(words, language="en"):
        assert words[phrase.start : phrase.end].strip()


# Addresses


@fuzz(max_examples=150)
@given(st.text(max_size=30) | scraps("http://", "//", "@", "127.1", "[::", "]", ":", "%00", "."))
def test_any_words_are_an_address_or_one_line(words: str) -> None:
    assert is_public(words) in (True, False)
    for address in (words, f"http://{words}", f"https://{words}/"):
        is_taken_or_told(
            functools.partial(find_target, address, resolve=lambda host, port: ("1.1.1.1",))
        )


@fuzz(max_examples=40)
@given(
    st.binary(max_size=200)
    | st.builds(reply, ANYTHING, type=st.sampled_from(["text/html", "text/plain; charset=x"]))
    | encoded(scraps("HTTP/1.1 ", "200 OK\r\n", "302 \r\n", "Location: ", "http://", "\r\n\r\n"))
)
def test_any_bytes_of_a_server_are_a_page_or_one_line(data: bytes) -> None:
    with serve(lambda path: [data]) as website:
        is_taken_or_told(
            lambda: fetch_page(
                website.url(),
                resolve=lambda host, port: ("127.0.0.1",),
                is_public=lambda address: True,
                seconds=3,
            )
        )


# Files of a task, of models and of settings


def spliced(original: str) -> st.SearchStrategy[str]:
    """A file with a stretch of it replaced by something else."""
    words = (
        "[",
        "]",
        "{",
        "}",
        "=",
        '"',
        "'",
        ":",
        "- ",
        "\n",
        "&a",
        "*a",
        "!!python/name:os ",
        "(?",
        "(?i)",
        "(?P<a>",
    )
    places = st.integers(0, max(len(original) - 1, 0))

    def splice(start: int, length: int, new: str) -> str:
        return original[:start] + new + original[start + length :]

    return st.builds(splice, places, st.integers(0, 40), scraps(*words))


BAD_CUES = (
    "(?i)x",
    "(?P<a>x)\n(?P<a>y)",
    "a{99999999999}",
    "(" * 3000 + ")" * 3000,
    "[[a]]",
    "a)|(b",
)


@pytest.mark.parametrize("text", BAD_CUES)
def test_a_cue_that_no_pattern_can_hold_is_named_by_its_line(text: str) -> None:
    with pytest.raises(TaskError, match=r"^cues\.txt:[12]: not a regular expression"):
        read_cues(text, name="cues.txt")


TASK_FILES = ("task.toml", "rules.toml", "cues.txt", "examples.yaml", "probe.json", "whole.md")


@pytest.mark.parametrize("name", TASK_FILES)
def test_any_file_of_a_task_is_taken_or_named_in_one_line(name: str) -> None:
    source = content_root() / "prompts" / "agreements"
    original = (source / name).read_text("utf-8")

    @fuzz(max_examples=25)
    @given(spliced(original) | scraps(*PROSE).filter(lambda text: text != original))
    def check(text: str) -> None:
        with tempfile.TemporaryDirectory() as home:
            prompts = Path(home, "prompts", "agreements")
            prompts.mkdir(parents=True)
            for path in source.iterdir():
                (prompts / path.name).symlink_to(path)
            (prompts / name).unlink()
            (prompts / name).write_text(text, "utf-8")
            Path(home, "schemas").symlink_to(content_root() / "schemas")
            is_taken_or_told(lambda: load_task("agreements", home=Path(home)))

    check()


MODELS = """
[[model]]
name = "my-model"
title = "My Model"
file = "my-model.gguf"
size = 4_368
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
licence = "Apache-2.0"
page = "https://example.org/my-model"
context = 8192
strategy = "whole"
sources = [{ kind = "url", url = "https://example.org/my-model.gguf" }]
"""


@fuzz(max_examples=60)
@given(spliced(MODELS) | scraps(*PROSE))
def test_any_catalogue_is_taken_or_named_in_one_line(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "models.toml")
        path.write_text(text, "utf-8")
        is_taken_or_told(lambda: read_catalogue(path))


@fuzz(max_examples=60)
@given(spliced('model = "m"\ntimeout = 3.5\nconcurrency = 2\nmax_calls = 10\n') | scraps(*PROSE))
def test_any_settings_are_taken_or_named_in_one_line(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "config.toml").write_text(text, "utf-8")
        Path(folder, "summarizer.toml").write_text(text, "utf-8")
        is_taken_or_told(
            lambda: load_settings({}, environ={}, folder=Path(folder), user_config=Path(folder))
        )
