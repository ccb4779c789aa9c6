"""Under which account PostgreSQL runs.

An ordinary user runs it directly. PostgreSQL refuses root, so root hands it to another
account, and which one depends on who can reach the folder: a home folder of mode 0700 stops
everybody but root.
"""

import os
import pwd
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gridgov.local_postgis.programs import LocalPostgisProblem, run

PACKAGED_USER = "postgres"  # made by Debian's package


@dataclass(frozen=True)
class Account:
    """A command prefix, and the user and group ids that own what the command writes."""

    prefix: tuple[str, ...]
    uid: int
    gid: int

    def reaches(self, folder: Path) -> bool:
        """Whether all above `folder` is open to it. Asks `stat`, as `test -x` would believe root's view."""
        return run([*self.prefix, "stat", folder]).returncode == 0


def choose_account(folder: Path) -> Account:
    """The account for the cluster in `folder`, which is made, handed to that account and private to it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.geteuid() != 0:
        return _own_account(folder)
    for account in _accounts_for_root(folder):
        if account.reaches(folder):
            _hand_over(folder, account)
            return account
    raise LocalPostgisProblem(
        f"以 root 运行时 PostgreSQL 无法进入 {folder},请把项目移到 /srv 等目录。 / "
        f"Run by root, PostgreSQL cannot enter {folder}: move the project to /srv, say."
    )


def _own_account(folder: Path) -> Account:
    if folder.stat().st_uid != os.geteuid():
        raise LocalPostgisProblem(
            f"{folder} 属于其他用户,请用原来的用户(或 sudo)运行。 / "
            f"{folder} belongs to another user: run this as that user, or with sudo."
        )
    return Account((), os.geteuid(), os.getegid())


def _accounts_for_root(folder: Path) -> Iterator[Account]:
    """Who owns the cluster already; the owner of the project; the packaged user; then two ways around
    a closed home folder."""
    packaged = pwd.getpwnam(PACKAGED_USER)
    # Root's own files, seen from a user namespace in which root bears the packaged user's number.
    mapping = (f"--map-user={packaged.pw_uid}", f"--map-group={packaged.pw_gid}")
    namespace = Account(("unshare", "--user", *mapping, "--"), 0, 0)
    owner = folder.stat().st_uid
    if owner == 0 and any(folder.iterdir()):
        yield namespace
    for uid in dict.fromkeys((owner, folder.parent.stat().st_uid, packaged.pw_uid)):
        if uid != 0 and (user := _known_user(uid)):
            yield _by_setpriv(user)
    yield namespace
    # Where namespaces are forbidden: the packaged user, allowed to read past closed folders.
    yield _by_setpriv(packaged, "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")


def _known_user(uid: int) -> pwd.struct_passwd | None:
    """initdb refuses a number without a name, as an owner from outside a container may be."""
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        return None


def _by_setpriv(user: pwd.struct_passwd, *capabilities: str) -> Account:
    ids = (f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups")
    return Account(("setpriv", *ids, *capabilities, "--"), user.pw_uid, user.pw_gid)


def _hand_over(folder: Path, account: Account) -> None:
    """Give `folder` and all in it to `account`, itself last: it tells how far an interrupted run came."""
    if folder.stat().st_uid == account.uid:
        return
    for path, folders, files in os.walk(folder, topdown=False):
        for name in (*files, *folders):
            os.lchown(os.path.join(path, name), account.uid, account.gid)
    os.lchown(folder, account.uid, account.gid)
