"""make_demo: invented disputes in the database, the same to the byte for the same seed."""

import hashlib
import io
import json

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from fixtures.errors import (
    DisputesExist,
    FileNotWritable,
    OptionInvalid,
    OptionMissing,
    TerritoryNotSchematic,
)
from fixtures.haizhu.histories import Course
from fixtures.haizhu.people import fill_posts
from grids.hierarchy import Level
from grids.models import Address, Area, AreaVersion, Duty, User
from incidents.models import Dispute, DisputeEvent
from incidents.workflow import Action

pytestmark = pytest.mark.django_db

YEAR = ["--from", "2025-01-01", "--to", "2025-12-31"]
WHERE_IT_STANDS = (
    "id", "case_number", "title", "location", "grid_unit", "address__text", "state", "level", "due_at",
    "responsible_area", "assigned_to__username", "reported_by__username", "ended_at", "version",
    "report_digest",
)  # fmt: skip
WHAT_HAPPENED = (
    "id", "dispute", "version", "at", "actor__username", "action", "to_state", "to_level", "area", "reason"
)  # fmt: skip


@pytest.fixture(autouse=True)
def drawn_once(fabric, monkeypatch):
    """Drawing the fabric takes seconds and gives the same each time."""
    monkeypatch.setattr("fixtures.staging.build_fabric", lambda: fabric)


def _make(*arguments) -> dict:
    output = io.StringIO()
    call_command("make_demo", *arguments, "--json", stdout=output)
    return json.loads(output.getvalue())


def _rows() -> tuple[list, list]:
    disputes = Dispute.objects.order_by("case_number").values_list(*WHERE_IT_STANDS)
    return list(disputes), list(DisputeEvent.objects.order_by("id").values_list(*WHAT_HAPPENED))


def _make_and_forget(*arguments) -> tuple[dict, tuple[list, list]]:
    with transaction.atomic():
        made = _make(*arguments), _rows()
        transaction.set_rollback(True)
    return made


def test_the_same_seed_stores_the_same_rows():
    first = _make_and_forget("--disputes", "300", *YEAR, "--seed", "4")
    again = _make_and_forget("--disputes", "300", *YEAR, "--seed", "4")
    assert first == again


def test_the_file_has_the_digest_of_the_database(tmp_path):
    file = tmp_path / "disputes.jsonl"
    written = _make("--disputes", "300", *YEAR, "--output", str(file))
    assert not Dispute.objects.exists() and not Area.objects.exists()
    assert hashlib.sha256(file.read_bytes()).hexdigest() == written["sha256"]
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert len(lines) == written["disputes"] == 300
    assert sum(len(line["events"]) for line in lines) == written["events"]
    assert _make("--disputes", "300", *YEAR) == written


def test_drawing_which_takes_seconds_is_announced_on_standard_error_only(capsys):
    call_command("make_demo", "--disputes", "20", *YEAR, "--json")
    said = capsys.readouterr()
    assert json.loads(said.out)["disputes"] == 20
    assert "正在绘制示意边界" in said.err


def test_what_is_stored_is_what_the_histories_add_up_to():
    result = _make("--disputes", "400", *YEAR)
    assert (Dispute.objects.count(), DisputeEvent.objects.count()) == (400, result["events"])
    for dispute in Dispute.objects.prefetch_related("events__actor", "events__assigned_to"):
        report, *later = dispute.events.all()
        course = Course(
            dispute.home_area_id, report.actor.username, report.at, report.at, risk=dispute.risk,
            scale=dispute.scale,
        )  # fmt: skip
        moves = [event for event in later if event.action in set(Action)]
        for event in moves:
            assignee = event.assigned_to and event.assigned_to.username
            to_level = Level(event.to_level) if event.action == Action.ESCALATE else None
            course.record(Action(event.action), event.at, None, assignee=assignee, to_level=to_level)
        assert course.standing == dispute.standing
        assert (course.area, course.due_at, course.ended_at) == (
            dispute.responsible_area_id, dispute.due_at, dispute.ended_at,
        )  # fmt: skip
        assert course.assigned_to == (dispute.assigned_to and dispute.assigned_to.username)
        assert len(course.events) == 1 + len(moves)
        assert dispute.version == 1 + len(later)
    assert not Dispute.objects.exclude(grid_unit__versions__geom__covers=F("location")).exists()


def test_a_second_run_is_refused_and_ordinary_work_goes_on_after_the_last_number():
    _make("--disputes", "50", *YEAR)
    with pytest.raises(DisputesExist):
        _make("--disputes", "50", *YEAR)
    assert Dispute.objects.count() == 50
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('incidents_case_number')")
        assert cursor.fetchone()[0] >= 51
    last = DisputeEvent.objects.latest("id")
    said = {"dispute": last.dispute, "action": "verify", "to_state": "verified", "to_level": "grid"}
    DisputeEvent.objects.create(version=99, area=last.area, **said)
    with pytest.raises(IntegrityError), transaction.atomic():
        DisputeEvent.objects.create(version=100, area_id="4", **said)
        connection.check_constraints()


def test_areas_and_posts_come_along(fabric):
    _make("--disputes", "20", *YEAR)
    assert Area.objects.count() == AreaVersion.objects.filter(schematic=True).count() == len(fabric.areas)
    assert Address.objects.count() == 5 * len(fabric.units)
    posts = fill_posts(fabric)
    assert Duty.objects.count() == sum(len(post.area_codes) for post in posts)
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_it_refuses_a_territory_of_somebody_else():
    Area.objects.create(code="440106", level="district")
    with pytest.raises(TerritoryNotSchematic, match="440106"):
        _make("--disputes", "20", *YEAR)
    assert Area.objects.count() == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["--disputes", "many", *YEAR],
        ["--disputes", "0", *YEAR],
        ["--disputes", "10", "--from", "2025-02-30", "--to", "2025-12-31"],
        ["--disputes", "10", "--from", "2025-12-31", "--to", "2025-01-01"],
        ["--disputes", "10", "--from", "9999-12-30", "--to", "9999-12-31"],
        ["--disputes", "10", *YEAR, "--seed", "-1"],
        ["--disputes", "10", "--from", "2025-01-01"],
    ],
)
def test_it_refuses_what_is_no_number_or_date(arguments):
    with pytest.raises((OptionInvalid, OptionMissing)):
        _make(*arguments)
    assert not Area.objects.exists()


def test_it_says_where_it_cannot_write(tmp_path):
    with pytest.raises(FileNotWritable):
        _make("--disputes", "10", *YEAR, "--output", str(tmp_path / "missing" / "file"))
