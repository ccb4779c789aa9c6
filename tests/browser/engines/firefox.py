"""Debian's Firefox, by its marionette."""

import json
import shutil
import socket
import subprocess
import time
import warnings
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from tests.browser.engines import processes
from tests.browser.engines.errors import BrowserGone, ScriptFailed
from tests.browser.engines.scripts import FORGET_ORIGIN, opened, wrapped

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # of what it imports, at once
    from marionette_driver.errors import (
        JavascriptException,
        MarionetteException,
        NoSuchWindowException,
        ScriptTimeoutException,
    )
    from marionette_driver.marionette import Marionette

START_WITHIN_S = 60
CALL_WITHIN_S = 30
PREFERENCES = {
    "browser.shell.checkDefaultBrowser": False,
    "browser.tabs.crashReporting.sendReport": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.startup.max_resumed_crashes": -1,  # it is killed on purpose, again and again
    "browser.sessionstore.resume_from_crash": False,
    "intl.accept_languages": "zh-CN",
    "permissions.default.geo": 1,
    "dom.min_background_timeout_value": 4,
}


class Firefox:
    name = "firefox"
    cannot = {
        "limit_storage": "its quota follows the size of the disk, and no setting changes that for a test",
        "set_offline": "it goes on reaching this machine's own addresses when it is offline",
    }

    def __init__(self, profile: Path):
        self.profile = profile
        self._process: subprocess.Popen | None = None
        self._driver: Marionette | None = None
        self._tabs: list[str] = []
        self._position = ""

    def start(self) -> None:
        """Start, or start again with what the profile kept."""
        self.profile.mkdir(parents=True, exist_ok=True)
        (self.profile / "lock").unlink(missing_ok=True)
        port = _free_port()
        wanted = {**PREFERENCES, "marionette.port": port, "geo.provider.network.url": self._position}
        lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in wanted.items())
        (self.profile / "user.js").write_text("".join(lines))
        program = shutil.which("firefox-esr") or "firefox"
        command = [program, "--headless", "--marionette", "--remote-allow-system-access", "--no-remote",
                   "--profile", str(self.profile), "about:blank"]  # fmt: skip
        home = self.profile / "home"
        home.mkdir(exist_ok=True)
        self._process = processes.start(command, self.profile / "output.log", {"HOME": str(home)})
        self._driver = self._connected(port)
        self._tabs = [self._driver.current_window_handle]

    def open(self, url: str) -> None:
        """Go there and wait until it is loaded."""
        with _told():
            self._driver.navigate(url)

    def run(self, script: str, *args, timeout_s: float = CALL_WITHIN_S):
        """What `script`, the body of an async function of `args`, returns (as JSON)."""
        with _told():
            self._driver.timeout.script = timeout_s
            outcome = self._driver.execute_async_script(wrapped(script), [json.dumps(args)], sandbox=None)
        return opened(outcome)

    def new_tab(self, url: str) -> int:
        """Another tab of the same profile, which is used from now on; gives its number."""
        with _told():
            self._tabs.append(self._driver.open(type="tab", focus=True)["handle"])
        self.use_tab(len(self._tabs) - 1)
        self.open(url)
        return len(self._tabs) - 1

    def use_tab(self, number: int) -> None:
        with _told():
            self._driver.switch_to_window(self._tabs[number], focus=True)

    def close_tab(self) -> None:
        """Close the tab in use, unless it is the last, and go on with the first."""
        with _told():
            self._tabs.remove(self._driver.current_window_handle)
            self._driver.close()
        self.use_tab(0)

    def kill(self) -> None:
        """kill -9 of the whole browser; `start` opens it again."""
        processes.kill_group(self._process)
        self._forget_connection()

    def end(self) -> None:
        """kill -9 of all its processes, from any thread; its own has to call `kill` afterwards."""
        processes.kill_group(self._process)

    def crash(self) -> None:
        """kill -9 of everything: marionette does not outlive those that show pages. From any thread."""
        processes.kill_group(self._process)

    def kill_tab(self) -> None:
        """`crash`, then the browser as the person would open it."""
        self.kill()
        self.start()

    def close(self) -> None:
        if self._process is not None:
            self.kill()

    def set_position(self, origin: str, lon: float, lat: float, accuracy_m: float = 8) -> None:
        answer = {"location": {"lat": lat, "lng": lon}, "accuracy": accuracy_m}
        self._position = f"data:application/json,{json.dumps(answer)}"
        if self._driver is not None:
            self._driver.set_pref("geo.provider.network.url", self._position)

    def forget_origin(self, origin: str) -> None:
        """All that pages of `origin`, of which one is open, keep here, but for cookies."""
        self.run(FORGET_ORIGIN)

    def _connected(self, port: int) -> Marionette:
        until = time.monotonic() + START_WITHIN_S
        while time.monotonic() < until and self._process.poll() is None:
            with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), 1)):
                break
            time.sleep(0.05)
        driver = Marionette(host="127.0.0.1", port=port, socket_timeout=2 * CALL_WITHIN_S)
        with _told():
            driver.start_session({"pageLoadStrategy": "normal"})
        return driver

    def _forget_connection(self) -> None:
        driver, self._driver = self._driver, None
        if driver is not None and driver.client is not None:
            with suppress(OSError):
                driver.client.close()


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def _told():
    try:
        yield
    except (JavascriptException, ScriptTimeoutException) as thrown:
        raise ScriptFailed(str(thrown)) from thrown
    except (NoSuchWindowException, OSError, AttributeError) as gone:
        raise BrowserGone(str(gone)) from gone
    except MarionetteException as other:
        raise ScriptFailed(str(other)) from other
