"""Every address of GridGov."""

from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path
from django.views.decorators.gzip import gzip_page
from django.views.generic import RedirectView
from django.views.i18n import JavaScriptCatalog
from drf_spectacular.views import SpectacularAPIView

from gridgov import health
from gridgov.accounts import SignInView, SignOutView, TokenView
from gridgov.home import home
from gridgov.session_api import SessionView

handler400 = "gridgov.http_errors.bad_request"
handler403 = "gridgov.http_errors.forbidden"
handler404 = "gridgov.http_errors.not_found"
handler500 = "gridgov.http_errors.server_error"

api = [
    path("token", TokenView.as_view(), name="api_token"),
    path("session", SessionView.as_view(), name="api_session"),
    path("schema", SpectacularAPIView.as_view(), name="api_schema"),
    path("", include("grids.api_urls")),
    path("", include("incidents.api.urls")),
    path("", include("maps.api_urls")),
]


words = gzip_page(JavaScriptCatalog.as_view(packages=["gridgov"]))


class Favicon(RedirectView):
    """For pages that name no icon of their own, as the back office."""

    def get_redirect_url(self, *args, **kwargs) -> str:
        return static("gridgov/favicon.svg")


urlpatterns = [
    path("favicon.ico", Favicon.as_view(), name="favicon"),
    path("", home, name="home"),
    path("sign-in", SignInView.as_view(), name="sign_in"),
    path("sign-out", SignOutView.as_view(), name="sign_out"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("jsi18n/", words, name="javascript-catalog"),
    path("api/v1/", include(api)),
    path("", include("incidents.urls")),
    path("", include("maps.urls")),
    path("admin/", admin.site.urls),
]
