"""What areas are called, for people who should not have to read codes."""

from collections.abc import Iterable

from django.utils import timezone

from grids.models import AreaVersion


def area_names(codes: Iterable[str]) -> dict[str, str]:
    """Code -> name as of today; an area that is retired keeps its last name. Unknown codes are left out."""
    versions = AreaVersion.objects.filter(area_id__in=set(codes), valid_from__lte=timezone.localdate())
    latest = versions.order_by("area_id", "-valid_from", "-id").distinct("area_id")
    return dict(latest.values_list("area_id", "name"))
