"""Who must hear of a change: written in the change's own transaction, neither without the other."""

from collections.abc import Iterator, Sequence

from grids.hierarchy import Level, code_at
from grids.models import User
from incidents.models import Dispute, DisputeEvent, Notice
from incidents.notices.kinds import To, news_of
from incidents.notices.recipients import Before, OnDuty
from incidents.services.notices import create_notices, notice_for

# A change is the last event or followed by the system's own: a new risk, an escalation.
LAST_EVENTS = 5


def announce_change(
    dispute: Dispute, action: str, *, actor: User | None, events: Sequence[DisputeEvent] | None = None
) -> None:
    """Tell those who have something to do with `dispute` of its latest event `action` and of what followed.

    Called within the transaction, once the event is written. `actor` knows already. A few questions whatever
    the case; none about people where the event is news to nobody. Announced twice, it is told once. `events`
    are the last ones, oldest first, where the caller has them.
    """
    if not (news_of(action, by_system=False) or news_of(action, by_system=True)):
        return
    if events is None:
        events = list(dispute.events.order_by("-version")[:LAST_EVENTS])[::-1]
    since = max((event.version for event in events if event.action == action), default=None)
    if since is None:
        return
    on_duty = OnDuty.over([dispute])
    create_notices(
        notices=[
            notice
            for before, event in zip([None, *events], events, strict=False)
            if event.version >= since
            for notice in _notices(dispute, event, before, on_duty, actor)
        ]
    )


def _notices(
    dispute: Dispute, event: DisputeEvent, before: DisputeEvent | None, on_duty: OnDuty, actor: User | None
) -> Iterator[Notice]:
    told: set[int] = {event.actor_id, actor.pk if actor else None}
    for news in news_of(event.action, by_system=event.actor_id is None):
        people = on_duty.told(dispute, news.to, _before(dispute, event, before, news.to))
        for user_id in sorted(people - told):
            yield notice_for(
                user_id, news.kind, f"{dispute.pk}:{event.version}", dispute_id=dispute.pk, at=event.at
            )
        # One event is one notice: who has the case at both levels reads what is to do.
        told |= people


def _before(dispute: Dispute, event: DisputeEvent, before: DisputeEvent | None, to: To) -> Before | None:
    if to is not To.BEFORE or before is None:
        return None
    return Before(code_at(dispute.home_area_id, Level(event.from_level)), before.assigned_to_id)
