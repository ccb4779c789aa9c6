"""Words to the person at the terminal, and programs run for them."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
VAR = PROJECT / "var"
PR_SET_PDEATHSIG = 1  # linux/prctl.h


class SetupProblem(RuntimeError):
    """Set-up cannot go on. The message is one line in Chinese and English that says what to do."""


def say(chinese: str, english: str) -> None:
    """A line of progress, on standard error."""
    print(f"==> {chinese} / {english}", file=sys.stderr, flush=True)


def run(
    command: list[str | Path], *, environment: Mapping[str, str] | None = None, outlives_us: bool = False
) -> None:
    """Run `command` in the project's folder, its output shown. Raises SetupProblem when it fails.

    Were we killed, it ends too, so that no pip goes on beside the pip of the next run. `outlives_us`
    is for apt, which does more harm when killed than when waited for.
    """
    outcome = subprocess.run(
        command,
        cwd=PROJECT,
        env={**os.environ, **(environment or {})},
        stdout=sys.stderr,
        preexec_fn=None if outlives_us else _end_with_parent,
    )
    if outcome.returncode:
        name = " ".join(Path(part).name for part in command[:4])
        raise SetupProblem(
            f"“{name}”失败(见上),排除原因后重新运行即可。 / "
            f"`{name}` failed (see above): put it right and run this again."
        )


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
