"""What an installation may set, and what is said when it is set wrongly."""

import ast
import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from gridgov.settings.database import database_from_url
from gridgov.settings.secret import local_secret_key
from gridgov.settings.tiles import back_office_tiles, tile_sources

PROJECT = Path(__file__).resolve().parents[2]
ROOMS = ("gridgov", "grids", "incidents", "maps", "fixtures")
VARIABLE = re.compile(r"^\| `(GRIDGOV_\w+)` \| (\w+) \|", re.MULTILINE)


def documented() -> dict[str, str]:
    """Variable -> type, from the tables of docs/settings.md."""
    return dict(VARIABLE.findall((PROJECT / "docs" / "settings.md").read_text()))


def variables_read() -> dict[str, str]:
    """Variable -> type, from every `env.<type>("GRIDGOV_…")` and `environ.get("GRIDGOV_…")` in the code."""
    found = {}
    for room in ROOMS:
        for path in (PROJECT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                found.update(variable_of(node))
    return found


def variable_of(node: ast.AST) -> dict[str, str]:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name("env"), attr=kind), args=[ast.Constant(name), *_]):
            found = (name, kind)
        case ast.Call(func=ast.Attribute(attr="get" | "getenv"), args=[ast.Constant(str(name)), *_]):
            found = (name, "str")
        case ast.Subscript(value=ast.Attribute(attr="environ"), slice=ast.Constant(name)):
            found = (name, "str")
        case _:
            return {}
    return dict([found]) if found[0].startswith("GRIDGOV_") else {}


def test_every_variable_that_the_code_reads_is_documented_with_its_type_and_no_other():
    assert documented() == variables_read()


def test_the_scan_sees_all_ways_of_reading_a_variable():
    code = """
env.int("GRIDGOV_A", 1); os.environ.get("GRIDGOV_B"); os.environ["GRIDGOV_C"]; os.getenv("GRIDGOV_D")
"""
    found = {}
    for node in ast.walk(ast.parse(code)):
        found.update(variable_of(node))

    assert found == {"GRIDGOV_A": "int", "GRIDGOV_B": "str", "GRIDGOV_C": "str", "GRIDGOV_D": "str"}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgis://u:p@db.example:6000/grid", ("u", "p", "db.example", 6000, "grid")),
        ("postgres://u:p%2Fq@db/grid", ("u", "p/q", "db", "", "grid")),
        ("postgresql://u@%2Fvar%2Frun%2Fpg:5433/grid", ("u", "", "/var/run/pg", 5433, "grid")),
    ],
)
def test_a_database_url_is_read(url, expected):
    config = database_from_url(url)

    assert tuple(config[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")) == expected
    assert config["ENGINE"] == "django.contrib.gis.db.backends.postgis"


def test_what_a_database_url_sets_on_the_server_holds_over_ours():
    config = database_from_url("postgis://u@db/grid?options=-c%20plan_cache_mode%3Dauto")

    assert config["OPTIONS"]["options"].split("-c ")[1:] == [
        "plan_cache_mode=force_generic_plan ", "plan_cache_mode=auto",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:hunter2@db/grid", "postgis://u:hunter2@db", "postgis://u:hunter2@/grid", "hunter2",
        "postgis://u:hunter2/x@db/grid", "postgis://u:hunter2@db:port/grid", "postgis://u:hunter2@[db/grid",
    ],
)
def test_a_database_url_that_cannot_be_read_is_refused_without_showing_it(url):
    with pytest.raises(ImproperlyConfigured) as refusal:
        database_from_url(url)

    assert "GRIDGOV_DATABASE_URL" in str(refusal.value)
    assert "hunter2" not in str(refusal.value)
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None


@pytest.mark.parametrize(
    ("url", "sources"),
    [
        ("", []),
        ("/tiles/{z}/{x}/{y}.png", []),
        ("https://tiles.example/{z}/{x}/{y}.png", ["https://tiles.example"]),
        ("https://{s}.tiles.example:8443/{z}/{x}/{y}.png", ["https://*.tiles.example:8443"]),
        ("https://t{s}.tianditu.example/{z}", ["https://*.tianditu.example"]),
    ],
)
def test_images_are_allowed_from_the_tile_layer_and_from_nowhere_else(url, sources):
    assert tile_sources(url) == sources


def test_the_back_office_has_the_tile_layer_only_where_nothing_needs_shifting():
    url = "https://tiles.example/{z}/{x}/{y}.png"
    (layer,) = back_office_tiles(url, "© <测绘>", "wgs84")

    assert layer[1:] == (url, {"attribution": "© &lt;测绘&gt;", "maxZoom": 20})
    assert back_office_tiles(url, "", "gcj02") == back_office_tiles("", "", "wgs84") == []


def test_a_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    key = local_secret_key(tmp_path)

    assert local_secret_key(tmp_path) == key
    assert len(key) >= 50
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0
