"""A simulated year through the sweep: what was due at the end, and what each of the days after costs.

    .venv/bin/python -m tests.benchmarks.year [--disputes 200000] [--days 7]

Makes a database of its own (gridgov_benchmark_year) with `make_demo`, sweeps it as of the year's end and of
each day after, and drops it.
"""

import argparse
import os
import subprocess
import sys
import time
from datetime import date, timedelta

from tests.benchmarks.casework import ROOT, drop, fresh_database

DATABASE = "gridgov_benchmark_year"


def main() -> None:
    options = _options()
    environment = {
        "GRIDGOV_DATABASE_URL": fresh_database(DATABASE),
        "DJANGO_SETTINGS_MODULE": "gridgov.settings.demo",
    }
    os.environ |= environment
    try:
        today = date.today()
        year = ["--from", str(today - timedelta(days=364)), "--to", str(today), "--seed", "1"]
        for command in (["migrate", "-v0"], ["make_demo", "--disputes", str(options.disputes), *year]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True)
        _sweep_days(options.days)
    finally:
        drop(DATABASE)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--disputes", type=int, default=200_000)
    parser.add_argument("--days", type=int, default=7, help="days after the year's end")
    return parser.parse_args()


def _sweep_days(days: int) -> None:
    import django

    django.setup()
    from django.db import connection
    from django.db.models import Max

    from incidents.models import Dispute
    from incidents.services import escalate_overdue

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE incidents_dispute, incidents_disputeevent, incidents_notice")
    ends = Dispute.objects.aggregate(latest=Max("reported_at"))["latest"]
    print(f"{Dispute.objects.count()} disputes, {Dispute.objects.open().count()} open")
    print(f"{'day':>5}{'due':>7}{'escalated':>11}{'sweep s':>9}{'a case ms':>11}{'idle ms':>9}")
    for day in range(days + 1):
        now = ends + timedelta(days=day)
        took, run = _timed(lambda: escalate_overdue(now=now))  # noqa: B023
        idle = min(_timed(lambda: escalate_overdue(now=now))[0] for _ in range(3))  # noqa: B023
        each = f"{took / run.checked * 1000:11.1f}" if run.checked else f"{'':11}"
        print(f"{day:5}{run.checked:7}{len(run.escalated):11}{took:9.2f}{each}{idle * 1000:9.1f}", flush=True)


def _timed(work):
    began = time.perf_counter()
    outcome = work()
    return time.perf_counter() - began, outcome


if __name__ == "__main__":
    main()
