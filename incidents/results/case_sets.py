"""The sets of cases that figures count, as the database is asked for them.

What an event must be to put its case into a set stands in `EVENT_SETS` once: the figures count by it, and a
list is narrowed by it, so that the two agree.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Case, DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import TruncDate
from django.utils import timezone

from grids.hierarchy import Level
from incidents.models import CaseBody, DisputeEvent, FollowUpVisit, Rating
from incidents.policies import policy_book
from incidents.policy import PolicyBook
from incidents.results.definitions import BY_BODY, BY_LEVEL, Counted
from incidents.results.period import Period
from incidents.workflow import Action, State
from incidents.working_time import GUANGZHOU

C = Counted
LOW_LEVELS = (Level.GRID, Level.COMMUNITY)
# In place of a body or its kind: mediated by the level itself, without a body.
NO_BODY = "none"

_CLOCKED = Q(due_at__isnull=False)
_LATE = Q(at__gt=F("due_at"))
_UNACCEPTED = Q(reason_code="not_accepted_in_time")
_UNRESOLVED = Q(reason_code="not_resolved_in_time")
SENT_UP_LATE = Q(action=Action.ESCALATE) & (_UNACCEPTED | _UNRESOLVED)
# After an agreement it is the follow-up that is due, so closing ends a resolution only after a failure.
_FAILED = Q(from_state=State.FAILED)
_STILL_CLOSED = Q(dispute__state=State.CLOSED, at=F("dispute__ended_at"))
# The parties withdrew what the court had not decided.
_DECIDED = ~Q(reason_code="confirmation_withdrawn")

# What an event of each action must be besides. By action, so that counting looks at what its action asks for.
BY_ACTION: dict[Counted, dict[Action, Q]] = {
    C.ACCEPT: {Action.ACCEPT: _CLOCKED, Action.ESCALATE: _UNACCEPTED},
    C.ACCEPT_LATE: {Action.ACCEPT: _LATE, Action.ESCALATE: _UNACCEPTED},
    C.RESOLVE: {
        Action.RECORD_AGREEMENT: _CLOCKED,
        Action.CLOSE: _FAILED & _CLOCKED,
        Action.ESCALATE: _UNRESOLVED,
    },
    C.RESOLVE_LATE: {
        Action.RECORD_AGREEMENT: _LATE,
        Action.CLOSE: _FAILED & _LATE,
        Action.ESCALATE: _UNRESOLVED,
    },
    C.CLOSED_OR_REOPENED: {Action.CLOSE: _STILL_CLOSED, Action.REOPEN: Q()},
    C.REOPENED: {Action.REOPEN: Q()},
    C.MEDIATED: {Action.RECORD_AGREEMENT: Q(), Action.FAIL: Q()},
    C.AGREED: {Action.RECORD_AGREEMENT: Q()},
    C.COURT_DECIDED: {Action.CONFIRM: Q(), Action.REFUSE_CONFIRMATION: _DECIDED},
    C.CONFIRMED: {Action.CONFIRM: Q()},
    C.AGREED_OR_BROKEN: {Action.RECORD_AGREEMENT: Q(), Action.RECORD_BREACH: Q()},
    C.BROKEN: {Action.RECORD_BREACH: Q()},
}
EVENT_SETS: dict[Counted, Q] = {
    counted: reduce(or_, (Q(action=action) & besides for action, besides in events.items()))
    for counted, events in BY_ACTION.items()
}
# What a closed case must be besides: `settled_at` is of the agreement that holds, if there is one.
_SETTLED = Q(settled_at__isnull=False)
CLOSINGS: dict[Counted, Q] = {
    C.CLOSED: Q(),
    C.SETTLED: _SETTLED,
    C.SETTLED_LOW: _SETTLED & Q(level__in=LOW_LEVELS),
}
# What any of the events' sets looks at: fewer than half of all events.
ACTIONS = sorted({action for events in BY_ACTION.values() for action in events})


@dataclass(frozen=True)
class CaseSet:
    """One set over a period, where it has them of one level, or one body or kind of mediation."""

    counted: Counted
    period: Period
    level: str = ""
    body: str = ""
    kind: str = ""

    def condition(self, now: datetime | None = None) -> Q:
        """What a dispute must be to belong to it."""
        counted, period = self.counted, self.period
        if counted is C.REPORTED:
            return Q(reported_at__gte=period.start, reported_at__lt=period.end)
        if counted in CLOSINGS:
            return closed_in(period) & CLOSINGS[counted] & (Q(level=self.level) if self.level else Q())
        if counted is C.RATED:
            return Q(Exists(ratings_in(period).filter(dispute=OuterRef("pk"))))
        if counted in (C.VISIT_DUE, C.VISIT_MISSED):
            events = follow_ups_due(period, now=now or timezone.now(), book=policy_book())
            events = events.filter(~visited()) if counted is C.VISIT_MISSED else events
            return Q(Exists(events.filter(dispute=OuterRef("pk"))))
        return Q(Exists(self._events().filter(dispute=OuterRef("pk"))))

    def _events(self) -> QuerySet[DisputeEvent]:
        events = events_in(self.period).filter(EVENT_SETS[self.counted])
        if self.level and self.counted in BY_LEVEL:
            events = events.filter(from_level=self.level)
        if self.counted in BY_BODY:
            events = _of_body(events, self.body, self.kind)
        return events


def closed_in(period: Period) -> Q:
    return Q(state=State.CLOSED, ended_at__gte=period.start, ended_at__lt=period.end)


def events_in(period: Period) -> QuerySet[DisputeEvent]:
    return DisputeEvent.objects.filter(at__gte=period.start, at__lt=period.end).order_by()


def ratings_in(period: Period) -> QuerySet[Rating]:
    return Rating.objects.filter(rated_at__gte=period.start, rated_at__lt=period.end).order_by()


def leads_then() -> QuerySet[CaseBody]:
    """Who led the case of an event at its moment."""
    leads = CaseBody.objects.filter(
        dispute=OuterRef("dispute"), role=CaseBody.LEAD, since__lte=OuterRef("at")
    )
    return leads.filter(Q(until=None) | Q(until__gt=OuterRef("at"))).order_by()


def _of_body(events: QuerySet[DisputeEvent], body: str, kind: str) -> QuerySet[DisputeEvent]:
    if NO_BODY in (body, kind):
        return events.filter(~Exists(leads_then()))
    if body:
        events = events.filter(Exists(leads_then().filter(body__code=body)))
    if kind:
        events = events.filter(Exists(leads_then().filter(body__kind=kind)))
    return events


def follow_ups_due(period: Period, *, now: datetime, book: PolicyBook) -> QuerySet[DisputeEvent]:
    """Agreements whose follow-up fell due in `period`, not after `now`; `due` is when.

    The days are those of the policy in force when the agreement was recorded.
    """
    days = _follow_up_days(book)
    longest, shortest = max(days.values()), min(days.values())
    agreements = DisputeEvent.objects.filter(
        EVENT_SETS[C.AGREED],
        at__gte=period.start - longest,
        at__lt=min(period.end, now) - shortest,
    )
    # The latest version first: the first that fits is the one in force.
    cases = [When(at__gte=since, then=_later(days[since])) for since in sorted(filter(None, days))[::-1]]
    due = Case(*cases, default=_later(days[None]), output_field=DateTimeField())
    if len(set(days.values())) > 1:
        agreements = agreements.alias(due=due).filter(due__gte=period.start, due__lt=min(period.end, now))
    return (
        agreements.annotate(due=due)
        .annotate(from_day=TruncDate("at", tzinfo=GUANGZHOU), due_day=TruncDate("due", tzinfo=GUANGZHOU))
        .order_by()
    )


def visited() -> Exists:
    """A visit reached the parties between the agreement and the due day of `follow_ups_due`."""
    visits = FollowUpVisit.objects.exclude(result=FollowUpVisit.UNREACHED)
    return Exists(
        visits.filter(
            dispute=OuterRef("dispute"),
            visited_on__gte=OuterRef("from_day"),
            visited_on__lte=OuterRef("due_day"),
        ).order_by()
    )


def _follow_up_days(book: PolicyBook) -> dict[datetime | None, timedelta]:
    """Since when (None: before all versions) so long."""
    days: dict[datetime | None, timedelta] = {}
    starts = [datetime(since.year, since.month, since.day, tzinfo=GUANGZHOU) for since, _ in book.versions]
    earliest = datetime(2000, 1, 1, tzinfo=GUANGZHOU)
    for since in [None, *starts]:
        days[since] = timedelta(days=book.rules_at(since or earliest).policy.follow_up_days)
    return days


def _later(span: timedelta) -> ExpressionWrapper:
    return ExpressionWrapper(F("at") + span, output_field=DateTimeField())
