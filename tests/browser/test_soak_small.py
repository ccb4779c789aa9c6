"""A small soak: see tests/benchmarks/soak.py for the large one."""

import pytest

from tests.faults.ground import failing_ground
from tests.faults.soak import soak

pytestmark = pytest.mark.browser
REPORTS = 40


def test_what_is_written_while_everything_fails_arrives_once_and_unchanged(tmp_path_factory, worker_id):
    alone = worker_id == "master"
    everybodys = tmp_path_factory.getbasetemp() if alone else tmp_path_factory.getbasetemp().parent
    folder = tmp_path_factory.mktemp("soak")
    with failing_ground(folder, everybodys, worker_id) as ground:
        found = soak(
            ground, folder, reports=REPORTS, engines=["chromium", "firefox"], seed=1, minutes=2,
            kill_each={"tab": 8, "browser": 15},
        )  # fmt: skip
    assert not found["failures"]
    assert (found["lost"], found["doubled"], found["changed"]) == ([], [], {})
    assert (found["written"], found["disputes"]) == (REPORTS, REPORTS)
    assert {"tab", "browser", "server"} <= found["killed"].keys()
