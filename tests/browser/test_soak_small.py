"""A small soak: see tests/benchmarks/soak.py for the large one."""

import gc
import warnings

import pytest

from tests.faults.ground import failing_ground
from tests.faults.soak import soak

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")]
REPORTS = 24


def test_what_is_written_while_everything_fails_arrives_once_and_unchanged(tmp_path_factory, worker_id):
    alone = worker_id == "master"
    everybodys = tmp_path_factory.getbasetemp() if alone else tmp_path_factory.getbasetemp().parent
    folder = tmp_path_factory.mktemp("soak")
    with failing_ground(folder, everybodys, worker_id) as ground:
        found = soak(
            ground, folder, reports=REPORTS, engines=["chromium", "firefox"], seed=1, minutes=2,
            kill_each={"tab": 6, "browser": 10},
        )  # fmt: skip
    with warnings.catch_warnings(action="ignore"):
        gc.collect()  # what drives Firefox leaves sockets of killed browsers behind
    assert not found["failures"]
    assert (found["lost"], found["doubled"], found["changed"]) == ([], [], {})
    assert (found["written"], found["disputes"]) == (REPORTS, REPORTS)
    assert {"tab", "browser", "server"} <= found["killed"].keys()
