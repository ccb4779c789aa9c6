"""Reporting from a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.places import middle, shared_edge

pytestmark = pytest.mark.browser
REPORTS = "**/api/v1/disputes"


@pytest.fixture
def worker(demo_server):
    return demo_server.login("grid_worker")


@pytest.fixture
def report_page(demo_server, visit, worker):
    """The worker's phone in their unit, with the report page open and the unit found."""
    visitor = visit("phone", position=middle(demo_server, worker)).sign_in(worker).open("/report")
    expect(visitor.page.locator("[data-unit]")).to_have_text(worker.area_name)
    return visitor


def fill_in(page, title="楼上漏水三个月无人修") -> None:
    page.fill("[data-category-search]", "物业")
    page.click("[data-category-list] button >> nth=0")
    page.click("[data-step='1']")
    page.fill("#title", title)
    page.fill("#description", "已与物业沟通两次。")


def send(page) -> None:
    page.click("[data-send]")


def test_a_report_from_a_phone_shows_its_case_number(report_page):
    page = report_page.page
    fill_in(page)
    report_page.keep_picture("report")
    report_page.check_page()
    send(page)
    done = page.locator("#report-done")
    expect(done).to_be_visible()
    expect(done.locator("[data-case-number]")).to_have_text(re.compile(r"HZ\d{4}-\d{6}"))
    report_page.keep_picture("report-done")
    report_page.check_page()
    number = done.locator("[data-case-number]").inner_text()
    page.click("[data-case-link]")
    expect(page.locator(".case-number")).to_have_text(number)
    expect(page.locator("h1")).to_have_text("楼上漏水三个月无人修")
    expect(page.locator(".dispute-what, .dispute-facts")).to_contain_text("3")


def test_the_title_follows_the_category_until_it_is_written(report_page):
    page = report_page.page
    page.select_option("#category", "0402")
    expect(page.locator("#title")).to_have_value("物业管理纠纷")
    page.select_option("#category", "0201")
    expect(page.locator("#title")).to_have_value("用水排水通行通风采光纠纷")
    page.fill("#title", "自己写的标题")
    page.select_option("#category", "0402")
    expect(page.locator("#title")).to_have_value("自己写的标题")


def test_a_tap_on_the_map_finds_the_unit_anew(report_page):
    page = report_page.page
    with page.expect_response("**/api/v1/locate?*") as answer:
        page.locator("#report-map").tap(position={"x": 30, "y": 240})
    located = answer.value.json()
    if answer.value.ok:
        expect(page.locator("[data-unit]")).to_have_text(located["grid_unit"]["name"])
    assert "accuracy_m" not in answer.value.url, "a place chosen by hand has no accuracy"


def test_an_answer_that_was_overtaken_does_not_count(report_page):
    page = report_page.page
    held = []
    page.route("**/api/v1/locate?*", lambda route: held.append(route))
    page.locator("#report-map").tap(position={"x": 300, "y": 40})
    page.locator("#report-map").tap(position={"x": 40, "y": 200})
    page.wait_for_function("document.querySelector('[data-unit]').textContent.includes('正在')")
    while len(held) < 2:
        page.wait_for_timeout(20)
    unit = {"code": "440105001001001", "name": "后问先答的网格"}
    late = {"code": "440105001001002", "name": "先问后答的网格"}
    for route, area in ((held[1], unit), (held[0], late)):
        area_json = {"grid_unit": area, "community": area, "street": area, "certain": True, "candidates": []}
        route.fulfill(json=area_json)
    expect(page.locator("[data-unit]")).to_have_text("后问先答的网格")
    page.wait_for_timeout(200)
    expect(page.locator("[data-unit]")).to_have_text("后问先答的网格")


def test_near_a_border_the_worker_chooses_among_the_units(demo_server, visit, worker):
    edge = shared_edge(demo_server, worker)
    visitor = visit("phone", position=edge, accuracy_m=20).sign_in(worker).open("/report")
    page = visitor.page
    choices = page.locator(".candidate")
    expect(choices.nth(1)).to_be_visible()
    expect(choices.first).to_contain_text("%")
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


def test_without_the_phones_position_a_tap_places_the_pin(demo_server, visit, worker):
    visitor = visit("phone").sign_in(worker).open("/report")
    page = visitor.page
    expect(page.locator("[data-unit]")).to_have_text("请在地图上点出位置")
    own = page.locator("#report-map .report-home")
    expect(own).to_have_text(worker.area_name)
    visitor.keep_picture("report-no-position")
    send(page)
    expect(page.locator("[data-error-for=location]")).to_be_visible()
    page.locator("#report-map").tap(position={"x": 164, "y": 130})
    expect(page.locator("[data-unit]")).to_have_text(re.compile("网格$"))
    expect(own).to_have_count(0)


def test_outside_the_district_it_says_how_far(demo_server, visit, worker):
    visitor = visit("phone", position=(113.264, 23.129)).sign_in(worker).open("/report")
    page = visitor.page
    expect(page.locator("[data-unit-note]")).to_contain_text("公里")
    visitor.keep_picture("report-outside")
    fill_in(page)
    send(page)
    expect(page.locator("[data-error-for=location]")).to_contain_text("在本区之外")


def test_two_taps_on_send_are_one_report(report_page):
    page = report_page.page
    sent = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    fill_in(page)
    page.evaluate("for (let i = 0; i < 2; i += 1) document.querySelector('[data-send]').click()")
    expect(page.locator("#report-done")).to_be_visible()
    assert len(sent) == 1


def test_a_failed_network_is_tried_again_with_the_same_key(report_page):
    page = report_page.page
    keys = []

    def fail_once(route):
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            route.abort("internetdisconnected")
        else:
            route.continue_()

    page.route(REPORTS, fail_once)
    fill_in(page)
    send(page)
    expect(page.locator("[data-send-note]")).to_contain_text("正在重试")
    expect(page.locator("#report-done")).to_be_visible(timeout=15000)
    assert len(keys) == 2
    assert keys[0] == keys[1]


def lose_the_answer(page) -> str:
    """Send what is filled in: it reaches the server, whose answer never comes. Gives the case number."""
    numbers = []

    def lose(route):
        if not numbers:
            numbers.append(route.fetch().json()["case_number"])
        route.abort("internetdisconnected")

    page.route(REPORTS, lose)
    send(page)
    expect(page.locator("[data-send-note]")).to_contain_text("正在重试")
    page.reload()
    page.unroute(REPORTS, lose)
    return numbers[0]


@pytest.fixture
def received_page(report_page):
    """The report page after its report arrived, the answer was lost, and the title was changed and sent."""
    page = report_page.page
    fill_in(page, title="答复丢失之前的标题")
    number = lose_the_answer(page)
    expect(page.locator("[data-unit]")).to_have_text(re.compile("网格$"))
    page.fill("#title", "答复丢失之后的标题")
    send(page)
    expect(page.locator("[data-received-words]")).to_contain_text(number)
    return report_page, number


def test_a_changed_report_whose_first_version_arrived_leads_to_that_case(received_page):
    visitor, number = received_page
    page = visitor.page
    expect(page.locator("#title")).to_have_value("答复丢失之后的标题")
    expect(page.locator("[data-send]")).to_be_hidden()
    visitor.keep_picture("report-received")
    visitor.check_page()
    page.reload()
    expect(page.locator("[data-received-words]")).to_contain_text(number)
    page.click("[data-received-link]")
    expect(page.locator(".case-number")).to_have_text(number)
    expect(page.locator("h1")).to_have_text("答复丢失之前的标题")


def test_return_in_a_field_decides_nothing_about_a_report_received_already(received_page):
    page = received_page[0].page
    sent = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    page.press("#title", "Enter")
    page.click("[data-discard]")
    expect(page.locator("#report-done")).to_be_visible()
    assert not sent


def test_changed_words_can_be_sent_as_another_dispute(received_page):
    visitor, number = received_page
    page = visitor.page
    page.click("[data-send-anew]")
    done = page.locator("#report-done")
    expect(done).to_be_visible()
    assert done.locator("[data-case-number]").inner_text() != number
    visitor.open("/report")
    expect(page.locator("#title")).to_have_value("")


def test_a_report_received_already_can_be_let_go_and_the_next_one_is_taken(received_page):
    visitor, number = received_page
    page = visitor.page
    page.click("[data-discard]")
    expect(page.locator("[data-case-number]")).to_have_text(number)
    visitor.open("/report")
    expect(page.locator("#title")).to_have_value("")
    expect(page.locator("[data-received]")).to_be_hidden()
    expect(page.locator("[data-unit]")).to_have_text(re.compile("网格$"))
    fill_in(page, title="另一件新的纠纷")
    with page.expect_response(REPORTS) as answer:
        send(page)
    assert answer.value.status == 201
    assert answer.value.json()["case_number"] != number


def test_errors_of_the_server_stand_beside_their_fields(report_page):
    page = report_page.page
    fill_in(page)
    page.evaluate("document.querySelector('#occurred').value = '2999-01-01T00:00'")
    send(page)
    field_error = page.locator("[data-error-for=occurred_at]")
    expect(field_error).to_have_text("发生时间在将来。")
    expect(field_error).to_be_visible()
    report_page.keep_picture("report-field-error")


def test_the_error_of_a_field_goes_when_the_field_is_mended(report_page):
    page = report_page.page
    send(page)
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


def test_an_everyday_word_finds_the_category(report_page):
    page = report_page.page
    page.fill("[data-category-search]", "噪音")
    page.click("[data-category-list] button >> nth=0")
    expect(page.locator("#category")).to_have_value("0203")


def test_a_lost_session_keeps_the_words_and_leads_back(demo_server, report_page, worker):
    page = report_page.page
    fill_in(page, title="会话结束也不能丢")
    page.click("text=当事人 >> nth=0")
    page.fill("[name=party_name]", "不应保存的姓名")
    page.context.clear_cookies()
    send(page)
    expect(page.locator("[data-failure]")).to_contain_text("请重新登录")
    report_page.keep_picture("report-signed-out")
    page.click("[data-sign-in]")
    page.fill("#id_username", worker.username)
    page.fill("#id_password", worker.password)
    page.press("#id_password", "Enter")
    expect(page.locator("#title")).to_have_value("会话结束也不能丢")
    expect(page.locator("#category")).to_have_value("0402")
    kept = page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})")
    assert "不应保存的姓名" not in kept


def test_the_draft_of_one_account_is_not_shown_to_the_next(demo_server, visit, worker):
    other = demo_server.login("community_mediator")
    visitor = visit("phone", position=middle(demo_server, worker)).sign_in(worker).open("/report")
    page = visitor.page
    page.fill("#description", "前一个人写的")
    page.click(".account button")
    page.click("text=退出登录")
    visitor.sign_in(other).open("/report")
    expect(page.locator("#description")).to_have_value("")


def test_the_pin_can_be_placed_by_keyboard(demo_server, visit, worker):
    page = visit("desk").sign_in(worker).open("/report").page
    expect(page.locator("[data-unit]")).to_have_text("请在地图上点出位置")
    page.focus("#report-map")
    with page.expect_response("**/api/v1/locate?*"):
        page.keyboard.press("Enter")
    expect(page.locator("#report-map .map-pin")).to_be_visible()


def test_a_key_is_made_also_where_the_browser_has_no_random_uuid(visit):
    page = visit("phone").open("/sign-in").page
    key = page.evaluate(
        """async () => {
            Object.defineProperty(crypto, "randomUUID", { value: undefined });
            return (await import("/static/incidents/report_draft.js")).newKey();
        }"""
    )
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", key)
