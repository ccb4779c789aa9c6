"""Several people at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection


def at_once(*tasks: Callable[[], object]) -> list:
    """Results of `tasks`, in their order, begun together, each in a thread with a connection of its own."""
    start = Barrier(len(tasks), timeout=30)

    def run(task):
        try:
            with connection.cursor() as cursor:
                # Where one waits for ever, the test fails and does not hang.
                cursor.execute("SET lock_timeout = '20s'")
            start.wait()
            return task()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))
