"""The demonstration, loaded once for all workers of a test run."""

import fcntl
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from tests.databases import create_database, database_name, database_url, drop_database

ROOT = Path(__file__).resolve().parents[1]
DISPUTES = 1500


@contextmanager
def loaded_demonstration(folder: Path, worker: str):
    """Name of a database with the demonstration, for copying, and the file of its accounts.

    `folder` is the run's own and the same for all its workers. Whoever wants it first loads it, the others
    wait for that; the last that ends drops it.
    """
    name = database_name("demonstration", everybodys=True)
    logins, users = folder / "logins.json", folder / "users"
    with _alone(folder):
        if not users.exists():
            _load(name, logins)
            users.mkdir()
        (users / worker).touch()
    try:
        yield name, logins
    finally:
        with _alone(folder):
            (users / worker).unlink()
            if not any(users.iterdir()):
                shutil.rmtree(users)
                drop_database(name)


def demonstration_settings(url: str, files: Path) -> dict[str, str]:
    """Environment of a server, or a command, of the demonstration in the database at `url`."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "gridgov.settings.demo",
        "GRIDGOV_DATABASE_URL": url,
        # Tests sign in often from one address; the lock-out has a test of its own.
        "GRIDGOV_SIGN_IN_FAILURES": "20",
        "GRIDGOV_FILES_DIR": str(files),
    }


def _load(name: str, logins: Path) -> None:
    create_database(name)
    environment = demonstration_settings(database_url(name), logins.parent / "files")
    for arguments in (
        ["migrate", "-v0"],
        ["load_demo", "--disputes", str(DISPUTES), "--logins", str(logins)],
    ):
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=True)


@contextmanager
def _alone(folder: Path):
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
