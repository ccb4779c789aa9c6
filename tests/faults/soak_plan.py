"""Which request of a soak meets what, by seed: the same report meets the same faults in every run."""

import json
import random
import re
import threading
from collections import Counter

from tests.faults import kinds
from tests.faults.soak_reports import MARK
from tests.faults.wire import Message

FAILING_SHARE = 0.25
PHOTO = re.compile(r"/api/v1/disputes/[^/]+/photos/[^/]+")
# Those in which the phone waits for its time-out are rarer, or the soak would mostly wait.
REPORT_FAULTS = (
    (kinds.refused, 4), (kinds.lost_answer, 6), (kinds.cut_answer, 4), (kinds.unheard, 1),
    (kinds.silent_answer, 2), (kinds.late(1.2), 1), (kinds.portal, 2), (kinds.portal_redirect, 2),
    (kinds.wrong_json, 2), (kinds.other_receipt, 2), (kinds.problem(401, "not_signed_in"), 2),
    (kinds.problem(403, "not_allowed"), 2), (kinds.bare(403), 1), (kinds.bare(409), 1), (kinds.bare(413), 1),
    (kinds.bare(422), 1), (kinds.problem(429, "throttled", retry_after_s=1), 1), (kinds.bare(500), 2),
    (kinds.bare(502), 2), (kinds.problem(503, "unavailable"), 2), (kinds.bare(504), 2),
)  # fmt: skip


class RandomPlan:
    """For FaultProxy.plan. A report is known by the number in its title, a photo by who sends it."""

    def __init__(self, seed: int, failing_share: float = FAILING_SHARE):
        self.seed, self.failing_share = seed, failing_share
        self._tries: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, request: Message) -> kinds.Fault | None:
        if request.method == "POST" and request.path == "/api/v1/disputes":
            what = _number(request.body)
        elif request.method == "PUT" and PHOTO.fullmatch(request.path):
            what = f"photo of {request.header('gridgov-worker')}"
        else:
            return None
        with self._lock:
            self._tries[what] += 1
            tries = self._tries[what]
        return self.fault_of(what, tries)

    def fault_of(self, what: str, tries: int) -> kinds.Fault | None:
        """What the `tries`-th try of `what` meets."""
        rng = random.Random(f"{self.seed}/{what}/{tries}")
        if rng.random() > self.failing_share:
            return None
        faults, weights = zip(*REPORT_FAULTS, strict=True)
        return rng.choices(faults, weights)[0]


def _number(body: bytes) -> str:
    try:
        title = json.loads(body)["title"]
    except (ValueError, KeyError, TypeError):
        return "unreadable"
    return title.split(" ")[0].removeprefix(MARK)
