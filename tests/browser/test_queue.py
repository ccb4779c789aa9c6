"""The queue: by keyboard, filtered, and at both sizes."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def street(demo_server):
    return demo_server.login("street_centre")


@pytest.mark.parametrize("size", ["phone", "desk"])
@pytest.mark.parametrize("query", ["", "?show=all", "?show=all&state=suspended&category=1602"])
def test_the_queue_fits_the_screen(visit, street, size, query):
    visitor = visit(size).sign_in(street).open(f"/queue{query}")
    visitor.page.click(".queue-filter summary")
    visitor.check_page()
    visitor.page.click(".queue-filter summary")
    visitor.keep_picture(f"queue{query.replace('?', '-').replace('&', '-').replace('=', '-')}")


def test_j_and_k_move_and_enter_opens(visit, street):
    page = visit("desk").sign_in(street).open("/queue?show=all").page
    links = page.locator(".queue-link")
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(links.nth(1)).to_be_focused()
    # By address: the title there may carry a mark of supervision in front.
    address = links.nth(1).get_attribute("href")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(address) + "$"))


def test_letters_typed_into_a_field_do_not_move(visit, street):
    page = visit("desk").sign_in(street).open("/queue?show=all").page
    page.click(".queue-filter summary")
    page.focus("#id_state")
    page.keyboard.press("j")
    expect(page.locator("#id_state")).to_be_focused()


def test_filters_stay_in_the_address_and_the_way_back_keeps_them(visit, street):
    page = visit("desk").sign_in(street).open("/queue?show=all").page
    page.click(".queue-filter summary")
    page.select_option("#id_state", "closed")
    page.select_option("#id_level", "grid")
    page.click(".queue-filter button")
    page.wait_for_url("**state=closed**")
    assert "level=grid" in page.url
    assert "category" not in page.url, "what is empty does not stand in the address"
    assert set(page.locator(".queue-level").all_inner_texts()) == {"网格 · 已结案"}
    page.click(".queue-link >> nth=0")
    page.click("[data-way-back]")
    page.wait_for_url("**/queue?**state=closed**level=grid**")


def test_the_next_page_shows_other_cases(visit, street):
    page = visit("desk").sign_in(street).open("/queue?show=all").page
    first = {link.get_attribute("href") for link in page.locator(".queue-link").all()}
    assert len(first) == 50
    page.click("[rel=next]")
    page.wait_for_url("**after=**")
    second = {link.get_attribute("href") for link in page.locator(".queue-link").all()}
    assert second
    assert not first & second
