"""Handing the work of one who leaves to another: choose, look, confirm."""

from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from grids.language import in_page_language
from grids.models import User
from grids.models.duty import ROLE_NAMES
from incidents.errors import HandoverInvalid, HandoverNotAllowed
from incidents.handover import HandoverReach, others, people_rows, people_within, successors, work_of
from incidents.services.handover import HandedOver, hand_over
from incidents.views.refusals import field_errors

MOST_PEOPLE = 30


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def handover(request: HttpRequest) -> HttpResponse:
    """Parameters: `leaver`, the username of the one who leaves, once chosen; `q`, to find them by name."""
    reach = HandoverReach.of(request.user)
    if not reach:
        raise HandoverNotAllowed
    people = people_within(reach)
    asked = request.POST if request.method == "POST" else request.GET
    leaver = _person(people, asked.get("leaver", ""))
    if request.method == "POST" and leaver:
        return _hand_over(request, reach, leaver, people)
    return _page(request, reach, people, leaver)


def _hand_over(request: HttpRequest, reach: HandoverReach, leaver: User, people) -> HttpResponse:
    """Only areas that the page offered are taken; what is wrong is shown beside it, what was chosen kept."""
    given = request.POST
    areas = {area.code for area in work_of(leaver, reach)} & set(given.getlist("areas"))
    errors = {}
    on = _day(given.get("on", ""))
    if on is None:
        errors["on"] = _("请填写日期。")
    successor = _person(User.objects.filter(is_active=True), given.get("successor", ""))
    if successor is None:
        errors["successor"] = _("请选择接手人。")
    if not errors:
        try:
            done = hand_over(
                user=request.user, leaver=leaver, successor=successor, areas=areas,
                end_duties="end_duties" in given, on=on,
            )  # fmt: skip
        except HandoverInvalid as error:
            errors = field_errors(error)
        else:
            messages.success(request, _said(leaver, successor, done))
            return redirect(f"{reverse('handover')}?{urlencode({'leaver': leaver.username})}")
    return _page(request, reach, people, leaver, errors=errors, chosen=areas, status=400)


def _page(request, reach, people, leaver, *, errors=None, chosen=None, status=200) -> HttpResponse:
    work = work_of(leaver, reach) if leaver else []
    wanted = request.GET.get("q", "").replace("\0", "").strip()
    found = people.filter(Q(name__icontains=wanted) | Q(username__icontains=wanted)) if wanted else people
    # At first everything is ticked: whoever leaves leaves all of it.
    ticked = {area.code for area in work} if chosen is None else chosen
    given = request.POST if errors else {}
    context = {
        "people": [] if leaver else people_rows(found[: MOST_PEOPLE + 1]),
        "most_people": MOST_PEOPLE,
        "q": wanted,
        "leaver": leaver,
        "work": [
            {"area": area, "role": ROLE_NAMES[area.role], "ticked": area.code in ticked} for area in work
        ],
        "open": sum(area.open for area in work),
        "overdue": sum(area.overdue for area in work),
        "successors": successors(leaver, [area for area in work if area.code in ticked]) if work else [],
        "others": others(leaver) if work and reach.duties_too else [],
        "duties_too": reach.duties_too,
        "errors": errors or {},
        "given": given,
        "today": timezone.localdate().isoformat(),
    }
    return render(request, "incidents/handover/page.html", context, status=status)


def _said(leaver: User, successor: User, done: HandedOver) -> str:
    names = {"leaver": leaver.name, "successor": successor.name}
    if not (done.cases or done.duties_ended or done.duties_begun):
        return _("没有要交接的内容:%(leaver)s在这些区域没有未结案件。") % names
    facts = names | {"cases": done.cases, "ended": done.duties_ended, "begun": done.duties_begun}
    moved = _("已从%(leaver)s交接给%(successor)s:案件 %(cases)d 件。") % facts
    if not (done.duties_ended or done.duties_begun):
        return moved
    return moved + in_page_language("", " ") + _("结束值守 %(ended)d 项,新增值守 %(begun)d 项。") % facts


def _person(people, username: str) -> User | None:
    return people.filter(username=username).first() if username and "\0" not in username else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else timezone.localdate()
    except ValueError:
        return None
