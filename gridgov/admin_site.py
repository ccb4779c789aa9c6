"""The administrators' back office: areas, duties and accounts."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class GridGovAdminSite(AdminSite):
    site_header = _("GridGov 管理后台")
    site_title = _("GridGov 管理后台")
    index_title = _("区域、值守与账号")
    enable_nav_sidebar = False


class GridGovAdminConfig(AdminConfig):
    default_site = "gridgov.admin_site.GridGovAdminSite"
