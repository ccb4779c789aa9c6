"""Python and JavaScript packages, at the locked versions, each checked against its hash."""

import shutil
import sys

from gridgov.setup.console import PROJECT, run, say
from gridgov.setup.stamps import fingerprint, is_stamped, write_stamp

VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
VENV_STAMP = VENV / "gridgov-stamp"
NODE_MODULES = PROJECT / "node_modules"
NODE_STAMP = NODE_MODULES / ".gridgov-stamp"


def install_python_packages(*, for_tests: bool) -> None:
    """Make .venv hold requirements.txt, or with tests requirements-test.txt, which includes it."""
    number, test_number = _requirements("requirements.txt"), _requirements("requirements-test.txt")
    if is_stamped(VENV_STAMP, test_number if for_tests else number):
        return
    say("安装 Python 软件包(.venv)…", "Installing Python packages into .venv …")
    if not VENV_STAMP.exists():
        # No stamp: a set-up was killed in here, and pip takes half a package for a whole one.
        shutil.rmtree(VENV, ignore_errors=True)
        run([sys.executable, "-m", "venv", VENV])
    VENV_STAMP.unlink(missing_ok=True)
    file = "requirements-test.txt" if for_tests else "requirements.txt"
    options = ("--disable-pip-version-check", "--require-hashes")
    run([PYTHON, "-m", "pip", "install", *options, "--requirement", PROJECT / file])
    write_stamp(VENV_STAMP, number, *([test_number] if for_tests else []))


def _requirements(name: str) -> str:
    # A folder that was moved or a Python that was replaced makes .venv useless.
    return fingerprint([PROJECT / name], name, str(PROJECT), sys.version_info[:2])


def install_javascript_packages(*, for_tests: bool) -> None:
    """Make node_modules hold package-lock.json's packages: what pages use, and with tests all."""
    files = [PROJECT / "package.json", PROJECT / "package-lock.json"]
    number, test_number = fingerprint(files, "pages"), fingerprint(files, "tests")
    if is_stamped(NODE_STAMP, test_number if for_tests else number):
        return
    say("安装 JavaScript 软件包(node_modules)…", "Installing JavaScript packages into node_modules …")
    NODE_STAMP.unlink(missing_ok=True)
    kind = () if for_tests else ("--omit=dev",)
    run([VENV / "bin" / "npm", "ci", "--no-audit", "--no-fund", *kind])
    write_stamp(NODE_STAMP, number, *([test_number] if for_tests else []))
