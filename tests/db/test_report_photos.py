"""Photos that were promised with a report and come one by one: each once, and none lost."""

import io
from functools import partial

import pytest
from PIL import Image

from grids.models import Duty
from grids.roles import Role
from incidents.errors import (
    AttachmentDamaged,
    AttachmentHeic,
    AttachmentsFull,
    AttachmentTypeRefused,
    DisputeNotFound,
    PhotoKeyReused,
    PhotosComplete,
)
from incidents.files import storage
from incidents.models import Attachment, ReceivedPhoto
from incidents.services.attachments import add_attachment, open_attachment, remove_attachment
from incidents.services.photos import receive_photo
from incidents.services.promised_photos import photos_owed
from incidents.services.supplements import add_supplement
from incidents.workflow import Action
from tests.factories.disputes import act, make_dispute, new_key
from tests.factories.files import PDF_FILE, photo_with_metadata, picture_file
from tests.factories.people import make_staff, make_user
from tests.factories.replay import present, replayed
from tests.factories.territory import UNITS, make_territory
from tests.factories.threads import at_once

RED, BLUE = picture_file(colour="#ff0000"), picture_file(colour="#0000ff")


@pytest.fixture(autouse=True)
def files_dir(settings, tmp_path):
    settings.GRIDGOV_FILES_DIR = tmp_path / "files"
    return settings.GRIDGOV_FILES_DIR


@pytest.fixture
def staff(db):
    make_territory()
    return make_staff()


@pytest.fixture
def worker(staff):
    return staff["worker"]


def receive(user, case, content=RED, key=None):
    return receive_photo(user=user, dispute_id=case.pk, key=key or new_key(), content=content)


def test_each_photo_that_was_promised_is_kept_counted_and_told_in_the_history(worker):
    case = make_dispute(worker, photos=2)

    promise, new = receive(worker, case, RED)
    assert (new, promise.received, promise.expected, promise.complete) == (True, 1, 2, False)
    promise, new = receive(worker, case, BLUE)
    assert (new, promise.received, promise.complete) == (True, 2, True)

    assert case.attachments.filter(removed_at=None).count() == 2
    assert [event.action for event in case.events.order_by("version")] == ["report", "add_file", "add_file"]
    case.refresh_from_db()
    assert present(case) == replayed(case)


def test_the_same_photo_again_is_known_and_nothing_is_added(worker):
    case, key = make_dispute(worker, photos=2), new_key()
    receive(worker, case, RED, key)
    promise, new = receive(worker, case, RED, key)

    assert (new, promise.received) == (False, 1)
    assert case.events.filter(action="add_file").count() == Attachment.objects.count() == 1


def test_the_same_photo_again_is_known_when_all_have_come_and_whatever_the_body_holds_now(worker):
    case, key = make_dispute(worker, photos=1), new_key()
    receive(worker, case, RED, key)

    promise, new = receive(worker, case, b"", key)
    assert (new, promise.complete) == (False, True)


def test_a_photo_that_was_removed_is_known_and_not_put_back(worker, django_capture_on_commit_callbacks):
    case, key = make_dispute(worker, photos=1), new_key()
    receive(worker, case, RED, key)
    with django_capture_on_commit_callbacks(execute=True):
        remove_attachment(
            user=worker, dispute_id=case.pk, file_id=Attachment.objects.get().pk, reason="拍错了"
        )

    promise, new = receive(worker, case, RED, key)
    assert (new, promise.complete) == (False, True)
    assert not case.attachments.filter(removed_at=None).exists()


def test_one_picture_under_two_keys_is_one_file_and_counts_twice(worker):
    case = make_dispute(worker, photos=2)
    receive(worker, case, RED)
    promise, new = receive(worker, case, RED)

    assert (new, promise.complete) == (True, True)
    assert Attachment.objects.count() == case.events.filter(action="add_file").count() == 1
    assert ReceivedPhoto.objects.count() == 2


def test_a_promised_photo_that_the_case_has_already_counts_as_come(worker):
    case = make_dispute(worker, photos=1)
    add_attachment(user=worker, dispute_id=case.pk, file=io.BytesIO(RED))

    assert receive(worker, case, RED)[0].complete
    assert Attachment.objects.count() == 1


def test_no_more_photos_are_taken_than_were_promised(worker):
    case = make_dispute(worker, photos=1)
    receive(worker, case, RED)

    with pytest.raises(PhotosComplete):
        receive(worker, case, BLUE)
    with pytest.raises(PhotosComplete):
        receive(worker, make_dispute(worker), BLUE)
    assert Attachment.objects.count() == 1


def test_where_and_when_a_photo_was_taken_is_not_kept(worker):
    case = make_dispute(worker, photos=1)
    sent = photo_with_metadata()
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825), "the photo that is sent has a position"
    receive(worker, case, sent)

    _, file = open_attachment(user=worker, dispute_id=case.pk, file_id=Attachment.objects.get().pk)
    with file:
        kept = file.read()
    assert not Image.open(io.BytesIO(kept)).getexif()
    assert b"Secret" not in kept
    assert b"Exif" not in kept


@pytest.mark.parametrize(
    "actions",
    [
        [Action.ACCEPT],
        [Action.ESCALATE],
        [Action.SUSPEND],
        [Action.TRANSFER],
        [Action.VOID],
        [Action.ACCEPT, Action.BEGIN_MEDIATION, Action.FAIL, Action.CLOSE],
    ],
    ids=lambda actions: actions[-1].value,
)
def test_a_promised_photo_is_taken_whatever_became_of_the_case(worker, actions):
    case = make_dispute(worker, photos=1)
    act(worker, case, *actions)

    promise, new = receive(worker, case, RED)
    assert (new, promise.complete) == (True, True)
    case.refresh_from_db()
    assert case.attachments.count() == 1
    assert present(case) == replayed(case)


def test_a_promised_photo_is_taken_though_its_sender_is_on_duty_elsewhere_by_now(worker):
    case = make_dispute(worker, photos=1)
    Duty.objects.filter(user=worker).delete()

    assert receive(worker, case, RED)[1]


def test_whoever_promised_nothing_is_told_so_and_a_stranger_finds_no_case(staff):
    case = make_dispute(staff["worker"], photos=1)
    stranger = make_user("stranger", Role.GRID_WORKER, UNITS[4])

    for name in ("mediator", "street", "district"):
        with pytest.raises(PhotosComplete):
            receive(staff[name], case)
    for user in (stranger, staff["planner"], staff["administrator"]):
        with pytest.raises(DisputeNotFound):
            receive(user, case)
    assert photos_owed(case).all == 1


def test_one_key_belongs_to_one_case(worker):
    first, second, key = make_dispute(worker, photos=1), make_dispute(worker, photos=1), new_key()
    receive(worker, first, RED, key)

    with pytest.raises(PhotoKeyReused) as refused:
        receive(worker, second, RED, key)
    assert refused.value.facts["case_number"] == first.case_number
    assert photos_owed(second).all == 1


def test_two_people_may_use_the_same_key(staff):
    key = new_key()
    for name in ("worker", "street"):
        assert receive(staff[name], make_dispute(staff[name], photos=1), RED, key)[1]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", AttachmentTypeRefused),
        (b"<html></html>", AttachmentTypeRefused),
        (PDF_FILE, AttachmentTypeRefused),
        (b"\x00\x00\x00\x18ftypheic", AttachmentHeic),
        (RED[:-200], AttachmentDamaged),
    ],
    ids=["nothing", "a page", "a paper", "heic", "cut short"],
)
def test_what_is_no_whole_photo_is_refused_and_stays_owed(worker, files_dir, content, error):
    case, key = make_dispute(worker, photos=1), new_key()
    with pytest.raises(error):
        receive(worker, case, content, key)

    assert photos_owed(case).all == 1
    assert not [path for path in files_dir.rglob("*") if path.is_file()]
    assert receive(worker, case, RED, key)[1], "the key is free for the photo itself"


def test_what_is_added_has_photos_of_its_own_and_the_oldest_promise_is_kept_first(staff):
    case = make_dispute(staff["worker"], photos=1)
    add_supplement(user=staff["worker"], dispute_id=case.pk, key=new_key(), text="又吵了一次", photos=1)
    add_supplement(user=staff["street"], dispute_id=case.pk, key=new_key(), text="去看过了", photos=2)
    owed = photos_owed(case)
    assert (owed.report, owed.supplements, owed.all) == (1, 3, 4)

    promise, _ = receive(staff["worker"], case, RED)
    assert (promise.supplement, promise.complete) == (None, True)
    promise, _ = receive(staff["street"], case, RED)
    assert (promise.supplement.added_by, promise.received, promise.complete) == (staff["street"], 1, False)
    promise, _ = receive(staff["worker"], case, BLUE)
    assert (promise.supplement.added_by, promise.complete) == (staff["worker"], True)
    owed = photos_owed(case)
    assert (owed.report, owed.supplements) == (0, 1)
    with pytest.raises(PhotosComplete):
        receive(staff["worker"], case, picture_file(colour="#00ff00"))


def test_photos_that_were_promised_have_their_room_in_a_case_that_is_full(worker, settings):
    settings.GRIDGOV_FILES_PER_CASE = 2
    case = make_dispute(worker, photos=1)
    add_attachment(user=worker, dispute_id=case.pk, file=io.BytesIO(PDF_FILE))

    with pytest.raises(AttachmentsFull):
        add_attachment(user=worker, dispute_id=case.pk, file=io.BytesIO(BLUE))
    with pytest.raises(AttachmentsFull):
        add_supplement(user=worker, dispute_id=case.pk, key=new_key(), text="还有", photos=1)
    assert receive(worker, case, RED)[0].complete
    assert add_supplement(user=worker, dispute_id=case.pk, key=new_key(), text="没有照片")[1]


def test_sixty_four_sendings_of_one_photo_are_one_photo(several_connections, files_dir):
    make_territory()
    worker = make_staff()["worker"]
    case, key = make_dispute(worker, photos=2), new_key()

    results = at_once(*[partial(receive, worker, case, RED, key)] * 64)

    assert sorted(new for _, new in results) == [False] * 63 + [True]
    assert {promise.received for promise, _ in results} == {1}
    assert Attachment.objects.count() == ReceivedPhoto.objects.count() == 1
    assert case.events.filter(action="add_file").count() == 1
    assert [path for path in files_dir.rglob("*") if path.is_file()] == [
        storage.path_of(Attachment.objects.get().pk)
    ]


def test_two_photos_at_once_where_one_is_owed_are_one_and_a_refusal(several_connections):
    make_territory()
    worker = make_staff()["worker"]
    case = make_dispute(worker, photos=1)

    def send(content):
        try:
            return receive(worker, case, content)[1]
        except PhotosComplete:
            return None

    assert sorted(map(str, at_once(*[partial(send, content) for content in (RED, BLUE)]))) == ["None", "True"]
    assert Attachment.objects.count() == ReceivedPhoto.objects.count() == 1


def test_one_photo_sent_to_two_cases_at_once_is_taken_by_one(several_connections):
    make_territory()
    worker = make_staff()["worker"]
    cases, key = [make_dispute(worker, photos=1) for _ in range(2)], new_key()

    def send(case):
        try:
            return receive(worker, case, RED, key)[1]
        except PhotoKeyReused:
            return None

    assert sorted(map(str, at_once(*[partial(send, case) for case in cases]))) == ["None", "True"]
