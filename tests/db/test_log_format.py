import logging

import psycopg
import pytest
from django.conf import settings
from django.db import IntegrityError, connection

from gridgov.log_format import LineFormatter
from tests.factories.disputes import make_dispute
from tests.factories.people import make_staff
from tests.factories.territory import make_territory


@pytest.mark.django_db
def test_a_refused_row_does_not_reach_the_log_with_its_names():
    make_territory()
    dispute = make_dispute(make_staff()["worker"])
    with pytest.raises(IntegrityError) as refused, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO incidents_party (dispute_id, name, phone, role) VALUES (%s, %s, %s, NULL)",
            [dispute.pk, "王\n某某", "13800000000"],
        )
    assert "13800000000" in str(refused.value)
    assert isinstance(refused.value.__cause__, psycopg.Error)
    error = (type(refused.value), refused.value, refused.value.__traceback__)
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Internal Server Error", (), error)
    line = LineFormatter("%(message)s").format(record)
    assert "IntegrityError" in line
    assert "某" not in line
    assert "13800000000" not in line


def test_the_server_logs_with_it():
    assert settings.LOGGING["formatters"]["line"]["()"] == "gridgov.log_format.LineFormatter"
