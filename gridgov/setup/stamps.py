"""Marks of steps that were finished, and one set-up at a time."""

import fcntl
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gridgov.setup.console import VAR, SetupProblem, say


def fingerprint(files: Iterable[Path], *facts: object) -> str:
    """A number for the content of `files` and for `facts`: another input gives another number."""
    digest = hashlib.sha256(repr(facts).encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def is_stamped(stamp: Path, number: str) -> bool:
    """Whether `number` is among those that the finished step wrote."""
    return stamp.exists() and number in stamp.read_text().split()


def write_stamp(stamp: Path, *numbers: str) -> None:
    """Say that a step is finished. The file appears whole or not at all."""
    new = stamp.with_name(stamp.name + ".new")
    new.write_text("\n".join(numbers))
    new.replace(stamp)


@contextmanager
def only_one_setup() -> Iterator[None]:
    """Wait for another set-up of this checkout. The system frees the lock of one that was killed."""
    try:
        VAR.mkdir(exist_ok=True)
        file = (VAR / "set-up.lock").open("w")
    except PermissionError:
        raise SetupProblem(
            f"没有写入 {VAR} 的权限,请用原来的用户(或 sudo)运行。 / "
            f"{VAR} belongs to another user: run this as that user, or with sudo."
        ) from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("另一个安装正在进行,等待中…", "Another set-up is at work here, waiting for it …")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
