"""Where the files of cases lie: by their own ids under GRIDGOV_FILES_DIR, readable by the service only."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

from django.conf import settings

FOLDER_MODE, FILE_MODE = 0o700, 0o600
UNFINISHED = ".unfinished"


def folder() -> Path:
    return Path(settings.GRIDGOV_FILES_DIR) / "cases"


def path_of(file_id: UUID) -> Path:
    # Two digits of folders, since a folder of a hundred thousand files is slow to list.
    return folder() / file_id.hex[:2] / str(file_id)


def write_file(file_id: UUID, content: bytes) -> None:
    """Write `content` so that the file is there whole or not at all, also if the power fails."""
    path = path_of(file_id)
    for each in (folder(), path.parent):
        each.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    unfinished = path.parent / f"{uuid4()}{UNFINISHED}"
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    _flush(path.parent)


def open_file(file_id: UUID) -> BinaryIO:
    """Raises FileNotFoundError."""
    return path_of(file_id).open("rb")


def delete_file(file_id: UUID) -> None:
    path_of(file_id).unlink(missing_ok=True)


def files_before(when: datetime) -> Iterator[tuple[Path, UUID | None]]:
    """Every file last written before `when`, with its id; None for one that was never finished."""
    for path in folder().glob("*/*"):
        if path.stat().st_mtime < when.timestamp():
            yield path, None if path.name.endswith(UNFINISHED) else UUID(path.name)


def _flush(path: Path) -> None:
    """A rename is on the disk only once its folder is."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
