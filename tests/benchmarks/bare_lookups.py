"""The peer of the locate endpoint: the shortest prepared query for the unit at a point, and nothing else."""

import random
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from itertools import chain

import psycopg

from tests.benchmarks.measured import Load

PROCESSES = 2
QUERY = """
SELECT area_id FROM grids_areaversion
WHERE ST_Covers(geom, ST_SetSRID(ST_MakePoint(%s, %s), 4326)) AND length(area_id) = 15
    AND valid_from <= current_date AND (valid_to IS NULL OR valid_to > current_date)
ORDER BY area_id LIMIT 1
"""


def measure(url: str, places: list[tuple[float, float]], connections: int, seconds: float) -> Load:
    address = url.replace("postgis://", "postgresql://", 1)
    work = partial(_in_threads, address, places, connections // PROCESSES)
    with ProcessPoolExecutor(PROCESSES) as pool:
        return Load.of(list(chain.from_iterable(pool.map(work, [seconds] * PROCESSES))), seconds)


def _in_threads(address: str, places: list[tuple[float, float]], threads: int, seconds: float) -> list[float]:
    with ThreadPoolExecutor(threads) as pool:
        return list(chain.from_iterable(pool.map(partial(_ask, address, places), [seconds] * threads)))


def _ask(address: str, places: list[tuple[float, float]], seconds: float) -> list[float]:
    latencies = []
    with psycopg.connect(address, autocommit=True) as connection, connection.cursor() as cursor:
        end = time.perf_counter() + seconds
        while (began := time.perf_counter()) < end:
            cursor.execute(QUERY, random.choice(places), prepare=True).fetchall()
            latencies.append(time.perf_counter() - began)
    return latencies
