"""The bell, the notices behind it, their settings, and the page of handing over: on a phone and on a desk."""


import pytest
from playwright.sync_api import expect

from tests.browser.cases import Teller

pytestmark = pytest.mark.browser
SIZES = ["phone", "desk"]


@pytest.fixture(scope="module")
def case_number(demo_server) -> str:
    """A case that its grid worker has just sent up to the community."""
    teller = Teller(demo_server, demo_server.login("grid_worker"))
    made = teller.report(title="楼道堆物", parties=[])
    teller.send(f"/{made['id']}/actions/escalate", {"reason": "需要社区出面"})
    return made["case_number"]


def mediator(demo_server):
    worker = demo_server.login("grid_worker")
    return demo_server.login("community_mediator", worker.area_code[:12])


@pytest.mark.parametrize("size", SIZES)
def test_a_mediator_hears_of_a_case_that_came_up_and_goes_to_it(demo_server, visit, case_number, size):
    visitor = visit(size).sign_in(mediator(demo_server))
    page = visitor.page
    before = int(page.locator(".bell-count").inner_text().rstrip("+")) if size == "phone" else 0
    page.locator(".bell").click()
    expect(page.get_by_role("heading", name="通知", exact=True)).to_be_visible()
    visitor.keep_picture("notices")
    visitor.check_page()
    page.locator(".notice", has_text=case_number).get_by_role("button").click()
    expect(page.locator(".case-number")).to_have_text(case_number)
    if before:
        after = page.locator(".bell-count")
        assert (int(after.inner_text().rstrip("+")) if after.count() else 0) == before - 1


@pytest.mark.parametrize("size", SIZES)
def test_the_settings_of_notices(demo_server, visit, size):
    visitor = visit(size).sign_in(mediator(demo_server)).open("/notices/settings")
    expect(visitor.page.get_by_role("heading", name="通知设置")).to_be_visible()
    visitor.keep_picture("notice-settings")
    visitor.check_page()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("role", ["street_centre", "administrator"])
def test_handing_over_begins_with_a_person(demo_server, visit, role, size):
    visitor = visit(size).sign_in(demo_server.login(role)).open("/handover")
    visitor.keep_picture(f"handover-{role}")
    visitor.check_page()
    visitor.page.locator(".handover-people a").first.click()
    expect(visitor.page.get_by_role("button", name="确认交接")).to_be_visible()
    visitor.keep_picture(f"handover-work-{role}")
    visitor.check_page()
