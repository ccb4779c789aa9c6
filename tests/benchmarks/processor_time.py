"""How much processor time the programs of a measurement took, read from /proc."""

import os
from pathlib import Path

import psycopg

TICKS = os.sysconf("SC_CLK_TCK")


def tree_seconds(root: int) -> float:
    """Processor seconds of process `root` and all below it that live."""
    return sum(_seconds(pid) for pid in _tree(root))


def backend_seconds(database: psycopg.Connection) -> float:
    """Processor seconds of PostgreSQL's processes for the database that `database` is connected to."""
    rows = database.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
    return sum(_seconds(pid) for (pid,) in rows)


def _tree(root: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            after = path.read_text().rpartition(")")[2].split()
        except OSError:  # ended meanwhile
            continue
        parents.setdefault(int(after[1]), []).append(int(path.parent.name))
    found, next_ones = [], [root]
    while next_ones:
        pid = next_ones.pop()
        found.append(pid)
        next_ones += parents.get(pid, [])
    return found


def _seconds(pid: int) -> float:
    try:
        after = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(after[11]) + int(after[12])) / TICKS
