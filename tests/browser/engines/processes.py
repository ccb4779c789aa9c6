"""A browser's processes: started as a group of their own, ended as one."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

STOPPED_WITHIN_S = 10


def start(
    command: list[str], log: Path, environment: dict[str, str] | None = None, **how
) -> subprocess.Popen:
    with log.open("ab") as output:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
            env=os.environ | {"TZ": "Asia/Shanghai"} | (environment or {}), **how,
        )  # fmt: skip


def kill_group(leader: subprocess.Popen) -> None:
    """kill -9 of `leader` and all that it started, and wait until they are gone."""
    with suppress(ProcessLookupError):
        os.killpg(leader.pid, signal.SIGKILL)
    leader.wait(STOPPED_WITHIN_S)
    _wait_until(lambda: not _in_group(leader.pid), f"group {leader.pid}")


def kill_matching(leader: subprocess.Popen, words: str) -> int:
    """kill -9 of the processes in the group of `leader` whose command line has `words`; how many."""
    chosen = [pid for pid in _in_group(leader.pid) if words in _command_line(pid)]
    for pid in chosen:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    _wait_until(lambda: not set(chosen) & set(_in_group(leader.pid)), words)
    return len(chosen)


def _in_group(group: int) -> list[int]:
    """Living processes of the group: not those that only wait to be reaped."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, its_group = stat.read_text().rpartition(")")[2].split()[:3]
            if int(its_group) == group and state != "Z":
                found.append(int(stat.parent.name))
    return found


def _command_line(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


def _wait_until(done, what: str) -> None:
    until = time.monotonic() + STOPPED_WITHIN_S
    while not done():
        if time.monotonic() > until:
            raise TimeoutError(f"still running after kill -9: {what}")
        time.sleep(0.01)
