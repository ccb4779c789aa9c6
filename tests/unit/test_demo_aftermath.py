"""What the demonstration's cases leave behind fits their histories."""

from datetime import datetime
from random import Random

import pytest

from fixtures.haizhu.addresses import lay_addresses
from fixtures.haizhu.aftermath import aftermath_of, day_of
from fixtures.haizhu.disputes import Stage, generate_disputes
from fixtures.haizhu.people import fill_posts
from fixtures.haizhu.reports import Period
from fixtures.haizhu.seasons import GUANGZHOU
from incidents.measures import Measure
from incidents.workflow import Action, State

START, END = datetime(2025, 1, 1, tzinfo=GUANGZHOU), datetime(2026, 1, 1, tzinfo=GUANGZHOU)


@pytest.fixture(scope="module")
def cases(fabric):
    stage = Stage(fabric, lay_addresses(fabric), fill_posts(fabric))
    disputes = generate_disputes(stage, Period(2_000, START, END, 7))
    return [(d, aftermath_of(d.events, d.category, END, Random(d.id.int))) for d in disputes]


def count(dispute, action) -> int:
    return sum(event.action == action for event in dispute.events)


def test_there_is_one_row_for_each_event_that_says_so(cases):
    for dispute, left in cases:
        assert len(left.agreements) == count(dispute, Action.RECORD_AGREEMENT)
        assert len(left.visits) == count(dispute, Measure.RECORD_VISIT)
        assert len(left.leads) == count(dispute, Measure.CHOOSE_BODY)
        assert all(bool(one.breach) == bool(one.broken_on) for one in left.agreements)
        in_force = [one for one in left.agreements if one.broken_on is None and one.replaced_on is None]
        assert all(one is left.agreements[-1] for one in in_force)
        breaches = sum(bool(agreement.breach) for agreement in left.agreements)
        assert breaches == count(dispute, Action.RECORD_BREACH)
        courts = [agreement.confirmation for agreement in left.agreements if agreement.confirmation]
        assert len(courts) == count(dispute, Action.APPLY_CONFIRMATION)
        assert sum(court.outcome == "confirmed" for court in courts) == count(dispute, Action.CONFIRM)


def test_what_is_said_is_possible(cases):
    for dispute, left in cases:
        for agreement in left.agreements:
            court = agreement.confirmation
            if court:
                assert agreement.form == "written"
                assert (court.applied_on - day_of(agreement.at)).days <= 30
            assert all(part.done_on is None or part.done_on < END.date() for part in agreement.instalments)
        if left.rating:
            assert dispute.course.standing.state is State.CLOSED
            assert dispute.course.ended_at < left.rating.rated_at < END
        for lead in left.leads:
            assert lead.until is None or lead.since < lead.until


def test_there_is_something_of_everything_to_look_at(cases):
    left = [aftermath for _, aftermath in cases]
    agreements = [agreement for one in left for agreement in one.agreements]
    assert {agreement.form for agreement in agreements} == {"oral", "written"}
    assert {visit.result for one in left for visit in one.visits} >= {"kept", "partly"}
    assert 0.4 < sum(bool(one.visits) for one in left) / sum(bool(one.agreements) for one in left) < 0.8
    ratings = [one.rating.stars for one in left if one.rating]
    assert len(ratings) > 200
    assert 4 < sum(ratings) / len(ratings) < 4.8
    assert any(part for agreement in agreements for part in agreement.instalments)
