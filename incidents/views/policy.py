"""The rules in force, who decided them and why; the next version, tried on last year's cases before it is
saved."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grids.hierarchy import Level
from grids.models import User
from incidents import policy_words as words
from incidents.errors import FieldsInvalid, PolicyNotYours
from incidents.models import PolicyVersion
from incidents.models.labels import LEVEL_NAMES
from incidents.permissions import CaseDuties
from incidents.policies import policy_book
from incidents.policy import COLOURS, DEFAULT_POLICY, Policy, PolicyBook
from incidents.policy_data import WEIGHTS, from_data, to_data
from incidents.services.policy import check_policy, may_edit_policy, remove_future_policy, save_policy
from incidents.trial_history import read_history
from incidents.views import policy_form
from incidents.views.refusals import field_errors
from incidents.what_if import LEVELS, Trial, try_policy

TRY, SAVE = "try", "save"


def check_reader(user: User) -> None:
    """Everyone who works on cases may read how they are handled."""
    if not CaseDuties.of(user).held:
        raise PermissionDenied


@require_safe
@login_required
def policy(request: HttpRequest) -> HttpResponse:
    check_reader(request.user)
    versions = list(PolicyVersion.objects.select_related("created_by").order_by("valid_from"))
    today = timezone.localdate()
    history, before, current = [], DEFAULT_POLICY, None
    for version in versions:
        after = from_data(version.data)
        future = version.valid_from > today
        history.append(
            {"version": version, "differences": words.differences(before, after), "future": future}
        )
        before, current = after, current if future else version
    in_force = from_data(current.data) if current else DEFAULT_POLICY
    context = {
        "current": current,
        "history": history[::-1],
        "may_edit": may_edit_policy(request.user),
        **_in_words(in_force),
    }
    return render(request, "incidents/policy/policy.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest) -> HttpResponse:
    """The form. Trying shows what it would have done and writes nothing; only what was tried is saved."""
    if not may_edit_policy(request.user):
        raise PolicyNotYours
    if request.method != "POST":
        return _form_page(request, _typed_at_first())
    typed = {name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
    data = policy_form.data_from(typed)
    valid_from = policy_form.day_from(typed.get("valid_from", ""))
    reason = typed.get("reason", "")
    try:
        edited = check_policy(data, valid_from=valid_from, reason=reason)
    except FieldsInvalid as error:
        return _form_page(request, typed, errors=field_errors(error), status=400)
    if typed.get("action") != SAVE or typed.get("tried") != _digest(data):
        return _form_page(request, typed, tried=edited, changed=typed.get("action") == SAVE)
    version = save_policy(user=request.user, data=data, valid_from=valid_from, reason=reason)
    messages.success(request, _("已保存,%(day)s 起生效。") % {"day": version.valid_from.isoformat()})
    # Without a place of its own the page would be looked for the form's.
    return redirect(f"{reverse('policy')}#history")


@require_POST
@login_required
def remove(request: HttpRequest) -> HttpResponse:
    if not may_edit_policy(request.user):
        raise PolicyNotYours
    if day := policy_form.day_from(request.POST.get("valid_from", "")):
        remove_future_policy(user=request.user, valid_from=day)
        messages.success(request, _("已删除 %(day)s 起的一版,它没有生效过。") % {"day": day.isoformat()})
    return redirect("policy")


def _in_words(policy: Policy) -> dict:
    """What the pages show of a policy."""
    return {
        "limits": [
            (LEVEL_NAMES[level], [(colour, _limit_words(policy, level, colour)) for colour in COLOURS])
            for level in Level
        ],
        "rules": [(part, words.rule_words(policy, name)) for name, part in words.RULES.items()],
        "law": words.LAW,
        "office_hours": words.hours_words(policy),
        "weights": [(words.RISK_WEIGHTS[name], words.weight_words(policy, name)) for name in WEIGHTS],
        "sensitive": [words.sensitive_words(days) for days in policy.risk.sensitive],
    }


def _limit_words(policy: Policy, level: Level, colour: str) -> tuple[str, str]:
    limit = policy.limits[level, colour]
    return words.span_words(limit.accept), words.span_words(limit.resolve)


def _typed_at_first() -> dict[str, str]:
    """The latest version's data: one that is not in force yet is edited further."""
    latest = PolicyVersion.objects.order_by("valid_from").last()
    tomorrow = timezone.localdate() + timedelta(days=1)
    typed = policy_form.typed_from(to_data(from_data(latest.data)) if latest else to_data(DEFAULT_POLICY))
    typed["valid_from"] = max(latest.valid_from if latest else tomorrow, tomorrow).isoformat()
    if latest and latest.valid_from >= tomorrow:
        typed["reason"] = latest.reason
    return typed


def _form_page(
    request: HttpRequest,
    typed: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    tried: Policy | None = None,
    changed: bool = False,
    status: int = 200,
) -> HttpResponse:
    errors = errors or {}
    context = {
        "typed": typed,
        "errors": errors,
        "limit_rows": policy_form.limit_rows(typed, errors),
        "rules": policy_form.rule_fields(typed, errors),
        "periods": policy_form.period_fields(typed),
        "weights": policy_form.weight_fields(typed, errors),
        "sensitive": policy_form.sensitive_fields(typed),
        # A name with a point is none for a template.
        "sensitive_error": errors.get("risk.sensitive", ""),
        "units": policy_form.unit_choices(),
        "tomorrow": timezone.localdate() + timedelta(days=1),
        "changed": changed,
        "TRY": TRY,
        "SAVE": SAVE,
    }
    if tried:
        context |= {"trial": what_if(tried), "tried": _digest(to_data(tried))}
    return render(request, "incidents/policy/edit.html", context, status=status)


def what_if(edited: Policy) -> dict:
    """Last year's cases under the policy in force and under `edited`, for the page."""
    now, book = timezone.now(), policy_book()
    history = read_history(now)
    of_edited = PolicyBook(versions=((date(2000, 1, 1), edited),), calendar_changes=book.calendar_changes)
    rules = book.rules_at(now), of_edited.rules_at(now)
    before, after = (try_policy(history.runs, history.starts, each) for each in rules)
    most = max(1, *before.up.values(), *after.up.values())
    return {
        "history": history,
        "before": before,
        "after": after,
        "more": after.cases_up - before.cases_up,
        "fewer": before.cases_up - after.cases_up,
        "sampled": history.cases < history.all_cases,
        "whole_year": history.of_all(abs(after.cases_up - before.cases_up)),
        "levels": [_level_bars(level, before, after, most) for level in LEVELS],
        "differences": words.differences(rules[0].policy, edited),
    }


def _level_bars(level: Level, before: Trial, after: Trial, most: int) -> dict:
    rows = []
    for colour in COLOURS:
        cell = level, colour
        rows.append({
            "colour": colour,
            "colour_name": words.colour_words(colour),
            "stays": before.stays[cell],
            "before": before.up[cell],
            "after": after.up[cell],
            "before_percent": round(100 * before.up[cell] / most, 1),
            "after_percent": round(100 * after.up[cell] / most, 1),
        })  # fmt: skip
    return {"name": LEVEL_NAMES[level], "rows": rows}


def _digest(data: Mapping) -> str:
    """Says whether what is saved is what was tried."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
