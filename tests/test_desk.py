"""The desk over HTTP: who gets in, what is kept, what is refused, and what is written."""

import json
import os
import re
import signal
import subprocess
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import labelling
import pytest
from desking import Desk, open_desk
from program import COMMAND, environment, run_here
from test_own_task import SCHEMA, TASK, WHOLE

from summarizer.desk.casebook import check_annotator, clean_text, open_casebook
from summarizer.desk.form import describe_form
from summarizer.desk.proposal import Proposer
from summarizer.desk.server import take_port
from summarizer.errors import ConfigurationError, UsageError
from summarizer.evaluation.labels.validation import validate_suite
from summarizer.settings import Settings
from summarizer.task import load_task

ARTICLE = labelling.TEXT


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Ann's desk with one article that nobody has labelled."""
    file = tmp_path / "fish.txt"
    file.write_text(ARTICLE, "utf-8")
    with open_desk(tmp_path / "cases", file) as opened:
        yield opened


@pytest.fixture
def twice_read(tmp_path: Path) -> Path:
    """A case that ann and ben have labelled otherwise."""
    folder = tmp_path / "cases" / "fish"
    folder.mkdir(parents=True)
    (folder / "article.txt").write_text(ARTICLE, "utf-8")
    labelling.write_reading(folder, "ann", labelling.label(), labelling.pledge())
    labelling.write_reading(folder, "ben", labelling.label(strength="binding", optional=True))
    return folder


def read_gold(cases: Path) -> Any:
    return labelling.read_json(cases / "fish" / "gold.json")


# Who gets in ------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "x", "%C3%A9", "api"])
def test_nothing_is_told_without_the_token(desk: Desk, token: str) -> None:
    for path in ("", "api/desk", "desk.js"):
        reply = desk.send("GET", path, token=token)
        assert (reply.status, "fish" in reply.text) == (404, False)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "[::1]:80"])
def test_another_host_name_is_refused(desk: Desk, host: str) -> None:
    """A name that somebody's DNS points to this machine would else make their page its own."""
    assert desk.send("GET", "api/desk", headers={"Host": host}).status == 421
    local = {"Host": f"localhost:{desk.door.port}"}
    assert desk.send("GET", "api/desk", headers=local).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_only_the_desks_own_page_can_change_something(desk: Desk, headers: dict[str, str]) -> None:
    body = {"revision": 0, "labels": {}}
    assert desk.send("PUT", "api/draft?case=fish", body, headers=headers).status == 403
    assert not (desk.cases / "fish" / "drafts").exists()


def test_the_page_may_load_and_ask_nothing_from_elsewhere(desk: Desk) -> None:
    for path in ("", "desk.css", "desk.js", "api/desk"):
        headers = desk.send("GET", path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert "set-cookie" not in headers
    page = desk.send("GET", "").text
    assert not re.search(r"https?://|style=|\son\w+=", page)


def test_the_desk_listens_on_loopback_only(desk: Desk) -> None:
    assert desk.door.socket.getsockname()[0] == "127.0.0.1"
    assert len(desk.door.token) >= 32


@pytest.mark.parametrize(
    "name",
    ["../secret", "..", "/etc", "fish/../../secret", "fish/drafts", "%2e%2e", "fish\x00", ""],
)
def test_no_name_of_a_case_leads_out_of_the_folder(desk: Desk, name: str) -> None:
    secret = desk.cases.parent / "secret"
    secret.mkdir()
    (secret / "article.txt").write_text("Nobody may read this.", "utf-8")
    from urllib.parse import urlencode

    reply = desk.send("GET", f"api/case?{urlencode({'case': name})}")
    assert (reply.status, "Nobody" in reply.text) == (404, False)
    for path in ("../secret/article.txt", "%2e%2e/secret/article.txt", "desk.py", "../routes.py"):
        assert desk.send("GET", path).status == 404


def test_a_link_out_of_the_folder_is_no_case(tmp_path: Path) -> None:
    outside = labelling.write_case(tmp_path / "outside", labelling.label())
    cases = tmp_path / "cases"
    labelling.write_case(cases / "fish", labelling.label())
    (cases / "linked").symlink_to(outside)
    (cases / "half").mkdir()
    (cases / "half" / "article.txt").write_text(ARTICLE, "utf-8")
    (cases / "half" / "annotations").symlink_to(outside)
    casebook = open_casebook(cases, load_task("agreements"))
    assert [place.id for place in casebook.list_places()] == ["fish"]


@pytest.mark.parametrize("raw", [b"{", b"[]", b"[" * 100_000, b"\xff", b'{"labels": {}}'])
def test_a_request_that_is_not_the_pages_is_refused_in_words(desk: Desk, raw: bytes) -> None:
    reply = desk.send("PUT", "api/draft?case=fish", raw=raw)
    assert reply.status in (404, 422)
    assert reply.data["error"]
    assert "Traceback" not in reply.text


def test_more_than_any_labels_in_one_request_is_refused(desk: Desk) -> None:
    assert desk.send("PUT", "api/draft?case=fish", raw=b" " * 4_000_001).status == 413


# What is kept -----------------------------------------------------------------------------------


def test_a_draft_is_on_the_disk_before_it_is_answered_and_found_again(desk: Desk) -> None:
    told = desk.get("case", case="fish")
    labels = {**told["labels"], "records": [{"id": "r1", "half": "a rec"}], "notes": "later"}
    assert desk.keep("fish", labels, told["revision"]).data == {"revision": 1}
    kept = labelling.read_json(desk.cases / "fish" / "drafts" / "ann.draft.json")
    assert (kept["revision"], kept["labels"]["notes"]) == (1, "later")
    assert desk.get("case", case="fish")["labels"]["records"] == [{"id": "r1", "half": "a rec"}]
    assert [path.name for path in (desk.cases / "fish" / "drafts").iterdir()] == ["ann.draft.json"]


def test_a_second_tab_cannot_undo_what_the_first_one_kept(desk: Desk) -> None:
    told = desk.get("case", case="fish")
    first, second = ({**told["labels"], "notes": words} for words in ("first", "second"))
    assert desk.keep("fish", first, 0).status == 200
    lost = desk.keep("fish", second, 0)
    assert (lost.status, lost.data["revision"], lost.data["labels"]["notes"]) == (409, 1, "first")
    assert desk.get("case", case="fish")["labels"]["notes"] == "first"
    assert desk.save("fish", 0).status == 409
    assert desk.keep("fish", second, 1).data == {"revision": 2}


def test_a_tab_left_open_over_a_save_is_still_asked(desk: Desk) -> None:
    """Revisions go on after saving, so an old one is never taken for a new one."""
    old = desk.get("case", case="fish")
    assert desk.label("fish", records=[labelling.label()]).status == 200
    assert desk.keep("fish", old["labels"], old["revision"]).status == 409


def test_a_draft_that_cannot_be_written_leaves_the_old_one_whole(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = desk.get("case", case="fish")
    assert desk.keep("fish", {**told["labels"], "notes": "whole"}, 0).status == 200

    def break_off(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", break_off)
        reply = desk.keep("fish", {**told["labels"], "notes": "lost"}, 1)
    assert (reply.status, "No space left" in reply.data["error"]) == (500, True)
    assert desk.get("case", case="fish")["labels"]["notes"] == "whole"


def test_a_damaged_draft_is_said_in_one_line(desk: Desk) -> None:
    path = desk.cases / "fish" / "drafts" / "ann.draft.json"
    path.parent.mkdir()
    path.write_text("{", "utf-8")
    reply = desk.send("GET", "api/case?case=fish")
    assert (reply.status, "ann.draft.json" in reply.data["error"]) == (500, True)
    assert desk.get("desk")["cases"][0]["is_unsaved"]


# What is saved ----------------------------------------------------------------------------------


def test_labels_become_a_fixture_that_validation_accepts(desk: Desk) -> None:
    saved = desk.label(
        "fish",
        records=[labelling.label(), labelling.pledge()],
        negatives=[labelling.negative()],
    )
    assert saved.data["files"] == ["annotations/ann.json", "gold.json"]
    found = validate_suite(str(desk.cases))
    assert [str(one) for one in found.problems] == []
    gold = read_gold(desk.cases)
    assert [record["id"] for record in gold["records"]] == ["r1", "r2"]
    assert gold["source"]["title"] == "Norway and Iceland agree on fish"
    assert "pre_annotated_by_model" not in gold
    assert run_here("eval", "validate", str(desk.cases)).returncode == 0


def test_an_article_that_reports_nothing_is_a_fixture_too(desk: Desk) -> None:
    assert desk.label("fish", negatives=[labelling.negative()]).status == 200
    assert validate_suite(str(desk.cases)).is_valid
    assert read_gold(desk.cases)["records"] == []


def test_blanks_become_null_and_fields_of_other_kinds_are_dropped(desk: Desk) -> None:
    record = labelling.label(
        condition="  ",
        counterparts=[labelling.NORWAY],
        parties=[labelling.NORWAY, labelling.ICELAND, {"name": " ", "code": ""}],
        timeframe={"text": "", "start": "", "end": None},
        accept={"topic": []},
    )
    assert desk.label("fish", records=[record]).status == 200
    [saved] = read_gold(desk.cases)["records"]
    assert saved["condition"] is saved["timeframe"] is None
    assert "counterparts" not in saved
    assert len(saved["parties"]) == 2
    assert saved["accept"] == {}


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"evidence": []}, "r1.evidence", "at least 1 item"),
        ({"parties": [labelling.NORWAY]}, "r1", "an agreement needs two parties"),
        ({"parties": [labelling.NORWAY, {"name": "Iceland", "code": "XX"}]}, "r1.parties", "ISO"),
        ({"parties": [{"name": "Peru", "code": "PE"}] * 2}, "r1.parties", "does not stand in"),
        ({"strength": None}, "r1.strength", "Input should be"),
        ({"action": "word " * 21}, "r1.action", "at most 20"),
        ({"condition": "if it rains"}, "r1.condition", "does not stand in the article"),
        (
            {"timeframe": {"text": "by June 2031", "start": "x", "end": None}},
            "r1.timeframe",
            "date",
        ),
        ({"kind": "wish"}, "r1.kind", "none of agreement, pledge"),
        ({"parties": 7, "evidence": "all", "accept": 3}, "r1", ""),
    ],
)
def test_what_is_wrong_is_said_at_its_place_and_nothing_is_written(
    desk: Desk, changes: dict[str, Any], place: str, words: str
) -> None:
    reply = desk.label("fish", records=[labelling.label(**changes)])
    assert reply.status == 422
    told = [(one["place"], one["message"]) for one in reply.data["problems"]]
    assert any(where.startswith(place) and words in message for where, message in told), told
    assert not (desk.cases / "fish" / "gold.json").exists()
    assert not (desk.cases / "fish" / "annotations").exists()


def test_a_negative_without_a_reason_or_over_evidence_is_refused(desk: Desk) -> None:
    reply = desk.label("fish", negatives=[labelling.negative(why=" ")])
    assert (reply.status, reply.data["problems"][0]["place"]) == (422, "negatives[1].why")
    over = labelling.negative(**labelling.quote("agreed on Monday"))
    reply = desk.label("fish", records=[labelling.label()], negatives=[over])
    assert "is evidence of r1 as well" in reply.data["problems"][0]["message"]


def test_what_the_page_does_not_edit_stays_in_the_fixture(tmp_path: Path) -> None:
    cases = tmp_path / "cases"
    labelling.write_case(cases / "fish", labelling.label(), tags=["dev"], cluster="north")
    with open_desk(cases, annotator="gold") as desk:
        told = desk.get("case", case="fish")
        record = {**told["labels"]["records"][0], "strength": "binding"}
        assert desk.label("fish", records=[record]).data["files"] == ["gold.json"]
    gold = read_gold(cases)
    assert (gold["tags"], gold["cluster"], gold["$schema"]) == (
        ["dev"], "north", "../../schema/gold.json",
    )  # fmt: skip
    assert gold["records"][0]["strength"] == "binding"
    assert validate_suite(str(cases)).is_valid


def test_a_fixture_of_others_is_replaced_only_after_a_question(tmp_path: Path) -> None:
    cases = tmp_path / "cases"
    labelling.write_case(cases / "fish", labelling.label())
    before = read_gold(cases)
    with open_desk(cases) as desk:
        assert desk.get("case", case="fish")["can_start_from_gold"]
        assert desk.get("gold", case="fish")["records"] == before["records"]
        asked = desk.label("fish", records=[labelling.pledge("r1")])
        assert (asked.status, asked.data["status"]) == (409, "question")
        assert read_gold(cases) == before
        revision = desk.get("case", case="fish")["revision"]
        assert desk.save("fish", revision, "keep").data["files"] == ["annotations/ann.json"]
        assert read_gold(cases) == before
        assert desk.save("fish", revision, "replace").status == 200
    assert read_gold(cases)["records"][0]["kind"] == "pledge"


def test_own_labels_are_saved_again_without_a_question(desk: Desk) -> None:
    assert desk.label("fish", records=[labelling.label()]).status == 200
    told = desk.get("case", case="fish")
    assert not told["is_unsaved"]
    [record] = told["labels"]["records"]
    assert desk.label("fish", records=[{**record, "optional": True}]).status == 200
    assert read_gold(desk.cases)["records"][0]["optional"] is True


def test_a_file_mended_by_hand_is_what_the_desk_shows_next(desk: Desk) -> None:
    assert desk.label("fish", records=[labelling.label()]).status == 200
    path = desk.cases / "fish" / "annotations" / "ann.json"
    labelling.write_json(path, {**labelling.read_json(path), "records": []})
    assert desk.get("case", case="fish")["labels"]["records"] == []


# Models -----------------------------------------------------------------------------------------


def test_that_a_proposal_was_seen_is_recorded_and_never_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "fish.txt"
    file.write_text(ARTICLE, "utf-8")
    proposer = Proposer(Settings(model="lexicon", store=tmp_path / "store"))
    with open_desk(tmp_path / "cases", file, proposer=proposer) as desk:
        assert desk.get("desk")["model"] == "lexicon"
        reply = desk.send("POST", "api/proposal?case=fish", {})
        draft = labelling.read_json(desk.cases / "fish" / "drafts" / "ann.draft.json")
        assert draft["pre_annotated_by_model"] == "lexicon"
        assert reply.data["records"][0]["parties"][0] == {"name": "Norway", "code": "NO"}
        assert desk.label("fish", records=reply.data["records"]).status == 200
        assert desk.label("fish", records=[]).status == 200
    assert read_gold(desk.cases)["pre_annotated_by_model"] == "lexicon"
    reading = labelling.read_json(desk.cases / "fish" / "annotations" / "ann.json")
    assert reading["pre_annotated_by_model"] == "lexicon"
    assert validate_suite(str(desk.cases)).is_valid


def test_a_model_that_cannot_answer_is_one_line_and_is_not_recorded(tmp_path: Path) -> None:
    file = tmp_path / "fish.txt"
    file.write_text(ARTICLE, "utf-8")
    nowhere = Settings(model="m", base_url="http://127.0.0.1:9/v1", store=tmp_path / "store")
    with open_desk(tmp_path / "cases", file, proposer=Proposer(nowhere)) as desk:
        reply = desk.send("POST", "api/proposal?case=fish", {})
        assert (reply.status, len(reply.data["error"].splitlines())) == (500, 1)
        assert desk.get("case", case="fish")["pre_annotated_by_model"] is None


def test_without_a_model_there_is_no_proposal(desk: Desk) -> None:
    reply = desk.send("POST", "api/proposal?case=fish", {})
    assert (reply.status, "--model" in reply.data["error"]) == (404, True)


# Several annotators -----------------------------------------------------------------------------


def test_the_second_annotator_sees_nothing_of_the_first_and_leaves_the_fixture_alone(
    tmp_path: Path,
) -> None:
    file = tmp_path / "fish.txt"
    file.write_text(ARTICLE, "utf-8")
    cases = tmp_path / "cases"
    with open_desk(cases, file) as ann:
        assert ann.label("fish", records=[labelling.label()]).status == 200
    before = read_gold(cases)
    with open_desk(cases, annotator="ben") as ben:
        told = ben.get("case", case="fish")
        assert (told["labels"]["records"], told["can_start_from_gold"]) == ([], False)
        assert "share all data" not in json.dumps(told["labels"])
        assert ben.send("GET", "api/gold?case=fish").status == 404
        saved = ben.label("fish", records=[labelling.label(strength="binding")])
        assert saved.data["files"] == ["annotations/ben.json"]
    assert read_gold(cases) == before


def test_differences_are_records_fields_and_negatives(twice_read: Path) -> None:
    path = twice_read / "annotations" / "ben.json"
    data = labelling.read_json(path)
    labelling.write_json(path, {**data, "negatives": [labelling.negative()]})
    with open_desk(twice_read.parent, annotator="eve") as desk:
        told = desk.get("compare", case="fish", first="ann", second="ben")
    at = labelling.quote("Observers hope")
    assert told["same"] == 1
    assert [(one["key"], one["choices"]) for one in told["differences"]] == [
        ("r1|r1 strength", ["first", "second", "accept both"]),
        ("r1|r1 optional", ["first", "second"]),
        ("r2|-", ["keep", "optional", "drop"]),
        (f"{at['start']}-{at['end']}", ["keep", "drop"]),
    ]
    assert told["differences"][0]["values"] == ["firm", "binding"]


def decide(desk: Desk, **choices: str) -> None:
    told = desk.get("case", case="fish")
    made = {key: {"choice": choice, "rationale": f"{choice}!"} for key, choice in choices.items()}
    labels = {**told["labels"], "decisions": {"ann|ben": made}}
    assert desk.keep("fish", labels, told["revision"]).status == 200


def settle(desk: Desk, **body: str) -> Any:
    return desk.send("POST", "api/settle?case=fish&first=ann&second=ben", body)


def test_what_is_settled_becomes_the_fixture_and_is_recorded(twice_read: Path) -> None:
    with open_desk(twice_read.parent, annotator="eve") as desk:
        decide(desk, **{"r1|r1 strength": "accept both", "r1|r1 optional": "first"})
        reply = settle(desk)
        assert (reply.status, reply.data["message"]) == (422, "1 of 3 are undecided.")
        decide(
            desk,
            **{"r1|r1 strength": "accept both", "r1|r1 optional": "first", "r2|-": "optional"},
        )
        assert settle(desk).data["files"] == ["gold.json", "adjudication.json"]
        decide(desk, **{"r1|r1 strength": "second", "r1|r1 optional": "first", "r2|-": "drop"})
        assert settle(desk).status == 409
        assert settle(desk, gold="replace").status == 200
    [record] = read_gold(twice_read.parent)["records"]
    assert (record["strength"], record["optional"]) == ("binding", False)
    rulings = labelling.read_json(twice_read / "adjudication.json")
    assert [(one["item"], one["field"], one["decision"]) for one in rulings] == [
        ("r1|r1", "strength", "accept both"),
        ("r1|r1", "optional", "ann"),
        ("r2|-", None, "optional"),
        ("r1|r1", "strength", "ben"),
        ("r2|-", None, "drop"),
    ]
    assert (rulings[0]["by"], rulings[0]["rationale"]) == ("eve", "accept both!")
    assert [option["by"] for option in rulings[0]["options"]] == ["ann", "ben"]
    assert validate_suite(str(twice_read.parent)).is_valid


def test_both_together_unites_parties_and_evidence(twice_read: Path) -> None:
    head = labelling.quote("agree on fish")
    both = [head, *labelling.label()["evidence"]]
    labelling.write_reading(twice_read, "ann", labelling.label(evidence=both))
    denmark = [labelling.NORWAY, labelling.ICELAND, {"name": "Denmark", "code": "DK"}]
    labelling.write_reading(twice_read, "ben", labelling.label(parties=denmark))
    with open_desk(twice_read.parent, annotator="eve") as desk:
        decide(desk, **{"r1|r1 parties": "union", "r1|r1 evidence": "union"})
        assert settle(desk).status == 200
    [record] = read_gold(twice_read.parent)["records"]
    assert [party["code"] for party in record["parties"]] == ["NO", "IS", "DK"]
    assert record["evidence"] == both


def test_a_settlement_that_no_record_can_have_is_refused_in_words(twice_read: Path) -> None:
    labelling.write_reading(twice_read, "ann", labelling.label())
    same = {"evidence": labelling.label()["evidence"], "counterparts": []}
    alone = labelling.pledge("r1", action="share all data on fish", **same)
    labelling.write_reading(twice_read, "ben", alone)
    with open_desk(twice_read.parent, annotator="eve") as desk:
        told = desk.get("compare", case="fish", first="ann", second="ben")
        choices = {one["key"]: "second" for one in told["differences"]}
        decide(desk, **{**choices, "r1|r1 kind": "first"})
        reply = settle(desk)
    assert reply.status == 422
    assert "an agreement needs two parties" in reply.data["problems"][0]["message"]
    assert not (twice_read / "gold.json").exists()


def test_readers_that_are_not_there_are_named(twice_read: Path) -> None:
    with open_desk(twice_read.parent, annotator="eve") as desk:
        for second in ("ann", "../ben", "eve"):
            reply = desk.send("GET", f"api/compare?case=fish&first=ann&second={second}")
            assert (reply.status, "ann, ben" in reply.data["error"]) == (404, True)


# Cases and tasks --------------------------------------------------------------------------------


def test_the_form_of_another_task_has_its_fields(tmp_path: Path) -> None:
    (tmp_path / "prompts" / "visits").mkdir(parents=True)
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "visits.py").write_text(SCHEMA)
    for name, text in {"task.toml": TASK, **WHOLE}.items():
        (tmp_path / "prompts" / "visits" / name).write_text(text)
    form = describe_form(load_task("visits", home=tmp_path))
    shapes = {
        kind["kind"]: {field["name"]: field["shape"] for field in kind["fields"]}
        for kind in form["kinds"]
    }
    assert shapes == {
        "visit": {
            "visitors": "parties",
            "place": "phrase",
            "purpose": "choice",
            "when": "timeframe",
        },
        "cancelled": {"who": "party", "why": "phrase"},
    }
    file = tmp_path / "trip.txt"
    file.write_text("Norway cancels.\n\nNorway called its visit to Peru off.\n", "utf-8")
    record = {
        "id": "r1", "kind": "cancelled", "who": {"name": "Norway", "code": "NO"}, "why": None,
        "evidence": [labelling.quote("called its visit", file.read_text("utf-8"))],
    }  # fmt: skip
    with open_desk(tmp_path / "cases", file, task="visits", home=tmp_path) as desk:
        assert desk.label("trip", records=[record]).status == 200
    assert validate_suite(str(desk.cases), task="visits", home=tmp_path).is_valid


def test_a_file_of_any_making_becomes_a_text_that_validation_accepts(tmp_path: Path) -> None:
    file = tmp_path / "Dirty name!.txt"
    text = unicodedata.normalize("NFD", "Café Norway and Iceland agreed to fish.")
    file.write_bytes(f"\ufeff{text}\r\nAnd more\x07.\r".encode())
    with open_desk(tmp_path / "cases", file) as desk:
        [case] = desk.get("desk")["cases"]
        assert case["id"] == "Dirty-name"
        assert desk.label(case["id"]).status == 200
    assert validate_suite(str(tmp_path / "cases")).is_valid
    assert clean_text(clean_text(text)) == clean_text(text)


def test_a_case_is_not_made_twice_and_never_over_another_text(tmp_path: Path) -> None:
    file = tmp_path / "fish.txt"
    file.write_text(ARTICLE, "utf-8")
    task = load_task("agreements")
    for _ in range(2):
        assert len(open_casebook(tmp_path / "cases", task, files=(file,)).list_places()) == 1
    file.write_text("Something else.", "utf-8")
    with pytest.raises(UsageError, match="holds another text"):
        open_casebook(tmp_path / "cases", task, files=(file,))


def test_what_cannot_be_labelled_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "blank.txt").write_text(" \n", "utf-8")
    for arguments, words in {
        (str(tmp_path / "empty"),): "has no case",
        (str(tmp_path / "none"), "--from", str(tmp_path / "none.txt")): "there is no file",
        (str(tmp_path / "none"), "--from", str(tmp_path / "blank.txt")): "is empty",
        (str(tmp_path / "empty"), "--annotator", "../x"): "cannot name a file",
        (str(tmp_path / "blank.txt"),): "is no folder",
    }.items():
        done = run_here("label", *arguments, "--no-browser")
        assert done.returncode in (1, 2, 3)
        assert words in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1


def test_annotators_are_names_of_files_and_a_taken_port_is_said() -> None:
    assert check_annotator("ann.b-2") == "ann.b-2"
    for name in ("", ".", "a/b", "-x", "é", "a" * 65):
        with pytest.raises(ConfigurationError):
            check_annotator(name)
    door = take_port(0)
    with door.socket, pytest.raises(UsageError, match="cannot be had"):
        take_port(door.port)


@pytest.mark.usefixtures("_interruptible")
def test_the_program_prints_an_address_that_answers_and_ends_by_ctrl_c(tmp_path: Path) -> None:
    (tmp_path / "fish.txt").write_text(ARTICLE, "utf-8")
    arguments = ["label", "cases", "--from", "fish.txt", "--no-browser", "--port", "0"]
    with subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        address = program.stdout.readline().strip()
        found = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/([\w-]{32,})/", address)
        assert found, address
        import http.client

        connection = http.client.HTTPConnection("127.0.0.1", int(found.group(1)), timeout=30)
        connection.request("GET", f"/{found.group(2)}/api/desk")
        assert connection.getresponse().status == 200
        connection.close()
        os.kill(program.pid, signal.SIGINT)
        told = program.stderr.read()
        assert program.wait(timeout=30) == 0
    assert "Traceback" not in told
    assert found.group(2) not in told


def test_the_token_is_in_no_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        desk.get("desk")
    assert desk.door.token not in caplog.text
