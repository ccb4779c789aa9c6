"""What counts as similar, and that a phone without a network goes by the same numbers."""

import re

from incidents import report, similar
from tests.conftest import ROOT

SCRIPTS = ROOT / "incidents" / "static" / "incidents" / "reporting"


def constants_of(script: str) -> dict[str, int]:
    found = re.findall(r"^const ([A-Z_]+) = (\d+);", (SCRIPTS / script).read_text("utf-8"), re.MULTILINE)
    return {name: int(value) for name, value in found}


def test_the_phone_looks_as_far_and_as_long_back_as_the_server():
    there = constants_of("similar.js")
    for name in ("SIMILAR_M", "SIMILAR_DAYS", "MOST_SIMILAR"):
        assert there[name] == getattr(similar, name), name


def test_the_phone_takes_as_many_photos_as_the_server():
    assert constants_of("photo_view.js")["MOST_PHOTOS"] == report.MOST_PHOTOS


def test_categories_are_of_one_kind_by_their_group():
    assert similar.same_kind("0201", "0203")
    assert not similar.same_kind("0201", "0402")
    assert similar.category_group("0703") == "07"
