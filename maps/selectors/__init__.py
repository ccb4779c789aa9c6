"""The map's only reads from the database. Who may see what is decided here, before anything is counted."""

from maps.selectors.areas import (
    AreaCount,
    AreaCounts,
    Boundary,
    Standing,
    boundaries_stamp,
    count_areas,
    read_boundaries,
    standing_of,
)
from maps.selectors.cases import Case, Cluster, bin_heat, cluster_cases, list_cases
from maps.selectors.ground import Ground, NamedArea, duty_areas, look_at

__all__ = [
    "AreaCount", "AreaCounts", "Boundary", "Standing", "Case", "Cluster", "Ground", "NamedArea",
    "bin_heat", "boundaries_stamp", "cluster_cases", "count_areas", "duty_areas", "list_cases", "look_at",
    "read_boundaries", "standing_of",
]
