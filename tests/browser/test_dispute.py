"""One dispute: what may be done now, two people at once, its parties, at both sizes."""

import pytest
from playwright.sync_api import expect

from tests.browser.cases import Teller

pytestmark = pytest.mark.browser


@pytest.fixture
def worker(demo_server):
    return demo_server.login("grid_worker")


@pytest.fixture
def dispute(demo_server, worker) -> str:
    """Id of a dispute newly reported in the worker's unit."""
    return Teller(demo_server, worker).report(title="广场舞音量争执", people_involved=9)["id"]


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_the_page_fits_the_screen_and_shows_the_unit_on_its_map(visit, worker, dispute, size):
    visitor = visit(size).sign_in(worker).open(f"/disputes/{dispute}")
    expect(visitor.page.locator(".dispute-map .schematic-label")).to_have_text("示意图")
    expect(visitor.page.locator(".dispute-map .map-pin")).to_be_visible()
    visitor.keep_picture("dispute")
    visitor.check_page()
    for fold in visitor.page.locator("details.action").all():
        fold.locator("summary").click()
    visitor.check_page()


def test_the_most_likely_action_comes_first_and_moves_the_story_on(visit, worker, dispute):
    page = visit("phone").sign_in(worker).open(f"/disputes/{dispute}").page
    page.locator(".dispute-actions .action-form button").first.click()
    expect(page.locator(".alert-success")).to_contain_text("受理")
    expect(page.locator(".state")).to_have_text("已受理")
    expect(page.locator(".story li")).to_have_count(2)
    expect(page.locator(".dispute-actions .action-form button").first).to_have_text("开始调解")


def test_who_acts_second_is_told_what_the_first_did_and_loses_no_word(visit, worker, dispute):
    visitor = visit("desk").sign_in(worker).open(f"/disputes/{dispute}")
    page, other = visitor.page, visitor.page.context.new_page()
    other.goto(page.url)
    other.locator(".dispute-actions .action-form button").first.click()
    expect(other.locator(".state")).to_have_text("已受理")
    page.click(".dispute-actions details.action:has(#escalate-reason) summary")
    page.fill("#escalate-reason", "涉及三个小区")
    page.click("#escalate-reason ~ button")
    expect(page.locator(".alert-warning")).to_contain_text("受理了案件")
    expect(page.locator("#escalate-reason")).to_have_value("涉及三个小区")
    visitor.keep_picture("dispute-changed")
    visitor.check_page()


def test_the_parties_are_shown_only_when_they_are_opened(visit, worker, dispute):
    visitor = visit("phone").sign_in(worker).open(f"/disputes/{dispute}")
    page = visitor.page
    expect(page.locator("body")).not_to_contain_text("林某")
    page.click("#parties button")
    expect(page.locator("#parties")).to_contain_text("林某")
    visitor.keep_picture("dispute-parties")
    visitor.check_page()
