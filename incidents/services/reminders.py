"""What people are told by the clock: before a case is due, when it was, each morning what waits for them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from grids.hierarchy import Level
from grids.models import Duty
from grids.roles import CASE_ROLES
from incidents.legal_deadlines import CONFIRMATION_NOTICE_DAYS, LegalDeadline, RunsOut, legal_deadlines
from incidents.models import Dispute, Notice, Referral
from incidents.notices.kinds import Kind, To
from incidents.notices.recipients import OnDuty
from incidents.policies import policy_book
from incidents.policy import PolicyBook, Rules
from incidents.services.notices import create_notices, notice_for
from incidents.workflow import SETTLED, TRANSITIONS, Action, State
from incidents.working_time import GUANGZHOU

BATCH = 500
# Of what fell due while nothing ran, so much is still told.
LATE = timedelta(days=3)
_MOMENT = timedelta(seconds=1)
LEGAL_KINDS = {
    RunsOut.CONFIRMATION: Kind.CONFIRMATION_ENDING,
    RunsOut.INSTALMENT: Kind.INSTALMENT_DUE,
    RunsOut.FOLLOW_UP: Kind.FOLLOW_UP_DUE,
}


class Reminded(NamedTuple):
    """How many cases' people were told that they are due soon, and that they are overdue."""

    due_soon: int
    overdue: int


def remind_before_due(*, now: datetime | None = None) -> Reminded:
    """Tell of each open case that falls due within the policy's `reminder`, once for each due time, and of
    those at the district that are overdue, which go up no further. Elsewhere it is the escalation that tells.

    Settled cases have a follow-up to come: see `remind_of_legal_deadlines`. Reads only what falls due
    until the longest reminder ahead. A case that someone is working on is left to the next run.
    """
    now, book = now or timezone.now(), policy_book()
    due = Dispute.objects.open().exclude(state__in=SETTLED)
    soon = due.filter(due_at__gt=now, due_at__lte=_horizon(now, book), reminded_at=None)
    wanted = [
        pk
        for pk, due_at, since in soon.order_by("due_at").values_list("pk", "due_at", "level_entered_at")
        if _remind_at(due_at, since, book.rules_at(since)) <= now
    ]
    told = sum(_remind(ids, now) for ids in _batches(wanted))
    return Reminded(told, _tell_overdue(now))


def _horizon(now: datetime, book: PolicyBook) -> datetime:
    """No case due later is reminded of now, whatever version of the policy it keeps."""
    days = [book.rules_at(datetime.min.replace(year=1970, tzinfo=GUANGZHOU))]
    days += [book.rules_at(datetime.combine(since, time(12), GUANGZHOU)) for since, _ in book.versions]
    return max(_reach(now, rules) for rules in days)


def _reach(now: datetime, rules: Rules) -> datetime:
    """A moment more of working time: what falls due in the night after the last counts as the last."""
    span = rules.policy.reminder
    length = rules.length(span) + _MOMENT
    return rules.calendar.after(now, length) if span.unit.is_working else now + length


def _remind_at(due_at: datetime, since: datetime, rules: Rules) -> datetime:
    """The policy's `reminder` before, yet not in the first third of the time: of a limit as short as the
    reminder nobody is reminded on arrival. A third of the working time, where there is any.
    """
    worked = rules.calendar.between(since, due_at)
    third = rules.calendar.after(since, worked / 3) if worked else since + (due_at - since) / 3
    return max(rules.before(due_at, rules.policy.reminder), third)


@transaction.atomic
def _remind(ids: Iterable, now: datetime) -> int:
    free = Dispute.objects.select_for_update(of=("self",), skip_locked=True)
    disputes = list(free.filter(pk__in=ids, reminded_at=None, due_at__gt=now))
    Dispute.objects.filter(pk__in=[dispute.pk for dispute in disputes]).update(reminded_at=now)
    _tell_due(disputes, Kind.DUE_SOON, now)
    return len(disputes)


def _tell_overdue(now: datetime) -> int:
    told = Notice.objects.filter(dispute=OuterRef("pk"), kind=Kind.OVERDUE, at__gte=OuterRef("due_at"))
    overdue = Dispute.objects.filter(
        ~Exists(told),
        due_at__gt=now - LATE,
        due_at__lte=now,
        level=Level.DISTRICT,
        state__in=sorted(TRANSITIONS[Action.ESCALATE].sources),
    )
    disputes = list(overdue.order_by("due_at"))
    _tell_due(disputes, Kind.OVERDUE, now)
    return len(disputes)


def _tell_due(disputes: list[Dispute], kind: Kind, now: datetime) -> None:
    if not disputes:
        return
    on_duty = OnDuty.over(disputes)
    create_notices(
        notices=[
            notice_for(
                user_id,
                kind,
                f"{kind}:{dispute.pk}:{dispute.due_at.isoformat()}",
                dispute_id=dispute.pk,
                facts={"due_at": dispute.due_at.isoformat()},
                at=now,
            )
            for dispute in disputes
            for user_id in on_duty.told(dispute, To.STANDING)
        ]
    )


def remind_of_legal_deadlines(*, now: datetime | None = None) -> int:
    """Tell what of the legal loop runs out: each day of notice once, what is late once more.

    Gives how many deadlines there were. Run as often as one likes: what was told is not told again, and of
    a day of notice on which nothing ran people are told on the next.
    """
    now = now or timezone.now()
    found = legal_deadlines(timezone.localtime(now).date())
    for some in _batches(found):
        disputes = Dispute.objects.in_bulk({deadline.dispute_id for deadline in some})
        on_duty = OnDuty.over(disputes.values())
        create_notices(
            notices=[
                _legal_notice(user_id, deadline, now)
                for deadline in some
                for user_id in on_duty.told(disputes[deadline.dispute_id], To.STANDING)
            ]
        )
    return len(found)


def _legal_notice(user_id: int, deadline: LegalDeadline, now: datetime) -> Notice:
    stage = "late" if deadline.days_left < 0 else "due"
    if deadline.kind is RunsOut.CONFIRMATION:
        stage = min(days for days in CONFIRMATION_NOTICE_DAYS if days >= deadline.days_left)
    key = f"{deadline.kind}:{deadline.dispute_id}:{deadline.number or 0}:{deadline.on}:{stage}"
    facts = {"on": deadline.on.isoformat(), "number": deadline.number}
    return notice_for(
        user_id, LEGAL_KINDS[deadline.kind], key, dispute_id=deadline.dispute_id, facts=facts, at=now
    )


def remind_of_referrals(*, now: datetime | None = None) -> int:
    """Tell once of each referral that we are to answer within a day. Gives how many there are."""
    now = now or timezone.now()
    waiting = Referral.objects.filter(
        direction=Referral.IN, answer=Referral.PENDING, answer_by__lt=now + timedelta(days=1)
    )
    referrals = list(waiting.select_related("dispute").order_by("answer_by"))
    if referrals:
        on_duty = OnDuty.over(referral.dispute for referral in referrals)
        create_notices(
            notices=[
                notice_for(
                    user_id,
                    Kind.REFERRAL_TO_ANSWER,
                    f"referral:{referral.pk}:{referral.answer_by.isoformat()}",
                    dispute_id=referral.dispute_id,
                    at=now,
                )
                for referral in referrals
                for user_id in on_duty.told(referral.dispute, To.STANDING)
            ]
        )
    return len(referrals)


def send_digests(*, now: datetime | None = None) -> int:
    """One notice for each person whose areas have open cases: how many wait, are due today, overdue, new,
    supervised. Once a day; nothing where nothing waits. Gives how many people.

    Counted by area, in one question for the whole district: as in `case_load`, what waits for
    a person is what their areas answer for.
    """
    now = now or timezone.now()
    counts = _counts_by_area(now)
    people: dict[int, set[str]] = {}
    duties = Duty.objects.current().filter(role__in=CASE_ROLES, area__in=counts, user__is_active=True)
    for user_id, area in duties.values_list("user_id", "area_id"):
        people.setdefault(user_id, set()).add(area)
    key = f"{Kind.DIGEST}:{timezone.localtime(now):%Y-%m-%d}"
    notices = [
        notice_for(user_id, Kind.DIGEST, key, facts=_sum(counts[area] for area in areas), at=now)
        for user_id, areas in sorted(people.items())
    ]
    return sum(create_notices(notices=some) for some in _batches(notices))


def _counts_by_area(now: datetime) -> dict[str, dict[str, int]]:
    """Area -> figures of the open cases that it answers for."""
    local = timezone.localtime(now)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    rows = (
        Dispute.objects.open()
        .order_by()
        .values("responsible_area_id")
        .annotate(
            waiting=Count("pk"),
            due_today=Count("pk", filter=Q(due_at__gte=now, due_at__lt=midnight)),
            overdue=Count("pk", filter=Q(due_at__lt=now)),
            new=Count("pk", filter=Q(state=State.REPORTED)),
            supervised=Count("pk", filter=Q(supervised_since__isnull=False)),
        )
    )
    return {row.pop("responsible_area_id"): row for row in rows}


def _sum(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for figures in counts:
        for name, n in figures.items():
            total[name] = total.get(name, 0) + n
    return total


def _batches(items: Sequence) -> Iterator[Sequence]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
