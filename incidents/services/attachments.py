"""Photos and papers of a case: added, opened, removed."""

import hashlib
import unicodedata
from datetime import datetime, timedelta
from typing import BinaryIO
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from grids.models import User
from incidents.errors import (
    AttachmentDamaged,
    AttachmentHeic,
    AttachmentNotFound,
    AttachmentsFull,
    AttachmentTooLarge,
    AttachmentTypeRefused,
)
from incidents.files import storage
from incidents.files.images import clean_image
from incidents.files.sniff import HEIC, IMAGES, PDF, is_whole_pdf, media_type_of
from incidents.measures import Measure
from incidents.models import Attachment, Dispute
from incidents.services.announcing import announce_change
from incidents.services.changes import record_measure
from incidents.services.legal_access import answered_for
from incidents.services.measures import locked_for, require_text
from incidents.services.promised_photos import photos_owed

TITLE_LENGTH = Attachment._meta.get_field("title").max_length
REASON_LENGTH = 1000
# Longer than any transaction takes, after which a file without a row is nobody's.
ORPHAN_AFTER = timedelta(days=1)


def add_attachment(
    *, user: User, dispute_id: UUID, file: BinaryIO, title: str = "", now: datetime | None = None
) -> tuple[Attachment, bool]:
    """Add `file` to the case: the attachment, and whether it is new; the same content twice is one.

    `title` is what to call it, such as the name of the file. The file is on the disk before its row is
    committed: a row without its file cannot be, a file without a row is deleted by `delete_orphans`.

    Raises:
        DisputeNotFound, MeasureNotYours, MeasureNotAllowed, AttachmentTooLarge, AttachmentTypeRefused,
        AttachmentHeic, AttachmentDamaged, AttachmentTooManyPixels, AttachmentsFull.
    """
    # Asked again of the locked row; asked first, a stranger cannot make us decode pictures.
    answered_for(user=user, dispute_id=dispute_id, measure=Measure.ADD_FILE)
    content, media_type = made_harmless(_bounded(file))
    with locked_for(Measure.ADD_FILE, user=user, dispute_id=dispute_id) as dispute:
        return keep_file(
            dispute, user=user, content=content, media_type=media_type, title=title, now=now or timezone.now()
        )


def keep_file(
    dispute: Dispute,
    *,
    user: User,
    content: bytes,
    media_type: str,
    now: datetime,
    title: str = "",
    promised: bool = False,
) -> tuple[Attachment, bool]:
    """Keep what `made_harmless` left of a file in the locked `dispute`: the attachment, whether it is new.

    `promised`: there is room for it already (see `require_room`).

    Raises:
        AttachmentsFull
    """
    digest = hashlib.sha256(content).hexdigest()
    if same := dispute.attachments.filter(removed_at=None, sha256=digest).first():
        return same, False
    if not promised:
        require_room(dispute, 1)
    attachment = Attachment(
        id=uuid4(),
        dispute=dispute,
        media_type=media_type,
        title=_title(title, media_type),
        size_bytes=len(content),
        sha256=digest,
        added_by=user,
        added_at=now,
    )
    storage.write_file(attachment.pk, content)
    attachment.save(force_insert=True)
    _record(dispute, Measure.ADD_FILE, user, now, attachment)
    return attachment, True


def require_room(dispute: Dispute, files: int) -> None:
    """Whether `files` more fit into the case. Photos that were promised have their room, though yet to come.

    Raises:
        AttachmentsFull
    """
    taken = dispute.attachments.filter(removed_at=None).count() + photos_owed(dispute).all
    if taken + files > settings.GRIDGOV_FILES_PER_CASE:
        raise AttachmentsFull(limit=settings.GRIDGOV_FILES_PER_CASE)


def remove_attachment(
    *, user: User, dispute_id: UUID, file_id: UUID, reason: str, now: datetime | None = None
) -> None:
    """Take a file out of the case and delete it. The history keeps that it was there, and why it went.

    Raises:
        DisputeNotFound, MeasureNotYours, MeasureNotAllowed, AttachmentNotFound, FieldsInvalid.
    """
    now = now or timezone.now()
    with locked_for(Measure.REMOVE_FILE, user=user, dispute_id=dispute_id) as dispute:
        attachment = _kept(dispute, file_id)
        reason = require_text("reason", reason, REASON_LENGTH)
        attachment.removed_at = now
        attachment.save(update_fields=["removed_at"])
        _record(dispute, Measure.REMOVE_FILE, user, now, attachment, reason)
        transaction.on_commit(lambda: storage.delete_file(attachment.pk))


def open_attachment(*, user: User, dispute_id: UUID, file_id: UUID) -> tuple[Attachment, BinaryIO]:
    """A file of the case and its content, for whoever may see the case.

    Raises:
        DisputeNotFound, AttachmentNotFound: also where the file is not on this machine.
    """
    attachment = _kept(Dispute.objects.one_visible_to(user, dispute_id), file_id)
    try:
        return attachment, storage.open_file(attachment.pk)
    except FileNotFoundError as error:
        raise AttachmentNotFound from error


def delete_orphans(*, now: datetime | None = None) -> int:
    """Delete files that no case has, left by what was cut short; how many."""
    before, deleted = (now or timezone.now()) - ORPHAN_AFTER, 0
    for path, file_id in storage.files_before(before):
        if file_id is None or not Attachment.objects.filter(pk=file_id, removed_at=None).exists():
            path.unlink(missing_ok=True)
            deleted += 1
    return deleted


def _bounded(file: BinaryIO) -> bytes:
    limit_mb = settings.GRIDGOV_FILE_MAX_MB
    content = file.read(limit_mb * 1024 * 1024 + 1)
    if len(content) > limit_mb * 1024 * 1024:
        raise AttachmentTooLarge(limit_mb=limit_mb)
    return content


def made_harmless(content: bytes) -> tuple[bytes, str]:
    """What is kept of `content`, and its media type.

    Raises:
        AttachmentTypeRefused, AttachmentHeic, AttachmentDamaged, AttachmentTooManyPixels.
    """
    media_type = media_type_of(content)
    if media_type in IMAGES:
        image = clean_image(content, media_type)
        return image.content, image.media_type
    if media_type == PDF:
        if not is_whole_pdf(content):
            raise AttachmentDamaged
        return content, PDF
    raise AttachmentHeic if media_type == HEIC else AttachmentTypeRefused


def _title(text: str, media_type: str) -> str:
    """The last part of a path, without what cannot be seen; what it is where nothing is left."""
    name = text.replace("\\", "/").rpartition("/")[2]
    seen = "".join(each for each in name if not unicodedata.category(each).startswith("C")).strip()
    return seen[:TITLE_LENGTH] or ("PDF" if media_type == PDF else "照片")


def _kept(dispute: Dispute, file_id: UUID) -> Attachment:
    attachment = dispute.attachments.filter(pk=file_id, removed_at=None).first()
    if attachment is None:
        raise AttachmentNotFound
    return attachment


def _record(dispute, measure, user, now, attachment, reason="") -> None:
    # Not the title: names of files name people.
    details = {"file": str(attachment.pk), "media_type": attachment.media_type}
    record_measure(dispute, measure, at=now, actor=user, reason=reason, details=details)
    announce_change(dispute, measure, actor=user)
