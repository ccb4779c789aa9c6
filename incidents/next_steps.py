"""Which of the permitted actions is most likely meant. Pure."""

from collections.abc import Iterable

from incidents.workflow import Action, State

A = Action
# The way forward comes first, then passing the case on, then what ends or stops it.
_LIKELY = (
    A.RESUME, A.CONFIRM, A.RECORD_AGREEMENT, A.FOLLOW_UP, A.CLOSE, A.APPLY_CONFIRMATION,
    A.BEGIN_MEDIATION, A.ACCEPT, A.VERIFY, A.ASSIGN, A.FAIL,
    A.REFUSE_CONFIRMATION, A.ESCALATE, A.HAND_BACK, A.SUSPEND, A.RECORD_BREACH, A.TRANSFER, A.VOID, A.REOPEN,
)
# A mediation that failed goes up before it is closed or tried again.
_LIKELY_WHEN = {State.FAILED: (A.ESCALATE, A.CLOSE)}


def likely_first(actions: Iterable[Action], state: State) -> list[Action]:
    """`actions` with the most likely in `state` first."""
    order = [*_LIKELY_WHEN.get(state, ()), *_LIKELY]
    return sorted(actions, key=order.index)
