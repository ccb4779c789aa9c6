"""The secret key of an installation that was not given one."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile


def local_secret_key(folder: Path) -> str:
    """The key kept in `folder`/secret-key, made at the first call. Only its owner can read the file."""
    path = folder / "secret-key"
    if not path.exists():
        folder.mkdir(exist_ok=True)
        with NamedTemporaryFile("w", dir=folder, prefix="secret-key-") as file:  # mode 0600
            file.write(secrets.token_urlsafe(50))
            file.flush()
            # A link appears whole or not at all: of two processes that start together one
            # makes the key and both read the same.
            with suppress(FileExistsError):
                os.link(file.name, path)
    return path.read_text()
