from maps.models.counts import CountedBoundaries, DailyCount, StaleDay
from maps.models.warnings import EarlyWarning, WarningDay, WarningRun, WarningUnit

__all__ = [
    "CountedBoundaries",
    "DailyCount",
    "EarlyWarning",
    "StaleDay",
    "WarningDay",
    "WarningRun",
    "WarningUnit",
]
