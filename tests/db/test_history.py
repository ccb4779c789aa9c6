"""The history is written once, and the present is what it adds up to."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grids.hierarchy import Level
from incidents.errors import AgreementConfirmed
from incidents.models import Dispute, DisputeEvent
from incidents.permissions import LEVEL_ROLES
from incidents.services import take_action
from incidents.workflow import Action, allowed_actions
from tests.factories.disputes import NOW, act, make_dispute
from tests.factories.legal import ask_court
from tests.factories.people import make_staff, make_user
from tests.factories.replay import present, replayed
from tests.factories.territory import UNITS, make_territory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def staff():
    make_territory()
    return make_staff()


def stored(dispute: Dispute) -> Dispute:
    return Dispute.objects.get(pk=dispute.pk)


@pytest.fixture
def everyone(staff):
    """Who may act at each area that holds the first or the third unit."""
    make_user("third", LEVEL_ROLES[Level.GRID], UNITS[2])
    return {level: staff[name] for level, name in zip(Level, list(staff)[:4], strict=True)}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), two_communities=st.booleans())
def test_the_present_of_a_dispute_is_what_its_events_add_up_to(everyone, data, two_communities):
    place = {"address": "x", "address_unit": UNITS[2]} if two_communities else {}
    dispute, now = make_dispute(everyone[Level.GRID], **place), NOW
    for _ in range(data.draw(st.integers(0, 12))):
        # How often a case is handed back is the policy's to limit, and the court's time that of the law.
        actions = [
            action
            for action in allowed_actions(dispute.standing)
            if not (action is Action.HAND_BACK and dispute.hand_backs)
            and not (action is Action.APPLY_CONFIRMATION and now > dispute.settled_at + timedelta(days=27))
        ]
        if not actions:
            break
        now += timedelta(minutes=data.draw(st.integers(0, 3000)))
        user, action = everyone[Level(dispute.level)], data.draw(st.sampled_from(actions))
        if action is Action.APPLY_CONFIRMATION:
            with suppress(AgreementConfirmed):
                ask_court(user=user, dispute_id=dispute.pk, now=now)
            dispute = stored(dispute)
        else:
            dispute = act(user, dispute, action, now=now, assignee=user.username)
    assert present(stored(dispute)) == replayed(dispute)


def test_a_replay_would_notice_a_present_that_no_event_made(staff):
    dispute = act(staff["worker"], make_dispute(staff["worker"]), Action.ACCEPT)
    assert present(stored(dispute)) == replayed(dispute)
    Dispute.objects.filter(pk=dispute.pk).update(state="mediating")
    assert present(stored(dispute)) != replayed(dispute)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE incidents_disputeevent SET reason = 'forged'",
        "DELETE FROM incidents_disputeevent",
        "TRUNCATE incidents_disputeevent CASCADE",
        "TRUNCATE incidents_dispute CASCADE",
    ],
)
def test_the_database_refuses_to_change_the_history(staff, statement):
    make_dispute(staff["worker"])
    refused = pytest.raises(DatabaseError, match="written once")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        # Checks deferred to the commit would stop TRUNCATE before the trigger does.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)
    assert DisputeEvent.objects.get().reason == ""


def test_the_orm_cannot_change_the_history_either(staff):
    event = make_dispute(staff["worker"]).events.get()
    event.reason = "forged"
    for change in (event.save, event.delete, DisputeEvent.objects.all().delete):
        with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
            change()


def test_a_dispute_with_a_history_cannot_be_deleted(staff):
    dispute = make_dispute(staff["worker"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Dispute.objects.filter(pk=dispute.pk)._raw_delete("default")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_no_version_has_two_events(staff):
    dispute = make_dispute(staff["worker"])
    with pytest.raises(IntegrityError, match="dispute_event_one_per_version"), transaction.atomic():
        DisputeEvent.objects.create(
            dispute=dispute,
            version=1,
            action="accept",
            to_state="accepted",
            to_level="grid",
            area_id=UNITS[0],
        )


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"state": "lost"}, "dispute_(state_known|ended_has_time)"),
        ({"level": "street"}, "dispute_responsible_area_fits_level"),
        ({"responsible_area": UNITS[1]}, "dispute_areas_nest"),
        ({"grid_unit": UNITS[3]}, "dispute_areas_nest"),
        ({"address_unit": UNITS[1]}, "dispute_areas_nest"),
        ({"state": "suspended"}, "dispute_suspension_remembered"),
        ({"suspended_at": NOW}, "dispute_suspension_remembered"),
        ({"state": "closed"}, "dispute_ended_has_time"),
        ({"ended_at": NOW}, "dispute_ended_has_time"),
        ({"risk": "green"}, "dispute_risk_known"),
        ({"scale": "09"}, "dispute_scale_known"),
    ],
)
def test_the_database_refuses_a_present_that_cannot_be(staff, changes, constraint):
    dispute = make_dispute(staff["worker"])
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Dispute.objects.filter(pk=dispute.pk).update(**changes)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"action": "forget"}, "dispute_event_action_known"),
        ({"from_state": "lost"}, "dispute_event_states_known"),
        ({"to_state": ""}, "dispute_event_states_known"),
        ({"from_level": "village"}, "dispute_event_levels_known"),
        ({"to_level": ""}, "dispute_event_levels_known"),
    ],
)
def test_the_database_refuses_an_event_that_the_rules_do_not_know(staff, changes, constraint):
    dispute = make_dispute(staff["worker"])
    event = {
        "version": 2, "action": "accept", "from_state": "reported", "to_state": "accepted",
        "from_level": "grid", "to_level": "grid", "area_id": UNITS[0],
    }  # fmt: skip
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        DisputeEvent.objects.create(dispute=dispute, **event | changes)
    DisputeEvent.objects.create(dispute=dispute, **event)


def test_an_action_that_fails_leaves_no_trace(staff):
    dispute = make_dispute(staff["worker"])
    DisputeEvent.objects.create(
        dispute=dispute, version=2, action="accept", to_state="accepted", to_level="grid", area_id=UNITS[0]
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        take_action(user=staff["worker"], dispute_id=dispute.id, action="accept")
    dispute.refresh_from_db()
    assert (dispute.state, dispute.version) == ("reported", 1)
