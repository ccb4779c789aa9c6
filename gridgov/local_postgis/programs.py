"""PostgreSQL's programs on this machine, and running them."""

import os
import subprocess
from pathlib import Path

CONTROL_FILES = Path("/usr/share/postgresql")  # where Debian and Ubuntu put them, by major version
BINARIES = Path("/usr/lib/postgresql")


class LocalPostgisProblem(RuntimeError):
    """The private PostGIS cannot be had. The message is one line in Chinese and English."""


def installed_versions() -> list[int]:
    """PostgreSQL's major versions that have both server and PostGIS, oldest first."""
    found = (int(path.parts[-3]) for path in CONTROL_FILES.glob("*/extension/postgis.control"))
    return sorted(version for version in found if (BINARIES / str(version) / "bin" / "postgres").exists())


def program(name: str, version: int | None = None) -> Path:
    """Path of PostgreSQL's program `name`, of `version` or of the newest installed."""
    versions = installed_versions()
    if not versions or version not in (None, *versions):
        wanted = version or ""
        raise LocalPostgisProblem(
            f"没有找到 PostgreSQL {wanted} 与 PostGIS,请运行 bin/set-up 安装。 / "
            f"PostgreSQL {wanted} with PostGIS is not installed: run bin/set-up."
        )
    return BINARIES / str(version or versions[-1]) / "bin" / name


def run(command: list[str | Path]) -> subprocess.CompletedProcess[str]:
    """Run one of them to its end, from a folder that every account may enter.

    Without PG… in its environment, which may lead it to another server.
    """
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd="/")
