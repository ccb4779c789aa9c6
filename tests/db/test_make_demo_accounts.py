"""load_demo: everything once, passwords anew for each installation, nothing half-done."""

import io
import json
import os
import signal
import stat
import subprocess
import sys
from collections import Counter
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command

from fixtures.errors import AccountTaken, FileNotWritable
from fixtures.staging import ADVISORY_LOCK
from grids.hierarchy import level_of
from grids.models import Area, User
from grids.roles import ROLE_LEVELS, Role
from incidents.models import Dispute
from incidents.queue import queue_for
from tests.databases import fresh_database

ROOT = Path(__file__).resolve().parents[2]
# Where it does not matter what lies in whose queue.
FEW = 20


@pytest.fixture
def load(fabric, monkeypatch, tmp_path):
    """Loads the demonstration with as many disputes as are said; gives the result and the logins."""
    monkeypatch.setattr("fixtures.staging.build_fabric", lambda: fabric)
    path = tmp_path / "var" / "logins.json"

    def run(disputes: int):
        output = io.StringIO()
        call_command("load_demo", "--disputes", str(disputes), "--logins", str(path), "--json", stdout=output)
        return json.loads(output.getvalue()), path

    return run


@pytest.mark.django_db
def test_every_role_can_sign_in_on_an_area_of_its_level_and_finds_work(load):
    result, path = load(600)
    assert result["loaded"] and result["disputes"] == 600
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    logins = json.loads(path.read_text("utf-8"))
    assert {login["role"] for login in logins} == set(Role)
    for login in logins:
        assert set(login) == {"username", "password", "role", "area_code", "area_name"}
        user = User.objects.get(username=login["username"])
        assert user.check_password(login["password"])
        assert list(user.duties.values_list("role", "area_id")) == [(login["role"], login["area_code"])]
        assert level_of(login["area_code"]) in ROLE_LEVELS[Role(login["role"])]
    assert len({login["password"] for login in logins}) == len(logins)
    assert User.objects.exclude(password__startswith="!").count() == len(logins)
    workers = [login["area_code"] for login in logins if login["role"] == Role.GRID_WORKER]
    assert max(Counter(code[:12] for code in workers).values()) >= 2, "two in one community"
    assert len({code[:9] for code in workers}) >= 2, "and others in another street"
    for role in (Role.GRID_WORKER, Role.COMMUNITY_MEDIATOR, Role.STREET_CENTRE):
        names = [login["username"] for login in logins if login["role"] == role]
        assert any(queue_for(user).exists() for user in User.objects.filter(username__in=names)), role


@pytest.mark.django_db
def test_a_second_run_changes_nothing_but_passwords_that_are_lost_or_foreign(load):
    _, path = load(FEW)
    before = path.read_bytes(), list(User.objects.order_by("pk").values_list("password", flat=True))
    result, _ = load(FEW)
    assert not result["loaded"]
    assert before == (path.read_bytes(), list(User.objects.order_by("pk").values_list("password", flat=True)))
    foreign = [{"username": "street-440105001", "password": "another installation's"}]
    for damage in (None, [], foreign, [{"username": "nobody"}], {}):
        path.unlink()
        if damage is not None:
            path.write_text(json.dumps(damage))
        result, _ = load(FEW)
        assert (result["loaded"], result["disputes"], result["accounts"]) == (True, FEW, User.objects.count())
        login = json.loads(path.read_text("utf-8"))[-1]
        assert User.objects.get(username=login["username"]).check_password(login["password"])


@pytest.mark.django_db
def test_a_stranger_with_a_demonstration_name_keeps_their_account(load):
    User.objects.create_user("street-440105001", "correct horse battery", name="某人")
    with pytest.raises(AccountTaken, match="street-440105001"):
        load(FEW)
    assert User.objects.get().check_password("correct horse battery")
    assert not Dispute.objects.exists() and not Area.objects.exists()


@pytest.mark.django_db
def test_what_fails_at_the_end_leaves_nothing(load, tmp_path):
    (tmp_path / "var").write_text("a file where the folder should be")
    with pytest.raises(FileNotWritable):
        load(FEW)
    assert not (Area.objects.exists() or User.objects.exists() or Dispute.objects.exists())


WAITS_FOR_TABLE = """
    SELECT count(*) FROM pg_locks AS lock JOIN pg_locks AS held USING (pid)
    WHERE NOT lock.granted AND lock.relation = 'incidents_dispute'::regclass
    AND held.locktype = 'advisory' AND held.objid = %s AND held.granted
"""


def test_a_load_that_is_killed_in_the_middle_leaves_nothing(migrated_database, tmp_path):
    logins = tmp_path / "logins.json"
    with fresh_database("killed", template=migrated_database) as url:
        environment = {**os.environ, "GRIDGOV_DATABASE_URL": url}
        manage = [sys.executable, "manage.py"]
        with psycopg.connect(url.replace("postgis://", "postgresql://"), autocommit=True) as watcher:
            with watcher.transaction():
                # Areas and accounts are in when the load comes to change this table.
                watcher.execute("LOCK TABLE incidents_dispute IN ACCESS SHARE MODE")
                command = [*manage, "load_demo", "--disputes", "100", "--logins", str(logins)]
                load = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
                while not watcher.execute(WAITS_FOR_TABLE, [ADVISORY_LOCK]).fetchone()[0]:
                    assert load.poll() is None, "the load ended before it could be killed"
                    watcher.execute("SELECT pg_sleep(0.1)")
                load.send_signal(signal.SIGKILL)
                load.wait()
            for table in ("grids_area", "grids_user", "grids_address", "incidents_dispute"):
                assert watcher.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    assert not logins.exists()
