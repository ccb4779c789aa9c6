"""The files of a case: looked at, added, removed."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from grids.area_names import area_names
from grids.language import in_page_language
from incidents.errors import AttachmentNotFound, AttachmentTooLarge, FieldsInvalid, IncidentsError
from incidents.files.responses import require_bounded, small_picture, whole_file
from incidents.files.sniff import IMAGES
from incidents.measures import Measure
from incidents.models import Dispute
from incidents.services.attachments import REASON_LENGTH, add_attachment, open_attachment, remove_attachment
from incidents.services.legal_access import answered_for
from incidents.services.promised_photos import photos_owed
from incidents.views.case_page import case_context
from incidents.views.refusals import field_errors

# Without script several files come in one request.
MOST_AT_ONCE = 10
FORM_BYTES = 64 * 1024


@require_safe
@login_required
@never_cache
def files(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    return _page(request, dispute_id)


# Checking the token reads the whole body: who may send one, and how large, is asked before.
@csrf_exempt
@require_POST
@login_required
def add(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """Take in the files of a form, each by itself: what one lacks keeps no other out."""
    answered_for(user=request.user, dispute_id=dispute_id, measure=Measure.ADD_FILE)
    limit_mb = settings.GRIDGOV_FILE_MAX_MB
    try:
        require_bounded(request, MOST_AT_ONCE * limit_mb * 1024 * 1024 + FORM_BYTES, limit_mb)
    except AttachmentTooLarge as error:
        return _page(request, dispute_id, refused=[("", error)])
    return _add(request, dispute_id)


@csrf_protect
def _add(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    added, refused = 0, []
    for file in request.FILES.getlist("file"):
        try:
            added += add_attachment(user=request.user, dispute_id=dispute_id, file=file, title=file.name)[1]
        except IncidentsError as error:
            refused.append((file.name, error))
    if added:
        said = ngettext("已添加 %(count)s 份材料。", "已添加 %(count)s 份材料。", added) % {"count": added}
        messages.success(request, said)
    if refused or not request.FILES:
        return _page(request, dispute_id, refused=refused, nothing_chosen=not request.FILES)
    return redirect("dispute_files", dispute_id=dispute_id)


@require_POST
@login_required
def remove(request: HttpRequest, dispute_id: UUID, file_id: UUID) -> HttpResponse:
    """Remove a file, for a reason."""
    reason = request.POST.get("reason", "")
    try:
        remove_attachment(user=request.user, dispute_id=dispute_id, file_id=file_id, reason=reason)
    except FieldsInvalid as error:
        return _page(request, dispute_id, removing={"id": file_id, "reason": reason, "error": _words(error)})
    messages.success(request, _("已移除。"))
    return redirect("dispute_files", dispute_id=dispute_id)


@require_safe
@login_required
def content(request: HttpRequest, dispute_id: UUID, file_id: UUID) -> HttpResponse:
    attachment, file = open_attachment(user=request.user, dispute_id=dispute_id, file_id=file_id)
    return whole_file(request, attachment, file)


@require_safe
@login_required
def small(request: HttpRequest, dispute_id: UUID, file_id: UUID) -> HttpResponse:
    """A picture's thumbnail; a PDF has none, since it is never rendered here."""
    attachment, file = open_attachment(user=request.user, dispute_id=dispute_id, file_id=file_id)
    if attachment.media_type not in IMAGES:
        file.close()
        raise AttachmentNotFound
    return small_picture(request, attachment, file)


def _page(
    request: HttpRequest,
    dispute_id: UUID,
    *,
    refused: list[tuple[str, IncidentsError]] | None = None,
    nothing_chosen: bool = False,
    removing: dict | None = None,
) -> HttpResponse:
    shown = Dispute.objects.one_visible_to(request.user, dispute_id)
    kept = shown.attachments.filter(removed_at=None).select_related("added_by")
    code = shown.responsible_area_id
    context = case_context(request, shown)
    context |= {
        "pictures": [each for each in kept if each.media_type in IMAGES],
        "papers": [each for each in kept if each.media_type not in IMAGES],
        "may_add": Measure.ADD_FILE in context["measures"],
        "may_remove": Measure.REMOVE_FILE in context["measures"],
        "photos_owed": photos_owed(shown),
        "refused": [
            (name, in_page_language(error.message_zh, error.message_en)) for name, error in refused or ()
        ],
        "nothing_chosen": nothing_chosen,
        "removing": removing,
        "limit_mb": settings.GRIDGOV_FILE_MAX_MB,
        "most": settings.GRIDGOV_FILES_PER_CASE,
        "most_at_once": MOST_AT_ONCE,
        "reason_length": REASON_LENGTH,
        "responsible_name": area_names([code]).get(code, code),
    }
    too_large = any(isinstance(error, AttachmentTooLarge) for _name, error in refused or ())
    wrong = refused or nothing_chosen or removing
    return render(
        request,
        "incidents/files/files.html",
        context,
        status=413 if too_large else 422 if wrong else 200,
    )


def _words(error: FieldsInvalid) -> str:
    return field_errors(error)["reason"]
