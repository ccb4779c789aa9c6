"""Rows that all tests of one module share."""

from contextlib import contextmanager

from django.db import transaction


@contextmanager
def kept_for_the_module(blocker):
    """What is stored meanwhile is made once, is there for each test of the module, and is then rolled back.

    For fixtures of the scope "module": their transaction stays open from the first test that wants them to
    the module's last, and each test's own transaction lies within. A test that changes a Python object
    changes it for those after it: give each test objects that it has read anew.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
