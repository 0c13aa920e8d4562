"""Fitting a probe: from labelled sentences and their vectors to a file that a task can use."""

import asyncio
import json
import math
import random
import shutil
import struct
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from casework import AGREED, HOPED, MET, VOWED, make_agreement, make_pledge, write_case
from hypothesis import given, settings
from hypothesis import strategies as st
from program import is_one_line, run_here, run_program

from summarizer import load_task
from summarizer.article import Sentence
from summarizer.cli.evaluation.fit import write_probe
from summarizer.errors import ConfigurationError, TaskError
from summarizer.evaluation.fitting.binding import Couple, fit_bond, read_couples
from summarizer.evaluation.fitting.fitting import (
    LEEWAY,
    find_floor,
    find_threshold,
    fit_probe,
    gather_samples,
    measure,
    read_words,
    render_preface,
)
from summarizer.evaluation.fitting.regression import FOLDS, Fit, fit_head, span_space
from summarizer.evaluation.fitting.sample import Sample, label_sentence, name_heads
from summarizer.evaluation.fitting.selection import Casting, fit_selection, read_castings
from summarizer.evaluation.labels.label import Label, label_type
from summarizer.evaluation.labels.suite import load_suite
from summarizer.evaluation.scoring.item import PartyName
from summarizer.model.absent import AbsentModel
from summarizer.model.fake import FakeModel
from summarizer.model.protocol import EMBEDDING_FORMAT
from summarizer.pipeline import summarize_article
from summarizer.records import ModelInfo, Party
from summarizer.strategy.lineup import Candidate
from summarizer.task.folder import content_root
from summarizer.task.probe import REPORT, Head, Probe

np = pytest.importorskip("numpy", reason="scikit-learn is an optional extra")
pytest.importorskip("sklearn", reason="scikit-learn is an optional extra")

TASK = load_task("agreements")
SHA = "0" * 64
INFO = ModelInfo(name="weights", endpoint="embedded", file="w.gguf", sha256=SHA, parameters={})
CLASSES = ("none", "report")
SIZE = 6
"""Numbers of a made-up vector."""


@pytest.fixture(autouse=True, scope="module")
def _one_thread() -> Iterator[None]:
    """For matrices this small, threads that wait for each other are most of the time."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships none

    with threadpool_limits(limits=1):
        yield


def pack(values: Sequence[float]) -> bytes:
    return struct.pack(f"<{len(values)}e", *values)


def make_samples(cases: int = 12, each: int = 8, *, seed: int = 0) -> list[Sample]:
    """Sentences of which every other reports; its first number tells it, the others are noise.

    `quotation` stands in none of them and in all of one case; `loud` is a sign of reports.
    """
    chance = random.Random(seed)
    samples = []
    for case in range(cases):
        for n in range(each):
            is_report = n % 2 == 0
            noise = [chance.gauss(0, 1) for _ in range(SIZE - 1)]
            kind = ("agreement", "pledge")[n % 4 // 2]
            told = chance.gauss(3 if is_report else -3, 0.5)
            samples.append(
                Sample(
                    case=f"c{case:02d}",
                    vector=pack([told, *noise]),
                    signs={"loud": float(is_report), **({"quotation": 1.0} if case == 3 else {})},
                    classes={REPORT: REPORT, "kind": kind} if is_report else {REPORT: "none"},
                )
            )
    return samples


def weigh(head: Head, sample: Sample) -> list[float]:
    """What the head alone says of a sample."""
    vector = struct.unpack(f"<{SIZE}e", sample.vector)
    return list(head.weigh(vector, sample.signs).values())


# The space


def test_a_space_has_a_row_for_each_sample_of_components_and_then_signs() -> None:
    samples = make_samples()
    space = span_space(samples)
    assert space.signs == ("loud", "quotation")
    assert space.rows.shape == (len(samples), SIZE + 2)


def test_rows_are_what_axes_offset_and_scale_make_of_vectors_and_signs() -> None:
    """So weights that are fitted to rows can be told in terms of vectors."""
    samples = make_samples()
    space = span_space(samples)
    states = np.array([struct.unpack(f"<{SIZE}e", sample.vector) for sample in samples])
    told = np.array([[s.signs.get(name, 0.0) for name in space.signs] for s in samples])
    made = np.hstack([states @ space.axes.T + space.offset, told * space.sign_scale])
    assert np.allclose(made, space.rows, atol=1e-9)


def test_the_first_component_is_what_sentences_differ_in_most() -> None:
    spread = span_space(make_samples()).rows[:, :SIZE].std(axis=0)
    assert spread[0] == spread.max()


def test_numbers_and_signs_that_never_differ_are_no_trouble() -> None:
    """Not even where rounding makes their deviation a little more than nothing."""
    alike = [
        Sample(s.case, pack([0.1] * SIZE), {"always": 0.1, **s.signs}, s.classes)
        for s in make_samples()
    ]
    space = span_space(alike)
    assert np.isfinite(space.rows).all()
    assert abs(space.rows).max() < 100
    fit_head(space, REPORT, CLASSES)


# A head


def test_what_can_be_told_apart_is_learned() -> None:
    samples = make_samples()
    fit = fit_head(span_space(samples), REPORT, CLASSES)
    assert fit.head.classes == CLASSES
    found = [fit.head.classes[int(np.argmax(weigh(fit.head, sample)))] for sample in samples]
    assert found == [sample.classes[REPORT] for sample in samples]
    left_out = measure(REPORT, fit, 0.5)
    assert (left_out.precision, left_out.recall, left_out.f1) == (1.0, 1.0, 1.0)


def test_what_cannot_be_told_apart_is_not_pretended_to_be() -> None:
    """Folds leave whole articles out: what holds within one only is not learned."""
    chance = random.Random(1)
    mixed = [Sample(s.case, s.vector, {}, {REPORT: chance.choice(CLASSES)}) for s in make_samples()]
    found = measure(REPORT, fit_head(span_space(mixed), REPORT, CLASSES), 0.5)
    assert found.f1 < 0.75


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 1000), is_kind=st.booleans())
def test_a_head_applied_to_raw_vectors_says_what_the_regression_says(
    seed: int, is_kind: bool
) -> None:
    """The change of axes is folded into its weights, and four digits of each are enough."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    from summarizer.evaluation.fitting.regression import STRENGTH

    name, classes = ("kind", ("agreement", "pledge")) if is_kind else (REPORT, CLASSES)
    samples = make_samples(seed=seed)
    space = span_space(samples)
    fit = fit_head(space, name, classes)
    rows = space.rows[[name in sample.classes for sample in samples]]
    truth = [classes.index(sample.classes[name]) for sample in fit.samples]
    expected = LogisticRegression(C=STRENGTH, max_iter=1000).fit(rows, truth).predict_proba(rows)
    found = [weigh(fit.head, sample) for sample in fit.samples]
    assert np.allclose(found, expected, atol=2e-3)


def test_three_classes_are_weighed_against_the_first() -> None:
    samples = [
        Sample(s.case, pack([3.0 * (n % 3 == k) for k in range(3)]), {}, {"mood": "abc"[n % 3]})
        for n, s in enumerate(make_samples())
    ]
    fit = fit_head(span_space(samples), "mood", ("a", "b", "c"))
    assert (len(fit.head.bias), len(fit.head.states)) == (2, 2)
    vector = [0.0, 3.0, 0.0]
    shares = fit.head.weigh(vector, {})
    assert max(shares, key=lambda name: shares[name]) == "b"
    assert measure("mood", fit, 0.5).f1 == 1.0


def test_a_class_that_no_sample_has_is_all_but_ruled_out() -> None:
    samples = make_samples()
    fit = fit_head(span_space(samples), REPORT, ("never", *CLASSES))
    assert all(weigh(fit.head, sample)[0] < 1e-6 for sample in samples)
    assert fit.shares[:, 0].max() < 1e-6


def test_a_class_of_one_article_only_is_no_trouble_to_the_fold_without_it() -> None:
    samples = [
        Sample(s.case, s.vector, s.signs, {"kind": "pledge" if s.case == "c00" else "agreement"})
        for s in make_samples()
    ]
    fit = fit_head(span_space(samples), "kind", ("agreement", "pledge"))
    alone = [n for n, sample in enumerate(samples) if sample.case == "c00"]
    assert fit.shares[alone, 1].max() < 1e-6
    assert np.allclose(fit.shares.sum(axis=1), 1.0)


def test_a_head_is_fitted_to_the_sentences_that_have_a_class_for_it() -> None:
    samples = make_samples()
    fit = fit_head(span_space(samples), "kind", ("agreement", "pledge"))
    assert fit.samples == tuple(s for s in samples if "kind" in s.classes)
    assert fit.truth == tuple(s.classes["kind"] for s in fit.samples)
    assert fit.shares.shape == (len(fit.samples), 2)


def test_no_fold_has_sentences_of_an_article_on_both_sides(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Sentences of one article are alike: a fold that knew some would know the rest."""
    from sklearn import model_selection  # type: ignore[import-untyped]  # ships none

    seen: list[tuple[set[str], set[str]]] = []

    class Watched(model_selection.GroupKFold):  # type: ignore[misc]  # of an untyped library
        def split(self, rows: Any, truth: Any = None, groups: Any = None) -> Any:
            for train, test in super().split(rows, truth, groups):
                seen.append(({groups[n] for n in train}, {groups[n] for n in test}))
                yield train, test

    monkeypatch.setattr(model_selection, "GroupKFold", Watched)
    fit_head(span_space(make_samples()), REPORT, CLASSES)
    assert len(seen) == FOLDS
    assert all(train.isdisjoint(test) for train, test in seen)
    assert set[str]().union(*(test for _, test in seen)) == {f"c{n:02d}" for n in range(12)}


# The threshold


def make_fit(
    shares: Sequence[float], truth: Sequence[bool], cases: Sequence[str] | None = None
) -> Fit:
    """A fit that gave these probabilities of a report, each in an article of its own if unsaid."""
    head = Head(classes=CLASSES, bias=(0.0,), signs={}, states=((),))
    told = tuple(CLASSES[is_report] for is_report in truth)
    names = cases or [f"c{n}" for n in range(len(shares))]
    samples = tuple(Sample(case, b"", {}, {}) for case in names)
    return Fit(head, samples, told, np.array([[1 - share, share] for share in shares]))


@pytest.mark.parametrize(
    ("shares", "truth", "threshold"),
    [
        ([0.2, 0.3, 0.6, 0.9], [False, False, True, True], 0.60),
        ([0.2, 0.6, 0.7, 0.9], [False, False, True, True], 0.70),
        ([0.05, 0.95], [False, True], 0.90),
        ([0.99, 0.95], [False, True], 0.90),
        ([0.3, 0.2], [False, False], 0.90),
    ],
)
def test_the_threshold_is_the_highest_at_which_f1_is_as_good_as_it_gets(
    shares: Sequence[float], truth: Sequence[bool], threshold: float
) -> None:
    assert find_threshold(make_fit(shares, truth)) == threshold


LISTS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=30)


@settings(max_examples=25, deadline=None)
@given(told=LISTS, other=st.integers(10, 90))
def test_no_other_threshold_has_a_clearly_higher_f1(
    told: list[tuple[float, bool]], other: int
) -> None:
    fit = make_fit([share for share, _ in told], [is_report for _, is_report in told])
    best = measure(REPORT, fit, find_threshold(fit))
    assert best.f1 >= measure(REPORT, fit, other / 100).f1 - LEEWAY
    if best.precision + best.recall:
        harmonic = 2 * best.precision * best.recall / (best.precision + best.recall)
        assert best.f1 == pytest.approx(harmonic)


def test_figures_are_of_what_was_left_out() -> None:
    fit = make_fit([0.9, 0.8, 0.4, 0.1], [True, False, True, False])
    figures = measure(REPORT, fit, 0.5)
    assert (figures.samples, figures.precision, figures.recall, figures.f1) == (4, 0.5, 0.5, 0.5)
    figures = measure("kind", fit, 0.5)
    assert (figures.precision, figures.recall, figures.f1) == (0.5, 0.5, 0.5)


# The floor


def test_the_floor_leaves_articles_alone_in_which_nothing_is_sure() -> None:
    """Without loss: of the steps of .05 it is the last at which F1 is no lower."""
    shares, cases = [0.95, 0.6, 0.55, 0.3, 0.62], ["a", "a", "b", "b", "c"]
    quiet = make_fit(shares, [True, True, False, False, False], cases)
    assert find_floor(quiet, 0.5) == 0.95
    loud = make_fit(shares, [True, True, True, False, False], cases)
    assert find_floor(loud, 0.5) == 0.55


def test_where_every_report_is_unsure_there_is_next_to_no_floor() -> None:
    assert find_floor(make_fit([0.32, 0.3], [True, True]), 0.3) == 0.3


CASES = st.lists(
    st.tuples(st.floats(0, 1), st.booleans(), st.sampled_from("abcd")), min_size=1, max_size=20
)


@settings(max_examples=25, deadline=None)
@given(told=CASES)
def test_a_floor_costs_no_f1(told: list[tuple[float, bool, str]]) -> None:
    shares, truth, cases = map(list, zip(*told, strict=True))
    fit = make_fit(shares, truth, cases)
    threshold = find_threshold(fit)
    floor = find_floor(fit, threshold)
    surest = {case: max(s for s, _, c in told if c == case) for case in cases}
    kept = [share if surest[case] >= floor else 0.0 for share, _, case in told]
    left = measure(REPORT, make_fit(kept, truth, cases), threshold)
    assert left.f1 >= measure(REPORT, fit, threshold).f1


# Labels


def test_the_heads_are_report_and_every_choice_of_the_schema() -> None:
    heads = name_heads(TASK)
    assert heads["report"] == ("none", "report")
    assert heads["kind"] == ("agreement", "pledge")
    assert heads["status"] == ("new", "reaffirmed", "past")
    assert set(heads) == {"report", "kind", "status", "strength", "topic"}


def test_a_choice_of_one_value_needs_no_head() -> None:
    """As the kind of a task with one type of record."""
    only = SimpleNamespace(records={"pledge": TASK.records["pledge"]})
    assert "kind" not in name_heads(only)  # type: ignore[arg-type]  # has all that is looked at


ARTICLE = f"{AGREED}. {VOWED}. {MET}.\n"


def span(words: str) -> Sentence:
    start = ARTICLE.index(words)
    return Sentence(1, start, start + len(words) + 1, 0, "body")


def label(words: str, make: Any = make_agreement, **changes: Any) -> Label:
    data = {**make(ARTICLE, words), **changes}
    return label_type(TASK.records[data["kind"]]).model_validate(data)


def heads_of(sentence: Sentence, labels: Sequence[Label]) -> dict[str, str]:
    """The right classes of the task's own heads."""
    return {k: v for k, v in label_sentence(sentence, labels).items() if k in name_heads(TASK)}


def test_a_sentence_that_proves_no_record_reports_nothing() -> None:
    assert heads_of(span(MET), [label(AGREED), label(VOWED, make_pledge)]) == {"report": "none"}
    assert heads_of(span(MET), []) == {"report": "none"}


def test_a_sentence_that_proves_a_record_has_its_choices() -> None:
    labels = [label(AGREED), label(VOWED, make_pledge)]
    shared = {"report": "report", "status": "new", "strength": "firm"}
    assert heads_of(span(AGREED), labels) == {**shared, "kind": "agreement", "topic": "economy"}
    assert heads_of(span(VOWED), labels) == {**shared, "kind": "pledge", "topic": "diplomacy"}


def test_of_several_records_only_what_they_have_in_common_is_right() -> None:
    both = [label(AGREED), label(AGREED, make_pledge, status="past", topic="economy")]
    assert heads_of(span(AGREED), both) == {
        "report": "report",
        "topic": "economy",
        "strength": "firm",
    }


def test_an_optional_record_leaves_open_whether_anything_is_reported() -> None:
    optional = label(AGREED, optional=True)
    assert heads_of(span(AGREED), [optional]) == {
        "kind": "agreement",
        "status": "new",
        "strength": "firm",
        "topic": "economy",
    }


def test_beside_a_required_record_an_optional_one_does_not_count() -> None:
    labels = [label(AGREED), label(AGREED, make_pledge, optional=True)]
    assert heads_of(span(AGREED), labels)["kind"] == "agreement"
    assert heads_of(span(AGREED), labels)["report"] == "report"


def test_a_sentence_of_which_a_quotation_has_a_part_proves_the_record() -> None:
    """Labels may quote two sentences as one, or be split in another way than the program does."""
    start = ARTICLE.index(AGREED)
    part = {"start": start + 5, "end": start + 9, "quote": ARTICLE[start + 5 : start + 9]}
    assert heads_of(span(AGREED), [label(AGREED, evidence=[part])])["report"] == "report"
    assert heads_of(span(VOWED), [label(AGREED, evidence=[part])]) == {"report": "none"}


# A probe


def test_a_probe_says_what_it_was_fitted_to() -> None:
    fitted = fit_probe(make_samples(), TASK, INFO, source="made up")
    probe = fitted.probe
    assert (probe.model, probe.sha256) == ("weights", SHA)
    assert probe.embedding_format == EMBEDDING_FORMAT
    assert probe.fitted.startswith("made up: 12 articles, 96 sentences, ")
    assert probe.preface == render_preface(TASK)
    assert probe.preface.endswith("?\n\n")
    assert set(probe.heads) == {"report", "kind"}
    assert [(row.name, row.samples) for row in fitted.figures] == [("report", 96), ("kind", 48)]
    assert 0.1 <= probe.threshold <= 0.9


def test_a_choice_that_too_few_articles_tell_has_no_head() -> None:
    samples = [
        s if s.case < "c09" else Sample(s.case, s.vector, s.signs, {REPORT: s.classes[REPORT]})
        for s in make_samples()
    ]
    assert set(fit_probe(samples, TASK, INFO, source="x").probe.heads) == {"report"}


@pytest.mark.parametrize(
    ("samples", "told"),
    [
        ([], "needs 10 labelled articles; there are 0"),
        (make_samples(cases=9), "needs 10 labelled articles; there are 9"),
        (
            [Sample(s.case, s.vector, s.signs, {REPORT: "none"}) for s in make_samples()],
            "needs sentences that report something, and others",
        ),
    ],
)
def test_too_little_to_learn_from_is_one_line(samples: list[Sample], told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        fit_probe(samples, TASK, INFO, source="x")


def test_a_written_probe_is_read_as_the_same_with_a_line_for_each_row() -> None:
    probe = fit_probe(make_samples(), TASK, INFO, source='a "quoted" source').probe
    text = write_probe(probe)
    assert Probe.model_validate_json(text) == probe
    assert json.loads(text) == probe.model_dump(mode="json")
    rows = [line for line in text.splitlines() if line.strip().startswith("[")]
    assert len(rows) == sum(len(head.states) for head in probe.heads.values())
    assert text.endswith("}\n")


def test_a_probe_without_signs_is_written_too() -> None:
    bare = [Sample(s.case, s.vector, {}, s.classes) for s in make_samples()]
    probe = fit_probe(bare, TASK, INFO, source="x").probe
    assert Probe.model_validate_json(write_probe(probe)) == probe


# A bond


def make_couples(count: int = 40, *, seed: int = 0) -> list[Couple]:
    """Reports of which two are one where their acts are alike; how far apart says nothing."""
    chance = random.Random(seed)
    return [
        Couple("c", {"act": (n % 2) + chance.gauss(0, 0.2), "apart": chance.random()}, n % 2 == 1)
        for n in range(count)
    ]


def test_a_bond_learns_which_reports_are_one() -> None:
    bond = fit_bond(make_couples())
    assert bond is not None
    assert bond.signs["act"] > 1 > abs(bond.signs["apart"])
    others = make_couples(seed=1)
    told = [bond.weigh(couple.signs) >= bond.threshold for couple in others]
    right = sum(said == couple.are_one for said, couple in zip(told, others, strict=True))
    assert right >= 0.9 * len(others)


@pytest.mark.parametrize("are_one", [True, False])
def test_couples_of_one_sort_only_make_no_bond(are_one: bool) -> None:
    alike = [Couple(c.case, c.signs, are_one) for c in make_couples()]
    assert fit_bond(alike) is None
    assert fit_bond([]) is None


def test_couples_are_the_reports_of_one_kind_in_one_article(tmp_path: Path) -> None:
    """Two sentences that prove one record are one; those of two records are not."""
    sentences = (AGREED, f"{AGREED} by next year", VOWED)
    first, second = (
        write_case(tmp_path / name, name, sentences=sentences, make_label=make)
        for name, make in [("one", prove_both), ("two", make_agreement)]
    )
    [one] = load_suite(str(first)).cases
    [couple] = read_couples(one, TASK, actors=None)
    assert (couple.case, couple.are_one) == ("one", True)
    assert couple.signs["act"] > 0.5
    [two] = load_suite(str(second)).cases
    assert read_couples(two, TASK, actors=None) == []


def test_an_optional_record_and_another_are_no_couple_as_readers_differ_on_it(
    tmp_path: Path,
) -> None:
    second = "South Korea and Japan also agreed to exchange 20 students"
    folder = write_case(tmp_path, "both", sentences=(AGREED, second))
    path = folder / "gold.json"
    for optional, count in [(False, 1), (True, 0)]:
        gold = json.loads(path.read_text("utf-8"))
        text = (folder / "article.txt").read_text("utf-8")
        other = make_agreement(text, second, action="exchange 20 students", optional=optional)
        gold["records"] = [gold["records"][0], {**other, "id": "r2"}]
        path.write_text(json.dumps(gold), "utf-8")
        couples = read_couples(load_suite(str(folder)).cases[0], TASK, actors=None)
        assert [couple.are_one for couple in couples] == [False] * count


def test_a_sentence_that_points_back_is_proof_and_makes_no_couple(tmp_path: Path) -> None:
    """As in a summary, where it is no record of its own that could be one with another."""
    back = f"{AGREED} by their ministers, who reached the deal in Seoul"
    couples = []
    for name, second in [("on", f"{AGREED} by next year"), ("back", f"{back} by next year")]:
        folder = write_case(
            tmp_path / name, name, sentences=(AGREED, second), make_label=prove_second
        )
        couples.append(read_couples(load_suite(str(folder)).cases[0], TASK, actors=None))
    assert [len(found) for found in couples] == [1, 0]


def prove_second(text: str) -> dict[str, Any]:
    """An agreement of which both sentences are evidence."""
    label, start = make_agreement(text), text.index(AGREED, 1)
    return {**label, "evidence": [*label["evidence"], quote_of(text, start, text.rindex(".") + 1)]}


def prove_both(text: str) -> dict[str, Any]:
    """An agreement of which two sentences are evidence."""
    label, start = make_agreement(text), text.index(f"{AGREED} by")
    end = start + len(f"{AGREED} by next year.")
    return {**label, "evidence": [*label["evidence"], quote_of(text, start, end)]}


def quote_of(text: str, start: int, end: int) -> dict[str, Any]:
    return {"start": start, "end": end, "quote": text[start:end]}


def test_a_probe_has_the_bond_of_its_couples_or_none() -> None:
    with_bond = fit_probe(make_samples(), TASK, INFO, source="x", couples=make_couples()).probe
    assert with_bond.bond == fit_bond(make_couples())
    assert Probe.model_validate_json(write_probe(with_bond)) == with_bond
    assert fit_probe(make_samples(), TASK, INFO, source="x").probe.bond is None


# A choice of who acts


def make_castings(cases: int = 12, *, seed: int = 0) -> list[Casting]:
    """Reports in which whoever is loud acts; how tall somebody is says nothing."""
    chance = random.Random(seed)
    castings = []
    for case in range(cases):
        names = [f"{case}{letter}" for letter in "abc"]
        loud = chance.choice(names)
        candidates = tuple(
            Candidate(
                Party(name=name, code=None, identity=name),
                {"loud": float(name == loud), "tall": chance.random()},
            )
            for name in names
        )
        castings.append(Casting(f"c{case:02d}", candidates, (PartyName((loud,), None),), False))
    return castings


def test_a_choice_learns_who_acts() -> None:
    selection = fit_selection(make_castings(120))
    assert selection is not None
    assert selection.logit.signs["loud"] > 1 > abs(selection.logit.signs["tall"])
    for casting in make_castings(seed=1):
        [party] = casting.choose(selection.logit)
        assert party.name == casting.parties[0].names[0]


def test_what_a_choice_gets_right_is_counted_in_articles_left_out() -> None:
    selection = fit_selection(make_castings())
    assert selection is not None
    assert (selection.meant, selection.chosen, selection.right) == (12, 12, 12)
    deaf = [
        replace(
            casting,
            candidates=tuple(replace(one, signs={"alike": 1.0}) for one in casting.candidates),
        )
        for casting in make_castings(60)
    ]
    guessed = fit_selection(deaf)
    assert guessed is not None
    assert guessed.meant == 60
    assert guessed.right < guessed.chosen


@pytest.mark.parametrize("count", [0, 1, FOLDS - 1])
def test_too_few_articles_make_no_choice(count: int) -> None:
    assert fit_selection(make_castings(count)) is None


def test_where_everybody_acts_there_is_nothing_to_choose() -> None:
    only = [
        replace(one, candidates=tuple(c for c in one.candidates if c.signs["loud"]))
        for one in make_castings()
    ]
    assert fit_selection(only) is None


def test_castings_are_the_labelled_sentences_with_those_who_act_marked(tmp_path: Path) -> None:
    others = "Norway hoped for a thaw"
    folder = write_case(
        tmp_path / "one", "one", sentences=(AGREED, others), make_label=make_agreement
    )
    [case] = load_suite(str(folder)).cases
    [casting] = read_castings(case, TASK)
    acting = [
        one.party.name
        for one, acts in zip(casting.candidates, casting.list_truths(), strict=True)
        if acts
    ]
    assert set(acting) == {party.names[0] for party in casting.parties}
    assert casting.is_joint
    assert casting.list_truths() == [True, True, False], "whoever hoped is a candidate too"


def test_a_sentence_whose_parties_nobody_could_choose_teaches_nothing(tmp_path: Path) -> None:
    def make_strange(text: str) -> dict[str, Any]:
        return {**make_agreement(text), "parties": [{"name": "the moon", "code": None}]}

    folder = write_case(tmp_path / "one", "one", sentences=(AGREED,), make_label=make_strange)
    [case] = load_suite(str(folder)).cases
    assert read_castings(case, TASK) == []


def test_a_probe_has_the_choice_of_its_castings_or_none() -> None:
    selection = fit_selection(make_castings())
    assert selection is not None
    fitted = fit_probe(make_samples(), TASK, INFO, source="x", selection=selection)
    assert fitted.probe.actors == selection.logit
    assert Probe.model_validate_json(write_probe(fitted.probe)) == fitted.probe
    assert [row.f1 for row in fitted.figures if row.name == "actors"] == [1.0]
    bare = fit_probe(make_samples(), TASK, INFO, source="x")
    assert bare.probe.actors is None
    assert "actors" not in {row.name for row in bare.figures}


# From labelled articles to summaries


def embed_words(texts: Sequence[str]) -> list[bytes]:
    """A model that has an ear for verbs of promising and little else."""
    return [
        pack([float("agreed" in text), float("vowed" in text), math.sin(len(text)), 1.0])
        for text in texts
    ]


READER = FakeModel(
    lambda _messages, _form: pytest.fail("asked"),
    lambda _messages, _labels: pytest.fail("asked"),
    embed_words,
    info=INFO,
)


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eighteen labelled articles: agreements, pledges, and some with nothing to find."""
    folder = tmp_path_factory.mktemp("training")
    for number in range(18):
        sentences = [(AGREED, MET), (VOWED, MET), (HOPED, MET)][number % 3]
        make = make_agreement if number % 3 == 0 else make_pledge
        write_case(
            folder,
            f"c{number:02d}",
            sentences=sentences,
            is_empty=number % 3 == 2,
            make_label=make,
        )
    return folder


def gather(suite: Path, model: FakeModel | AbsentModel) -> tuple[list[Sample], int]:
    """The samples of all cases, and how often progress was made."""
    advanced: list[None] = []
    cases = load_suite(str(suite)).cases
    found = asyncio.run(gather_samples(cases, TASK, model, advance=lambda: advanced.append(None)))
    return found, len(advanced)


def test_every_sentence_of_every_case_is_a_sample_with_its_vector_signs_and_label(
    suite: Path,
) -> None:
    samples, advanced = gather(suite, READER)
    assert advanced == 18
    assert len(samples) == 18 * 3  # headline and two sentences each
    assert len({sample.case for sample in samples}) == 18
    reports = [sample for sample in samples if sample.classes[REPORT] == REPORT]
    assert len(reports) == 12
    assert all(sum(struct.unpack_from("<2e", sample.vector)) == 1 for sample in reports)
    assert {sample.signs["actors=2"] for sample in reports if "actors=2" in sample.signs} == {1.0}
    assert all("role=headline" in s.signs or "role=body" in s.signs for s in samples)


def test_who_acts_and_what_is_one_are_read_without_a_model_as_summaries_hold_them(
    suite: Path,
) -> None:
    cases = load_suite(str(suite)).cases
    selection, couples = read_words(cases, TASK)
    expected = fit_selection([casting for case in cases for casting in read_castings(case, TASK)])
    assert selection is not None
    assert selection == expected
    assert couples == [c for k in cases for c in read_couples(k, TASK, actors=selection.logit)]
    assert read_words([], TASK) == (None, [])


def test_a_model_that_tells_no_states_cannot_be_fitted_to(suite: Path) -> None:
    with pytest.raises(ConfigurationError, match="a model that runs here: give --model local"):
        gather(suite, AbsentModel())


def test_a_task_without_a_preface_cannot_be_fitted_to(tmp_path: Path) -> None:
    for folder in ("prompts", "schemas"):
        shutil.copytree(content_root() / folder, tmp_path / folder)
    (tmp_path / "prompts/agreements/embed.md").unlink()
    with pytest.raises(TaskError, match=r"there is no template embed\.md"):
        render_preface(load_task("agreements", home=tmp_path))


def test_a_fitted_probe_in_a_tasks_folder_decides_on_articles(suite: Path, tmp_path: Path) -> None:
    """All of it: labelled articles, a file, a task of one's own with it, a summary."""
    for folder in ("prompts", "schemas"):
        shutil.copytree(content_root() / folder, tmp_path / folder)
    fitted = fit_probe(gather(suite, READER)[0], TASK, INFO, source="training")
    assert [row.f1 for row in fitted.figures if row.name in ("report", "kind")] == [1.0, 1.0]
    path = tmp_path / "prompts/agreements/probe.json"
    path.write_text(write_probe(fitted.probe), "utf-8")
    task = load_task("agreements", home=tmp_path)
    for case in load_suite(str(suite)).cases[:3]:
        asked = summarize_article(case.article, task, READER, strategy="stepwise")
        summary = asyncio.run(asked)
        found = [record.kind for record in summary.records]  # type: ignore[attr-defined]
        assert found == [record.kind for record in case.gold.records]  # type: ignore[attr-defined]


# The command line


def test_a_model_that_does_not_run_here_is_refused_in_one_line(suite: Path) -> None:
    for model in ("some-model", "lexicon"):
        done = run_here("eval", "fit", str(suite), "--model", model)
        assert done.returncode == 2
        assert is_one_line(done.stderr)
        assert "fitted to weights that run here: --model local, or a file" in done.stderr


def test_an_endpoint_is_refused_however_it_is_named(suite: Path, tmp_path: Path) -> None:
    done = run_program(
        "eval",
        "fit",
        str(suite),
        "--model",
        "some-model",
        folder=tmp_path,
        SUMMARIZER_BASE_URL="http://127.0.0.1:9/v1",
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert is_one_line(done.stderr)
    assert "fitted to weights that run here" in done.stderr


def test_without_scikit_learn_the_error_says_how_to_get_it(suite: Path, tmp_path: Path) -> None:
    """Before anything is read."""
    lost = 'raise ModuleNotFoundError("No module named \'sklearn\'", name="sklearn")\n'
    (tmp_path / "sklearn.py").write_text(lost, "utf-8")
    done = run_program("eval", "fit", str(suite), folder=tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    assert is_one_line(done.stderr)
    assert "pip install 'scikit-learn" in done.stderr


def test_a_suite_that_is_not_there_is_one_line(suite: Path) -> None:
    """One of `--further` too, before the model reads anything."""
    for arguments in (["no-such-suite"], [str(suite), "--further", "no-such-suite"]):
        done = run_here("eval", "fit", *arguments)
        assert done.returncode == 2
        assert is_one_line(done.stderr)
        assert "no-such-suite" in done.stderr
