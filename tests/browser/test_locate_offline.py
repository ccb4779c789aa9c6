"""The phone meets the table that the server meets too (tests/db/test_locate_shared.py), and never guesses."""

import subprocess

import numpy as np
import pytest
import shapely

from fixtures.haizhu.fabric import Fabric
from tests.conftest import ROOT
from tests.locate_cases import (
    CERTAIN_SHARE,
    SMALL_TERRITORY,
    Case,
    Oracle,
    difference,
    haizhu_cases,
    oracle_of,
    random_places,
    small_cases,
    to_metres,
)

pytestmark = pytest.mark.browser
STATIC = ROOT / "incidents" / "static" / "incidents" / "reporting"
DATUM = ROOT / "grids" / "static" / "grids" / "datum.js"
COVERED_M = 300
ASK = """({ reference, places }) => places.map(([lon, lat, accuracyM, datum]) =>
    where.locateUnits(reference, { lonLat: where.toWgs84([lon, lat], datum), accuracyM }))"""


@pytest.fixture(scope="module")
def locate(browser, tmp_path_factory):
    """`locate(reference, places)`: what the phone's code answers in a real browser, None where it cannot."""
    entry = f'export * from "{STATIC}/locate_units.js"; export {{ toWgs84 }} from "{DATUM}";'
    script = tmp_path_factory.mktemp("where") / "where.js"
    esbuild = [ROOT / "node_modules" / ".bin" / "esbuild", "--bundle", "--format=iife", "--global-name=where"]
    options = [f"--outfile={script}", "--log-level=error"]
    subprocess.run([*esbuild, *options], input=entry, text=True, check=True, cwd=ROOT)
    page = browser.new_page()
    page.add_script_tag(path=script)
    yield lambda reference, places: page.evaluate(ASK, {"reference": reference, "places": places})
    page.close()


def reference_of(units: dict[str, shapely.Geometry], homes: tuple[str, ...]) -> dict:
    """As reporting/reference gives it to somebody on duty in `homes` (codes of communities)."""
    codes = sorted(units)
    metres = to_metres(np.array([units[code] for code in codes]))
    base = shapely.union_all([shape for code, shape in zip(codes, metres, strict=True) if _in(code, homes)])
    near = shapely.distance(metres, base) <= COVERED_M
    return {
        "certain_share": CERTAIN_SHARE,
        "covered_m": COVERED_M,
        "units": [_unit(code, units[code], homes) for code, here in zip(codes, near, strict=True) if here],
    }


def _in(code: str, homes: tuple[str, ...]) -> bool:
    return code.startswith(homes)


def _unit(code: str, shape: shapely.Geometry, homes: tuple[str, ...]) -> dict:
    community, street = ({"code": code[:length], "name": code[:length]} for length in (12, 9))
    geometry = shapely.geometry.mapping(shape)
    above = {"community": community, "street": street, "schematic": True}
    return {"code": code, "name": code, "own": _in(code, homes), **above, "geometry": geometry}


def plain(answer: dict) -> dict:
    """An answer in the form of the table."""
    if answer.get("outside"):
        return answer
    candidates = [(each["code"], each["share"]) for each in answer["candidates"]]
    return {**answer, "grid_unit": answer["grid_unit"]["code"], "candidates": candidates}


def differences(locate, reference: dict, cases: list[Case]) -> list[str]:
    """Of what is answered; what is not is None."""
    places = [(case.lon, case.lat, case.accuracy_m, case.datum) for case in cases]
    found = zip(cases, locate(reference, places), strict=True)
    return [
        text
        for case, answer in found
        if (text := difference(case, plain(answer)) if answer else f"{case}: none")
    ]


def haizhu_units(fabric: Fabric) -> dict[str, shapely.Geometry]:
    return {unit.code: unit.geometry for unit in fabric.units}


def test_the_phone_finds_the_shared_cases_of_haizhu(locate, fabric):
    cases = haizhu_cases(fabric)
    # Nearer than the district is wide: far outside, what is here may not be all that is near.
    reference = reference_of(haizhu_units(fabric), ("440105",)) | {"covered_m": 50_000}
    assert differences(locate, reference, cases) == []


def test_the_phone_finds_the_shared_cases_with_a_hole_and_with_two_parts(locate):
    reference = reference_of(SMALL_TERRITORY, ("440105",)) | {"covered_m": 50_000}
    assert differences(locate, reference, small_cases()) == []


def community_at_the_rim(fabric: Fabric) -> str:
    """One with some of the district's edge and some neighbours."""
    rim = fabric.district[0].geometry.boundary
    return next(each.code for each in fabric.communities if each.geometry.boundary.intersects(rim))


def places_around(fabric: Fabric, home: str, oracle: Oracle, count: int) -> list[Case]:
    """Within some 700 m of a community, with and without circles, in and outside the district."""
    rng = np.random.default_rng(4)
    shape = next(each.geometry for each in fabric.communities if each.code == home)
    west, south, east, north = shape.buffer(0.007).bounds
    points = rng.uniform((west, south), (east, north), (count, 2)).tolist()
    radii = [accuracy_m for _, _, accuracy_m in random_places(fabric, rng, count)]
    return [
        Case("around", lon, lat, accuracy_m, "wgs84", oracle.answer(lon, lat, accuracy_m))
        for (lon, lat), accuracy_m in zip(points, radii, strict=True)
    ]


def test_with_one_communitys_polygons_the_phone_answers_rightly_or_not_at_all(locate, fabric):
    home, oracle = community_at_the_rim(fabric), oracle_of(fabric.units)
    reference = reference_of(haizhu_units(fabric), (home,))
    cases = places_around(fabric, home, oracle, 600)
    answers = locate(reference, [(case.lon, case.lat, case.accuracy_m, case.datum) for case in cases])
    wrong = []
    for case, answer in zip(cases, answers, strict=True):
        if not answer:
            continue
        if answer.get("outside") and answer["nearest"] is None:
            assert case.expected.get("outside"), case
        elif text := difference(case, plain(answer)):
            wrong.append(text)
    assert wrong == []
    kinds = [answer and bool(answer.get("outside")) for answer in answers]
    assert all(kinds.count(kind) > 30 for kind in (None, True, False)), [
        kinds.count(k) for k in (None, True, False)
    ]


def test_within_the_workers_own_community_the_phone_always_answers(locate, fabric):
    home, oracle = community_at_the_rim(fabric), oracle_of(fabric.units)
    reference = reference_of(haizhu_units(fabric), (home,))
    own = [unit.geometry.representative_point() for unit in fabric.units if unit.code.startswith(home)]
    places = [(point.x, point.y, accuracy_m, "wgs84") for point in own for accuracy_m in (None, 5, 80, 290)]
    for (lon, lat, *_), answer in zip(places, locate(reference, places), strict=True):
        assert answer["grid_unit"]["code"] == oracle.answer(lon, lat, None)["grid_unit"]
        assert answer["own"]


def test_without_any_polygons_the_phone_does_not_answer(locate):
    reference = {"certain_share": 0.9, "covered_m": 300, "units": []}
    assert locate(reference, [(113.3, 23.08, 10, "wgs84")]) == [None]
