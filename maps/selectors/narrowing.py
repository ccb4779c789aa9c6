"""The one place where the map's filters meet its ground."""

from dataclasses import replace

from django.db.models import QuerySet

from incidents.filters import DisputeFilter
from maps.selectors.ground import Ground


def narrowed(disputes: QuerySet, ground: Ground, chosen: DisputeFilter) -> QuerySet:
    """`disputes` located on the ground that pass the filter. Callers fit its `bbox` to their cells."""
    return replace(chosen, area="", bbox=None).apply(disputes).within(ground.area.code)
