"""Codes of parties: given, tried, revoked, and one rating for each."""

from datetime import timedelta

import pytest

from incidents.errors import (
    FieldsInvalid,
    MeasureNotYours,
    PartyCodeUnknown,
    RatedAlready,
    RatingTooEarly,
    TooManyCodes,
)
from incidents.models import CodeTries, PartyCode
from incidents.party_code_text import ALPHABET
from incidents.services.code_tries import check_try, count_try
from incidents.services.party_codes import find_party_code, give_party_code, rate_case, revoke_party_code
from incidents.workflow import Action as A
from tests.factories.disputes import NOW, act, make_dispute
from tests.factories.people import make_staff
from tests.factories.replay import present, replayed
from tests.factories.territory import make_territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    make_territory()
    return make_staff()


@pytest.fixture
def worker(staff):
    return staff["worker"]


@pytest.fixture
def dispute(worker):
    return make_dispute(worker)


@pytest.fixture
def given(worker, dispute) -> tuple[PartyCode, str]:
    return give_party_code(user=worker, dispute_id=dispute.pk, now=NOW)


def test_a_code_is_twelve_characters_in_fours_and_only_its_digest_is_kept(dispute, given):
    code, text = given
    parts = text.split("-")
    assert [len(part) for part in parts] == [4, 4, 4]
    assert set("".join(parts)) <= set(ALPHABET)
    row = PartyCode.objects.values().get()
    assert not [value for value in row.values() if "".join(parts) in str(value) or text in str(value)]
    assert find_party_code(text) == code
    dispute.refresh_from_db()
    assert replayed(dispute) == present(dispute)


def test_a_code_is_read_however_it_is_typed(given):
    code, text = given
    wide = "".join(chr(ord(c) + 0xFEE0) for c in text.replace("-", ""))
    for typed in (text.lower(), text.replace("-", " "), f" {text} ", text.replace("-", "—"), wide):
        assert find_party_code(typed) == code


@pytest.mark.parametrize("typed", ["", "2345-6789-ABCD", "hello", "\0", "2345-6789-ABC0", "A" * 5000])
def test_a_wrong_code_finds_nothing(given, typed):
    with pytest.raises(PartyCodeUnknown):
        find_party_code(typed)


def test_a_revoked_code_is_as_unknown_as_a_wrong_one(worker, dispute, given):
    code, text = given
    revoke_party_code(user=worker, dispute_id=dispute.pk, code_id=code.pk, now=NOW)
    with pytest.raises(PartyCodeUnknown):
        find_party_code(text)
    with pytest.raises(PartyCodeUnknown):
        rate_case(code_id=code.pk, stars=5)
    with pytest.raises(FieldsInvalid):
        revoke_party_code(user=worker, dispute_id=dispute.pk, code_id=code.pk, now=NOW)
    assert dispute.events.latest("version").reason_code == "party_code_revoked"


def test_a_code_of_another_case_is_not_revoked_here(worker, given):
    other = make_dispute(worker)
    with pytest.raises(FieldsInvalid):
        revoke_party_code(user=worker, dispute_id=other.pk, code_id=given[0].pk)


def test_only_who_answers_for_the_case_gives_codes(staff, dispute):
    for name in ("mediator", "street", "district"):
        with pytest.raises(MeasureNotYours):
            give_party_code(user=staff[name], dispute_id=dispute.pk)


def test_a_case_is_rated_once_by_each_code_and_only_when_it_ended(worker, dispute, given):
    code, _ = given
    with pytest.raises(RatingTooEarly):
        rate_case(code_id=code.pk, stars=4)
    act(worker, dispute, A.ACCEPT, A.BEGIN_MEDIATION, A.RECORD_AGREEMENT, A.CLOSE)
    with pytest.raises(FieldsInvalid):
        rate_case(code_id=code.pk, stars=6)
    assert rate_case(code_id=code.pk, stars=4).stars == 4
    with pytest.raises(RatedAlready):
        rate_case(code_id=code.pk, stars=1)
    other, _ = give_party_code(user=worker, dispute_id=dispute.pk)
    rate_case(code_id=other.pk, stars=2)
    assert sorted(dispute.ratings.values_list("stars", flat=True)) == [2, 4]


def test_what_was_reported_by_mistake_is_not_rated(worker, dispute, given):
    act(worker, dispute, A.VOID)
    with pytest.raises(RatingTooEarly):
        rate_case(code_id=given[0].pk, stars=5)


def test_tries_are_counted_by_address_and_minute(settings):
    settings.GRIDGOV_CASE_CODE_TRIES = 3
    for _ in range(3):
        check_try(client="192.0.2.7", now=NOW)
    with pytest.raises(TooManyCodes):
        check_try(client="192.0.2.7", now=NOW)
    check_try(client="192.0.2.8", now=NOW)
    check_try(client="192.0.2.7", now=NOW + timedelta(minutes=1))
    assert not [row for row in CodeTries.objects.all() if "192.0.2" in row.client]


def test_old_counts_are_forgotten():
    count_try(client="192.0.2.7", now=NOW)
    count_try(client="192.0.2.8", now=NOW + timedelta(hours=2))
    assert CodeTries.objects.count() == 1
