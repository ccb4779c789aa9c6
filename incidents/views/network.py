"""The mediation network as pages: all bodies, one body, one mediator."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from grids.hierarchy import Level
from grids.language import in_page_language
from grids.models import Area
from incidents import network_codes as tables
from incidents.network.choices import street_choices
from incidents.network.filters import BodyFilter, BodyFilterForm
from incidents.network.forms import TrainingForm
from incidents.network.permissions import Keeping, check_may_see, may_see_load
from incidents.network.selectors import (
    CENTRES_FIRST,
    bodies_with_load,
    body_of,
    body_rows,
    category_words,
    count_network,
    mediator_of,
    mediators_of,
)

PAGE_SIZE = 50


def for_those_who_see(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Signed in, and with a duty that has a use for the network. Raises NetworkNotYours."""

    @login_required
    @never_cache
    @wraps(view)
    def checked(request: HttpRequest, *arguments, **named) -> HttpResponse:
        check_may_see(request.user)
        return view(request, *arguments, **named)

    return checked


@require_safe
@for_those_who_see
def network(request: HttpRequest) -> HttpResponse:
    """Parameters: the body filter's, and `page`."""
    form = BodyFilterForm(request.GET)
    wanted = form.filter() if form.is_valid() else BodyFilter()
    bodies = bodies_with_load().order_by(*CENTRES_FIRST)
    page = Paginator(wanted.apply(bodies), PAGE_SIZE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "narrowed": sum(1 for name in form.fields if request.GET.get(name)),
        "streets": street_choices(_street_codes()),
        "counts": count_network(),
        "page": page,
        "rows": body_rows(page.object_list),
        "query": query.urlencode(),
        "shows_load": may_see_load(request.user),
        "keeps": bool(Keeping.of(request.user)),
    }
    return render(request, "incidents/network/list.html", context)


@require_safe
@for_those_who_see
def body(request: HttpRequest, body_code: str) -> HttpResponse:
    shown = body_of(body_code)
    (row,) = body_rows([shown])
    context = {
        "body": shown,
        "row": row,
        "body_type": in_page_language(*tables.BODY_TYPES[shown.body_type]),
        "mediators": [
            (
                mediator,
                in_page_language(*tables.BACKGROUNDS[mediator.background]),
                language_words(mediator.languages),
                category_words(mediator.specialities),
            )
            for mediator in mediators_of(shown)
        ],
        "street_code": shown.area_id[:9] if len(shown.area_id) > 6 else "",
        "shows_load": may_see_load(request.user),
        "keeps": Keeping.of(request.user).covers(shown.area_id),
    }
    return render(request, "incidents/network/body.html", context)


@require_safe
@for_those_who_see
def mediator(request: HttpRequest, mediator_code: str) -> HttpResponse:
    return mediator_page(request, mediator_code)


def mediator_page(request: HttpRequest, code: str, form: TrainingForm | None = None) -> HttpResponse:
    """The page of one mediator; `form` is a training that was refused."""
    shown = mediator_of(code)
    trainings = list(shown.trainings.all())
    context = {
        "mediator": shown,
        "background": in_page_language(*tables.BACKGROUNDS[shown.background]),
        "languages": language_words(shown.languages),
        "specialities": category_words(shown.specialities),
        "trainings": trainings,
        "hours": sum(training.hours for training in trainings),
        "keeps": Keeping.of(request.user).covers(shown.body.area_id),
        "form": form or TrainingForm(),
    }
    return render(request, "incidents/network/mediator.html", context, status=400 if form else 200)


def language_words(codes: list[str]) -> str:
    return in_page_language("、", ", ").join(in_page_language(*tables.LANGUAGES[code]) for code in codes)


def _street_codes() -> list[str]:
    return list(Area.objects.filter(level=Level.STREET).values_list("code", flat=True))
