"""What I was told, and where else I want to be told."""

from collections.abc import Sequence
from itertools import groupby

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grids.language import in_page_language
from grids.models import User
from incidents.errors import ChannelFailed, FieldsInvalid
from incidents.models import Dispute, Notice, NoticeAddress
from incidents.notices import words
from incidents.notices.channels import channels
from incidents.notices.kinds import Kind
from incidents.places import PlaceNames
from incidents.services.notices import mark_read, send_test, set_address, unread_count
from incidents.two_languages import in_readers_language
from incidents.views.refusals import field_errors

PAGE_SIZE = 100
TEST_EVERY_S = 60


@require_safe
@login_required
@never_cache
def notices(request: HttpRequest) -> HttpResponse:
    """The newest of them by day. Parameter `before`: the id of the last one seen."""
    own = Notice.objects.filter(user=request.user)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 18:
        own = own.filter(pk__lt=int(before))
    rows = list(own.order_by("-pk")[: PAGE_SIZE + 1])
    shown = rows_of(rows[:PAGE_SIZE], request.user)
    context = {
        "days": [(day, list(group)) for day, group in groupby(shown, key=lambda row: row["day"])],
        "unread": unread_count(request.user),
        "older": rows[PAGE_SIZE - 1].pk if len(rows) > PAGE_SIZE else None,
        "today": timezone.localdate(),
        "outside": bool(settings.GRIDGOV_NOTICE_CHANNELS),
    }
    return render(request, "incidents/notices/list.html", context)


def rows_of(found: Sequence[Notice], user: User) -> list[dict]:
    """What a line shows. Of a case that is no longer this person's to see, neither number nor place."""
    seen = Dispute.objects.visible_to(user).in_bulk({n.dispute_id for n in found if n.dispute_id})
    places = PlaceNames(seen.values())
    return [_row(notice, seen.get(notice.dispute_id), places) for notice in found]


def _row(notice: Notice, dispute: Dispute | None, places: PlaceNames) -> dict:
    gone = notice.dispute_id is not None and dispute is None
    return {
        "notice": notice,
        "day": timezone.localtime(notice.at).date(),
        "name": words.NAMES[Kind(notice.kind)],
        "icon": words.ICONS[Kind(notice.kind)],
        "dispute": dispute,
        "place": places.parts(dispute.grid_unit_id) if dispute else [],
        "sentence": _("这件案件已不在您的职责范围内。")
        if gone
        else words.sentence(notice.kind, notice.facts),
        # Where there is no one case, the queue shows which are meant.
        "opens": not gone,
    }


@require_POST
@login_required
def open_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """To what the notice is about; it is read then."""
    notice = mark_read(user=request.user, notice_id=notice_id)
    if notice.dispute_id:
        return redirect("dispute", dispute_id=notice.dispute_id)
    return redirect("queue")


@require_POST
@login_required
def read_all(request: HttpRequest) -> HttpResponse:
    mark_read(user=request.user)
    return redirect("notices")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def notice_settings(request: HttpRequest) -> HttpResponse:
    """My own addresses, one for each channel of this installation. An empty one is none."""
    given, errors = {}, {}
    if request.method == "POST":
        channel = request.POST.get("channel", "")
        given = {channel: request.POST.get("address", "")}
        try:
            set_address(
                user=request.user,
                channel=channel,
                address="" if "remove" in request.POST else given[channel],
                digest_only="digest_only" in request.POST,
            )
        except FieldsInvalid as error:
            errors = field_errors(error)
        else:
            removed = "remove" in request.POST or not given[channel].strip()
            messages.success(request, _("地址已删除。") if removed else _("地址已保存。"))
            return redirect("notice_settings")
    context = {"channels": _forms(request.user, given, errors)}
    return render(request, "incidents/notices/settings.html", context, status=400 if errors else 200)


def _forms(user: User, given: dict[str, str], errors: dict[str, str]) -> list[dict]:
    stored = {address.channel: address for address in NoticeAddress.objects.filter(user=user)}
    return [
        {
            "name": name,
            "label": in_page_language(*channel.label),
            "stored": stored.get(name),
            "address": given.get(name, stored[name].address if name in stored else ""),
            "error": errors.get(name),
        }
        for name, channel in channels().items()
    ]


@require_POST
@login_required
def test_notice(request: HttpRequest) -> HttpResponse:
    """A test to my own address, once a minute at most: a gateway costs money and the other side nerves."""
    now, last = timezone.now().timestamp(), request.session.get("notice_test_at", 0)
    if now - last < TEST_EVERY_S:
        messages.warning(request, _("刚刚发过测试消息,请一分钟后再试。"))
        return redirect("notice_settings")
    request.session["notice_test_at"] = now
    try:
        send_test(user=request.user, channel=request.POST.get("channel", ""))
    except ChannelFailed as error:
        messages.error(request, in_readers_language(str(error)))
    else:
        messages.success(request, _("测试消息已发出,请查收。"))
    return redirect("notice_settings")
