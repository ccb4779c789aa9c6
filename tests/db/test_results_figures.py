"""Every figure against the same worked out in plain Python from the histories, and against its list."""

from datetime import date, timedelta
from statistics import median

import pytest
from django.http import QueryDict
from django.utils import timezone

from incidents.filters import DisputeFilter
from incidents.models import CaseBody, Dispute, FollowUpVisit, Rating
from incidents.models.event import COUNTED
from incidents.policies import policy_book
from incidents.results.case_sets import ACTIONS, NO_BODY, CaseSet
from incidents.results.definitions import BY_LEVEL, Counted
from incidents.results.period import Period
from incidents.results.tallies import area_tallies, body_tallies
from tests.factories.disputes import NOW
from tests.factories.territory import COMMUNITY_1, STREET_1, make_territory
from tests.factories.walks import make_all_hands, make_body, walk_cases
from tests.kept_rows import kept_for_the_module

pytestmark = pytest.mark.django_db
C = Counted
PERIODS = [
    Period(date(2026, 3, 1), date(2026, 3, 31)),
    Period(date(2026, 3, 15), date(2026, 4, 2)),
    Period(date(2026, 3, 2), date(2026, 12, 31)),
    Period(date(2025, 3, 1), date(2025, 3, 31)),
]
LATER = NOW + timedelta(days=200)


@pytest.fixture(scope="module")
def walked(django_db_setup, django_db_blocker):
    with kept_for_the_module(django_db_blocker):
        make_territory()
        user = make_all_hands()
        bodies = [make_body("A", "people"), make_body("B", "people"), make_body("C", "industry")]
        walk_cases(user, 60, 2, bodies)
        yield


@pytest.fixture
def cases(walked):
    return list(Dispute.objects.prefetch_related("events", "visits", "ratings"))


class Recomputed:
    """The sets of one period, from events alone where events say it."""

    def __init__(self, disputes, period):
        self.disputes, self.period = disputes, period

    def inside(self, at):
        return self.period.start <= at < self.period.end

    def events(self, dispute):
        return sorted(dispute.events.all(), key=lambda event: event.version)

    def of(self, counted, level=None, lead=None):
        return {case.pk for case in self.disputes if self._belongs(case, counted, level, lead)}

    def _belongs(self, case, counted, level, lead):
        events = self.events(case)
        moves = [e for e in events if e.from_state != e.to_state]
        recent = [e for e in events if self.inside(e.at)]
        last = moves[-1] if moves else events[0]
        closed = last.action == "close" and self.inside(last.at)
        match counted:
            case C.REPORTED:
                return self.inside(events[0].at)
            case C.CLOSED:
                return closed and level in (None, last.from_level)
            case C.SETTLED:
                return closed and self._agreed(case) is not None and level in (None, last.from_level)
            case C.SETTLED_LOW:
                low = last.from_level in ("grid", "community")
                return closed and low and self._agreed(case) is not None
            case C.CLOSED_OR_REOPENED:
                return closed or any(e.action == "reopen" for e in recent)
            case C.RATED:
                return any(self.inside(rating.rated_at) for rating in case.ratings.all())
            case C.VISIT_DUE | C.VISIT_MISSED:
                return any(self._due(case, e, counted is C.VISIT_MISSED) for e in events)
        return any(
            self._counts(e, counted) and level in (None, e.from_level) and (lead is None or lead(case, e.at))
            for e in recent
        )

    def _due(self, case, event, missed):
        if event.action != "record_agreement":
            return False
        due = event.at + timedelta(days=30)
        if not self.inside(due) or due >= LATER:
            return False
        first, last = (at.astimezone(NOW.tzinfo).date() for at in (event.at, due))
        done = any(
            first <= visit.visited_on <= last and visit.result != FollowUpVisit.UNREACHED
            for visit in case.visits.all()
        )
        return not (missed and done)

    def _counts(self, e, counted):
        late = e.due_at is not None and e.at > e.due_at
        ended_by_failing = e.action == "close" and e.from_state == "failed"
        match counted:
            case C.ACCEPT:
                return e.action == "accept" or e.reason_code == "not_accepted_in_time"
            case C.ACCEPT_LATE:
                return e.action == "accept" and late or e.reason_code == "not_accepted_in_time"
            case C.RESOLVE:
                resolved = e.action == "record_agreement" or ended_by_failing
                return resolved or e.reason_code == "not_resolved_in_time"
            case C.RESOLVE_LATE:
                resolved = e.action == "record_agreement" or ended_by_failing
                return resolved and late or e.reason_code == "not_resolved_in_time"
            case C.REOPENED:
                return e.action == "reopen"
            case C.MEDIATED:
                return e.action in ("record_agreement", "fail")
            case C.AGREED:
                return e.action == "record_agreement"
            case C.COURT_DECIDED:
                decided = e.action in ("confirm", "refuse_confirmation")
                return decided and e.reason_code != "confirmation_withdrawn"
            case C.CONFIRMED:
                return e.action == "confirm"
            case C.AGREED_OR_BROKEN:
                return e.action in ("record_agreement", "record_breach")
            case C.BROKEN:
                return e.action == "record_breach"

    def median_days(self):
        closed = self.of(C.CLOSED)
        days = [self._days(case) for case in self.disputes if case.pk in closed]
        return median(days) if days else None

    def _days(self, case):
        """To the agreement that holds, else to the closing."""
        ended = [e.at for e in self.events(case) if e.action == "close"][-1]
        return ((self._agreed(case) or ended) - self.events(case)[0].at) / timedelta(days=1)

    def _agreed(self, case):
        """When the last agreement was made, None where it was broken or the case opened again since."""
        agreed = None
        for e in self.events(case):
            if e.action == "record_agreement":
                agreed = e.at
            elif e.action in ("record_breach", "reopen", "escalate", "hand_back"):
                agreed = None
        return agreed


def tallies(period, code="440105", length=9):
    return area_tallies(code, period, length, now=LATER, book=policy_book())


@pytest.mark.parametrize("period", PERIODS, ids=str)
def test_every_figure_is_what_the_histories_add_up_to(cases, period):
    ours, found = Recomputed(cases, period), tallies(period)
    for counted in Counted:
        assert found.whole[counted] == len(ours.of(counted)), counted
        for street, tally in found.parts.items():
            inside = {case.pk for case in cases if case.grid_unit_id.startswith(street)}
            assert tally[counted] == len(ours.of(counted) & inside), (counted, street)
    for counted in BY_LEVEL:
        for level in ("grid", "community", "street", "district"):
            of_level = found.levels.get(level)
            assert (of_level[counted] if of_level else 0) == len(ours.of(counted, level)), (counted, level)
    assert found.whole.median_days == (
        pytest.approx(ours.median_days()) if ours.median_days() is not None else None
    )
    rated = [r.stars for case in cases for r in case.ratings.all() if ours.inside(r.rated_at)]
    assert found.whole.ratings.count == len(rated)
    assert found.whole.ratings.mean == (pytest.approx(sum(rated) / len(rated)) if len(rated) >= 5 else None)


def test_the_walks_reach_every_set(cases):
    """Without this the comparison could be one of noughts."""
    found = tallies(PERIODS[2]).whole
    assert not [counted for counted in Counted if found[counted] < 2]


@pytest.mark.parametrize("period", PERIODS[:3], ids=str)
def test_success_is_counted_under_the_body_that_led_then(cases, period):
    ours, found = Recomputed(cases, period), body_tallies("440105", period)
    leads = list(CaseBody.objects.select_related("body"))

    def led_by(test):
        def lead(case, at):
            now = [c for c in leads if c.dispute_id == case.pk and c.since <= at]
            now = [c for c in now if c.until is None or c.until > at]
            return test(now[0].body if now else None)

        return lead

    expected = {
        code: led_by(lambda body, code=code: body is not None and body.code == code) for code in "ABC"
    }
    expected[NO_BODY] = led_by(lambda body: body is None)
    for code, lead in expected.items():
        for counted in (C.MEDIATED, C.AGREED):
            size = found.bodies[code][counted] if code in found.bodies else 0
            assert size == len(ours.of(counted, lead=lead)), (code, counted)
    people = led_by(lambda body: body is not None and body.kind == "people")
    assert found.kinds["people"][C.MEDIATED] == len(ours.of(C.MEDIATED, lead=people))


@pytest.mark.parametrize("area", ["440105", STREET_1, COMMUNITY_1])
@pytest.mark.parametrize("period", PERIODS[:3], ids=str)
def test_the_list_behind_a_figure_is_as_long_as_the_figure(cases, period, area):
    found = tallies(period, area)
    bodies = body_tallies(area, period)

    def listed(**said):
        query = QueryDict(mutable=True)
        query.update(
            {"area": area, "counted_from": str(period.first), "counted_to": str(period.last), **said}
        )
        return DisputeFilter.from_query(query).apply(Dispute.objects.all(), LATER).count()

    for counted in Counted:
        assert listed(counted=counted.value) == found.whole[counted], counted
    for level, tally in found.levels.items():
        for counted in BY_LEVEL:
            assert listed(counted=counted.value, counted_level=level) == tally[counted], (counted, level)
    for counted in (C.MEDIATED, C.AGREED):
        for code, tally in bodies.bodies.items():
            assert listed(counted=counted.value, counted_body=code) == tally[counted], (counted, code)
        for kind, tally in bodies.kinds.items():
            assert listed(counted=counted.value, counted_kind=kind) == tally[counted], (counted, kind)


def test_a_follow_up_that_is_not_yet_due_is_not_missed(cases):
    agreed = next(e for case in cases for e in case.events.all() if e.action == "record_agreement")
    period = Period(date(2026, 1, 1), date(2026, 12, 31))
    missed = CaseSet(C.VISIT_MISSED, period)
    FollowUpVisit.objects.filter(dispute=agreed.dispute_id).delete()
    due = agreed.at + timedelta(days=30)
    listed = Dispute.objects.filter(pk=agreed.dispute_id)
    assert not listed.filter(missed.condition(agreed.at + timedelta(days=1))).exists()
    assert listed.filter(missed.condition(due + timedelta(seconds=1))).exists()


def test_the_number_of_questions_does_not_grow_with_the_area(cases, django_assert_num_queries):
    for area, length in (("440105", 9), (COMMUNITY_1, 15)):
        with django_assert_num_queries(10):
            tallies(PERIODS[2], area, length)
            body_tallies(area, PERIODS[2])


def test_ratings_count_when_they_were_given(cases):
    rating = Rating.objects.order_by("rated_at").first()
    day = timezone.localtime(rating.rated_at).date()
    assert tallies(Period(day, day)).whole[C.RATED] >= 1
    before = day - timedelta(days=1)
    assert tallies(Period(before, before)).whole[C.RATED] == 0


def test_the_index_of_what_is_counted_holds_every_action_that_is_looked_at():
    assert sorted(COUNTED) == ACTIONS
