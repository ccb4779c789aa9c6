"""The queue: what waits for me, and all that I may see."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from grids.area_names import area_names
from grids.models import Area, User
from incidents.errors import IncidentsError
from incidents.filters import DisputeFilter, DisputeFilterForm
from incidents.measures import Measure
from incidents.models import Dispute
from incidents.paging import MOST_URGENT_FIRST, NEWEST_FIRST, page_of
from incidents.permissions import CaseDuties, may_report
from incidents.places import PlaceNames
from incidents.querysets import DisputeQuerySet
from incidents.queue import queue_for
from incidents.results.words import counted_words
from incidents.services.measures_taken import urge

PAGE_SIZE = 50
MINE, ALL = "mine", "all"
DUE_TODAY = "today"
PRESSING = timedelta(days=1)
COUNTED_PARAMETERS = (
    "counted", "counted_from", "counted_to", "counted_level", "counted_body", "counted_kind",
)  # fmt: skip


@require_safe
@login_required
def queue(request: HttpRequest) -> HttpResponse:
    """Parameters: the dispute filter's, `show` (mine, all), `due` (today), `after` (a cursor)."""
    shown = ALL if request.GET.get("show") == ALL else MINE
    form = DisputeFilterForm(request.GET)
    wanted = form.filter() if form.is_valid() else DisputeFilter()
    order = NEWEST_FIRST if shown == ALL else MOST_URGENT_FIRST
    disputes = wanted.apply(_disputes(request.user, shown))
    if request.GET.get("due") == DUE_TODAY:
        disputes = due_today(disputes)
    page = page_of(disputes, order, after=request.GET.get("after", ""), size=PAGE_SIZE)
    context = {
        "form": form,
        "shown": shown,
        "page": page,
        "rows": (rows := rows_of(page.rows, CaseDuties.of(request.user))),
        "may_urge": any(row["may_urge"] for row in rows),
        "here": _query(request, after=request.GET.get("after")),
        "tabs": {MINE: _query(request, show=MINE), ALL: _query(request, show=ALL)},
        "next_page": page.next_cursor and _query(request, after=page.next_cursor),
        "first_page": request.GET.get("after") and _query(request, after=None),
        "narrowed": _conditions(request),
        "counted": (case_set := wanted.case_set()) and counted_words(case_set),
        "without_counted": _query(request, **dict.fromkeys(COUNTED_PARAMETERS)),
        "areas": area_choices(request.user, wanted.area),
        # Asked only by an empty list.
        "may_report": lambda: may_report(request.user),
    }
    return render(request, "incidents/queue.html", context, status=200 if form.is_valid() else 400)


def rows_of(disputes: Sequence[Dispute], duties: CaseDuties | None = None) -> list[dict]:
    """What a line of the queue shows; with `duties`, whether they may urge it: at a level below and pressing.

    Where a time limit passes, the case goes up within the minute: what is worth urging is mostly not overdue.
    """
    places, soon = PlaceNames(disputes), timezone.now() + PRESSING
    return [
        {
            "dispute": dispute,
            "place": places.parts(dispute.grid_unit_id),
            "may_urge": bool(duties)
            and dispute.due_at is not None
            and dispute.due_at < soon
            and duties.may_take(Measure.URGE, dispute),
        }
        for dispute in disputes
    ]


@require_POST
@login_required
def urge_many(request: HttpRequest) -> HttpResponse:
    """Urge each chosen case with one reason. What cannot be urged is counted and the rest is done."""
    reason, done, left = request.POST.get("reason", ""), 0, 0
    for dispute_id in request.POST.getlist("dispute")[:PAGE_SIZE]:
        try:
            urge(user=request.user, dispute_id=UUID(dispute_id), reason=reason)
            done += 1
        except (IncidentsError, ValueError):
            left += 1
    if done:
        messages.success(request, ngettext("已催办 %(n)d 件。", "已催办 %(n)d 件。", done) % {"n": done})
    if not reason.strip() or not done + left:
        messages.warning(request, _("没有催办:请选中案件并填写理由。"))
    elif left:
        words = ngettext("%(n)d 件没有催办:今天已催过,或已不由下级办理。",
                         "%(n)d 件没有催办:今天已催过,或已不由下级办理。", left)  # fmt: skip
        messages.warning(request, words % {"n": left})
    back = request.POST.get("back", "")
    return redirect(reverse("queue") + (back if back.startswith("?") else ""))


def _disputes(user: User, shown: str) -> DisputeQuerySet:
    if shown == ALL:
        return Dispute.objects.visible_to(user).select_related("assigned_to", "reported_by")
    return queue_for(user)


def due_today(disputes: DisputeQuerySet) -> DisputeQuerySet:
    """Those that fall due before the end of today, overdue ones left out."""
    now = timezone.localtime()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return disputes.filter(due_at__gte=now, due_at__lt=midnight)


def area_choices(user: User, chosen: str) -> list[tuple[str, str]]:
    """Areas one level below those of the user's duties, by name; also `chosen`, when it is another one."""
    codes = set(Area.objects.filter(parent__in=CaseDuties.of(user).area_codes).values_list("code", flat=True))
    names = area_names(codes | ({chosen} if chosen else set()))
    return sorted(names.items())


def _query(request: HttpRequest, **changes: str | None) -> str:
    """The address's query with `changes`. A changed list begins at its first page."""
    query = request.GET.copy()
    query.pop("after", None)
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"?{query.urlencode()}"


def _conditions(request: HttpRequest) -> int:
    """How many parameters narrow the list. What the statistics count is one, with all that belongs to it."""
    given = {name for name, value in request.GET.items() if value and name not in {"show", "after"}}
    return len({name.partition("_")[0] if name.startswith("counted") else name for name in given})
