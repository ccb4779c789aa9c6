"""The private PostGIS in var/postgis: made and started when needed, reached by a socket only.

    python -m gridgov.local_postgis start|stop|status

Who may connect is decided by the file system. The socket's folder has mode 0700 and belongs to
the account that runs the server, so that only this account and root reach it, and PostgreSQL
itself trusts whoever does. The reasons are in docs/decisions/0003-private-postgis.md.

Only the standard library in here, since it also runs while packages are being installed.
"""

from pathlib import Path

from gridgov.local_postgis.cluster import DATABASE, EXTENSIONS, Cluster
from gridgov.local_postgis.programs import LocalPostgisProblem

__all__ = ["DATABASE", "EXTENSIONS", "Cluster", "LocalPostgisProblem", "database_url", "ensure_running"]

PROJECT_CLUSTER = Cluster(Path(__file__).resolve().parents[2] / "var" / "postgis")


def database_url(name: str = DATABASE) -> str:
    """URL of database `name` in the project's private cluster. Does no I/O: the server may be down."""
    return PROJECT_CLUSTER.url(name)


def ensure_running() -> None:
    """The project's private cluster, running and with its database. Takes some 20 ms when it is."""
    PROJECT_CLUSTER.ensure_running()
