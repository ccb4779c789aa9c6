"""What granian's workers load: the application, in a process that does not outlive granian."""

import gc
from collections.abc import Callable

from gridgov.supervision import end_with_parent


def application() -> Callable:
    """Make the WSGI application, once in each worker. A worker left alone would hold the port."""
    end_with_parent()
    from gridgov.wsgi import application as wsgi_application

    # What is loaded stays: looked through at each collection, it took a tenth of a request's time.
    gc.collect()
    gc.freeze()
    return wsgi_application
