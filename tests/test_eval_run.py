"""`summarizer eval run` and `score` through the command line, against a loopback endpoint."""

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from casework import AGREED, MET, VOWED, make_agreement, make_pledge, write_case, write_cases
from endpoint import Endpoint, Request, refuse
from program import COMMAND, answer_by_rule, environment, is_one_line, run_here

ROOT = Path(__file__).parent.parent
FILES = {"run.json", "predictions.jsonl", "lexicon.jsonl", "scores.jsonl", "summary.json"}
FILES |= {"cost.json", "report.html", "junit.xml", "run.lock"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with six cases in `cases`."""
    monkeypatch.chdir(tmp_path)
    write_cases(tmp_path / "cases")
    return tmp_path


@pytest.fixture
def model(endpoint: Endpoint) -> tuple[str, ...]:
    """The options that name the loopback model."""
    endpoint.answer = answer_by_rule
    return ("--model", "rule", "--base-url", endpoint.url, "--strategy", "whole")


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def value(folder: Path, metric: str) -> float | None:
    found: float | None = read(folder / "summary.json")["metrics"][metric]["value"]
    return found


def failing_for(id: str, answer: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """The rule's answers, but another one for the article of one case."""

    def respond(request: Request) -> Any:
        asked = " ".join(str(message["content"]) for message in request["messages"])
        return answer(request) if f"for the {id} time" in asked else answer_by_rule(request)

    return respond


def test_a_run_leaves_every_file_and_prints_the_figures(
    folder: Path, model: tuple[str, ...]
) -> None:
    done = run_here("eval", "run", "cases", *model, "-o", "out")
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (folder / "out").iterdir()} == FILES
    assert "typed F1" in done.stdout
    assert "6 scored of 6 asked of 6" in done.stdout
    assert value(folder / "out", "typed.f1") == 1
    assert value(folder / "out", "empty.clean") == 1
    assert "c00" in done.stderr
    assert "c00" not in done.stdout


def test_the_folder_is_named_after_what_is_run_unless_one_is_given(
    folder: Path, model: tuple[str, ...]
) -> None:
    run_here("eval", "run", "cases", *model, "--limit", "1")
    [found] = (folder / "runs").iterdir()
    assert found.name.startswith("cases-rule-agreements-")


def test_the_same_command_again_asks_nothing(model: tuple[str, ...], endpoint: Endpoint) -> None:
    first = run_here("eval", "run", "cases", *model, "-o", "out")
    asked = endpoint.calls
    again = run_here("eval", "run", "cases", *model, "-o", "out")
    assert endpoint.calls == asked
    assert again.stdout == first.stdout


def test_another_run_takes_answers_from_the_cache_but_each_epoch_has_its_own(
    folder: Path, model: tuple[str, ...], endpoint: Endpoint
) -> None:
    run_here("eval", "run", "cases", *model, "-o", "one", "--case", "c00")
    run_here("eval", "run", "cases", *model, "-o", "three", "--case", "c00", "--epochs", "3")
    assert endpoint.calls == 3
    seeds = sorted(request["seed"] for request in endpoint.requests)  # two are asked at once
    assert seeds == [7, 8, 9]
    run_here("eval", "run", "cases", *model, "-o", "fresh", "--case", "c00", "--no-cache")
    assert endpoint.calls == 4
    assert read(folder / "three" / "summary.json")["metrics"]["typed.f1"]["n"] == 1


def test_from_the_cache_only_needs_no_endpoint(
    folder: Path, model: tuple[str, ...], endpoint: Endpoint
) -> None:
    run_here("eval", "run", "cases", *model, "-o", "one", "--limit", "2")
    endpoint.answer = lambda request: refuse(500)
    done = run_here("eval", "run", "cases", *model, "-o", "two", "--limit", "2", "--cache-only")
    assert done.returncode == 0, done.stderr
    assert (folder / "one/summary.json").read_bytes() == (folder / "two/summary.json").read_bytes()
    missing = run_here("eval", "run", "cases", *model, "-o", "all", "--cache-only")
    assert missing.returncode == 3
    assert "2 scored of 6 asked of 6" in missing.stdout


def test_from_the_cache_only_needs_no_key_and_no_weights(folder: Path) -> None:
    for name in ("gpt-none", "local"):
        done = run_here("eval", "run", "cases", "--model", name, "-o", name, "--cache-only")
        assert done.returncode == 3
        assert "there is no file of answers" in done.stderr


def test_an_answer_that_does_not_fit_counts_as_nothing_found(
    folder: Path, model: tuple[str, ...], endpoint: Endpoint
) -> None:
    endpoint.answer = failing_for("c00", lambda request: "no JSON")
    done = run_here("eval", "run", "cases", *model, "-o", "out")
    assert done.returncode == 0
    coverage = read(folder / "out" / "summary.json")["coverage"]
    assert (coverage["ok"], coverage["invalid_output"], coverage["infra_error"]) == (5, 1, 0)
    assert value(folder / "out", "typed.recall") == 0.75
    assert value(folder / "out", "articles.valid") == pytest.approx(5 / 6, abs=1e-6)


def test_an_endpoint_that_is_down_leaves_a_gap_that_the_same_command_fills(
    folder: Path, model: tuple[str, ...], endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("summarizer.model.traffic.ATTEMPTS", 1)
    endpoint.answer = failing_for("c03", lambda request: refuse(503))
    done = run_here("eval", "run", "cases", *model, "-o", "out", "--concurrency", "1")
    assert done.returncode == 3
    assert "5 scored of 6 asked of 6" in done.stdout
    assert value(folder / "out", "typed.recall") == 1
    endpoint.answer = answer_by_rule
    asked = endpoint.calls
    assert run_here("eval", "run", "cases", *model, "-o", "out").returncode == 0
    assert endpoint.calls == asked + 1
    assert read(folder / "out" / "summary.json")["coverage"]["scored"] == 6


def test_a_refused_key_ends_the_run_in_one_line_and_keeps_what_there_is(
    folder: Path, model: tuple[str, ...], endpoint: Endpoint
) -> None:
    endpoint.answer = failing_for("c03", lambda request: refuse(401))
    done = run_here("eval", "run", "cases", *model, "-o", "out", "--concurrency", "1")
    assert done.returncode == 3
    assert "3 of 6 answers are kept in out" in done.stderr
    assert "Traceback" not in done.stderr
    assert len((folder / "out" / "predictions.jsonl").read_text("utf-8").splitlines()) == 3


@pytest.mark.usefixtures("_interruptible")
@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGINT])
def test_a_run_killed_at_any_moment_and_run_again_has_the_same_summary(
    folder: Path, endpoint: Endpoint, blow: signal.Signals
) -> None:
    def slowly(request: Request) -> str:
        time.sleep(0.05)
        return answer_by_rule(request)

    endpoint.answer = slowly
    write_cases(folder / "more", 20)
    model = ("--model", "rule", "--base-url", endpoint.url, "--strategy", "whole")
    command = [*COMMAND, "eval", "run", "more", *model, "--epochs", "2", "--concurrency", "2"]
    whole = subprocess.run(
        [*command, "-o", "whole", "--no-cache"], env=environment(), check=True, capture_output=True
    )
    assert whole.returncode == 0
    process = subprocess.Popen(
        [*command, "-o", "cut"], env=environment(), stderr=subprocess.PIPE, text=True
    )
    predictions = folder / "cut" / "predictions.jsonl"
    goal = random.Random(blow).randrange(3, 30)
    while not predictions.is_file() or predictions.read_bytes().count(b"\n") < goal:
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(blow)
    said = process.communicate(timeout=60)[1]
    assert process.returncode in (-signal.SIGKILL, 130), said
    assert not (folder / "cut" / "summary.json").exists()
    subprocess.run([*command, "-o", "cut"], env=environment(), check=True, capture_output=True)
    for name in ("summary.json", "scores.jsonl"):
        assert (folder / "cut" / name).read_bytes() == (folder / "whole" / name).read_bytes()


def test_a_line_that_was_cut_off_is_asked_again(folder: Path, model: tuple[str, ...]) -> None:
    run_here("eval", "run", "cases", *model, "-o", "out")
    before = (folder / "out" / "summary.json").read_bytes()
    predictions = folder / "out" / "predictions.jsonl"
    predictions.write_bytes(predictions.read_bytes()[:-40])
    assert run_here("eval", "run", "cases", *model, "-o", "out").returncode == 0
    assert (folder / "out" / "summary.json").read_bytes() == before


def test_a_folder_of_another_run_or_of_something_else_is_left_alone(
    folder: Path, model: tuple[str, ...]
) -> None:
    run_here("eval", "run", "cases", *model, "-o", "out", "--limit", "1")
    other = run_here("eval", "run", "cases", *model, "-o", "out", "--limit", "2")
    assert other.returncode == 2
    assert "give -o another folder" in other.stderr
    (folder / "mine").mkdir()
    (folder / "mine" / "thesis.txt").write_text("words", "utf-8")
    assert run_here("eval", "run", "cases", *model, "-o", "mine").returncode == 2


@pytest.mark.parametrize(
    ("options", "cases"),
    [
        (("--limit", "2"), {"c00", "c01"}),
        (("--case", "c0[13]"), {"c01", "c03"}),
        (("--tag", "quiet"), {"c02", "c05"}),
        (("--tag", "empty"), {"c02", "c05"}),
        (("--tag", "quiet", "--case", "c05"), {"c05"}),
    ],
)
def test_part_of_a_suite_can_be_run(
    folder: Path, model: tuple[str, ...], options: tuple[str, ...], cases: set[str]
) -> None:
    run_here("eval", "run", "cases", *model, "-o", "out", *options)
    assert set(read(folder / "out" / "run.json")["cases"]) == cases


def test_a_sample_is_the_same_for_the_same_seed(folder: Path, model: tuple[str, ...]) -> None:
    for name, seed in (("one", "1"), ("two", "1"), ("three", "2")):
        run_here("eval", "run", "cases", *model, "-o", name, "--sample", "3", "--seed", seed)
    one, two, three = (
        read(folder / name / "run.json")["cases"] for name in ("one", "two", "three")
    )
    assert one == two
    assert len(one) == 3
    assert one != three


@pytest.mark.parametrize(
    "options",
    [
        ("nosuch",),
        ("cases", "--case", "c99"),
        ("cases", "--tag", "loud"),
        ("cases", "--tag", "quiet", "--case", "c00"),
        ("cases", "--cache-only", "--no-cache"),
        ("cases", "--prompt", "nosuch"),
        ("cases", "--limit", "0"),
    ],
)
def test_what_selects_nothing_is_a_wrong_call_and_asks_nothing(
    options: tuple[str, ...], model: tuple[str, ...], endpoint: Endpoint
) -> None:
    done = run_here("eval", "run", *options, *model)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert endpoint.calls == 0


def test_several_models_are_several_runs(folder: Path, model: tuple[str, ...]) -> None:
    done = run_here("eval", "run", "cases", *model, "--model", "other", "--limit", "2")
    assert done.returncode == 0
    assert len(list((folder / "runs").iterdir())) == 2
    assert "cases · rule · agreements" in done.stdout
    assert "cases · other · agreements" in done.stdout


def test_the_lexicon_answers_without_a_model_and_stands_beside_every_model(
    folder: Path, model: tuple[str, ...]
) -> None:
    done = run_here("eval", "run", "cases", "--model", "lexicon", "-o", "alone")
    assert done.returncode == 0, done.stderr
    run_here("eval", "run", "cases", *model, "-o", "model")
    alone, beside = (read(folder / name / "summary.json") for name in ("alone", "model"))
    assert alone["metrics"]["typed.f1"] == beside["baseline"]["typed.f1"]
    assert alone["metrics"]["typed.f1"]["value"] is not None


def test_a_stored_run_is_scored_again_with_the_labels_of_today(
    folder: Path, model: tuple[str, ...], endpoint: Endpoint
) -> None:
    run_here("eval", "run", "cases", *model, "-o", "out")
    asked = endpoint.calls
    gold = folder / "cases" / "c00" / "gold.json"
    labels = read(gold)
    labels["records"][0]["kind"] = "pledge"
    labels["records"][0]["counterparts"] = []
    gold.write_text(json.dumps(labels), "utf-8")
    done = run_here("eval", "score", "out")
    assert done.returncode == 0, done.stderr
    assert endpoint.calls == asked
    assert value(folder / "out", "typed.f1") == 0.75
    assert value(folder / "out", "found.f1") == 1


def test_labels_that_are_not_true_to_the_text_are_refused_before_anything_is_asked(
    folder: Path, model: tuple[str, ...], endpoint: Endpoint
) -> None:
    gold = folder / "cases" / "c00" / "gold.json"
    labels = read(gold)
    labels["records"][0]["evidence"][0]["start"] += 3
    gold.write_text(json.dumps(labels), "utf-8")
    shifted = run_here("eval", "run", "cases", *model)
    labels["records"] = [make_agreement((gold.parent / "article.txt").read_text("utf-8"))] * 2
    gold.write_text(json.dumps(labels), "utf-8")
    twins = run_here("eval", "run", "cases", *model)
    for done in (shifted, twins):
        assert done.returncode == 3
        assert is_one_line(done.stderr)
        assert "summarizer eval validate" in done.stderr
    assert endpoint.calls == 0


def test_another_day_of_publication_is_another_run(folder: Path, model: tuple[str, ...]) -> None:
    """It shapes every time that is read from the article."""
    run_here("eval", "run", "cases", *model, "-o", "out", "--limit", "1")
    gold = folder / "cases" / "c00" / "gold.json"
    gold.write_text(gold.read_text("utf-8").replace("2026-03-10", "2025-03-10"), "utf-8")
    done = run_here("eval", "run", "cases", *model, "-o", "out", "--limit", "1")
    assert done.returncode == 2
    assert is_one_line(done.stderr)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"records":', '"recordings":'),
        ('"start":', '"begin":'),
        ('"kind":"agreement"', '"kind":"treaty"'),
        ('"timeframe":null', '"timeframe":{"text":"soon","start":"tomorrow","end":null}'),
    ],
)
def test_a_stored_answer_that_is_no_summary_is_told_by_its_case(
    folder: Path, model: tuple[str, ...], old: str, new: str
) -> None:
    run_here("eval", "run", "cases", *model, "-o", "out", "--limit", "1")
    predictions = folder / "out" / "predictions.jsonl"
    assert old in predictions.read_text("utf-8")
    predictions.write_text(predictions.read_text("utf-8").replace(old, new), "utf-8")
    done = run_here("eval", "score", "out")
    assert done.returncode == 3
    assert is_one_line(done.stderr)
    assert "predictions.jsonl: c00: summary." in done.stderr


@pytest.mark.parametrize(
    ("old", "new"), [('"records":', '"recordings":'), ('"start":', '"begin":')]
)
@pytest.mark.parametrize(
    "command",
    [
        ("report", "out"),
        ("adjudicate", "out"),
        ("compare", "good", "out"),
        ("gate", "out", "--min", "0"),
        ("baseline", "set", "out", "main"),
    ],
    ids=lambda command: command[0],
)
def test_every_command_tells_a_damaged_answer_in_one_line(
    folder: Path, model: tuple[str, ...], command: tuple[str, ...], old: str, new: str
) -> None:
    """What is scored may be damaged afterwards."""
    run_here("eval", "run", "cases", *model, "-o", "good", "--limit", "1")
    shutil.copytree(folder / "good", folder / "out")
    predictions = folder / "out" / "predictions.jsonl"
    predictions.write_text(predictions.read_text("utf-8").replace(old, new), "utf-8")
    done = run_here("eval", *command)
    assert done.returncode == 3
    assert is_one_line(done.stderr)
    assert "predictions.jsonl: c00: summary." in done.stderr


def test_answers_that_were_never_asked_for_are_not_scored(
    folder: Path, model: tuple[str, ...]
) -> None:
    run_here("eval", "run", "cases", *model, "-o", "out", "--limit", "1")
    predictions = folder / "out" / "predictions.jsonl"
    line = predictions.read_text("utf-8")
    predictions.write_text(line.replace('"epoch":1', '"epoch":7'), "utf-8")
    assert run_here("eval", "score", "out").returncode == 3
    assert read(folder / "out" / "summary.json")["coverage"]["attempted"] == 0


def test_two_programs_at_one_run_ask_everything_once(folder: Path, endpoint: Endpoint) -> None:
    def slowly(request: Request) -> str:
        time.sleep(0.1)
        return answer_by_rule(request)

    endpoint.answer = slowly
    model = ("--model", "rule", "--base-url", endpoint.url, "--no-cache")
    command = [*COMMAND, "eval", "run", "cases", *model, "-o", "out"]
    both = [
        subprocess.Popen(command, env=environment(), stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=100)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert endpoint.calls == 6
    assert any("in use: waiting" in one for one in said)


@pytest.mark.parametrize("pattern", ["/nowhere/*", "../c**", ""])
def test_a_suite_with_an_impossible_pattern_is_one_line(
    folder: Path, model: tuple[str, ...], pattern: str
) -> None:
    (folder / "odd.yaml").write_text(f"title: Odd\ncases: ['{pattern}']\n", "utf-8")
    done = run_here("eval", "run", "odd.yaml", *model)
    assert done.returncode == 3
    assert is_one_line(done.stderr)


def test_a_missing_scipy_is_told_before_anything_is_asked(
    folder: Path, model: tuple[str, ...], endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "scipy", None)
    monkeypatch.delitem(sys.modules, "scipy.optimize", raising=False)
    done = run_here("eval", "run", "cases", *model)
    assert done.returncode == 3
    assert is_one_line(done.stderr)
    assert "scipy" in done.stderr
    assert endpoint.calls == 0


def test_a_changed_article_must_be_run_again(folder: Path, model: tuple[str, ...]) -> None:
    run_here("eval", "run", "cases", *model, "-o", "out")
    article = folder / "cases" / "c02" / "article.txt"
    article.write_text(article.read_text("utf-8").replace("Monday", "Friday"), "utf-8")
    changed = run_here("eval", "score", "out")
    assert changed.returncode == 3
    assert is_one_line(changed.stderr)
    assert "labels another text" in changed.stderr


def test_a_wrong_label_is_told_by_its_file_and_place(folder: Path, model: tuple[str, ...]) -> None:
    gold = folder / "cases" / "c00" / "gold.json"
    gold.write_text(gold.read_text("utf-8").replace('"new"', '"brand new"'), "utf-8")
    done = run_here("eval", "run", "cases", *model)
    assert done.returncode == 3
    assert is_one_line(done.stderr)
    assert "c00/gold.json: records.0.agreement.status" in done.stderr


def test_prices_of_ones_own_give_the_price(folder: Path, model: tuple[str, ...]) -> None:
    (folder / "prices.yaml").write_text("models: {rule: {input: 1, output: 10}}\n", "utf-8")
    done = run_here("eval", "run", "cases", *model, "-o", "out", "--prices", "prices.yaml")
    cost = read(folder / "out" / "cost.json")
    usage = cost["usage"]
    spent = (usage["prompt_tokens"] + 10 * usage["completion_tokens"]) / 1_000_000
    assert float(cost["dollars"]) == pytest.approx(spent)
    assert "US dollars" in done.stdout


def test_a_suite_file_names_its_cases_and_its_task(folder: Path, model: tuple[str, ...]) -> None:
    (folder / "mine.yaml").write_text("title: Mine\ncases: [cases/*]\ntags: [quiet]\n", "utf-8")
    run_here("eval", "run", "mine.yaml", *model, "-o", "out")
    assert read(folder / "out" / "run.json")["cases"] == ["c02", "c05"]
    (folder / "odd.yaml").write_text("title: Odd\ncase: [cases/*]\n", "utf-8")
    odd = run_here("eval", "run", "odd.yaml", *model)
    assert odd.returncode == 3
    assert is_one_line(odd.stderr)


def test_two_cases_of_one_name_are_refused(folder: Path, model: tuple[str, ...]) -> None:
    write_case(folder / "cases" / "more", "c00")
    done = run_here("eval", "run", "cases", *model)
    assert done.returncode == 3
    assert "two cases are called 'c00'" in done.stderr


def test_labels_made_in_the_test_are_true(folder: Path) -> None:
    """The fixture itself: else every figure above would be of nothing."""
    labels = read(folder / "cases" / "c00" / "gold.json")
    text = (folder / "cases" / "c00" / "article.txt").read_text("utf-8")
    assert labels["records"] == [make_agreement(text)]
    for proof in labels["records"][0]["evidence"]:
        assert text[proof["start"] : proof["end"]] == proof["quote"]


MISTAKEN = "Pledges are agreements: call every record an agreement."


def believe_the_prompt(request: Request) -> str:
    """Answers the one sentence that reports something, with the kind that the prompt asks for."""
    asked = request["messages"]
    is_mistaken = any(MISTAKEN in message["content"] for message in asked)
    is_agreement = AGREED in asked[-1]["content"]
    action = "deepen their cooperation on trade" if is_agreement else "send an envoy to Japan"
    record = {"evidence": [2], "parties": ["South Korea"], "action": action}
    record |= {"status": "new", "strength": "firm", "topic": "diplomacy", "condition": None}
    record |= {"timeframe": None, "occasion": None, "attributed_to": None}
    if is_mistaken or is_agreement:
        record |= {"kind": "agreement", "parties": ["South Korea", "Japan"]}
    else:
        record |= {"kind": "pledge", "counterparts": ["Japan"]}
    return json.dumps({"gist": "Ministers meet.", "records": [record]})


def copy_prompts(home: Path) -> Path:
    """A home with a copy of the program's own prompts and schemas; its prompt of one call."""
    shutil.copytree(ROOT / "prompts", home / "prompts")
    shutil.copytree(ROOT / "schemas", home / "schemas")
    return home / "prompts" / "agreements" / "whole.md"


def test_a_prompt_that_says_pledges_are_agreements_fails_the_gate_and_an_unchanged_one_passes(
    folder: Path, model: tuple[str, ...], endpoint: Endpoint
) -> None:
    """What the harness is for, by the words of its guide."""
    for number in range(20):
        is_pledge = number % 2 == 0
        write_case(
            folder / "twenty",
            f"t{number:02d}",
            sentences=(VOWED if is_pledge else AGREED, MET),
            make_label=make_pledge if is_pledge else make_agreement,
        )
    endpoint.answer = believe_the_prompt
    copy_prompts(folder / "same")
    whole = copy_prompts(folder / "planted")
    whole.write_text(f"{whole.read_text('utf-8')}\n{MISTAKEN}\n", "utf-8")
    for name, options in (
        ("before", ()),
        ("unchanged", ("--home", "same")),
        ("after", ("--home", "planted")),
    ):
        done = run_here("eval", "run", "twenty", *model, "-o", name, *options)
        assert done.returncode == 0, done.stderr
    assert value(folder / "before", "typed.f1") == 1
    unchanged = run_here("eval", "gate", "unchanged", "--baseline", "before")
    assert (unchanged.returncode, "PASS" in unchanged.stdout) == (0, True), unchanged.stderr
    planted = run_here("eval", "gate", "after", "--baseline", "before")
    assert (planted.returncode, "FAIL" in planted.stdout) == (5, True), planted.stderr
    compared = run_here("eval", "compare", "before", "after")
    assert "worse" in compared.stdout
    assert "t00" in compared.stdout
