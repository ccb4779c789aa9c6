"""Something is added to a case by whoever sees it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from grids.models import User
from incidents.errors import FieldsInvalid, ReportKeyReused
from incidents.measures import Measure
from incidents.models import Dispute, Supplement
from incidents.report import MOST_PHOTOS
from incidents.services.announcing import announce_change
from incidents.services.attachments import require_room
from incidents.services.changes import record_measure
from incidents.services.measures import locked_for, require_text

TEXT_LENGTH = Supplement._meta.get_field("text").max_length


def add_supplement(
    *, user: User, dispute_id: UUID, key: UUID, text: str, photos: int = 0, now: datetime | None = None
) -> tuple[Supplement, bool]:
    """Add `text` to a case, once for each `key` of its sender, and say how many photos will follow.

    Gives the supplement and whether it is new.

    Raises:
        DisputeNotFound, MeasureNotYours, MeasureNotAllowed, FieldsInvalid, AttachmentsFull,
        ReportKeyReused: the key was for another text, number of photos or case.
    """
    now, said = now or timezone.now(), (dispute_id, text.strip(), photos)
    # Before the checks, as with reports: what was taken once stays taken, though the case be closed since.
    if earlier := _earlier(user, key, said):
        return earlier, False
    text = require_text("text", text, TEXT_LENGTH)
    if not 0 <= photos <= MOST_PHOTOS:
        message = f"应为 0 至 {MOST_PHOTOS}。 / Must be 0 to {MOST_PHOTOS}."
        raise FieldsInvalid({"photos": [{"message": message, "code": "out_of_range"}]})
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if earlier := _earlier(user, key, said):
            return earlier, False
        with locked_for(Measure.ADD_SUPPLEMENT, user=user, dispute_id=dispute_id) as dispute:
            if photos:
                require_room(dispute, photos)
            supplement = Supplement.objects.create(
                dispute=dispute, key=key, text=text, photos_expected=photos, added_by=user, added_at=now
            )
            record_measure(
                dispute, Measure.ADD_SUPPLEMENT, at=now, actor=user, reason=text,
                details={"supplement": str(supplement.pk)},
            )  # fmt: skip
            announce_change(dispute, Measure.ADD_SUPPLEMENT, actor=user)
    return supplement, True


def supplementable(*, user: User, dispute_id: UUID) -> Dispute:
    """The dispute, if `user` sees it or added to it before: asked before what they sent is read.

    Raises:
        DisputeNotFound
    """
    before = Dispute.objects.filter(pk=dispute_id, supplements__added_by=user).first()
    return before or Dispute.objects.one_visible_to(user, dispute_id)


def _earlier(user: User, key: UUID, said: tuple[UUID, str, int]) -> Supplement | None:
    earlier = Supplement.objects.select_related("dispute").filter(added_by=user, key=key).first()
    if earlier and (earlier.dispute_id, earlier.text, earlier.photos_expected) != said:
        raise ReportKeyReused(case_number=earlier.dispute.case_number, dispute_id=str(earlier.dispute_id))
    return earlier
