"""The administrators' back office: areas, duties and accounts."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from grids.roles import Role


class GridGovAdminSite(AdminSite):
    site_header = _("GridGov 管理后台")
    site_title = _("GridGov 管理后台")
    index_title = _("区域、值守与账号")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff who are on duty as administrators today: an ended duty closes the door."""
        return super().has_permission(request) and (
            request.user.duties.current().filter(role=Role.ADMINISTRATOR).exists()
        )

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        response = super().login(request, extra_context)
        if request.method == "POST" and request.user.is_authenticated:
            _worker_cookie().remember_worker(response, request.user)
        return response

    def logout(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        response = super().logout(request, extra_context)
        _worker_cookie().forget_worker(response)
        return response


def _worker_cookie():
    # This module is read before there are models.
    from incidents import worker_cookie

    return worker_cookie


class GridGovAdminConfig(AdminConfig):
    default_site = "gridgov.admin_site.GridGovAdminSite"
