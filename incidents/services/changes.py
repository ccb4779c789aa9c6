"""One step of a dispute: the rules' answer, written as its new present and one event."""

from datetime import datetime

from grids.hierarchy import Level, code_at
from grids.models import User
from incidents.deadlines import clock_after, due_time
from incidents.models import Dispute, DisputeEvent
from incidents.workflow import ENDED, Action, Standing, apply_action

PRESENT_FIELDS = [
    "state", "level", "responsible_area", "state_before_suspension", "suspended_at", "level_entered_at",
    "due_at", "assigned_to", "ended_at", "version",
]  # fmt: skip


def record_change(
    dispute: Dispute,
    action: Action,
    *,
    at: datetime,
    actor: User | None,
    reason: str = "",
    reason_code: str = "",
    assignee: User | None = None,
    organisation: str = "",
) -> DisputeEvent:
    """Move the locked `dispute` on by `action` and append the event. `actor` None is the system.

    Raises:
        ValueError: the rules do not permit the action; ask them first.
    """
    before, after = dispute.standing, apply_action(dispute.standing, action)
    _set_clock(dispute, action, after, at)
    _set_responsibility(dispute, before, after, assignee)
    dispute.state, dispute.state_before_suspension = after.state, after.before_suspension or ""
    dispute.ended_at = at if after.state in ENDED else None
    dispute.version += 1
    dispute.save(update_fields=PRESENT_FIELDS)
    return DisputeEvent.objects.create(
        dispute=dispute,
        version=dispute.version,
        at=at,
        actor=actor,
        action=action,
        from_state=before.state,
        to_state=after.state,
        from_level=before.level,
        to_level=after.level,
        area_id=dispute.responsible_area_id,
        assigned_to_id=dispute.assigned_to_id,
        organisation=organisation,
        reason=reason,
        reason_code=reason_code,
    )


def _set_clock(dispute: Dispute, action: Action, after: Standing, at: datetime) -> None:
    clock = clock_after(dispute.clock, action, at)
    dispute.level_entered_at, dispute.suspended_at = clock.level_entered_at, clock.suspended_at
    dispute.due_at = due_time(state=after.state, level=after.level, level_entered_at=clock.level_entered_at)


def _set_responsibility(dispute: Dispute, before: Standing, after: Standing, assignee: User | None) -> None:
    """Another level is another area, and whoever had the case no longer has it."""
    if after.level is not before.level:
        dispute.level = after.level
        dispute.responsible_area_id = code_at(dispute.home_area_id, Level(after.level))
        dispute.assigned_to = None
    elif assignee:
        dispute.assigned_to = assignee
