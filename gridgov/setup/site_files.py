"""What is made from the checkout before it can be served: translations, bundled scripts and static files."""

import os
import shutil
from pathlib import Path

from gridgov.setup.console import PROJECT, VAR, run, say
from gridgov.setup.project_packages import NODE_MODULES, NODE_STAMP, PYTHON, VENV, VENV_STAMP
from gridgov.setup.stamps import fingerprint, is_stamped, write_stamp

ROOMS = ("gridgov", "grids", "incidents", "maps", "fixtures")
# Pages for a telephone on a slow network: each begins with one script instead of twenty.
BUNDLED = ("incidents/reporting/page.js",)
MODULES, BUNDLES = VAR / "modules", VAR / "bundles"
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


def bundle_scripts() -> None:
    """The modules of BUNDLED pages, with the packages that they import, to var/bundles.

    The rooms' folders are merged first as they will be served, since modules name each other by address.
    """
    sources = sorted(path for room in ROOMS for path in (PROJECT / room).glob("static/**/*.js"))
    number, stamp = fingerprint([*sources, NODE_STAMP], _relative(sources), BUNDLED), VAR / "bundles-stamp"
    if is_stamped(stamp, number) and BUNDLES.exists():
        return
    say("打包脚本…", "Bundling scripts …")
    for folder in (MODULES, BUNDLES):
        shutil.rmtree(folder, ignore_errors=True)
    for room in ROOMS:
        if (PROJECT / room / "static").exists():
            shutil.copytree(PROJECT / room / "static", MODULES, dirs_exist_ok=True)
    # A program, or, where npm ran no scripts of packages, a script for node.
    path = {"PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    # Chunks are named by their content, so that one of an earlier version is never taken for another's.
    options = ["--bundle", "--minify", "--format=esm", "--splitting", "--target=es2020",
               "--log-level=warning", f"--outbase={MODULES}", f"--outdir={BUNDLES}"]
    esbuild, entries = NODE_MODULES / ".bin" / "esbuild", [MODULES / name for name in BUNDLED]
    run([esbuild, *entries, *options], environment=path)
    write_stamp(stamp, number)


def collect_static_files() -> None:
    """Static files of rooms and packages into var/static, with hashed names and compressed."""
    sources = sorted(
        path for room in ROOMS for path in (PROJECT / room).glob("static/**/*") if path.is_file()
    )
    settings = sorted((PROJECT / "gridgov" / "settings").glob("*.py"))
    stamps = [VAR / f"{step}-stamp" for step in ("bundles", "icons", "styles")]
    made = [VENV_STAMP, NODE_STAMP, *stamps]
    number = fingerprint([*sources, *settings, *made], _relative(sources))
    stamp = VAR / "static-stamp"
    if is_stamped(stamp, number) and (VAR / "static" / "staticfiles.json").exists():
        return
    say("收集静态文件…", "Collecting static files …")
    run([PYTHON, PROJECT / "manage.py", "collectstatic", "--noinput"], environment=SETTINGS)
    write_stamp(stamp, number)


def _relative(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(PROJECT)) for path in paths]
