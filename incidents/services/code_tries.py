"""How often a client may try codes. Counted in the database, since the server has several processes."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from incidents.errors import TooManyCodes
from incidents.models import CodeTries

KEPT = timedelta(hours=1)


@transaction.atomic
def count_try(*, client: str, now: datetime | None = None) -> int:
    """Count one more try of the address `client`; how many it made in this minute."""
    minute = (now or timezone.now()).replace(second=0, microsecond=0)
    CodeTries.objects.filter(minute__lt=minute - KEPT).delete()
    digest = salted_hmac("incidents.code_tries", client, algorithm="sha256").hexdigest()
    row, _ = CodeTries.objects.get_or_create(client=digest, minute=minute)
    CodeTries.objects.filter(pk=row.pk).update(tries=F("tries") + 1)
    row.refresh_from_db()
    return row.tries


def check_try(*, client: str, now: datetime | None = None) -> None:
    """Count a try, also one too many. Raises TooManyCodes for more than GRIDGOV_CASE_CODE_TRIES a minute."""
    if count_try(client=client, now=now) > settings.GRIDGOV_CASE_CODE_TRIES:
        raise TooManyCodes
