"""The page of summaries in a real browser: what is shown, found, lit, and what never happens."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pages
import pytest
from accessibility import fetch_axe, find_violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Scheme = Literal["light", "dark"]


@dataclass
class Visit:
    """A page that was opened, and what the browser had to say of it."""

    page: "Page"
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def titles(self) -> list[str]:
        """The articles of the list."""
        return self.page.locator("#articles h3").all_inner_texts()

    def cards(self) -> list[str]:
        """The kinds and numbers of the records beside the text."""
        return self.page.locator(".card .kind").all_inner_texts()

    def lit(self) -> list[str]:
        return self.page.locator("mark.lit").all_inner_texts()

    def go(self, number: int) -> None:
        self.page.evaluate(f"location.hash = 'a{number}'")
        self.page.wait_for_selector("#title")

    def is_too_wide(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(pages.render(pages.make_items()), "utf-8")
    return path


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    return fetch_axe(tmp_path_factory.mktemp("axe"))


def open_page(
    browser: "Browser", path: Path, *, width: int = 1280, scheme: Scheme = "light"
) -> Visit:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    visit = Visit(page)
    page.on("request", lambda request: visit.requests.append(request.url))
    page.on("console", lambda message: visit.complaints.append(message.text))
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.goto(path.as_uri())
    return visit


@pytest.fixture
def visit(browser: "Browser", path: Path) -> Iterator[Visit]:
    visit = open_page(browser, path)
    yield visit
    assert visit.complaints == []
    assert visit.requests == [path.as_uri()]
    assert visit.page.evaluate("window.hacked") is None
    visit.page.context.close()


def test_the_overview_opens_with_all_articles_and_their_numbers(visit: Visit) -> None:
    page = visit.page
    assert page.inner_text("#totals") == "4 articles, 5 records, 1 without a summary"
    assert len(visit.titles()) == 4
    assert page.locator("#charts h2").all_inner_texts() == ["When", "Who with whom", "How many"]
    page.locator("#failures summary").click()
    assert "big.txt: too large. larger than <any> article" in page.inner_text("#failures")
    assert not page.locator("#article").is_visible()


def test_records_are_found_by_kind_party_choice_and_text_and_together(visit: Visit) -> None:
    page = visit.page
    page.select_option("[data-choice=kind]", "vow")
    assert visit.titles() == ["Norland and Estmark agree on ports", "Sudania vows grain"]
    page.select_option("[data-choice=firmness]", "very_weak")
    assert visit.titles() == ["Norland and Estmark agree on ports"]
    assert "(2 set: 1 of 4 articles, 1 of 5 records)" in page.inner_text("#filters summary")
    page.click("button[type=reset]")
    page.locator("#articles > li").nth(3).wait_for()
    page.select_option("#filter-party", "Sudania")
    assert visit.titles() == ["Sudania vows grain"]
    page.select_option("#filter-party", "")
    page.fill("#filter-text", "ICE melts")
    assert visit.titles() == ["Norland and Estmark agree on ports"]
    page.fill("#filter-text", "quiet")
    assert visit.titles() == ["A quiet day"]
    page.fill("#filter-text", "")
    page.select_option("#filter-articles", "warnings")
    assert len(visit.titles()) == 1


def test_a_filter_holds_in_the_article_and_can_be_taken_back_there(visit: Visit) -> None:
    visit.page.select_option("[data-choice=kind]", "vow")
    visit.page.locator("#articles a").first.click()
    visit.page.wait_for_selector("#title")
    assert visit.cards() == ["vow 2"]
    assert visit.page.locator("mark").count() == 1
    visit.page.click("text=Show all of this article")
    visit.page.locator(".card").nth(1).wait_for()
    assert visit.page.locator("mark").count() == 3


def test_a_card_lights_its_sentences_and_a_sentence_its_records_by_mouse(visit: Visit) -> None:
    visit.go(1)
    visit.page.locator(".card", has_text="share a harbour").click(position={"x": 5, "y": 5})
    assert visit.lit() == [
        "Norland and Estmark agree on ports",
        "Oslund and Estmark agreed to share a harbour.",
    ]
    visit.page.locator("mark", has_text="ice").click()
    assert visit.lit() == ["Oslund vowed to pay Estmark if the ice melts."]
    assert visit.page.locator(".card.lit .kind").all_inner_texts() == ["vow 2"]
    visit.page.keyboard.press("Escape")
    assert visit.page.locator(".lit").count() == 0


def test_a_sentence_of_two_records_lights_both(visit: Visit) -> None:
    visit.go(2)
    visit.page.locator("mark").click()
    assert visit.page.locator(".card.lit").count() == 2
    assert visit.page.inner_text("#said") == "2 records lit"


def test_cards_and_sentences_are_reached_and_lit_by_the_keyboard(visit: Visit) -> None:
    visit.go(1)
    page = visit.page
    page.locator(".card .headline").last.focus()
    page.keyboard.press("Enter")
    assert visit.lit() == ["Oslund vowed to pay Estmark if the ice melts."]
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "MARK"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.closest('.card').dataset.record") == "0"
    assert visit.lit() == ["Oslund and Estmark agreed to share a harbour."]


def test_rejected_answers_are_listed_with_their_reasons(visit: Visit) -> None:
    visit.go(1)
    rejected = visit.page.locator(".rejected li")
    assert "no evidence. no sentence <i>proves</i> it" in rejected.inner_text()
    rejected.locator("summary").click()
    assert "melt the ice" in rejected.inner_text()


def test_a_mark_of_the_timeline_leads_to_its_article(visit: Visit) -> None:
    mark = visit.page.locator(".timeline button[aria-label^='vow, Mar 2026']")
    assert mark.get_attribute("aria-label") == "vow, Mar 2026: 1 record in 1 article"
    mark.click()
    visit.page.wait_for_selector("#title")
    assert visit.page.inner_text("#title") == "Norland and Estmark agree on ports"
    assert visit.cards() == ["vow 2"]
    visit.page.go_back()
    visit.page.wait_for_selector("#overview:visible")
    assert visit.titles() == ["Norland and Estmark agree on ports"]


def test_the_timeline_shows_the_times_named_as_well(visit: Visit) -> None:
    visit.page.check("text=by the time named for the act")
    assert visit.page.locator(".timeline button").count() == 1
    assert "2027" in visit.page.inner_text(".timeline")
    assert visit.page.evaluate("document.activeElement.value") == "named"


def test_a_mark_of_several_articles_leads_to_their_list_and_back(visit: Visit) -> None:
    visit.page.locator(".bars button[aria-label^='Kind, vow']").click()
    assert visit.titles() == ["Norland and Estmark agree on ports", "Sudania vows grain"]
    assert "Only Kind, vow" in visit.page.inner_text("#picked")
    assert visit.page.evaluate("document.activeElement.id") == "list"
    visit.page.click("#picked button")
    assert len(visit.titles()) == 4


def test_a_cell_of_the_matrix_leads_to_what_two_parties_agreed(visit: Visit) -> None:
    cell = visit.page.locator(".matrix button[aria-label^='Norland with Sudania']")
    assert cell.inner_text() == "1"
    visit.page.check("text=undertakes towards")
    cell = visit.page.locator(".matrix button[aria-label^='Sudania towards Norland']")
    cell.focus()
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector("#title")
    assert visit.page.inner_text("#title") == "Sudania vows grain"


def test_a_chart_is_one_stop_of_the_keyboard_and_arrows_go_on_from_there(visit: Visit) -> None:
    marks = visit.page.locator(".timeline button")
    assert marks.evaluate_all("all => all.filter(each => each.tabIndex === 0).length") == 1
    marks.first.focus()
    visit.page.keyboard.press("ArrowRight")
    assert marks.nth(1).evaluate("each => each === document.activeElement && each.tabIndex === 0")
    visit.page.keyboard.press("End")
    assert marks.last.evaluate("each => each === document.activeElement")


def test_a_hostile_article_stays_text_in_every_view(visit: Visit) -> None:
    """The fixture asserts that nothing ran, was asked for or complained of."""
    visit.page.select_option("#filter-party", index=4)
    visit.page.select_option("#filter-party", "")
    visit.go(4)
    text = visit.page.inner_text(".text")
    assert text.startswith("</script><script>window.hacked = 1</script> <img src=http://")
    assert "\u202e" not in text
    assert "javascript:window.hacked=2 <img" in visit.page.inner_text(".card")
    visit.page.locator(".rejected summary").click()
    assert "<img onerror=hack()>" in visit.page.inner_text(".rejected")
    assert visit.page.locator("#article :is(script, img, svg, b, i)").count() == 0
    hrefs = visit.page.locator("a").evaluate_all(
        "all => all.map(each => each.getAttribute('href'))"
    )
    assert all(href.startswith("#") for href in hrefs)


def test_the_policy_stops_a_script_that_got_in_all_the_same(browser: "Browser", path: Path) -> None:
    visit = open_page(browser, path)
    visit.page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), "
        "{textContent: 'window.hacked = 5'}))"
    )
    assert visit.page.evaluate("window.hacked") is None
    assert "Content Security Policy" in visit.complaints[0]
    visit.page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_view_scrolls_sideways_and_none_has_a_serious_fault_of_accessibility(
    browser: "Browser", path: Path, axe: str, width: int, scheme: Scheme
) -> None:
    visit = open_page(browser, path, width=width, scheme=scheme)
    visit.page.evaluate("document.getElementById('filters').open = true")
    assert not visit.is_too_wide()
    assert find_violations(visit.page, axe) == []
    for number in (1, 2, 4):
        visit.go(number)
        visit.page.locator(".headline").first.click()
        assert not visit.is_too_wide()
        assert find_violations(visit.page, axe) == []
    visit.page.context.close()


def test_the_checker_of_accessibility_finds_a_fault_that_is_there(visit: Visit, axe: str) -> None:
    visit.page.evaluate(
        "document.getElementById('filter-text').closest('label').replaceWith("
        "document.getElementById('filter-text'))"
    )
    assert [each.partition(":")[0] for each in find_violations(visit.page, axe)] == ["label"]


def test_without_javascript_every_record_is_there(browser: "Browser", path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    told = page.inner_text("main")
    assert "Oslund (Norland), Estmark → share a harbour" in told
    assert "larger than <any> article" in told
    assert not page.locator("#filters").is_visible()
    context.close()


def test_the_printed_article_is_whole_and_has_no_controls(visit: Visit) -> None:
    visit.go(1)
    visit.page.emulate_media(media="print")
    assert not visit.page.locator("#filters").is_visible()
    assert visit.page.locator(".text").evaluate(
        "each => getComputedStyle(each).overflowY === 'visible'"
    )
    assert len(visit.cards()) == 2


def test_five_hundred_articles_open_in_under_two_seconds(
    browser: "Browser", tmp_path: Path
) -> None:
    text = "\n".join([pages.HARBOUR] * 30)
    path = tmp_path / "many.html"
    summary = pages.make_harbour()
    records = summary.records * 4
    many = [
        summary.model_copy(
            update={
                "records": records,
                "article": summary.article.model_copy(update={"title": f"Article {number}"}),
            }
        )
        for number in range(500)
    ]
    path.write_text(pages.render((each, text) for each in many), "utf-8")
    visit = open_page(browser, path)
    loaded = visit.page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    assert 0 < loaded < 2000
    assert visit.page.inner_text("#totals") == "500 articles, 4,000 records"
    assert len(visit.titles()) == 200
    visit.page.click("text=Show more")
    assert len(visit.titles()) == 400
    taken = visit.page.evaluate(
        "(() => { const began = performance.now();"
        "const box = document.getElementById('filter-text');"
        "box.value = 'article 499'; box.dispatchEvent(new Event('input', {bubbles: true}));"
        "return performance.now() - began; })()"
    )
    assert visit.titles() == ["Article 499"]
    assert taken < 1000
    assert visit.complaints == []
    visit.page.context.close()
