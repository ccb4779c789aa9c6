"""Forms of the network: a body, a mediator, a training."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from incidents.errors import FieldsInvalid
from incidents.network.forms import BodyForm, MediatorForm, TrainingForm
from incidents.network.keeping import add_training, remove_training, save_body, save_mediator
from incidents.network.permissions import Keeping
from incidents.network.selectors import body_of, mediator_of
from incidents.two_languages import in_readers_language
from incidents.views.network import for_those_who_see, mediator_page

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
@for_those_who_see
def edit_body(request: HttpRequest, body_code: str | None = None) -> HttpResponse:
    """The form of the body `body_code`, or of a new one."""
    keeping = Keeping.of(request.user)
    known = body_of(body_code) if body_code else None
    keeping.check(*([known.area_id] if known else []))
    form = BodyForm(request.POST or None, keeping=keeping, known=known)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_body(user=request.user, values=form.cleaned_data, code=body_code)
        except FieldsInvalid as error:
            _show_refusal(form, error)
        else:
            messages.success(request, _("已保存“%s”。") % saved.name)
            return redirect("network_body", saved.code)
    return _form_page(request, form, {"known": known, "of": "body"})


@require_http_methods(FORM_METHODS)
@for_those_who_see
def edit_mediator(
    request: HttpRequest, mediator_code: str | None = None, body_code: str | None = None
) -> HttpResponse:
    """The form of the mediator `mediator_code`, or of a new one in the body `body_code`."""
    keeping = Keeping.of(request.user)
    known = mediator_of(mediator_code) if mediator_code else None
    body = known.body if known else body_of(body_code)
    keeping.check(body.area_id)
    new = {} if known else {"initial": {"body": body.code, "active": True}}
    form = MediatorForm(request.POST or None, keeping=keeping, known=known, **new)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_mediator(user=request.user, values=form.cleaned_data, code=mediator_code)
        except FieldsInvalid as error:
            _show_refusal(form, error)
        else:
            messages.success(request, _("已保存“%s”。") % saved.name)
            return redirect("network_mediator", saved.code)
    return _form_page(request, form, {"known": known, "body": body, "of": "mediator"})


@require_POST
@for_those_who_see
def new_training(request: HttpRequest, mediator_code: str) -> HttpResponse:
    form = TrainingForm(request.POST)
    Keeping.of(request.user).check(mediator_of(mediator_code).body.area_id)
    if form.is_valid():
        try:
            add_training(user=request.user, code=mediator_code, values=form.cleaned_data)
        except FieldsInvalid as error:
            _show_refusal(form, error)
        else:
            messages.success(request, _("已登记培训。"))
            return redirect("network_mediator", mediator_code)
    return mediator_page(request, mediator_code, form)


@require_POST
@for_those_who_see
def drop_training(request: HttpRequest, mediator_code: str, training_id: int) -> HttpResponse:
    remove_training(user=request.user, code=mediator_code, training_id=training_id)
    messages.success(request, _("已删除这条培训记录。"))
    return redirect("network_mediator", mediator_code)


def _form_page(request: HttpRequest, form: Form, context: dict) -> HttpResponse:
    status = 400 if form.is_bound else 200
    return render(request, "incidents/network/form.html", {"form": form, **context}, status=status)


def _show_refusal(form: Form, error: FieldsInvalid) -> None:
    for field, said in error.facts["errors"].items():
        for one in said:
            form.add_error(field if field in form.fields else None, in_readers_language(one["message"]))
