import pytest
from django.db import connection


@pytest.mark.django_db
def test_alive_and_ready_with_a_migrated_database(client):
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready"}


@pytest.mark.django_db
def test_not_ready_while_a_migration_waits(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'incidents' AND name LIKE '0002%%'")
    answer = client.get("/readyz", headers={"accept": "application/json"})
    assert answer.status_code == 503
    assert client.get("/healthz").status_code == 200
