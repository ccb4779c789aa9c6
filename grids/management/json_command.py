"""The manner of every GridGov command: one JSON document on request, one line when the input is wrong."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand

from grids.errors import DomainError

WRONG_INPUT = 2


class JsonCommand(BaseCommand):
    """A command whose result is a dictionary.

    A subclass writes `add_options(parser)`, `run(**options) -> dict` and `describe(result) -> str`.
    With --json standard output holds the result as exactly one JSON document, else its description.
    A DomainError becomes one line on standard error and exit code 2; called by `call_command` it is
    raised. Progress and log lines belong on standard error.

    Take options as text and parse them in `run` (raising DomainErrors): argparse's own complaints
    are in English only.
    """

    # They would print warnings of the installation beside the one line about the input.
    requires_system_checks = []

    def create_parser(self, prog_name, subcommand, **kwargs):
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        if self._called_from_command_line:
            parser.error = self._refuse_usage  # argparse's own prints the whole usage before the one line
        return parser

    def _refuse_usage(self, message: str):
        self.stderr.write(f"用法有误,见 --help:{message} / Wrong use, see --help: {message}")
        sys.exit(WRONG_INPUT)

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="输出 JSON / print one JSON document")
        self.add_options(parser)

    def add_options(self, parser) -> None:
        """Arguments of this command."""

    def run(self, **options) -> dict[str, Any]:
        raise NotImplementedError

    def describe(self, result: dict[str, Any]) -> str:
        """`result` for a person, in Chinese and English."""
        raise NotImplementedError

    def execute(self, *arguments, **options):
        try:
            return super().execute(*arguments, **options)
        except DomainError as error:
            if not self._called_from_command_line:
                raise
            self.stderr.write(" ".join(str(error).split()))
            sys.exit(WRONG_INPUT)

    def handle(self, *arguments, **options):
        self.show(self.run(**options), as_json=options["json"])

    def show(self, result: dict[str, Any], *, as_json: bool) -> None:
        self.stdout.write(json.dumps(result, ensure_ascii=False) if as_json else self.describe(result))
