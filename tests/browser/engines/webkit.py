"""Debian's WebKitGTK: MiniBrowser, by WebKitWebDriver, on a display of its own.

MiniBrowser is started here, not by the driver, whose session ends when the process that shows pages is
killed: a new driver then goes on with the same browser, and so with the same storage.
"""

import json
import os
import socket
import subprocess
import time
import warnings
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import urllib3
from selenium.common.exceptions import JavascriptException, TimeoutException, WebDriverException
from selenium.webdriver import WebKitGTK as Driver
from selenium.webdriver import WebKitGTKOptions
from selenium.webdriver.webkitgtk.service import Service

from tests.browser.engines import processes
from tests.browser.engines.errors import BrowserGone, ScriptFailed
from tests.browser.engines.scripts import FORGET_ORIGIN, opened, wrapped

START_WITHIN_S = 30
CALL_WITHIN_S = 30
FOLDERS = {"XDG_DATA_HOME": "data", "XDG_CACHE_HOME": "cache", "XDG_CONFIG_HOME": "config", "HOME": "home"}
QUIET = {"GDK_BACKEND": "x11", "LIBGL_ALWAYS_SOFTWARE": "1", "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
         "NO_AT_BRIDGE": "1"}  # fmt: skip


class WebKitGTK:
    name = "webkitgtk"
    cannot = {
        "kill": "under automation MiniBrowser keeps its storage in memory: only its tabs can be killed",
        "limit_storage": "it has no way to set a quota",
        "set_offline": "it has no switch for that",
        "set_position": "there is no geoclue here",
    }

    def __init__(self, profile: Path):
        self.profile = profile
        self._display: subprocess.Popen | None = None
        self._browser: subprocess.Popen | None = None
        self._service: Service | None = None
        self._driver: Driver | None = None
        self._tabs: list[str] = []

    def start(self) -> None:
        """Start, with an empty storage."""
        folders = {name: str(self.profile / folder) for name, folder in FOLDERS.items()}
        for folder in folders.values():
            Path(folder).mkdir(parents=True, exist_ok=True)
        if self._display is None:
            self._start_display()
        self._port = _free_port()
        inspector = {"DISPLAY": self._screen, "WEBKIT_INSPECTOR_SERVER": f"127.0.0.1:{self._port}"}
        program = next(Path("/usr/lib").glob("*/webkit2gtk-4*/MiniBrowser"))
        self._browser = processes.start(
            [str(program), "--automation"], self.profile / "output.log", folders | QUIET | inspector
        )
        _wait_for_port(self._port)
        self._connect()

    def open(self, url: str) -> None:
        """Go there and wait until it is loaded."""
        with _told():
            self._driver.get(url)

    def run(self, script: str, *args, timeout_s: float = CALL_WITHIN_S):
        """What `script`, the body of an async function of `args`, returns (as JSON)."""
        with _told():
            self._driver.set_script_timeout(timeout_s)
            return opened(self._driver.execute_async_script(wrapped(script), json.dumps(args)))

    def new_tab(self, url: str) -> int:
        """Another tab with the same storage, which is used from now on; gives its number."""
        with _told():
            self._driver.switch_to.new_window("tab")
            self._tabs.append(self._driver.current_window_handle)
        self.open(url)
        return len(self._tabs) - 1

    def use_tab(self, number: int) -> None:
        with _told():
            self._driver.switch_to.window(self._tabs[number])

    def close_tab(self) -> None:
        """Close the tab in use, unless it is the last, and go on with the first."""
        with _told():
            self._tabs.remove(self._driver.current_window_handle)
            self._driver.close()
        self.use_tab(0)

    def kill(self) -> None:
        """kill -9 of the browser and its driver. What it stored is lost: see `cannot`."""
        processes.kill_group(self._browser)
        self._disconnect()

    def end(self) -> None:
        """kill -9 of all its processes, from any thread; its own has to call `kill` afterwards."""
        processes.kill_group(self._browser)

    def crash(self) -> None:
        """kill -9 of the processes that show pages; storage is in another. May come from any thread."""
        processes.kill_matching(self._browser, "WebKitWebProcess")

    def kill_tab(self) -> None:
        """`crash`, then a session with what is left."""
        self.crash()
        self._disconnect()
        self._connect()

    def close(self) -> None:
        if self._driver is not None:
            self.kill()
        if self._display is not None:
            processes.kill_group(self._display)
            self._display = None

    def forget_origin(self, origin: str) -> None:
        """All that pages of `origin`, of which one is open, keep here, but for cookies."""
        self.run(FORGET_ORIGIN)

    def _connect(self) -> None:
        options = WebKitGTKOptions()
        options.set_capability("browserName", "MiniBrowser")
        self._service = Service(
            "/usr/bin/WebKitWebDriver", service_args=[f"--target=127.0.0.1:{self._port}"],
            log_output=str(self.profile / "driver.log"), popen_kw={"start_new_session": True},
        )  # fmt: skip
        with _told(), warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # selenium's, of what it does itself
            self._driver = Driver(options=options, service=self._service)
            self._tabs = [self._driver.current_window_handle]

    def _disconnect(self) -> None:
        if self._driver is not None:
            processes.kill_group(self._service.process)
            self._driver.command_executor.close()
            self._driver = None

    def _start_display(self) -> None:
        reading, writing = os.pipe()
        self._display = processes.start(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", "400x800x24", "-nolisten", "tcp"],
            self.profile / "display.log", pass_fds=[writing],
        )  # fmt: skip
        os.close(writing)
        with os.fdopen(reading) as number:
            self._screen = f":{number.readline().strip()}"


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for_port(port: int) -> None:
    until = time.monotonic() + START_WITHIN_S
    while time.monotonic() < until:
        with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), 1)):
            return
        time.sleep(0.05)
    raise BrowserGone("MiniBrowser did not start")


@contextmanager
def _told():
    try:
        yield
    except (JavascriptException, TimeoutException) as thrown:
        raise ScriptFailed(str(thrown)) from thrown
    except (WebDriverException, urllib3.exceptions.HTTPError, OSError, AttributeError) as gone:
        raise BrowserGone(str(gone)) from gone
