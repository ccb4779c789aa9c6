"""The only escalation policy: facts + rules + now -> a decision, or None. Pure."""

from dataclasses import dataclass
from datetime import datetime

from grids.hierarchy import Level
from incidents.deadlines import Clock, due_time
from incidents.policy import Policy, PolicyBook
from incidents.workflow import AWAITING, Action, Standing, State, allowed_actions

_MAJOR_GROUP = "03"


@dataclass(frozen=True)
class EscalationFacts:
    """What the policy looks at. `failed_here` counts failed mediations since the case came to its level,
    `hand_backs` how often it was handed back from above."""

    state: State
    level: Level
    clock: Clock
    risk: str
    scale: str = "01"
    failed_here: int = 0
    hand_backs: int = 0


@dataclass(frozen=True)
class Escalation:
    """To which level, and why: a stable `code` and the sentence that goes into the history."""

    to_level: Level
    code: str
    reason: str


def decide_escalation(facts: EscalationFacts, now: datetime, book: PolicyBook) -> Escalation | None:
    """Whether a dispute goes up by itself at `now`: for its risk, its failed mediations, or the time.

    None while nothing speaks for it, at the district (nothing is above), or in a state from which
    escalation is not possible (settled, ended, suspended).
    """
    if Action.ESCALATE not in allowed_actions(Standing(facts.state, facts.level)):
        return None
    policy = book.rules_at(facts.clock.level_entered_at).policy
    return _for_its_risk(facts, policy) or _for_failing(facts, policy) or _for_the_time(facts, now, book)


def first_level(home: Level, *, risk: str, scale: str, policy: Policy) -> Level:
    """Where a case begins that belongs to an area of `home`: at the street at least if its risk says so."""
    major = policy.major_group_to_street and scale == _MAJOR_GROUP
    straight = major or policy.red_to_street and risk == "red"
    return max(home, Level.STREET, key=lambda level: level.rank) if straight else home


def _for_its_risk(facts: EscalationFacts, policy: Policy) -> Escalation | None:
    # Who handed the case back knew its colour, and a person decides.
    if facts.hand_backs:
        return None
    level = first_level(facts.level, risk=facts.risk, scale=facts.scale, policy=policy)
    if level is facts.level:
        return None
    if facts.scale == _MAJOR_GROUP and policy.major_group_to_street:
        return Escalation(
            level, "major_group", "重大群体性纠纷到街道 / a major group dispute goes to the street"
        )
    return Escalation(level, "red_risk", "红色风险直接到街道 / red risk goes straight to the street")


def _for_failing(facts: EscalationFacts, policy: Policy) -> Escalation | None:
    if facts.state is not State.FAILED or facts.failed_here < policy.failed_mediations:
        return None
    return Escalation(
        facts.level.above,
        "mediation_failed_again",
        f"第 {facts.failed_here} 次调解不成 / mediation failed {facts.failed_here} times",
    )


def _for_the_time(facts: EscalationFacts, now: datetime, book: PolicyBook) -> Escalation | None:
    due_at = due_time(state=facts.state, level=facts.level, risk=facts.risk, clock=facts.clock, book=book)
    if due_at is None or now <= due_at:
        return None
    if facts.state in AWAITING:
        return Escalation(facts.level.above, "not_accepted_in_time", "超过受理时限 / not accepted in time")
    return Escalation(facts.level.above, "not_resolved_in_time", "超过办理时限 / not resolved in time")
