"""Which action is offered first."""

import pytest

from grids.hierarchy import Level
from incidents.next_steps import likely_first
from incidents.workflow import Action, Standing, State, allowed_actions


def standing_in(state: State) -> Standing:
    before = State.ACCEPTED if state is State.SUSPENDED else None
    return Standing(state, Level.COMMUNITY, before_suspension=before)


@pytest.mark.parametrize(
    ("state", "first"),
    [
        (State.REPORTED, Action.ACCEPT),
        (State.VERIFIED, Action.ACCEPT),
        (State.RETURNED, Action.ACCEPT),
        (State.ACCEPTED, Action.BEGIN_MEDIATION),
        (State.ASSIGNED, Action.BEGIN_MEDIATION),
        (State.MEDIATING, Action.RECORD_AGREEMENT),
        (State.AGREED, Action.FOLLOW_UP),
        (State.CONFIRMATION_PENDING, Action.CONFIRM),
        (State.CONFIRMED, Action.FOLLOW_UP),
        (State.FOLLOW_UP, Action.CLOSE),
        (State.CLOSED, Action.REOPEN),
        (State.FAILED, Action.ESCALATE),
        (State.SUSPENDED, Action.RESUME),
    ],
)
def test_the_way_forward_comes_first(state, first):
    assert likely_first(allowed_actions(standing_in(state)), state)[0] is first


@pytest.mark.parametrize("state", State)
def test_no_permitted_action_is_lost(state):
    actions = allowed_actions(standing_in(state))
    assert sorted(likely_first(actions, state)) == sorted(actions)
