"""What a server that was killed leaves behind, and how the next start gets past it."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

NO_PROCESS = 4194304  # Linux numbers its processes below this
BACKENDS_END_SECONDS = 30


def living_postmaster(data: Path) -> int | None:
    """Process id of the server of `data`. The number in its pid file may be another process's by now."""
    with suppress(FileNotFoundError, ProcessLookupError, ValueError, IndexError):
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        if command[0].endswith(b"/postgres") and (bytes(data) in command or _works_in(pid, data)):
            return pid
    return None


def _works_in(pid: int, data: Path) -> bool:
    """Whether the process stands in `data`, which may bear another name than at its start."""
    try:
        return Path(f"/proc/{pid}/cwd").samefile(data)
    except PermissionError:  # in a container even root may not look at another account's process
        return False


def clear_remains(data: Path, sockets: Path, cluster_name: str) -> None:
    """Make the next start possible, once no postmaster of `data` lives.

    Ends backends that still work (their titles bear `cluster_name`): until they have gone,
    PostgreSQL refuses to start, since two servers on one folder would destroy it.
    """
    deadline = time.monotonic() + BACKENDS_END_SECONDS
    while (backends := _backends(cluster_name, data.stat().st_uid)) and time.monotonic() < deadline:
        for pid in backends:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
    for socket in sockets.glob(".s.PGSQL.*"):
        socket.unlink()
    _disown_pid_file(data / "postmaster.pid")


def _backends(cluster_name: str, owner: int) -> list[int]:
    title = f"postgres: {cluster_name}: ".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError, PermissionError):
            if process.stat().st_uid == owner and (process / "cmdline").read_bytes().startswith(title):
                found.append(int(process.name))
    return found


def _disown_pid_file(path: Path) -> None:
    """Put a number into the pid file that names no process: PostgreSQL takes any living one for its server.

    The lines below stay, since by them PostgreSQL itself sees whether backends are still at work.
    """
    if not path.exists():
        return
    lines = path.read_text().splitlines(keepends=True)
    if len(lines) < 2:  # killed while writing it: nothing ran yet
        path.unlink()
        return
    with path.open("r+") as file:
        file.write("".join([f"{NO_PROCESS}\n", *lines[1:]]))
        file.truncate()
