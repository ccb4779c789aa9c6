"""How long the figures of an area take: the page of results for a month and for a year.

    .venv/bin/python -m tests.benchmarks.results [--disputes 120000] [--times 5] [--keep]

Makes a database of its own (gridgov_benchmark_results), filled by `make_demo` with two years of cases, and
drops it at the end; with --keep it stays for the next run. Everything is asked within this process.
"""

import argparse
import os
import subprocess
import sys
import time
from datetime import date

import psycopg

from tests.benchmarks.casework import ROOT, drop, fresh_database

DATABASE = "gridgov_benchmark_results"
FIRST_DAY, LAST_DAY = date(2024, 11, 23), date(2026, 11, 22)
PERIODS = {
    "31 days": (date(2026, 10, 23), LAST_DAY),
    "a quarter": (date(2026, 7, 1), date(2026, 9, 30)),
    "a year": (date(2025, 11, 23), LAST_DAY),
}


def main() -> None:
    options = _options()
    there = _exists()
    os.environ |= {
        "GRIDGOV_DATABASE_URL": _url() if there else fresh_database(DATABASE),
        "DJANGO_SETTINGS_MODULE": "gridgov.settings.demo",
    }
    try:
        _manage("migrate", "-v0")
        if not there:
            days = ("--from", str(FIRST_DAY), "--to", str(LAST_DAY))
            _manage("make_demo", "--disputes", str(options.disputes), *days)
        _measure(options.times)
    finally:
        if not options.keep:
            drop(DATABASE)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--disputes", type=int, default=120_000)
    parser.add_argument("--times", type=int, default=5, help="how often each is read; the best counts")
    parser.add_argument("--keep", action="store_true", help="leave the database there")
    return parser.parse_args()


def _measure(times: int) -> None:
    import django

    django.setup()
    from django.db import connection

    from grids.models import Duty
    from incidents.models import Dispute, DisputeEvent
    from incidents.results.access import ResultsDuties
    from incidents.results.period import Period
    from incidents.results.report import read_results

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"{Dispute.objects.count()} disputes, {DisputeEvent.objects.count()} events")
    print(f"{'who':18}" + "".join(f"{name:>14}" for name in PERIODS))
    for role in ("district_centre", "street_centre", "community_mediator"):
        duty = Duty.objects.current().filter(role=role).select_related("user").order_by("area_id").first()
        duties, took = ResultsDuties.of(duty.user), []
        for days in PERIODS.values():
            took.append(
                min(_seconds(read_results, duties, duty.area_id, Period(*days)) for _ in range(times))
            )
        print(f"{role:18}" + "".join(f"{seconds * 1000:11.0f} ms" for seconds in took), flush=True)


def _seconds(read, *arguments) -> float:
    began = time.perf_counter()
    read(*arguments)
    return time.perf_counter() - began


def _exists() -> bool:
    from gridgov import local_postgis

    local_postgis.ensure_running()
    where = f"host={local_postgis.PROJECT_CLUSTER.sockets} user=gridgov dbname=postgres"
    with psycopg.connect(where) as server:
        named = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        return named.fetchone() is not None


def _url() -> str:
    from gridgov import local_postgis

    return local_postgis.database_url(DATABASE)


def _manage(*arguments: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
