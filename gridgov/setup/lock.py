"""bin/lock: the lock files made anew from requirements*.in and package.json."""

import sys
import tempfile
from pathlib import Path

from gridgov.setup.console import PROJECT, run, say
from gridgov.setup.project_packages import VENV

LOCKS = ("requirements", "requirements-test")
# No address of an index: a lock file must not say where its maker's packages came from.
OPTIONS = ("--quiet", "--generate-hashes", "--strip-extras", "--allow-unsafe", "--no-emit-index-url",
           "--no-emit-trusted-host", "--no-emit-find-links", "--no-emit-options")


def lock_packages() -> None:
    """Write requirements.txt, requirements-test.txt and package-lock.json. Keeps versions that still fit."""
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "bin" / "python"
        say("准备 pip-tools…", "Preparing pip-tools …")
        run([sys.executable, "-m", "venv", folder])
        run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "pip-tools"])
        for name in LOCKS:
            say(f"锁定 {name}.txt…", f"Locking {name}.txt …")
            run([python, "-m", "piptools", "compile", *OPTIONS, f"--output-file={name}.txt", f"{name}.in"],
                environment={"CUSTOM_COMPILE_COMMAND": "bin/lock"})
    say("锁定 package-lock.json…", "Locking package-lock.json …")
    run([VENV / "bin" / "npm", "install", "--package-lock-only", "--no-audit", "--no-fund"])
    say(f"完成,请检查 {PROJECT} 中的改动。", "Done: look at what changed.")
