"""The same report sent by many at once, under each of many keys: one dispute for each, whatever was answered.

    .venv/bin/python -m tests.benchmarks.same_key [--keys 1000] [--at-once 64] [--keep]

Makes a database of its own (gridgov_benchmark_same_key), served by `manage.py serve`. Each key is sent
over as many connections at the same moment, and then once more with another body. Ends with an error unless
every key has one dispute, one 201 and a 409, and all its answers name that dispute.
"""

import argparse
import asyncio
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg

from tests.benchmarks.reporters import (
    Connection,
    Reporter,
    conninfo,
    report_body,
    reporters,
    reporting_database,
    request_of,
    served,
)

DATABASE = "gridgov_benchmark_same_key"


@dataclass
class Outcome:
    """Of all keys: how often each status was answered, and for each key the disputes that answers named."""

    statuses: Counter = field(default_factory=Counter)
    changed: Counter = field(default_factory=Counter)
    disputes: dict[str, set[str]] = field(default_factory=dict)

    def as_it_should_be(self, keys: int, at_once: int) -> bool:
        return (
            self.statuses == Counter({201: keys, 200: keys * (at_once - 1)})
            and self.changed == Counter({409: keys})
            and len(self.disputes) == keys
            and all(len(named) == 1 for named in self.disputes.values())
        )


async def send_the_same(port: int, people: Sequence[Reporter], keys: int, at_once: int) -> Outcome:
    """Send the report of each of `keys` keys over `at_once` connections together, a key after the other."""
    connections = [await Connection.to(port) for _ in range(at_once)]
    outcome = Outcome()
    for number in range(keys):
        person, key = people[number % len(people)], str(uuid4())
        body = report_body(person, (datetime.now(UTC) - timedelta(hours=1)).isoformat())
        request = request_of(person, body, key)
        answers = await asyncio.gather(*(connection.exchange(request) for connection in connections))
        outcome.statuses.update(status for status, _ in answers)
        outcome.disputes[key] = {json.loads(said).get("id", "") for _, said in answers}
        other = json.dumps(json.loads(body) | {"people_involved": 3}).encode()
        status, _ = await connections[0].exchange(request_of(person, other, key))
        outcome.changed[status] += 1
    for connection in connections:
        connection.close()
    return outcome


def stored(url: str, keys: Sequence[str]) -> int:
    """How many disputes the database has of `keys`."""
    with psycopg.connect(conninfo(url)) as database:
        asked = "SELECT count(*) FROM incidents_dispute WHERE report_key = ANY(%s::uuid[])"
        return database.execute(asked, [list(keys)]).fetchone()[0]


def main() -> None:
    options = _options()
    with (
        reporting_database(DATABASE, disputes=1000, keep=options.keep) as url,
        served() as (port, _),
    ):
        began = time.perf_counter()
        people = reporters(url, 2000)
        outcome = asyncio.run(send_the_same(port, people, options.keys, options.at_once))
        there = stored(url, list(outcome.disputes))
        took = time.perf_counter() - began
        each = f"each sent {options.at_once} times at once and once changed"
        print(f"{options.keys} keys, {each}, in {took:.0f} s")
        print(f"answers {dict(outcome.statuses)}; changed {dict(outcome.changed)}; disputes stored {there}")
        if there != options.keys or not outcome.as_it_should_be(options.keys, options.at_once):
            raise SystemExit("not one dispute for each key")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keys", type=int, default=1000)
    parser.add_argument("--at-once", type=int, default=64)
    parser.add_argument("--keep", action="store_true", help="leave the database there")
    return parser.parse_args()


if __name__ == "__main__":
    main()
