"""What granian's workers load: the application, in a process that does not outlive granian."""

from collections.abc import Callable

from gridgov.supervision import end_with_parent


def application() -> Callable:
    """Make the WSGI application, once in each worker. A worker left alone would hold the port."""
    end_with_parent()
    from gridgov.wsgi import application as wsgi_application

    return wsgi_application
