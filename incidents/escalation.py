"""The only escalation policy: facts + limits + now -> a decision, or None. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from grids.hierarchy import Level
from incidents.deadlines import DEFAULT_LIMITS, TimeLimit, due_time
from incidents.workflow import AWAITING, Action, Standing, State, allowed_actions


@dataclass(frozen=True)
class EscalationFacts:
    """What the policy looks at. `level_entered_at` moves forward by the length of a suspension."""

    state: State
    level: Level
    level_entered_at: datetime


@dataclass(frozen=True)
class Escalation:
    """To which level, and why: a stable `code` and the sentence that goes into the history."""

    to_level: Level
    code: str
    reason: str


def decide_escalation(
    facts: EscalationFacts, now: datetime, limits: Mapping[Level, TimeLimit] = DEFAULT_LIMITS
) -> Escalation | None:
    """Whether an overdue dispute goes one level up.

    None while it is in time, at the district (nothing is above), or in a state that holds no clock
    or from which escalation is not possible (agreed, ended, suspended).
    """
    if Action.ESCALATE not in allowed_actions(Standing(facts.state, facts.level)):
        return None
    due_at = due_time(
        state=facts.state, level=facts.level, level_entered_at=facts.level_entered_at, limits=limits
    )
    if now <= due_at:
        return None
    if facts.state in AWAITING:
        return Escalation(facts.level.above, "not_accepted_in_time", "超过受理时限 / not accepted in time")
    return Escalation(facts.level.above, "not_resolved_in_time", "超过办理时限 / not resolved in time")
