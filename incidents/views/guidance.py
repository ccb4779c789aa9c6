"""Questions that wait for the advice of one's own areas."""

from django.contrib.auth.decorators import login_required
from django.db.models import F, Q
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from grids.hierarchy import Level
from grids.models import User
from incidents.models import Dispute, Guidance
from incidents.permissions import CaseDuties
from incidents.places import PlaceNames


@require_safe
@login_required
@never_cache
def guidance(request: HttpRequest) -> HttpResponse:
    """Open questions asked of my areas, the oldest first."""
    questions = list(open_questions(request.user))
    places = PlaceNames(question.dispute for question in questions)
    rows = [(question, places.name(question.dispute.responsible_area_id)) for question in questions]
    return render(request, "incidents/bodies/guidance.html", {"rows": rows})


def open_questions(user: User):
    """Of cases still open below the area that was asked: one that came up itself needs no advice from it."""
    below = Q(responsible__gt=F("asked")) | Q(dispute__level=Level.DISTRICT)
    asked = Guidance.objects.annotate(
        responsible=Length("dispute__responsible_area_id"), asked=Length("asked_of_id")
    )
    return (
        asked.filter(
            below,
            answered_at=None,
            asked_of__in=CaseDuties.of(user).area_codes,
            dispute__in=Dispute.objects.visible_to(user).open(),
        )
        .select_related("dispute", "asked_by")
        .order_by("asked_at", "id")
    )
