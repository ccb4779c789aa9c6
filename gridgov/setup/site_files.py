"""What is made from the checkout before it can be served: translations and static files."""

from pathlib import Path

from gridgov.setup.console import PROJECT, VAR, run, say
from gridgov.setup.project_packages import NODE_STAMP, PYTHON, VENV_STAMP
from gridgov.setup.stamps import fingerprint, is_stamped, write_stamp

ROOMS = ("gridgov", "grids", "incidents", "maps", "fixtures")
# Needs no database: whatever is wrong with the user's is said when it is used.
SETTINGS = {"DJANGO_SETTINGS_MODULE": "gridgov.settings.demo", "GRIDGOV_DATABASE_URL": ""}


def compile_translations() -> None:
    """Every .po to its .mo beside it."""
    sources = sorted((PROJECT / "locale").rglob("*.po"))
    number, stamp = fingerprint(sources, _relative(sources)), VAR / "translations-stamp"
    made = all(source.with_suffix(".mo").exists() for source in sources)
    if made and is_stamped(stamp, number):
        return
    say("编译翻译…", "Compiling translations …")
    for source in sources:
        run(["msgfmt", "--check-format", f"--output-file={source.with_suffix('.mo')}", source])
    write_stamp(stamp, number)


def collect_static_files() -> None:
    """Static files of rooms and packages into var/static, with hashed names and compressed."""
    sources = sorted(
        path for room in ROOMS for path in (PROJECT / room).glob("static/**/*") if path.is_file()
    )
    settings = sorted((PROJECT / "gridgov" / "settings").glob("*.py"))
    number = fingerprint([*sources, *settings, VENV_STAMP, NODE_STAMP], _relative(sources))
    stamp = VAR / "static-stamp"
    if is_stamped(stamp, number) and (VAR / "static" / "staticfiles.json").exists():
        return
    say("收集静态文件…", "Collecting static files …")
    run([PYTHON, PROJECT / "manage.py", "collectstatic", "--noinput"], environment=SETTINGS)
    write_stamp(stamp, number)


def _relative(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(PROJECT)) for path in paths]
