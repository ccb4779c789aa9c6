"""What tests do on the report page."""

from playwright.sync_api import Page, expect

REPORTS = "**/api/v1/disputes"


def ready(page: Page, unit: str | None = None) -> None:
    """The form can be used, and the place is found where `unit` is named."""
    expect(page.locator("form#report[data-ready]")).to_be_visible()
    if unit:
        expect(page.locator("[data-unit]")).to_have_text(unit)


def fill_in(page: Page, title: str = "楼上漏水三个月无人修") -> None:
    page.fill("[data-category-search]", "物业")
    page.click("[data-category-list] button >> nth=0")
    page.click("[data-step='1']")
    page.fill("#title", title)
    page.fill("#description", "已与物业沟通两次。")


def send(page: Page) -> None:
    """Tap send, and say of open disputes nearby that they are others."""
    page.click("[data-action='send']")
    say_it_is_another(page)


def say_it_is_another(page: Page) -> None:
    """What was tapped to be sent is none of the open disputes nearby, if there are any."""
    similar = page.locator("[data-dialog='similar'][open]")
    expect(similar.or_(page.locator("[data-outcome]:not([hidden])"))).to_be_visible()
    if similar.count():
        similar.locator("[data-action='not-similar']").click()


def sent_number(page: Page) -> str:
    """The case number of the report that was sent last, once the receipt is there."""
    expect(page.locator("[data-outcome='sent']")).to_be_visible(timeout=15_000)
    return page.locator("[data-sent-number]").inner_text()


def card(page: Page, state: str, title: str | None = None):
    """The card of a report in `state` in the list."""
    cards = page.locator(f"[data-report][data-state='{state}']")
    return cards.filter(has_text=title) if title else cards


def expect_unsent(page: Page, count: int) -> None:
    expect(page.locator("[data-unsent]")).to_have_attribute("data-unsent", str(count))
