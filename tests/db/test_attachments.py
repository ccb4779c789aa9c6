"""Files of a case: one row for one file, whatever is sent and whenever it is cut short."""

import io
import os
import stat
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from incidents.errors import (
    AttachmentDamaged,
    AttachmentHeic,
    AttachmentNotFound,
    AttachmentsFull,
    AttachmentTooLarge,
    AttachmentTypeRefused,
    DisputeNotFound,
    FieldsInvalid,
    MeasureNotAllowed,
    MeasureNotYours,
)
from incidents.files import storage
from incidents.models import Attachment
from incidents.services import attachments
from incidents.services.attachments import (
    add_attachment,
    delete_orphans,
    open_attachment,
    remove_attachment,
)
from incidents.workflow import Action
from tests.conftest import ROOT
from tests.factories.disputes import act, make_dispute
from tests.factories.files import PDF_FILE, photo_with_metadata, picture_file
from tests.factories.people import make_staff
from tests.factories.replay import present, replayed
from tests.factories.territory import make_territory
from tests.factories.threads import at_once


@pytest.fixture(autouse=True)
def files_dir(settings, tmp_path):
    settings.GRIDGOV_FILES_DIR = tmp_path / "files"
    return settings.GRIDGOV_FILES_DIR


@pytest.fixture
def staff(db):
    make_territory()
    return make_staff()


@pytest.fixture
def case(staff):
    return make_dispute(staff["worker"])


def add(user, case, content: bytes, title: str = "") -> Attachment:
    return add_attachment(user=user, dispute_id=case.pk, file=io.BytesIO(content), title=title)[0]


def read(user, case, attachment) -> bytes:
    _, file = open_attachment(user=user, dispute_id=case.pk, file_id=attachment.pk)
    with file:
        return file.read()


def files_there(files_dir) -> list:
    return [path for path in files_dir.rglob("*") if path.is_file()]


def test_a_photo_is_kept_without_its_metadata_and_on_record(staff, case, files_dir):
    attachment = add(staff["worker"], case, photo_with_metadata(), r"C:\照片\林某家.jpg")

    kept = read(staff["worker"], case, attachment)
    assert b"Secret" not in kept
    assert (attachment.media_type, attachment.size_bytes) == ("image/jpeg", len(kept))
    assert attachment.title == "林某家.jpg"
    event = case.events.get(action="add_file")
    assert event.details == {"file": str(attachment.pk), "media_type": "image/jpeg"}
    case.refresh_from_db()
    assert present(case) == replayed(case)


def test_files_are_readable_by_the_service_only_and_lie_by_their_ids(staff, case, files_dir):
    attachment = add(staff["worker"], case, PDF_FILE, "../../etc/passwd")

    (path,) = files_there(files_dir)
    assert path == storage.path_of(attachment.pk)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == stat.S_IMODE(storage.folder().stat().st_mode) == 0o700
    assert attachment.title == "passwd"


def test_a_pdf_is_kept_as_it_is(staff, case):
    assert read(staff["worker"], case, add(staff["worker"], case, PDF_FILE)) == PDF_FILE


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", AttachmentTypeRefused),
        (b"<html><script>alert(1)</script>", AttachmentTypeRefused),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', AttachmentTypeRefused),
        (b"\x00\x00\x00\x18ftypheic", AttachmentHeic),
        (PDF_FILE[:-10], AttachmentDamaged),
        (picture_file()[:200], AttachmentDamaged),
        (b"%PDF-" + bytes(1024 * 1024), AttachmentTooLarge),
    ],
)
def test_what_is_refused_leaves_neither_row_nor_file_nor_event(
    staff, case, files_dir, settings, content, error
):
    settings.GRIDGOV_FILE_MAX_MB = 1
    with pytest.raises(error):
        add(staff["worker"], case, content, "照片.jpg")

    assert not Attachment.objects.exists()
    assert not files_there(files_dir)
    assert case.events.count() == 1


def test_the_same_content_twice_is_one_file(staff, case, files_dir):
    results = [
        add_attachment(user=staff["worker"], dispute_id=case.pk, file=io.BytesIO(photo_with_metadata()))
        for _ in range(2)
    ]

    assert [new for _, new in results] == [True, False]
    assert results[0][0] == results[1][0]
    assert len(files_there(files_dir)) == 1
    assert case.events.filter(action="add_file").count() == 1


def test_the_same_content_in_two_cases_is_two_files(staff, case):
    other = make_dispute(staff["worker"])

    assert add(staff["worker"], case, PDF_FILE) != add(staff["worker"], other, PDF_FILE)


def test_a_full_case_takes_no_more(staff, case, settings):
    settings.GRIDGOV_FILES_PER_CASE = 1
    add(staff["worker"], case, PDF_FILE)

    with pytest.raises(AttachmentsFull):
        add(staff["worker"], case, picture_file())
    assert add(staff["worker"], case, PDF_FILE)  # the same again is no more


def test_a_removed_file_is_deleted_and_its_row_stays(
    staff, case, files_dir, django_capture_on_commit_callbacks
):
    attachment = add(staff["worker"], case, PDF_FILE)
    with django_capture_on_commit_callbacks(execute=True):
        remove_attachment(
            user=staff["worker"], dispute_id=case.pk, file_id=attachment.pk, reason="传错了案件"
        )

    assert not files_there(files_dir)
    assert Attachment.objects.get().removed_at
    assert case.events.get(action="remove_file").reason == "传错了案件"
    with pytest.raises(AttachmentNotFound):
        read(staff["worker"], case, attachment)
    assert add(staff["worker"], case, PDF_FILE) != attachment


def test_removing_needs_a_reason(staff, case):
    attachment = add(staff["worker"], case, PDF_FILE)

    with pytest.raises(FieldsInvalid):
        remove_attachment(user=staff["worker"], dispute_id=case.pk, file_id=attachment.pk, reason=" ")
    assert read(staff["worker"], case, attachment) == PDF_FILE


def test_who_sees_the_case_opens_its_files_and_only_who_answers_for_it_adds_and_removes(staff, case):
    attachment = add(staff["worker"], case, PDF_FILE)

    assert read(staff["street"], case, attachment) == PDF_FILE
    with pytest.raises(MeasureNotYours):
        add(staff["street"], case, picture_file())
    with pytest.raises(MeasureNotYours):
        remove_attachment(user=staff["street"], dispute_id=case.pk, file_id=attachment.pk, reason="理由")
    for stranger in ("planner", "administrator"):
        with pytest.raises(DisputeNotFound):
            read(staff[stranger], case, attachment)


def test_a_file_of_another_case_is_not_found(staff, case):
    attachment = add(staff["worker"], make_dispute(staff["worker"]), PDF_FILE)

    with pytest.raises(AttachmentNotFound):
        read(staff["worker"], case, attachment)


def test_an_ended_case_takes_no_more_files_and_still_shows_them(staff, case):
    attachment = add(staff["worker"], case, PDF_FILE)
    act(staff["worker"], case, Action.TRANSFER)

    with pytest.raises(MeasureNotAllowed):
        add(staff["worker"], case, picture_file())
    assert read(staff["worker"], case, attachment) == PDF_FILE


def test_the_same_file_at_the_same_moment_is_one_row_and_one_file(several_connections, files_dir):
    make_territory()
    worker = make_staff()["worker"]
    case = make_dispute(worker)

    added = at_once(*[lambda: add(worker, case, PDF_FILE).pk for _ in range(4)])

    assert len(set(added)) == 1
    assert len(files_there(files_dir)) == 1


def test_a_row_that_fails_leaves_a_file_that_the_night_deletes(staff, case, files_dir, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(attachments, "_record", fail)
    with pytest.raises(RuntimeError):
        add(staff["worker"], case, PDF_FILE)
    monkeypatch.undo()
    storage_files = files_there(files_dir)
    kept = add(staff["worker"], case, picture_file())

    assert len(storage_files) == 1
    assert delete_orphans() == 0, "what is new may belong to a transaction that still runs"
    assert delete_orphans(now=timezone.now() + timedelta(days=2)) == 1
    assert files_there(files_dir) == [storage.path_of(kept.pk)]


def test_no_folder_yet_is_no_reason_to_fail_at_night(db):
    assert delete_orphans() == 0


KILLED = """
import os, sys, signal, uuid
from pathlib import Path
sys.path.insert(0, {root!r})
import django
from django.conf import settings
settings.configure(GRIDGOV_FILES_DIR={folder!r})
from incidents.files import storage
os.replace = lambda *paths: os.kill(os.getpid(), signal.SIGKILL)
storage.write_file(uuid.UUID(int=7), b"content")
"""


def test_killed_half_way_there_is_no_file_under_its_name_and_what_is_left_goes_at_night(db, files_dir):
    code = KILLED.format(root=str(ROOT), folder=str(files_dir))
    ended = subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(ROOT)})

    assert ended.returncode == -9
    (left,) = files_there(files_dir)
    assert left.name.endswith(storage.UNFINISHED)
    assert delete_orphans(now=timezone.now() + timedelta(days=2)) == 1
    assert not files_there(files_dir)
