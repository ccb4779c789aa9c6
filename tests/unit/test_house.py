"""The rules of the house that can be read off the imports."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ["grids", "incidents", "maps", "gridgov"]
# gridgov joins the rooms but also holds things below them all, which need no room.
PURE = [
    "grids/hierarchy.py",
    "grids/boundaries.py",
    "grids/roles.py",
    "grids/addresses.py",
    "grids/crs.py",
    "grids/errors.py",
    "grids/area_checks.py",
    "grids/area_records.py",
    "grids/shapefile_text.py",
    "grids/unit_index.py",
    "incidents/workflow.py",
    "incidents/escalation.py",
    "incidents/exchange/reading.py",
    "incidents/exchange/columns.py",
    "incidents/deadlines.py",
    "incidents/risk.py",
    "incidents/codes.py",
    "incidents/category_words.py",
    "incidents/report.py",
    "incidents/similar.py",
    "incidents/errors/roots.py",
    "incidents/errors/tables.py",
    "incidents/sheets/cells.py",
    "incidents/sheets/limits.py",
    "incidents/sheets/problems.py",
    "incidents/sheets/table.py",
    "incidents/next_steps.py",
    "incidents/state_diagram.py",
    "incidents/legal_steps.py",
    "incidents/party_code_text.py",
    "incidents/public_words.py",
    "incidents/measures.py",
    "incidents/notices/kinds.py",
    "incidents/network_codes.py",
    "incidents/network/cells.py",
    "incidents/network/columns.py",
    "incidents/network/report.py",
    "incidents/opening_hours.py",
    "incidents/policy.py",
    "incidents/policy_data.py",
    "incidents/routing.py",
    "incidents/routing_table.py",
    "incidents/holidays.py",
    "incidents/what_if.py",
    "incidents/work_table.py",
    "incidents/working_time.py",
    "incidents/results/definitions.py",
    "incidents/results/period.py",
    "incidents/publicity.py",
    "incidents/appraisal/items.py",
    "incidents/papers/blocks.py",
    "incidents/papers/facts.py",
    "incidents/papers/forms.py",
    "incidents/papers/numbering.py",
    "incidents/papers/wording.py",
    "incidents/files/sniff.py",
    "maps/classes.py",
    "maps/clusters.py",
    "maps/errors.py",
    "maps/contours.py",
    "maps/coverage.py",
    "maps/density.py",
    "maps/emerging.py",
    "maps/heat.py",
    "maps/hexagons.py",
    "maps/masking.py",
    "maps/near_pairs.py",
    "maps/near_repeat.py",
    "maps/hotspots.py",
    "maps/neighbours.py",
    "maps/palette.py",
    "maps/repeat_places.py",
    "maps/scan.py",
    "maps/scan_circles.py",
    "maps/scan_kernels.py",
    "maps/scan_models.py",
    "maps/screen.py",
    "maps/warning_rules.py",
    # The generator of the demonstration, whole.
    *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "fixtures" / "haizhu").glob("[!_]*.py")),
]
PURE_IMPORTS = {
    "bisect",
    "calendar",
    # Holidays as tables in Python.
    "chinese_calendar",
    "codecs",
    "collections",
    # Threads for kernels that let go of the interpreter.
    "concurrent.futures",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "functools",
    "hashlib",
    # Tables that are part of the code, in files of their own.
    "importlib.resources",
    "itertools",
    "json",
    "math",
    # With a seed that is given.
    "random",
    "operator",
    "os.path",
    "re",
    "typing",
    "unicodedata",
    "scipy",
    "numba",
    "numpy",
    "shapely",
    "uuid",
}


def imported_modules(path: Path) -> set[str]:
    """Names of the modules that `path` imports, at any depth of the file."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names |= {_module_of(node.module, alias.name) for alias in node.names}
    return names


def _module_of(module: str, name: str) -> str:
    """What `from module import name` reads: the module `name` in a package of ours, else `module`."""
    inner = f"{module}.{name}"
    return inner if (ROOT / inner.replace(".", "/")).with_suffix(".py").exists() else module


def room_modules(room: str) -> list[Path]:
    return [path for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]


@pytest.mark.parametrize("room", ROOMS)
def test_imports_between_rooms_run_one_way(room):
    above = set(ROOMS[ROOMS.index(room) + 1 :]) | {"fixtures", "tests"}
    if room == "gridgov":
        above -= {"fixtures"}
    for path in room_modules(room):
        wrong = {name for name in imported_modules(path) if name.split(".")[0] in above}
        assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"


@pytest.mark.parametrize("name", PURE)
def test_pure_modules_import_no_django_and_do_no_input_or_output(name):
    path = ROOT / name
    ours = {other.removesuffix(".py").replace("/", ".") for other in PURE}
    for module in imported_modules(path):
        assert module in ours or any(
            module == allowed or module.startswith(f"{allowed}.") for allowed in PURE_IMPORTS
        ), f"{name} imports {module}"
    calls = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not calls & {"open", "print", "input"}


def test_every_module_that_calls_itself_pure_is_held_to_it():
    rooms = [*ROOMS, "fixtures"]
    paths = [path for room in rooms for path in room_modules(room)]
    said = {path for path in paths if "Pure." in (ast.get_docstring(ast.parse(path.read_text())) or "")}
    assert {str(path.relative_to(ROOT)) for path in said} <= set(PURE)


def test_every_decision_record_is_listed():
    folder = ROOT / "docs" / "decisions"
    listed = (folder / "README.md").read_text()
    missing = [path.name for path in sorted(folder.glob("0*.md")) if path.name not in listed]
    assert not missing
