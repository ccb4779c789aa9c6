"""The report page on the phone: it opens without a network, changes its version without losing anything, and
nothing is kept that is not ours."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.faults import kinds
from tests.faults.ground import failing_ground
from tests.faults.proxy import BLANK_PAGE

pytestmark = pytest.mark.browser

READY = "form#report[data-ready]"
KEPT = "() => caches.keys()"
FORGET = """async () => {
  for (const name of await caches.keys()) await caches.delete(name);
  for (const mine of await navigator.serviceWorker.getRegistrations()) await mine.unregister();
}"""
# Resolves with the state that a worker registered now comes to, or with "refused".
REGISTER = """async () => {
  const { installing } = await navigator.serviceWorker.register("/report/service-worker.js?language=zh-hans",
    { scope: "/report" });
  return new Promise((settle) => installing.addEventListener("statechange", () => settle(installing.state)));
}"""


@pytest.fixture(scope="module")
def ground(tmp_path_factory, worker_id):
    alone = worker_id == "master"
    everybodys = tmp_path_factory.getbasetemp() if alone else tmp_path_factory.getbasetemp().parent
    with failing_ground(tmp_path_factory.mktemp("installed"), everybodys, f"{worker_id}-installed") as made:
        yield made


@pytest.fixture
def phone(visit, ground):
    """A browser at the proxy's address, with a worker signed in."""
    visitor = visit("phone")
    visitor.base_url = ground.proxy.base_url
    yield visitor.sign_in(ground.workers()[0])
    ground.proxy.heal()


def open_and_keep(phone: Visitor) -> Page:
    """The report page, with its service worker at work."""
    phone.open("/report")
    expect(phone.page.locator(READY)).to_be_attached()
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return phone.page


def write(page: Page, title: str) -> None:
    """A report as a draft, kept."""
    page.fill("[name=title]", title)
    expect(draft(page, title)).to_be_attached()


def draft(page: Page, title: str):
    return page.locator("[data-report]", has_text=title)


def test_the_page_opens_with_its_icons_and_takes_a_report_without_any_network(phone, ground):
    page = open_and_keep(phone)
    ground.proxy.everything(kinds.refused)

    page.reload()

    expect(page.locator(READY)).to_be_attached()
    write(page, "没有网络时写的")
    fonts = "document.fonts.load('1rem bootstrap-icons', '\\uf6b9').then((found) => found.length)"
    assert page.evaluate(fonts) == 1


def test_a_new_version_waits_for_the_worker_and_keeps_what_is_written(phone, ground):
    page = open_and_keep(phone)
    write(page, "更新前写的")
    first = page.evaluate(KEPT)

    ground.server.kill()
    ground.server.environment["GRIDGOV_SEND_TIMEOUT_S"] = "7"  # the page says so: it is another version
    ground.server.start()
    page.evaluate("navigator.serviceWorker.getRegistration('/report').then((mine) => mine.update())")
    expect(page.locator("[data-action=update]")).to_be_visible()
    assert page.locator("form#report").get_attribute("data-send-timeout-ms") != "7000"
    with page.expect_navigation():
        page.click("[data-action=update]")

    expect(page.locator(READY)).to_be_attached()
    assert page.locator("form#report").get_attribute("data-send-timeout-ms") == "7000"
    expect(draft(page, "更新前写的")).to_be_attached()
    second = page.evaluate(KEPT)
    assert len(second) == 1
    assert second != first


@pytest.mark.parametrize("path", [r"/report", r"/static/leaflet/leaflet\..*\.js", "/jsi18n/"])
def test_of_a_captive_portal_nothing_is_kept(phone, ground, path):
    page = open_and_keep(phone)
    phone.open(BLANK_PAGE)  # no page of the worker, which would keep it
    page.evaluate(FORGET)
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    ground.proxy.on(kinds.portal, "GET", path, None)

    assert page.evaluate(REGISTER) == "redundant"
    assert page.evaluate(KEPT) == []

    ground.proxy.heal()
    assert page.evaluate(REGISTER) == "installed"


def test_the_worker_answers_no_post_and_nothing_of_the_api(phone):
    page = open_and_keep(phone)
    page.reload()

    asked = [("POST", "/api/v1/session"), ("POST", "/report"), ("GET", "/api/v1/reporting/probe")]
    for method, path in asked:
        with page.expect_response(lambda answer, path=path: answer.url.endswith(path)) as caught:
            page.evaluate("([method, path]) => fetch(path, { method })", [method, path])
        assert not caught.value.from_service_worker, (method, path)


def test_the_page_works_where_there_is_no_service_worker(phone, ground):
    phone.page.add_init_script("delete Navigator.prototype.serviceWorker")
    phone.open("/report")

    expect(phone.page.locator(READY)).to_be_attached()
    assert phone.page.evaluate("navigator.serviceWorker === undefined")
    write(phone.page, "微信里写的")
    assert not phone.complaints


def test_the_page_changes_to_the_language_that_was_chosen_elsewhere(phone):
    page = open_and_keep(phone)
    phone.page.context.add_cookies([{"name": "django_language", "value": "en", "url": phone.base_url}])

    page.reload()

    expect(page.locator("html[lang=en]")).to_be_attached()
    expect(page.locator(READY)).to_be_attached()
