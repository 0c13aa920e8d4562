"""Faults F17-F23: answers that arrive whole and are not what was asked for.

Each through the real client: the row's status, the calls made, what a person is told, and the raw
answer that is kept.
"""

import json
from pathlib import Path

import pytest
from asking import RIGHT
from endpoint import Endpoint, Response, complete
from faulting import try_one
from program import run_here

from summarizer.errors import AnswerError, FilteredError, RefusedError, TruncatedError
from summarizer.model.completion import extract_json
from summarizer.model.faults import Target
from summarizer.model.mending import REASKS
from summarizer.model.transcript import transcribe
from summarizer.records import Exchange

ANSWER = json.dumps(RIGHT)

# F17: nothing in it


@pytest.mark.parametrize("content", [None, "", "  \n", "```json\n```", "<think>Hm.</think>"])
def test_f17_an_answer_without_a_text_is_asked_for_once_more(
    endpoint: Endpoint, content: object
) -> None:
    endpoint.play(complete(content))
    tried = try_one(endpoint.url)
    assert type(tried.error) is AnswerError
    assert (tried.status, endpoint.calls) == ("invalid_output", 2)
    assert tried.line == "the model answered without any text 2 times"


def test_f17_the_second_time_it_may_answer(endpoint: Endpoint) -> None:
    endpoint.play(complete(None), RIGHT)
    assert (try_one(endpoint.url).status, endpoint.calls) == ("ok", 2)


# F18: the model declines


def test_f18_a_refusal_is_not_asked_again_and_its_reason_is_kept(endpoint: Endpoint) -> None:
    endpoint.play(complete(None, refusal="I cannot\nhelp with that."))
    tried = try_one(endpoint.url)
    assert type(tried.error) is RefusedError
    assert (tried.status, endpoint.calls) == ("refused", 1)
    assert tried.line == "the model declined: I cannot help with that."
    assert "I cannot\\nhelp with that." in tried.heard[0].answer
    assert tried.heard[0].usage.completion_tokens == 10


# F19: the operator's filter


def test_f19_an_answer_that_is_withheld_is_not_asked_for_again(endpoint: Endpoint) -> None:
    endpoint.play(complete("", finish_reason="content_filter"))
    tried = try_one(endpoint.url)
    assert type(tried.error) is FilteredError
    assert (tried.status, endpoint.calls) == ("filtered", 1)
    assert tried.line == "the answer was withheld by the operator's content filter"


# F20: cut short


def test_f20_an_answer_that_was_cut_short_gets_more_room_once(endpoint: Endpoint) -> None:
    endpoint.play(complete(ANSWER[:9], finish_reason="length"), RIGHT)
    tried = try_one(endpoint.url)
    assert (tried.status, endpoint.calls) == ("ok", 2)
    assert [request["max_tokens"] for request in endpoint.requests] == [50, 100]


@pytest.mark.parametrize("content", [ANSWER[:9], ANSWER, f"Here: {ANSWER} and", None])
def test_f20_an_answer_that_is_cut_short_twice_is_truncated(
    endpoint: Endpoint, content: object
) -> None:
    """Also where what there is could be read: nobody knows what is missing."""
    endpoint.play(complete(content, finish_reason="length"))
    tried = try_one(endpoint.url)
    assert type(tried.error) is TruncatedError
    assert (tried.status, endpoint.calls) == ("truncated", 2)
    assert tried.line == "the answer did not fit into 100 tokens"
    assert [each.outcome for each in tried.heard] == ["length", "length"]


# F21: something around it


@pytest.mark.parametrize(
    "content",
    [
        f"```json\n{ANSWER}\n```",
        f"Sure! Here is the JSON:\n\n{ANSWER}",
        f"{ANSWER}\n\nLet me know if you need more.",
        f"Here it is:\n```json\n{ANSWER}\n```\nDone.",
        f"\ufeff{ANSWER}",
        '{"who": "Seoul", "ships": 2,}',
        'Well:\n```\n{"who": "Seoul",\n"ships": 2\n,\n}\n```',
    ],
)
def test_f21_what_stands_around_the_json_costs_no_second_call(
    endpoint: Endpoint, content: str
) -> None:
    endpoint.play(content)
    tried = try_one(endpoint.url)
    assert (tried.status, endpoint.calls) == ("ok", 1)
    assert tried.heard[0].answer == content


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": "x,}"}', '{"a": "x,}"}'),
        ('Here {"a": "x,} \\" ,]",}', '{"a": "x,} \\" ,]"}'),
        ('{"a": 1} {"b": 2}', '{"a": 1} {"b": 2}'),
        ('{"a": 1', '{"a": 1'),
        ("} no {", "} no {"),
        ("", ""),
        ("3", "3"),
    ],
)
def test_f21_only_the_one_object_is_taken_and_nothing_in_its_texts_is_changed(
    text: str, found: str
) -> None:
    assert extract_json(text) == found


# F22: another shape


@pytest.mark.parametrize(
    "content",
    [
        '{"who": "Seoul"}',
        '{"who": "Seoul", "ships": "many"}',
        '{"who": ["Seoul"], "ships": 2}',
        '{"who": "Seoul", "ships": 2, "extra": 1}',
        "[]",
        "Two ships.",
    ],
)
def test_f22_an_answer_that_does_not_fit_is_asked_for_twice_more_with_the_error(
    endpoint: Endpoint, content: str
) -> None:
    endpoint.play(content)
    tried = try_one(endpoint.url)
    assert type(tried.error) is AnswerError
    assert (tried.status, endpoint.calls) == ("invalid_output", REASKS + 1)
    assert tried.line == "the model's answer did not fit the schema in 3 tries"
    assert [each.answer for each in tried.heard] == [content] * 3
    assert len(endpoint.requests[1]["messages"]) > len(endpoint.requests[0]["messages"])


def test_f22_told_the_error_it_may_mend_it(endpoint: Endpoint) -> None:
    endpoint.play('{"who": "Seoul"}', RIGHT)
    tried = try_one(endpoint.url)
    assert (tried.status, endpoint.calls) == ("ok", 2)
    assert "ships" in json.dumps(endpoint.requests[1]["messages"][2:])


def test_f22_what_was_said_is_kept_word_by_word_but_for_the_key() -> None:
    """A server that repeats the key in an answer has it sent back to it with the next question."""
    heard: list[Exchange] = []
    said = "A key partnership of Bearer documents; my-own-secret"
    target = Target("m", "http://127.0.0.1:1/v1", "SOME_KEY", secret="my-own-secret")
    with transcribe({"messages": [{"content": said}]}, heard.append, target=target) as transcript:
        transcript.answer = said
    kept = "A key partnership of Bearer documents; [key]"
    assert heard[0].answer == kept
    assert heard[0].request == {"messages": [{"content": kept}]}


# F23: evidence that is not in the article

ARTICLE = "South Korea and Japan agreed to share radar data on missiles. It rained in Seoul."


def planted(evidence: list[int], party: str) -> Response:
    """An answer with one agreement."""
    record = {
        "kind": "agreement",
        "evidence": evidence,
        "parties": [party, "South Korea"],
        "action": "share radar data on missiles",
        "status": "new",
        "strength": "firm",
        "topic": "security",
        "condition": None,
        "timeframe": None,
        "occasion": None,
        "attributed_to": None,
    }
    return complete(json.dumps({"gist": "They agreed.", "records": [record]}))


@pytest.fixture
def model(endpoint: Endpoint) -> tuple[str, ...]:
    return ("--model", "m", "--base-url", endpoint.url, "--strategy", "whole", "--format", "json")


@pytest.mark.usefixtures("in_folder")
def test_f23_a_sentence_that_does_not_exist_is_asked_about_again(
    endpoint: Endpoint, model: tuple[str, ...]
) -> None:
    endpoint.play(planted([99], "Japan"), planted([1], "Japan"))
    done = run_here("run", "a.txt", *model)
    assert done.returncode == 0, done.stderr
    assert endpoint.calls == 2
    assert "99" in json.dumps(endpoint.requests[1]["messages"])
    assert "share radar data" in json.dumps(read_one(done.stdout)["records"])


@pytest.mark.usefixtures("in_folder")
def test_f23_a_party_that_is_not_in_the_article_is_refused_and_said_to_be(
    endpoint: Endpoint, model: tuple[str, ...]
) -> None:
    endpoint.play(planted([1], "Atlantis"))
    done = run_here("run", "a.txt", *model)
    assert done.returncode == 0, done.stderr
    assert endpoint.calls == 1
    summary = read_one(done.stdout)
    assert "Atlantis" not in json.dumps(summary["records"])
    assert "Atlantis" in json.dumps(summary["rejected"])


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working folder holds one article."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(ARTICLE, "utf-8")


def read_one(text: str) -> dict[str, object]:
    """The one summary that was written as JSON."""
    found = json.loads(text)
    [summary] = found if isinstance(found, list) else [found]
    assert isinstance(summary, dict)
    return summary


@pytest.mark.parametrize(
    "content", ["```" + " " * 100_000 + "x", '{"' + '\\"' * 50_000 + "}", "{" + ", " * 50_000 + "}"]
)
def test_f21_an_answer_that_runs_on_is_cleaned_as_fast_as_any(
    endpoint: Endpoint, content: str
) -> None:
    """Small models fall into such loops."""
    endpoint.play(content)
    tried = try_one(endpoint.url)
    assert tried.status == "invalid_output"
    assert tried.seconds < 5
