"""The private PostGIS started, then this process becomes pytest."""

import os
import sys

from gridgov import local_postgis


def main(arguments: list[str]) -> int:
    """Returns only when the database cannot be had."""
    if not os.environ.get("GRIDGOV_DATABASE_URL"):
        try:
            local_postgis.ensure_running()
        except local_postgis.LocalPostgisProblem as problem:
            print(problem, file=sys.stderr)
            return 1
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
