"""What happens by itself in this room. procrastinate's worker runs it."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

# One run at a time, whoever asked for it: each takes both processors.
ONE_RUN = "run_warnings"


# Cron lines are read in UTC: half past two at night in Guangzhou, after risks and due times.
@app.periodic(cron="30 18 * * *")
@app.task(name="run_warnings_at_night", lock=ONE_RUN, queueing_lock="run_warnings_at_night")
def run_warnings_at_night(timestamp: int) -> None:
    """Every night, as of the day that has just ended in Guangzhou."""
    tonight = datetime.fromtimestamp(timestamp, timezone.get_default_timezone())
    _run(tonight.date() - timedelta(days=1))


@app.task(name="run_warnings_as_of", lock=ONE_RUN)
def run_warnings_as_of(as_of: str, area_codes: list[str] | None = None) -> None:
    """On demand: `run_warnings_as_of.defer(as_of="2026-01-31")`."""
    _run(date.fromisoformat(as_of), area_codes)


def _run(as_of: date, area_codes: list[str] | None = None) -> None:
    # Every process of the site imports this file, and compiled scans only the worker needs.
    from maps.services.warnings import run_warnings

    run_warnings(as_of=as_of, area_codes=area_codes)
