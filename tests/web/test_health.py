import pytest
from django.db import connection

from tests.databases import used_by_django


@pytest.mark.django_db
def test_alive_and_ready_with_a_migrated_database(client):
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready"}


def reason(answer) -> str:
    """Why the server is not ready, from a problem document."""
    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_ready"
    return answer.json()["reason"]


@pytest.mark.django_db
def test_not_ready_while_a_migration_waits(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'incidents' AND name NOT LIKE '0001%%'")
    assert reason(client.get("/readyz")) == "migrations"
    assert client.get("/healthz").status_code == 200


def test_not_ready_without_its_database(client, django_db_blocker):
    with django_db_blocker.unblock(), used_by_django("no_such_database"):
        assert reason(client.get("/readyz")) == "database"
        assert client.get("/healthz").status_code == 200
