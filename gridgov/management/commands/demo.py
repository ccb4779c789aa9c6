"""The demonstration: the database brought up to date, Haizhu loaded, a summary, and then `serve`."""

import json
import sys
from argparse import ArgumentParser
from collections import Counter

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from fixtures.errors import DemoNotAllowed
from fixtures.staging import refuse_in_service
from gridgov.management.commands.serve import require_free_port
from incidents.services.recalculation import recalculate_due_times


class Command(BaseCommand):
    help = "Load the Haizhu demonstration and serve it. bin/demo calls this. / 载入海珠演示数据并运行。"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-serve", action="store_true", help="stop after the summary")

    def handle(self, *, host: str, port: int, no_serve: bool, **_: object) -> None:
        try:
            refuse_in_service()
        except DemoNotAllowed as error:
            raise CommandError(str(error), returncode=2) from None
        if not no_serve:
            require_free_port(host, port)
        call_command("migrate", interactive=False, verbosity=1, stdout=sys.stderr)
        call_command("load_demo")
        # A database of an earlier version: what is open there is due by the rules of this one, and at once.
        recalculate_due_times()
        self.stdout.write(summary("运行 bin/demo 启动 / bin/demo serves it" if no_serve else f"http://{host}:{port}/"))
        if not no_serve:
            call_command("serve", host=host, port=port)


def summary(place: str) -> str:
    """`place` where it is, who may sign in, and where the passwords are (they are never printed)."""
    path = settings.VAR_DIR / "demo-logins.json"
    logins = json.loads(path.read_text())
    roles = Counter(login["role"] for login in logins)
    first = {role: next(login for login in logins if login["role"] == role) for role in roles}
    lines = [
        "",
        f"海珠演示 / Haizhu demonstration   {place}",
        f"账号与密码 / accounts and passwords: {path.relative_to(settings.BASE_DIR)}",
        *(f"  {role:20} {count:4} 个,例如 / e.g. {first[role]['username']}({first[role]['area_name']})"
          for role, count in roles.items()),
        "",
    ]
    return "\n".join(lines)
