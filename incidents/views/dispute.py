"""The page of one dispute: what it is and where, what I can do now, and its story."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from grids.hierarchy import Level, code_at
from incidents.errors import (
    ActionNotYours,
    DisputeChanged,
    FieldsInvalid,
    ReferralPending,
    TransitionNotAllowed,
)
from incidents.models import Dispute
from incidents.models.labels import ACTION_NAMES
from incidents.permissions import assignable_users
from incidents.places import PlaceNames
from incidents.services import open_parties, take_action
from incidents.story import tell
from incidents.views.action_forms import Attempt, action_forms
from incidents.views.case_page import case_context


@require_safe
@login_required
@never_cache
def dispute(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    return _page(request, dispute_id)


@require_POST
@login_required
def act(request: HttpRequest, dispute_id: UUID, action: str) -> HttpResponse:
    """Take one action, then show the dispute anew. A refusal keeps what was typed and says what changed."""
    attempt = Attempt.from_post(action, request.POST)
    try:
        changed = take_action(
            user=request.user,
            dispute_id=dispute_id,
            action=action,
            reason=attempt.reason,
            assignee=attempt.assignee,
            organisation=attempt.organisation,
            expected_version=attempt.version,
        )
    except (DisputeChanged, ReferralPending, TransitionNotAllowed) as error:
        return _page(request, dispute_id, attempt=attempt.refused(error), status=409)
    except ActionNotYours as error:
        return _page(request, dispute_id, attempt=attempt.refused(error), status=403)
    except FieldsInvalid as error:
        return _page(request, dispute_id, attempt=attempt.refused(error), status=400)
    done = {"action": ACTION_NAMES[action], "case": changed.case_number}
    messages.success(request, _("已完成“%(action)s”:%(case)s。") % done)
    return redirect("dispute", dispute_id=dispute_id)


@require_POST
@login_required
@never_cache
def parties(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """The dispute with its parties opened. A POST, because opening them is recorded."""
    return _page(request, dispute_id, parties=open_parties(user=request.user, dispute_id=dispute_id))


def _page(request, dispute_id, *, attempt=None, parties=None, status=200) -> HttpResponse:
    seen = Dispute.objects.select_related("assigned_to", "reported_by", "address")
    shown = seen.one_visible_to(request.user, dispute_id)
    events = list(shown.events.select_related("actor", "assigned_to").order_by("version"))
    places = PlaceNames([shown], more=[event.area_id for event in events])
    story = tell(events, places.names)
    context = case_context(request, shown) | {
        "place_parts": places.parts(shown.grid_unit_id),
        "address_parts": places.parts(shown.address_unit_id) if shown.address_unit_id else None,
        "responsible_name": places.name(shown.responsible_area_id),
        "street_code": code_at(shown.grid_unit_id, Level.STREET),
        "story": story,
        "assignable": assignable_users(shown),
        "parties": parties,
        "has_parties": shown.parties.exists(),
        "attempt": attempt,
        "changes": attempt.news(story) if attempt else [],
    }
    context["forms"] = action_forms(shown, context["duties"].actions_for(shown), attempt)
    return render(request, "incidents/dispute.html", context, status=status)
