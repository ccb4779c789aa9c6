"""A person acts on a dispute."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from grids.area_names import area_names
from grids.models import User
from incidents.deadlines import confirmation_until
from incidents.errors import (
    ActionIncomplete,
    ActionNotYours,
    ActionUnknown,
    AgreementConfirmed,
    AgreementMissing,
    AgreementNotWritten,
    AssigneeNotAssignable,
    ConfirmationNotRecorded,
    ConfirmationTooLate,
    DisputeChanged,
    FieldsInvalid,
    HandBacksExhausted,
    TransitionNotAllowed,
)
from incidents.models import Agreement, Dispute, DisputeEvent
from incidents.permissions import CaseDuties, assignable_users
from incidents.policies import policy_book
from incidents.policy import PolicyBook, Rules
from incidents.services.announcing import announce_change
from incidents.services.changes import escalate_if_due, record_change
from incidents.services.legal_rows import settle_legal_rows
from incidents.services.referral_answers import check_not_with_partner, settle_referral
from incidents.services.risk import reassess_risk
from incidents.workflow import TRANSITIONS, Action, allowed_actions

# The history holds more than a reason may be: what is added to a case is told there in full.
REASON_LENGTH = 1000
ORGANISATION_LENGTH = DisputeEvent._meta.get_field("organisation").max_length


def take_action(
    *,
    user: User,
    dispute_id: UUID,
    action: Action | str,
    reason: str = "",
    assignee: str | None = None,
    organisation: str = "",
    expected_version: int | None = None,
    reason_code: str = "",
    details: Mapping | None = None,
    now: datetime | None = None,
) -> Dispute:
    """Take one step with a dispute. `assignee` is a username, `expected_version` what was looked at.

    `reason_code` is for a service whose `reason` is a fixed sentence in both languages.

    Of two people who act at the same moment the second is told what the first did: the row is locked, and
    everything is asked of the locked copy.

    Raises:
        ActionUnknown, DisputeNotFound, DisputeChanged, ActionNotYours, TransitionNotAllowed,
        ActionIncomplete, AssigneeNotAssignable, FieldsInvalid (too long), HandBacksExhausted,
        AgreementMissing, AgreementNotWritten, AgreementConfirmed, ConfirmationNotRecorded,
        ConfirmationTooLate, ReferralPending.
    """
    action = _known_action(action)
    now = now or timezone.now()
    given = {"reason": reason, "assignee": assignee or "", "organisation": organisation}
    given = {name: text.strip() for name, text in given.items()}
    with transaction.atomic():
        dispute = Dispute.objects.select_for_update(of=("self",)).one_visible_to(user, dispute_id)
        check_unchanged(dispute, expected_version)
        _check_permitted(user, dispute, action, expected_version)
        _check_given(action, given)
        needs = TRANSITIONS[action].needs
        book = policy_book()
        _check_policy(dispute, action, now, book, details or {})
        check_not_with_partner(dispute, action)
        record_change(
            dispute,
            action,
            book=book,
            at=now,
            actor=user,
            reason=given["reason"],
            reason_code=reason_code,
            assignee=_assignee(dispute, given["assignee"]) if "assignee" in needs else None,
            organisation=given["organisation"] if "organisation" in needs else "",
            details=details,
        )
        settle_legal_rows(dispute, action, on=timezone.localtime(now).date(), reason=given["reason"])
        settle_referral(dispute, action, at=now, actor=user, reason=given["reason"])
        if action is Action.FAIL:
            reassess_risk(dispute, book=book, at=now)
            escalated = escalate_if_due(dispute, book=book, at=now)
        else:
            escalated = None
        announce_change(dispute, action, actor=user)
        if escalated:
            announce_change(dispute, Action.ESCALATE, actor=None)
    return dispute


def area_facts(dispute: Dispute) -> dict[str, str]:
    """Who answers for `dispute`, for an error's sentence."""
    code = dispute.responsible_area_id
    return {"level": dispute.level, "responsible_area": code, "area_name": area_names([code]).get(code, code)}


def _known_action(action: str) -> Action:
    if action not in set(Action):
        raise ActionUnknown(action=action, known_actions=[known.value for known in Action])
    return Action(action)


def check_unchanged(dispute: Dispute, expected_version: int | None) -> None:
    if expected_version is not None and dispute.version != expected_version:
        raise DisputeChanged(
            version=dispute.version,
            allowed_actions=[action.value for action in allowed_actions(dispute.standing)],
            changes=_changes_since(dispute, expected_version),
        )


def _check_permitted(user: User, dispute: Dispute, action: Action, expected_version: int | None) -> None:
    """Whether it is theirs comes first: a colleague at another level is told who has the case now."""
    if not CaseDuties.of(user).act_on(dispute):
        raise ActionNotYours(**area_facts(dispute))
    allowed = allowed_actions(dispute.standing)
    if action not in allowed:
        # One who did not say what they looked at is told at least the last step.
        known = dispute.version - 1 if expected_version is None else expected_version
        raise TransitionNotAllowed(
            action=action.value,
            allowed_actions=[action.value for action in allowed],
            version=dispute.version,
            changes=_changes_since(dispute, known),
        )


def _check_policy(
    dispute: Dispute, action: Action, now: datetime, book: PolicyBook, details: Mapping
) -> None:
    """What the policy, rather than the state, forbids."""
    rules = book.rules_at(now)
    if action is Action.HAND_BACK and dispute.hand_backs >= rules.policy.hand_backs:
        raise HandBacksExhausted(times=dispute.hand_backs)
    if action is Action.APPLY_CONFIRMATION:
        _check_confirmable(dispute, rules, details.get("applied_on"))


def _check_confirmable(dispute: Dispute, rules: Rules, applied_on: str | None) -> None:
    """The court confirms a written agreement that is in force, if it was asked in time. An application that
    was made in time may be written down later.
    """
    agreement = dispute.agreements.in_force().first()
    if agreement is None:
        raise AgreementMissing
    if agreement.form != Agreement.WRITTEN:
        raise AgreementNotWritten
    if agreement.confirmed:
        raise AgreementConfirmed
    if applied_on is None:
        raise ConfirmationNotRecorded
    until = confirmation_until(agreement.effective_on, rules).isoformat()
    if applied_on > until:
        raise ConfirmationTooLate(until=until, days=rules.policy.confirmation_days)


def _check_given(action: Action, given: dict[str, str]) -> None:
    missing = [need for need in TRANSITIONS[action].needs if not given[need]]
    if missing:
        message = "这个操作需要它。 / The action needs it."
        raise ActionIncomplete({need: [{"message": message, "code": "required"}] for need in missing})
    for field, length in (("reason", REASON_LENGTH), ("organisation", ORGANISATION_LENGTH)):
        if len(given[field]) > length or "\0" in given[field]:
            message = f"最多 {length} 个字,不含空字符。 / At most {length} characters, none of them null."
            raise FieldsInvalid({field: [{"message": message, "code": "invalid"}]})


def _assignee(dispute: Dispute, username: str) -> User:
    # A NUL can be in no username, and PostgreSQL does not take it in a question.
    found = "\0" not in username and assignable_users(dispute).filter(username=username).first()
    if not found:
        message = "不在值守。 / Not on duty there."
        errors = {"assignee": [{"message": message, "code": "not_assignable"}]}
        raise AssigneeNotAssignable(errors, **area_facts(dispute))
    return found


def _changes_since(dispute: Dispute, version: int) -> list[dict]:
    """Events after `version`, as the history tells them."""
    events = dispute.events.filter(version__gt=version).select_related("actor").order_by("version")
    return [
        {
            "version": event.version,
            "at": timezone.localtime(event.at).isoformat(),
            "actor": event.actor.username if event.actor else None,
            "actor_name": str(event.actor) if event.actor else None,
            "action": event.action,
            "to_state": event.to_state,
            "to_level": event.to_level,
        }
        for event in events
    ]
