"""Two tabs of one phone, of which one sends what the other changes."""

import pytest
from playwright.sync_api import expect

from tests.browser.places import middle
from tests.browser.reporting import REPORTS, card, fill_in, ready, send

pytestmark = pytest.mark.browser


def test_a_receipt_for_words_that_another_tab_has_changed_since_is_not_a_receipt_for_the_new_ones(
    demo_server, visit
):
    worker = demo_server.login("grid_worker")
    first = visit("phone", position=middle(demo_server, worker)).sign_in(worker).open("/report").page
    ready(first, worker.area_name)
    answers = []

    def hold_the_first(route):
        if answers:
            route.continue_()
        else:
            answers.append((route, route.fetch()))

    first.route(REPORTS, hold_the_first)
    fill_in(first, title="先发出的标题")
    send(first)
    while not answers:
        first.wait_for_timeout(20)

    second = first.context.new_page()
    second.goto(first.url)
    ready(second)
    card(second, "waiting", "先发出的标题").locator("[data-action='take-back']").click()
    expect(second.locator("#title")).to_have_value("先发出的标题")
    second.fill("#title", "后来改过的标题")
    send(second)
    expect(card(second, "waiting", "后来改过的标题")).to_be_visible()
    route, answer = answers[0]
    route.fulfill(response=answer)

    told = card(second, "needs_you", "后来改过的标题")
    expect(told).to_contain_text(answer.json()["case_number"], timeout=15_000)
    second.close()
