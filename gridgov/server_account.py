"""Under which account PostgreSQL runs.

An ordinary user runs it directly. PostgreSQL refuses root, so root hands it to another
account, and which one depends on who can reach the folder: a home folder of mode 0700 stops
everybody but root. Only the standard library, since this runs before packages are installed.
"""

import os
import pwd
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGED_USER = "postgres"  # made by Debian's package


class NoAccountReaches(RuntimeError):
    """No account that may run PostgreSQL reaches the folder."""


@dataclass(frozen=True)
class Account:
    """A command prefix, and the user and group ids that own what the command writes."""

    prefix: tuple[str, ...]
    uid: int
    gid: int

    def reaches(self, folder: Path) -> bool:
        """Whether this account can enter `folder`. Asks `stat`, since `test -x` believes root's own view."""
        probe = [*self.prefix, "stat", "--", f"{folder}/."]
        return subprocess.run(probe, capture_output=True, cwd="/").returncode == 0


def choose_account(folder: Path) -> Account:
    """The account for the cluster in `folder`, which is made, handed to that account and private to it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.geteuid() != 0:
        return Account((), os.geteuid(), os.getegid())
    for account in _accounts_for_root(folder):
        _hand_over(folder, account)
        if account.reaches(folder):
            return account
    raise NoAccountReaches(folder)


def _accounts_for_root(folder: Path) -> Iterator[Account]:
    """Whoever owns the cluster already, the owner of the project, the packaged user, then two ways around
    a closed home folder."""
    packaged = pwd.getpwnam(PACKAGED_USER)
    owners = (folder.stat().st_uid, folder.parent.stat().st_uid, packaged.pw_uid)
    for uid in dict.fromkeys(uid for uid in owners if uid != 0):
        if user := _known_user(uid):
            yield Account(_setpriv(user), user.pw_uid, user.pw_gid)
    # Root's own files, seen from a user namespace in which root bears the packaged user's number.
    namespace = ("unshare", "--user", f"--map-user={packaged.pw_uid}", f"--map-group={packaged.pw_gid}", "--")
    yield Account(namespace, 0, 0)
    # Where namespaces are forbidden: the packaged user, allowed to read past closed folders.
    capability = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")
    yield Account(_setpriv(packaged, *capability), packaged.pw_uid, packaged.pw_gid)


def _known_user(uid: int) -> pwd.struct_passwd | None:
    """initdb refuses a number without a name, as an owner from outside a container may be."""
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        return None


def _setpriv(user: pwd.struct_passwd, *more: str) -> tuple[str, ...]:
    return ("setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", *more, "--")


def _hand_over(folder: Path, account: Account) -> None:
    """Give `folder` and all in it to `account`, itself last: it tells how far an interrupted run came."""
    if folder.stat().st_uid == account.uid:
        return
    for path, folders, files in os.walk(folder, topdown=False):
        for name in (*files, *folders):
            os.lchown(os.path.join(path, name), account.uid, account.gid)
    os.lchown(folder, account.uid, account.gid)
