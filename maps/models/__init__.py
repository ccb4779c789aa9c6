from maps.models.counts import CountedBoundaries, DailyCount, StaleDay

__all__ = ["CountedBoundaries", "DailyCount", "StaleDay"]
