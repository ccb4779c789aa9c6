"""The risk colour and its reason."""

import pytest

from incidents.codes import CATEGORIES, RISKS, SCALES
from incidents.risk import assess_risk


@pytest.mark.parametrize(
    ("category", "scale", "colour"),
    [
        ("0201", "03", "red"),
        ("0701", "03", "red"),
        ("0201", "02", "orange"),
        ("0101", "01", "yellow"),
        ("0201", "01", "yellow"),
        ("0902", "01", "yellow"),
        ("0402", "01", "blue"),
        ("9999", "01", "blue"),
    ],
)
def test_scale_weighs_more_than_category(category, scale, colour):
    assert assess_risk(category=category, scale=scale).colour == colour


@pytest.mark.parametrize("scale", SCALES)
def test_every_dispute_has_a_known_colour_and_a_reason_in_both_languages(scale):
    for category in CATEGORIES:
        risk = assess_risk(category=category, scale=scale)
        assert risk.colour in RISKS
        assert " / " in risk.reason
