"""The desk in a real browser: an article labelled by mouse and by keyboard, and nothing lost."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import labelling
import pytest
from accessibility import fetch_axe, find_violations
from desking import Desk, open_desk

from summarizer.desk.proposal import Proposer
from summarizer.evaluation.labels.validation import validate_suite
from summarizer.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HOSTILE = (
    "Norway & Iceland agree </script><script>window.hacked = 1</script>\n\n"
    "Norway and Iceland agreed to share <img src=http://evil.example/x onerror=window.hacked=2> "
    "all fish.\n\n"
    "\u202eNorway vowed\u202c to send javascript:window.hacked=3 ships to Iceland by June 2031.\n"
)


@pytest.fixture
def page(browser: "Browser") -> "Iterator[Page]":
    """A page that must ask nothing of anybody but the desk, and have no complaints."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(8000)
    asked: list[str] = []
    complaints: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda message: complaints.append(message.text))
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    yield page
    assert page.evaluate("window.hacked") is None
    context.close()
    assert not [url for url in asked if not re.match(r"http://127\.0\.0\.1:\d+/|data:", url)]
    assert not [told for told in complaints if "Failed to load resource" not in told]


@pytest.fixture
def fish(tmp_path: Path) -> Path:
    file = tmp_path / "fish.txt"
    file.write_text(labelling.TEXT, "utf-8")
    return file


def enter(page: "Page", desk: Desk, place: str = "#case/fish") -> None:
    page.goto(desk.door.address + place)
    if "case" in place:
        page.wait_for_selector("#article .sentence")


def sentence(page: "Page", words: str) -> Any:
    return page.locator("#article .sentence", has_text=words)


def wait_kept(page: "Page") -> None:
    page.wait_for_selector("#kept:text-is('kept as a draft')")


def save(page: "Page") -> str:
    page.click("#save")
    page.wait_for_selector("#say.good")
    return page.inner_text("#say")


def read_gold(desk: Desk, case: str = "fish") -> Any:
    return labelling.read_json(desk.cases / case / "gold.json")


def fill_agreement(page: "Page") -> None:
    """What the form of an agreement needs at least, beside its evidence."""
    page.fill("#f-parties-0", "Norway")
    page.press("#f-parties-0", "Enter")
    page.fill("#f-parties-1", "Iceland")
    page.fill("#f-action", "share all data on fish")
    page.select_option("#f-status", "new")
    page.select_option("#f-strength", "firm")
    page.select_option("#f-topic", "economy")


def test_an_article_is_labelled_from_nothing_by_mouse(
    page: "Page", tmp_path: Path, fish: Path
) -> None:
    with open_desk(tmp_path / "cases", fish) as desk:
        enter(page, desk, "")
        page.click("text=fish")
        sentence(page, "agreed on Monday").click()
        page.click("#chosen button:has-text('New agreement')")
        fill_agreement(page)
        sentence(page, "agree on fish").click()
        assert page.locator("[aria-selected=true]").count() == 2
        page.click("summary:has-text('Source and notes')")
        page.fill("#f-timeframe", "by June 2031")
        page.fill("#f-timeframe-end", "2031-06-30")
        page.click(".card.current >> text=Done")
        sentence(page, "research ships").click()
        page.click("#chosen button:has-text('New pledge')")
        page.click("#save")
        page.wait_for_selector("#problems")
        problems = page.locator("#problems li").all_inner_texts()
        assert any(line.startswith("r2.action") for line in problems), problems
        page.click("#problems a:has-text('r2.action')")
        assert page.evaluate("document.activeElement.id") == "f-action"
        sentence(page, "research ships").evaluate(
            "each => getSelection().setBaseAndExtent(each.firstChild, 0, each.firstChild, 6)"
        )
        page.click("button[aria-label='Marked words to parties 1']")
        assert page.input_value("#f-parties-0") == "Norway"
        page.fill("#f-action", "give two research ships")
        page.fill("#f-counterparts-0", "Iceland")
        for name, value in {"status": "new", "strength": "firm", "topic": "economy"}.items():
            page.select_option(f"#f-{name}", value)
        page.click(".card.current >> text=Done")
        sentence(page, "Observers hope").click()
        page.click("#chosen button:has-text('Reports nothing')")
        page.select_option("#f-type", "hope")
        page.fill("#f-why", "only a hope")
        assert save(page) == "Saved: annotations/ann.json, gold.json."
        gold = read_gold(desk)
    assert [record["kind"] for record in gold["records"]] == ["agreement", "pledge"]
    assert [party["code"] for party in gold["records"][0]["parties"]] == ["NO", "IS"]
    assert len(gold["records"][0]["evidence"]) == 2
    assert gold["records"][1]["counterparts"] == [labelling.ICELAND]
    assert gold["negatives"] == [labelling.negative()]
    assert [str(one) for one in validate_suite(str(desk.cases)).problems] == []


def test_an_article_is_labelled_from_nothing_by_keyboard(
    page: "Page", tmp_path: Path, fish: Path
) -> None:
    with open_desk(tmp_path / "cases", fish) as desk:
        enter(page, desk)
        keys = page.keyboard
        for key in ("j", "1"):  # the second sentence, an agreement
            keys.press(key)
        assert page.evaluate("document.activeElement.id") == "f-kind"
        tab_to(page, "f-parties-0")
        keys.type("Norway")
        keys.press("Enter")
        keys.type("Iceland")
        tab_to(page, "f-action")
        keys.type("share all data on fish")
        for name, text in {"status": "new", "strength": "firm", "topic": "econ"}.items():
            tab_to(page, f"f-{name}")
            keys.type(text)
        keys.press("Escape")
        keys.press("ArrowUp")
        keys.press(" ")  # the headline, as evidence
        for _ in range(3):
            keys.press("ArrowDown")
        keys.press("x")
        keys.type("hope")
        tab_to(page, "f-why")
        keys.type("only a hope")
        keys.press("Control+s")
        page.wait_for_selector("#say.good")
        gold = read_gold(desk)
    [record] = gold["records"]
    assert [party["name"] for party in record["parties"]] == ["Norway", "Iceland"]
    assert (record["topic"], len(record["evidence"])) == ("economy", 2)
    assert gold["negatives"] == [labelling.negative()]
    assert validate_suite(str(desk.cases)).is_valid


def tab_to(page: "Page", id: str) -> None:
    """Press Tab until that control has the focus; it must be reached."""
    for _ in range(40):
        if page.evaluate("document.activeElement.id") == id:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {id} by Tab")


def test_a_reload_in_the_middle_of_a_word_loses_nothing(
    page: "Page", tmp_path: Path, fish: Path
) -> None:
    with open_desk(tmp_path / "cases", fish) as desk:
        enter(page, desk)
        page.keyboard.press("2")
        page.fill("#f-action", "give two research shi")
        page.reload()  # before the pause after which a change is sent
        page.wait_for_selector("#article .sentence")
        page.click(".card .open")
        assert page.input_value("#f-action") == "give two research shi"
        wait_kept(page)
        [record] = desk.get("case", case="fish")["labels"]["records"]
        assert (record["kind"], record["action"]) == ("pledge", "give two research shi")


def test_what_is_done_is_undone_and_done_again(page: "Page", tmp_path: Path, fish: Path) -> None:
    with open_desk(tmp_path / "cases", fish) as desk:
        enter(page, desk)
        page.keyboard.press("1")
        page.fill("#f-action", "share")
        page.locator("#f-action").press("End")
        page.keyboard.type(" all data")
        page.keyboard.press("Control+z")  # typing in one field is one change
        assert page.input_value("#f-action") == ""
        page.keyboard.press("Control+Shift+z")
        assert page.input_value("#f-action") == "share all data"
        page.click(".card.current >> text=Delete")
        assert page.locator(".card").count() == 0
        page.click("#undo")
        assert page.locator(".card").count() == 1
        page.click("#undo")
        page.click("#undo")
        assert page.locator(".card").count() == 0
        assert page.locator("#undo").is_disabled()
        wait_kept(page)
        assert desk.get("case", case="fish")["labels"]["records"] == []


@pytest.mark.parametrize("answer", ["Take the other tab’s", "Keep mine"])
def test_two_tabs_are_asked_whose_labels_stay(
    page: "Page", tmp_path: Path, fish: Path, answer: str
) -> None:
    with open_desk(tmp_path / "cases", fish) as desk:
        enter(page, desk)
        other = page.context.new_page()
        enter(other, desk)
        other.keyboard.press("2")
        wait_kept(other)
        page.keyboard.press("1")
        page.wait_for_selector("#question[open]")
        assert "Another tab has kept other labels" in page.inner_text("#asked")
        page.click(f"#question >> text={answer}")
        page.wait_for_selector("#question", state="hidden")
        wait_kept(page)
        [record] = desk.get("case", case="fish")["labels"]["records"]
        assert record["kind"] == ("pledge" if answer.startswith("Take") else "agreement")
        assert record["kind"] in page.locator(".card .kind, .card h3").first.inner_text()


def test_what_is_typed_while_the_desk_is_down_is_kept_in_the_browser(
    page: "Page", tmp_path: Path, fish: Path
) -> None:
    with open_desk(tmp_path / "cases", fish) as desk:
        enter(page, desk)
        port = desk.door.port
    page.keyboard.press("1")
    page.wait_for_selector("#say.bad")
    assert "does not answer" in page.inner_text("#say")
    with open_desk(tmp_path / "cases", port=port) as again:
        enter(page, again)
        assert page.locator(".card").count() == 1
        wait_kept(page)
        assert len(again.get("case", case="fish")["labels"]["records"]) == 1


def test_a_desk_that_is_gone_is_told_whatever_page_is_asked_for(
    page: "Page", tmp_path: Path, fish: Path
) -> None:
    with open_desk(tmp_path / "cases", fish) as desk:
        enter(page, desk)
    for place in ("", "#case/other", "#settle/fish"):
        page.evaluate("document.getElementById('say').className = ''")
        page.evaluate("place => { location.hash = place; }", place)
        page.wait_for_selector("#say.bad")
        assert "does not answer" in page.inner_text("#say")


def test_two_annotators_are_compared_and_settled(page: "Page", tmp_path: Path, fish: Path) -> None:
    cases = tmp_path / "cases"
    with open_desk(cases, fish) as ann:
        record = labelling.label(evidence=[labelling.quote("agreed on Monday")])
        assert ann.label("fish", records=[record, labelling.pledge()]).status == 200
    with open_desk(cases, annotator="ben") as ben:
        enter(page, ben)
        assert page.locator(".card").count() == 0  # nothing of ann's
        page.keyboard.press("j")
        page.keyboard.press("1")
        fill_agreement(page)
        page.select_option("#f-strength", "binding")
        page.fill("#f-timeframe", "by June 2031")
        page.fill("#f-timeframe-end", "2031-06-30")
        assert "waits until" in save(page)
        page.click("#compare")
        page.wait_for_selector("fieldset")
        assert page.locator("legend").all_inner_texts() == [
            "r1|r1 strength: share all data on fish",
            "r2|- as a whole: give two research ships",
        ]
        assert page.locator("fieldset").first.locator(".side").all_inner_texts() == [
            "ann\nfirm", "ben\nbinding",
        ]  # fmt: skip
        page.click("#settle")
        page.wait_for_selector("#say.bad")
        assert page.inner_text("#say") == "2 of 2 are undecided."
        page.locator("fieldset").nth(0).locator("input[value=first]").check()
        page.fill("#why-0", "nothing was signed")
        page.reload()
        page.wait_for_selector("fieldset")
        assert page.locator("fieldset").nth(0).locator("input[value=first]").is_checked()
        page.locator("fieldset").nth(1).locator("input[value=optional]").check()
        page.click("#settle")
        page.click("#question button >> text=Replace it")
        page.wait_for_selector("#say.good")
        gold = read_gold(ben)
    assert [(one["strength"], one["optional"]) for one in gold["records"]] == [
        ("firm", False), ("firm", True),
    ]  # fmt: skip
    rulings = labelling.read_json(cases / "fish" / "adjudication.json")
    assert [(one["decision"], one["rationale"], one["by"]) for one in rulings] == [
        ("ann", "nothing was signed", "ben"),
        ("optional", "", "ben"),
    ]
    assert validate_suite(str(cases)).is_valid


def test_a_proposal_is_shown_only_when_asked_for_and_that_is_recorded(
    page: "Page", tmp_path: Path, fish: Path
) -> None:
    proposer = Proposer(Settings(model="lexicon", store=tmp_path / "store"))
    with open_desk(tmp_path / "cases", fish, proposer=proposer) as desk:
        enter(page, desk)
        assert page.locator(".proposal").count() == 0
        page.click("#propose")
        page.click("#question >> text=Cancel")
        assert desk.get("case", case="fish")["pre_annotated_by_model"] is None
        page.click("#propose")
        page.click("#question >> text=Ask it")
        page.locator(".proposal >> text=Take it over").first.click()
        assert page.input_value("#f-parties-0") == "Norway"
        assert "annotations/ann.json" in save(page)
        assert read_gold(desk)["pre_annotated_by_model"] == "lexicon"


def test_a_hostile_article_stays_text(page: "Page", tmp_path: Path) -> None:
    file = tmp_path / "fish.txt"
    file.write_text(HOSTILE, "utf-8")
    with open_desk(tmp_path / "cases", file) as desk:
        enter(page, desk)
        shown = page.locator("#article .sentence").all_text_contents()
        assert "<script>window.hacked = 1</script>" in " ".join(shown)
        assert page.locator("#main img, #main script").count() == 0
        sentence(page, "onerror").click()
        page.click("#chosen button:has-text('New pledge')")
        page.fill("#f-action", "<img src=x onerror=window.hacked=4>")
        page.fill("#f-parties-0", "\u202e<b>Norway</b>")
        page.click("#save")
        page.wait_for_selector("#problems")
        assert page.locator("#main img, #main b").count() == 0
        assert sentence(page, "vowed").evaluate(
            "each => getComputedStyle(each).unicodeBidi"
        ) == "isolate"  # fmt: skip


def test_no_serious_violation_of_accessibility(
    page: "Page", tmp_path: Path, fish: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    axe = fetch_axe(tmp_path_factory.mktemp("axe"))
    cases = tmp_path / "cases"
    with open_desk(cases, fish) as desk:
        ours = [labelling.label(accept={"topic": ["diplomacy"]}), labelling.pledge()]
        assert desk.label("fish", records=ours, negatives=[labelling.negative()]).status == 200
        labelling.write_reading(cases / "fish", "ben", labelling.label(strength="binding"))
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            enter(page, desk, "")
            page.wait_for_selector("table")
            assert find_violations(page, axe) == []
            enter(page, desk)
            page.click(".card .open >> nth=0")
            assert find_violations(page, axe) == []
            page.fill("#f-condition", "not there")
            page.click("#save")
            page.wait_for_selector("#problems")
            assert find_violations(page, axe) == []
            page.click("#undo")
            wait_kept(page)
            page.click("#compare")
            page.wait_for_selector("fieldset")
            assert find_violations(page, axe) == []


@pytest.mark.parametrize("width", [320, 390, 768])
def test_no_page_scrolls_sideways(page: "Page", tmp_path: Path, fish: Path, width: int) -> None:
    cases = tmp_path / "cases"
    page.set_viewport_size({"width": width, "height": 800})
    with open_desk(cases, fish) as desk:
        assert desk.label("fish", records=[labelling.label(), labelling.pledge()]).status == 200
        labelling.write_reading(cases / "fish", "ben", labelling.label(strength="binding"))
        for place in ("", "#case/fish", "#settle/fish"):
            enter(page, desk, place)
            page.wait_for_selector("table, .card, fieldset")
            if "case" in place:
                page.click(".card .open >> nth=0")
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_without_javascript_the_page_says_what_it_needs(
    browser: "Browser", tmp_path: Path, fish: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    with open_desk(tmp_path / "cases", fish) as desk:
        page = context.new_page()
        page.goto(desk.door.address)
        assert "works with JavaScript only" in page.inner_text("noscript")
    context.close()
