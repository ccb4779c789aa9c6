"""Production settings, by Django's own check for deployment, and what they refuse."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
ONE_LINE_IN_TWO_LANGUAGES = re.compile(r"[^\n]+ / [^\n]+\n")
PRODUCTION = {
    "GRIDGOV_SECRET_KEY": "a-key-of-fifty-characters-0123456789-abcdefghijklmnop",
    "GRIDGOV_HOSTS": "grid.example.cn",
    "GRIDGOV_DATABASE_URL": "postgis://gridgov:hunter2@db.example/gridgov",
}


def run_check(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    ours = ("GRIDGOV_", "DJANGO_")
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    return subprocess.run(
        [sys.executable, PROJECT / "manage.py", "check", *arguments],
        env={**inherited, **environment}, capture_output=True, text=True, cwd=PROJECT,
    )


def test_production_is_clean_by_djangos_own_check_for_deployment():
    result = run_check(
        PRODUCTION, "--deploy", "--fail-level", "INFO", "--settings", "gridgov.settings.production"
    )

    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("missing", PRODUCTION)
def test_production_refuses_to_start_without_what_it_needs(missing):
    environment = {name: value for name, value in PRODUCTION.items() if name != missing}

    result = run_check(environment, "--settings", "gridgov.settings.production")

    assert result.returncode == 2
    assert ONE_LINE_IN_TWO_LANGUAGES.fullmatch(result.stderr)
    assert missing in result.stderr
    assert "hunter2" not in result.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [("GRIDGOV_SESSION_SECONDS", "long"), ("GRIDGOV_TILE_DATUM", "gps"), ("GRIDGOV_CERTAIN_SHARE", "90")],
)
def test_a_value_of_the_wrong_kind_is_refused_in_one_line(name, value):
    result = run_check({name: value})

    assert result.returncode == 2
    assert ONE_LINE_IN_TWO_LANGUAGES.fullmatch(result.stderr)
    assert name in result.stderr
