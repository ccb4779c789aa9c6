"""The demonstration: the database brought up to date, Haizhu loaded, a summary, and then `serve`."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from fixtures.errors import DemoNotAllowed
from fixtures.staging import refuse_in_service
from gridgov.demo_arguments import add_demo_arguments, default_port, wrong_demo_arguments
from gridgov.lan.addresses import ANYWHERE, LOOPBACK
from gridgov.lan.serving import Serving, serving_on_lan
from gridgov.management.commands.serve import in_url, require_free_port
from incidents.services.recalculation import recalculate_due_times


class Command(BaseCommand):
    help = "Load the Haizhu demonstration and serve it. bin/demo calls this. / 载入海珠演示数据并运行。"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_demo_arguments(parser)

    def handle(self, *, lan: bool, host: str | None, port: int | None, no_serve: bool, **_: object) -> None:
        port = port or default_port(lan)
        refuse(Namespace(lan=lan, host=host, port=port, no_serve=no_serve))
        serving = serving_on_lan(host, port) if lan else serving_here(host or LOOPBACK, port)
        call_command("migrate", interactive=False, verbosity=1, stdout=sys.stderr)
        call_command("load_demo")
        # A database of an earlier version: what is open there is due by the rules of this one, and at once.
        recalculate_due_times()
        self.stdout.write(summary("运行 bin/demo 启动 / bin/demo serves it" if no_serve else serving.address))
        self.stdout.write(serving.words, ending="")
        if not no_serve:
            serving.prepare()
            call_command("serve", **serving.options)


def refuse(given: Namespace) -> None:
    """Say in one line, exit code 2, what stands against it, before anything is changed."""
    try:
        refuse_in_service()
    except DemoNotAllowed as error:
        raise CommandError(str(error), returncode=2) from None
    if problem := wrong_demo_arguments(given):
        raise CommandError(problem, returncode=2)
    if not given.no_serve:
        for port in (given.port, given.port + 1) if given.lan else (given.port,):
            require_free_port(given.host or (ANYWHERE if given.lan else LOOPBACK), port)


def serving_here(host: str, port: int) -> Serving:
    return Serving(f"http://{in_url(host)}:{port}/", {"host": host, "port": port})


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
