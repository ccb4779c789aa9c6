"""The page of one dispute: what it is and where, what I can do now, and its story."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from grids.hierarchy import Level, code_at
from grids.models import User
from incidents.deadline_words import explain_deadline
from incidents.errors import (
    ActionNotYours,
    ConfirmationTooLate,
    DisputeChanged,
    DisputeNotFound,
    ExtensionIsYours,
    FieldsInvalid,
    HandBacksExhausted,
    IncidentsError,
    MeasureUnknown,
    ReferralPending,
    TransitionNotAllowed,
)
from incidents.measures import Measure
from incidents.models import Dispute
from incidents.models.labels import ACTION_NAMES, MEASURE_NAMES
from incidents.permissions import assignable_users
from incidents.places import PlaceNames
from incidents.policies import policy_book
from incidents.risk_words import risk_reasons
from incidents.services import open_parties, take_action
from incidents.services.measures_by_name import take_measure
from incidents.services.promised_photos import photos_owed
from incidents.services.referral_answers import with_partner
from incidents.story import tell
from incidents.views import action_forms, measure_forms
from incidents.views.case_page import case_context
from incidents.views.refusals import Attempt
from incidents.workflow import Action, State

# The case does not permit it, whoever asks: said on its page.
REFUSED_AS_IT_STANDS = (
    ConfirmationTooLate, DisputeChanged, HandBacksExhausted, ReferralPending, TransitionNotAllowed,
)  # fmt: skip


@require_safe
@login_required
@never_cache
def dispute(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    return _page(request, dispute_id)


@require_POST
@login_required
def act(request: HttpRequest, dispute_id: UUID, action: str) -> HttpResponse:
    """Take one action, then show the dispute anew. A refusal keeps what was typed and says what changed."""
    attempt = Attempt.from_post(action, request.POST, action_forms.FIELDS)
    try:
        changed = take_action(
            user=request.user,
            dispute_id=dispute_id,
            action=action,
            expected_version=attempt.version,
            **attempt.given,
        )
    except REFUSED_AS_IT_STANDS as error:
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
def measure(request: HttpRequest, dispute_id: UUID, measure: str) -> HttpResponse:
    """Take one measure, then show the dispute anew. A refusal keeps what was typed and says why."""
    attempt = Attempt.from_post(measure, request.POST, measure_forms.FIELDS)
    try:
        changed = take_measure(
            user=request.user,
            dispute_id=dispute_id,
            measure=measure,
            given=attempt.given,
            expected_version=attempt.version,
        )
    except (DisputeNotFound, MeasureUnknown):
        raise
    except (ActionNotYours, ExtensionIsYours) as error:
        return _page(request, dispute_id, attempt=attempt.refused(error), status=403)
    except FieldsInvalid as error:
        return _page(request, dispute_id, attempt=attempt.refused(error), status=400)
    except IncidentsError as error:
        return _page(request, dispute_id, attempt=attempt.refused(error), status=409)
    done = {"action": MEASURE_NAMES[measure], "case": changed.case_number}
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
        "photos_owed": photos_owed(shown),
    }
    actions = context["duties"].actions_for(shown)
    if shown.state == State.SUSPENDED and (referral := with_partner(shown)):
        context["with_partner"] = referral
        actions = tuple(action for action in actions if action is not Action.RESUME)
    context["forms"] = action_forms.action_forms(shown, actions, attempt)
    context |= _about_time_and_risk(shown, context["measures"], attempt, request.user)
    return render(request, "incidents/dispute.html", context, status=status)


def _about_time_and_risk(shown: Dispute, measures, attempt: Attempt | None, user: User) -> dict:
    """Deadline and risk, each explained, and the forms of the measures about them."""
    book = policy_book()
    forms = measure_forms.measure_forms(shown, measures, attempt, user=user, book=book)
    overrides = shown.events.filter(action=Measure.OVERRIDE_RISK).select_related("actor")
    return {
        "deadline": explain_deadline(shown, book),
        "measure_forms": [form for form in forms if form.measure is not Measure.OVERRIDE_RISK],
        "risk_form": next((form for form in forms if form.measure is Measure.OVERRIDE_RISK), None),
        "risk_choices": measure_forms.risk_choices(shown),
        "risk_reasons": risk_reasons(shown),
        "ruled": shown.risk_assessment.get("colour"),
        "override": overrides.order_by("version").last() if shown.risk_overridden else None,
        "weights": book.rules_at(timezone.now()).policy.risk,
    }
