"""A reverse proxy on 127.0.0.1 between a browser and GridGov that fails as it is told, and keeps a log.

The browser's Host and Origin are passed on, so that Django sees one origin, the proxy's. Every request
is put to the rules, first match first, then to `plan` if there is one; without an answer it passes.
"""

import asyncio
import re
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.faults import kinds
from tests.faults.kinds import Fault
from tests.faults.wire import LONGEST_HEAD, Connection, Message, ask_server

START_SCRIPT = "/faults-start.js"
BLANK_PAGE = "/faults-blank"
KEPT_OF_BODY = 20_000  # bytes in the log: reports whole, photos not


@dataclass
class Seen:
    """One request, what was done to it, and what the server answered (None: it never saw it)."""

    method: str
    path: str
    key: str | None
    fault: str
    body: bytes = field(repr=False)
    at: float = field(repr=False, default_factory=time.monotonic)  # seconds
    status: int | None = None


@dataclass
class Rule:
    """`times` more requests of `method` whose path matches meet `fault`. None: until taken away."""

    fault: Fault
    method: str = "POST"
    path: str = r"/api/v1/disputes"
    times: int | None = 1

    def takes(self, method: str, path: str) -> bool:
        if self.times == 0 or self.method not in (method, "*") or not re.fullmatch(self.path, path):
            return False
        self.times = None if self.times is None else self.times - 1
        return True


class FaultProxy:
    """`upstream_port` on 127.0.0.1 behind a port of its own. Safe to tell from any thread."""

    def __init__(self, upstream_port: int):
        self.upstream_port = upstream_port
        self.port = 0
        self.plan: Callable[[Message], Fault | None] | None = None
        self.witness: Callable[[Seen], None] | None = None  # told of each request before it is passed on
        self.start_script = ""  # runs in every page before its own scripts
        self.log: list[Seen] = []
        self._taken: set[str] = set()
        self._rules: list[Rule] = []
        self._rewrite: Callable[[str, Message], None] | None = None
        self._lock = threading.Lock()
        self._connections: set[Connection] = set()
        self._changed = threading.Condition()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def taken(self) -> int:
        """How many reports the server has taken in, each counted once."""
        return len(self._taken)

    def on(self, fault: Fault, method: str = "POST", path: str = r"/api/v1/disputes", times: int | None = 1):
        """From now on the next `times` matching requests meet `fault`. Gives the rule."""
        rule = Rule(fault, method, path, times)
        with self._lock:
            self._rules.append(rule)
        return rule

    def everything(self, fault: Fault) -> Rule:
        """All requests until `heal`, the probe too: no network, or a captive portal."""
        return self.on(fault, "*", r".*", None)

    def heal(self) -> None:
        with self._lock:
            self._rules.clear()

    @contextmanager
    def rewriting(self, rewrite: Callable[[str, Message], None]):
        """While this lasts, `rewrite` is given every path with the server's answer, to change it."""
        self._rewrite = rewrite
        try:
            yield
        finally:
            self._rewrite = None

    def forget(self) -> None:
        """Begin a new log."""
        with self._changed:
            self.log.clear()

    def wait_for(self, wanted: Callable[[Seen], bool], count: int = 1, timeout_s: float = 15) -> list[Seen]:
        """Wait until `count` requests in the log are `wanted`; gives them.

        Raises:
            AssertionError: they were not seen in time.
        """
        def found() -> list[Seen]:
            return [seen for seen in self.log if wanted(seen)]

        with self._changed:
            assert self._changed.wait_for(lambda: len(found()) >= count, timeout_s), self.log[-20:]
            return found()

    def _fault_for(self, request: Message) -> Fault:
        with self._lock:
            for rule in self._rules:
                if rule.takes(request.method, request.path):
                    return rule.fault
            return (self.plan and self.plan(request)) or kinds.pass_on

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        browser = Connection(reader, writer)
        self._connections.add(browser)
        try:
            while (request := await browser.request()) is not None and await self._take(request, browser):
                pass
        except (OSError, asyncio.LimitOverrunError):
            pass  # the browser went away
        finally:
            self._connections.discard(browser)
            writer.close()

    async def _take(self, request: Message, browser: Connection) -> bool:
        """Do to `request` what is its lot. False: the connection is at its end."""
        method, path, key = request.method, request.path, request.header("idempotency-key")
        if path in (START_SCRIPT, BLANK_PAGE):
            return await browser.give(self._own_page(path), method)
        fault = self._fault_for(request)
        seen = self._note(Seen(method, path, key, fault.name, request.body[:KEPT_OF_BODY]))
        if self.witness:
            self.witness(seen)
        if fault.kind == kinds.ANSWER:
            return await browser.give(_made(fault), method)
        if fault.kind == kinds.REFUSED:
            return browser.reset()
        if fault.kind == kinds.UNHEARD:
            return await browser.say_nothing()
        if self.start_script or self._rewrite:  # what is changed on the way must not be compressed
            request.headers = [each for each in request.headers if each[0].lower() != "accept-encoding"]
        try:
            answer = await ask_server(self.upstream_port, request)
        except OSError:  # the server is not there: it was killed, which the log shows as no status
            return browser.reset()
        self._note(seen, answer.status)
        return await self._bring_back(answer, fault, browser, request)

    def _note(self, seen: Seen, status: int | None = None) -> Seen:
        with self._changed:
            if status is None:
                self.log.append(seen)
            seen.status = status
            if seen.key and status in (200, 201):
                self._taken.add(seen.key)
            self._changed.notify_all()
        return seen

    async def _bring_back(
        self, answer: Message, fault: Fault, browser: Connection, request: Message
    ) -> bool:
        if fault.kind == kinds.LOST:
            return browser.reset()
        if fault.kind == kinds.SILENT:
            return await browser.say_nothing()
        if fault.kind == kinds.CUT:
            return await browser.give_half(answer)
        await asyncio.sleep(fault.after_s)
        return await browser.give(self._changed_on_the_way(answer, request.path), request.method)

    def _changed_on_the_way(self, answer: Message, path: str) -> Message:
        """The test's script comes before a page's own: from our origin, so the policy allows it."""
        if self._rewrite:
            self._rewrite(path, answer)
        if self.start_script and (answer.header("content-type") or "").startswith("text/html"):
            tag = f'<head><script src="{START_SCRIPT}"></script>'.encode()
            answer.body = answer.body.replace(b"<head>", tag, 1)
        return answer

    def _own_page(self, path: str) -> Message:
        script = path == START_SCRIPT
        kind = "text/javascript" if script else "text/html"
        headers = [("Content-Type", f"{kind}; charset=utf-8"), ("Cache-Control", "no-store")]
        body = self.start_script if script else "<!doctype html><title>-</title>"
        return Message("HTTP/1.1 200 OK", headers, body.encode())

    def _reset_all(self) -> None:
        for browser in list(self._connections):
            browser.reset()


def _made(fault: Fault) -> Message:
    return Message(f"HTTP/1.1 {fault.status} Fault", list(fault.headers), fault.body.encode())


@contextmanager
def fault_proxy(upstream_port: int):
    """A proxy in a thread of its own while this lasts."""
    proxy, loop = FaultProxy(upstream_port), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="fault proxy", daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(_listen(proxy), loop).result(10)
    try:
        yield proxy
    finally:
        asyncio.run_coroutine_threadsafe(_close(proxy, server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _listen(proxy: FaultProxy) -> asyncio.Server:
    server = await asyncio.start_server(proxy._serve, "127.0.0.1", 0, limit=LONGEST_HEAD)
    proxy.port = server.sockets[0].getsockname()[1]
    return server


async def _close(proxy: FaultProxy, server: asyncio.Server) -> None:
    server.close()
    proxy._reset_all()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
