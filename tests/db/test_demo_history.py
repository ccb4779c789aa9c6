"""Also the demonstration's disputes are what their histories add up to."""

from urllib.parse import urlsplit

from django.db import connection, transaction

from incidents.models import Dispute
from tests.databases import used_by_django
from tests.factories.replay import present, replayed


def test_every_dispute_of_the_demonstration_is_what_its_events_add_up_to(demo_server, django_db_blocker):
    name = urlsplit(demo_server.database_url).path.removeprefix("/")
    with django_db_blocker.unblock(), used_by_django(name), transaction.atomic():
        with connection.cursor() as cursor:
            # The worker is running: rows and events must be of one moment.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        disputes = list(Dispute.objects.prefetch_related("events"))
        assert len(disputes) >= 1500
        differing = [d.case_number for d in disputes if present(d) != replayed(d)]
    assert differing == []
