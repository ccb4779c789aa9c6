"""The fault matrix: what goes wrong on the way of a report, in each of three browsers.

In every row the report arrives once, as it was written, and the phone says meanwhile how it stands.
"""

import gc
import io
import os
import threading
import warnings
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from PIL import Image

from tests.browser.engines import ENGINES
from tests.browser.places import middle
from tests.conftest import Login
from tests.faults import kinds
from tests.faults.ground import SEND_TIMEOUT_S, Ground, failing_ground
from tests.faults.report_page import ReportPage
from tests.faults.wire import Message

# What drives Firefox leaves its socket to the garbage collector when the browser is killed.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")]

REPORT = r"/api/v1/disputes"
PHOTO = r"/api/v1/disputes/[^/]+/photos/[^/]+"
SENT, WAITING, NEEDS_YOU = "sent", "waiting", "needs_you"
_numbers = count(1)


@dataclass
class Phone:
    """One browser with one worker signed in, used by one row after the other."""

    ground: Ground
    page: ReportPage
    worker: Login
    written: dict = field(default_factory=dict)

    @property
    def proxy(self):
        return self.ground.proxy

    @property
    def browser(self):
        return self.page.browser

    def write(self, *, photos: tuple[int, ...] = (), **fields) -> str:
        """A report in the form; gives its title."""
        title = f"故障{next(_numbers):04d}:楼道灯坏了三天没人修"
        self.written = {
            "title": title, "description": "已反映两次,未解决。\n第二行:“引号”与 emoji 🚧。",
            "category": "0402", "people_involved": "3", "address": "竹园路 12 号 3 栋",
        } | fields  # fmt: skip
        self.page.write(**self.written, photos=photos)
        return title

    def report(self, **given) -> str:
        title = self.write(**given)
        self.page.send()
        return title

    def in_the_end(self, title: str, photos: int = 0) -> dict:
        """Once, as written, and said so. Gives the dispute."""
        self.page.until_state(title, SENT)
        found = self.ground.arrived(title)
        assert [row["title"] for row in found] == [title]
        (dispute,) = found
        assert dispute["case_number"] == self.page.case_number(title)
        assert {name: dispute[column] for name, column in COLUMNS.items()} == self.as_written()
        assert dispute["worker"] == self.worker.username
        assert (len(dispute["photos"]), dispute["photos_expected"]) == (photos, photos)
        assert self.page.unsent() == 0
        return dispute

    def reopen(self) -> None:
        """The page after its browser was killed, which may not have come to keeping the session's cookie."""
        self.page.load()
        self.page.sign_in_if_asked(self.worker)
        self.page.ready()

    def as_written(self) -> dict:
        return {name: self.written[name] for name in COLUMNS} | {
            "people_involved": int(self.written["people_involved"])
        }


COLUMNS = {
    "title": "title", "description": "description", "category": "category",
    "people_involved": "people_involved", "address": "address_text",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """`fault` says what goes wrong. `cannot`: a browser that cannot be made to do that, and why."""

    fault: str
    happens: Callable[[Phone], None]
    cannot: dict[str, str] = field(default_factory=dict)


MATRIX: list[Row] = []


def row(fault: str, **cannot: str):
    """Put a function in the matrix as the row `fault`."""

    def add(happens: Callable[[Phone], None]):
        MATRIX.append(Row(fault, happens, cannot))
        return happens

    return add


def on_the_way(
    fault: str, meets: kinds.Fault, *, where: str = REPORT, shows: str = WAITING, photos: int = 0
) -> None:
    """A row in which one request meets something, and the next one gets through, without anybody's doing."""

    def happens(phone: Phone) -> None:
        phone.proxy.on(meets, "PUT" if where == PHOTO else "POST", where)
        title = phone.report(photos=tuple(range(photos)))
        phone.page.until_state(title, shows)
        phone.in_the_end(title, photos)

    row(fault)(happens)


def of_the_network(fault: str, meets: kinds.Fault, *, connection: str) -> None:
    """A row in which nothing gets through until the network is another."""

    def happens(phone: Phone) -> None:
        phone.proxy.everything(meets)
        title = phone.report()
        phone.page.until_connection(connection)
        phone.page.until_state(title, WAITING)
        assert not phone.ground.arrived(title)
        phone.proxy.heal()
        phone.page.network_is_back()
        phone.page.until_connection("online")
        phone.in_the_end(title)

    row(fault)(happens)


of_the_network("no network", kinds.refused, connection="offline")
of_the_network("a captive portal's page with status 200 for everything", kinds.portal, connection="portal")
of_the_network("a captive portal's redirect for everything", kinds.portal_redirect, connection="portal")
of_the_network("502 for everything, the probe too", kinds.bare(502), connection="server")

on_the_way("reset before the server saw it", kinds.refused)
on_the_way("time-out before the server saw it", kinds.unheard)
on_the_way("reset after the server committed", kinds.lost_answer)
on_the_way("time-out after the server committed", kinds.silent_answer)
on_the_way("the answer later than the phone waits", kinds.late(SEND_TIMEOUT_S + 0.5))
on_the_way("the answer cut half-way", kinds.cut_answer)
on_the_way("a portal's page with 200 for the report alone", kinds.portal)
on_the_way("a portal's redirect for the report alone", kinds.portal_redirect)
on_the_way("other JSON with 200", kinds.wrong_json)
on_the_way("the receipt of another report", kinds.other_receipt)
on_the_way("401 on the way, though the session lives", kinds.problem(401, "not_signed_in"))
on_the_way("500", kinds.problem(500, "server_error"))
on_the_way("503 in HTML", kinds.bare(503))
on_the_way("504 in HTML", kinds.bare(504))
on_the_way("a photo's answer lost after the server kept it", kinds.lost_answer, where=PHOTO, photos=2)
on_the_way("a photo's answer cut", kinds.cut_answer, where=PHOTO, photos=1)
on_the_way("503 for a photo", kinds.bare(503), where=PHOTO, photos=1)
on_the_way("a photo times out before the server saw it", kinds.unheard, where=PHOTO, photos=1)


@row("429 with Retry-After")
def too_many(phone: Phone) -> None:
    phone.proxy.on(kinds.problem(429, "throttled", retry_after_s=2))
    title = phone.report()
    phone.page.until_state(title, WAITING)
    phone.in_the_end(title)
    first, second = posts(phone, title)
    assert second.at - first.at >= 2


@row("the session has ended: sign in again in place")
def session_ended(phone: Phone) -> None:
    title = phone.write()
    phone.ground.change("DELETE FROM django_session")
    phone.page.send()
    phone.page.until_connection("signed_out")
    phone.page.until_state(title, WAITING)
    phone.page.sign_in_here(phone.worker)
    phone.in_the_end(title)


@row("403 once, as for an old CSRF token: asked again with a new one")
def token_gone(phone: Phone) -> None:
    phone.proxy.on(kinds.problem(403, "forbidden"))
    title = phone.report()
    phone.in_the_end(title)
    assert len(posts(phone, title)) == 2


@row("403: refused, then allowed")
def refused_then_allowed(phone: Phone) -> None:
    phone.proxy.on(kinds.problem(403, "not_allowed"), times=2)
    title = phone.report()
    phone.page.until_state(title, NEEDS_YOU)
    assert phone.page.unsent() == 1
    phone.page.tap(title, "send-again")
    phone.in_the_end(title)


@row("409: changed after it had arrived unseen")
def key_reused(phone: Phone) -> None:
    rule = phone.proxy.on(kinds.lost_answer, times=None)
    title = phone.report()
    phone.proxy.wait_for(lambda seen: seen.status == 201 and seen.path == REPORT)
    phone.page.until_state(title, WAITING)
    phone.page.tap(title, "take-back")
    phone.page.edit(title)
    phone.page.write(description="后来改过的经过")
    rule.times = 0
    phone.page.send()
    phone.page.until_state(title, NEEDS_YOU)
    (dispute,) = phone.ground.arrived(title)
    assert dispute["description"] == phone.written["description"]
    assert phone.page.case_number(title) == dispute["case_number"]
    assert phone.page.unsent() == 1


@row("413 from a proxy, for the report")
def too_large(phone: Phone) -> None:
    phone.proxy.on(kinds.bare(413))
    title = phone.report()
    phone.page.until_state(title, NEEDS_YOU)
    phone.page.tap(title, "send-again")
    phone.in_the_end(title)


@row("413 for a photo: it is made smaller and sent")
def photo_too_large(phone: Phone) -> None:
    phone.proxy.on(kinds.bare(413), "PUT", PHOTO)
    title = phone.report(photos=(11,), photo_size=(1600, 1200))
    dispute = phone.in_the_end(title, photos=1)
    with Image.open(io.BytesIO(phone.ground.photo_file(dispute["photos"][0]).read_bytes())) as picture:
        assert picture.size == (1280, 960)


@row("422: kept for correction, with the field marked")
def corrected(phone: Phone) -> None:
    title = phone.report(occurred_at="2999-01-01T00:00")
    phone.page.until_state(title, NEEDS_YOU)
    phone.page.edit(title)
    phone.page.until_marked("occurred_at")
    phone.page.write(occurred_at="2026-11-20T08:30")
    phone.page.send()
    dispute = phone.in_the_end(title)
    assert dispute["occurred_at"] == datetime(2026, 11, 20, 0, 30, tzinfo=UTC)


NO_QUOTA = {
    "firefox": "its quota follows the size of the disk, and no setting changes that",
    "webkitgtk": "it has no way to set a quota",
}


@row("storage full when the page is opened", **NO_QUOTA)
def no_room_at_all(phone: Phone) -> None:
    with little_room(phone, 0):
        phone.page.open()
        title = phone.report()
        phone.in_the_end(title)


@contextmanager
def little_room(phone: Phone, size: int):
    """`size` more bytes for the page than it has kept already."""
    origin = phone.proxy.base_url
    phone.browser.limit_storage(origin, max(1, phone.page.bytes_kept() + size))
    try:
        yield
    finally:
        phone.browser.limit_storage(origin, None)


@row("IndexedDB closed under us")
def database_closed(phone: Phone) -> None:
    title = phone.write()
    phone.page.close_database()
    phone.page.write(address="竹园路 12 号 4 栋")
    phone.written["address"] = "竹园路 12 号 4 栋"
    phone.page.close_database()
    phone.page.send()
    phone.in_the_end(title)


@row("two tabs on one draft, both send")
def two_tabs(phone: Phone) -> None:
    title = phone.write()
    phone.page.until_kept("draft")
    second = phone.browser.new_tab(f"{phone.proxy.base_url}/report")
    phone.page.ready()
    phone.page.edit(title)
    phone.page.begin_to_send()
    phone.browser.use_tab(0)
    phone.page.begin_to_send()
    phone.page.go_on_sending()
    phone.browser.use_tab(second)
    phone.page.go_on_sending()
    phone.in_the_end(title)
    phone.browser.close_tab()
    phone.in_the_end(title)


@row("two tabs on one draft, both write")
def two_tabs_write(phone: Phone) -> None:
    title = phone.write()
    phone.page.until_kept("draft")
    phone.browser.new_tab(f"{phone.proxy.base_url}/report")
    phone.page.ready()
    phone.page.edit(title)
    phone.page.until_rewritten(lambda: phone.page.write(description="另一个页面写的"))
    phone.browser.close_tab()
    phone.page.send()
    phone.written["description"] = "另一个页面写的"
    phone.in_the_end(title)


def clock_wrong(hours: int) -> None:
    def happens(phone: Phone) -> None:
        phone.page.clock_wrong_by(hours)
        phone.page.forget_everything()
        phone.page.open()
        try:
            dispute = phone.in_the_end(phone.report())
        finally:
            phone.page.clock_wrong_by(0)
        assert abs(dispute["occurred_at"] - datetime.now(UTC)) < timedelta(minutes=3)

    row(f"the phone's clock wrong by {hours:+d} hours")(happens)


clock_wrong(+5)
clock_wrong(-7)


@row("the app is updated in the midst of the queue")
def updated(phone: Phone) -> None:
    phone.page.until_app_kept()
    phone.proxy.on(kinds.refused, times=None)
    title = phone.report()
    phone.page.until_state(title, WAITING)
    with phone.proxy.rewriting(as_next_version):
        phone.page.update_app()
    phone.page.until_state(title, WAITING)
    phone.proxy.heal()
    phone.page.network_is_back()
    phone.in_the_end(title)


@row("the tab is killed while writing")
def tab_killed_writing(phone: Phone) -> None:
    title = phone.write(photos=(21,))
    phone.page.until_kept("draft")
    phone.browser.kill_tab()
    phone.reopen()
    phone.page.edit(title)
    phone.page.send()
    phone.in_the_end(title, photos=1)


@row("the tab is killed while sending, before the server saw it")
def tab_killed_before(phone: Phone) -> None:
    phone.proxy.on(kinds.unheard)
    title = phone.report()
    phone.proxy.wait_for(lambda seen: seen.path == REPORT)
    phone.browser.kill_tab()
    phone.reopen()
    phone.in_the_end(title)


@row("the tab is killed while sending, after the server committed")
def tab_killed_after(phone: Phone) -> None:
    phone.proxy.on(kinds.silent_answer)
    title = phone.report(photos=(31,))
    phone.proxy.wait_for(lambda seen: seen.path == REPORT and seen.status == 201)
    phone.browser.kill_tab()
    phone.reopen()
    phone.in_the_end(title, photos=1)


@row("the browser is killed while sending", webkitgtk=ENGINES["webkitgtk"].cannot["kill"])
def browser_killed(phone: Phone) -> None:
    phone.proxy.on(kinds.silent_answer, "PUT", PHOTO)
    title = phone.report(photos=(41, 42))
    phone.proxy.wait_for(lambda seen: seen.method == "PUT" and seen.status == 201)
    phone.browser.kill()
    phone.browser.start()
    phone.reopen()
    phone.in_the_end(title, photos=2)


@row("the server is killed while it takes the report")
def server_killed(phone: Phone) -> None:
    killed = threading.Event()

    def kill() -> None:
        phone.ground.server.kill()
        killed.set()

    def see(seen) -> None:
        if seen.path == REPORT and seen.method == "POST":
            phone.proxy.witness = None
            threading.Timer(0.01, kill).start()  # it takes some 20 ms

    phone.proxy.witness = see
    title = phone.report()
    assert killed.wait(15)
    phone.page.until_state(title, WAITING, SENT)  # its answer may have left just before
    phone.ground.server.start()
    phone.page.network_is_back()
    phone.in_the_end(title)


def as_next_version(path: str, answer: Message) -> None:
    """What the server gives once it has been updated."""
    if path == "/report/service-worker.js":
        answer.body = answer.body.replace(b'"version": "', b'"version": "next-', 1)


def posts(phone: Phone, title: str) -> list:
    return [seen for seen in phone.proxy.log if seen.path == REPORT and title.encode() in seen.body]


@pytest.fixture(scope="module")
def ground(tmp_path_factory, worker_id):
    alone = worker_id == "master"
    everybodys = tmp_path_factory.getbasetemp() if alone else tmp_path_factory.getbasetemp().parent
    with failing_ground(tmp_path_factory.mktemp("faults"), everybodys, worker_id) as made:
        yield made


# Beside Chromium, for which every row is in every run: one row of each kind. GRIDGOV_EVERY_BROWSER=1 runs all
# rows in all browsers, which takes some four minutes more.
EVERYWHERE = {
    "no network",
    "reset after the server committed",
    "the answer cut half-way",
    "a photo's answer lost after the server kept it",
    "the session has ended: sign in again in place",
    "422: kept for correction, with the field marked",
    "IndexedDB closed under us",
    "the tab is killed while sending, after the server committed",
}
WHOLE = os.environ.get("GRIDGOV_EVERY_BROWSER") == "1"


@pytest.fixture(scope="module", params=ENGINES)
def phone(request, ground, tmp_path_factory):
    browser = ENGINES[request.param](tmp_path_factory.mktemp(request.param))
    worker = ground.workers()[list(ENGINES).index(request.param)]
    try:
        browser.start()
        page = ReportPage(browser, ground.proxy)
        page.stand_at(*middle(ground.demo, worker))
        page.sign_in(worker)
        yield Phone(ground, page, worker)
    finally:
        browser.close()
        with warnings.catch_warnings(action="ignore"):
            gc.collect()


@pytest.fixture
def fresh(phone):
    """The phone with nothing on it but the page, and a network that works."""
    phone.proxy.heal()
    phone.proxy.forget()
    phone.page.forget_everything()
    phone.reopen()
    return phone


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: row.fault)
def test_a_report_arrives_once_and_as_written_whatever_happens(row, phone, request):
    if reason := row.cannot.get(phone.browser.name):
        pytest.skip(reason)
    if not (WHOLE or phone.browser.name == "chromium" or row.fault in EVERYWHERE):
        pytest.skip("in every browser only with GRIDGOV_EVERY_BROWSER=1")
    row.happens(request.getfixturevalue("fresh"))
