"""No invented dispute gets into a database that is in service, since none would ever leave it again."""

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.databases import fresh_database

PERIOD = ["--disputes", "10", "--from", "2025-01-01", "--to", "2025-12-31"]


@pytest.fixture(scope="module")
def empty_database():
    with fresh_database("in_service") as url:
        yield url


@pytest.mark.parametrize("command", [["demo", "--no-serve"], ["load_demo"], ["make_demo", *PERIOD]])
def test_the_demonstration_is_refused_in_one_line_under_production_settings(empty_database, command):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "gridgov.settings.production",
        "GRIDGOV_SECRET_KEY": "a-key-of-fifty-characters-0123456789-abcdefghijklmnop",
        "GRIDGOV_HOSTS": "grid.example.cn",
        "GRIDGOV_DATABASE_URL": empty_database,
    }

    refused = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True
    )

    assert (refused.returncode, refused.stdout) == (2, "")
    (line,) = refused.stderr.splitlines()
    assert "gridgov.settings.production" in line
    assert "bin/set-up" in line
