"""The sweep at several sizes with the same number due, and the pages at the largest.

    .venv/bin/python -m tests.benchmarks.casework [--sizes 10000 100000 1000000] [--due 500]

Makes a database of its own (gridgov_benchmark_casework) with the schematic Haizhu, its accounts and invented
disputes, grows it from size to size, and drops it at the end. Pages are asked of the application itself,
within this process, as a client signed in would; the server in front adds some 3 ms.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psycopg

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "gridgov_benchmark_casework"
# Three in a hundred are open, as after some years of work.
OPEN_SHARE = 0.03

UNITS = """
CREATE TABLE bench_unit AS
SELECT row_number() OVER (ORDER BY v.area_id) AS place, v.area_id AS code, ST_PointOnSurface(v.geom) AS point,
       (SELECT user_id FROM grids_duty d WHERE d.area_id = v.area_id ORDER BY d.id LIMIT 1) AS worker
FROM grids_areaversion v WHERE length(v.area_id) = 15
"""
# Rows `first` to `last`; of them the first `due` are overdue, the others open or closed by chance.
DISPUTES = """
INSERT INTO incidents_dispute (
    id, case_number, title, description, category, scale, risk, people_involved, source,
    occurred_at, location, original_lon, original_lat, original_datum, location_certain, address_text,
    grid_unit_id, home_area_id, state, level, responsible_area_id, state_before_suspension,
    level_entered_at, due_at, reported_by_id, reported_at, ended_at, version, report_key, report_digest)
SELECT gen_random_uuid(), 'HZ2026-' || lpad(n::text, 7, '0'), '楼上漏水',
    repeat('厨房天花板渗水,双方各执一词。', 5),
    (ARRAY['0201', '0203', '0402', '0602', '0703'])[1 + n %% 5], '01',
    (ARRAY['yellow', 'blue', 'orange'])[1 + n %% 3], 2, 'patrol', reported, point,
    ST_X(point), ST_Y(point), 'wgs84', true, '', code, code,
    CASE WHEN NOT is_open THEN 'closed' WHEN is_due THEN 'reported' WHEN n %% 2 = 0 THEN 'accepted'
         ELSE 'reported' END,
    level, left(code, len), '', reported,
    CASE WHEN is_due THEN %(now)s::timestamptz - n %% 600 * interval '1 minute' - interval '1 hour'
         WHEN is_open THEN %(now)s::timestamptz + chance * interval '20 days' + interval '1 hour' END,
    worker, reported, CASE WHEN NOT is_open THEN reported + interval '3 days' END,
    CASE WHEN is_due OR is_open AND n %% 2 = 1 THEN 1 ELSE 2 END, gen_random_uuid(), md5(n::text)
FROM (
    SELECT n, is_due, is_due OR chance < %(open)s AS is_open, chance, unit.code, unit.point, unit.worker,
        CASE WHEN is_due THEN %(now)s::timestamptz - interval '30 days'
             ELSE %(now)s::timestamptz - random() * interval '1000 days' - interval '1 hour' END AS reported,
        (ARRAY['grid', 'community', 'street', 'district'])[rank] AS level, (ARRAY[15, 12, 9, 6])[rank] AS len
    FROM (
        SELECT n, n < %(first)s + %(due)s AS is_due, random() AS chance,
            1 + floor(random() * (SELECT count(*) FROM bench_unit))::int AS at,
            CASE WHEN n < %(first)s + %(due)s THEN 1 + n %% 3 WHEN n %% 100 < 45 THEN 1
                 WHEN n %% 100 < 80 THEN 2 WHEN n %% 100 < 97 THEN 3 ELSE 4 END AS rank
        FROM generate_series(%(first)s, %(last)s) AS n
    ) AS drawn JOIN bench_unit unit ON place = at
) AS told
"""
EVENTS = """
INSERT INTO incidents_disputeevent (
    dispute_id, version, at, actor_id, action, from_state, to_state, from_level, to_level, area_id,
    organisation, reason, reason_code, details)
SELECT id, v, CASE WHEN v = 1 THEN reported_at ELSE coalesce(ended_at, reported_at + interval '1 hour') END,
    reported_by_id, CASE WHEN v = 1 THEN 'report' WHEN ended_at IS NULL THEN 'accept' ELSE 'close' END,
    CASE WHEN v = 1 THEN '' ELSE 'reported' END, CASE WHEN v = 1 THEN 'reported' ELSE state END,
    CASE WHEN v = 1 THEN '' ELSE level END, level, responsible_area_id, '', '', '',
    CASE WHEN v = 1 THEN
        jsonb_build_object('set', jsonb_build_object('risk', risk), 'home_area', home_area_id)
        ELSE '{}' END
FROM incidents_dispute, generate_series(1, version) AS v
WHERE case_number >= 'HZ2026-' || lpad(%(first)s::text, 7, '0')
"""


def main() -> None:
    options = _options()
    url = fresh_database(DATABASE)
    os.environ |= {"GRIDGOV_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "gridgov.settings.demo"}
    try:
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, check=True)
        _measure(options)
    finally:
        if not options.keep:
            drop(DATABASE)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--due", type=int, default=500, help="overdue disputes at each size")
    parser.add_argument("--requests", type=int, default=40, help="requests of each page")
    parser.add_argument("--keep", action="store_true", help="leave the database there")
    return parser.parse_args()


def _measure(options: argparse.Namespace) -> None:
    import django

    django.setup()
    from django.utils import timezone

    from fixtures.staging import ensure_stage, set_stage

    ensure_stage(set_stage())
    now, there = timezone.now(), 0
    print(f"{'disputes':>10}{'due':>6}{'built s':>9}{'idle ms':>9}{'sweep s':>9}{'a case ms':>11}")
    for size in options.sizes:
        began = time.perf_counter()
        grow(there + 1, size, options.due, now)
        built, there = time.perf_counter() - began, size
        took, checked = _sweep(now)
        idle = min(_sweep(now)[0] for _ in range(3))
        print(
            f"{size:10}{checked:6}{built:9.0f}{idle * 1000:9.1f}{took:9.2f}{took / checked * 1000:11.1f}",
            flush=True,
        )
    _time_pages(options.requests)


def grow(first: int, last: int, due: int, now) -> None:
    from django.db import connection, transaction

    from fixtures.bulk_load import foreign_keys_checked_at_once

    facts = {"first": first, "last": last, "due": due, "now": now, "open": OPEN_SHARE}
    with connection.cursor() as cursor:
        if first == 1:
            cursor.execute(UNITS)
        with transaction.atomic(), foreign_keys_checked_at_once():
            cursor.execute(DISPUTES, facts)
            cursor.execute(EVENTS, facts)
        cursor.execute("VACUUM ANALYZE incidents_dispute, incidents_disputeevent")


def _sweep(now) -> tuple[float, int]:
    from incidents.services import escalate_overdue

    began = time.perf_counter()
    run = escalate_overdue(now=now)
    return time.perf_counter() - began, len(run.escalated)


def _time_pages(requests: int) -> None:
    from grids.models import Duty
    from incidents.models import Dispute

    print(f"\n{'who':18}{'page':34}{'p50 ms':>8}{'p95 ms':>8}{'queries':>9}{'in SQL':>8}")
    for role in ("grid_worker", "community_mediator", "street_centre", "district_centre", "planner"):
        duty = Duty.objects.current().filter(role=role).select_related("user").order_by("area_id").first()
        case = Dispute.objects.visible_to(duty.user).open().order_by("-reported_at").first()
        pages = [
            "/",
            "/queue",
            "/queue?show=all",
            "/queue?state=overdue&show=all",
            "/queue?show=all&category=0402",
        ]
        pages += ["/api/v1/disputes", "/api/v1/disputes?state=open"]
        pages += [f"/disputes/{case.pk}"] if case else []
        for page in pages:
            _time_page(role, duty.user, page, requests)


def _time_page(role: str, user, page: str, requests: int) -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(user)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.get(page)
    if answer.status_code != 200:
        return
    queries = [float(query["time"]) for query in asked]
    times = []
    for _ in range(requests):
        began = time.perf_counter()
        client.get(page)
        times.append((time.perf_counter() - began) * 1000)
    p50, p95 = np.percentile(times, [50, 95])
    shown = page if len(page) < 34 else page[:32]
    print(f"{role:18}{shown:34}{p50:8.1f}{p95:8.1f}{len(queries):9}{sum(queries) * 1000:8.0f}", flush=True)


def fresh_database(name: str) -> str:
    from gridgov import local_postgis

    local_postgis.ensure_running()
    drop(name)
    with psycopg.connect(_conninfo(), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    return local_postgis.database_url(name)


def drop(name: str) -> None:
    with psycopg.connect(_conninfo(), autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _conninfo() -> str:
    from gridgov.local_postgis import PROJECT_CLUSTER

    return f"host={PROJECT_CLUSTER.sockets} user=gridgov dbname=postgres"


if __name__ == "__main__":
    main()
