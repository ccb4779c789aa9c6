"""A database and a server for reporting in earnest: the schematic Haizhu, old cases, many workers."""

import asyncio
import json
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from uuid import uuid4

import psycopg
import requests

from tests.benchmarks.casework import ROOT, drop, fresh_database, grow

# Workers with places anywhere in their unit.
REPORTERS = """
SELECT t.key, u.code, array_agg(ARRAY[ST_X(place.geom), ST_Y(place.geom)])
FROM bench_unit u JOIN authtoken_token t ON t.user_id = u.worker
JOIN grids_areaversion v ON v.area_id = u.code,
LATERAL ST_Dump(ST_GeneratePoints(v.geom, 5)) place
GROUP BY t.key, u.code ORDER BY u.code LIMIT %s
"""
TOKENS = """
INSERT INTO authtoken_token (key, created, user_id)
SELECT md5(random()::text || worker), now(), worker FROM bench_unit GROUP BY worker ON CONFLICT DO NOTHING
"""
TITLES = ("楼上漏水", "占用消防通道", "拖欠工资", "夜间噪声扰民", "共用墙体开裂")
CATEGORIES = ("0201", "0203", "0402", "0602", "0703")


@dataclass(frozen=True)
class Reporter:
    """Somebody with a token, and places in their unit: longitude and latitude in degrees (WGS84)."""

    token: str
    unit: str
    places: list[tuple[float, float]]


@contextmanager
def reporting_database(name: str, *, disputes: int, keep: bool) -> Iterator[str]:
    """URL of a database of that name with `disputes` cases; there already, it is used as it is.

    Django is set up for it within this process.
    """
    import django

    found = _existing(name)
    url = found or fresh_database(name)
    os.environ |= {"GRIDGOV_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "gridgov.settings.demo"}
    try:
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, check=True)
        django.setup()
        if not found:
            _fill(disputes)
        yield url
    finally:
        if not keep:
            drop(name)


def _existing(name: str) -> str | None:
    from gridgov import local_postgis

    url = local_postgis.database_url(name)
    try:
        psycopg.connect(conninfo(url)).close()
    except psycopg.OperationalError:
        return None
    return url


def conninfo(url: str) -> str:
    """`url` of Django as psycopg takes it."""
    return url.replace("postgis://", "postgresql://", 1)


def _fill(disputes: int) -> None:
    from django.db import connection
    from django.utils import timezone

    from fixtures.staging import ensure_stage, set_stage

    ensure_stage(set_stage())
    grow(1, disputes, 0, timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(TOKENS)
        cursor.execute("ANALYZE")
    connection.close()


def reporters(url: str, number: int) -> list[Reporter]:
    with psycopg.connect(conninfo(url)) as database:
        return [Reporter(*row) for row in database.execute(REPORTERS, [number])]


def report_body(reporter: Reporter, occurred_at: str) -> bytes:
    """A report as the page sends it: from somewhere in the unit, with two parties."""
    chosen = secrets.randbelow(len(TITLES))
    lon, lat = secrets.choice(reporter.places)
    said = {
        "title": TITLES[chosen],
        "description": "双方各执一词,已现场查看并记录,需要进一步了解情况。" * 3,
        "category": CATEGORIES[chosen],
        "scale": "01",
        "people_involved": 2,
        "occurred_at": occurred_at,
        "source": "patrol",
        "location": {
            "lon": lon,
            "lat": lat,
            "datum": "wgs84",
            "accuracy_m": 12,
            "found_by": "device",
        },
        "address": f"某某路{secrets.randbelow(500)}号",
        "parties": [
            {"name": "甲某某", "phone": "13800000000", "role": "申请人"},
            {"name": "乙某某", "phone": "", "role": "被申请人"},
        ],
    }
    return json.dumps(said, ensure_ascii=False).encode()


def request_of(reporter: Reporter, body: bytes, key: str = "") -> bytes:
    """The whole request as it goes over the line."""
    head = (
        "POST /api/v1/disputes HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Token {reporter.token}\r\nIdempotency-Key: {key or uuid4()}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@dataclass
class Connection:
    """A kept connection with as little of a client as there can be."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def to(cls, port: int) -> "Connection":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def exchange(self, request: bytes) -> tuple[int, bytes]:
        """Send `request` and take the answer: status and body."""
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = head.lower().split(b"content-length:")[1].split(b"\r\n")[0]
        return int(head[9:12]), await self.reader.readexactly(int(length))

    def close(self) -> None:
        self.writer.close()


@contextmanager
def served(log=sys.stderr) -> Iterator[tuple[int, int]]:
    """GridGov by `manage.py serve` with the environment as it is: its port, and the id of its process."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=log, stderr=log)
    try:
        retries = requests.adapters.Retry(total=60, connect=60, backoff_factor=0.1, backoff_max=0.5)
        with requests.Session() as session:
            session.mount("http://", requests.adapters.HTTPAdapter(max_retries=retries))
            session.get(f"http://127.0.0.1:{port}/healthz", timeout=10).raise_for_status()
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)
