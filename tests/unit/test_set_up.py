"""Set-up's steps: stamped when they are done, done again when their input changed, one set-up at a time."""

import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gridgov.setup import __main__ as setup_program
from gridgov.setup import console, project_packages, site_files, stamps, system_packages

PROJECT = Path(__file__).resolve().parents[2]


def test_a_step_is_done_when_its_stamp_names_its_input(tmp_path):
    source, stamp = tmp_path / "source", tmp_path / "stamp"
    source.write_text("one")
    number = stamps.fingerprint([source])
    assert not stamps.is_stamped(stamp, number)

    stamps.write_stamp(stamp, number, "another")

    assert stamps.is_stamped(stamp, number)
    source.write_text("two")
    assert not stamps.is_stamped(stamp, stamps.fingerprint([source]))


@pytest.fixture
def venv(tmp_path, monkeypatch) -> Path:
    """A project in `tmp_path` whose programs are noted and not run."""
    for name in ("requirements.txt", "requirements-test.txt"):
        (tmp_path / name).write_text(name)
    folder = tmp_path / ".venv"
    monkeypatch.setattr(project_packages, "PROJECT", tmp_path)
    monkeypatch.setattr(project_packages, "VENV", folder)
    monkeypatch.setattr(project_packages, "VENV_STAMP", folder / "stamp")
    return folder


def note_commands(monkeypatch, venv: Path) -> list[str]:
    """The last word of each command that set-up runs: the folder of a venv, or a list of packages."""
    noted = []

    def run(command: list) -> None:
        venv.mkdir(exist_ok=True)
        noted.append(Path(command[-1]).name)

    monkeypatch.setattr(project_packages, "run", run)
    return noted


def test_python_packages_of_a_finished_set_up_are_left_alone_and_those_of_tests_added(venv, monkeypatch):
    noted = note_commands(monkeypatch, venv)

    project_packages.install_python_packages(for_tests=False)
    project_packages.install_python_packages(for_tests=False)
    project_packages.install_python_packages(for_tests=True)
    project_packages.install_python_packages(for_tests=False)  # included in those of tests

    assert noted == [".venv", "requirements.txt", "requirements-test.txt"]


def test_a_venv_whose_set_up_was_killed_is_made_anew(venv, monkeypatch):
    noted = note_commands(monkeypatch, venv)
    half = venv / "lib" / "half-a-package.py"
    half.parent.mkdir(parents=True)
    half.touch()

    project_packages.install_python_packages(for_tests=False)

    assert noted == [".venv", "requirements.txt"]
    assert not half.exists()


def test_changed_requirements_are_installed_into_the_venv_at_hand(venv, monkeypatch):
    noted = note_commands(monkeypatch, venv)
    project_packages.install_python_packages(for_tests=False)
    (venv.parent / "requirements.txt").write_text("newer")

    project_packages.install_python_packages(for_tests=False)

    assert noted == [".venv", "requirements.txt", "requirements.txt"]


def test_a_second_set_up_waits_for_the_first_and_says_so(tmp_path):
    waiting = "from pathlib import Path; from gridgov.setup import stamps\n" \
              f"stamps.VAR = Path({str(tmp_path)!r})\n" \
              "with stamps.only_one_setup(): print('its turn', flush=True)"
    with (tmp_path / "set-up.lock").open("w") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        second = subprocess.Popen([sys.executable, "-c", waiting], cwd=PROJECT, text=True, **pipes)
        assert "waiting for it" in second.stderr.readline()
        assert second.poll() is None
        fcntl.flock(first, fcntl.LOCK_UN)

        output, _ = second.communicate(timeout=10)

    assert output == "its turn\n"


def test_a_program_of_set_up_ends_when_set_up_is_killed():
    # The inner program prints its number and would then wait for input that never comes.
    inner = "import os, sys; print(os.getpid(), file=sys.stderr, flush=True); os.read(0, 1)"
    outer = f"import sys; from gridgov.setup import console; console.run([sys.executable, '-c', {inner!r}])"
    process = subprocess.Popen(
        [sys.executable, "-c", outer], cwd=PROJECT, text=True, stdin=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert int(process.stderr.readline()) != process.pid

    process.send_signal(signal.SIGKILL)
    process.wait()

    # Both had the pipe: its end is seen when the inner one has gone too.
    ended, _, _ = select.select([process.stderr], [], [], 10)
    assert ended and process.stderr.read() == ""
    process.stdin.close()
    process.stderr.close()


def test_a_program_that_fails_is_named_in_one_line():
    with pytest.raises(console.SetupProblem, match=r"^[^\n]+ / `false a` failed[^\n]+$"):
        console.run(["false", "a"])


def test_missing_debian_packages_are_named_to_one_who_may_not_install_them(monkeypatch):
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(system_packages, "missing_packages", lambda **_: ["gettext", "postgresql"])
    monkeypatch.setattr(system_packages.shutil, "which", lambda name: name if name == "apt-get" else None)

    with pytest.raises(console.SetupProblem, match=r"gettext postgresql-\d+ postgresql-\d+-postgis-3$"):
        system_packages.install_system_packages(for_tests=False)


def test_a_server_of_the_users_own_needs_no_postgresql_here(monkeypatch):
    monkeypatch.setattr(system_packages, "_is_installed", lambda _: False)
    monkeypatch.setattr(system_packages, "installed_versions", lambda: [])
    monkeypatch.delenv("GRIDGOV_DATABASE_URL", raising=False)
    assert "postgresql" in system_packages.missing_packages(for_tests=False)

    monkeypatch.setenv("GRIDGOV_DATABASE_URL", "postgis://u@db/grid")

    assert "postgresql" not in system_packages.missing_packages(for_tests=False)


def test_what_documents_are_made_with_is_wanted_in_service_too(monkeypatch):
    monkeypatch.setattr(system_packages, "_is_installed", lambda _: False)

    wanted = system_packages.missing_packages(for_tests=False)

    assert {"libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-arphic-gbsn00lp", "fonts-arphic-uming",
            "fonts-wqy-microhei"} <= set(wanted)
    assert "chromium" not in wanted


@pytest.mark.parametrize(("statuses", "installed"), [
    ("installed\n", True), ("installed\ninstalled\n", True), ("unpacked\n", False),
    ("not-installed\n", False), ("", False),
])
def test_a_package_counts_once_it_is_configured_for_one_architecture(monkeypatch, statuses, installed):
    answer = subprocess.CompletedProcess([], 0, stdout=statuses)
    monkeypatch.setattr(system_packages.subprocess, "run", lambda *_, **__: answer)

    assert system_packages._is_installed("libpangoft2-1.0-0") is installed


def test_manage_before_set_up_says_in_one_line_what_to_run(tmp_path):
    (tmp_path / "bin").mkdir()
    shutil.copy(PROJECT / "bin" / "manage", tmp_path / "bin")

    result = subprocess.run([tmp_path / "bin" / "manage", "check"], capture_output=True, text=True)

    assert result.returncode == 1
    assert "run bin/set-up, or bin/demo for the demonstration" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_set_up_by_itself_installs_without_test_packages_and_starts_nothing(monkeypatch):
    done = []
    monkeypatch.setattr(setup_program, "set_up", lambda *, for_tests: done.append(f"for tests: {for_tests}"))
    monkeypatch.setattr(setup_program.os, "execv", lambda *_: done.append("started"))

    assert [setup_program.main(), setup_program.main("install")] == [0, 0]
    assert done == ["for tests: False", "for tests: False"]


@pytest.mark.parametrize("arguments", [["instal"], ["install", "everything"], ["--no-serve"]])
def test_set_up_refuses_what_it_does_not_know(arguments):
    result = subprocess.run([PROJECT / "bin" / "set-up", *arguments], capture_output=True, text=True)

    assert result.returncode == 2
    assert arguments[-1] in result.stderr
    assert "==>" not in result.stderr


def test_demo_refuses_production_settings_before_it_sets_anything_up():
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "gridgov.settings.production"}
    result = subprocess.run([PROJECT / "bin" / "demo"], capture_output=True, text=True, env=environment)

    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert "bin/set-up" in result.stderr


def test_demo_refuses_wrong_arguments_before_it_sets_anything_up():
    result = subprocess.run([PROJECT / "bin" / "demo", "--prot", "1"], capture_output=True, text=True)

    assert result.returncode == 2
    assert "--prot" in result.stderr
    assert "==>" not in result.stderr


@pytest.mark.parametrize(("arguments", "reason"), [
    (["--lan", "--no-serve"], "--no-serve"),
    (["--lan", "--host", "8.8.8.8"], "8.8.8.8"),
    (["--lan", "--host", "office"], "office"),
    (["--lan", "--host", "127.0.0.1", "--port", "65535"], "next port"),
])
def test_demo_for_telephones_refuses_in_one_line_what_cannot_be(arguments, reason):
    result = subprocess.run([PROJECT / "bin" / "demo", *arguments], capture_output=True, text=True)

    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert reason in result.stderr


@pytest.mark.parametrize("port", ["0", "65536", "-1", "eight"])
def test_demo_refuses_a_port_that_is_none_before_it_sets_anything_up(port):
    result = subprocess.run([PROJECT / "bin" / "demo", f"--port={port}"], capture_output=True, text=True)

    assert result.returncode == 2
    assert f"1-65535: {port}" in result.stderr
    assert "==>" not in result.stderr


@pytest.fixture
def scripts(tmp_path, monkeypatch) -> Path:
    """A project in `tmp_path` with a page of two modules, which esbuild makes one; gives their folder."""
    folder = tmp_path / "incidents" / "static" / "incidents" / "reporting"
    folder.mkdir(parents=True)
    (folder / "page.js").write_text('import { words } from "./words.js"; document.title = words;')
    (folder / "words.js").write_text('export const words = "first words";')
    (tmp_path / "var").mkdir()
    stamp = tmp_path / "packages-stamp"
    stamp.write_text("packages")
    monkeypatch.setattr(site_files, "PROJECT", tmp_path)
    monkeypatch.setattr(site_files, "VAR", tmp_path / "var")
    monkeypatch.setattr(site_files, "MODULES", tmp_path / "var" / "modules")
    monkeypatch.setattr(site_files, "BUNDLES", tmp_path / "var" / "bundles")
    monkeypatch.setattr(site_files, "NODE_STAMP", stamp)
    return folder


def bundle(scripts: Path) -> Path:
    """Have the page bundled, and give its bundle."""
    site_files.bundle_scripts()
    return site_files.BUNDLES / "incidents" / "reporting" / "page.js"


def test_a_page_and_the_modules_it_imports_become_one_script(scripts):
    script = bundle(scripts).read_text()

    assert "first words" in script
    assert "import" not in script


def test_scripts_that_did_not_change_are_not_bundled_again(scripts):
    first = bundle(scripts).stat()

    again = bundle(scripts).stat()

    assert (again.st_ino, again.st_mtime_ns) == (first.st_ino, first.st_mtime_ns)


@pytest.mark.parametrize("name", ["words.js", "packages-stamp"])
def test_a_changed_module_or_another_package_has_the_page_bundled_anew(scripts, name):
    bundle(scripts)
    changed = scripts / name if name.endswith(".js") else site_files.NODE_STAMP
    changed.write_text('export const words = "other words";')
    (site_files.BUNDLES / "of-an-earlier-version.js").touch()

    script = bundle(scripts).read_text()

    assert "other words" in script or name == "packages-stamp"
    assert not (site_files.BUNDLES / "of-an-earlier-version.js").exists()


def test_bundles_that_are_gone_are_made_again(scripts):
    bundle(scripts)
    shutil.rmtree(site_files.BUNDLES)

    assert bundle(scripts).exists()


def test_a_script_that_cannot_be_bundled_leaves_no_stamp(scripts):
    (scripts / "words.js").write_text("export const words = ;")

    for _ in range(2):
        with pytest.raises(console.SetupProblem):
            bundle(scripts)


def test_lock_files_name_no_package_index():
    for name in ("requirements.txt", "requirements-test.txt"):
        assert "://" not in (PROJECT / name).read_text()
    packages = json.loads((PROJECT / "package-lock.json").read_text())["packages"]
    assert not [name for name, package in packages.items() if "resolved" in package]
