"""What a script sees of a command that refuses its input: exit code 2 and one line on standard error."""

import os
import subprocess
import sys

import pytest
from django.conf import settings


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["locate", "nan", "23", "--json"], "坐标 nan, 23 无效"),
        (["locate", "23.1", "113.3"], "颠倒"),
        (["locate", "113.3"], "--help"),
        (["locate", "113.3", "23.1", "--on", "2025-02-30"], "2025-02-30"),
        (["locate_file", "nowhere.csv", "out.csv", "--datum", "wgs84", "--json"], "nowhere.csv"),
        (["import_areas", "nowhere.gpkg", "--level", "grid", "--json"], "nowhere.gpkg"),
        (["check_areas", "--on", "today"], "today"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_wrong_input_is_one_line_in_two_languages(arguments, said):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "gridgov.settings.demo"}
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert said in line
    assert " / " in line
