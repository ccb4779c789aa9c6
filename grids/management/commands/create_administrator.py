"""The first administrator of an installation, made by hand and never with a default password."""

import sys
from getpass import getpass

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from grids.services import make_administrator


class Command(BaseCommand):
    help = (
        "建立一个管理员账号;密码从终端输入,或用 --password-stdin 从标准输入读取。 / "
        "Make an administrator; the password is asked for, or read from standard input with --password-stdin."
    )

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--name", help="同事看到的称呼 / name shown to colleagues")
        parser.add_argument("--password-stdin", action="store_true")

    def handle(self, *, username, name, password_stdin, **options):
        try:
            password = _read_password(password_stdin)
            make_administrator(username=username, name=name or username, password=password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=2) from error
        self.stdout.write(f"已建立管理员 {username}。 / Administrator {username} was made.")


def _read_password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    password = getpass("密码 / password: ")
    if getpass("再输入一次 / again: ") != password:
        raise ValidationError("两次输入的密码不同。 / The two passwords differ.")
    return password
