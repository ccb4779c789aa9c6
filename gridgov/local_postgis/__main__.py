"""python -m gridgov.local_postgis start|stop|status"""

import sys

from gridgov.local_postgis import PROJECT_CLUSTER, LocalPostgisProblem

NOT_RUNNING = 3  # as service scripts say it


def main(arguments: list[str]) -> int:
    """Do what the one argument says and print the state. Returns the exit code."""
    if arguments not in (["start"], ["stop"], ["status"]):
        print("python -m gridgov.local_postgis start|stop|status", file=sys.stderr)
        return 2
    try:
        if arguments == ["start"]:
            PROJECT_CLUSTER.ensure_running()
        elif arguments == ["stop"]:
            PROJECT_CLUSTER.stop()
    except LocalPostgisProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    running = PROJECT_CLUSTER.is_running()
    print(f"{'running' if running else 'stopped'} {PROJECT_CLUSTER.url()}")
    return 0 if running or arguments == ["stop"] else NOT_RUNNING


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
