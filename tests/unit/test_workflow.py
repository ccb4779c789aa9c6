"""The one table of transitions."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grids.hierarchy import Level
from incidents.workflow import (
    AWAITING,
    ENDED,
    OPEN,
    SETTLED,
    TRANSITIONS,
    Action,
    Move,
    Standing,
    State,
    allowed_actions,
    apply_action,
)

A, S = Action, State
AT_COMMUNITY = {"level": Level.COMMUNITY}

# Every state at community level, where both escalation and hand-back have somewhere to go.
ALLOWED = {
    S.REPORTED: {A.VERIFY, A.ACCEPT, A.ESCALATE, A.HAND_BACK, A.SUSPEND, A.TRANSFER, A.VOID},
    S.VERIFIED: {A.ACCEPT, A.ESCALATE, A.HAND_BACK, A.SUSPEND, A.TRANSFER, A.VOID},
    S.RETURNED: {A.VERIFY, A.ACCEPT, A.ESCALATE, A.HAND_BACK, A.SUSPEND, A.TRANSFER, A.VOID},
    S.ACCEPTED: {A.ASSIGN, A.BEGIN_MEDIATION, A.ESCALATE, A.HAND_BACK, A.SUSPEND, A.TRANSFER, A.VOID},
    S.ASSIGNED: {A.ASSIGN, A.BEGIN_MEDIATION, A.ESCALATE, A.HAND_BACK, A.SUSPEND, A.TRANSFER, A.VOID},
    S.MEDIATING: {A.RECORD_AGREEMENT, A.FAIL, A.ESCALATE, A.HAND_BACK, A.SUSPEND, A.TRANSFER, A.VOID},
    S.FAILED: {
        A.ASSIGN, A.BEGIN_MEDIATION, A.CLOSE, A.ESCALATE, A.HAND_BACK, A.SUSPEND, A.TRANSFER, A.VOID,
    },
    S.AGREED: {A.APPLY_CONFIRMATION, A.FOLLOW_UP, A.RECORD_BREACH, A.CLOSE},
    S.CONFIRMATION_PENDING: {A.CONFIRM, A.REFUSE_CONFIRMATION},
    S.CONFIRMED: {A.FOLLOW_UP, A.RECORD_BREACH, A.CLOSE},
    S.FOLLOW_UP: {A.APPLY_CONFIRMATION, A.RECORD_BREACH, A.CLOSE},
    S.SUSPENDED: {A.RESUME, A.VOID},
    S.CLOSED: {A.REOPEN},
    S.TRANSFERRED: set(),
    S.VOID: set(),
}  # fmt: skip


def standing(state: State, **changes) -> Standing:
    before = S.MEDIATING if state is S.SUSPENDED else None
    return Standing(**({"state": state, "before_suspension": before, **AT_COMMUNITY} | changes))


@pytest.mark.parametrize(("state", "actions"), ALLOWED.items())
def test_each_state_permits_these_actions_and_no_others(state, actions):
    assert set(allowed_actions(standing(state))) == actions


@pytest.mark.parametrize(("state", "action"), list(product(State, Action)))
def test_what_is_not_allowed_cannot_be_applied(state, action):
    if action in ALLOWED[state]:
        apply_action(standing(state), action)
    else:
        with pytest.raises(ValueError, match="not permitted"):
            apply_action(standing(state), action)


def test_every_action_has_its_row():
    assert set(TRANSITIONS) == set(Action)


def test_a_dispute_goes_from_report_to_a_closed_case():
    now = standing(S.REPORTED)
    passed = []
    for action in (A.VERIFY, A.ACCEPT, A.ASSIGN, A.BEGIN_MEDIATION, A.RECORD_AGREEMENT, A.CLOSE):
        now = apply_action(now, action)
        passed.append(now.state)
    assert passed == [S.VERIFIED, S.ACCEPTED, S.ASSIGNED, S.MEDIATING, S.AGREED, S.CLOSED]
    assert now.level is Level.COMMUNITY


@pytest.mark.parametrize("state", [state for state, actions in ALLOWED.items() if A.ESCALATE in actions])
def test_escalation_leads_to_the_next_level_where_it_is_reported_anew(state):
    after = apply_action(standing(state), A.ESCALATE)
    assert (after.state, after.level) == (S.REPORTED, Level.STREET)


@pytest.mark.parametrize("state", [state for state, actions in ALLOWED.items() if A.HAND_BACK in actions])
def test_a_hand_back_leads_to_the_level_below(state):
    after = apply_action(standing(state), A.HAND_BACK)
    assert (after.state, after.level) == (S.RETURNED, Level.GRID)


def test_nothing_is_above_the_district():
    assert A.ESCALATE not in allowed_actions(standing(S.MEDIATING, level=Level.DISTRICT))


@pytest.mark.parametrize("floor", Level)
def test_no_dispute_goes_below_the_area_that_holds_place_and_address(floor):
    for level in list(Level)[floor.rank :]:
        allowed = allowed_actions(standing(S.ACCEPTED, level=level, floor=floor))
        assert (A.HAND_BACK in allowed) == (level is not floor)


@pytest.mark.parametrize("state", [state for state, actions in ALLOWED.items() if A.SUSPEND in actions])
def test_resuming_leads_back_to_the_state_before(state):
    suspended = apply_action(standing(state), A.SUSPEND)
    assert (suspended.state, suspended.before_suspension) == (S.SUSPENDED, state)
    assert apply_action(suspended, A.RESUME) == standing(state)


def test_a_suspended_dispute_can_be_voided_and_then_remembers_no_suspension():
    after = apply_action(standing(S.SUSPENDED), A.VOID)
    assert (after.state, after.before_suspension) == (S.VOID, None)


@pytest.mark.parametrize("state", SETTLED)
def test_what_is_settled_is_neither_voided_nor_suspended_nor_passed_on(state):
    away = {A.VOID, A.SUSPEND, A.TRANSFER, A.ESCALATE, A.HAND_BACK}
    assert not away & set(allowed_actions(standing(state)))


def test_a_broken_agreement_and_a_closed_case_come_back_into_work():
    assert apply_action(standing(S.CONFIRMED), A.RECORD_BREACH).state is S.FAILED
    assert apply_action(standing(S.CLOSED), A.REOPEN).state is S.ACCEPTED


def test_what_the_court_refuses_is_an_agreement_still():
    pending = apply_action(standing(S.AGREED), A.APPLY_CONFIRMATION)
    assert apply_action(pending, A.REFUSE_CONFIRMATION) == standing(S.AGREED)
    assert apply_action(pending, A.CONFIRM).state is S.CONFIRMED


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("to_level", Level)
def test_an_escalation_may_leave_levels_out_but_never_go_down(level, to_level):
    if to_level.rank > level.rank:
        after = apply_action(standing(S.ACCEPTED, level=level), A.ESCALATE, to_level)
        assert (after.state, after.level) == (S.REPORTED, to_level)
    else:
        with pytest.raises(ValueError, match="not permitted|not above"):
            apply_action(standing(S.ACCEPTED, level=level), A.ESCALATE, to_level)


@pytest.mark.parametrize("action", [action for action in A if action is not A.ESCALATE])
def test_only_an_escalation_chooses_its_level(action):
    state = next(state for state in ALLOWED if action in ALLOWED[state])
    with pytest.raises(ValueError, match="not above"):
        apply_action(standing(state), action, Level.DISTRICT)


@pytest.mark.parametrize("before", [state for state, actions in ALLOWED.items() if A.SUSPEND in actions])
def test_a_suspension_permits_nothing_that_the_state_before_forbids(before):
    allowed = set(allowed_actions(standing(S.SUSPENDED, before_suspension=before)))
    assert A.RESUME in allowed
    assert allowed - {A.RESUME} <= ALLOWED[before]


def test_ended_open_and_awaiting_states_are_told_apart():
    assert {S.CLOSED, S.VOID, S.TRANSFERRED} == ENDED
    assert set(State) == OPEN | ENDED
    assert not OPEN & ENDED
    assert AWAITING < OPEN
    assert SETTLED < OPEN - AWAITING


@given(st.sampled_from(Level), st.data())
def test_no_sequence_of_actions_leaves_the_rules(floor, data):
    now = Standing(S.REPORTED, level=floor, floor=floor)
    for _ in range(data.draw(st.integers(0, 25))):
        actions = allowed_actions(now)
        if not actions:
            assert now.state in (S.VOID, S.TRANSFERRED)
            break
        action = data.draw(st.sampled_from(actions))
        before, now = now, apply_action(now, action)
        assert floor.rank <= now.level.rank <= Level.DISTRICT.rank
        assert (now.level is before.level) == (TRANSITIONS[action].move is Move.STAY)
        assert (now.before_suspension is not None) == (now.state is S.SUSPENDED)
