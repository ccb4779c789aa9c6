"""python -m gridgov.setup [install|demo|test|lock …], called by the scripts in bin/."""

import os
import sys
from argparse import ArgumentParser

from gridgov.demo_arguments import add_demo_arguments, wrong_demo_arguments
from gridgov.setup.console import PROJECT, SetupProblem, say
from gridgov.setup.icon_font import make_icon_font
from gridgov.setup.lock import lock_packages
from gridgov.setup.page_styles import make_page_styles
from gridgov.setup.project_packages import PYTHON, install_javascript_packages, install_python_packages
from gridgov.setup.site_files import bundle_scripts, collect_static_files, compile_translations
from gridgov.setup.stamps import only_one_setup
from gridgov.setup.system_packages import install_system_packages

PRODUCTION = "gridgov.settings.production"
PROGRAMS = {"demo": ("manage.py", "demo"), "test": ("-m", "gridgov.run_tests")}


def set_up(*, for_tests: bool) -> None:
    """Everything that is missing on this machine and in this checkout, but the database."""
    with only_one_setup():
        install_system_packages(for_tests=for_tests)
        install_python_packages(for_tests=for_tests)
        install_javascript_packages(for_tests=for_tests)
        compile_translations()
        bundle_scripts()
        make_icon_font()
        make_page_styles()
        collect_static_files()


def check_install_arguments(arguments: list[str]) -> None:
    """There are none; --help says what it does."""
    description = (
        "安装所缺的软件包,编译翻译,收集静态文件;不动任何数据库。 / "
        "Install what is missing, compile translations, collect static files; no database is touched."
    )
    ArgumentParser(prog="bin/set-up", description=description).parse_args(arguments)


def check_demo_arguments(arguments: list[str]) -> None:
    """Refuse wrong arguments of bin/demo before minutes of set-up, and explain them on --help."""
    description = "安装、载入海珠演示数据并运行。 / Set up, load the demonstration and serve it."
    parser = ArgumentParser(prog="bin/demo", description=description)
    add_demo_arguments(parser)
    options = parser.parse_args(arguments)
    if problem := wrong_demo_arguments(options):
        parser.exit(2, f"{problem}\n")
    if os.environ.get("DJANGO_SETTINGS_MODULE") == PRODUCTION:  # the command too says so, minutes later
        parser.exit(
            2,
            "演示不在正式环境中运行;安装请运行 bin/set-up。 / "
            "The demonstration does not run with production settings: bin/set-up installs.\n",
        )


def main(action: str = "install", *arguments: str) -> int:
    """Set up, then become the program that was asked for. Returns only after install, lock or a problem."""
    os.chdir(PROJECT)
    if action == "demo":
        check_demo_arguments(list(arguments))
    elif action not in (*PROGRAMS, "lock"):
        check_install_arguments([*([] if action == "install" else [action]), *arguments])
    try:
        if action == "lock":
            lock_packages()
            return 0
        set_up(for_tests=action == "test")
        if action not in PROGRAMS:
            say("安装完成。", "Everything is installed.")
            return 0
    except SetupProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("已中断,重新运行即可继续。 / Interrupted: run it again to go on.", file=sys.stderr)
        return 130
    os.execv(PYTHON, [str(PYTHON), *PROGRAMS[action], *arguments])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
