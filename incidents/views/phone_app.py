"""What makes the report page an app on a phone: its service worker, and what it is called when installed."""

import json

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, get_supported_language_variant, override, to_locale
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from incidents.phone_app import kept_files, version_of
from incidents.views.report import shell

# As in tokens.css, which a manifest cannot name: --gg-accent and --gg-page.
ACCENT, PAGE = "#17607a", "#f5f7f8"
# favicon.svg as Chromium's screenshot shows it, reduced to 32 colours with Pillow. The maskable one and
# Apple's have no round corners; the maskable drawing is scaled to 80 %, since systems cut edges off.
ICONS = (
    ("gridgov/app-192.png", "192x192", "any"),
    ("gridgov/app-512.png", "512x512", "any"),
    ("gridgov/app-maskable-512.png", "512x512", "maskable"),
)


@require_safe
@gzip_page
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script, after what it is to keep. It lies below /report, and is allowed to serve /report itself.

    `?language=`: that of what it keeps. The browser asks for the script by itself, and may then name another
    language than the page did.
    """
    with override(_language(request.GET.get("language", ""))):
        files = kept_files(request, shell(request).content.decode())
        language = get_language()
    kept = {
        "version": version_of(files),
        "language": language,
        "shell": reverse("report"),
        "static": settings.STATIC_URL,
        "files": [[file.url, file.integrity] for file in files],
    }
    with open(finders.find("incidents/service_worker.js"), encoding="utf-8") as file:
        script = f"const KEPT = {json.dumps(kept)};\n{file.read()}"
    headers = {"Service-Worker-Allowed": reverse("report"), "Cache-Control": "no-cache"}
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers=headers)


def _language(wanted: str) -> str:
    try:
        return get_supported_language_variant(wanted)
    except LookupError:
        return get_language()


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """Name, colours and icons (W3C Web Application Manifest).

    Its scope is all of GridGov, though the worker keeps only /report: a tap on one's case stays in the app's
    window instead of opening the browser beside it.
    """
    facts = {
        "id": reverse("report"),
        "name": _("%s纠纷上报") % settings.GRIDGOV_DISTRICT_NAME,
        "short_name": _("上报纠纷"),
        "lang": to_locale(request.LANGUAGE_CODE).replace("_", "-"),
        "start_url": reverse("report"),
        "scope": reverse("home"),
        "display": "standalone",
        "theme_color": ACCENT,
        "background_color": PAGE,
        "icons": [
            {"src": static(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in ICONS
        ],
    }
    headers = {"Cache-Control": "no-cache"}
    return JsonResponse(facts, content_type="application/manifest+json", headers=headers)
