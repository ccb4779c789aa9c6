"""What a party sees of their own case with a code and no account: its state, and a rating once it ended.

The code is posted, never part of an address, so that it reaches neither logs nor a browser's history. It is
exchanged for a signed cookie of a quarter of an hour that names the code's row.
"""


from axes.helpers import get_client_ip_address
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from grids.area_names import area_names
from grids.language import in_page_language
from incidents.errors import FieldsInvalid, IncidentsError, PartyCodeUnknown, TooManyCodes
from incidents.models import Dispute, PartyCode, Rating
from incidents.public_words import WORDS, time_words
from incidents.services.code_tries import check_try
from incidents.services.party_codes import RATED_STATES, STARS, find_party_code, rate_case
from incidents.views.refusals import field_errors, number_in
from incidents.workflow import Action, State

COOKIE, SALT, SECONDS = "gridgov_case", "incidents.public_case", 15 * 60


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("code")
@never_cache
def case(request: HttpRequest) -> HttpResponse:
    """Where a code is entered, and what it shows."""
    if request.method == "POST":
        return _entered(request)
    code = _shown(request)
    if code is None:
        return render(request, "incidents/public/enter.html")
    return render(request, "incidents/public/case.html", _told(code))


def _entered(request: HttpRequest) -> HttpResponse:
    typed = request.POST.get("code", "")
    try:
        check_try(client=get_client_ip_address(request) or "")
        code = find_party_code(typed)
    except TooManyCodes as error:
        return _again(request, error, status=429, wait=60)
    except PartyCodeUnknown as error:
        return _again(request, error, status=400)
    response = redirect("public_case")
    response.set_signed_cookie(
        COOKIE, code.pk, salt=SALT, max_age=SECONDS, httponly=True, samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE, path=reverse("public_case"),
    )  # fmt: skip
    return response


@require_POST
@never_cache
def rate(request: HttpRequest) -> HttpResponse:
    """One rating. Whoever rated already, or too early, is shown the case as it stands."""
    code = _shown(request)
    if code is None:
        return redirect("public_case")
    stars = request.POST.get("stars", "")
    try:
        rate_case(code_id=code.pk, stars=number_in(stars))
    except FieldsInvalid as error:
        why = field_errors(error)["stars"]
        return render(request, "incidents/public/case.html", _told(code) | {"error": why}, status=400)
    except IncidentsError as error:
        why = in_page_language(error.message_zh, error.message_en)
        return render(request, "incidents/public/case.html", _told(code) | {"error": why}, status=409)
    return redirect("public_case")


@require_POST
@never_cache
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the case on this device, which may be somebody else's."""
    response = redirect("public_case")
    response.delete_cookie(COOKIE, path=reverse("public_case"), samesite="Strict")
    return response


def _shown(request: HttpRequest) -> PartyCode | None:
    """The code of the cookie, while it is in use."""
    pk = request.get_signed_cookie(COOKIE, default=None, salt=SALT, max_age=SECONDS)
    if pk is None:
        return None
    return PartyCode.objects.select_related("dispute").filter(pk=pk, revoked_at=None).first()


def _again(request: HttpRequest, error: IncidentsError, *, status: int, wait: int = 0) -> HttpResponse:
    why = in_page_language(error.message_zh, error.message_en)
    typed = request.POST.get("code", "")[:40]
    response = render(request, "incidents/public/enter.html", {"error": why, "typed": typed}, status=status)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _told(code: PartyCode) -> dict:
    """All that the page may say. The dispute itself is not handed to the template."""
    dispute = code.dispute
    words = WORDS[State(dispute.state)]
    left = dispute.due_at - timezone.now() if dispute.due_at else None
    when = time_words(left)
    area = dispute.responsible_area_id
    rating = Rating.objects.filter(code=code).first()
    return {
        "case_number": dispute.case_number,
        "state": in_page_language(*words.now),
        "since": _since(dispute),
        "level": dispute.get_level_display(),
        "area": area_names([area]).get(area, ""),
        "then": in_page_language(*words.then),
        "when": in_page_language(*when) if when else "",
        "may_rate": dispute.state in RATED_STATES and rating is None,
        "rated": rating.stars if rating else None,
        "stars": STARS,
    }


def _since(dispute: Dispute):
    """When it came to stand as it does: measures do not move a case."""
    moved = dispute.events.filter(action__in=["report", *Action]).order_by("-version")
    return timezone.localtime(moved.values_list("at", flat=True)[0]).date()
