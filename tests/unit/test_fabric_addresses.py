"""Known addresses of the schematic Haizhu."""

from collections import Counter

import pytest
import shapely

from fixtures.haizhu.addresses import ADDRESSES_PER_UNIT, lay_addresses
from grids.addresses import normalize_address


@pytest.fixture(scope="module")
def addresses(fabric):
    return lay_addresses(fabric)


def test_every_unit_has_its_addresses_strictly_inside(fabric, addresses):
    units = {unit.code: unit.geometry for unit in fabric.units}
    assert Counter(address.unit_code for address in addresses) == dict.fromkeys(units, ADDRESSES_PER_UNIT)
    holders = [units[address.unit_code] for address in addresses]
    points = shapely.points([(address.lon, address.lat) for address in addresses])
    assert shapely.contains_properly(holders, points).all()


def test_no_two_addresses_are_spelt_alike(addresses):
    assert len({normalize_address(address.text) for address in addresses}) == len(addresses)


def test_roads_of_namesake_communities_carry_their_street(addresses):
    texts = {address.text for address in addresses}
    assert any(text.startswith("江南中聚龙路") for text in texts)
    assert any(text.startswith("南华西聚龙路") for text in texts)
    assert not any(text.startswith("聚龙") for text in texts)


def test_the_same_seed_lays_the_same_addresses(fabric, addresses):
    assert lay_addresses(fabric) == addresses
    assert lay_addresses(fabric, seed=1) != addresses
