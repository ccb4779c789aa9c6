"""A real Chromium on the demonstration: phone and desk, a position in the district, screenshots, axe."""

import shutil
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import ROOT, Login

SCREENSHOTS = ROOT / "var" / "screenshots"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DESK = {"viewport": {"width": 1440, "height": 900}}
# What axe finds of these kinds keeps somebody from doing their work.
BLOCKING = {"serious", "critical"}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The system's Chromium. Without its sandbox, since tests may run as root or in a container."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    return {**browser_type_launch_args, "executable_path": chromium, "args": ["--no-sandbox"]}


SESSION = "sessionid"
# Server and username -> the cookie of a session there.
_SESSIONS: dict[tuple[str, str], list] = {}


class Visitor:
    """Somebody at a browser."""

    def __init__(self, page: Page, base_url: str, name: str):
        self.page = page
        self.base_url = base_url
        self.name = name
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message) -> None:
        """Errors on the console, also of the content security policy; refused requests are the test's own."""
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def sign_in(self, login: Login) -> "Visitor":
        """By the page the first time, later with the session from then: the page has tests of its own."""
        if kept := _SESSIONS.get((self.base_url, login.username)):
            self.page.context.add_cookies(kept)
            self.open("/")
            if self.page.url == f"{self.base_url}/":
                return self
            self.page.context.clear_cookies()
        self.open("/sign-in")
        self.page.fill("#id_username", login.username)
        self.page.fill("#id_password", login.password)
        self.page.press("#id_password", "Enter")
        expect(self.page).to_have_url(f"{self.base_url}/")
        cookies = self.page.context.cookies()
        _SESSIONS[self.base_url, login.username] = [each for each in cookies if each["name"] == SESSION]
        return self

    def open(self, path: str) -> "Visitor":
        self.page.goto(self.base_url + path)
        return self

    def keep_picture(self, name: str) -> None:
        """A screenshot under var/screenshots/, once everything that was asked for has come."""
        self.page.wait_for_load_state("networkidle")
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}-{self.name}.png")

    def check_page(self) -> None:
        """Nothing wider than the screen, nothing on the console, nothing that axe calls serious."""
        self.page.wait_for_load_state("networkidle")
        # Not innerWidth: a phone's browser widens that to what overflows.
        wider = self.page.evaluate("document.documentElement.scrollWidth") - self.page.viewport_size["width"]
        assert wider <= 0, f"{self.page.url}: {wider} px wider than the screen"
        assert not self.complaints
        assert not self.axe_findings()

    def axe_findings(self) -> list[str]:
        # Evaluated by the debugger, so that the page's content security policy stays as it is.
        self.page.evaluate(AXE.read_text())
        results = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{found['id']}: {node['html'][:200]} {node.get('failureSummary', '')}"
            for found in results["violations"]
            if found["impact"] in BLOCKING
            for node in found["nodes"]
        ]


@pytest.fixture
def visit(browser, demo_server) -> Callable[..., Visitor]:
    """`visit("phone", position=(lon, lat))`: a browser of its own, Chinese and in Guangzhou."""
    contexts = []

    def open_browser(kind: str = "phone", *, position=None, accuracy_m=10.0, **options) -> Visitor:
        size = {"phone": PHONE, "desk": DESK}[kind]
        where = {}
        if position:
            lon, lat = position
            where = {
                "geolocation": {"longitude": lon, "latitude": lat, "accuracy": accuracy_m},
                "permissions": ["geolocation"],
            }
        settings = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", **size, **where, **options}
        contexts.append(browser.new_context(**settings))
        return Visitor(contexts[-1].new_page(), demo_server.base_url, kind)

    yield open_browser
    for context in contexts:
        context.close()
