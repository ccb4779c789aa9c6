"""One step of a dispute: the rules' answer, written as its new present and one event."""

from collections.abc import Mapping
from datetime import datetime

from grids.hierarchy import Level, code_at
from grids.models import User
from incidents.deadlines import clock_after, due_time
from incidents.escalation import EscalationFacts, decide_escalation
from incidents.measures import Measure
from incidents.models import CaseBody, Dispute, DisputeEvent
from incidents.models.dispute import CLOCK_FIELDS
from incidents.policy import PolicyBook
from incidents.workflow import ENDED, SETTLED, Action, Standing, State, apply_action

PRESENT_FIELDS = [
    "state", "level", "responsible_area", "state_before_suspension", *CLOCK_FIELDS, "due_at", "assigned_to",
    "ended_at", "version", "failed_mediations", "failed_here", "hand_backs", "extension_asked_days",
    "reminded_at", "lead_body",
]  # fmt: skip


def record_change(
    dispute: Dispute,
    action: Action,
    *,
    book: PolicyBook,
    at: datetime,
    actor: User | None,
    to_level: Level | None = None,
    reason: str = "",
    reason_code: str = "",
    assignee: User | None = None,
    organisation: str = "",
    details: Mapping | None = None,
) -> DisputeEvent:
    """Move the locked `dispute` on by `action` and append the event. `actor` None is the system.

    Raises:
        ValueError: the rules do not permit the action; ask them first.
    """
    before, after = dispute.standing, apply_action(dispute.standing, action, to_level)
    was_due_at = dispute.due_at
    _set_clock(dispute, action, at, book)
    _set_responsibility(dispute, before, after, assignee)
    _count(dispute, action, before, after)
    _end_bodies(dispute, action, before, after, at)
    dispute.state, dispute.state_before_suspension = after.state, after.before_suspension or ""
    dispute.ended_at = at if after.state in ENDED else None
    dispute.due_at = due_at_of(dispute, book)
    if dispute.due_at != was_due_at:
        dispute.reminded_at = None
    details = dict(details or {})
    if action is Action.RESUME:
        # As the calendar of this day counts it: days may be corrected later, and the case have ended by then.
        details["set"] = {"paused_working": dispute.paused_working}
    return _append(
        dispute, action, before, PRESENT_FIELDS, at=at, actor=actor, reason=reason, reason_code=reason_code,
        organisation=organisation, details=details, due_at=was_due_at,
    )  # fmt: skip


def record_measure(
    dispute: Dispute,
    measure: Measure,
    *,
    at: datetime,
    actor: User | None,
    book: PolicyBook | None = None,
    reason: str = "",
    reason_code: str = "",
    organisation: str = "",
    changes: Mapping[str, object] | None = None,
    details: Mapping | None = None,
) -> DisputeEvent:
    """Append the event of a measure to the locked `dispute` and set the columns named in `changes`.

    `changes` are by column ("lead_body_id", "risk"); the event keeps them under `details["set"]`. With
    `book` the due time is worked out anew, for measures that change what it looks at.
    """
    changes, was_due_at = dict(changes or {}), dispute.due_at
    for column, value in changes.items():
        setattr(dispute, column, value)
    if book:
        dispute.due_at = due_at_of(dispute, book)
        if dispute.due_at != was_due_at:
            dispute.reminded_at = None
    details = {**(details or {}), **({"set": changes} if changes else {})}
    fields = [*changes, "due_at", "reminded_at", "version"]
    return _append(
        dispute, measure, dispute.standing, fields, at=at, actor=actor, reason=reason,
        reason_code=reason_code, organisation=organisation, details=details, due_at=was_due_at,
    )  # fmt: skip


def escalate_if_due(dispute: Dispute, *, book: PolicyBook, at: datetime) -> DisputeEvent | None:
    """Send the locked `dispute` up where the policy says so at `at`; the event, or None where it stays."""
    decision = decide_escalation(escalation_facts(dispute), at, book)
    if decision is None:
        return None
    return record_change(
        dispute, Action.ESCALATE, book=book, at=at, actor=None, to_level=decision.to_level,
        reason=decision.reason, reason_code=decision.code,
    )  # fmt: skip


def escalation_facts(dispute: Dispute) -> EscalationFacts:
    return EscalationFacts(
        state=State(dispute.state),
        level=Level(dispute.level),
        clock=dispute.clock,
        risk=dispute.risk,
        scale=dispute.scale,
        failed_here=dispute.failed_here,
        hand_backs=dispute.hand_backs,
    )


def due_at_of(dispute: Dispute, book: PolicyBook) -> datetime | None:
    """When `dispute`, as it stands, is due."""
    state, level = State(dispute.state), Level(dispute.level)
    return due_time(state=state, level=level, risk=dispute.risk, clock=dispute.clock, book=book)


def _set_clock(dispute: Dispute, action: Action, at: datetime, book: PolicyBook) -> None:
    clock = clock_after(dispute.clock, action, at, book)
    for name in CLOCK_FIELDS:
        setattr(dispute, name, getattr(clock, name))


def _set_responsibility(dispute: Dispute, before: Standing, after: Standing, assignee: User | None) -> None:
    """Another level is another area, and whoever had the case no longer has it."""
    if after.level is not before.level:
        dispute.level = after.level
        dispute.responsible_area_id = code_at(dispute.home_area_id, Level(after.level))
        dispute.assigned_to = None
    elif assignee:
        dispute.assigned_to = assignee
    if after.level is not before.level or after.state in SETTLED | ENDED:
        # Whoever was asked for more time has nothing left to decide.
        dispute.extension_asked_days = None


def _count(dispute: Dispute, action: Action, before: Standing, after: Standing) -> None:
    if action is Action.FAIL:
        dispute.failed_mediations += 1
        dispute.failed_here += 1
    if after.level is not before.level:
        dispute.failed_here = 0
    if action is Action.HAND_BACK:
        dispute.hand_backs += 1


def _end_bodies(dispute: Dispute, action: Action, before: Standing, after: Standing, at: datetime) -> None:
    """The bodies of one level stay there: the next chooses its own. A case that ended keeps who led it, until
    it is opened again.
    """
    moved = after.level is not before.level
    if moved or after.state in ENDED:
        CaseBody.objects.filter(dispute=dispute, until=None).update(until=at)
    if moved or action is Action.REOPEN:
        dispute.lead_body = None


def _append(dispute: Dispute, action: str, before: Standing, fields: list[str], **facts) -> DisputeEvent:
    dispute.version += 1
    dispute.save(update_fields=fields)
    return DisputeEvent.objects.create(
        dispute=dispute,
        version=dispute.version,
        action=action,
        from_state=before.state,
        to_state=dispute.state,
        from_level=before.level,
        to_level=dispute.level,
        area_id=dispute.responsible_area_id,
        assigned_to_id=dispute.assigned_to_id,
        **facts,
    )
