from maps.services.daily_counts import Refreshed, refresh_daily_counts

__all__ = ["Refreshed", "refresh_daily_counts"]
