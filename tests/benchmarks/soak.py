"""Reports written on several phones while everything fails: which were lost, doubled or changed.

    .venv/bin/python -m tests.benchmarks.soak --reports 10000 --seed 1 --phones 12

Real browsers write through the real page; a proxy fails at random in each of the ways of tests/faults, tabs
and browsers are killed, and the server is killed (kill -9) and comes back. A database is made for it and
dropped. Prints the summary as JSON and ends with status 1 unless every report arrived once, as it was
written; docs/benchmarks.md keeps a run.
"""

import argparse
import json
import logging
import os
import sys
import tempfile
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--phones", type=int, default=12, help="of 12, nine are Chromium")
    parser.add_argument("--engines", help="instead of --phones, one for each phone, with commas between them")
    parser.add_argument("--minutes", type=float, default=25, help="then nothing more is written")
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    os.environ["DJANGO_SETTINGS_MODULE"] = "gridgov.settings.test"
    os.environ.setdefault("GRIDGOV_TEST_DATABASE", "soak")
    import django

    django.setup()
    from tests.faults.ground import failing_ground
    from tests.faults.soak import soak

    engines = options.engines.split(",") if options.engines else engines_of(options.phones)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        with failing_ground(place, place, "soak") as ground:
            found = soak(
                ground, place, reports=options.reports, engines=engines, seed=options.seed,
                minutes=options.minutes,
            )  # fmt: skip
    print(json.dumps(found, ensure_ascii=False, indent=1))
    wrong = found["lost"] or found["doubled"] or found["changed"] or found["failures"]
    all_there = found["disputes"] == found["written"] == found["reports"]
    sys.exit(0 if all_there and not wrong else 1)


def engines_of(phones: int) -> list[str]:
    others = ["firefox", "webkitgtk", "firefox"][: phones // 3]
    return others + ["chromium"] * (phones - len(others))


if __name__ == "__main__":
    main()
