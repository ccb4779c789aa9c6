"""Notices are written, read and forgotten."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app

from grids.models import User
from incidents.errors import ChannelFailed, FieldsInvalid, NoticeNotFound
from incidents.models import Notice, NoticeAddress
from incidents.notices import words
from incidents.notices.channels import channels
from incidents.notices.kinds import Kind

SEND = "send_notice"
BATCH = 1000
KEEP = timedelta(days=180)


def notice_for(
    user_id: int,
    kind: Kind,
    key: str,
    *,
    dispute_id: UUID | None = None,
    facts: Mapping | None = None,
    at: datetime | None = None,
) -> Notice:
    """A notice that is not written yet. The same `key` for the same person is the same news."""
    return Notice(
        user_id=user_id,
        kind=kind,
        key=key,
        dispute_id=dispute_id,
        facts=dict(facts or {}),
        at=at or timezone.now(),
    )


def create_notices(*, notices: Collection[Notice]) -> int:
    """Write those that are news to their people, and have them sent to where these want them too.

    The jobs that send are rows of the same transaction: they exist once the news is certain, and none is lost
    between the two. A gateway is never asked here. Gives how many were written.
    """
    if not notices:
        return 0
    with transaction.atomic():
        return _create(notices)


def _create(notices: Collection[Notice]) -> int:
    users = {notice.user_id for notice in notices}
    wanted = {(notice.user_id, notice.key): notice for notice in notices}
    known = Notice.objects.filter(user__in=users, key__in={notice.key for notice in notices})
    for pair in known.values_list("user_id", "key"):
        wanted.pop(pair, None)
    # Another run may write the same at this moment: then each has it sent, and it is sent once.
    Notice.objects.bulk_create(wanted.values(), ignore_conflicts=True, batch_size=BATCH)
    _have_sent(wanted)
    return len(wanted)


def _have_sent(written: Mapping[tuple[int, str], Notice]) -> None:
    """Defer one job for each notice and address. Asks nothing where no channel is set up."""
    if not written or not settings.GRIDGOV_NOTICE_CHANNELS:
        return
    users = {user for user, _ in written}
    addresses: dict[int, list[NoticeAddress]] = {}
    for address in NoticeAddress.objects.filter(user__in=users, channel__in=channels()):
        addresses.setdefault(address.user_id, []).append(address)
    if not addresses:
        return
    rows = Notice.objects.filter(user__in=addresses, key__in={key for _, key in written})
    jobs = [
        {"notice_id": notice.pk, "channel": address.channel}
        for notice in rows
        if (notice.user_id, notice.key) in written
        for address in addresses[notice.user_id]
        if notice.kind == Kind.DIGEST or not address.digest_only
    ]
    if jobs:
        app.configure_task(SEND).batch_defer(*jobs)


def unread_count(user: User, most: int = 100) -> int:
    """How many notices `user` has not read, counted up to `most`."""
    return Notice.objects.filter(user=user, read_at=None)[:most].count()


def mark_read(*, user: User, notice_id: int | None = None) -> Notice | None:
    """One notice of `user`, or all of them, is read.

    Raises:
        NoticeNotFound: there is none, or it is another's.
    """
    own = Notice.objects.filter(user=user)
    if notice_id is None:
        own.filter(read_at=None).update(read_at=timezone.now())
        return None
    notice = own.select_related("dispute").filter(pk=notice_id).first()
    if notice is None:
        raise NoticeNotFound
    own.filter(pk=notice_id, read_at=None).update(read_at=timezone.now())
    return notice


def set_address(*, user: User, channel: str, address: str, digest_only: bool = False) -> None:
    """Where `user` wants notices by `channel`; an empty address takes it back.

    Raises:
        FieldsInvalid: no such channel, or not an address of it.
    """
    way, address = channels().get(channel), address.strip()
    if way and not address:
        NoticeAddress.objects.filter(user=user, channel=channel).delete()
        return
    longest = NoticeAddress._meta.get_field("address").max_length
    if way is None or len(address) > longest or "\0" in address or not way.accepts(address):
        message = "地址格式不对,请检查。 / Not an address of this kind: please check it."
        raise FieldsInvalid({channel: [{"message": message, "code": "invalid"}]})
    NoticeAddress.objects.update_or_create(
        user=user, channel=channel, defaults={"address": address, "digest_only": digest_only}
    )


def send_test(*, user: User, channel: str) -> None:
    """A text to the address that `user` gave, now. Raises ChannelFailed, also where there is no address."""
    address = NoticeAddress.objects.filter(user=user, channel=channel).first()
    way = channels().get(channel)
    if way is None or address is None:
        raise ChannelFailed(channel=channel[:20], reason="没有地址 / no address")
    way.send(address.address, *words.test_message())


def forget_old_notices(*, now: datetime | None = None) -> int:
    """Notices of half a year ago, and addresses of accounts switched off."""
    NoticeAddress.objects.filter(user__is_active=False).delete()
    old = Notice.objects.filter(Q(at__lt=(now or timezone.now()) - KEEP))
    return old.delete()[0]
