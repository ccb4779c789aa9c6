"""How soon the report page can be used on a phone with a slow network, and how much comes over it.

    .venv/bin/python -m tests.benchmarks.report_page [--times 5]

Slow 3G as Chromium emulates it: 400 kbit/s, 400 ms from request to answer, a processor four times slower. The
first load begins with an empty cache and a worker signed in, and ends when nothing more is asked for: with
the areas of the worker's community, the map, and what the service worker keeps. The second is without a
network. The demonstration is loaded into a database of its own, which is dropped at the end.
"""

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from tests.conftest import DemoServer
from tests.faults.ground import failing_ground

BYTES_PER_S = 400_000 / 8
SLOW = {
    "offline": False, "latency": 400, "downloadThroughput": BYTES_PER_S, "uploadThroughput": BYTES_PER_S,
}  # fmt: skip
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "locale": "zh-CN"}
SLOWER_PROCESSOR = 4
READY = "form#report[data-ready]"


class Network:
    """Bytes that came over the network to the page, headers included, by address."""

    def __init__(self, page: Page):
        self.bytes: Counter[str] = Counter()
        self._addresses: dict[str, str] = {}
        self.session: CDPSession = page.context.new_cdp_session(page)
        self._listen(self.session)

    def _listen(self, session: CDPSession) -> None:
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.loadingFinished", self._came)
        session.send("Network.enable")

    def _asked(self, event: dict) -> None:
        self._addresses[event["requestId"]] = urlsplit(event["request"]["url"]).path

    def _came(self, event: dict) -> None:
        self.bytes[self._addresses.get(event["requestId"], "?")] += int(event["encodedDataLength"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=5)
    times = parser.parse_args().times
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "gridgov.settings.test",
        "GRIDGOV_TEST_DATABASE": "gridgov_benchmark_report_page",
    }
    with (
        tempfile.TemporaryDirectory() as folder,
        failing_ground(Path(folder), Path(folder), "alone") as ground,
        sync_playwright() as playwright,
    ):
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        figures = [_measure(browser, ground.demo, say=not number) for number in range(times)]
        browser.close()
    names = ("usable s", "second load offline s", "kB")
    for name, values in zip(names, zip(*figures, strict=True), strict=True):
        each = " ".join(f"{value:.2f}" for value in values)
        print(f"{name:24}{statistics.median(values):8.2f}   of {each}")


def _measure(browser: Browser, demo: DemoServer, *, say: bool) -> tuple[float, float, float]:
    """Seconds until the form is usable, those of a second load without network, kB of the first."""
    context = browser.new_context(**PHONE)
    try:
        _sign_in(context, demo)
        page = context.new_page()
        network = Network(page)
        network.session.send("Network.emulateNetworkConditions", SLOW)
        network.session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_PROCESSOR})
        first = _seconds_until_usable(page, demo.base_url)
        page.wait_for_load_state("networkidle", timeout=120_000)
        kept = page.evaluate("navigator.serviceWorker.ready.then(() => performance.now())") / 1000
        page.wait_for_load_state("networkidle", timeout=120_000)
        if say:
            print(f"kept for use without network after {kept:.1f} s")
            for address, count in network.bytes.most_common():
                print(f"{count / 1000:8.1f} kB  {address}")
        kilobytes = network.bytes.total() / 1000
        context.set_offline(True)
        return first, _seconds_until_usable(page, demo.base_url), kilobytes
    finally:
        context.close()


def _sign_in(context: BrowserContext, demo: DemoServer) -> None:
    """By a request beside the browser's cache."""
    worker = demo.login("grid_worker")
    answer = context.request.post(
        f"{demo.base_url}/api/v1/session",
        data={"username": worker.username, "password": worker.password},
    )
    assert answer.ok, answer.text()


def _seconds_until_usable(page: Page, base_url: str) -> float:
    began = time.perf_counter()
    page.goto(f"{base_url}/report", wait_until="commit")
    page.wait_for_selector(READY, state="attached", timeout=60_000)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
