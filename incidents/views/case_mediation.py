"""The page of the legal loop: mediations, agreement, confirmation by the court, visits, codes for parties."""

from dataclasses import dataclass, field
from uuid import UUID

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from grids.area_names import area_names
from incidents.errors import (
    ActionNotYours,
    AgreementMissing,
    AgreementNotWritten,
    ConfirmationTooLate,
    DisputeChanged,
    FieldsInvalid,
    IncidentsError,
    MeasureNotAllowed,
    TransitionNotAllowed,
)
from incidents.measures import Measure
from incidents.models import Dispute
from incidents.papers.site import site_of
from incidents.services.actions import area_facts
from incidents.services.legal_access import legal_texts_are_open, open_legal_texts
from incidents.services.party_codes import give_party_code, revoke_party_code
from incidents.story import Chapter, tell
from incidents.two_languages import in_readers_language
from incidents.views.case_mediation_forms import FORMS, LegalForm
from incidents.views.case_mediation_page import ON_CASE_PAGE, STEP_WORDS, LegalPage
from incidents.views.case_page import case_context
from incidents.views.refusals import field_errors, number_in, version_in

CONFLICTS = (
    TransitionNotAllowed, MeasureNotAllowed, AgreementMissing, AgreementNotWritten, ConfirmationTooLate,
)  # fmt: skip
DONE = {
    "record": gettext_lazy("已登记调解笔录。"),
    "agreement": gettext_lazy("已登记调解协议。"),
    "payment": gettext_lazy("已登记履行。"),
    "apply": gettext_lazy("已登记司法确认申请。"),
    "decide": gettext_lazy("已登记司法确认的结果。"),
    "visit": gettext_lazy("已登记回访。"),
    "breach": gettext_lazy("已登记违约。"),
}


@dataclass(frozen=True)
class Refusal:
    """Why nothing was changed, and what others did meanwhile."""

    sentence: str
    changes: list[Chapter] = field(default_factory=list)


@require_safe
@login_required
@never_cache
def mediation(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    return _page(request, dispute_id)


@require_POST
@login_required
@never_cache
def open_texts(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """Open the texts for an hour. A POST, because it is recorded."""
    open_legal_texts(user=request.user, dispute_id=dispute_id)
    return redirect("dispute_mediation", dispute_id=dispute_id)


def taking(name: str):
    """The view to which the form `name` is posted."""

    @require_POST
    @login_required
    @never_cache
    def take(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
        # A stranger is told that there is nothing before what they sent is looked at.
        dispute = Dispute.objects.one_visible_to(request.user, dispute_id)
        form = FORMS[name](dispute, request.POST)
        try:
            if not case_context(request, dispute)["mine"]:
                raise ActionNotYours(**area_facts(dispute))
            if not form.is_valid():
                return _page(request, dispute_id, form=form, refusal=_incomplete(), status=400)
            form.take(user=request.user, dispute_id=dispute_id, expected_version=version_in(request.POST))
        except FieldsInvalid as error:
            form.show(error)
            return _page(request, dispute_id, form=form, refusal=_incomplete(), status=400)
        except DisputeChanged:
            refusal = _changed(request, dispute_id)
            return _page(request, dispute_id, form=form, refusal=refusal, status=409)
        except CONFLICTS as error:
            return _page(request, dispute_id, form=form, refusal=_refused(error), status=409)
        except ActionNotYours as error:
            return _page(request, dispute_id, form=form, refusal=_refused(error), status=403)
        messages.success(request, DONE[name])
        return redirect("dispute_mediation", dispute_id=dispute_id)

    return take


@require_POST
@login_required
@never_cache
def give_code(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """A new code for a party, shown this once. The version keeps a reload from making another."""
    try:
        code, text = give_party_code(
            user=request.user, dispute_id=dispute_id, expected_version=version_in(request.POST)
        )
    except DisputeChanged:
        return _page(request, dispute_id, refusal=_changed(request, dispute_id), status=409)
    address = site_of(request).rstrip("/") + reverse("public_case")
    picture = segno.make(address, error="m").svg_data_uri(scale=4, border=2)
    context = case_context(request, code.dispute) | {"code": text, "address": address, "picture": picture}
    return render(request, "incidents/mediation/code.html", context)


@require_POST
@login_required
@never_cache
def revoke_code(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    code_id, version = number_in(request.POST.get("code", "")), version_in(request.POST)
    try:
        revoke_party_code(
            user=request.user, dispute_id=dispute_id, code_id=code_id, expected_version=version
        )
    except DisputeChanged:
        return _page(request, dispute_id, refusal=_changed(request, dispute_id), status=409)
    except FieldsInvalid as error:
        return _page(request, dispute_id, refusal=Refusal(field_errors(error)["code"]), status=400)
    messages.success(request, _("查询码已收回。"))
    return redirect("dispute_mediation", dispute_id=dispute_id)


def _page(request, dispute_id, *, form: LegalForm | None = None, refusal=None, status=200) -> HttpResponse:
    seen = Dispute.objects.select_related("lead_body")
    dispute = seen.one_visible_to(request.user, dispute_id)
    context = case_context(request, dispute)
    page = LegalPage(dispute, mine=context["mine"], measures=context["measures"])
    step = page.step
    title, words, main = STEP_WORDS[step]
    context |= {
        "page": page,
        "opened": legal_texts_are_open(request.user, dispute),
        "refusal": refusal,
        "refused_form": form.name if form else "",
        "step": step,
        "step_title": title,
        "step_words": words,
        "step_form": main if main in page.form_names else None,
        "step_on_case_page": step in ON_CASE_PAGE and context["mine"],
        "forms": {name: _form(name, page, form) for name in page.form_names},
        # Typed by somebody whose turn it no longer is: shown, so that it can be taken along.
        "orphan": form if form and form.name not in page.form_names else None,
        "codes": dispute.party_codes.select_related("given_by", "rating") if context["mine"] else None,
        "may_give_code": Measure.GIVE_PARTY_CODE in context["measures"],
        "responsible_name": area_names([dispute.responsible_area_id]).get(dispute.responsible_area_id, ""),
    }
    return render(request, "incidents/mediation/page.html", context, status=status)


def _form(name: str, page: LegalPage, given: LegalForm | None) -> LegalForm:
    """The form just refused, with what was typed, else an empty one."""
    if given and given.name == name:
        return given
    return FORMS[name](page.dispute)


def _incomplete() -> Refusal:
    return Refusal(_("没有提交:请改正标出的内容,您写的内容还在。"))


def _refused(error: IncidentsError) -> Refusal:
    if isinstance(error, TransitionNotAllowed | MeasureNotAllowed):
        return Refusal(_("没有提交:这件纠纷现在不能这样办理,请核对它的状态。"))
    return Refusal(in_readers_language(str(error)))


def _changed(request: HttpRequest, dispute_id: UUID) -> Refusal:
    dispute, version = Dispute.objects.one_visible_to(request.user, dispute_id), version_in(request.POST)
    events = dispute.events.filter(version__gt=version or 0).select_related("actor", "assigned_to")
    events = list(events.order_by("version"))
    story = tell(events, area_names({event.area_id for event in events}))
    sentence = _("没有提交:您查看之后,这件纠纷有了变化。请看清变化后再办理,您写的内容还在。")
    return Refusal(sentence, story)
