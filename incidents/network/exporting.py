"""The network as tables that can be imported again unchanged."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from grids import crs
from grids.area_names import area_names
from incidents import network_codes as tables
from incidents.models import MediationBody, Mediator, Training
from incidents.network.cells import write_some_of
from incidents.network.columns import COLUMNS, TITLES, Kind
from incidents.opening_hours import write_hours
from incidents.sheets import Sheet

LIST_SEPARATOR = "、"
# Who has an account is for those who keep the network.
OF_KEEPERS = {"user"}


def export_sheet(kind: Kind, bodies: QuerySet[MediationBody], *, accounts: bool = False) -> Sheet:
    """`bodies`, their mediators or those's trainings. `accounts` adds the column with usernames."""
    fields = [column for column in COLUMNS[kind] if accounts or column.field not in OF_KEEPERS]
    records = _RECORDS[kind](bodies)
    rows = ([record[column.field] for column in fields] for record in records)
    return Sheet(TITLES[kind][0], [column.zh for column in fields], rows)


def export_sheets(bodies: QuerySet[MediationBody], *, accounts: bool = False) -> list[Sheet]:
    return [export_sheet(kind, bodies, accounts=accounts) for kind in Kind]


def _bodies(bodies: QuerySet[MediationBody]) -> Iterator[dict[str, Any]]:
    listed = list(bodies.order_by("code"))
    names = area_names(body.area_id for body in listed)
    for body in listed:
        place = body.location
        yield {
            "code": body.code,
            "name": body.name,
            "kind": tables.KINDS[body.kind][0],
            "body_type": tables.BODY_TYPES[body.body_type][0],
            "form": tables.FORMS[body.form][0],
            "area": body.area_id,
            "area_name": names.get(body.area_id, ""),
            "address": body.address,
            "lon": place.x if place else None,
            "lat": place.y if place else None,
            "datum": crs.Datum.WGS84.value if place else "",
            "phone": body.phone,
            "categories": LIST_SEPARATOR.join(body.categories),
            "channels": write_some_of(tables.CHANNELS, body.channels),
            "opening_hours": write_hours(body.opening_hours),
            "capacity": body.capacity,
            "related_organisations": LIST_SEPARATOR.join(body.related_organisations),
            "active": body.active,
        }


def _mediators(bodies: QuerySet[MediationBody]) -> Iterator[dict[str, Any]]:
    listed = Mediator.objects.filter(body__in=bodies.order_by().values("pk"))
    for mediator in listed.select_related("body", "user").order_by("code"):
        yield {
            "code": mediator.code,
            "name": mediator.name,
            "body": mediator.body.code,
            "body_name": mediator.body.name,
            "background": tables.BACKGROUNDS[mediator.background][0],
            "full_time": mediator.full_time,
            "languages": write_some_of(tables.LANGUAGES, mediator.languages),
            "specialities": LIST_SEPARATOR.join(mediator.specialities),
            "user": mediator.user.username if mediator.user else "",
            "active": mediator.active,
        }


def _trainings(bodies: QuerySet[MediationBody]) -> Iterator[dict[str, Any]]:
    listed = Training.objects.filter(mediator__body__in=bodies.order_by().values("pk"))
    for training in listed.select_related("mediator").order_by("mediator__code", "held_on", "topic"):
        yield {
            "mediator": training.mediator.code,
            "mediator_name": training.mediator.name,
            "held_on": training.held_on,
            "topic": training.topic,
            "hours": training.hours,
        }


_RECORDS = {Kind.BODIES: _bodies, Kind.MEDIATORS: _mediators, Kind.TRAININGS: _trainings}
