"""People press, extend and judge a case without moving it: extension, running on, supervision, risk."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from grids.models import User
from incidents.codes import RISKS
from incidents.deadlines import mediation_end
from incidents.errors import (
    ExtensionIsYours,
    ExtensionNotAsked,
    ExtensionPending,
    ExtensionUsed,
    FieldsInvalid,
    NotSupervised,
    SupervisedAlready,
    UrgedToday,
)
from incidents.measures import Measure
from incidents.models import Dispute
from incidents.policies import policy_book
from incidents.services.actions import REASON_LENGTH
from incidents.services.announcing import announce_change
from incidents.services.changes import escalate_if_due, record_measure
from incidents.services.measures import locked_for, require_text
from incidents.services.risk import risk_of
from incidents.workflow import Action

# Whoever wants longer than this has another case.
LONGEST_RUN_ON = timedelta(days=180)
# In place of a colour: the rule's.
BY_RULE = "rule"


def ask_extension(
    *,
    user: User,
    dispute_id: UUID,
    days: int,
    reason: str,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Dispute:
    """Ask for `days` working days more at this level: one extension a level, decided by those above.

    Raises:
        What `locked_for` raises, ExtensionUsed, ExtensionPending, FieldsInvalid (days, reason).
    """
    measure, now = Measure.ASK_EXTENSION, now or timezone.now()
    with locked_for(measure, user=user, dispute_id=dispute_id, expected_version=expected_version) as dispute:
        if dispute.extension_days:
            raise ExtensionUsed(days=dispute.extension_days)
        if dispute.extension_asked_days:
            raise ExtensionPending(days=dispute.extension_asked_days)
        reason = require_text("reason", reason, REASON_LENGTH)
        most = policy_book().rules_at(dispute.level_entered_at).policy.extension_working_days
        if not 1 <= days <= most:
            raise _wrong("days", f"按办理规则可申请 1 至 {most} 个工作日。 / The policy allows 1 to {most}.")
        changes = {"extension_asked_days": days}
        _record(dispute, measure, now, user, reason=reason, changes=changes, details={"days": days})
    return dispute


def grant_extension(
    *,
    user: User,
    dispute_id: UUID,
    reason: str = "",
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Dispute:
    """Grant what was asked for: the case is due so many working days later. Never one's own request.

    Raises:
        What `locked_for` raises, ExtensionNotAsked, ExtensionIsYours, FieldsInvalid (reason).
    """
    measure, now = Measure.GRANT_EXTENSION, now or timezone.now()
    with locked_for(measure, user=user, dispute_id=dispute_id, expected_version=expected_version) as dispute:
        days = _days_asked(dispute, user)
        _record(
            dispute, measure, now, user, reason=require_text("reason", reason, REASON_LENGTH, blank=True),
            changes={"extension_days": days, "extension_asked_days": None}, details={"days": days},
            book=policy_book(),
        )  # fmt: skip
    return dispute


def refuse_extension(
    *,
    user: User,
    dispute_id: UUID,
    reason: str,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Dispute:
    """Refuse what was asked for; it may be asked for again, with better reasons.

    Raises:
        What `locked_for` raises, ExtensionNotAsked, ExtensionIsYours, FieldsInvalid (reason).
    """
    measure, now = Measure.REFUSE_EXTENSION, now or timezone.now()
    with locked_for(measure, user=user, dispute_id=dispute_id, expected_version=expected_version) as dispute:
        days = _days_asked(dispute, user)
        reason = require_text("reason", reason, REASON_LENGTH)
        changes = {"extension_asked_days": None}
        _record(dispute, measure, now, user, reason=reason, changes=changes, details={"days": days})
    return dispute


def agree_to_run_on(
    *,
    user: User,
    dispute_id: UUID,
    until: date,
    reason: str,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Dispute:
    """The parties agree that the mediation runs on to the day `until`, beyond the month.

    Raises:
        What `locked_for` raises, FieldsInvalid (until, reason).
    """
    measure, now = Measure.AGREE_TO_RUN_ON, now or timezone.now()
    with locked_for(measure, user=user, dispute_id=dispute_id, expected_version=expected_version) as dispute:
        reason = require_text("reason", reason, REASON_LENGTH)
        book = policy_book()
        ends = mediation_end(dispute.clock, book.rules_at(dispute.level_entered_at)) or now
        earliest = max(timezone.localdate(ends), timezone.localdate(now))
        latest = timezone.localdate(now) + LONGEST_RUN_ON
        # An agreement to the same day again would say nothing.
        if dispute.consent_until and until <= dispute.consent_until or not earliest <= until <= latest:
            span = f"{earliest} 至 {latest}"
            raise _wrong("until", f"应在 {span} 之间。 / Must be from {earliest} to {latest}.")
        _record(
            dispute, measure, now, user, reason=reason, changes={"consent_until": until},
            details={"until": until}, book=book,
        )  # fmt: skip
    return dispute


def supervise(
    *,
    user: User,
    dispute_id: UUID,
    reason: str,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Dispute:
    """Put the case under supervision (督办): marked everywhere until that ends.

    Raises:
        What `locked_for` raises, SupervisedAlready, FieldsInvalid (reason).
    """
    measure, now = Measure.SUPERVISE, now or timezone.now()
    with locked_for(measure, user=user, dispute_id=dispute_id, expected_version=expected_version) as dispute:
        if dispute.supervised_since:
            raise SupervisedAlready
        reason = require_text("reason", reason, REASON_LENGTH)
        # In whole seconds, as the history's JSON can hold them.
        changes = {"supervised_since": now.replace(microsecond=0)}
        _record(dispute, measure, now, user, reason=reason, changes=changes)
    return dispute


def end_supervision(
    *,
    user: User,
    dispute_id: UUID,
    reason: str = "",
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Dispute:
    """Raises: What `locked_for` raises, NotSupervised, FieldsInvalid (reason)."""
    measure, now = Measure.END_SUPERVISION, now or timezone.now()
    with locked_for(measure, user=user, dispute_id=dispute_id, expected_version=expected_version) as dispute:
        if not dispute.supervised_since:
            raise NotSupervised
        reason = require_text("reason", reason, REASON_LENGTH, blank=True)
        _record(dispute, measure, now, user, reason=reason, changes={"supervised_since": None})
    return dispute


def urge(
    *,
    user: User,
    dispute_id: UUID,
    reason: str,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Dispute:
    """Urge those who have the case (催办), at most once a day: more often is noise.

    Raises:
        What `locked_for` raises, UrgedToday, FieldsInvalid (reason).
    """
    measure, now = Measure.URGE, now or timezone.now()
    with locked_for(measure, user=user, dispute_id=dispute_id, expected_version=expected_version) as dispute:
        midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
        if dispute.events.filter(action=measure, actor=user, at__gte=midnight).exists():
            raise UrgedToday
        _record(dispute, measure, now, user, reason=require_text("reason", reason, REASON_LENGTH))
    return dispute


def override_risk(
    *,
    user: User,
    dispute_id: UUID,
    risk: str,
    reason: str,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Dispute:
    """Give the case another colour than the rule's, or with `BY_RULE` the rule's again.

    Red goes straight to the street where the policy says so. A colour given by a person stays until a
    person changes it.

    Raises:
        What `locked_for` raises, FieldsInvalid (risk, reason).
    """
    measure, now = Measure.OVERRIDE_RISK, now or timezone.now()
    with locked_for(measure, user=user, dispute_id=dispute_id, expected_version=expected_version) as dispute:
        reason = require_text("reason", reason, REASON_LENGTH)
        if risk not in RISKS and risk != BY_RULE:
            raise _wrong("risk", "请选择一个等级。 / Choose a colour.", "unknown")
        book, before = policy_book(), (dispute.risk, dispute.risk_overridden)
        changes = _colour_changes(dispute, risk, now, book)
        if (changes["risk"], changes["risk_overridden"]) == before:
            raise _wrong("risk", "已经是这个等级。 / The case has this colour already.", "unchanged")
        details = {"from": dispute.risk, "to": changes["risk"]}
        _record(dispute, measure, now, user, reason=reason, changes=changes, details=details, book=book)
        if escalate_if_due(dispute, book=book, at=now):
            announce_change(dispute, Action.ESCALATE, actor=None)
    return dispute


def _colour_changes(dispute: Dispute, risk: str, now: datetime, book) -> dict:
    """An override to the rule's own colour is no override."""
    ruled = risk_of(dispute, at=now, book=book)
    colour = ruled.colour if risk == BY_RULE else risk
    return {
        "risk": colour,
        "risk_overridden": colour != ruled.colour,
        "risk_assessment": ruled.as_data(),
    }


def _days_asked(dispute: Dispute, user: User) -> int:
    if not dispute.extension_asked_days:
        raise ExtensionNotAsked
    asked = dispute.events.filter(action=Measure.ASK_EXTENSION).order_by("version").last()
    if asked.actor_id == user.pk:
        raise ExtensionIsYours
    return dispute.extension_asked_days


def _record(dispute: Dispute, measure: Measure, now: datetime, user: User, **facts: Mapping | str) -> None:
    record_measure(dispute, measure, at=now, actor=user, **facts)
    announce_change(dispute, measure, actor=user)


def _wrong(field: str, message: str, code: str = "out_of_range") -> FieldsInvalid:
    return FieldsInvalid({field: [{"message": message, "code": code}]})
