"""The map with 200,000 disputes: how much a street's first view weighs, and how fast its data is answered.

    .venv/bin/python -m tests.benchmarks.map_data [--disputes 200000] [--requests 200]

Keeps a database of its own (gridgov_benchmark_map) for the next run, filled by `make_demo` at the first.
Serves it with `manage.py serve`, so through granian and whitenoise as in use, and asks over HTTP.
The first view is weighed by Chromium with an empty cache: bytes of the bodies as they came, compressed.
"""

import argparse
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import which
from tempfile import NamedTemporaryFile

import numpy as np
import psycopg
import requests
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "gridgov_benchmark_map"
DESK = {"width": 1440, "height": 900}
FIRST_DAY, LAST_DAY = "2025-11-24", "2026-11-23"
WEIGHT = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .map(entry => [new URL(entry.name).pathname, entry.encodedBodySize])"""
LAYERS = ("areas", "boundaries", "points", "heat")


def main() -> None:
    options = _options()
    url = _prepared_database(options.disputes)
    os.environ |= {"GRIDGOV_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "gridgov.settings.demo"}
    _manage("collectstatic", "--noinput", "-v0")
    with _Served(options.port) as base_url:
        for name, role in (("street", "street_centre"), ("district", "district_centre")):
            session, area, count = _signed_in(base_url, role)
            print(f"\n{name} {area}: {count} disputes")
            asked = _first_view(base_url, session)
            for users in (1, 4):
                _time_layers(base_url, session, asked, options.requests, users)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--disputes", type=int, default=200_000)
    parser.add_argument("--requests", type=int, default=200, help="requests of each layer")
    parser.add_argument("--port", type=int, default=8231)
    return parser.parse_args()


def _prepared_database(disputes: int) -> str:
    """Address of the benchmark's database on the private cluster, filled at the first run."""
    from gridgov import local_postgis

    local_postgis.ensure_running()
    with psycopg.connect(_conninfo("postgres"), autocommit=True) as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            server.execute(f"CREATE DATABASE {DATABASE}")
    url = local_postgis.database_url(DATABASE)
    environment = {"GRIDGOV_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "gridgov.settings.demo"}
    _manage("migrate", "-v0", **environment)
    with psycopg.connect(_conninfo(DATABASE)) as database:
        (present,) = database.execute("SELECT count(*) FROM incidents_dispute").fetchone()
    if not present:
        days = ("--from", FIRST_DAY, "--to", LAST_DAY, "--seed", "1")
        _manage("make_demo", "--disputes", str(disputes), *days, **environment)
    elif present != disputes:
        sys.exit(f"{DATABASE} holds {present} disputes: drop it, or say --disputes {present}.")
    return url


def _conninfo(name: str) -> str:
    from gridgov.local_postgis import PROJECT_CLUSTER

    return f"host={PROJECT_CLUSTER.sockets} user=gridgov dbname={name}"


def _manage(*arguments: str, **environment: str) -> None:
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=True)


class _Served:
    """The server, for as long as it is needed."""

    def __init__(self, port: int):
        self.port = port

    def __enter__(self) -> str:
        self.log = NamedTemporaryFile("w", suffix=".log")  # noqa: SIM115
        command = [sys.executable, "manage.py", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=self.log, stderr=self.log)
        base_url = f"http://127.0.0.1:{self.port}"
        retries = requests.adapters.Retry(total=60, connect=60, backoff_factor=0.05, backoff_max=0.5)
        with requests.Session() as session:
            session.mount("http://", requests.adapters.HTTPAdapter(max_retries=retries))
            session.get(f"{base_url}/readyz", timeout=30).raise_for_status()
        return base_url

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)
        self.log.close()


def _signed_in(base_url: str, role: str) -> tuple[requests.Session, str, int]:
    """A session of whoever has the busiest area of `role`, the area, and its number of disputes."""
    import django

    django.setup()
    from django.contrib.gis.db.models import Count
    from django.db.models.functions import Left

    from grids.models import Duty
    from incidents.models import Dispute

    duties = Duty.objects.current().filter(role=role).select_related("user")
    length = len(duties[0].area_id)
    areas = Dispute.objects.values(area=Left("grid_unit_id", length)).annotate(n=Count("*"))
    busy = areas.order_by("-n").first()
    user = next(duty.user for duty in duties if duty.area_id == busy["area"])
    password = secrets.token_urlsafe(16)
    user.set_password(password)
    user.save()
    session = requests.Session()
    session.get(f"{base_url}/sign-in", timeout=30)
    token = session.cookies["csrftoken"]
    form = {"username": user.username, "password": password, "csrfmiddlewaretoken": token}
    session.post(
        f"{base_url}/sign-in", form, timeout=30, headers={"Referer": base_url}
    ).raise_for_status()
    return session, busy["area"], busy["n"]


def _first_view(base_url: str, session: requests.Session) -> dict[str, str]:
    """Weigh /map as a browser with an empty cache loads it. Returns the data's addresses by layer."""
    asked: dict[str, str] = {}

    def note(request) -> None:
        layer = request.url.split("?")[0].rsplit("/", 1)[-1]
        if "/api/v1/map/" in request.url:
            asked[layer] = request.url

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=which("chromium"), args=["--no-sandbox"])
        context = browser.new_context(viewport=DESK)
        cookies = [{"name": c.name, "value": c.value, "url": base_url} for c in session.cookies]
        context.add_cookies(cookies)
        page = context.new_page()
        page.on("request", note)
        page.goto(f"{base_url}/map")
        page.wait_for_load_state("networkidle")
        weights = page.evaluate(WEIGHT)
        browser.close()
    _print_weights(weights)
    return asked


def _print_weights(weights: list) -> None:
    ours = ("/static/maps", "/static/grids", "/static/gridgov")
    kinds = {"data": "/api/", "page": "/map", "own scripts and styles": ours}
    totals = dict.fromkeys([*kinds, "libraries"], 0)
    for path, size in weights:
        kind = next((name for name, start in kinds.items() if path.startswith(start)), "libraries")
        totals[kind] += size
    print(json.dumps(totals | {"total kB": round(sum(totals.values()) / 1000, 1), "requests": len(weights)}))


def _time_layers(base_url: str, session: requests.Session, asked: dict, number: int, users: int) -> None:
    print(f"{'layer':12}{'users':>6}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}{'kB gz':>8}")
    for layer in LAYERS:
        ask = _asker(session, asked[layer])
        ask()
        with ThreadPoolExecutor(users) as pool:
            answers = list(pool.map(lambda _, ask=ask: ask(), range(number)))
        times = np.array([seconds for seconds, _ in answers]) * 1000
        p50, p95 = np.percentile(times, [50, 95])
        print(f"{layer:12}{users:6}{p50:9.1f}{p95:9.1f}{times.max():9.1f}{answers[0][1] / 1000:8.1f}")


def _asker(session: requests.Session, address: str) -> Callable[[], tuple[float, int]]:
    cookies = session.cookies.get_dict()

    def ask() -> tuple[float, int]:
        begun = time.perf_counter()
        answer = requests.get(
            address, cookies=cookies, headers={"Accept-Encoding": "gzip"}, timeout=60, stream=True
        )
        body = answer.raw.read()
        elapsed = time.perf_counter() - begun
        answer.raise_for_status()
        return elapsed, len(body)

    return ask


if __name__ == "__main__":
    main()
