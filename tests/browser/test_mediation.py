"""The legal loop and a party's own page in a real browser, on a phone and at a desk."""

from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.cases import Teller

pytestmark = pytest.mark.browser
TERMS = "乙方于本月底前修好漏水的水管,并分两期赔偿甲方天花板修缮费共八百元。"


@pytest.fixture
def worker(demo_server):
    return demo_server.login("grid_worker")


@pytest.fixture
def dispute(demo_server, worker) -> str:
    """Id of a dispute that the worker accepted and agreed three weeks ago, with one instalment overdue."""
    teller = Teller(demo_server, worker)
    key = teller.report(title="楼上漏水赔偿", category="0201")["id"]
    teller.send(f"/{key}/actions/accept", {})
    teller.send(
        f"/{key}/mediation_records",
        {
            "held_at": (datetime.now() - timedelta(hours=3)).astimezone().isoformat(),
            "place": "社区调解室",
            "attendees": "林某(申请人)\n陈某(被申请人)\n李调解员",
            "summary": "林某要求修复天花板并赔偿。陈某承认水管老化,愿意修理,但希望分期赔偿。",
            "begin": True,
        },
    )
    day = date.today() - timedelta(days=21)
    teller.send(
        f"/{key}/agreements",
        {
            "form": "written",
            "reached_on": str(day),
            "terms": TERMS,
            "instalments": [
                {"what": "首期修缮费", "amount_yuan": "500.00", "due_on": str(day + timedelta(days=10))},
                {"what": "修好水管", "due_on": str(day + timedelta(days=21))},
                {"what": "尾款", "amount_yuan": "300.00", "due_on": str(day + timedelta(days=40))},
            ],
        },
    )
    return key


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_the_page_fits_the_screen_closed_and_opened(visit, worker, dispute, size):
    visitor = visit(size).sign_in(worker).open(f"/disputes/{dispute}/mediation")
    page = visitor.page
    expect(page.locator(".legal-step h2")).to_have_text("双方愿意的,申请司法确认")
    expect(page.get_by_text(TERMS)).to_have_count(0)
    visitor.keep_picture("mediation")
    visitor.check_page()
    page.get_by_role("button", name="查阅内容(会记录)").click()
    expect(page.get_by_text(TERMS)).to_be_visible()
    page.evaluate("document.querySelectorAll('details.action').forEach((fold) => { fold.open = true })")
    visitor.keep_picture("mediation-opened")
    visitor.check_page()
    page.screenshot(path=f"var/screenshots/mediation-full-{size}.png", full_page=True)


def test_rows_of_instalments_are_added_as_needed(visit, demo_server, worker, dispute):
    visitor = visit("phone").sign_in(worker).open(f"/disputes/{dispute}/mediation")
    page = visitor.page
    page.locator("#breach-form summary").click()
    page.fill("#id_breach-breach", "首期没有付。")
    page.get_by_label("双方愿意,再次调解").check()
    page.locator("#breach-form button[type=submit]").click()
    expect(page.locator(".legal-step h2")).to_have_text("可以再次调解")
    page.fill("#id_record-place", "社区调解室")
    page.fill("#id_record-attendees", "林某(申请人)")
    page.fill("#id_record-summary", "愿意一次付清。")
    page.locator("#record-form button[type=submit]").click()
    expect(page.locator(".legal-step h2")).to_have_text("登记调解协议")
    rows = page.locator(".instalment-row")
    expect(rows).to_have_count(3)
    page.get_by_role("button", name="加一行").click()
    expect(rows).to_have_count(4)
    page.fill("#id_agreement-terms", "一次付清。")
    page.fill("#id_instalments-3-what", "全部赔偿款")
    page.fill("#id_instalments-3-due_on", str(date.today() + timedelta(days=5)))
    visitor.keep_picture("mediation-agreement")
    visitor.check_page()
    page.locator("#agreement-form button[type=submit]").click()
    expect(page.locator(".alert-success")).to_contain_text("已登记调解协议")
    expect(page.locator(".instalments li")).to_have_count(1)


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_a_party_sees_their_case_with_the_code_they_were_handed(visit, worker, dispute, size):
    staff = visit("desk").sign_in(worker).open(f"/disputes/{dispute}/mediation")
    staff.page.get_by_role("button", name="发一个查询码").click()
    code = staff.page.locator(".code-text").inner_text()
    staff.keep_picture("party-code")
    staff.check_page()
    visitor = visit(size).open("/case")
    page = visitor.page
    visitor.keep_picture("case-enter")
    visitor.check_page()
    page.fill("#code", "2345-6789-ABCD")
    page.press("#code", "Enter")
    expect(page.locator("#code-error")).to_contain_text("不正确")
    visitor.keep_picture("case-wrong")
    page.fill("#code", code.lower())
    page.press("#code", "Enter")
    expect(page.locator(".public-words")).to_have_text("双方已达成协议")
    assert "漏水" not in page.content()
    visitor.keep_picture("case-shown")
    visitor.check_page()
    staff.open(f"/disputes/{dispute}")
    staff.page.locator("details.action", has_text="结案").locator("summary").click()
    staff.page.fill("#close-reason", "已履行。")
    staff.page.locator("#close-reason").locator("xpath=ancestor::form").locator("button").click()
    expect(staff.page.locator(".state")).to_have_text("已结案")
    page.reload()
    visitor.keep_picture("case-rate")
    visitor.check_page()
    page.get_by_role("button", name="5 很满意").click()
    expect(page.get_by_text("您评了 5 分")).to_be_visible()
    visitor.keep_picture("case-rated")
