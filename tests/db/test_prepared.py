"""What is asked and written with prepared statements is what Django's own would ask and write."""

import pytest

from grids.duties import duties_held
from grids.models import Duty
from grids.prepared import insert
from grids.roles import CASE_ROLES
from incidents.measures import Measure
from incidents.models import Dispute, DisputeEvent, Party
from tests.factories.disputes import make_dispute
from tests.factories.people import make_staff
from tests.factories.territory import make_territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    make_territory()
    return make_staff()


def test_rows_written_together_get_their_keys_and_read_back_as_they_were(staff):
    dispute = make_dispute(staff["worker"])
    parties = [Party(dispute=dispute, name=name, phone="138", role="申请人") for name in ("甲", "乙")]
    insert(parties)
    assert list(dispute.parties.all()) == parties
    assert [party.name for party in dispute.parties.all()] == ["甲", "乙"]
    insert([])


def test_rows_of_several_models_written_together_each_get_their_own_key(staff):
    dispute = make_dispute(staff["worker"])
    names = [f"{n}号" for n in range(12)]
    parties = [Party(dispute=dispute, name=name) for name in names]
    later = DisputeEvent(
        dispute=dispute, version=2, action=Measure.URGE, to_state=dispute.state, to_level=dispute.level,
        area_id=dispute.responsible_area_id,
    )  # fmt: skip
    insert([*parties, later])
    assert [dispute.parties.get(pk=party.pk).name for party in parties] == names
    assert dispute.events.get(version=2) == later


def test_a_dispute_just_written_is_what_the_database_holds(staff):
    dispute = make_dispute(staff["worker"])
    held = Dispute.objects.get(pk=dispute.pk)
    for field in Dispute._meta.concrete_fields:
        if not field.generated:
            assert getattr(held, field.attname) == getattr(dispute, field.attname), field.name


def test_duties_held_are_those_that_the_table_says(staff):
    Duty.objects.filter(user=staff["street"]).update(valid_to="2021-01-01")
    staff["mediator"].is_active = False
    for user in staff.values():
        said = Duty.objects.held_by(user, CASE_ROLES).values_list("role", "area_id")
        assert sorted(duties_held(user, CASE_ROLES)) == sorted(said)
