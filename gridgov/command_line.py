"""What stands between the command line and Django: the settings and the database are looked at first,
so that what is wrong with them is said in one line and not in a traceback."""

import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandParser, ManagementUtility, handle_default_options
from environs import EnvError

from gridgov import chosen_database, local_postgis

WITHOUT_DATABASE = {
    "check", "collectstatic", "compilemessages", "diffsettings", "help", "makemessages", "version",
}
WRONG_INPUT = 2


def main(arguments: list[str]) -> int:
    """Run one management command of `arguments` (as sys.argv). Returns the exit code."""
    _read_settings_argument(arguments)
    if problem := make_database_ready() if _needs_database(arguments) else _read_settings():
        return problem
    ManagementUtility(arguments).execute()
    return 0


def make_database_ready() -> int:
    """Read the settings, and start or look at the database. Says what is wrong; 0, or the exit code."""
    if problem := _read_settings():
        return problem
    try:
        chosen_database.make_ready(settings.DATABASES["default"])
    except chosen_database.DatabaseNotUsable as error:
        print(error, file=sys.stderr)
        return WRONG_INPUT
    except local_postgis.LocalPostgisProblem as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _read_settings() -> int:
    try:
        return 0 if settings.DATABASES else WRONG_INPUT  # reading one reads them all
    except ImproperlyConfigured as error:
        print(error, file=sys.stderr)
    except EnvError as error:
        print(f"环境变量有误,见 docs/settings.md。 / See docs/settings.md: {error}", file=sys.stderr)
    return WRONG_INPUT


def _read_settings_argument(arguments: list[str]) -> None:
    """Obey --settings before Django does: it decides which database is looked at."""
    parser = CommandParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--settings")
    parser.add_argument("--pythonpath")
    options, _ = parser.parse_known_args(arguments[2:])
    handle_default_options(options)


def _needs_database(arguments: list[str]) -> bool:
    asks_for_help = not arguments[1:] or {"--help", "-h", "--version"} & set(arguments[1:])
    return not asks_for_help and arguments[1] not in WITHOUT_DATABASE
