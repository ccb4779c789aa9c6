"""Chromium, by its own protocol: one connection, a session for each tab.

Playwright hides the browser's process, and its synchronous interface allows one browser in a thread with
a Node for each; here many phones run side by side, and any of them is killed.
"""

import json
import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import websocket

from tests.browser.engines import processes
from tests.browser.engines.errors import BrowserGone, ScriptFailed

START_WITHIN_S = 30
CALL_WITHIN_S = 30
OPTIONS = (
    "--headless=new", "--no-sandbox", "--remote-debugging-port=0", "--no-first-run", "--disable-gpu",
    "--no-default-browser-check", "--disable-background-networking", "--disable-component-update",
    "--disable-extensions", "--disable-sync", "--mute-audio", "--window-size=360,740",
    "--lang=zh-CN", "--accept-lang=zh-CN",
    "--disable-features=Translate,MediaRouter,OptimizationHints", "--password-store=basic",
    # A tab that nobody looks at is slowed down; the phone of a test is always in a hand.
    "--disable-background-timer-throttling", "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows", "about:blank",
)  # fmt: skip


class Chromium:
    name = "chromium"
    cannot: dict[str, str] = {}

    def __init__(self, profile: Path):
        self.profile = profile
        self._process: subprocess.Popen | None = None
        self._socket: websocket.WebSocket | None = None
        self._tabs: list[tuple[str, str]] = []  # target, session
        self._tab, self._asked = 0, 0
        self._position: dict | None = None
        self._origin = ""  # whose pages may know it

    def start(self) -> None:
        """Start, or start again with what the profile kept."""
        self.profile.mkdir(parents=True, exist_ok=True)
        for left in ("SingletonLock", "SingletonSocket", "SingletonCookie", "DevToolsActivePort"):
            (self.profile / left).unlink(missing_ok=True)
        program = shutil.which("chromium") or shutil.which("chromium-browser") or "chromium"
        command = [program, f"--user-data-dir={self.profile}", *OPTIONS]
        self._process = processes.start(command, self.profile / "output.log")
        self._socket = websocket.create_connection(
            self._address(), timeout=CALL_WITHIN_S, suppress_origin=True, enable_multithread=False
        )
        targets = self._call("Target.getTargets")["targetInfos"]
        self._tabs = [self._attach(each["targetId"]) for each in targets if each["type"] == "page"][:1]
        self._tab = 0
        if self._origin:
            self._let_locate()

    def open(self, url: str) -> None:
        """Go there and wait until it is loaded."""
        answer = self._in_tab("Page.navigate", url=url)
        if answer.get("errorText"):
            raise ScriptFailed(f"{url}: {answer['errorText']}")
        self._until_loaded()

    def run(self, script: str, *args, timeout_s: float = CALL_WITHIN_S):
        """What `script`, the body of an async function of `args`, returns (as JSON)."""
        expression = f"(async (...args) => {{{script}\n}})(...{json.dumps(args)})"
        answer = self._in_tab(
            "Runtime.evaluate", timeout_s, expression=expression, awaitPromise=True, returnByValue=True,
            userGesture=True,
        )  # fmt: skip
        if "exceptionDetails" in answer:
            thrown = answer["exceptionDetails"]
            raise ScriptFailed(thrown.get("exception", {}).get("description") or str(thrown))
        return answer["result"].get("value")

    def new_tab(self, url: str) -> int:
        """Another tab of the same profile, which is used from now on; gives its number."""
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._tabs.append(self._attach(target))
        self.use_tab(len(self._tabs) - 1)
        self.open(url)
        return self._tab

    def use_tab(self, number: int) -> None:
        self._tab = number
        self._call("Target.activateTarget", targetId=self._tabs[number][0])

    def close_tab(self) -> None:
        """Close the tab in use, unless it is the last, and go on with the first."""
        target, _ = self._tabs.pop(self._tab)
        self._call("Target.closeTarget", targetId=target)
        self.use_tab(0)

    def kill(self) -> None:
        """kill -9 of the whole browser; `start` opens it again."""
        processes.kill_group(self._process)
        self._socket.shutdown()

    def end(self) -> None:
        """kill -9 of all its processes, from any thread; its own has to call `kill` afterwards."""
        processes.kill_group(self._process)

    def crash(self) -> None:
        """kill -9 of the processes that show pages. May come from another thread."""
        processes.kill_matching(self._process, "--type=renderer")

    def kill_tab(self) -> None:
        """The browser with it, as the person would open it anew.

        A new tab is given a process that the browser keeps in store, which dies with those of the tabs, and
        then may hang.
        """
        self.kill()
        self.start()

    def close(self) -> None:
        if self._process is not None:
            self.kill()

    def set_position(self, origin: str, lon: float, lat: float, accuracy_m: float = 8) -> None:
        self._position = {"longitude": lon, "latitude": lat, "accuracy": accuracy_m}
        self._origin = origin
        self._let_locate()
        for number in range(len(self._tabs)):
            self._locate(self._tabs[number][1])

    def _let_locate(self) -> None:
        """A leave that no profile keeps."""
        self._call("Browser.grantPermissions", origin=self._origin, permissions=["geolocation"])

    def set_offline(self, offline: bool) -> None:
        self._in_tab("Network.enable")
        self._in_tab(
            "Network.emulateNetworkConditions", offline=offline, latency=0,
            downloadThroughput=-1, uploadThroughput=-1,
        )  # fmt: skip

    def forget_origin(self, origin: str) -> None:
        """All that pages of `origin` keep here, but for cookies."""
        kinds = "indexeddb,cache_storage,service_workers,local_storage"
        self._in_tab("Storage.clearDataForOrigin", origin=origin, storageTypes=kinds)

    def limit_storage(self, origin: str, size: int | None) -> None:
        """So many bytes for the pages of `origin`. None: as before."""
        limit = {} if size is None else {"quotaSize": size}
        self._in_tab("Storage.overrideQuotaForOrigin", origin=origin, **limit)

    def _address(self) -> str:
        port_file, until = self.profile / "DevToolsActivePort", time.monotonic() + START_WITHIN_S
        while time.monotonic() < until and self._process.poll() is None:
            with suppress(OSError, ValueError):
                port, path = port_file.read_text().splitlines()
                return f"ws://127.0.0.1:{port}{path}"
            time.sleep(0.02)
        raise BrowserGone("chromium did not start")

    def _attach(self, target: str) -> tuple[str, str]:
        session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._call("Inspector.enable", session)
        if self._position:
            self._locate(session)
        return target, session

    def _locate(self, session: str) -> None:
        self._call("Emulation.setGeolocationOverride", session, **self._position)

    def _until_loaded(self) -> None:
        self.run(
            "if (document.readyState !== 'complete') "
            "await new Promise((done) => addEventListener('load', done));"
        )

    def _in_tab(self, method: str, timeout_s: float = CALL_WITHIN_S, **parameters) -> dict:
        return self._call(method, self._tabs[self._tab][1], timeout_s, **parameters)

    def _call(self, method: str, session: str = "", timeout_s: float = CALL_WITHIN_S, **parameters) -> dict:
        self._asked += 1
        question = {"id": self._asked, "method": method, "params": parameters}
        try:
            self._socket.settimeout(timeout_s)
            self._socket.send(json.dumps(question | ({"sessionId": session} if session else {})))
            answer = self._answer(session)
        except websocket.WebSocketTimeoutException as late:
            raise ScriptFailed(f"{method}: no answer in {timeout_s} s") from late
        except (OSError, websocket.WebSocketException) as gone:
            raise BrowserGone(method) from gone
        if "error" in answer:
            message = answer["error"]["message"]
            gone = "destroyed" in message or "closed" in message or "crashed" in message
            raise (BrowserGone if gone else ScriptFailed)(f"{method}: {message}")
        return answer["result"]

    def _answer(self, session: str) -> dict:
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") == self._asked:
                return message
            of_ours = session and message.get("sessionId") == session
            if of_ours and message.get("method") in ("Inspector.targetCrashed", "Inspector.detached"):
                raise BrowserGone("the tab crashed")
