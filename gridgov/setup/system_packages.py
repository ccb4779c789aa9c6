"""Debian's packages: only those that are missing, and without a database cluster of Debian's own."""

import os
import re
import shutil
import subprocess
import sys
from importlib import invalidate_caches
from importlib.util import find_spec

from gridgov.local_postgis.programs import installed_versions
from gridgov.setup.console import SetupProblem, run, say

# What WeasyPrint loads (the first brings Pango, HarfBuzz and fontconfig), and the fonts of documents.
FOR_DOCUMENTS = ("libpangoft2-1.0-0", "libharfbuzz-subset0",
                 "fonts-arphic-gbsn00lp", "fonts-arphic-uming", "fonts-wqy-microhei")
# Firefox and WebKitGTK for the report page, which has to lose nothing in any browser.
FOR_TESTS = ("chromium", "firefox-esr", "webkit2gtk-driver", "xvfb", "xauth", "libatomic1")
# Without this, installing PostgreSQL makes and starts a cluster that nobody uses.
NO_CLUSTER_FILE = "/etc/postgresql-common/createcluster.d/gridgov.conf"
NO_CLUSTER = f"mkdir -p {os.path.dirname(NO_CLUSTER_FILE)} && " \
             f"echo 'create_main_cluster = false' > {NO_CLUSTER_FILE}"
APT = ("apt-get", "-o", "DPkg::Lock::Timeout=600")
INSTALL = ("install", "--yes", "--no-install-recommends",
           "-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold")


def install_system_packages(*, for_tests: bool) -> None:
    """Install what is missing. Raises SetupProblem, naming it, where that is not possible."""
    missing = missing_packages(for_tests=for_tests)
    if not missing:
        return
    if not shutil.which("apt-get"):
        raise _cannot(missing, "这里没有 apt", "there is no apt here")
    root = _as_root(missing)
    say(f"安装系统软件包:{' '.join(missing)}", f"Installing Debian packages: {' '.join(missing)}")
    quiet = (*root, "env", "DEBIAN_FRONTEND=noninteractive")
    # An install that was killed: its apt may still be at work, which this waits for, …
    subprocess.run([*quiet, *APT, "check"], stdout=sys.stderr)
    run([*quiet, "dpkg", "--configure", "-a"])  # … and its packages half configured.
    subprocess.run([*quiet, *APT, "update"], stdout=sys.stderr)  # if this fails, the lists at hand may do
    if "postgresql" in missing:
        run([*root, "sh", "-c", NO_CLUSTER])
    run([*quiet, *APT, *INSTALL, *with_postgresql_version(missing)], outlives_us=True)
    if still := missing_packages(for_tests=for_tests):
        raise _cannot(still, "安装后仍然缺少", "they are missing even after the install")


def missing_packages(*, for_tests: bool) -> list[str]:
    """What is not there. `postgresql` stands for the server with PostGIS in this system's version."""
    wanted = ["gettext", *FOR_DOCUMENTS, *(FOR_TESTS if for_tests else ())]
    missing = [name for name in wanted if not _is_installed(name)]
    invalidate_caches()
    if not find_spec("ensurepip"):
        missing.append("python3-venv")
    if not os.environ.get("GRIDGOV_DATABASE_URL") and not _has_postgis():
        missing.append("postgresql")
    return missing


def with_postgresql_version(packages: list[str]) -> list[str]:
    """`postgresql` replaced by the packages of the version that this Debian or Ubuntu has."""
    if "postgresql" not in packages:
        return packages
    offered = subprocess.run(["apt-cache", "depends", "postgresql"], capture_output=True, text=True).stdout
    found = re.search(r"Depends: postgresql-(\d+)", offered)
    version = found[1] if found else "15"
    others = [name for name in packages if name != "postgresql"]
    return [*others, f"postgresql-{version}", f"postgresql-{version}-postgis-3"]


def _has_postgis() -> bool:
    return any(
        _is_installed(f"postgresql-{version}") and _is_installed(f"postgresql-{version}-postgis-3")
        for version in installed_versions()
    )


def _is_installed(package: str) -> bool:
    """Whether dpkg finished with it: unpacked but not configured does not count.

    A library that is there for two architectures has two lines.
    """
    answer = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${db:Status-Status}\\n", package],
        capture_output=True, text=True,
    )
    return "installed" in answer.stdout.split()


def _as_root(missing: list[str]) -> tuple[str, ...]:
    """How to run a command as root: at once, or by sudo, which may ask for a password at a terminal."""
    if os.geteuid() == 0:
        return ()
    if not shutil.which("sudo"):
        raise _cannot(missing, "需要 root 或 sudo", "root or sudo is needed")
    if not sys.stdin.isatty() and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode:
        raise _cannot(missing, "sudo 需要密码", "sudo wants a password, and there is no terminal")
    return ("sudo",)


def _cannot(missing: list[str], chinese: str, english: str) -> SetupProblem:
    names = " ".join(with_postgresql_version(missing))
    return SetupProblem(
        f"缺少系统软件包({chinese}),请管理员安装:{names}。 / "
        f"Packages are missing ({english}); ask the administrator to install: {names}"
    )
