"""The screen's grid: zooms, cells, boxes; circles that would overlap; the scale of heat."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maps.clusters import merge_near
from maps.heat import LEAST_FULL, NEIGHBOURS, full_count
from maps.screen import HEAT_PX, HEAT_SIDES_M, Box, Screen, from_web, snap_outward, to_web

HAIZHU = Box(113.23, 23.04, 113.42, 23.12)


@given(st.floats(-179, 179), st.floats(-84, 84))
def test_degrees_to_web_and_back_is_the_same_place(lon, lat):
    back = from_web(*to_web(lon, lat))
    assert back == pytest.approx((lon, lat), abs=1e-9)


def test_the_poles_do_not_break_the_projection():
    assert math.isfinite(to_web(0, 90)[1]) and math.isfinite(to_web(0, -90)[1])


def test_a_pixel_halves_with_every_zoom():
    assert Screen(HAIZHU, 0).metre_per_pixel_web == pytest.approx(156543.034, abs=1e-3)
    assert Screen(HAIZHU, 15).metre_per_pixel_web == pytest.approx(2 * Screen(HAIZHU, 16).metre_per_pixel_web)


def test_a_box_that_no_screen_shows_does_not_fit():
    assert Screen(HAIZHU, 14).fits
    assert not Screen(HAIZHU, 18).fits
    assert not Screen(Box(-180, -90, 180, 90), 6).fits


@given(st.floats(-1e6, 1e6), st.floats(0, 1e5), st.floats(0.1, 1e4))
def test_a_snapped_box_holds_the_box_and_ends_on_cells(start, length, side):
    box = Box(start, start, start + length, start + length)
    snapped = snap_outward(box, side)
    assert snapped.west <= box.west + 1e-6 and snapped.east >= box.east - 1e-6
    assert snapped.west / side == pytest.approx(round(snapped.west / side), abs=1e-6)


def test_heat_squares_are_the_smallest_of_the_ladder_that_cover_their_pixels():
    for zoom in range(10, 20):
        screen = Screen(HAIZHU, zoom)
        pixel_m = screen.metre_per_pixel_web * math.cos(math.radians(23.08))
        assert screen.heat_side_m >= HEAT_PX * pixel_m or screen.heat_side_m == HEAT_SIDES_M[-1]
        assert screen.heat_side_m < 2 * HEAT_PX * pixel_m or screen.heat_side_m == HEAT_SIDES_M[0]


def test_a_screen_showing_a_box_is_as_wide_as_asked_at_most():
    screen = Screen.showing(HAIZHU, 900)
    width = (screen.web_box.east - screen.web_box.west) / screen.metre_per_pixel_web
    assert 450 < width <= 900


def test_a_box_without_size_is_shown_at_the_largest_zoom():
    assert Screen.showing(Box(113.3, 23.1, 113.3, 23.1), 900).zoom == 22


def test_near_circles_join_the_larger_one_and_far_ones_stay():
    places = np.array([[0.0, 0], [8, 0], [16, 0], [100, 0]])
    counts = np.array([1, 9, 3, 2])
    assert merge_near(places, counts, 10).tolist() == [1, 1, 1, 3]


def test_a_circle_that_joined_takes_no_other_with_it():
    places = np.array([[0.0, 0], [9, 0], [18, 0]])
    counts = np.array([5, 4, 3])
    assert merge_near(places, counts, 10).tolist() == [0, 0, 2]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(1, 9)), max_size=40))
def test_circles_that_are_left_are_apart_and_nobody_is_lost(cells):
    places = np.array([cell[:2] for cell in cells], dtype=float).reshape(-1, 2)
    counts = np.array([cell[2] for cell in cells], dtype=int)
    joins = merge_near(places, counts, 7)
    kept = np.unique(joins)
    assert (joins[kept] == kept).all()
    for index in kept:
        others = kept[kept != index]
        assert (np.hypot(*(places[others] - places[index]).T) >= 7).all()


def test_a_few_disputes_are_never_drawn_as_the_hottest():
    assert full_count(np.array([])) == full_count(np.array([1, 1, 1])) == NEIGHBOURS * LEAST_FULL


def test_the_hottest_hundredth_of_the_squares_has_the_last_colour():
    assert full_count(np.arange(1, 1001)) == pytest.approx(NEIGHBOURS * 990, rel=0.01)
