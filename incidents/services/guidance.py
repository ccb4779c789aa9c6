"""How to mediate: asked of the level above, answered by someone on duty there or higher."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from grids.hierarchy import Level, code_at
from grids.models import User
from incidents.errors import GuidanceNotOpen
from incidents.measures import Measure
from incidents.models import Dispute, Guidance
from incidents.services.announcing import announce_change
from incidents.services.changes import record_measure
from incidents.services.measures import locked_for, require_text

QUESTION_LENGTH = Guidance._meta.get_field("question").max_length
ANSWER_LENGTH = Guidance._meta.get_field("answer").max_length


def ask_guidance(
    *,
    user: User,
    dispute_id: UUID,
    question: str,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Guidance:
    """Ask the level above; the district asks its own colleagues. Raises also FieldsInvalid."""
    now = now or timezone.now()
    with locked_for(
        Measure.ASK_GUIDANCE, user=user, dispute_id=dispute_id, expected_version=expected_version
    ) as dispute:
        guidance = Guidance.objects.create(
            dispute=dispute,
            question=require_text("question", question, QUESTION_LENGTH),
            asked_by=user,
            asked_at=now,
            asked_of_id=asked_of(dispute),
        )
        # The question itself stays with the guidance: it may be about people.
        details = {"guidance": guidance.pk, "asked_of": guidance.asked_of_id}
        record_measure(dispute, Measure.ASK_GUIDANCE, at=now, actor=user, details=details)
        announce_change(dispute, Measure.ASK_GUIDANCE, actor=user)
    return guidance


def give_guidance(
    *,
    user: User,
    dispute_id: UUID,
    guidance_id: int | None,
    answer: str,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Guidance:
    """Answer a question about the case, once. Raises FieldsInvalid, GuidanceNotOpen, and as `locked_for`."""
    now = now or timezone.now()
    with locked_for(
        Measure.GIVE_GUIDANCE, user=user, dispute_id=dispute_id, expected_version=expected_version
    ) as dispute:
        guidance = dispute.guidance.filter(pk=guidance_id, answered_at=None).first()
        if guidance is None:
            raise GuidanceNotOpen
        guidance.answer = require_text("answer", answer, ANSWER_LENGTH)
        guidance.answered_by, guidance.answered_at = user, now
        guidance.save(update_fields=["answer", "answered_by", "answered_at"])
        record_measure(
            dispute, Measure.GIVE_GUIDANCE, at=now, actor=user, details={"guidance": guidance.pk}
        )
        announce_change(dispute, Measure.GIVE_GUIDANCE, actor=user)
    return guidance


def asked_of(dispute: Dispute) -> str:
    """Code of the area whose advice those who have `dispute` ask for."""
    level = Level(dispute.level)
    return code_at(dispute.home_area_id, level.above or level)
