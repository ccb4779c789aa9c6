"""The policy in a real browser: read, tried, saved; the calendar; a case's measures."""

import pytest
from playwright.sync_api import expect

from tests.browser.cases import Teller

pytestmark = pytest.mark.browser
SIZES = ["phone", "desk"]


@pytest.fixture
def district(demo_server):
    return demo_server.login("district_centre")


def full_picture(visitor, name):
    """The whole page, longer than the screen."""
    visitor.keep_picture(name)
    visitor.page.screenshot(path=f"var/screenshots/{name}-full-{visitor.name}.png", full_page=True)


@pytest.mark.parametrize("size", SIZES)
def test_the_rules_and_the_calendar_fit_the_screen(visit, district, size):
    visitor = visit(size).sign_in(district)
    for path, name in (("/policy", "policy"), ("/policy/calendar", "policy-calendar")):
        visitor.open(path).check_page()
        full_picture(visitor, name)


@pytest.mark.parametrize("size", SIZES)
def test_an_edited_policy_is_tried_before_it_is_saved(visit, district, size):
    visitor = visit(size).sign_in(district).open("/policy/edit")
    page = visitor.page
    visitor.check_page()
    full_picture(visitor, "policy-edit")
    page.fill("[name='limits.grid.yellow.accept.amount']", "1")
    page.fill("[name='reason']", "试行更短的受理时限")
    page.locator(".policy-send button").click()
    expect(page.locator("#trial")).to_contain_text("网格 · 黄色 · 受理:4 个工作小时 → 1 个工作小时")
    expect(page.locator("#trial .trial-answer")).to_contain_text("多")
    visitor.check_page()
    full_picture(visitor, "policy-trial")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/policy#history")
    expect(page.locator(".policy-history")).to_contain_text("试行更短的受理时限")
    visitor.check_page()
    page.get_by_role("button", name="删除这一版").click()
    expect(page.locator(".policy-history")).not_to_contain_text("试行更短的受理时限")


def test_a_wrong_number_is_marked_beside_its_field(visit, district):
    visitor = visit("phone").sign_in(district).open("/policy/edit")
    page = visitor.page
    page.fill("[name='reason']", "x")
    page.fill("[name='risk.red_from']", "1")
    page.locator(".policy-send button").click()
    expect(page.locator(".field-error")).to_have_text("黄、橙、红的分值应递增。")
    visitor.check_page()


@pytest.mark.parametrize("size", SIZES)
def test_a_case_is_supervised_and_its_risk_explained(visit, demo_server, size):
    teller = Teller(demo_server, demo_server.login("grid_worker"))
    case = teller.report(title="夜间装修扰民")["id"]
    teller.send(f"/{case}/actions/escalate", {"reason": "需要社区出面"})
    visitor = visit(size).sign_in(demo_server.login("district_centre")).open(f"/disputes/{case}")
    page = visitor.page
    page.locator("summary", has_text="督办").click()
    page.locator("#supervise-reason").fill("群众反映")
    visitor.check_page()
    full_picture(visitor, "dispute-measures")
    page.locator("details[open] button").click()
    expect(page.locator(".dispute-standing")).to_contain_text("督办")
    page.locator("summary", has_text="调整风险等级").click()
    visitor.check_page()
    full_picture(visitor, "dispute-risk")
