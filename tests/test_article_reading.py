import datetime
import io
import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.article import Article, Unreadable, make_article, read_articles
from summarizer.article.formats import LARGEST
from summarizer.errors import ArticleError

SEEDS = Path(__file__).parent.parent / "seeds"
TEXT = "South Korea and Japan agreed on Tuesday to hold talks on minerals every year."
KOREAN = "한국과 일본은 매년 광물 공급에 관한 회담을 열기로 합의했다고 외교부가 화요일 밝혔다."
PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="{charset}"><title>{title}</title>
<meta property="og:site_name" content="The Daily">
<meta property="article:published_time" content="2024-04-18T10:00:00Z">
<link rel="canonical" href="https://example.org/a"></head>
<body><nav><a href="/">Home</a> <a href="/world">World</a></nav>
<article><h1>{title}</h1><p>{text}</p><p>{text}</p></article>
<footer>© The Daily</footer></body></html>"""


def read(*inputs: object, stdin: bytes = b"") -> list[Article | Unreadable]:
    return list(read_articles([str(name) for name in inputs], stdin=io.BytesIO(stdin)))


def articles(found: Sequence[Article | Unreadable]) -> list[Article]:
    assert all(isinstance(item, Article) for item in found), found
    return [item for item in found if isinstance(item, Article)]


def errors(found: Sequence[Article | Unreadable]) -> list[str]:
    """The messages of what could not be read, each of them one line."""
    messages = [str(item.error) for item in found if isinstance(item, Unreadable)]
    assert all("\n" not in message for message in messages)
    return messages


def write(path: Path, data: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_the_seeds_are_read_in_the_order_of_their_names() -> None:
    found = articles(read(SEEDS))
    assert [article.id[:3] for article in found] == ["000", "001", "002", "003", "004"]
    assert {article.language for article in found} == {"en"}


def test_an_article_of_a_file_has_its_stem_and_its_path(tmp_path: Path) -> None:
    path = write(tmp_path / "talks.txt", TEXT)
    (article,) = articles(read(path))
    assert (article.id, article.origin, article.text) == ("talks", str(path), TEXT)


def test_sentences_are_numbered_from_one_and_quote_the_text(tmp_path: Path) -> None:
    (article,) = articles(read(write(tmp_path / "a.md", f"{TEXT} It was signed.\n\n{KOREAN}")))
    assert [sentence.number for sentence in article.sentences] == [1, 2, 3]
    assert [sentence.paragraph for sentence in article.sentences] == [0, 0, 1]
    assert article.quote(article.sentences[1]) == "It was signed."


def test_a_folder_is_read_recursively_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b/c.txt", "a.MD", ".hidden.txt", ".git/x.txt", "b/notes.csv"):
        write(tmp_path / name, TEXT)
    assert [article.id for article in articles(read(tmp_path))] == ["a", "c"]


def test_a_folder_without_articles_says_what_is_read(tmp_path: Path) -> None:
    write(tmp_path / "table.csv", "a,b")
    (message,) = errors(read(tmp_path))
    assert "without any article" in message
    assert ".txt .md .html .htm .jsonl" in message


def test_a_pattern_that_no_shell_expanded_is_expanded(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "c.md"):
        write(tmp_path / name, TEXT)
    assert [article.id for article in articles(read(tmp_path / "*.txt"))] == ["a", "b"]
    assert "matches no file" in errors(read(tmp_path / "*.html"))[0]


def test_a_file_whose_name_looks_like_a_pattern_is_a_file(tmp_path: Path) -> None:
    path = write(tmp_path / "talks[1].txt", TEXT)
    assert articles(read(path))[0].origin == str(path)


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", TEXT)
    assert len(articles(read(path, tmp_path, path))) == 1


def test_files_of_one_name_get_distinct_ids(tmp_path: Path) -> None:
    one, two = write(tmp_path / "x/a.txt", TEXT), write(tmp_path / "y/a.txt", TEXT)
    first, second = articles(read(one, two))
    assert first.id == "a"
    assert second.id.startswith("a-")
    assert second.id == articles(read(one, two))[1].id


@pytest.mark.parametrize(
    ("name", "data", "part"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b" \n\t\n", "is empty"),
        ("a.txt", "\ufeff\n".encode(), "holds no text"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\x00", "a PNG image"),
        ("a.txt", b"%PDF-1.7 ...", "a PDF document"),
        ("a.md", b"PK\x03\x04rest", "a zip archive"),
        ("a.txt", b"text\x00more", "binary data"),
        ("a.html", b"\x89PNG\r\n\x1a\n\x00", "a PNG image"),
        ("a.jsonl", b"\x1f\x8b\x08\x00", "a gzip archive"),
        ("a.jsonl", b"\n\n", "is empty"),
        ("a.docx", b"text", "has a suffix that is not read"),
        ("noname", b"text", "has a suffix that is not read"),
    ],
)
def test_a_file_that_is_no_article_is_one_clear_line(
    tmp_path: Path, name: str, data: bytes, part: str
) -> None:
    path = write(tmp_path / name, data)
    (message,) = errors(read(path))
    assert message.startswith(str(path))
    assert part in message


def test_a_bad_input_does_not_stop_the_rest(tmp_path: Path) -> None:
    good = write(tmp_path / "a.txt", TEXT)
    found = read(tmp_path / "missing.txt", good, "", "a\x00.txt")
    assert isinstance(found[1], Article)
    assert "does not exist" in errors(found)[0]
    assert len(errors(found)) == 3


@pytest.mark.parametrize("address", ["http://example.org/a", "HTTPS://example.org/a.html"])
def test_an_address_is_not_fetched(address: str) -> None:
    assert "save the page as .html" in errors(read(address))[0]


def test_what_is_neither_file_nor_folder_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    assert "is not a file or folder" in errors(read(tmp_path / "a.txt"))[0]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_without_permission_says_so(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", TEXT)
    path.chmod(0)
    assert "permission denied" in errors(read(path))[0]


def test_a_file_too_large_for_one_article_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    assert "is larger than 20 MB" in errors(read(path))[0]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8-sig", KOREAN),
        ("utf-16", KOREAN),
        ("cp949", KOREAN * 3),
        ("cp1252", "“It’s a café,” the minister said in Zürich, and agreed to meet again soon."),
    ],
)
def test_encodings_are_told_apart(tmp_path: Path, encoding: str, text: str) -> None:
    (article,) = articles(read(write(tmp_path / "a.txt", text.encode(encoding))))
    assert article.text == text


def test_the_text_is_not_rewritten(tmp_path: Path) -> None:
    text = f"  Headline of the day\r\n\r\n{TEXT}\r\n"
    (article,) = articles(read(write(tmp_path / "a.txt", text)))
    assert article.text == text


def test_what_the_caller_gives_stands_for_every_article(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", f"Headline of the day\nPublished: April 18, 2024\n\n{TEXT}")
    day = datetime.date(2020, 1, 2)
    (article,) = articles(list(read_articles([str(tmp_path)], date=day, source="The Daily")))
    assert (article.date, article.source) == (day, "The Daily")


# --- HTML ---------------------------------------------------------------------------------------


def test_a_page_gives_its_article_and_what_it_says_of_itself(tmp_path: Path) -> None:
    page = PAGE.format(charset="utf-8", title="Leaders agree on talks", text=TEXT)
    (article,) = articles(read(write(tmp_path / "a.html", page)))
    assert article.title == "Leaders agree on talks"
    assert article.date == datetime.date(2024, 4, 18)
    assert (article.source, article.url) == ("The Daily", "https://example.org/a")
    assert "World" not in article.text
    assert article.quote(article.sentences[0]) == "Leaders agree on talks"
    assert article.sentences[0].role == "headline"


def test_a_page_in_the_encoding_it_declares_is_read(tmp_path: Path) -> None:
    page = PAGE.format(charset="euc-kr", title="연례 회담 합의", text=KOREAN)
    (article,) = articles(read(write(tmp_path / "a.htm", page.encode("euc-kr", "ignore"))))
    assert KOREAN in article.text
    assert article.language == "ko"


@pytest.mark.parametrize(
    "page",
    [
        "<html></html>",
        "plain words",
        "<html><body><nav><a href='/'>Home</a><a href='/w'>World</a></nav></body></html>",
    ],
)
def test_a_page_without_an_article_says_so(tmp_path: Path, page: str) -> None:
    (message,) = errors(read(write(tmp_path / "a.html", page)))
    assert "holds no article" in message


# --- JSON lines ---------------------------------------------------------------------------------


def test_each_line_of_jsonl_is_an_article(tmp_path: Path) -> None:
    full = {
        "id": "n-1",
        "text": TEXT,
        "title": "Talks",
        "date": "2024-04-18T10:00:00Z",
        "url": "https://example.org/a",
        "source": "The Daily",
        "other": [1],
    }
    lines = [
        "\ufeff" + json.dumps(full),
        "",
        json.dumps({"text": KOREAN}, ensure_ascii=False),
        "  ",
    ]
    path = write(tmp_path / "news.jsonl", "\r\n".join(lines))
    first, second = articles(read(path))
    assert (first.id, first.origin, first.title) == ("n-1", f"{path}:1", "Talks")
    assert (first.date, first.source) == (datetime.date(2024, 4, 18), "The Daily")
    assert (second.id, second.origin, second.text) == ("news-3", f"{path}:3", KOREAN)


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("{not json", "is not a JSON object"),
        ("[1, 2]", "is not a JSON object with a `text`"),
        ('"text"', "is not a JSON object with a `text`"),
        ('{"title": "x"}', "has no `text`"),
        ('{"text": null}', "has no `text`"),
        ('{"text": 7}', "`text` is a number, not a string"),
        ('{"text": "  "}', "holds no text"),
        ('{"text": "x", "title": ["a"]}', "`title` is a list, not a string"),
        ('{"text": "x", "date": "yesterday"}', "`date` is 'yesterday', not a date"),
        ('{"text": "x", "id": true}', "`id` is true or false, not a string"),
        ("[" * 100_000, "is not a JSON object"),
        ('{"text": "x", "n": ' + "9" * 5_000 + "}", "is not a JSON object"),
    ],
)
def test_a_bad_line_is_named_and_the_next_is_read(tmp_path: Path, line: str, part: str) -> None:
    path = write(tmp_path / "a.jsonl", f"{line}\n" + json.dumps({"text": TEXT}))
    bad, good = read(path)
    assert isinstance(good, Article)
    assert isinstance(bad, Unreadable)
    assert bad.origin == f"{path}:1"
    assert part in errors([bad])[0]


def test_a_line_that_is_not_utf8_is_one_bad_line(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", b'{"text": "caf\xe9"}\n{"text": "Seoul agreed."}\n')
    bad, good = read(path)
    assert isinstance(good, Article)
    assert "is not UTF-8" in errors([bad])[0]


def test_equal_ids_of_lines_are_made_distinct(tmp_path: Path) -> None:
    line = json.dumps({"id": "n", "text": TEXT})
    found = articles(read(write(tmp_path / "a.jsonl", f"{line}\n" * 3)))
    assert len({article.id for article in found}) == 3
    assert found[0].id == "n"


def test_an_id_is_short_and_printable(tmp_path: Path) -> None:
    line = json.dumps({"id": "a\n../b\x1b[31m " + "x" * 500, "text": TEXT})
    (article,) = articles(read(write(tmp_path / "a.jsonl", line)))
    assert article.id.isprintable()
    assert len(article.id) <= 100
    assert "/" not in article.id


def test_lone_surrogates_become_the_replacement_character(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", '{"text": "Seoul \\ud800 agreed \\ud83d\\ude00."}')
    (article,) = articles(read(path))
    assert article.text == "Seoul \ufffd agreed 😀."


def test_an_address_with_a_lone_surrogate_can_be_written(tmp_path: Path) -> None:
    line = '{"text": "Seoul agreed.", "url": "https://example.org/\\udc80"}'
    (article,) = articles(read(write(tmp_path / "a.jsonl", line)))
    assert article.url == "https://example.org/\ufffd"


def test_lines_are_read_as_they_are_asked_for() -> None:
    """Memory does not grow with the corpus: the second line waits until it is asked for."""
    line = json.dumps({"text": TEXT}).encode() + b"\n"
    stream = io.BytesIO(line * 3)
    assert isinstance(next(read_articles(["-"], stdin=stream)), Article)
    assert stream.tell() == len(line)


# --- standard input -----------------------------------------------------------------------------


def test_standard_input_is_one_article_of_plain_text() -> None:
    (article,) = articles(read("-", stdin=f"\n{TEXT}\nMore of it.".encode()))
    assert (article.id, article.origin) == ("stdin", "-")
    assert article.text == f"\n{TEXT}\nMore of it."


def test_standard_input_of_json_lines_is_many_articles() -> None:
    lines = [json.dumps({"text": TEXT}), "{bad", json.dumps({"id": "b", "text": KOREAN})]
    one, bad, two = read("-", stdin="\n".join(lines).encode())
    assert isinstance(one, Article)
    assert isinstance(two, Article)
    assert (one.id, one.origin, two.id) == ("stdin-1", "-:1", "b")
    assert isinstance(bad, Unreadable)
    assert bad.origin == "-:2"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("opening", ["<!DOCTYPE html>", "\n\n  <!doctype  HTML>", "", "<HEAD>"])
def test_standard_input_of_html_is_read_as_a_page(encoding: str, opening: str) -> None:
    page = PAGE.format(charset=encoding, title="Leaders agree on talks", text=TEXT)
    page = opening + page.removeprefix("<!DOCTYPE html>")
    (article,) = articles(read("-", stdin=page.encode(encoding)))
    assert (article.id, article.origin, article.source) == ("stdin", "-", "The Daily")
    assert TEXT in article.text
    assert "World" not in article.text


def test_a_tag_within_does_not_make_a_page_of_plain_text() -> None:
    for text in (f"{TEXT} <html> is a tag.", f"<headline> {TEXT}"):
        (article,) = articles(read("-", stdin=text.encode()))
        assert article.text == text


@pytest.mark.parametrize("data", [b"", b" \n \n", b"\x00\x01"])
def test_standard_input_without_text_is_one_clear_line(data: bytes) -> None:
    (message,) = errors(read("-", stdin=data))
    assert message.startswith("stdin")


def test_a_brace_does_not_make_json_of_plain_text() -> None:
    (article,) = articles(read("-", stdin=b"{Seoul} agreed to talks.\nTokyo did too.\n"))
    assert len(article.sentences) == 2


# --- laws ---------------------------------------------------------------------------------------


def test_an_article_without_text_cannot_be_made() -> None:
    with pytest.raises(ArticleError, match="holds no text"):
        make_article(" \n", id="a", origin="a.txt")


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(), min_size=1, max_size=200))
def test_any_text_makes_an_article_whose_sentences_cover_it(text: str) -> None:
    if not text.strip():
        return
    article = make_article(text, id="a", origin="a")
    covered = "".join(article.quote(sentence) for sentence in article.sentences)
    assert "".join(covered.split()) == "".join(article.text.split())
    article.text.encode()


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_on_standard_input_are_read_or_refused(data: bytes) -> None:
    assert all(isinstance(item, Article | Unreadable) for item in read("-", stdin=data))


def test_a_link_that_leads_out_of_a_folder_is_not_followed(tmp_path: Path) -> None:
    """A folder may come from a stranger; a file that is named itself may be a link."""
    secret, folder = tmp_path / "secret.txt", tmp_path / "news"
    secret.write_text("My own words.", "utf-8")
    folder.mkdir()
    (folder / "a.txt").symlink_to(secret)
    (folder / "b.txt").write_text("The ministers met.", "utf-8")
    (folder / "c.txt").symlink_to(folder / "b.txt")
    [refused, read] = read_articles([str(folder)])
    assert isinstance(refused, Unreadable)
    assert "leads out of its folder; name the file itself" in str(refused.error)
    assert isinstance(read, Article)
    assert isinstance(next(read_articles([str(folder / "a.txt")])), Article)
