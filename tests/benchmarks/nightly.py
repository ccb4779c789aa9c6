"""The nightly warning run of the whole district at several sizes, and counting by day before it.

    .venv/bin/python -m tests.benchmarks.nightly [--sizes 10000 100000 1000000] [--years 5]

Makes a database of its own (gridgov_benchmark_nightly) with the schematic Haizhu and invented disputes of so
many years in all its units, grows it from size to size, and drops it at the end. `counting all` is what the
first night does, or the night after a redrawing; the run after it is an ordinary night.
"""

import argparse
import os
import subprocess
import sys
import time
from datetime import timedelta

from tests.benchmarks.casework import ROOT, UNITS, drop, fresh_database

DATABASE = "gridgov_benchmark_nightly"
# Closed cases: what is counted is where, when and of what group.
DISPUTES = """
INSERT INTO incidents_dispute (
    id, case_number, title, description, category, scale, risk, people_involved, source,
    occurred_at, location, original_lon, original_lat, original_datum, location_certain, address_text,
    grid_unit_id, home_area_id, state, level, responsible_area_id, state_before_suspension,
    level_entered_at, reported_by_id, reported_at, ended_at, version, report_key, report_digest)
SELECT gen_random_uuid(), 'HZ2026-' || lpad(n::text, 7, '0'), '楼上漏水', '',
    (ARRAY['0101', '0201', '0201', '0203', '0402', '0402', '0402', '0503', '0601', '0602', '0703', '0804',
           '1104', '1301', '9901'])[1 + floor(chance * 15)::int],
    '01', 'blue', 2, 'patrol', reported - interval '2 hours', point,
    ST_X(point), ST_Y(point), 'wgs84', true, '', code, code, 'closed', 'grid', code, '',
    reported, worker, reported, reported + interval '3 days', 2, gen_random_uuid(), md5(n::text)
FROM (
    SELECT n, random() AS chance, 1 + floor(random() * (SELECT count(*) FROM bench_unit))::int AS at,
        %(now)s::timestamptz - random() * %(years)s * interval '365 days' AS reported
    FROM generate_series(%(first)s, %(last)s) AS n
) AS drawn JOIN bench_unit unit ON place = at
"""


def main() -> None:
    options = _options()
    url = fresh_database(DATABASE)
    os.environ |= {"GRIDGOV_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "gridgov.settings.demo"}
    try:
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, check=True)
        _measure(options)
    finally:
        drop(DATABASE)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--years", type=int, default=5, help="over which the disputes are spread")
    return parser.parse_args()


def _measure(options: argparse.Namespace) -> None:
    import django

    django.setup()
    from django.utils import timezone

    from fixtures.staging import ensure_stage, set_stage
    from maps.models import CountedBoundaries, WarningRun
    from maps.services import refresh_daily_counts
    from maps.services.warnings import run_warnings

    ensure_stage(set_stage())
    now, there = timezone.now(), 0
    yesterday = timezone.localdate() - timedelta(days=1)
    print(
        f"{'disputes':>10}{'counting all s':>16}{'night s':>9}{'scans':>7}{'district s':>12}{'warnings':>10}"
    )
    for size in options.sizes:
        _grow(there + 1, size, options.years, now)
        there = size
        CountedBoundaries.objects.all().delete()
        counting, _ = _timed(refresh_daily_counts)
        _warm(yesterday)
        night, run = _timed(lambda: run_warnings(as_of=yesterday))
        district = WarningRun.objects.filter(as_of=yesterday).order_by("area_id").first()
        print(
            f"{size:10}{counting:16.1f}{night:9.1f}{run.scans:7}{district.seconds:12.1f}{len(run.warnings):10}",
            flush=True,
        )


def _grow(first: int, last: int, years: int, now) -> None:
    from django.db import connection, transaction

    from fixtures.bulk_load import foreign_keys_checked_at_once

    with connection.cursor() as cursor:
        if first == 1:
            cursor.execute(UNITS)
        with transaction.atomic(), foreign_keys_checked_at_once():
            cursor.execute(DISPUTES, {"first": first, "last": last, "years": years, "now": now})
        cursor.execute("VACUUM ANALYZE incidents_dispute")


def _warm(day) -> None:
    """Compile, or load what was compiled, and let the planner know the counts."""
    from django.db import connection

    from maps.services.warnings import run_warnings

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE maps_dailycount")
    run_warnings(as_of=day - timedelta(days=1), area_codes=["440105001"])


def _timed(work) -> tuple[float, object]:
    began = time.perf_counter()
    outcome = work()
    return time.perf_counter() - began, outcome


if __name__ == "__main__":
    main()
