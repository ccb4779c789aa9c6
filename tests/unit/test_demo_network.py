"""The demonstration's network: 378 bodies, in every community one, and nobody who is a person."""

import re
from collections import Counter

import pytest
import shapely

from fixtures.haizhu.network import BODIES, build_network
from fixtures.haizhu.people import fill_posts
from incidents import network_codes as tables
from incidents.codes import CATEGORIES, CATEGORY_GROUPS
from incidents.network.cells import read_code
from incidents.opening_hours import parse_hours, write_hours

NAMED_SITES = ["赤岗红房子", "瑞宝蜂巢党建", "江南中楼宇党支部", "凤阳党员先锋岗", "琶洲商事调解室"]


@pytest.fixture(scope="module")
def network(fabric):
    return build_network(fabric, fill_posts(fabric))


def test_there_are_378_bodies_of_every_form_with_codes_of_their_own(network):
    assert len(network.bodies) == BODIES == 378
    assert Counter(body.form for body in network.bodies) == {
        "centre": 19, "committee": 272, "judicial_office": 18, "police_station": 18, "desk": 15,
        "industry_body": 12, "post": 12, "law_firm": 10, "notary_office": 2,
    }  # fmt: skip
    codes = [body.code for body in network.bodies]
    assert len(set(codes)) == len(codes) and all(read_code(code) == code for code in codes)


def test_every_community_has_its_committee_and_every_street_its_forces(network, fabric):
    def areas(form):
        return sorted(body.area_code for body in network.bodies if body.form == form)

    streets = [street.code for street in fabric.streets]
    assert areas("committee") == [community.code for community in fabric.communities]
    assert areas("judicial_office") == areas("police_station") == streets
    assert areas("centre") == [fabric.district[0].code, *streets]


def test_named_sites_all_kinds_and_all_channels_are_there(network):
    names = " ".join(body.name for body in network.bodies)
    assert all(site in names for site in NAMED_SITES)
    assert {body.kind for body in network.bodies} == set(tables.KINDS)
    assert {body.body_type for body in network.bodies} == set(tables.BODY_TYPES)
    assert {channel for body in network.bodies for channel in body.channels} == set(tables.CHANNELS)


def test_every_body_lies_in_its_area_and_takes_what_exists_at_hours_that_exist(network, fabric):
    shapes = {area.code: area.geometry for area in fabric.areas}
    known = CATEGORY_GROUPS.keys() | CATEGORIES.keys()
    for body in network.bodies:
        assert shapely.contains_xy(shapes[body.area_code], body.lon, body.lat), body.name
        assert set(body.categories) <= known and list(body.categories) == sorted(body.categories)
        assert parse_hours(write_hours(body.opening_hours)) == [*body.opening_hours] != []
        assert body.capacity is None or body.capacity > 0


def test_mediators_are_about_a_thousand_of_every_background_and_nobody_real(network):
    assert 900 <= len(network.mediators) <= 1200
    backgrounds = {mediator.background for mediator in network.mediators}
    assert set(tables.BACKGROUNDS) - backgrounds <= {"other"}
    for mediator in network.mediators:
        assert mediator.username or re.fullmatch(r".调解员\d{4}", mediator.name)
        assert set(mediator.languages) <= set(tables.LANGUAGES)
        assert len({topic for _, topic, _ in mediator.trainings}) == len(mediator.trainings)
    cantonese = sum("cantonese" in mediator.languages for mediator in network.mediators)
    assert 0.7 < cantonese / len(network.mediators) < 0.95


def test_those_with_an_account_mediate_in_the_body_of_their_area(network, fabric):
    areas = {body.code: body.area_code for body in network.bodies}
    posts = {post.username: post.area_codes[0] for post in fill_posts(fabric)}
    linked = {one.username: areas[one.body_code] for one in network.mediators if one.username}
    assert len(linked) == 272 + 18 + 2
    assert all(posts[username] == area for username, area in linked.items())


def test_the_same_seed_gives_the_same_network(network, fabric):
    posts = fill_posts(fabric)
    assert build_network(fabric, posts) == network
    assert build_network(fabric, posts, seed=11) != network
