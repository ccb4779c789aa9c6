"""A dispute's present from its history alone."""

from collections.abc import Iterable

from grids.hierarchy import Level, code_at, level_of
from incidents.deadlines import Clock, clock_after, due_time
from incidents.measures import Measure
from incidents.models import Dispute, DisputeEvent
from incidents.models.dispute import CLOCK_FIELDS
from incidents.policies import policy_book
from incidents.workflow import ENDED, SETTLED, Action, Standing, State, apply_action

# Columns that a measure may set, and how they stand before any did.
SET_BY_MEASURES = {
    "risk": None,
    "risk_overridden": False,
    "extension_days": 0,
    "extension_asked_days": None,
    "consent_until": None,
    "supervised_since": None,
    "lead_body_id": None,
    "assigned_to_id": None,
}
PRESENT = (
    "state", "level", "responsible_area_id", "state_before_suspension", *CLOCK_FIELDS, "due_at", "ended_at",
    "version", "failed_mediations", "failed_here", "hand_backs",
    *(name for name in SET_BY_MEASURES if name not in CLOCK_FIELDS),
)  # fmt: skip


def replayed(dispute: Dispute, events: Iterable[DisputeEvent] | None = None) -> dict:
    """What the events of `dispute` add up to by the pure rules, in the terms of its columns."""
    book = policy_book()
    report, *steps = sorted(
        dispute.events.all() if events is None else events, key=lambda event: event.version
    )
    home_area = report.details["home_area"]
    standing = Standing(State(report.to_state), Level(report.to_level), floor=level_of(home_area))
    clock, ended_at = Clock(report.at), None
    present = SET_BY_MEASURES | report.details["set"]
    counts = {"failed_mediations": 0, "failed_here": 0, "hand_backs": 0}
    for version, event in enumerate(steps, start=2):
        assert event.version == version
        assert (event.from_state, event.from_level) == (standing.state, standing.level)
        if event.action not in set(Measure):
            action, before = Action(event.action), standing
            standing = apply_action(standing, action, Level(event.to_level) if _goes_up(event) else None)
            clock = clock_after(clock, action, event.at, book)
            counts["failed_mediations"] += action is Action.FAIL
            counts["failed_here"] += action is Action.FAIL
            counts["hand_backs"] += action is Action.HAND_BACK
            if action is Action.ASSIGN:
                present["assigned_to_id"] = event.assigned_to_id
            elif standing.level is not before.level:
                present["assigned_to_id"] = None
                counts["failed_here"] = 0
            if standing.level is not before.level or standing.state in SETTLED | ENDED:
                present["extension_asked_days"] = None
            if standing.level is not before.level or action is Action.REOPEN:
                present["lead_body_id"] = None
        changed = _columns(event.details.get("set", {}))
        present |= changed
        in_clock = {name: value for name, value in changed.items() if name in CLOCK_FIELDS}
        clock = Clock(**{**{name: getattr(clock, name) for name in CLOCK_FIELDS}, **in_clock})
        assert (event.to_state, event.to_level) == (standing.state, standing.level)
        assert event.assigned_to_id == present["assigned_to_id"]
        assert event.area_id == code_at(home_area, standing.level)
        if event.action not in set(Measure):
            ended_at = event.at if standing.state in ENDED else None
    present |= {name: getattr(clock, name) for name in CLOCK_FIELDS} | counts
    present |= {
        "state": standing.state,
        "level": standing.level,
        "responsible_area_id": code_at(home_area, standing.level),
        "state_before_suspension": standing.before_suspension or "",
        "due_at": due_time(
            state=standing.state, level=standing.level, risk=present["risk"], clock=clock, book=book
        ),
        "ended_at": ended_at,
        "version": 1 + len(steps),
    }
    return {name: present[name] for name in PRESENT}


def _columns(changed: dict) -> dict:
    """As JSON gave them, but for dates and times, which are text there."""
    fields = {field.attname: field for field in Dispute._meta.concrete_fields}
    return {name: fields[name].to_python(value) for name, value in changed.items()}


def _goes_up(event) -> bool:
    return event.action == Action.ESCALATE


def present(dispute: Dispute) -> dict:
    """The same of the columns themselves."""
    return {name: getattr(dispute, name) for name in PRESENT}
