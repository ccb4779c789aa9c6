"""Whether the server lives, and whether it can do its work."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from psycopg_pool import PoolTimeout

from gridgov.http_errors import general_problem, problem_document


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the process answers."""
    return JsonResponse({"status": "alive"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers with PostGIS and no migration is waiting, else 503.

    Programs ask it, so that a 503 is a problem document too; its `reason` is `database` or `migrations`.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT postgis_lib_version()")
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, PoolTimeout):
        return problem_document(general_problem(503, reason="database"))
    if waiting:
        return problem_document(general_problem(503, reason="migrations"))
    return JsonResponse({"status": "ready"})
