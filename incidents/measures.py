"""What can be done to a case without moving it: neither its state nor its level changes. Pure.

The one table of who may do it and when; the workflow's table is for what moves a case.
"""

from dataclasses import dataclass
from enum import StrEnum

from incidents.workflow import AWAITING, OPEN, SETTLED, State


class Measure(StrEnum):
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    AGREE_TO_RUN_ON = "agree_to_run_on"
    SUPERVISE = "supervise"
    END_SUPERVISION = "end_supervision"
    URGE = "urge"
    OVERRIDE_RISK = "override_risk"
    ASSESS_RISK = "assess_risk"
    CHOOSE_BODY = "choose_body"
    CALL_IN_BODY = "call_in_body"
    RELEASE_BODY = "release_body"
    REFER_OUT = "refer_out"
    RECEIVE_REFERRAL = "receive_referral"
    ANSWER_REFERRAL = "answer_referral"
    ASK_GUIDANCE = "ask_guidance"
    GIVE_GUIDANCE = "give_guidance"
    RECORD_MEDIATION = "record_mediation"
    RECORD_VISIT = "record_visit"
    RECORD_PAYMENT = "record_payment"
    ISSUE_DOCUMENT = "issue_document"
    ADD_SUPPLEMENT = "add_supplement"
    ADD_FILE = "add_file"
    REMOVE_FILE = "remove_file"
    GIVE_PARTY_CODE = "give_party_code"
    HAND_OVER = "hand_over"
    RECALCULATE = "recalculate"


class Who(StrEnum):
    """Who may take a measure."""

    OWN = "own"  # those who answer for the case now
    ABOVE = "above"  # those on duty at a level above, over the same place
    OWN_OR_ABOVE = "own_or_above"
    # Everyone who sees the case: who passes by and learns something is often not who has it now.
    SEEING = "seeing"
    SYSTEM = "system"  # no person


@dataclass(frozen=True)
class MeasureRule:
    """In which of `states` a measure may be taken, by whom; `needs` names what must be given."""

    who: Who
    states: frozenset[State] = OPEN
    needs: tuple[str, ...] = ()


M, _AT_WORK = Measure, OPEN - SETTLED - AWAITING - {State.SUSPENDED}
_EVER = frozenset(State)
MEASURES: dict[Measure, MeasureRule] = {
    M.ASK_EXTENSION: MeasureRule(Who.OWN, _AT_WORK, ("days", "reason")),
    M.GRANT_EXTENSION: MeasureRule(Who.ABOVE, _AT_WORK),
    M.REFUSE_EXTENSION: MeasureRule(Who.ABOVE, _AT_WORK, ("reason",)),
    M.AGREE_TO_RUN_ON: MeasureRule(Who.OWN, frozenset({State.MEDIATING}), ("until", "reason")),
    M.SUPERVISE: MeasureRule(Who.ABOVE, OPEN, ("reason",)),
    M.END_SUPERVISION: MeasureRule(Who.ABOVE, _EVER),
    M.URGE: MeasureRule(Who.ABOVE, OPEN - {State.SUSPENDED}, ("reason",)),
    M.OVERRIDE_RISK: MeasureRule(Who.OWN_OR_ABOVE, OPEN, ("risk", "reason")),
    M.ASSESS_RISK: MeasureRule(Who.SYSTEM, OPEN),
    M.CHOOSE_BODY: MeasureRule(Who.OWN, OPEN - {State.SUSPENDED}, ("body",)),
    M.CALL_IN_BODY: MeasureRule(Who.OWN, OPEN - {State.SUSPENDED}, ("body",)),
    M.RELEASE_BODY: MeasureRule(Who.OWN, OPEN, ("body", "reason")),
    M.REFER_OUT: MeasureRule(
        Who.OWN, OPEN - SETTLED - {State.SUSPENDED}, ("channel", "organisation", "reason")
    ),
    M.RECEIVE_REFERRAL: MeasureRule(Who.OWN, AWAITING, ("channel", "organisation")),
    M.ANSWER_REFERRAL: MeasureRule(Who.OWN, OPEN, ("answer",)),
    M.ASK_GUIDANCE: MeasureRule(Who.OWN, OPEN, ("question",)),
    M.GIVE_GUIDANCE: MeasureRule(Who.ABOVE, OPEN, ("answer",)),
    M.RECORD_MEDIATION: MeasureRule(Who.OWN, OPEN - AWAITING - {State.SUSPENDED}),
    M.RECORD_VISIT: MeasureRule(Who.OWN, SETTLED | {State.CLOSED}),
    M.RECORD_PAYMENT: MeasureRule(Who.OWN, SETTLED | {State.CLOSED}),
    M.ISSUE_DOCUMENT: MeasureRule(Who.OWN, _EVER - {State.VOID}),
    M.ADD_SUPPLEMENT: MeasureRule(Who.SEEING, OPEN, ("text",)),
    M.ADD_FILE: MeasureRule(Who.OWN, OPEN),
    M.REMOVE_FILE: MeasureRule(Who.OWN, OPEN, ("reason",)),
    M.GIVE_PARTY_CODE: MeasureRule(Who.OWN, _EVER - {State.VOID}),
    M.HAND_OVER: MeasureRule(Who.OWN_OR_ABOVE, OPEN),
    M.RECALCULATE: MeasureRule(Who.SYSTEM, OPEN),
}
