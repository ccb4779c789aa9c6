"""python -m gridgov.setup demo|test|lock …, called by the scripts in bin/."""

import os
import sys
from argparse import ArgumentParser

from gridgov.setup.console import PROJECT, SetupProblem
from gridgov.setup.lock import lock_packages
from gridgov.setup.project_packages import PYTHON, install_javascript_packages, install_python_packages
from gridgov.setup.site_files import collect_static_files, compile_translations
from gridgov.setup.stamps import only_one_setup
from gridgov.setup.system_packages import install_system_packages


def set_up(*, for_tests: bool) -> None:
    """Everything that is missing on this machine and in this checkout, but the database."""
    with only_one_setup():
        install_system_packages(for_tests=for_tests)
        install_python_packages(for_tests=for_tests)
        install_javascript_packages(for_tests=for_tests)
        compile_translations()
        collect_static_files()


def check_demo_arguments(arguments: list[str]) -> None:
    """Refuse wrong arguments of bin/demo before minutes of set-up, and explain them on --help."""
    description = "安装、载入海珠演示数据并运行。 / Set up, load the demonstration and serve it."
    parser = ArgumentParser(prog="bin/demo", description=description)
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址 / address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="监听的端口 / port to listen on")
    parser.add_argument("--no-serve", action="store_true", help="不运行,只准备 / stop when all is ready")
    parser.parse_args(arguments)


def main(action: str, arguments: list[str]) -> int:
    """Set up, then become the program that was asked for. Returns only after bin/lock or a problem."""
    os.chdir(PROJECT)
    if action == "demo":
        check_demo_arguments(arguments)
    try:
        if action == "lock":
            lock_packages()
            return 0
        set_up(for_tests=action == "test")
    except SetupProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("已中断,重新运行即可继续。 / Interrupted: run it again to go on.", file=sys.stderr)
        return 130
    program = ["-m", "gridgov.run_tests"] if action == "test" else ["manage.py", "demo"]
    os.execv(PYTHON, [str(PYTHON), *program, *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
