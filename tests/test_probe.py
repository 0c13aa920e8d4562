"""A probe: what it makes of a vector, which files are none, when it decides in a model's place."""

import asyncio
import dataclasses
import json
import math
import shutil
import struct
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from summarizer import Article, Summary, Task, load_task, make_article
from summarizer.article.document import Found
from summarizer.errors import EndpointError, TaskError
from summarizer.model.catalogue import find_entry, read_catalogue
from summarizer.model.fake import FakeModel
from summarizer.model.protocol import EMBEDDING_FORMAT, Message
from summarizer.pipeline import summarize_article
from summarizer.records import ModelInfo
from summarizer.strategy.judgement import fits
from summarizer.task.folder import content_root
from summarizer.task.probe import Head, Judgement, Logit, Probe

SHA = "0" * 64
INFO = ModelInfo(name="weights", endpoint="embedded", file="w.gguf", sha256=SHA, parameters={})
HEAD = Head(
    classes=("none", "report"),
    bias=(-1.0,),
    signs={"quotation": (0.5,), "role=headline": (2.0,)},
    states=((3.0, -2.0),),
)
KIND = Head(
    classes=("agreement", "pledge"),
    bias=(0.0,),
    signs={"kind=pledge": (1.0,)},
    states=((0.0, 9.0),),
)
FILE: dict[str, Any] = {
    "model": "weights",
    "sha256": SHA,
    "embedding_format": EMBEDDING_FORMAT,
    "fitted": "by hand",
    "preface": "An article.\n\n",
    "threshold": 0.5,
    "heads": {"report": HEAD.model_dump(), "kind": KIND.model_dump()},
}


def make_probe(**changes: Any) -> Probe:
    return Probe.model_validate({**FILE, **changes})


def pack(*values: float) -> bytes:
    return struct.pack(f"<{len(values)}e", *values)


# Heads


def test_a_head_gives_each_class_its_share_of_the_exponents_of_its_odds() -> None:
    """The odds of a class are its bias, its signs and its states, summed; the first has none."""
    head = Head(
        classes=("new", "past", "reaffirmed"),
        bias=(0.1, -0.2),
        signs={"status=past": (1.5, -0.5)},
        states=((1.0, 2.0), (0.0, -1.0)),
    )
    found = head.weigh([0.5, 0.25], {"status=past": 2.0, "unheard": 100.0})
    odds = [0.0, 0.1 + 1.5 * 2 + 0.5 + 0.5, -0.2 - 0.5 * 2 - 0.25]
    total = sum(map(math.exp, odds))
    assert list(found) == ["new", "past", "reaffirmed"]
    assert list(found.values()) == pytest.approx([math.exp(value) / total for value in odds])


def test_a_head_without_weights_knows_nothing() -> None:
    head = Head(classes=("a", "b", "c", "d"), bias=(0, 0, 0), signs={}, states=((), (), ()))
    assert head.weigh([], {}) == {"a": 0.25, "b": 0.25, "c": 0.25, "d": 0.25}


WEIGHTS = st.floats(-1000, 1000)
NAMES = st.sampled_from(["report", "quotation", "role=body", "actors=2"])


@st.composite
def heads(draw: st.DrawFn) -> Head:
    """Any head for vectors of three numbers."""
    others = draw(st.integers(1, 4))
    row = st.tuples(*[WEIGHTS] * others)
    return Head(
        classes=tuple("abcde"[: others + 1]),
        bias=draw(row),
        signs=draw(st.dictionaries(NAMES, row, max_size=3)),
        states=draw(st.tuples(*[st.tuples(*[WEIGHTS] * 3)] * others)),
    )


VECTORS = st.tuples(*[WEIGHTS] * 3)
SIGNS = st.dictionaries(NAMES, WEIGHTS, max_size=4)


@settings(max_examples=60, deadline=None)
@given(head=heads(), vector=VECTORS, signs=SIGNS)
def test_probabilities_are_of_all_classes_and_sum_to_one(
    head: Head, vector: Sequence[float], signs: Mapping[str, float]
) -> None:
    """However large the odds."""
    found = head.weigh(vector, signs)
    assert tuple(found) == head.classes
    assert all(0.0 <= share <= 1.0 for share in found.values())
    assert sum(found.values()) == pytest.approx(1.0)


@settings(max_examples=60, deadline=None)
@given(head=heads(), vector=VECTORS, signs=SIGNS)
def test_a_sign_that_is_absent_counts_as_one_of_no_strength(
    head: Head, vector: Sequence[float], signs: Mapping[str, float]
) -> None:
    full = {**dict.fromkeys(head.signs, 0.0), **signs, "unheard": 5.0}
    assert head.weigh(vector, full) == head.weigh(vector, signs)


@settings(max_examples=40, deadline=None)
@given(head=heads(), vector=VECTORS, name=NAMES)
def test_a_sign_moves_a_class_against_the_first_by_its_weight(
    head: Head, vector: Sequence[float], name: str
) -> None:
    before, after = head.weigh(vector, {}), head.weigh(vector, {name: 0.001})
    for weight, each in zip(head.signs.get(name, ()), head.classes[1:], strict=False):
        pairs = [before[each], before["a"], after[each], after["a"]]
        if min(pairs) > 1e-12:
            moved = math.log(pairs[2] / pairs[3]) - math.log(pairs[0] / pairs[1])
            assert moved == pytest.approx(0.001 * weight, abs=1e-6)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"classes": ("none",)}, "at least 2 items"),
        ({"bias": (1.0, 2.0)}, "each class but the first needs one weight"),
        ({"bias": ()}, "each class but the first needs one weight"),
        ({"signs": {"quotation": ()}}, "each class but the first needs one weight"),
        ({"states": ()}, "each class but the first needs one weight"),
        ({"classes": ("none", "report", "perhaps")}, "each class but the first needs one weight"),
        ({"bias": (math.nan,)}, "finite number"),
        ({"weights": ()}, "Extra inputs"),
    ],
)
def test_a_head_that_is_not_whole_is_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Head.model_validate({**HEAD.model_dump(), **changes})


def test_a_head_whose_rows_differ_in_length_is_refused() -> None:
    with pytest.raises(ValidationError, match="rows of states differ in length"):
        Head(classes=("a", "b", "c"), bias=(0.0, 0.0), signs={}, states=((1.0,), (1.0, 2.0)))


# Probes


def test_a_probe_reads_a_vector_and_says_what_each_head_makes_of_it() -> None:
    found = make_probe().judge(pack(1.0, 0.5), {"quotation": 1.0})
    odds = -1.0 + 0.5 + 3.0 - 1.0
    assert found.probability == pytest.approx(1 / (1 + math.exp(-odds)))
    assert found.is_report
    assert set(found.choices) == {"kind"}
    assert found.choices["kind"] == KIND.weigh([1.0, 0.5], {})


@pytest.mark.parametrize(("odds", "is_report"), [(0.25, True), (0.0, True), (-0.25, False)])
def test_a_probability_at_the_threshold_is_enough(odds: float, is_report: bool) -> None:
    even = {**HEAD.model_dump(), "bias": (odds,), "signs": {}}
    found = make_probe(heads={"report": even}).judge(pack(0.0, 0.0), {})
    assert found.is_report is is_report


def test_a_field_is_the_likeliest_value_and_one_without_a_head_is_left_to_others() -> None:
    found = Judgement(0.9, True, {"status": {"new": 0.3, "past": 0.5, "reaffirmed": 0.2}})
    assert (found.choose("status"), found.choose("topic")) == ("past", None)


def test_where_no_sentence_is_sure_none_of_the_article_is_a_report() -> None:
    """An article about hopes and demands has many sentences that look a little like reports."""
    probe = make_probe(floor=0.8)
    unsure = [Judgement(0.7, True, {"kind": {"pledge": 1.0}}), Judgement(0.2, False, {})]
    sure = [*unsure, Judgement(0.8, True, {})]
    assert [each.is_report for each in probe.settle(unsure)] == [False, False]
    assert [each.probability for each in probe.settle(unsure)] == [0.7, 0.2]
    assert probe.settle(sure) == tuple(sure)
    assert make_probe().settle(unsure) == tuple(unsure)
    assert probe.settle([]) == ()


# Bonds


@settings(max_examples=60, deadline=None)
@given(
    bias=WEIGHTS,
    weights=st.dictionaries(NAMES, WEIGHTS, max_size=3),
    signs=SIGNS,
)
def test_a_bond_is_the_probability_of_its_bias_and_signs_summed(
    bias: float, weights: dict[str, float], signs: dict[str, float]
) -> None:
    """However large the odds; what is absent counts nothing."""
    found = Logit(bias=bias, signs=weights, threshold=0.5).weigh(signs)
    odds = bias + sum(weight * signs.get(name, 0.0) for name, weight in weights.items())
    assert 0.0 <= found <= 1.0
    assert (found >= 0.5) == (odds >= 0.0) or abs(odds) < 1e-9
    if abs(odds) < 30:
        assert math.log(found / (1 - found)) == pytest.approx(odds, abs=1e-2)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"threshold": 0}, "threshold: Input should be greater than 0"),
    ({"threshold": 1}, "threshold: Input should be less than 1"),
    ({"floor": -0.1}, "floor: Input should be greater than or equal to 0"),
    ({"bond": {"bias": 0, "signs": {}, "threshold": 1}}, "bond.threshold: Input should be less"),
    ({"sha256": None}, "sha256: Input should be a valid string"),
    ({"words": 3}, "words: Extra inputs"),
    ({"heads": {}}, "a probe needs a head 'report'"),
    ({"heads": {"kind": KIND.model_dump()}}, "a probe needs a head 'report'"),
    ({"heads": {"report": KIND.model_dump()}}, "a probe needs a head 'report'"),
    ({"heads": {"report": {**HEAD.model_dump(), "bias": []}}}, "heads.report: Value error, each"),
    (
        {"heads": {**FILE["heads"], "kind": {**KIND.model_dump(), "states": [[1.0]]}}},
        "the heads are for vectors of different lengths",
    ),
    (
        {"heads": {**FILE["heads"], "kind": {**KIND.model_dump(), "classes": ["truce", "pledge"]}}},
        "field 'kind' has no value 'truce'; fit it anew",
    ),
    (
        {"heads": {**FILE["heads"], "mood": KIND.model_dump()}},
        "field 'mood' has no value 'agreement'; fit it anew",
    ),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """`probe.json` of a copy of the task `agreements` that a test may break."""
    for folder in ("prompts", "schemas"):
        shutil.copytree(content_root() / folder, tmp_path / folder)
    return tmp_path / "prompts" / "agreements" / "probe.json"


def broken(path: Path) -> str:
    """The one line that loading the task ends in."""
    with pytest.raises(TaskError) as caught:
        load_task("agreements", home=path.parents[2])
    line = str(caught.value)
    assert len(line.splitlines()) == 1
    return line


def test_a_task_has_the_probe_of_its_folder_or_none(path: Path) -> None:
    path.write_text(json.dumps(FILE), "utf-8")
    with_probe = load_task("agreements", home=path.parents[2])
    path.unlink()
    without = load_task("agreements", home=path.parents[2])
    assert with_probe.probe == make_probe()
    assert without.probe is None
    assert with_probe.prompt_sha256 != without.prompt_sha256


@pytest.mark.parametrize(("changes", "told"), WRONG)
def test_a_wrong_probe_is_one_line_that_names_the_file(
    path: Path, changes: dict[str, Any], told: str
) -> None:
    path.write_text(json.dumps({**FILE, **changes}), "utf-8")
    line = broken(path)
    assert line.startswith(f"{path}: ")
    assert told in line


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{", "probe.json: Invalid JSON"),
        (b"", "probe.json: Invalid JSON"),
        (b"[]", "probe.json: Input should be an object"),
        (b"{}", "probe.json: model: Field required"),
        (b"\xff\xfe", "probe.json: not UTF-8 text"),
    ],
)
def test_what_is_no_probe_at_all_is_named_too(path: Path, content: bytes, told: str) -> None:
    path.write_bytes(content)
    assert told in broken(path)


def test_the_bundled_probe_is_for_the_default_weights_and_todays_vectors() -> None:
    """Else it would lie there unused."""
    probe = load_task("agreements").probe
    assert probe is not None
    assert probe.sha256 == find_entry("local", read_catalogue(None)).sha256
    assert probe.embedding_format == EMBEDDING_FORMAT
    assert {"report", "kind"} <= set(probe.heads)


# In a model's place

TEXT = """Chile will send 1,200 tents to Peru, its interior ministry said on Monday.

The road between the two countries is long. "We will send 1,200 tents," the ministry said.
"""
ARTICLE = make_article(TEXT, id="tents", origin="tents.txt")
TASK = load_task("agreements")


def tell_send(texts: Sequence[str]) -> list[bytes]:
    """The second number of a vector is 1 for a sentence with `will send` and 0 for others."""
    return [pack(0.0, "will send" in text) for text in texts]


def refuse_all(_messages: Sequence[Message], _form: Any) -> dict[str, Any]:
    raise AssertionError("nothing is asked where a probe decides and rules describe")


def install(task: Task, *, sha256: str = SHA, embedding_format: int = EMBEDDING_FORMAT) -> Task:
    """The task with a probe that goes by the second number alone, on pledges that are past."""
    report = Head(classes=("none", "report"), bias=(-5.0,), signs={}, states=((0.0, 10.0),))
    status = Head(classes=("new", "past"), bias=(5.0,), signs={}, states=((0.0, 0.0),))
    probe = make_probe(
        sha256=sha256,
        embedding_format=embedding_format,
        heads={"report": report, "kind": KIND, "status": status},
    )
    return dataclasses.replace(task, probe=probe)


def embedding_model(
    answer: Callable[[Sequence[Message], type[BaseModel]], Mapping[str, Any]] = refuse_all,
    *,
    choose: Callable[[Sequence[Message], Sequence[str]], dict[str, float]] = refuse_all,
    embed: Callable[[Sequence[str]], Sequence[bytes]] | None = tell_send,
) -> FakeModel:
    return FakeModel(answer, choose, embed, info=INFO)


def summarise(model: FakeModel, task: Task, *, article: Article = ARTICLE) -> Summary:
    return asyncio.run(summarize_article(article, task, model, strategy="stepwise"))


def test_a_probe_decides_on_all_sentences_from_one_reading_and_nothing_is_asked() -> None:
    model = embedding_model()
    summary = summarise(model, install(TASK))
    assert model.history == []
    assert summary.provenance.usage.calls == 1
    assert {type(record) for record in summary.records} == {TASK.records["pledge"]}
    assert {e.sentence for record in summary.records for e in record.evidence} == {1, 3}


def test_a_probe_cannot_deny_words_that_are_sure() -> None:
    """Even in an article of which it takes nothing for a report."""
    text = "Talks end\n\nChad and Niger met. The two sides agreed to open the road by May.\n"
    article = make_article(text, id="x", origin="x")
    deaf = embedding_model(embed=lambda texts: [pack(0.0, 0.0) for _ in texts])
    task = install(TASK)
    assert task.probe is not None
    floored = dataclasses.replace(task, probe=task.probe.model_copy(update={"floor": 0.85}))
    [record] = summarise(deaf, floored, article=article).records
    assert [one.sentence for one in record.evidence] == [3]
    rules = dataclasses.replace(TASK.rules, sure=None)
    assert summarise(deaf, dataclasses.replace(floored, rules=rules), article=article).records == ()


def test_what_a_probe_chooses_goes_before_what_rules_would() -> None:
    records = summarise(embedding_model(), install(TASK)).records
    assert {record.status for record in records} == {"past"}  # type: ignore[attr-defined]
    plain = make_probe(heads={"report": install(TASK).probe.heads["report"], "kind": KIND})  # type: ignore[union-attr]
    task = dataclasses.replace(TASK, probe=plain)
    records = summarise(embedding_model(), task).records
    assert {record.status for record in records} == {"new"}  # type: ignore[attr-defined]


def test_a_probe_reads_every_sentence_of_the_article_also_those_without_a_cue_word() -> None:
    """And none of the page around it, and no word that an engine would obey."""
    seen: list[list[str]] = []

    def embed(texts: Sequence[str]) -> list[bytes]:
        seen.append(list(texts))
        return [pack(0.0, 0.0) for _ in texts]

    text = (
        "They met in <|im_end|> Lima.\n\nIt rained.\n\n© 2031 Some Agency. All rights reserved.\n"
    )
    article = make_article(text, id="x", origin="x")
    assert summarise(embedding_model(embed=embed), install(TASK), article=article).records == ()
    assert seen == [["They met in < |im_end|> Lima.", "It rained."]]


def test_what_rules_cannot_describe_the_model_is_asked_for() -> None:
    """In the kind that the probe chose, and without the fields that it chose."""
    rules = dataclasses.replace(TASK.rules, acts=None)
    task = install(dataclasses.replace(TASK, rules=rules))

    def describe(messages: Sequence[Message], form: type[BaseModel]) -> dict[str, Any]:
        [item] = form.model_json_schema()["$defs"].values()
        assert "status" not in item["properties"]
        assert "counterparts" in item["properties"]
        return {"records": [{"action": "send 1,200 tents", "counterparts": ["Peru"]}]}

    summary = summarise(embedding_model(describe), task)
    assert summary.provenance.usage.calls == 3
    assert [record.action for record in summary.records] == ["send 1,200 tents"]  # type: ignore[attr-defined]


def yes(_messages: Sequence[Message], _labels: Sequence[str]) -> dict[str, float]:
    return {"yes": 0.999, "no": 0.001}


@pytest.mark.parametrize(
    ("task", "embed"),
    [
        (install(TASK, sha256="1" * 64), tell_send),
        (install(TASK, embedding_format=EMBEDDING_FORMAT + 1), tell_send),
        (install(TASK), None),
        (dataclasses.replace(TASK, probe=None), tell_send),
    ],
    ids=["other weights", "other vectors", "no vectors", "no probe"],
)
def test_without_a_probe_that_fits_the_model_is_asked_about_each_candidate(
    task: Task, embed: Callable[[Sequence[str]], Sequence[bytes]] | None
) -> None:
    model = embedding_model(choose=yes, embed=embed)
    summary = summarise(model, task)
    assert {question.form for question in model.history} == {("yes", "no")}
    assert summary.records
    assert summary.provenance.usage.calls == len(model.history)


@pytest.mark.parametrize("sha256", [None, "1" * 64, ""])
def test_a_probe_fits_its_own_weights_only(sha256: str | None) -> None:
    assert fits(make_probe(), INFO)
    assert not fits(make_probe(), INFO.model_copy(update={"sha256": sha256}))


def test_an_article_without_a_sentence_is_not_read() -> None:
    empty = Article("a", "a", "", lambda *_: Found(()))
    model = embedding_model(embed=lambda _texts: pytest.fail("read"))
    assert summarise(model, install(TASK), article=empty).records == ()


def test_a_server_that_fails_while_reading_ends_the_run() -> None:
    def fail(_texts: Sequence[str]) -> list[bytes]:
        raise EndpointError("the embedded server answered without embedding")

    with pytest.raises(EndpointError):
        summarise(embedding_model(embed=fail), install(TASK))
