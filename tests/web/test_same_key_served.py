"""The same report sent many times at once over real HTTP."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import psycopg

from tests.benchmarks.reporters import Reporter, conninfo
from tests.benchmarks.same_key import send_the_same, stored

KEYS, AT_ONCE = 3, 64
POINT = """
SELECT ST_X(point), ST_Y(point) FROM (
    SELECT ST_PointOnSurface(geom) AS point FROM grids_areaversion WHERE area_id = %s AND valid_to IS NULL
) AS unit
"""


def test_a_report_sent_64_times_at_once_is_one_dispute_and_each_sender_gets_its_receipt(demo_server):
    login = demo_server.login("grid_worker")
    demo_server.token_session(login)
    with psycopg.connect(conninfo(demo_server.database_url)) as database:
        place = database.execute(POINT, [login.area_code]).fetchone()
    reporter = Reporter(demo_server.tokens[login.username], login.area_code, [place])
    sending = send_the_same(urlsplit(demo_server.base_url).port, [reporter], KEYS, AT_ONCE)
    # In a thread of its own: the browser's tests leave an event loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        outcome = pool.submit(asyncio.run, sending).result(timeout=120)
    assert outcome.as_it_should_be(KEYS, AT_ONCE), (outcome.statuses, outcome.changed)
    assert stored(demo_server.database_url, list(outcome.disputes)) == KEYS
