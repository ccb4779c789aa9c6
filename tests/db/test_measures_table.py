"""The table of measures, walked against the service that every measure goes through."""

from dataclasses import dataclass
from itertools import product
from uuid import UUID

import pytest

from grids.hierarchy import Level
from grids.models import User
from incidents.errors import DisputeNotFound, MeasureNotAllowed, MeasureNotYours
from incidents.measures import MEASURES, Measure, Who
from incidents.models import Dispute
from incidents.permissions import CaseDuties
from incidents.services.measures import locked_for
from incidents.workflow import ENDED, State
from tests.factories.disputes import NOW, make_dispute
from tests.factories.people import make_staff, make_user
from tests.factories.territory import COMMUNITY_1, DISTRICT, STREET_1, STREET_2, UNITS, make_territory
from tests.kept_rows import kept_for_the_module

AREAS = {Level.GRID: UNITS[0], Level.COMMUNITY: COMMUNITY_1, Level.STREET: STREET_1, Level.DISTRICT: DISTRICT}
# How each person stands to a case at each level: o its own, a above, s sees it only, - not even that.
STANDS = {
    "worker": "osss", "mediator": "aoss", "street": "aaos", "district": "aaaO",
    "other_street": "----", "planner": "----", "administrator": "----",
}  # fmt: skip
# Whose measure it is, by how one stands. At the district those who have the case stand above it too (O).
MINE = {Who.OWN: "oO", Who.ABOVE: "aO", Who.OWN_OR_ABOVE: "oaO", Who.SEEING: "soaO", Who.SYSTEM: ""}


@dataclass
class Case:
    dispute: Dispute
    people: dict


@pytest.fixture(scope="module")
def reported(django_db_setup, django_db_blocker) -> UUID:
    with kept_for_the_module(django_db_blocker):
        make_territory()
        make_user("other_street", "street_centre", STREET_2)
        yield make_dispute(make_staff()["worker"]).pk


@pytest.fixture
def case(reported, db) -> Case:
    return Case(Dispute.objects.get(pk=reported), {user.username: user for user in User.objects.all()})


def put(dispute: Dispute, state: State, level: Level) -> None:
    """As if it had come there, whatever the way."""
    suspended = state is State.SUSPENDED
    Dispute.objects.filter(pk=dispute.pk).update(
        state=state, level=level, responsible_area=AREAS[level], ended_at=NOW if state in ENDED else None,
        suspended_at=NOW if suspended else None, state_before_suspension="accepted" if suspended else "",
    )  # fmt: skip


def outcome(measure: Measure, user, dispute: Dispute) -> type[Exception] | None:
    try:
        with locked_for(measure, user=user, dispute_id=dispute.pk) as locked:
            assert locked.pk == dispute.pk
    except (MeasureNotAllowed, MeasureNotYours, DisputeNotFound) as refused:
        return type(refused)
    return None


def expected(measure: Measure, stands: str, state: State) -> type[Exception] | None:
    if stands == "-":
        return DisputeNotFound
    if stands not in MINE[MEASURES[measure].who]:
        return MeasureNotYours
    return None if state in MEASURES[measure].states else MeasureNotAllowed


@pytest.mark.parametrize("state", State)
def test_each_measure_is_for_those_and_in_those_states_that_the_table_says(case, state):
    wrong = []
    for level, names in (
        (Level.GRID, ("worker", "mediator", "other_street")),
        (Level.DISTRICT, ("district", "street")),
    ):
        put(case.dispute, state, level)
        for measure, name in product(Measure, names):
            found = outcome(measure, case.people[name], case.dispute)
            if found is not expected(measure, STANDS[name][level.rank], state):
                wrong.append((level, measure, name, found))
    assert wrong == []


def test_what_is_offered_is_the_same_for_everybody_at_every_level(case):
    duties = {name: CaseDuties.of(user) for name, user in case.people.items()}
    for state, level in product(State, Level):
        put(case.dispute, state, level)
        case.dispute.refresh_from_db()
        for name, stands in STANDS.items():
            offered = duties[name].measures_for(case.dispute)
            assert offered == tuple(m for m in Measure if expected(m, stands[level.rank], state) is None)


def test_every_measure_has_its_row_and_some_state():
    assert set(MEASURES) == set(Measure)
    assert all(rule.states for rule in MEASURES.values())
