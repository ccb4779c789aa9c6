"""Disputes that change while days are counted, over connections of their own."""

from threading import Event

import pytest
from django.db import transaction

from incidents.models import Dispute
from maps.models import DailyCount
from maps.services import refresh_daily_counts
from tests.factories.disputes import make_dispute
from tests.factories.people import make_staff
from tests.factories.territory import make_territory
from tests.factories.threads import at_once

pytestmark = pytest.mark.usefixtures("several_connections")
WAIT_S = 20


def groups() -> dict[str, int]:
    return dict(DailyCount.objects.values_list("category_group", "cases"))


@pytest.fixture
def dispute(several_connections):
    make_territory()
    dispute = make_dispute(make_staff()["worker"])
    refresh_daily_counts()
    return dispute


def test_what_is_not_committed_yet_is_counted_the_next_time(dispute):
    changed, counted = Event(), Event()

    def change():
        with transaction.atomic():
            Dispute.objects.filter(pk=dispute.pk).update(category="0402")
            changed.set()
            assert counted.wait(WAIT_S)

    def count():
        assert changed.wait(WAIT_S)
        try:
            return refresh_daily_counts().days
        finally:
            counted.set()

    assert at_once(change, count)[1] == 0
    assert groups() == {dispute.category[:2]: 1}
    assert refresh_daily_counts().days == 1
    assert groups() == {"04": 1}


def test_two_that_count_at_the_same_moment_count_once(dispute):
    Dispute.objects.filter(pk=dispute.pk).update(category="0402")
    days = at_once(*[lambda: refresh_daily_counts().days] * 4)
    assert sorted(days) == [0, 0, 0, 1]
    assert groups() == {"04": 1}
