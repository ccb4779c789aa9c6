"""Photos follow a report, or what was added to a case, one by one: each arrives once."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from grids.models import User
from incidents.errors import AttachmentTypeRefused, PhotoKeyReused, PhotosComplete
from incidents.files.sniff import IMAGES
from incidents.models import Dispute, ReceivedPhoto
from incidents.services.attachments import keep_file, made_harmless
from incidents.services.promised_photos import (
    Promise,
    promise_of_report,
    promise_of_supplement,
    promises_by,
)


def receive_photo(
    *, user: User, dispute_id: UUID, key: UUID, content: bytes, now: datetime | None = None
) -> tuple[Promise, bool]:
    """Take in a photo that `user` promised, once for each `key`: what it counts to, and whether it is new.

    Whoever has the case by now, and whatever became of it: a photo that was promised is not lost because
    others went on meanwhile. It counts to the oldest promise that is not complete. The same picture under
    two keys is one attachment and counts twice.

    Raises:
        DisputeNotFound: there is none, or `user` neither promised photos for it nor sees it.
        PhotosComplete, PhotoKeyReused, AttachmentTypeRefused, AttachmentHeic, AttachmentDamaged,
        AttachmentTooManyPixels.
    """
    now = now or timezone.now()
    dispute = _promised_to(user, dispute_id)
    # Before the content is looked at: what has come once is known, though it be removed since.
    if known := _known(user, key, dispute):
        return _promise(known), False
    _owing(user, dispute)
    picture, media_type = _picture(content)
    with transaction.atomic():
        # As with reports: one sender's photos come one after the other, so that of the same sent many times
        # at once the others find the first.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        dispute = Dispute.objects.select_for_update(of=("self",)).get(pk=dispute.pk)
        if known := _known(user, key, dispute):
            return _promise(known), False
        promise = _owing(user, dispute)
        attachment, _ = keep_file(
            dispute, user=user, content=picture, media_type=media_type, promised=True, now=now
        )
        photo = ReceivedPhoto.objects.create(
            dispute=dispute,
            supplement=promise.supplement,
            key=key,
            attachment=attachment,
            sent_by=user,
            received_at=now,
        )
    return _promise(photo), True


def _promised_to(user: User, dispute_id: UUID) -> Dispute:
    """The dispute that `user` reported or added to, though it be out of their sight since."""
    own = Dispute.objects.sent_by(user).filter(pk=dispute_id).first()
    if own is None:
        Dispute.objects.one_visible_to(user, dispute_id)
        raise PhotosComplete
    return own


def _known(user: User, key: UUID, dispute: Dispute) -> ReceivedPhoto | None:
    photos = ReceivedPhoto.objects.select_related("dispute", "supplement")
    photo = photos.filter(sent_by=user, key=key).first()
    if photo and photo.dispute_id != dispute.pk:
        raise PhotoKeyReused(case_number=photo.dispute.case_number, dispute_id=str(photo.dispute_id))
    return photo


def _owing(user: User, dispute: Dispute) -> Promise:
    for promise in promises_by(user, dispute):
        if not promise.complete:
            return promise
    raise PhotosComplete


def _promise(photo: ReceivedPhoto) -> Promise:
    return promise_of_supplement(photo.supplement) if photo.supplement else promise_of_report(photo.dispute)


def _picture(content: bytes) -> tuple[bytes, str]:
    kept, media_type = made_harmless(content)
    if media_type not in IMAGES:
        raise AttachmentTypeRefused
    return kept, media_type
