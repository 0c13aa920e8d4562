"""The page of a run in a real browser: what is quiet, what moves, and what fits."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sample

from summarizer.evaluation.report import render_report
from summarizer.evaluation.runs.folder import RunFolder
from summarizer.evaluation.runs.results import score_run

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@dataclass
class Visit:
    """A page that was opened, and what the browser had to say of it."""

    page: "Page"
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def shown(self) -> list[str]:
        """The cases of the table from top to bottom, those filtered out left out."""
        return self.page.locator("#table tbody tr:visible th").all_inner_texts()

    def is_too_wide(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    path = folder / "report.html"
    path.write_text(render_report(sample.make_results(folder, epochs=2)), "utf-8")
    return path


@pytest.fixture
def visit(browser: "Browser", report: Path) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield open_page(context.new_page(), report)
    context.close()


def open_page(page: "Page", path: Path) -> Visit:
    visit = Visit(page)
    page.on("request", lambda request: visit.requests.append(request.url))
    page.on("console", lambda message: visit.complaints.append(message.text))
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.goto(path.as_uri())
    return visit


def test_nothing_is_requested_complained_of_or_run(visit: Visit, report: Path) -> None:
    """Not even where every case is open and the articles hold scripts and images."""
    visit.page.click("#unfold")
    assert visit.page.locator(".case[open]").count() == 7
    assert visit.page.evaluate("window.hacked") is None
    assert visit.complaints == []
    assert visit.requests == [report.as_uri()]


def test_the_policy_stops_a_script_that_got_in_all_the_same(visit: Visit) -> None:
    visit.page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), "
        "{textContent: 'window.hacked = 5'}))"
    )
    assert visit.page.evaluate("window.hacked") is None
    assert "Content Security Policy" in visit.complaints[0]


def test_the_table_is_filtered_by_text_status_tag_and_errors(visit: Visit) -> None:
    page = visit.page
    assert len(visit.shown()) == 7
    page.fill("#filter-text", "GRA")
    assert visit.shown() == ["grain"]
    assert page.inner_text("#count") == "1 of 7 cases"
    assert page.locator(".case:visible").count() == 1
    page.fill("#filter-text", "")
    page.select_option("#filter-status", "no answer")
    assert visit.shown() == ["unreached"]
    page.select_option("#filter-status", "")
    page.select_option("#filter-tag", "test")
    assert visit.shown() == ["hostile", "mina", "talks", "unusable"]
    page.check("#filter-errors")
    assert visit.shown() == ["unusable"]


def test_a_column_is_sorted_by_click_and_back_with_dashes_last(visit: Visit) -> None:
    head = visit.page.locator("#table thead th", has_text="seconds")
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    ascending = visit.shown()
    assert (ascending[0], ascending[-1]) == ("unusable", "unreached")
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert set(visit.shown()[:2]) == {"harbour", "hostile"}
    assert visit.shown()[-1] == "unreached"


def test_every_column_is_sorted_by_the_keyboard(visit: Visit) -> None:
    heads = visit.page.locator("#table thead th")
    visit.page.locator("#table thead button").first.focus()
    for place in range(heads.count()):
        visit.page.keyboard.press("Enter")
        assert heads.nth(place).get_attribute("aria-sort") == "ascending"
        assert visit.page.locator("[aria-sort]").count() == 1
        visit.page.keyboard.press("Tab")


def test_a_link_in_the_table_opens_its_case_by_the_keyboard(visit: Visit) -> None:
    visit.page.locator("#table a", has_text="harbour").focus()
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector(".case[open]", timeout=2000)
    assert visit.page.locator(".case[open] h3").all_inner_texts() == ["harbour"]


def test_a_card_lights_its_own_sentences_under_the_pointer_and_under_the_focus(
    visit: Visit,
) -> None:
    visit.page.click("#unfold")
    case = visit.page.locator(".case", has_text="Sudania vowed")
    card = case.locator(".card", has_text="found, of the wrong kind")
    lit = case.locator("mark.lit")
    assert lit.count() == 0
    card.hover()
    assert lit.all_inner_texts() == ["Sudania vowed to send grain to Westria."]
    colours = case.locator("mark").evaluate_all(
        "marks => marks.map(mark => getComputedStyle(mark).backgroundColor)"
    )
    assert colours[0] not in colours[1:]
    case.locator(".card", has_text="missed").locator("a.chip").focus()
    assert lit.all_inner_texts() == ["It promised to lower its tariffs."]
    case.locator("mark").first.hover()
    assert case.locator(".card.lit").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_the_page_never_scrolls_sideways(
    browser: "Browser", report: Path, width: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    visit = open_page(context.new_page(), report)
    visit.page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
    assert not visit.is_too_wide()
    context.close()


def test_the_schemes_of_colour_follow_the_system(browser: "Browser", report: Path) -> None:
    grounds = set()
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
        page = open_page(context.new_page(), report).page
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        context.close()
    assert len(grounds) == 2


def test_without_javascript_everything_is_there(browser: "Browser", report: Path) -> None:
    """Controls that would do nothing are not shown; cases open by themselves."""
    context = browser.new_context(java_script_enabled=False)
    page = open_page(context.new_page(), report).page
    assert not page.locator("#controls").is_visible()
    assert page.locator("#table tbody tr").count() == 7
    page.locator(".case summary").first.click()
    assert page.locator(".case .text").first.is_visible()
    context.close()


def test_a_right_to_left_text_runs_from_right_to_left(visit: Visit) -> None:
    visit.page.click("#unfold")
    box = visit.page.locator(".text[lang=ar]")
    assert box.evaluate("each => getComputedStyle(each).direction") == "rtl"


def test_the_printed_page_holds_the_whole_article_and_no_controls(visit: Visit) -> None:
    visit.page.click("#unfold")
    visit.page.emulate_media(media="print")
    assert not visit.page.locator("#controls").is_visible()
    assert visit.page.locator(".text").first.evaluate(
        "each => getComputedStyle(each).overflowY === 'visible'"
    )


def test_a_page_of_a_hundred_cases_is_there_within_two_seconds(
    browser: "Browser", tmp_path: Path
) -> None:
    cases = tmp_path / "cases"
    text = "\n\n".join([sample.PORT] * 12)
    label = sample.record("agreement", ["Norland", "Estmark"], text, sample.PORT.split("\n")[0])
    for number in range(100):
        sample.write_case(cases, f"case-{number:03}", text, [label] * 3)
    folder = RunFolder(tmp_path / "run")
    suite = sample.make_run(folder.path, cases)
    for case in suite.cases:
        folder.append_prediction(sample.answer(case.id, [sample.predict(label)] * 4))
    path = tmp_path / "report.html"
    path.write_text(render_report(score_run(folder, suite)), "utf-8")
    context = browser.new_context()
    visit = open_page(context.new_page(), path)
    loaded = visit.page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    assert 0 < loaded < 2000
    assert len(visit.shown()) == 100
    assert visit.complaints == []
    context.close()
