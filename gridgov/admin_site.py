"""The administrators' back office: areas, duties and accounts."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
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


class GridGovAdminConfig(AdminConfig):
    default_site = "gridgov.admin_site.GridGovAdminSite"
