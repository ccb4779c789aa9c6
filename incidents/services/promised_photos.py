"""Which photos were promised with a report, or with what was added to a case, and have not come yet."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from grids.models import User
from incidents.models import Dispute, Supplement


@dataclass(frozen=True)
class Promise:
    """Photos promised with `supplement`, None for those of the report itself."""

    supplement: Supplement | None
    expected: int
    received: int

    @property
    def complete(self) -> bool:
        return self.received >= self.expected


def promise_of_report(dispute: Dispute) -> Promise:
    # Most reports promise none: these are not asked about.
    received = dispute.received_photos.filter(supplement=None).count() if dispute.photos_expected else 0
    return Promise(None, dispute.photos_expected, received)


def promise_of_supplement(supplement: Supplement) -> Promise:
    received = supplement.received_photos.count() if supplement.photos_expected else 0
    return Promise(supplement, supplement.photos_expected, received)


def promises_by(user: User, dispute: Dispute) -> list[Promise]:
    """What `user` promised for `dispute`, oldest first."""
    own = dispute.supplements.filter(added_by=user).annotate(received=Count("received_photos"))
    reported = [promise_of_report(dispute)] if dispute.reported_by_id == user.pk else []
    return reported + [
        Promise(supplement, supplement.photos_expected, supplement.received)
        for supplement in own.order_by("added_at", "pk")
    ]


@dataclass(frozen=True)
class Owed:
    """Photos that have not come yet, of the report and of all that was added to it."""

    report: int
    supplements: int

    @property
    def all(self) -> int:
        return self.report + self.supplements


def photos_owed(dispute: Dispute) -> Owed:
    """What has not come yet for `dispute`, whoever promised it."""
    added = dispute.supplements.aggregate(expected=Sum("photos_expected", default=0))["expected"]
    if not dispute.photos_expected and not added:
        return Owed(0, 0)
    received = dispute.received_photos.aggregate(
        report=Count("pk", filter=Q(supplement=None)), supplements=Count("supplement")
    )
    return Owed(dispute.photos_expected - received["report"], added - received["supplements"])
