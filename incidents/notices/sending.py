"""One notice goes out by one channel. Run by the worker, again and again until the channel takes it."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from incidents.errors import ChannelFailed
from incidents.models import Dispute, Notice, NoticeAddress
from incidents.notices import words
from incidents.notices.channels import channels
from incidents.notices.kinds import Kind


def send_notice(notice_id: int, channel: str) -> bool:
    """Whether it went out. It does not where it has already, was read or taken back in the meantime, or the
    case is no longer for this person to see.

    Raises:
        ChannelFailed: not taken; try again.
    """
    notice = Notice.objects.select_related("user", "dispute").filter(pk=notice_id, read_at=None).first()
    way = channels().get(channel)
    if notice is None or way is None or not may_hear(notice):
        return False
    address = NoticeAddress.objects.filter(user=notice.user, channel=channel).first()
    if address is None or (address.digest_only and notice.kind != Kind.DIGEST):
        return False
    if not _claim(notice_id, channel):
        return False
    try:
        # Who reads it out there chose no language: that of the district.
        with translation.override(settings.LANGUAGE_CODE):
            case_number = notice.dispute.case_number if notice.dispute else None
            subject, text = words.outside(notice.kind, notice.facts, case_number)
        way.send(address.address, subject, text)
    except ChannelFailed:
        _give_back(notice_id, channel)
        raise
    return True


def may_hear(notice: Notice) -> bool:
    """Whether its person may see, now, what it is about."""
    if not notice.user.is_active:
        return False
    if notice.dispute_id is None:
        return True
    return Dispute.objects.visible_to(notice.user).filter(pk=notice.dispute_id).exists()


def _claim(notice_id: int, channel: str) -> bool:
    """Written down before it is sent: of two runs one sends, and after one that died none sends again."""
    with transaction.atomic():
        notice = Notice.objects.select_for_update().get(pk=notice_id)
        if channel in notice.sent:
            return False
        notice.sent[channel] = timezone.now().isoformat(timespec="seconds")
        notice.save(update_fields=["sent"])
    return True


def _give_back(notice_id: int, channel: str) -> None:
    with transaction.atomic():
        notice = Notice.objects.select_for_update().get(pk=notice_id)
        notice.sent.pop(channel, None)
        notice.save(update_fields=["sent"])
