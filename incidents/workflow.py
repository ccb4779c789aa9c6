"""States of a dispute and the one table of transitions. Pure.

The state says how far the handling has come; the *level* (grid, community, street, district) says who
is responsible for it and moves on its own: see `Move`.
"""

from dataclasses import dataclass
from enum import StrEnum

from grids.hierarchy import Level


class State(StrEnum):
    REPORTED = "reported"
    VERIFIED = "verified"
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    MEDIATING = "mediating"
    AGREED = "agreed"
    CONFIRMATION_PENDING = "confirmation_pending"
    CONFIRMED = "confirmed"
    FOLLOW_UP = "follow_up"
    FAILED = "failed"
    RETURNED = "returned"
    SUSPENDED = "suspended"
    TRANSFERRED = "transferred"
    CLOSED = "closed"
    VOID = "void"


class Action(StrEnum):
    VERIFY = "verify"
    ACCEPT = "accept"
    ASSIGN = "assign"
    BEGIN_MEDIATION = "begin_mediation"
    RECORD_AGREEMENT = "record_agreement"
    FAIL = "fail"
    APPLY_CONFIRMATION = "apply_confirmation"
    CONFIRM = "confirm"
    REFUSE_CONFIRMATION = "refuse_confirmation"
    FOLLOW_UP = "follow_up"
    RECORD_BREACH = "record_breach"
    CLOSE = "close"
    REOPEN = "reopen"
    ESCALATE = "escalate"
    HAND_BACK = "hand_back"
    SUSPEND = "suspend"
    RESUME = "resume"
    TRANSFER = "transfer"
    VOID = "void"


class Move(StrEnum):
    """What an action does to the level."""

    STAY = "stay"
    UP = "up"
    DOWN = "down"


S = State
ENDED = frozenset({S.CLOSED, S.VOID, S.TRANSFERRED})
OPEN = frozenset(State) - ENDED
# Nobody has taken the case on yet: the time limit to accept runs, in the other open states that to resolve.
AWAITING = frozenset({S.REPORTED, S.VERIFIED, S.RETURNED})
# The parties have agreed: what is left is to see that it is kept. Nothing of it goes up a level.
SETTLED = frozenset({S.AGREED, S.CONFIRMATION_PENDING, S.CONFIRMED, S.FOLLOW_UP})
_UNSETTLED = OPEN - SETTLED - {S.SUSPENDED}


@dataclass(frozen=True)
class Transition:
    """From any of `sources` to `target` (None: the state before a suspension).

    `needs` names what must be given.
    """

    sources: frozenset[State]
    target: State | None
    needs: tuple[str, ...] = ()
    move: Move = Move.STAY


TRANSITIONS: dict[Action, Transition] = {
    Action.VERIFY: Transition(frozenset({S.REPORTED, S.RETURNED}), S.VERIFIED),
    Action.ACCEPT: Transition(AWAITING, S.ACCEPTED),
    Action.ASSIGN: Transition(frozenset({S.ACCEPTED, S.ASSIGNED, S.FAILED}), S.ASSIGNED, ("assignee",)),
    Action.BEGIN_MEDIATION: Transition(frozenset({S.ACCEPTED, S.ASSIGNED, S.FAILED}), S.MEDIATING),
    Action.RECORD_AGREEMENT: Transition(frozenset({S.MEDIATING}), S.AGREED, ("reason",)),
    Action.FAIL: Transition(frozenset({S.MEDIATING}), S.FAILED, ("reason",)),
    # A visit does not end the days in which the court can be asked.
    Action.APPLY_CONFIRMATION: Transition(frozenset({S.AGREED, S.FOLLOW_UP}), S.CONFIRMATION_PENDING),
    Action.CONFIRM: Transition(frozenset({S.CONFIRMATION_PENDING}), S.CONFIRMED, ("reason",)),
    Action.REFUSE_CONFIRMATION: Transition(frozenset({S.CONFIRMATION_PENDING}), S.AGREED, ("reason",)),
    Action.FOLLOW_UP: Transition(frozenset({S.AGREED, S.CONFIRMED}), S.FOLLOW_UP),
    Action.RECORD_BREACH: Transition(frozenset({S.AGREED, S.CONFIRMED, S.FOLLOW_UP}), S.FAILED, ("reason",)),
    Action.CLOSE: Transition(
        frozenset({S.AGREED, S.CONFIRMED, S.FOLLOW_UP, S.FAILED}), S.CLOSED, ("reason",)
    ),
    Action.REOPEN: Transition(frozenset({S.CLOSED}), S.ACCEPTED, ("reason",)),
    Action.ESCALATE: Transition(_UNSETTLED, S.REPORTED, ("reason",), Move.UP),
    Action.HAND_BACK: Transition(_UNSETTLED, S.RETURNED, ("reason",), Move.DOWN),
    Action.SUSPEND: Transition(_UNSETTLED, S.SUSPENDED, ("reason",)),
    Action.RESUME: Transition(frozenset({S.SUSPENDED}), None),
    Action.TRANSFER: Transition(_UNSETTLED, S.TRANSFERRED, ("reason", "organisation")),
    Action.VOID: Transition(OPEN - SETTLED, S.VOID, ("reason",)),
}


@dataclass(frozen=True)
class Standing:
    """Where a dispute stands: its state and the one to resume to, its level and the lowest that may have it.

    `floor` is the level of the smallest area that holds both the place and the address, below which
    no one area is responsible.
    """

    state: State
    level: Level
    floor: Level = Level.GRID
    before_suspension: State | None = None


def allowed_actions(standing: Standing) -> tuple[Action, ...]:
    """Actions that state and level permit, in the table's order; who may take them is asked elsewhere."""
    return tuple(action for action in Action if _permits(standing, action))


def _permits(standing: Standing, action: Action) -> bool:
    transition = TRANSITIONS[action]
    if standing.state not in transition.sources:
        return False
    # A suspension opens no way round: what the state before it forbids stays forbidden.
    before = standing.before_suspension
    if before and action is not Action.RESUME and before not in transition.sources:
        return False
    if transition.move is Move.UP:
        return standing.level.above is not None
    if transition.move is Move.DOWN:
        return standing.level.rank > standing.floor.rank
    return True


def apply_action(standing: Standing, action: Action, to_level: Level | None = None) -> Standing:
    """The standing after `action`. An escalation goes one level up, or straight to `to_level` above.

    Raises:
        ValueError: the state or the level does not permit it.
    """
    if not _permits(standing, action):
        raise ValueError(f"{action} is not permitted in state {standing.state} at level {standing.level}")
    transition = TRANSITIONS[action]
    return Standing(
        state=transition.target or standing.before_suspension,
        level=_level_after(standing, transition.move, to_level),
        floor=standing.floor,
        before_suspension=standing.state if action is Action.SUSPEND else None,
    )


def _level_after(standing: Standing, move: Move, to_level: Level | None) -> Level:
    if to_level is None:
        return {Move.STAY: standing.level, Move.UP: standing.level.above, Move.DOWN: standing.level.below}[
            move
        ]
    if move is not Move.UP or to_level.rank <= standing.level.rank:
        raise ValueError(f"{to_level} is not above {standing.level}")
    return to_level
