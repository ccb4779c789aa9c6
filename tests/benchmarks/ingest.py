"""Reports at a fixed rate over real HTTP, whether or not the server keeps up.

    .venv/bin/python -m tests.benchmarks.ingest [--rate 200] [--seconds 60] [--disputes 100000] [--keep]

Makes a database of its own (gridgov_benchmark_ingest) and serves it with `manage.py serve`: granian with two
workers, and procrastinate. Each report is another one, of another worker than the one before, with a token.
A report's time runs from the moment it was to be sent at, so that one which had to wait counts as waiting.
Processor time: of all server processes, and of PostgreSQL's connections to this database.
"""

import argparse
import asyncio
import os
import resource
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

import numpy as np
import psycopg

from tests.benchmarks.processor_time import backend_seconds, tree_seconds
from tests.benchmarks.reporters import (
    Connection,
    conninfo,
    report_body,
    reporters,
    reporting_database,
    request_of,
    served,
)

DATABASE = "gridgov_benchmark_ingest"
CONNECTIONS = 64
WARM_UP_S = 5


@dataclass
class Answers:
    """What came back: how often each status, and the seconds each answer took from when it was due."""

    statuses: Counter = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def milliseconds(self) -> str:
        p50, p95, p99, most = np.percentile(self.seconds, [50, 95, 99, 100]) * 1000
        return f"p50 {p50:.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms, longest {most:.0f} ms"


async def send_all(port: int, requests: list[bytes], rate: float) -> Answers:
    """Send `requests`, `rate` of them a second, over kept connections. A rate of 0 is as fast as answered."""
    answers, numbers, began = Answers(), count(), time.perf_counter()
    sending = (_connection(port, requests, rate, began, numbers, answers) for _ in range(CONNECTIONS))
    await asyncio.gather(*sending)
    return answers


async def _connection(port, requests, rate, began, numbers, answers: Answers) -> None:
    connection = await Connection.to(port)
    while (number := next(numbers)) < len(requests):
        due = began + number / rate if rate else time.perf_counter()
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        status, _ = await connection.exchange(requests[number])
        answers.seconds.append(time.perf_counter() - due)
        answers.statuses[status] += 1
    connection.close()


def main() -> None:
    options = _options()
    with (
        reporting_database(DATABASE, disputes=options.disputes, keep=options.keep) as url,
        psycopg.connect(conninfo(url), autocommit=True) as database,
        served() as (port, server),
    ):
        people = reporters(url, 2000)
        there, load = _stored(database), os.getloadavg()[0]
        print(f"{len(people)} reporters, {there} disputes, load {load:.1f}", flush=True)
        asyncio.run(send_all(port, _requests(people, int(options.rate * WARM_UP_S)), options.rate))
        _measure(options, database, port, server, _requests(people, int(options.rate * options.seconds)))


def _measure(options, database, port: int, server: int, requests: list[bytes]) -> None:
    before, began = _stored(database), time.perf_counter()
    web, backends, client = tree_seconds(server), backend_seconds(database), _own_seconds()
    answers = asyncio.run(send_all(port, requests, 0 if options.flat_out else options.rate))
    took, stored = time.perf_counter() - began, _stored(database) - before
    web, backends = tree_seconds(server) - web, backend_seconds(database) - backends
    rate, load = len(requests) / took, os.getloadavg()[0]
    print(f"{len(requests)} reports in {took:.1f} s, {rate:.0f}/s; load {load:.1f}")
    print(f"answers {dict(answers.statuses)}, disputes stored {stored}; {answers.milliseconds()}")
    each = 1000 / len(requests)
    print(
        f"processor time of a report: server {web * each:.2f} ms, PostgreSQL {backends * each:.2f} ms, "
        f"together {(web + backends) * each:.2f} ms; the client {(_own_seconds() - client) * each:.2f} ms"
    )


def _requests(people, number: int) -> list[bytes]:
    occurred_at = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    return [
        request_of(person, report_body(person, occurred_at))
        for person in (people[n % len(people)] for n in range(number))
    ]


def _stored(database: psycopg.Connection) -> int:
    return database.execute("SELECT count(*) FROM incidents_dispute").fetchone()[0]


def _own_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rate", type=float, default=200, help="reports a second")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--disputes", type=int, default=100_000, help="cases there before")
    parser.add_argument(
        "--flat-out", action="store_true", help="as fast as they are answered, not at the rate"
    )
    parser.add_argument("--keep", action="store_true", help="leave the database there for the next run")
    return parser.parse_args()


if __name__ == "__main__":
    main()
