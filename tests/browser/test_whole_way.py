"""A dispute's whole way: reported on a phone, escalated to the community, closed by the street."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.places import middle
from tests.browser.reporting import send, sent_number

pytestmark = pytest.mark.browser


def act(visitor, action: str, **given: str) -> None:
    """Take `action` on the page of the dispute, with what it needs."""
    page = visitor.page
    form = page.locator(f".action-form[action$='/{action}']")
    fold = page.locator("details.action", has=form)
    if fold.count():
        fold.locator("summary").click()
    for name, words in given.items():
        form.locator(f"[name={name}]").fill(words)
    form.locator("button").click()
    expect(page.locator(".alert-success")).to_be_visible()


def find_in_queue(visitor, title: str) -> None:
    """Open the dispute from the queue, as its people do."""
    visitor.open("/queue")
    visitor.page.locator(".queue-link", has_text=title).first.click()
    expect(visitor.page.locator("h1")).to_have_text(title)


def test_from_a_phone_in_a_grid_unit_to_a_closed_case_of_the_street(demo_server, visit):
    worker = demo_server.login("grid_worker")
    mediator = demo_server.login("community_mediator", worker.area_code[:12])
    centre = demo_server.login("street_centre", worker.area_code[:9])
    title = "两小区共用车道的停车之争"

    phone = visit("phone", position=middle(demo_server, worker)).sign_in(worker)
    phone.page.click(".home-report")
    expect(phone.page.locator("[data-unit]")).to_have_text(worker.area_name)
    phone.page.select_option("#category", "0402")
    phone.page.fill("#title", title)
    phone.page.fill("#description", "两个小区的业主为共用车道停车争执,已有推搡。")
    phone.keep_picture("way-1-report")
    send(phone.page)
    number = sent_number(phone.page)
    assert re.fullmatch(r"HZ\d{4}-\d{6}", number)
    phone.keep_picture("way-2-reported")
    phone.page.click("[data-sent-link]")
    act(phone, "accept")
    act(phone, "escalate", reason="两个小区分属不同物业,网格内谈不拢")
    expect(phone.page.locator(".dispute-actions")).to_contain_text("现在由")
    phone.keep_picture("way-3-escalated")

    desk = visit("desk").sign_in(mediator)
    find_in_queue(desk, title)
    act(desk, "accept")
    act(desk, "begin_mediation")
    act(desk, "fail", reason="一方不接受分时停车")
    desk.keep_picture("way-4-community")
    act(desk, "escalate", reason="需要街道协调两家物业")

    street = visit("desk").sign_in(centre)
    find_in_queue(street, title)
    act(street, "accept")
    act(street, "begin_mediation")
    act(street, "record_agreement", reason="分时停车,两家物业各管一段")
    act(street, "close", reason="双方签字,回访满意")
    expect(street.page.locator(".state")).to_have_text("已结案")
    expect(street.page.locator(".case-number")).to_have_text(number)
    # What happened elsewhere at the place may also have changed its colour.
    steps = street.page.locator(".story li", has_not_text="风险")
    expect(steps).to_have_count(11)
    expect(street.page.locator(".dispute-actions")).to_contain_text("案件已结束")
    street.keep_picture("way-5-closed")
    street.check_page()

    # The worker who reported it sees how it ended.
    phone.page.reload()
    expect(phone.page.locator(".state")).to_have_text("已结案")
    phone.keep_picture("way-6-seen-by-worker")
