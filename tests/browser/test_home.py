"""The first page of each role, signing in, and errors: on a phone and on a desk."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
ROLES = ["grid_worker", "community_mediator", "street_centre", "district_centre", "planner", "administrator"]


@pytest.mark.parametrize("size", ["phone", "desk"])
@pytest.mark.parametrize("role", ROLES)
def test_the_first_page_fits_its_role_and_screen(demo_server, visit, role, size):
    visitor = visit(size).sign_in(demo_server.login(role))
    visitor.keep_picture(f"home-{role}")
    visitor.check_page()


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_signing_in_fits_the_screen_and_says_what_is_wrong(visit, size):
    visitor = visit(size).open("/sign-in")
    visitor.check_page()
    visitor.page.fill("#id_username", "nobody")
    visitor.page.fill("#id_password", "wrong")
    visitor.page.press("#id_password", "Enter")
    expect(visitor.page.locator("[role=alert]")).to_be_visible()
    visitor.keep_picture("sign-in")
    visitor.check_page()


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_a_page_that_does_not_exist_leads_home(demo_server, visit, size):
    visitor = visit(size).sign_in(demo_server.login("grid_worker")).open("/nothing")
    visitor.keep_picture("not-found")
    visitor.check_page()
    visitor.page.click("text=回到首页")
    expect(visitor.page).to_have_url(f"{demo_server.base_url}/")


def test_the_four_figures_of_a_district_are_doors(demo_server, visit):
    page = visit("desk").sign_in(demo_server.login("district_centre")).page
    doors = page.locator(".doors .door")
    expect(doors).to_have_count(4)
    overdue = int(doors.nth(1).locator(".door-figure").inner_text())
    doors.nth(1).click()
    expect(page.locator(".queue-tabs .active")).to_have_text("我能看到的全部")
    rows = page.locator(".queue-row")
    expect(rows).to_have_count(min(overdue, 50))


def test_the_language_can_be_changed_and_stays(demo_server, visit):
    page = visit("phone").sign_in(demo_server.login("grid_worker")).page
    page.click(".account button")
    page.click("text=English")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.click("text=Queue >> visible=true")
    expect(page.locator("h1")).to_have_text("Queue")


def test_signing_out_ends_the_session(demo_server, visit):
    visitor = visit("desk").sign_in(demo_server.login("planner"))
    visitor.page.click(".account button")
    visitor.page.click("text=退出登录")
    visitor.open("/")
    expect(visitor.page.locator("#id_username")).to_be_visible()
