"""Thousands of reports written on several phones while everything fails, and what arrived in the end.

Each phone is a browser of its own with one worker, in a thread. Beside them something ends the server, the
network and sessions now and then. What is written, which request meets what, and when somebody is killed
follow from the seed; only what happens at the same moment does not.
"""

import logging
import random
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.browser.engines import ENGINES, BrowserGone, ScriptFailed
from tests.browser.places import boundary
from tests.faults import kinds
from tests.faults.ground import Ground
from tests.faults.report_page import ReportPage
from tests.faults.soak_plan import RandomPlan
from tests.faults.soak_reports import MARK, Written, differences, plan_reports

log = logging.getLogger("soak")
KILL_EACH = {"tab": 40, "browser": 150}  # reports of one phone
SERVER_KILL_EACH, OUTAGE_EACH, SESSIONS_EACH = 500, 200, 900  # reports of all phones
LOOK_AFTER_EACH = 15
SAY_EACH_S = 1.0
SENT_WITHIN_S = 300  # after the last was written
OUTAGE_S, SERVER_AWAY_S = 1.0, 0.5
# What the hands do beside report_page.js. `known` are keys of reports that were accounted for before.
WRITE_ONE = """
    const [report, photo, where, known] = args;
    await until('form ready', () => form()?.dataset.ready !== undefined);
    const accountedFor = new Set(known);
    sessionStorage.setItem("whereIAm", JSON.stringify(where));
    document.querySelector('[data-use-position]').click();
    const there = photo === null ? [] : [...form().querySelectorAll('[data-photos] li')];
    await write({ ...report, photos: photo === null || there.length ? [] : [photo] });
    await send();
    for (;;) {
      const mine = (await kept(accountedFor)).find(({ state }) => state !== 'draft');
      if (mine) return mine.key;
      await new Promise((resolve) => { setTimeout(resolve, STEP_MS); });
    }
"""
STAND = """
    const needsYou = cards().filter((card) => card.dataset.state === 'needs_you');
    return {
      ...whatIsSeen(), ready: form()?.dataset.ready !== undefined,
      needsYou: needsYou.map((card) => card.querySelector('[data-title]').textContent),
    };
"""


@dataclass
class Account:
    """What happened, for the summary."""

    kills: Counter = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str) -> None:
        with self.lock:
            self.kills[what] += 1


class SoakPhone(threading.Thread):
    """One worker who writes `reports` and does what the phone asks of them until all are sent."""

    kill_each = KILL_EACH
    _one_starts = threading.Lock()  # a dozen browsers that start at once wait for each other too long

    def __init__(self, name, browser, ground: Ground, worker, reports: list[Written], seed, account, until):
        super().__init__(name=name, daemon=True)
        self.page = ReportPage(browser, ground.proxy)
        self.ground, self.worker, self.reports = ground, worker, reports
        self.rng = random.Random(f"{seed}/{name}")
        self.account, self.until = account, until
        self.accounted: dict[int, str] = {}  # serial -> key, of what the page took off the worker's hands
        self.still_here: set[str] = set()  # keys that the page has not sent when the time is over
        self.corrected: set[int] = set()
        self.by_title = {report.title: report for report in reports}
        self.failure: BaseException | None = None
        self.strike: threading.Timer | None = None

    @property
    def browser(self):
        return self.page.browser

    def run(self) -> None:
        try:
            with self._one_starts:
                self.browser.start()
                self.page.walks = True
                self.page.stand_at(self.reports[0].lon, self.reports[0].lat)
                self._sign_in()
            for number, report in enumerate(self.reports, 1):
                if time.monotonic() > self.until:
                    break
                self._write(report, number)
                if number % LOOK_AFTER_EACH == 0:
                    self._look_after()
            self._wait_until_sent()
        except BaseException as failure:
            self.failure = failure
            log.exception("%s", self.name)
        finally:
            with suppress(Exception):
                self.browser.close()

    def _sign_in(self) -> None:
        for _ in range(20):
            try:
                self.page.sign_in(self.worker)
                return
            except (ScriptFailed, AssertionError) as away:
                log.warning("%s: not signed in: %s", self.name, str(away)[:300])
                time.sleep(0.5)  # the server is away just now
        raise AssertionError(f"{self.name} cannot sign in")

    def _write(self, report: Written, number: int) -> None:
        self._maybe_strike(number)
        typed = report.fields()
        if report.mistake:
            typed["occurred_at"] = "2999-01-01T00:00"
        where = {"longitude": report.lon, "latitude": report.lat, "accuracy": 8}
        while report.serial not in self.accounted:
            try:
                known = list(self.accounted.values())
                key = self.page.run(WRITE_ONE, typed, report.photo, where, known)
                self.accounted[report.serial] = key
            except (BrowserGone, ScriptFailed) as trouble:
                self._recover(report, trouble)

    def _maybe_strike(self, number: int) -> None:
        """Now and then kill the tab or the browser, at a moment that nobody chose."""
        if number % self.kill_each["browser"] == 0 and "kill" not in self.browser.cannot:
            what, kill = "browser", self.browser.end
        elif number % self.kill_each["tab"] == 0:
            what, kill = "tab", self.browser.crash
        else:
            return
        self.account.note(what)
        self.struck = what
        self.strike = threading.Timer(self.rng.uniform(0, 0.4), kill)
        self.strike.start()

    def _recover(self, report: Written, trouble: Exception) -> None:
        """The tab or the browser was killed, or something went wrong: open the page again and take stock."""
        if self.strike is not None:
            self.strike.join()
            self.strike = None
            if self.struck == "browser":
                self.browser.kill()
                self.browser.start()
                self.page.stand_at(report.lon, report.lat)
            else:
                self.browser.kill_tab()
        else:
            self.account.note(f"other: {str(trouble)[:60]}")
            log.warning("%s: %s", self.name, str(trouble)[:2000])
            if isinstance(trouble, BrowserGone):
                self.browser.kill()
                self.browser.start()
        self._open_again()
        self._take_stock(report)

    def _open_again(self) -> None:
        for _ in range(60):
            try:
                self.page.load()
                self.page.sign_in_if_asked(self.worker)
                return
            except (ScriptFailed, BrowserGone) as away:
                log.info("%s: %s", self.name, str(away)[:300])
                time.sleep(0.5)
        raise AssertionError(f"{self.name} cannot open the page")

    def _take_stock(self, report: Written) -> None:
        """Whether the page took `report` before it died; a draft of it goes into the form again."""
        rows = self.page.run("return await kept()")
        known = set(self.accounted.values())
        taken = [row["key"] for row in rows if row["state"] != "draft" and row["key"] not in known]
        assert len(taken) <= 1, taken
        if taken:
            self.accounted[report.serial] = taken[0]
        elif any(row["state"] == "draft" for row in rows):
            self.account.note("draft found again")
            self.page.edit_draft()

    def _look_after(self) -> None:
        """What a worker does now and then: sign in where asked, correct, send again."""
        try:
            stand = self.page.run(STAND)
            if stand["connection"] == "signed_out" or not stand["ready"]:
                self.page.sign_in_if_asked(self.worker)
            for title in stand["needsYou"]:
                self._settle(self.by_title.get(title), title)
        except (BrowserGone, ScriptFailed) as trouble:
            self._recover_between(trouble)

    def _settle(self, report: Written | None, title: str) -> None:
        if report is not None and report.mistake and report.serial not in self.corrected:
            self.page.edit(title)
            self.page.write(occurred_at=report.occurred_at)
            self.page.send()
            self.corrected.add(report.serial)
        else:
            self.page.tap(title, "send-again")

    def _recover_between(self, trouble: Exception) -> None:
        self._recover(self.reports[0], trouble)

    def _wait_until_sent(self) -> None:
        while time.monotonic() < self.until + SENT_WITHIN_S:
            self._look_after()
            try:
                rows = self.page.run("return await kept()")
                self.still_here = {row["key"] for row in rows if row["state"] != "sent"}
                if self.page.unsent() == 0:
                    return
                self.page.network_is_back()
            except (BrowserGone, ScriptFailed) as trouble:
                self._recover_between(trouble)
            time.sleep(0.3)


class Calamities(threading.Thread):
    """Ends the server, the network and the sessions when so many reports have arrived."""

    def __init__(self, ground: Ground, reports: int, seed: int, account: Account):
        super().__init__(name="calamities", daemon=True)
        self.ground, self.account = ground, account
        rng = random.Random(f"{seed}/calamities")
        self.due = sorted(
            (rng.randrange(1, max(2, reports)), name, action)
            for name, each, action in (
                ("server", SERVER_KILL_EACH, self._kill_server),
                ("no network", OUTAGE_EACH, lambda: self._outage(kinds.refused)),
                ("portal for all", OUTAGE_EACH, lambda: self._outage(kinds.portal)),
                ("503 for all", OUTAGE_EACH, lambda: self._outage(kinds.bare(503))),
                ("sessions ended", SESSIONS_EACH, self._end_sessions),
            )
            for _ in range(max(1, reports // each))
        ) if reports else []
        self.over = threading.Event()

    def run(self) -> None:
        for when, name, action in self.due:
            while self.ground.proxy.taken < when:
                if self.over.wait(0.05):
                    return
            self.account.note(name)
            action()

    def _kill_server(self) -> None:
        self.ground.server.kill()
        time.sleep(SERVER_AWAY_S)
        self.ground.server.start()

    def _outage(self, fault: kinds.Fault) -> None:
        self.ground.proxy.everything(fault)
        time.sleep(OUTAGE_S)
        self.ground.proxy.heal()

    def _end_sessions(self) -> None:
        self.ground.change("DELETE FROM django_session")


def soak(
    ground: Ground, folder: Path, *, reports: int, engines: list[str], seed: int, minutes: float,
    kill_each: dict[str, int] = KILL_EACH,
) -> dict:  # fmt: skip
    """Write, fail, and compare. Gives the summary; `lost`, `doubled` and `changed` name what is not right."""
    began, account = time.monotonic(), Account()
    ground.proxy.plan = RandomPlan(seed)
    phones = _phones(ground, folder, reports, engines, seed, account, began + minutes * 60)
    calamities = Calamities(ground, reports, seed, account)
    for phone in phones:
        phone.kill_each = kill_each
    for thread in (*phones, calamities):
        thread.start()
    while any(phone.is_alive() for phone in phones):
        time.sleep(SAY_EACH_S)
        written = sum(len(phone.accounted) for phone in phones)
        seconds = time.monotonic() - began
        print(f"{seconds:.0f} s: {written} written, {ground.proxy.taken} taken in", file=sys.stderr)
    calamities.over.set()
    calamities.join()
    seconds = time.monotonic() - began
    return _summary(ground, phones, account) | {"seed": seed, "phones": engines, "seconds": round(seconds, 1)}


def _phones(ground, folder, reports, engines, seed, account, until) -> list[SoakPhone]:
    made, each = [], -(-reports // len(engines))
    for number, engine in enumerate(engines):
        worker = ground.workers()[number]
        unit = boundary(ground.demo, worker, worker.area_code)
        planned = plan_reports(range(number * each, min((number + 1) * each, reports)), seed, unit)
        if planned:
            name = f"phone-{number}-{engine}"
            browser = ENGINES[engine](folder / name)
            made.append(SoakPhone(name, browser, ground, worker, planned, seed, account, until))
    return made


def _summary(ground: Ground, phones: list[SoakPhone], account: Account) -> dict:
    arrived: dict[str, list[dict]] = {}
    for row in ground.arrived(MARK):
        arrived.setdefault(row["title"].split(" ")[0].removeprefix(MARK), []).append(row)
    accounted = {report.serial: report for phone in phones for report in phone.reports
                 if report.serial in phone.accounted}  # fmt: skip
    missing = {serial: phone.accounted[serial] for phone in phones for serial in phone.accounted
               if f"{serial:06d}" not in arrived}  # fmt: skip
    still_here = set().union(*(phone.still_here for phone in phones))
    lost = [serial for serial, key in missing.items() if key not in still_here]
    doubled = [number for number, rows in arrived.items() if len(rows) > 1]
    changed = {
        serial: wrong
        for serial, report in accounted.items()
        for row in arrived.get(f"{serial:06d}", [])[:1]
        if (wrong := differences(report, row, ground.photo_file))
    }
    faults = Counter(seen.fault for seen in ground.proxy.log if seen.fault != kinds.pass_on.name)
    return {
        "reports": sum(len(phone.reports) for phone in phones),
        "written": len(accounted),
        "disputes": sum(map(len, arrived.values())),
        "unsent": len(missing) - len(lost),
        "lost": lost,
        "doubled": doubled,
        "changed": changed,
        "photos": sum(len(row["photos"]) for rows in arrived.values() for row in rows),
        "posts": sum(seen.method == "POST" and seen.path == "/api/v1/disputes" for seen in ground.proxy.log),
        "faults": dict(faults.most_common()),
        "killed": dict(account.kills),
        "failures": [f"{phone.name}: {phone.failure!r}" for phone in phones if phone.failure],
    }
