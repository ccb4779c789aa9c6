"""The bodies that mediate a case: who leads, who is called in, who leaves."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from grids.models import User
from incidents.errors import FieldsInvalid
from incidents.measures import Measure
from incidents.models import CaseBody, Dispute, MediationBody, Mediator
from incidents.routing import Proposal
from incidents.routing_facts import candidates_for
from incidents.services.actions import REASON_LENGTH
from incidents.services.announcing import announce_change
from incidents.services.changes import record_measure
from incidents.services.measures import locked_for, require_text


def choose_body(
    *,
    user: User,
    dispute_id: UUID,
    body: str,
    mediator: str = "",
    reason: str = "",
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Dispute:
    """Put a body, and a mediator of it where one is named, in charge. Who led until now leads no longer.

    `body` and `mediator` are codes. What the rule says of the body is kept with the choice. One that shares
    an interest with a party may be chosen, since a person decides, but only with a reason.

    Raises:
        FieldsInvalid, and what `locked_for` raises.
    """
    now = now or timezone.now()
    with locked_for(
        Measure.CHOOSE_BODY, user=user, dispute_id=dispute_id, expected_version=expected_version
    ) as dispute:
        chosen, proposal = _serving(dispute, body, now)
        person = _mediator(chosen, mediator)
        reason = _reason(reason, proposal)
        present = CaseBody.objects.filter(dispute=dispute, until=None)
        if present.filter(role=CaseBody.LEAD, body=chosen, mediator=person).exists():
            raise FieldsInvalid({"body": [_said("已由它主办。 / It leads already.", "leads_already")]})
        # The one that led, and the chosen one where it only took part.
        present.filter(role=CaseBody.LEAD).update(until=now)
        present.filter(body=chosen).update(until=now)
        _enter(dispute, chosen, person, CaseBody.LEAD, proposal, now)
        record_measure(
            dispute, Measure.CHOOSE_BODY, at=now, actor=user, reason=reason, organisation=chosen.name,
            changes={"lead_body_id": chosen.pk}, details=_details(chosen, proposal),
        )  # fmt: skip
        announce_change(dispute, Measure.CHOOSE_BODY, actor=user)
    return dispute


def call_in_body(
    *,
    user: User,
    dispute_id: UUID,
    body: str,
    mediator: str = "",
    reason: str = "",
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Dispute:
    """Call a body in to mediate jointly. Raises as `choose_body` does."""
    now = now or timezone.now()
    with locked_for(
        Measure.CALL_IN_BODY, user=user, dispute_id=dispute_id, expected_version=expected_version
    ) as dispute:
        called, proposal = _serving(dispute, body, now)
        person = _mediator(called, mediator)
        reason = _reason(reason, proposal)
        if CaseBody.objects.filter(dispute=dispute, body=called, until=None).exists():
            message = _said("它已参与本案。 / It takes part already.", "takes_part_already")
            raise FieldsInvalid({"body": [message]})
        _enter(dispute, called, person, CaseBody.JOINT, proposal, now)
        record_measure(
            dispute, Measure.CALL_IN_BODY, at=now, actor=user, reason=reason, organisation=called.name,
            details=_details(called, proposal),
        )  # fmt: skip
        announce_change(dispute, Measure.CALL_IN_BODY, actor=user)
    return dispute


def release_body(
    *,
    user: User,
    dispute_id: UUID,
    body: str,
    reason: str,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Dispute:
    """End a body's part in the case. Raises FieldsInvalid, and what `locked_for` raises."""
    now = now or timezone.now()
    with locked_for(
        Measure.RELEASE_BODY, user=user, dispute_id=dispute_id, expected_version=expected_version
    ) as dispute:
        reason = require_text("reason", reason, REASON_LENGTH)
        here = CaseBody.objects.filter(dispute=dispute, until=None, body__code=_plain(body))
        part = here.select_related("body").first()
        if part is None:
            message = _said("它没有参与本案。 / It takes no part in the case.", "takes_no_part")
            raise FieldsInvalid({"body": [message]})
        part.until, part.end_reason = now, reason
        part.save(update_fields=["until", "end_reason"])
        record_measure(
            dispute, Measure.RELEASE_BODY, at=now, actor=user, reason=reason, organisation=part.body.name,
            changes={"lead_body_id": None} if part.role == CaseBody.LEAD else None,
            details={"body": part.body.code},
        )  # fmt: skip
        announce_change(dispute, Measure.RELEASE_BODY, actor=user)
    return dispute


def _serving(dispute: Dispute, code: str, now: datetime) -> tuple[MediationBody, Proposal]:
    """The body `code`, in use where the case is, and what the rule says of it."""
    code = _plain(code)
    candidates = candidates_for(dispute, code=code, at=now)
    proposal = candidates.of(code)
    if proposal is None:
        message = "请选择一个服务这个地方、仍在使用的组织。 / Choose a body that is in use and works here."
        raise FieldsInvalid({"body": [_said(message, "not_available")]})
    return candidates.bodies[code], proposal


def _mediator(body: MediationBody, code: str) -> Mediator | None:
    code = _plain(code)
    if not code:
        return None
    found = body.mediators.filter(code=code, active=True).first()
    if found is None:
        message = "请选择这个组织在任的调解员。 / Choose a mediator who serves at this body."
        raise FieldsInvalid({"mediator": [_said(message, "not_available")]})
    return found


def _reason(reason: str, proposal: Proposal) -> str:
    try:
        return require_text("reason", reason, REASON_LENGTH, blank=not proposal.conflict)
    except FieldsInvalid:
        if reason.strip():
            raise
        message = "与一方当事人有利害关系,确需选它请写明理由。 / It shares an interest with a party: say why."
        raise FieldsInvalid({"reason": [_said(message, "conflict")]}) from None


def _enter(
    dispute: Dispute,
    body: MediationBody,
    mediator: Mediator | None,
    role: str,
    proposal: Proposal,
    now: datetime,
) -> None:
    CaseBody.objects.create(
        dispute=dispute, body=body, mediator=mediator, role=role, since=now, reasons=proposal.as_data()
    )


def _details(body: MediationBody, proposal: Proposal) -> dict:
    return {"body": body.code, "points": proposal.points, "conflict": proposal.conflict}


def _plain(code: str) -> str:
    """A code as the database can be asked for it: PostgreSQL takes no null character."""
    return code.strip().replace("\0", "")


def _said(message: str, code: str) -> dict[str, str]:
    return {"message": message, "code": code}
