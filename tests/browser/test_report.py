"""Reporting from a phone: from the first tap to the case number."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.places import middle, shared_edge
from tests.browser.reporting import (
    REPORTS,
    card,
    expect_unsent,
    fill_in,
    ready,
    say_it_is_another,
    send,
    sent_number,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def worker(demo_server):
    return demo_server.login("grid_worker")


@pytest.fixture
def report_page(demo_server, visit, worker):
    """The worker's phone in their unit, with the report page open and the unit found."""
    visitor = visit("phone", position=middle(demo_server, worker)).sign_in(worker).open("/report")
    ready(visitor.page, worker.area_name)
    return visitor


def test_a_report_from_a_phone_shows_its_case_number_and_the_form_is_free(report_page):
    page = report_page.page
    fill_in(page)
    report_page.keep_picture("report")
    report_page.check_page()
    send(page)
    number = sent_number(page)
    assert re.fullmatch(r"HZ\d{4}-\d{6}", number)
    expect(page.locator("#title")).to_have_value("")
    expect(card(page, "sent").locator("[data-case-number]")).to_have_text(number)
    expect_unsent(page, 0)
    report_page.keep_picture("report-done")
    report_page.check_page()
    page.click("[data-sent-link]")
    expect(page.locator(".case-number")).to_have_text(number)
    expect(page.locator("h1")).to_have_text("楼上漏水三个月无人修")
    expect(page.locator(".dispute-what, .dispute-facts")).to_contain_text("3")


def test_four_taps_and_a_sentence_make_a_report(report_page):
    page = report_page.page
    page.locator("[data-chips] button").first.tap()
    page.locator("#title").tap()
    page.keyboard.type("晚上十一点还在放音乐,楼下老人睡不着")
    send(page)
    sent_number(page)
    expect(page.locator("[data-chips] button").first).to_have_attribute("data-category", "0203")


def test_the_title_follows_the_category_until_it_is_written(report_page):
    page = report_page.page
    page.select_option("#category", "0402")
    expect(page.locator("#title")).to_have_value("物业管理纠纷")
    page.select_option("#category", "0201")
    expect(page.locator("#title")).to_have_value("用水排水通行通风采光纠纷")
    page.fill("#title", "自己写的标题")
    page.select_option("#category", "0402")
    expect(page.locator("#title")).to_have_value("自己写的标题")


@pytest.mark.parametrize(
    ("typed", "code"), [("噪音", "0203"), ("wygl", "0402"), ("wuye", "0402"), ("loush", "0201")]
)
def test_a_category_is_found_by_everyday_words_and_by_ear(report_page, typed, code):
    page = report_page.page
    page.fill("[data-category-search]", typed)
    page.click("[data-category-list] button >> nth=0")
    expect(page.locator("#category")).to_have_value(code)


def test_known_addresses_of_the_unit_are_offered_without_a_request(report_page):
    page = report_page.page
    with page.expect_response("**/api/v1/reporting/reference") as answer:
        page.reload()
    known = [each["text"] for each in answer.value.json()["addresses"]]
    ready(page)
    page.context.set_offline(True)
    page.fill("#address", known[0][:2])
    page.locator("[data-address-list] button").first.tap()
    assert page.input_value("#address") in known


def test_a_tap_on_the_map_finds_the_unit_anew_and_without_accuracy(report_page):
    page = report_page.page
    expect(page.locator("#report-map .map-pin")).to_be_visible()
    with page.expect_response("**/api/v1/locate?*") as answer:
        page.locator("#report-map").tap(position={"x": 300, "y": 190})
    assert "accuracy_m" not in answer.value.url, "a place chosen by hand has no accuracy"
    if answer.value.ok:
        expect(page.locator("[data-unit]")).to_have_text(answer.value.json()["grid_unit"]["name"])


def test_the_unit_that_the_worker_chooses_near_a_border_is_the_cases(demo_server, visit, worker):
    edge = shared_edge(demo_server, worker)
    visitor = visit("phone", position=edge, accuracy_m=20).sign_in(worker).open("/report")
    page = visitor.page
    ready(page)
    choices = page.locator(".candidate")
    expect(choices.nth(1)).to_be_visible(timeout=15_000)
    visitor.keep_picture("report-candidates")
    visitor.check_page()
    other = page.locator(".candidate:not(:has(:checked))").first
    name = other.locator("span").first.inner_text()
    other.tap()
    expect(page.locator("[data-unit]")).to_have_text(name)
    fill_in(page)
    with page.expect_response(REPORTS) as answer:
        send(page)
    assert answer.value.status == 201
    assert answer.value.json()["grid_unit"] == answer.value.request.post_data_json["grid_unit"]


def test_two_taps_on_send_are_one_report(report_page):
    page = report_page.page
    sent = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    fill_in(page)
    page.evaluate("for (let i = 0; i < 2; i += 1) document.querySelector('[data-action=send]').click()")
    say_it_is_another(page)
    sent_number(page)
    assert len(sent) == 1


def lose_the_answer(page) -> str:
    """Send what is filled in: it reaches the server, whose answer never comes. Gives the case number."""
    numbers = []

    def lose(route):
        if not numbers:
            numbers.append(route.fetch().json()["case_number"])
        route.abort("internetdisconnected")

    page.route(REPORTS, lose)
    with page.expect_event("requestfailed", lambda request: request.method == "POST"):
        send(page)
    # Else it would be tried again under the next tap.
    page.context.set_offline(True)
    expect(card(page, "waiting")).to_have_count(1, timeout=15_000)
    page.unroute(REPORTS)
    return numbers[0]


def test_a_report_whose_answer_is_lost_is_sent_again_and_is_the_same_case(report_page):
    page = report_page.page
    fill_in(page)
    number = lose_the_answer(page)
    page.context.set_offline(False)
    assert sent_number(page) == number


@pytest.fixture
def received_page(report_page):
    """The report page after its report arrived, the answer was lost, and the title was changed and sent."""
    page = report_page.page
    fill_in(page, title="答复丢失之前的标题")
    number = lose_the_answer(page)
    card(page, "waiting").locator("[data-action='take-back']").click()
    expect(page.locator("#title")).to_have_value("答复丢失之前的标题")
    page.context.set_offline(False)
    page.fill("#title", "答复丢失之后的标题")
    send(page)
    expect(card(page, "needs_you").locator("[data-trouble]")).to_contain_text(number, timeout=15_000)
    return report_page, number


def test_a_changed_report_whose_first_version_arrived_leads_to_that_case(received_page):
    visitor, number = received_page
    page = visitor.page
    visitor.keep_picture("report-received")
    visitor.check_page()
    page.reload()
    mine = card(page, "needs_you", "答复丢失之后的标题")
    expect(mine.locator("[data-trouble]")).to_contain_text(number)
    mine.locator("[data-case-number]").click()
    expect(page.locator("h1")).to_have_text("答复丢失之前的标题")


def test_changed_words_can_be_sent_as_another_dispute_and_two_taps_send_one(received_page):
    page, number = received_page[0].page, received_page[1]
    card(page, "needs_you").locator("[data-action='send-anew']").evaluate("it => { it.click(); it.click(); }")
    assert sent_number(page) != number
    expect(page.locator("[data-report]:not([data-state='draft'])")).to_have_count(1)
    expect_unsent(page, 0)


def test_changed_words_can_be_added_to_the_case_that_was_received(received_page):
    page, number = received_page[0].page, received_page[1]
    card(page, "needs_you").locator("[data-action='supplement']").click()
    assert sent_number(page) == number
    expect_unsent(page, 0)


def test_a_report_received_already_can_be_let_go(received_page):
    page = received_page[0].page
    card(page, "needs_you").locator("[data-action='remove']").click()
    page.click("[data-action='confirm']")
    expect(card(page, "needs_you")).to_have_count(0)
    expect_unsent(page, 0)


def test_errors_of_the_server_stand_beside_their_fields(report_page):
    page = report_page.page
    fill_in(page)
    page.click("summary:has-text('时间和来源')")
    page.fill("#occurred", "2999-01-01T00:00")
    send(page)
    card(page, "needs_you").locator("[data-action='edit']").click()
    field_error = page.locator("[data-error-for=occurred_at]")
    expect(field_error).to_have_text("发生时间在将来。")
    expect(page.locator("#occurred")).to_have_attribute("aria-invalid", "true")
    report_page.keep_picture("report-field-error")
    page.fill("#occurred", "2026-01-01T00:00")
    send(page)
    sent_number(page)


def test_the_error_of_a_field_goes_when_the_field_is_mended(report_page):
    page = report_page.page
    page.click("[data-action='send']")
    category, title = page.locator("[data-error-for=category]"), page.locator("[data-error-for=title]")
    expect(category).to_be_visible()
    expect(title).to_be_visible()
    expect(page.locator("#title")).to_have_attribute("aria-invalid", "true")
    page.fill("#title", "楼上漏水")
    expect(title).to_be_hidden()
    expect(page.locator("#title")).not_to_have_attribute("aria-invalid", "true")
    expect(category).to_be_visible()
    page.select_option("#category", "0201")
    expect(category).to_be_hidden()
    expect(page.locator("[aria-invalid]")).to_have_count(0)


def test_a_session_that_ended_is_renewed_in_place_and_the_report_goes(report_page, worker):
    page = report_page.page
    fill_in(page, title="会话结束也不能丢")
    page.context.clear_cookies(name="sessionid")
    send(page)
    expect(page.locator("[data-connection='signed_out']")).to_be_visible()
    expect(page.locator("[data-outcome='waiting']")).to_be_visible()
    report_page.keep_picture("report-signed-out")
    page.click("[data-banner='signed_out'] [data-action='sign-in']")
    page.fill("[data-dialog='sign-in'] [name=username]", worker.username)
    page.fill("[data-dialog='sign-in'] [name=password]", "falsch")
    page.press("[name=password]", "Enter")
    expect(page.locator("[data-sign-in-error]")).to_be_visible()
    report_page.keep_picture("report-sign-in")
    assert not report_page.axe_findings()
    page.fill("[data-dialog='sign-in'] [name=password]", worker.password)
    page.press("[name=password]", "Enter")
    sent_number(page)


def test_a_key_is_made_also_where_the_browser_has_no_random_uuid(visit):
    page = visit("phone").open("/sign-in").page
    key = page.evaluate(
        """async () => {
            Object.defineProperty(crypto, "randomUUID", { value: undefined });
            return (await import("/static/incidents/reporting/record.js")).newKey();
        }"""
    )
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", key)
