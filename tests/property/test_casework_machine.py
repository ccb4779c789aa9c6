"""Whatever is done to cases, in whatever order and by whomever, they stand as their events say.

Some hundred steps each time the tests run. `GRIDGOV_RANDOM_ACTIONS=100000` takes so many (see
CONTRIBUTING.md), and says at the end what they were.
"""

import os
from datetime import timedelta
from time import monotonic

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from incidents import deadlines
from incidents.services import changes
from incidents.workflow import Action
from tests.property.casework_machine import TALLY, Casework, settle_people

STEPS_IN_A_ROW = 50
USUAL_STEPS = 800
ASKED = int(os.environ.get("GRIDGOV_RANDOM_ACTIONS", USUAL_STEPS))
AS_LONG_AS_IT_TAKES = {
    "deadline": None, "database": None, "stateful_step_count": STEPS_IN_A_ROW, "print_blob": True,
    "suppress_health_check": list(HealthCheck),
}  # fmt: skip


@pytest.fixture
def people(several_connections):
    settle_people()
    TALLY.clear()


def test_random_casework_never_leaves_the_rules_and_loses_nothing(people, capsys):
    began = monotonic()
    while TALLY["steps"] < ASKED:
        examples = min(200, (ASKED - TALLY["steps"]) // STEPS_IN_A_ROW + 5)
        run_state_machine_as_test(Casework, settings=settings(max_examples=examples, **AS_LONG_AS_IT_TAKES))
        with connection.cursor() as cursor:
            # What was rolled back lies in the tables still.
            cursor.execute("VACUUM incidents_dispute, incidents_disputeevent, incidents_notice")
        with capsys.disabled():
            if ASKED > USUAL_STEPS:
                print(f"{TALLY['steps']} steps, {monotonic() - began:.0f} s", flush=True)
    with capsys.disabled():
        if ASKED > USUAL_STEPS:
            print(*(f"{number:7} {name}" for name, number in sorted(TALLY.items())), sep="\n")
    # A walk that never gets anywhere would prove nothing.
    for kind in ("action", "measure", "refer", "written", "sweep", "policy", "calendar"):
        assert TALLY[f"{kind} done"] > 0 and TALLY[f"{kind} refused or idle"] > 0, TALLY


def forgetful_clock(clock, action, at, book):
    """A clock that counts suspensions."""
    after = deadlines.clock_after(clock, action, at, book)
    return deadlines.replace(after, paused=timedelta()) if action is Action.RESUME else after


def lost_count(dispute, action, before, after):
    """Failed mediations that nobody counts."""


@pytest.mark.parametrize(
    ("name", "broken"), [("clock_after", forgetful_clock), ("_count", lost_count)], ids=["clock", "count"]
)
def test_the_walk_notices_what_is_broken(people, monkeypatch, name, broken):
    monkeypatch.setattr(changes, name, broken)
    sought = settings(max_examples=60, phases=[Phase.generate], **AS_LONG_AS_IT_TAKES)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Casework, settings=sought)
