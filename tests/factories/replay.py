"""A dispute's present from its history alone."""

from grids.hierarchy import Level, code_at, level_of
from incidents.deadlines import Clock, clock_after, due_time
from incidents.models import Dispute
from incidents.workflow import ENDED, Action, Standing, State, apply_action

PRESENT = (
    "state", "level", "responsible_area_id", "state_before_suspension", "suspended_at", "level_entered_at",
    "due_at", "assigned_to_id", "ended_at", "version",
)  # fmt: skip


def replayed(dispute: Dispute) -> dict:
    """What the events of `dispute` add up to by the pure rules, in the terms of its columns."""
    report, *steps = sorted(dispute.events.all(), key=lambda event: event.version)
    standing = Standing(State(report.to_state), Level(report.to_level), floor=level_of(report.area_id))
    clock, assigned_to, ended_at = Clock(report.at), None, None
    for version, event in enumerate(steps, start=2):
        assert event.version == version
        assert (event.from_state, event.from_level) == (standing.state, standing.level)
        before, standing = standing, apply_action(standing, Action(event.action))
        clock = clock_after(clock, Action(event.action), event.at)
        assert (event.to_state, event.to_level) == (standing.state, standing.level)
        if event.action == Action.ASSIGN:
            assigned_to = event.assigned_to_id
        elif standing.level is not before.level:
            assigned_to = None
        assert event.assigned_to_id == assigned_to
        assert event.area_id == code_at(report.area_id, standing.level)
        ended_at = event.at if standing.state in ENDED else None
    return {
        "state": standing.state,
        "level": standing.level,
        "responsible_area_id": code_at(report.area_id, standing.level),
        "state_before_suspension": standing.before_suspension or "",
        "suspended_at": clock.suspended_at,
        "level_entered_at": clock.level_entered_at,
        "due_at": due_time(
            state=standing.state, level=standing.level, level_entered_at=clock.level_entered_at
        ),
        "assigned_to_id": assigned_to,
        "ended_at": ended_at,
        "version": 1 + len(steps),
    }


def present(dispute: Dispute) -> dict:
    """The same of the columns themselves."""
    return {name: getattr(dispute, name) for name in PRESENT}
