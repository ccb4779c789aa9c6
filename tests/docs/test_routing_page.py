"""docs/routing.md gives every point that the rule counts."""

import re
from dataclasses import asdict
from pathlib import Path

from incidents.network_codes import CHANNELS
from incidents.routing import METRES_PER_POINT, POINTS, SHORTEST_PART

PAGE = (Path(__file__).parents[2] / "docs" / "routing.md").read_text()
ROWS = re.findall(r"^\| [^|]+ \| `(\w+)` \| (-?\d+) \|$", PAGE, re.MULTILINE)


def test_the_table_is_that_of_the_rule():
    assert {name: int(points) for name, points in ROWS} == asdict(POINTS)


def test_the_sentences_beside_it_are_true():
    farthest_km = POINTS.distance * METRES_PER_POINT / 1000
    assert f"每远 {METRES_PER_POINT} 米少 1 分,{farthest_km:.0f} 公里以外为 0" in PAGE
    assert SHORTEST_PART == 4 and "至少四个字" in PAGE
    assert len(CHANNELS) == 6
