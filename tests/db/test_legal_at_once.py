"""The legal loop and the codes of parties, written by two at the same moment."""

from collections import Counter
from datetime import timedelta

import pytest

from incidents.errors import IncidentsError
from incidents.models import Agreement, CodeTries, JudicialConfirmation, MediationRecord, Rating
from incidents.services.agreements import record_agreement
from incidents.services.code_tries import count_try
from incidents.services.confirmations import apply_confirmation
from incidents.services.mediation_records import record_mediation
from incidents.services.party_codes import give_party_code, rate_case
from incidents.workflow import Action as A
from tests.factories.disputes import NOW, act, make_dispute
from tests.factories.legal import TODAY, agreed, mediated
from tests.factories.people import make_staff
from tests.factories.replay import present, replayed
from tests.factories.territory import make_territory
from tests.factories.threads import at_once

pytestmark = pytest.mark.usefixtures("several_connections")


@pytest.fixture
def worker(several_connections):
    make_territory()
    return make_staff()["worker"]


@pytest.fixture
def dispute(worker):
    return make_dispute(worker)


def both(task) -> Counter:
    """What became of `task`, taken twice at the same moment: "done", or the code of the refusal."""

    def outcome():
        try:
            task()
        except IncidentsError as error:
            return error.code
        return "done"

    return Counter(at_once(outcome, outcome))


def test_two_who_write_down_a_mediation_get_two_numbers(worker, dispute):
    mediated(worker, dispute)
    half_hour = timedelta(minutes=30)

    def record():
        record_mediation(
            user=worker, dispute_id=dispute.pk, held_at=NOW - half_hour, place="社区", attendees="林某",
            summary="谈了。", now=NOW,
        )  # fmt: skip

    assert both(record) == {"done": 2}
    assert list(MediationRecord.objects.values_list("number", flat=True)) == [1, 2, 3]
    dispute.refresh_from_db()
    assert replayed(dispute) == present(dispute)


def test_of_two_agreements_one_is_kept(worker, dispute):
    mediated(worker, dispute)

    def agree():
        record_agreement(
            user=worker, dispute_id=dispute.pk, form="oral", reached_on=TODAY, terms="好。", now=NOW
        )

    assert both(agree) == {"done": 1, "transition_not_allowed": 1}
    assert Agreement.objects.count() == 1


def test_of_two_applications_one_is_kept(worker, dispute):
    agreed(worker, dispute)

    def apply():
        apply_confirmation(
            user=worker, dispute_id=dispute.pk, court="海珠区人民法院", applied_on=TODAY, now=NOW
        )

    assert both(apply) == {"done": 1, "transition_not_allowed": 1}
    assert JudicialConfirmation.objects.count() == 1


def test_two_hasty_taps_are_one_rating(worker, dispute):
    code, _ = give_party_code(user=worker, dispute_id=dispute.pk)
    act(worker, dispute, A.ACCEPT, A.BEGIN_MEDIATION, A.RECORD_AGREEMENT, A.CLOSE)
    assert both(lambda: rate_case(code_id=code.pk, stars=5)) == {"done": 1, "rated_already": 1}
    assert Rating.objects.count() == 1


def test_tries_at_the_same_moment_are_all_counted():
    counts = at_once(*[lambda: count_try(client="192.0.2.7", now=NOW)] * 4)
    assert sorted(counts)[-1] == 4
    assert CodeTries.objects.get().tries == 4
