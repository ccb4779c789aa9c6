"""The papers of a case: which were issued, and issuing and opening them."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from grids.area_names import area_names
from grids.language import in_page_language
from incidents.errors import DisputeChanged, DocumentNotReady, IncidentsError
from incidents.measures import Measure
from incidents.models import Dispute
from incidents.papers.files import MEDIA_TYPES, file_of
from incidents.papers.issuable import issuable_papers
from incidents.papers.numbering import NAMES
from incidents.papers.site import site_of
from incidents.services.documents import issue_document, open_document
from incidents.views.case_page import case_context


@require_safe
@login_required
@never_cache
def documents(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    return _page(request, dispute_id)


@require_POST
@login_required
def issue(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """Issue one paper, then show the list anew. Who tapped twice is shown the paper of the first tap."""
    source, version = request.POST.get("source", ""), request.POST.get("version", "")
    try:
        document = issue_document(
            user=request.user,
            dispute_id=dispute_id,
            kind=request.POST.get("kind", ""),
            source=_whole(source),
            site=site_of(request),
            expected_version=_whole(version),
        )
    except (DisputeChanged, DocumentNotReady) as error:
        return _page(request, dispute_id, refusal=error, status=409)
    messages.success(request, _("已制作:%(number)s。") % {"number": document.number})
    return redirect("dispute_documents", dispute_id=dispute_id)


@require_safe
@login_required
@never_cache
def document_file(request: HttpRequest, dispute_id: UUID, document_id: int, form: str) -> HttpResponse:
    """A paper as a file to be saved, never shown within our pages."""
    if form not in MEDIA_TYPES:
        raise Http404
    paper = open_document(user=request.user, dispute_id=dispute_id, document_id=document_id)
    return paper_response(file_of(paper, form), paper.number, form)


def paper_response(content: bytes, number: str, form: str) -> HttpResponse:
    response = HttpResponse(content, content_type=MEDIA_TYPES[form])
    response["Content-Disposition"] = content_disposition_header(True, f"{number}.{form}")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _page(
    request: HttpRequest, dispute_id: UUID, *, refusal: IncidentsError | None = None, status: int = 200
) -> HttpResponse:
    shown = Dispute.objects.select_related("lead_body").one_visible_to(request.user, dispute_id)
    context = case_context(request, shown)
    code = shown.responsible_area_id
    context |= {
        "documents": [_row(each) for each in shown.documents.select_related("issued_by").order_by("-pk")],
        "choices": _choices(shown) if Measure.ISSUE_DOCUMENT in context["measures"] else [],
        "responsible_name": area_names([code]).get(code, code),
        "refusal": in_page_language(refusal.message_zh, refusal.message_en) if refusal else "",
    }
    return render(request, "incidents/documents/documents.html", context, status=status)


def _row(document) -> dict:
    return {"document": document, "name": in_page_language(*NAMES[document.kind])}


def _choices(dispute: Dispute) -> list[dict]:
    return [
        {
            "kind": paper.kind.value,
            "name": in_page_language(*NAMES[paper.kind]),
            "source": paper.source,
            "detail": paper.detail,
            "missing": in_page_language(*paper.missing) if paper.missing else "",
        }
        for paper in issuable_papers(dispute)
    ]


def _whole(text: str) -> int | None:
    """A whole number that a form sent; what is none was not given."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
