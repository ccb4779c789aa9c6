"""Who mediates a case: the rule's proposals, the bodies in it, referrals and guidance."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from grids.area_names import area_names
from grids.language import in_page_language
from incidents import network_codes as tables
from incidents.errors import (
    DisputeChanged,
    FieldsInvalid,
    GuidanceNotOpen,
    MeasureNotAllowed,
    MeasureNotYours,
    ReferralNotPending,
    ReferralPending,
)
from incidents.models import CaseBody, Dispute, Mediator, Referral
from incidents.routing_facts import candidates_for
from incidents.routing_rows import forces_of, rows_of
from incidents.routing_words import counted, worded
from incidents.services.guidance import asked_of
from incidents.two_languages import in_readers_language
from incidents.views.case_bodies_forms import STEPS, taken
from incidents.views.case_page import case_context
from incidents.views.refusals import Attempt

BEST = 5
LATE = (DisputeChanged, MeasureNotAllowed, ReferralPending, ReferralNotPending, GuidanceNotOpen)


@require_safe
@login_required
@never_cache
def bodies(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """Parameters: `all` shows every body, `channel` asks for a special channel besides the category's."""
    return _page(request, dispute_id)


def posted(step: str):
    """The view that takes `step` and shows the page anew; a refusal keeps what was typed."""

    @require_POST
    @login_required
    @never_cache
    def view(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
        try:
            STEPS[step].service(user=request.user, dispute_id=dispute_id, **taken(step, request.POST))
        except LATE as error:
            return _refused(request, dispute_id, step, error, 409)
        except MeasureNotYours as error:
            return _refused(request, dispute_id, step, error, 403)
        except FieldsInvalid as error:
            return _refused(request, dispute_id, step, error, 400)
        messages.success(request, STEPS[step].done)
        return redirect("dispute_bodies", dispute_id=dispute_id)

    return view


def _refused(request, dispute_id: UUID, step: str, error, status: int) -> HttpResponse:
    attempt = Attempt.from_post(step, request.POST, STEPS[step].fields).refused(error)
    return _page(request, dispute_id, attempt=attempt, status=status)


def _page(request, dispute_id: UUID, *, attempt: Attempt | None = None, status: int = 200) -> HttpResponse:
    dispute = Dispute.objects.one_visible_to(request.user, dispute_id)
    guidance = list(dispute.guidance.select_related("asked_by", "answered_by"))
    asks_of = asked_of(dispute)
    names = area_names({dispute.responsible_area_id, asks_of, *(g.asked_of_id for g in guidance)})
    context = (
        case_context(request, dispute)
        | _parts(dispute)
        | _referrals(dispute)
        | {
            "attempt": attempt,
            # By form, so that each finds its own: given.refer_out.reason, errors.refer_out.reason.
            "given": {attempt.of: attempt.given} if attempt else {},
            "errors": {attempt.of: attempt.errors} if attempt else {},
            "open_guidance": any(one.answered_at is None for one in guidance),
            "guidance": [(one, names.get(one.asked_of_id, "")) for one in guidance],
            "asks_of": names.get(asks_of, asks_of),
            "responsible_name": names.get(dispute.responsible_area_id, ""),
        }
    )
    if not dispute.ended_at:
        context |= _proposals(request, dispute, context["roles"])
    return render(request, "incidents/bodies/page.html", context, status=status)


def _parts(dispute: Dispute) -> dict:
    """Bodies that take or took part, the lead first, with the reasons that the rule gave then."""
    parts = list(dispute.bodies.select_related("body", "mediator"))
    lead = next((part for part in parts if part.until is None and part.role == CaseBody.LEAD), None)
    joint = [part for part in parts if part.until is None and part is not lead]
    present = [lead, *joint] if lead else joint
    mediators = Mediator.objects.filter(body=lead.body, active=True) if lead else ()
    return {
        "present": [(part, worded(counted(part.reasons))) for part in present],
        "past": [part for part in parts if part.until],
        "lead": lead,
        "mediators": mediators,
        "roles": {part.body.code: part.get_role_display() for part in present},
    }


def _referrals(dispute: Dispute) -> dict:
    referrals = list(dispute.referrals.all())
    now = timezone.now()
    return {
        "referrals": [
            (one, in_page_language(*tables.REFERRAL_CHANNELS[one.channel]), _reason(one)) for one in referrals
        ],
        "pending": next((one for one in referrals if one.answer == Referral.PENDING), None),
        "late": {one.pk for one in referrals if one.answer == Referral.PENDING and one.answer_by < now},
        "referral_channels": _named(tables.REFERRAL_CHANNELS),
    }


def _proposals(request: HttpRequest, dispute: Dispute, roles: dict[str, str]) -> dict:
    channel = request.GET.get("channel", "")
    channel = channel if channel in tables.CHANNELS else ""
    candidates = candidates_for(dispute, channels=[channel] if channel else [])
    rows = rows_of(candidates, roles)
    shown = rows if "all" in request.GET else rows[:BEST]
    return {
        "rows": shown,
        "more": len(rows) - len(shown),
        "forces": forces_of(candidates, rows),
        "channels": _named(tables.CHANNELS),
        "channel": channel,
    }


def _reason(referral: Referral) -> str:
    """What a person wrote, as they wrote it; that of a lapse is the system's, in two languages."""
    lapsed = referral.answer == Referral.LAPSED
    return in_readers_language(referral.reason) if lapsed else referral.reason


def _named(table: dict[str, tuple[str, str]]) -> list[tuple[str, str]]:
    return [(code, in_page_language(*names)) for code, names in table.items()]
