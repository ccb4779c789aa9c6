"""python -m gridgov.run_tests: the database made ready, then this process becomes pytest."""

import os
import sys

from gridgov.command_line import make_database_ready

# The whole suite runs on two cores, the tests of a file together: its fixtures load once. The order
# stays: a browser test leaves an event loop running, which asyncio does not put up with.
EVERYTHING = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]


def main(arguments: list[str]) -> int:
    """Returns only when the database cannot be had: the exit code."""
    # Set, not defaulted: in the shell of a server in service the tests must not touch its database.
    os.environ["DJANGO_SETTINGS_MODULE"] = "gridgov.settings.test"
    # Tests made for each member of a set must come in the same order to both workers.
    os.environ.setdefault("PYTHONHASHSEED", "0")
    if problem := make_database_ready():
        return problem
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *(arguments or EVERYTHING)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
