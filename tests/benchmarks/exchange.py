"""How fast disputes are taken away, and in how much memory: CSV as it is streamed, Excel and GeoPackage.

    .venv/bin/python -m tests.benchmarks.exchange [--sizes 100000 1000000] [--csv-only-above 100000]

Makes a database of its own (gridgov_benchmark_exchange) with the schematic Haizhu and invented disputes and
drops it at the end. Each file is written by a process of its own, whose peak memory is what the line says;
CSV goes nowhere, as to a browser, the others to a temporary folder.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.casework import DISPUTES, OPEN_SHARE, ROOT, UNITS, drop, fresh_database
from tests.benchmarks.measured import run

DATABASE = "gridgov_benchmark_exchange"
FORMS = ("nothing", "csv", "xlsx", "gpkg")


def main() -> None:
    options = _options()
    if options.form:
        _write(options.form, options.folder)
        return
    os.environ |= {
        "GRIDGOV_DATABASE_URL": fresh_database(DATABASE),
        "DJANGO_SETTINGS_MODULE": "gridgov.settings.demo",
    }
    try:
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, check=True)
        _measure(options)
    finally:
        drop(DATABASE)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--csv-only-above", type=int, default=100_000)
    parser.add_argument("--form", choices=FORMS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _measure(options: argparse.Namespace) -> None:
    import django

    django.setup()
    from django.utils import timezone

    from fixtures.staging import ensure_stage, set_stage

    ensure_stage(set_stage())
    now, there = timezone.now(), 0
    print(f"{'disputes':>10}  {'file':8}{'s':>8}{'CPU s':>8}{'rows/s':>9}{'MB':>8}{'peak MiB':>10}")
    for size in options.sizes:
        _grow(there + 1, size, now)
        there = size
        for form in FORMS:
            if form in ("xlsx", "gpkg") and size > options.csv_only_above:
                continue
            seconds, cpu, rows, written, peak = _written(form)
            figures = f"{rows / seconds:9.0f}{written / 1e6:8.1f}{peak / 1024:10.0f}"
            print(f"{size:10}  {form:8}{seconds:8.1f}{cpu:8.1f}{figures}", flush=True)


def _written(form: str) -> tuple[float, ...]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.benchmarks.exchange", "--form", form, "--folder", folder]
        return tuple(float(part) for part in run(command).output.split())


def _grow(first: int, last: int, now) -> None:
    from django.db import connection, transaction

    from fixtures.bulk_load import foreign_keys_checked_at_once

    with connection.cursor() as cursor:
        if first == 1:
            cursor.execute(UNITS)
        with transaction.atomic(), foreign_keys_checked_at_once():
            facts = {"first": first, "last": last, "due": 0, "now": now, "open": OPEN_SHARE}
            cursor.execute(DISPUTES, facts)
        cursor.execute("VACUUM ANALYZE incidents_dispute")


def _write(form: str, folder: Path) -> None:
    """Write one file of all disputes; print seconds, those of the processor, rows, bytes, peak KiB."""
    import django

    django.setup()
    from grids.models import Duty
    from incidents.exchange.exporting import Names, csv_of, disputes_to_export, export_rows
    from incidents.exchange.jobs import FORMATS
    from incidents.filters import DisputeFilter

    duty = Duty.objects.current().filter(role="district_centre").select_related("user").first()
    disputes = disputes_to_export(duty.user, DisputeFilter())
    names, path = Names.read("zh-hans"), folder / f"disputes.{form}"
    rows = disputes.count() if form != "nothing" else 0
    began, worked = time.perf_counter(), time.process_time()
    if form == "csv":
        written = sum(len(piece) for piece in csv_of(disputes, names))
    elif form == "nothing":
        written = 0
    else:
        FORMATS[form](path, export_rows(disputes, names), lambda done: None)
        written = path.stat().st_size
    print(time.perf_counter() - began, time.process_time() - worked, rows, written, _peak_kib())


def _peak_kib() -> int:
    # ru_maxrss would count what the process was before it was this program.
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main()
